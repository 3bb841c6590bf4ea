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
