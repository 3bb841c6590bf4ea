//! Lowering of instructions: one file a family, dispatched on the opcode.
//! Invariant: the match is exhaustive, and `check` refuses at load what is not lowered here.

mod atomic;
mod barrier;
mod compare;
mod control;
mod convert;
mod copy_async;
mod float;
mod int;
mod logic;
mod lut;
mod matrix;
mod mbarrier;
mod memory;
mod texture;
mod video;
mod video_simd;
mod warp;
mod wmma;

pub(crate) use control::Leave;

use crate::cx::Cx;
use crate::error::{Lowered, fail};
use ir::Value;
use ptx::{Form, Op, Operand, ScalarType};

/// An instruction's form and operands.
#[derive(Clone, Copy)]
pub(crate) struct Ins<'a> {
    pub form: &'a Form,
    pub operands: &'a [Operand],
}

impl<'a> Ins<'a> {
    /// The `n`th operand.
    pub fn operand(&self, n: usize) -> Lowered<&'a Operand> {
        match self.operands.get(n) {
            Some(operand) => Ok(operand),
            None => fail(format!("operand {n} is missing")),
        }
    }

    /// The `n`th type modifier.
    pub fn ty(&self, n: usize) -> Lowered<ScalarType> {
        match self.form.types.get(n) {
            Some(ty) => Ok(*ty),
            None => fail(format!("type modifier {n} is missing")),
        }
    }
}

impl Cx<'_> {
    /// Reads the `n`th operand at a type.
    pub fn arg(&mut self, ins: Ins<'_>, n: usize, ty: ScalarType) -> Lowered<Value> {
        let operand = ins.operand(n)?;
        self.read(operand, ty)
    }

    /// Writes the first operand.
    pub fn result(&mut self, ins: Ins<'_>, ty: ScalarType, value: Value) -> Lowered<()> {
        let operand = ins.operand(0)?;
        self.write(operand, ty, value)
    }
}

