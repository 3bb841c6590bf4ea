//! How shifts and masks of thread indices vary over the lanes of a vector.

use analysis::{GangLayout, Shape, cfg, uniformity};
use ir::{Builder, Function, Op, Sreg, Type};

/// The shape of `(tid.x + 256) op constant` in a block of 256 threads.
fn shape(op: Op, constant: u64, lanes: u32, chunks: u32) -> Shape {
    let mut func = Function::new("f", Default::default());
    let mut b = Builder::new(&mut func, Function::ENTRY);
    let tid = b.sreg(Sreg::TidX);
    let row = b.iconst(Type::I32, 256);
    let index = b.iadd(tid, row);
    let constant = b.iconst(Type::I32, constant);
    let value = b.op(op, Type::I32, &[index, constant]);
    b.ret(&[]);
    let layout = GangLayout { lanes, chunks, block: [256, 1, 1], local_bytes: 0 };
    uniformity(&func, &cfg::compute(&func), &layout).shape(value)
}

#[test]
fn indices_divided_by_row_lengths() {
    let check = |op, constant, lanes, chunks, uniform: bool| {
        let found = shape(op, constant, lanes, chunks);
        assert_eq!(found.is_chunk_uniform(), uniform, "{op:?} {constant:#x} {lanes}x{chunks}: {found:?}");
    };
    check(Op::ShrU, 4, 16, 1, true);
    check(Op::ShrU, 4, 16, 4, true);
    // A row of more elements than the gang has lanes.
    check(Op::ShrU, 6, 16, 1, true);
    check(Op::ShrS, 6, 16, 1, true);
    check(Op::ShrU, 6, 16, 8, true);
    check(Op::And, 0xffff_ffc0, 16, 1, true);
    check(Op::ShrU, 3, 16, 1, false);
    check(Op::And, 0x3f, 16, 1, false);
}

/// `for (i = first;; i += step) x[i]`, where a block's first index is a multiple of its threads and a step may be anything:
/// in the first turn the index cannot wrap from lane to lane, later it may.
#[test]
fn an_index_that_is_aligned_at_first_only_rests_on_its_widening() {
    let mut func = Function::new("f", Default::default());
    let mut b = Builder::new(&mut func, Function::ENTRY);
    let (tid, block, threads) = (b.sreg(Sreg::TidX), b.sreg(Sreg::CtaidX), b.iconst(Type::I32, 256));
    let own = b.op(Op::IMul, Type::I32, &[block, threads]);
    let first = b.iadd(own, tid);
    let step = b.sreg(Sreg::NctaidY);
    let head = b.new_block();
    b.jump(head, &[first]);
    b.switch_to(head);
    let index = b.func.add_block_param(head, Type::I32);
    let wide = b.op(Op::SExt(Type::I32), Type::I64, &[index]);
    let size = b.i64(4);
    let bytes = b.op(Op::IMul, Type::I64, &[wide, size]);
    let next = b.iadd(index, step);
    b.jump(head, &[next]);
    let layout = GangLayout { lanes: 16, chunks: 4, block: [256, 1, 1], local_bytes: 0 };
    let uni = uniformity(&func, &cfg::compute(&func), &layout);
    for value in [wide, bytes] {
        assert!(matches!(uni.shape(value), Shape::Affine { .. }), "{:?}", uni.shape(value));
        assert_eq!(uni.origin(value).map(|o| o.ext), Some(wide));
    }
}
