//! Memory barriers in shared memory (PTX ISA 9.7.13.15).
//!
//! An mbarrier object is one 64-bit word: bits 0 to 19 the arrivals still pending in this phase, 20 to 39 the arrivals
//! expected in each phase, 40 the parity of the phase, 43 to 63 the pending transactions (signed, at the top so that a
//! negative count borrows from nothing). A phase completes when both counts are zero: the operation that gets them
//! there, of which there is exactly one, writes the word of the next phase; none may arrive in between. The state that
//! an arrival returns is the word before it.

use super::Ins;
use crate::cx::Cx;
use crate::error::{Lowered, fail};
use ir::{AtomOp, Inst, IntCc, MemOrder, MemSem, Op, Scope, Space, Type, Value};
use ptx::{Flag, Operand, ScalarType, Sem};

const COUNT_BITS: u32 = 20;
const COUNT_MASK: u64 = (1 << COUNT_BITS) - 1;
const PARITY: i32 = 40;
const TRANSACTIONS: i32 = 43;

/// All of `mbarrier.*`, and `cp.async.mbarrier.arrive`.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    use ptx::Op as P;
    let u32_ = ScalarType::U32;
    match ins.form.op {
        P::MbarrierPendingCount => {
            let state = cx.arg(ins, 1, ScalarType::B64)?;
            let mask = cx.iconst(Type::I64, COUNT_MASK);
            let count = cx.bin(Op::And, state, mask);
            let count = cx.zext(Type::I32, count);
            cx.result(ins, u32_, count)
        }
        P::MbarrierInit => {
            let (addr, space) = cx.address(ins.operand(0)?, ins.form.space())?;
            let count = count_operand(cx, ins, 1)?;
            let expected = cx.shift(Op::Shl, count, COUNT_BITS as i32);
            let word = cx.bin(Op::Or, expected, count);
            cx.b().store(space, addr, word);
            Ok(())
        }
        P::MbarrierInval => {
            cx.address(ins.operand(0)?, ins.form.space())?;
            Ok(())
        }
        P::MbarrierExpectTx | P::MbarrierCompleteTx => {
            let (addr, space) = cx.address(ins.operand(0)?, ins.form.space())?;
            let count = count_operand(cx, ins, 1)?;
            let mut delta = cx.shift(Op::Shl, count, TRANSACTIONS);
            if ins.form.op == P::MbarrierCompleteTx {
                delta = cx.op_like(Op::INeg, &[delta]);
            }
            update(cx, (addr, space), delta, Scope::Cta, MemOrder::Relaxed)?;
            Ok(())
        }
        P::MbarrierArrive | P::MbarrierArriveDrop => arrive(cx, ins),
        P::MbarrierTestWait | P::MbarrierTryWait => wait(cx, ins),
        P::CpAsyncMbarrierArrive => {
            // The thread's copies are done. Without .noinc the pending count goes up and down again.
            if ins.form.has(Flag::Noinc) {
                let place = cx.address(ins.operand(0)?, ins.form.space())?;
                let delta = cx.b().i64(-1);
                update(cx, place, delta, Scope::Cta, MemOrder::Release)?;
            }
            Ok(())
        }
        _ => fail("no mbarrier operation"),
    }
}

/// A 32-bit count as 64 bits.
fn count_operand(cx: &mut Cx<'_>, ins: Ins<'_>, n: usize) -> Lowered<Value> {
    let count = cx.arg(ins, n, ScalarType::U32)?;
    Ok(cx.zext(Type::I64, count))
}

fn scope(ins: Ins<'_>) -> Scope {
    if ins.form.scope == Some(ptx::Scope::Cluster) { Scope::Cluster } else { Scope::Cta }
}