/// Lowers an instruction that does not end a block.
pub(crate) fn lower(cx: &mut Cx<'_>, inst: &ptx::Inst) -> Lowered<()> {
    let body = cx.body;
    let ins = Ins { form: &inst.form, operands: body.operands(inst) };
    match inst.form.op {
        Op::Add | Op::Sub | Op::Mul | Op::Mad | Op::Div | Op::Abs | Op::Neg | Op::Min | Op::Max => {
            if ins.ty(0)?.is_float() { float::arithmetic(cx, ins) } else { int::arithmetic(cx, ins) }
        }
        Op::Addc | Op::Subc | Op::Madc | Op::Rem | Op::Mul24 | Op::Mad24 | Op::Sad => {
            int::arithmetic(cx, ins)
        }
        Op::Bfe | Op::Bfi | Op::Bfind | Op::Bmsk | Op::Brev | Op::Clz | Op::Popc | Op::Fns | Op::Szext => {
            int::bits(cx, ins)
        }
        Op::Dp2a | Op::Dp4a => int::dot(cx, ins),
        Op::Fma | Op::Copysign | Op::Testp => float::arithmetic(cx, ins),
        Op::Ex2 | Op::Lg2 | Op::Sin | Op::Cos | Op::Tanh | Op::Rcp | Op::Rsqrt | Op::Sqrt => {
            float::unary_math(cx, ins)
        }
        Op::And
        | Op::Or
        | Op::Xor
        | Op::Not
        | Op::Cnot
        | Op::Shl
        | Op::Shr
        | Op::Shf
        | Op::Lop3
        | Op::Prmt => logic::lower(cx, ins),
        Op::Set | Op::Setp | Op::Selp | Op::Slct => compare::lower(cx, ins),
        Op::Cvt => convert::cvt(cx, ins),
        Op::CvtPack => convert::pack(cx, ins),
        Op::Mov => memory::mov(cx, ins),
        Op::Ld | Op::Ldu => memory::load(cx, ins),
        Op::St => memory::store(cx, ins),
        Op::Cvta => memory::cvta(cx, ins),
        Op::Isspacep => memory::isspacep(cx, ins),
        Op::Createpolicy => memory::createpolicy(cx, ins),
        Op::Alloca => memory::alloca(cx, ins),
        // What a function allocates it keeps until it returns.
        Op::Stacksave => memory::stacksave(cx, ins),
        Op::Stackrestore => Ok(()),
        // Hints to caches that are not there, and counters that nobody reads.
        Op::Prefetch | Op::Prefetchu | Op::Applypriority | Op::Discard | Op::Pmevent => Ok(()),
        // Kernels of a stream run one after the other: what a dependent waits for is done.
        Op::Griddepcontrol => Ok(()),
        Op::Atom | Op::Red => atomic::lower(cx, ins),
        Op::BarSync | Op::BarArrive | Op::BarRed | Op::BarrierSync | Op::BarrierArrive | Op::BarrierRed => {
            barrier::cta(cx, ins)
        }
        Op::BarWarpSync => barrier::warp(cx, ins),
        Op::Membar | Op::Fence | Op::FenceProxy => barrier::fence(cx, ins),
        Op::Shfl
        | Op::ShflSync
        | Op::Vote
        | Op::VoteSync
        | Op::Match
        | Op::Redux
        | Op::Activemask
        | Op::Elect => warp::lower(cx, ins),
        Op::Nanosleep => barrier::nanosleep(cx, ins),
        Op::Brkpt => barrier::breakpoint(cx),
        Op::Call => control::call(cx, inst),
        Op::CpAsync => copy_async::copy(cx, ins),
        // The copies are done when they are issued.
        Op::CpAsyncCommitGroup | Op::CpAsyncWaitGroup | Op::CpAsyncWaitAll => Ok(()),
        Op::CpAsyncMbarrierArrive
        | Op::MbarrierInit
        | Op::MbarrierInval
        | Op::MbarrierExpectTx
        | Op::MbarrierCompleteTx
        | Op::MbarrierArrive
        | Op::MbarrierArriveDrop
        | Op::MbarrierTestWait
        | Op::MbarrierTryWait
        | Op::MbarrierPendingCount => mbarrier::lower(cx, ins),
        Op::Tex | Op::Tld4 | Op::Txq | Op::Suld | Op::Sust | Op::Suq => texture::lower(cx, ins),
        Op::Mma | Op::WmmaMma => matrix::mma(cx, ins),
        Op::WmmaLoad => wmma::load(cx, ins),
        Op::WmmaStore => wmma::store(cx, ins),
        Op::Ldmatrix => matrix::ldmatrix(cx, ins),
        Op::Stmatrix => matrix::stmatrix(cx, ins),
        Op::Movmatrix => matrix::movmatrix(cx, ins),
        Op::Vadd
        | Op::Vsub
        | Op::Vabsdiff
        | Op::Vmin
        | Op::Vmax
        | Op::Vshl
        | Op::Vshr
        | Op::Vmad
        | Op::Vset => video::lower(cx, ins),
        Op::Vadd2
        | Op::Vsub2
        | Op::Vavrg2
        | Op::Vabsdiff2
        | Op::Vmin2
        | Op::Vmax2
        | Op::Vset2
        | Op::Vadd4
        | Op::Vsub4
        | Op::Vavrg4
        | Op::Vabsdiff4
        | Op::Vmin4
        | Op::Vmax4
        | Op::Vset4 => video_simd::lower(cx, ins),
        Op::Bra | Op::BrxIdx | Op::Ret | Op::Exit | Op::Trap => fail("a terminator in the middle of a block"),
        Op::BarrierClusterArrive
        | Op::BarrierClusterWait
        | Op::ClusterlaunchcontrolTryCancel
        | Op::ClusterlaunchcontrolQueryCancel
        | Op::CpAsyncBulk
        | Op::CpAsyncBulkCommitGroup
        | Op::CpAsyncBulkWaitGroup
        | Op::CpAsyncBulkPrefetch
        | Op::CpAsyncBulkTensor
        | Op::CpAsyncBulkPrefetchTensor
        | Op::CpReduceAsyncBulk
        | Op::CpReduceAsyncBulkTensor
        | Op::FenceMbarrierInit
        | Op::Getctarank
        | Op::Mapa
        | Op::Istypep
        | Op::MmaSp
        | Op::MultimemLdReduce
        | Op::MultimemSt
        | Op::MultimemRed
        | Op::RedAsync
        | Op::StAsync
        | Op::StBulk
        | Op::Setmaxnreg
        | Op::Sured
        | Op::Tcgen05
        | Op::TensormapCpFenceproxy
        | Op::TensormapReplace
        | Op::WgmmaMmaAsync
        | Op::WgmmaMmaAsyncSp
        | Op::WgmmaFence
        | Op::WgmmaCommitGroup
        | Op::WgmmaWaitGroup => fail("not lowered; the checks at load should have said so"),
    }
}

