//! SIMD video instructions (PTX ISA 9.7.18): two half-words or four bytes at once.

use super::Ins;
use super::compare::compare;
use super::convert::clamp;
use crate::cx::{Cx, Signed};
use crate::error::{Lowered, fail};
use ir::ops::Ftz;
use ir::{IntCc, Op, Type, Value};
use ptx::{Operand, ScalarType};

/// `vadd2 vsub2 vavrg2 vabsdiff2 vmin2 vmax2 vset2` and the same on four bytes.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    use ptx::Op as P;
    let form = ins.form;
    let lanes: usize = match form.op {
        P::Vadd2 | P::Vsub2 | P::Vavrg2 | P::Vabsdiff2 | P::Vmin2 | P::Vmax2 | P::Vset2 => 2,
        _ => 4,
    };
    let width = 32 / lanes as u32;
    let compares = matches!(form.op, P::Vset2 | P::Vset4);
    let (dty, aty, bty) = if compares {
        (ScalarType::U32, ins.ty(0)?, ins.ty(1)?)
    } else {
        (ins.ty(0)?, ins.ty(1)?, ins.ty(2)?)
    };
    let (a, b) = (word(cx, ins, 1)?, word(cx, ins, 2)?);
    let c = cx.arg(ins, 3, dty)?;
    let (dest, mask) = match *ins.operand(0)? {
        Operand::Select(sym, selector) => {
            let digits = &selector.digits[..usize::from(selector.len)];
            let mask: Vec<bool> = (0..lanes).map(|i| digits.contains(&(i as u8))).collect();
            (Operand::Reg(sym), mask)
        }
        other => (other, vec![true; lanes]),
    };
    let accumulates = form.atom.is_some();
    let lane_mask = cx.iconst(Type::I32, (1u64 << width) - 1);
    let mut out = if accumulates { c } else { cx.i32(0) };
    for (i, &on) in mask.iter().enumerate() {
        let at = (i as u32 * width) as i32;
        if !on {
            if !accumulates {
                let kept = cx.iconst(Type::I32, ((1u64 << width) - 1) << at);
                let kept = cx.bin(Op::And, c, kept);
                out = cx.bin(Op::Or, out, kept);
            }
            continue;
        }
        let x = lane(cx, ins, (1, i, lanes), [a, b], aty)?;
        let y = lane(cx, ins, (2, i, lanes), [a, b], bty)?;
        let mut value = combine(cx, ins, x, y)?;
        if form.sat() {
            value = clamp(cx, width, Signed::of(dty), Signed::Yes, Type::I32, value);
        }
        out = if accumulates {
            cx.bin(Op::IAdd, out, value)
        } else {
            let low = cx.bin(Op::And, value, lane_mask);
            let up = if at == 0 { low } else { cx.shift(Op::Shl, low, at) };
            cx.bin(Op::Or, out, up)
        };
    }
    cx.write(&dest, dty, out)
}

/// The whole register of an operand, with or without a selector.
fn word(cx: &mut Cx<'_>, ins: Ins<'_>, n: usize) -> Lowered<Value> {
    match *ins.operand(n)? {
        Operand::Select(sym, _) => cx.read(&Operand::Reg(sym), ScalarType::B32),
        _ => cx.arg(ins, n, ScalarType::B32),
    }
}

/// Lane `i` of operand `n`, extended to 32 bits. Selectors number the lanes of both operands: those of the second
/// follow those of the first, and without one each operand gives its own.
fn lane(
    cx: &mut Cx<'_>,
    ins: Ins<'_>,
    (n, i, lanes): (usize, usize, usize),
    words: [Value; 2],
    ty: ScalarType,
) -> Lowered<Value> {
    let number = match *ins.operand(n)? {
        Operand::Select(_, selector) => {
            // Digits are written most significant first.
            let len = usize::from(selector.len);
            match len.checked_sub(1 + i).and_then(|k| selector.digits.get(k)) {
                Some(digit) => usize::from(*digit),
                None => return fail("a selector with too few lanes"),
            }
        }
        _ => (n - 1) * lanes + i,
    };
    let Some(&source) = words.get(number / lanes) else { return fail("a selector beyond both operands") };
    let width = 32 / lanes;
    let up = match number % lanes * width {
        0 => source,
        at => cx.shift(Op::ShrU, source, at as i32),
    };
    let narrow = cx.zext(if width == 16 { Type::I16 } else { Type::I8 }, up);
    Ok(cx.extend(Signed::of(ty), Type::I32, narrow))
}

fn combine(cx: &mut Cx<'_>, ins: Ins<'_>, a: Value, b: Value) -> Lowered<Value> {
    use ptx::Op as P;
    Ok(match ins.form.op {
        P::Vadd2 | P::Vadd4 => cx.bin(Op::IAdd, a, b),
        P::Vsub2 | P::Vsub4 => cx.bin(Op::ISub, a, b),
        P::Vabsdiff2 | P::Vabsdiff4 => {
            let difference = cx.bin(Op::ISub, a, b);
            cx.op_like(Op::IAbs, &[difference])
        }
        P::Vmin2 | P::Vmin4 => cx.bin(Op::MinS, a, b),
        P::Vmax2 | P::Vmax4 => cx.bin(Op::MaxS, a, b),
        P::Vavrg2 | P::Vavrg4 => {
            // Rounds half away from zero.
            let sum = cx.bin(Op::IAdd, a, b);
            let zero = cx.i32(0);
            let positive = cx.icmp(IntCc::GeS, sum, zero);
            let unit = cx.op(Op::ZExt(Type::I1), Type::I32, &[positive]);
            let sum = cx.bin(Op::IAdd, sum, unit);
            cx.shift(Op::ShrS, sum, 1)
        }
        P::Vset2 | P::Vset4 => {
            let Some(cmp) = ins.form.cmp else { return fail("vset without its comparison") };
            let holds = compare(cx, cmp, ScalarType::S32, Ftz::No, a, b)?;
            cx.op(Op::ZExt(Type::I1), Type::I32, &[holds])
        }
        _ => return fail("no SIMD video operation"),
    })
}
