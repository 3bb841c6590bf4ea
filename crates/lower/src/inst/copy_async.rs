//! `cp.async` (PTX ISA 9.7.9.25): done at once, which the manual allows: a copy may complete at any time before the
//! thread waits for it.

use super::Ins;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use ir::{Inst, IntCc, MemSem, Op, Space, Type, Value};
use ptx::{Operand, ScalarType};

/// `cp.async.{ca,cg}.shared.global [dst], [src], size{, src-size}`: bytes beyond src-size are zero.
pub(super) fn copy(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let size = match *ins.operand(2)? {
        Operand::Int(size @ (4 | 8 | 16)) => size as u32,
        other => return fail(format!("a copy of {other:?} bytes")),
    };
    let (dest, dest_space) = cx.address(ins.operand(0)?, ptx::Space::Shared)?;
    let (source, source_space) = cx.address(ins.operand(1)?, ptx::Space::Global)?;
    let source_size = match ins.operands.get(3) {
        Some(Operand::Int(n)) if *n >= i64::from(size) => None,
        Some(operand) => Some(operand),
        None => None,
    };
    let count = (size / 4) as u8;
    let sem = MemSem::WEAK;
    let values: Vec<Value> = match source_size {
        None => {
            let load = Inst::Load { space: source_space, ty: Type::I32, count, align: size, sem };
            cx.push(load, &[source]).to_vec()
        }
        Some(operand) => {
            let limit = cx.read(operand, ScalarType::U32)?;
            let mut words = Vec::new();
            for word in 0..u32::from(count) {
                words.push(partial_word(cx, source, source_space, limit, word * 4)?);
            }
            words
        }
    };
    let mut args = vec![dest];
    args.extend(values);
    cx.push(Inst::Store { space: dest_space, ty: Type::I32, count, align: size, sem }, &args);
    Ok(())
}

/// Four bytes at `at` of the source, of which those below `limit` are read and the others zero.
fn partial_word(cx: &mut Cx<'_>, source: Value, space: Space, limit: Value, at: u32) -> Lowered<Value> {
    let zero = cx.i32(0);
    let end = cx.i32(at as i32 + 4);
    let whole = cx.icmp(IntCc::GeU, limit, end);
    let start = cx.i32(at as i32);
    let none = cx.icmp(IntCc::LeU, limit, start);
    let some = cx.not(none);
    let value = cx.when(some, &[zero], |cx| {
        let byte = |cx: &mut Cx<'_>, k: u32| {
            let addr = cx.add_imm(source, i64::from(at + k));
            let value = cx.b().load(space, Type::I8, addr);
            let wide = cx.zext(Type::I32, value);
            if k == 0 { wide } else { cx.shift(Op::Shl, wide, (k * 8) as i32) }
        };
        let first = byte(cx, 0);
        let partly = cx.not(whole);
        let full = cx.when(whole, &[zero], |cx| {
            let addr = cx.add_imm(source, i64::from(at));
            Ok(vec![cx.b().load(space, Type::I32, addr)])
        })?[0];
        let rest = cx.when(partly, &[full], |cx| {
            let mut sum = first;
            for k in 1..3 {
                let here = cx.i32((at + k) as i32);
                let inside = cx.icmp(IntCc::GtU, limit, here);
                let next = cx.when(inside, &[zero], |cx| Ok(vec![byte(cx, k)]))?[0];
                sum = cx.bin(Op::Or, sum, next);
            }
            Ok(vec![sum])
        })?[0];
        Ok(vec![rest])
    })?;
    Ok(value[0])
}
