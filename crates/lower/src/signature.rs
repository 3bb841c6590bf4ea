//! Signatures and parameter layouts.
//!
//! The calling convention of device functions: scalars pass as integers of their width (so that `.b32` and `.f32` agree);
//! arrays and vectors pass as the address, in the local space, of a copy that the caller owns. A returned array is
//! written through a hidden address, which precedes the parameters. Calls through pointers use the same convention.

use crate::operand::ir_type;
use ir::function::Signature;
use ir::{KernelInfo, ParamDesc, Type};
use ptx::{Param, Tuning};

/// How a parameter passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Passing {
    /// As a value of this integer type.
    Scalar(Type),
    /// As the address of a copy.
    Memory,
}

/// How a parameter of a device function passes.
pub(crate) fn passing(param: &Param) -> Passing {
    if !param.dims.is_empty() || param.vector > 1 || param.ty.bits() > 64 {
        return Passing::Memory;
    }
    Passing::Scalar(ir_type(param.ty).to_int())
}

/// The signature of a device function or prototype.
pub(crate) fn signature(returns: &[Param], params: &[Param]) -> Signature {
    let mut sig = Signature::default();
    for param in returns {
        match passing(param) {
            Passing::Scalar(ty) => sig.results.push(ty),
            Passing::Memory => sig.params.push(Type::I64),
        }
    }
    for param in params {
        match passing(param) {
            Passing::Scalar(ty) => sig.params.push(ty),
            Passing::Memory => sig.params.push(Type::I64),
        }
    }
    sig
}

/// The parameter buffer of a kernel and what it says about its launches.
pub(crate) fn kernel_info(params: &[Param], tuning: &Tuning) -> KernelInfo {
    let mut info = KernelInfo {
        max_threads: tuning.maxntid,
        required_threads: tuning.reqntid,
        min_ctas_per_sm: tuning.minnctapersm,
        max_registers: tuning.maxnreg,
        ..KernelInfo::default()
    };
    for param in params {
        let align = param.align.max(1);
        let offset = info.param_bytes.div_ceil(align).saturating_mul(align);
        let size = u32::try_from(param.bytes()).unwrap_or(u32::MAX);
        info.params.push(ParamDesc { offset, size, align });
        info.param_bytes = offset.saturating_add(size);
    }
    info
}