/// `mbarrier.arrive arrive.expect_tx arrive.noComplete arrive_drop`: `d, [addr]{, count}`.
fn arrive(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let place = cx.address(ins.operand(1)?, ins.form.space())?;
    let expect = ins.form.has(Flag::ExpectTx);
    let one = cx.b().i64(1);
    let operand = if ins.operands.len() > 2 { Some(count_operand(cx, ins, 2)?) } else { None };
    let count = if expect { one } else { operand.unwrap_or(one) };
    let mut delta = cx.op_like(Op::INeg, &[count]);
    if ins.form.op == ptx::Op::MbarrierArriveDrop {
        let dropped = cx.shift(Op::Shl, count, COUNT_BITS as i32);
        delta = cx.bin(Op::ISub, delta, dropped);
    }
    if let (true, Some(transactions)) = (expect, operand) {
        let added = cx.shift(Op::Shl, transactions, TRANSACTIONS);
        delta = cx.bin(Op::IAdd, delta, added);
    }
    let order = if ins.form.sem == Some(Sem::Relaxed) { MemOrder::Relaxed } else { MemOrder::AcqRel };
    let old = update(cx, place, delta, scope(ins), order)?;
    match ins.operand(0)? {
        Operand::Sink => Ok(()),
        dest => cx.write(dest, ScalarType::B64, old),
    }
}

/// Adds `delta` to the word; whoever completes the phase begins the next. Returns the word before.
fn update(
    cx: &mut Cx<'_>,
    place: (Value, Space),
    delta: Value,
    scope: Scope,
    order: MemOrder,
) -> Lowered<Value> {
    let (addr, space) = place;
    let sem = MemSem { order, scope };
    let old = cx.push1(Inst::Atomic { space, op: AtomOp::Add, ty: Type::I64, sem }, &[addr, delta]);
    let new = cx.bin(Op::IAdd, old, delta);
    let counts = cx.iconst(Type::I64, COUNT_MASK | !0 << TRANSACTIONS);
    let counts = cx.bin(Op::And, new, counts);
    let zero = cx.b().i64(0);
    let complete = cx.icmp(IntCc::Eq, counts, zero);
    cx.when(complete, &[], |cx| {
        // Nothing is pending: the word is the expected count and the parity.
        let expected = cx.shift(Op::ShrU, new, COUNT_BITS as i32);
        let mask = cx.iconst(Type::I64, COUNT_MASK);
        let expected = cx.bin(Op::And, expected, mask);
        let flip = cx.iconst(Type::I64, 1 << PARITY);
        let next = cx.bin(Op::Xor, new, flip);
        let next = cx.bin(Op::Or, next, expected);
        let sem = MemSem { order: MemOrder::Release, scope };
        cx.push(Inst::Store { space, ty: Type::I64, count: 1, align: 8, sem }, &[addr, next]);
        Ok(Vec::new())
    })?;
    Ok(old)
}

/// `mbarrier.test_wait try_wait`: whether the phase of the state, or the phase of a parity, is complete. A `try_wait`
/// that finds it incomplete lets others run; the program asks again.
fn wait(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (addr, space) = cx.address(ins.operand(1)?, ins.form.space())?;
    let phase = if ins.form.has(Flag::Parity) {
        let parity = cx.arg(ins, 2, ScalarType::U32)?;
        let wide = cx.zext(Type::I64, parity);
        cx.shift(Op::Shl, wide, PARITY)
    } else {
        cx.arg(ins, 2, ScalarType::B64)?
    };
    let order = if ins.form.sem == Some(Sem::Relaxed) { MemOrder::Relaxed } else { MemOrder::Acquire };
    let sem = MemSem { order, scope: scope(ins) };
    let word = cx.push1(Inst::Load { space, ty: Type::I64, count: 1, align: 8, sem }, &[addr]);
    let differs = cx.bin(Op::Xor, word, phase);
    let bit = cx.iconst(Type::I64, 1 << PARITY);
    let bit = cx.bin(Op::And, differs, bit);
    let zero = cx.b().i64(0);
    let done = cx.icmp(IntCc::Ne, bit, zero);
    let dest = *ins.operand(0)?;
    cx.write(&dest, ScalarType::Pred, done)
}
