//! Ops that have no vector code of their own: evaluated lane by lane through the op table's scalar meaning.

use crate::abi::CtaContext;
use ir::{Op, Type};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

static TABLE: LazyLock<Vec<(Op, Type)>> = LazyLock::new(|| Op::all().collect());
static INDEX: LazyLock<FxHashMap<(Op, Type), u32>> =
    LazyLock::new(|| TABLE.iter().enumerate().map(|(i, &row)| (row, i as u32)).collect());

/// The number of an op at a type; stable for one version of the engine. `None` if no program can produce it.
pub fn index(op: Op, ty: Type) -> Option<u32> {
    INDEX.get(&(op, ty)).copied()
}

/// [`crate::abi::Runtime::eval`].
pub extern "C" fn eval(_: *const CtaContext, index: u32, lanes: u32, operands: *const u64, out: *mut u64) {
    let (op, ty) = TABLE[index as usize];
    let count = op.row().operands.len();
    let lanes = lanes as usize;
    // SAFETY: generated code passes `count` arrays of `lanes` operands one after the other, and room for `lanes`
    // results.
    let (operands, out) = unsafe {
        (std::slice::from_raw_parts(operands, count * lanes), std::slice::from_raw_parts_mut(out, lanes))
    };
    let mut args = [0u64; 4];
    for (lane, slot) in out.iter_mut().enumerate() {
        for (k, arg) in args[..count].iter_mut().enumerate() {
            *arg = operands[k * lanes + lane];
        }
        *slot = ir::eval::eval(op, ty, &args[..count]);
    }
}