/// Whether an instruction may run where its guard is false: it only computes.
pub(crate) fn is_speculable(form: &Form) -> bool {
    !matches!(
        form.op,
        Op::Ld
            | Op::Ldu
            | Op::St
            | Op::Atom
            | Op::Red
            | Op::BarSync
            | Op::BarArrive
            | Op::BarRed
            | Op::BarrierSync
            | Op::BarrierArrive
            | Op::BarrierRed
            | Op::BarWarpSync
            | Op::Membar
            | Op::Fence
            | Op::FenceProxy
            | Op::Shfl
            | Op::ShflSync
            | Op::Vote
            | Op::VoteSync
            | Op::Match
            | Op::Redux
            | Op::Activemask
            | Op::Elect
            | Op::Tex
            | Op::Tld4
            | Op::Txq
            | Op::Suld
            | Op::Sust
            | Op::Suq
            | Op::Mma
            | Op::WmmaMma
            | Op::WmmaLoad
            | Op::WmmaStore
            | Op::Ldmatrix
            | Op::Stmatrix
            | Op::Movmatrix
            | Op::Nanosleep
            | Op::Brkpt
            | Op::Call
            | Op::CpAsync
            | Op::CpAsyncMbarrierArrive
            | Op::MbarrierInit
            | Op::MbarrierInval
            | Op::MbarrierExpectTx
            | Op::MbarrierCompleteTx
            | Op::MbarrierArrive
            | Op::MbarrierArriveDrop
            | Op::MbarrierTestWait
            | Op::MbarrierTryWait
    )
}

/// Why an instruction that parses is not lowered; the table refuses most of these already.
pub(crate) fn unsupported(form: &Form, operands: usize) -> Option<&'static str> {
    match form.op {
        Op::BarrierClusterArrive
        | Op::BarrierClusterWait
        | Op::ClusterlaunchcontrolTryCancel
        | Op::ClusterlaunchcontrolQueryCancel
        | Op::FenceMbarrierInit
        | Op::Getctarank
        | Op::Mapa
        | Op::RedAsync
        | Op::StAsync
        | Op::StBulk => Some("thread-block clusters are not implemented yet"),
        Op::CpAsyncBulk
        | Op::CpAsyncBulkCommitGroup
        | Op::CpAsyncBulkWaitGroup
        | Op::CpAsyncBulkPrefetch
        | Op::CpAsyncBulkTensor
        | Op::CpAsyncBulkPrefetchTensor
        | Op::CpReduceAsyncBulk
        | Op::CpReduceAsyncBulkTensor => Some("bulk asynchronous copies are not implemented yet"),
        Op::Mma | Op::WmmaMma if crate::mma::read(form).is_none() => {
            Some("this matrix shape or type is not implemented yet")
        }
        Op::Ldmatrix | Op::Stmatrix if form.types.first() != Some(&ScalarType::B16) => {
            Some("matrices of elements other than .b16 are not implemented yet")
        }
        Op::MmaSp => Some("sparse matrix products are not implemented yet"),
        Op::WmmaLoad | Op::WmmaStore => wmma::unsupported(form),
        Op::MultimemLdReduce | Op::MultimemSt | Op::MultimemRed => {
            Some("multimem addresses need several GPUs")
        }
        Op::Tex | Op::Tld4 | Op::Txq | Op::Suld | Op::Sust | Op::Suq => texture::unsupported(form, operands),
        Op::Sured | Op::Istypep => Some("surface reductions and type queries are not implemented yet"),
        Op::WgmmaMmaAsync
        | Op::WgmmaMmaAsyncSp
        | Op::WgmmaFence
        | Op::WgmmaCommitGroup
        | Op::WgmmaWaitGroup
        | Op::Setmaxnreg => Some("warpgroup matrix instructions are not implemented yet"),
        Op::Tcgen05 => Some("fifth-generation tensor-core instructions are not implemented yet"),
        Op::TensormapCpFenceproxy | Op::TensormapReplace => Some("tensor maps are not implemented yet"),
        Op::Atom if form.types.first() == Some(&ScalarType::B128) => {
            Some("128-bit atomics are not implemented yet")
        }
        Op::Redux if form.types.first() == Some(&ScalarType::F32) => {
            Some("redux on .f32 is not implemented yet")
        }
        _ => None,
    }
}
