//! Shapes: how a value varies over the lanes of a vector, and what each op does to them.

use crate::GangLayout;
use ir::{Function, Inst, Op, Space, Sreg, Type, Value};

/// How a value varies within a gang. Ordered: `join` goes up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shape {
    /// Nothing known yet: the optimistic start of the analysis; unreachable afterwards.
    Unknown,
    /// The same for all lanes of the gang that are switched on.
    Uniform,
    /// In each chunk `base + stride * lane`, modulo the type's width, with a base for each chunk. Integers only for
    /// a stride other than 0.
    Affine(i64),
    /// A vector per chunk.
    Varying,
}

/// The widening conversion that an affine value rests on: it is affine as long as `ext`'s operand wraps within no
/// chunk. Emission checks that where the value addresses memory, and corrects it by `mult` times the error of `ext`
/// elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    pub ext: Value,
    pub mult: i64,
}

/// A shape, the number of low bits of the base that are known to be zero, and what the shape rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Info {
    pub shape: Shape,
    pub zeros: u8,
    pub origin: Option<Origin>,
}

impl Info {
    pub const UNKNOWN: Info = Info { shape: Shape::Unknown, zeros: 64, origin: None };
    pub const UNIFORM: Info = Info::uniform(0);
    pub const VARYING: Info = Info { shape: Shape::Varying, zeros: 0, origin: None };

    const fn uniform(zeros: u8) -> Info {
        Info { shape: Shape::Uniform, zeros, origin: None }
    }

    const fn affine(stride: i64, zeros: u8) -> Info {
        Info { shape: Shape::Affine(stride), zeros, origin: None }
    }

    /// The least shape that covers both.
    pub fn join(self, other: Info) -> Info {
        let zeros = self.zeros.min(other.zeros);
        let known = |i: &Info| i.shape != Shape::Unknown;
        let origin = if known(&self) { self.origin } else { other.origin };
        if known(&self) && known(&other) && self.origin != other.origin {
            return Info::VARYING;
        }
        let shape = match (self.shape, other.shape) {
            (Shape::Unknown, s) | (s, Shape::Unknown) => s,
            (Shape::Varying, _) | (_, Shape::Varying) => Shape::Varying,
            (Shape::Uniform, Shape::Uniform) => Shape::Uniform,
            (Shape::Affine(a), Shape::Affine(b)) if a == b => Shape::Affine(a),
            (Shape::Uniform, Shape::Affine(0)) | (Shape::Affine(0), Shape::Uniform) => Shape::Affine(0),
            (Shape::Uniform | Shape::Affine(_), Shape::Uniform | Shape::Affine(_)) => Shape::Varying,
        };
        if shape == Shape::Varying { Info::VARYING } else { Info { shape, zeros, origin } }
    }
}

/// Stride of a shape that has one; uniform counts as 0.
fn stride(shape: Shape) -> Option<i64> {
    match shape {
        Shape::Uniform => Some(0),
        Shape::Affine(s) => Some(s),
        Shape::Unknown | Shape::Varying => None,
    }
}

/// The shape of results computed by an op without special rules: as regular as its least regular operand.
fn worst(args: &[Info]) -> Info {
    let mut chunk = false;
    for a in args {
        match a.shape {
            Shape::Unknown => return Info::UNKNOWN,
            Shape::Uniform => {}
            Shape::Affine(0) => chunk = true,
            Shape::Affine(_) | Shape::Varying => return Info::VARYING,
        }
    }
    if chunk { Info::affine(0, 0) } else { Info::UNIFORM }
}

fn tz(bits: u64, ty: Type) -> u8 {
    (bits.trailing_zeros() as u8).min(ty.bits() as u8)
}

/// The number of bits that the lanes of an affine value fill above an aligned base: `stride * lane < 2^bits` for all
/// lanes. `None` for negative strides.
fn lane_bits(stride: i64, layout: &GangLayout) -> Option<u8> {
    if stride < 0 {
        return None;
    }
    let top = stride as u64 * (layout.lanes as u64 - 1);
    Some((64 - top.leading_zeros()) as u8)
}

/// The shape of the results of an instruction that is not a terminator or call, from its operands' shapes.
pub fn transfer(
    func: &Function,
    layout: &GangLayout,
    inst: &Inst,
    result: Value,
    args: &[Value],
    infos: &[Info],
) -> Info {
    if infos.iter().any(|i| i.shape == Shape::Unknown) {
        return Info::UNKNOWN;
    }
    if layout.width() == 1 {
        return Info::UNIFORM;
    }
    match inst {
        Inst::Const { ty, bits } => Info::uniform(tz(*bits, *ty)),
        Inst::GlobalAddr { .. } | Inst::FuncAddr(_) | Inst::SlotAddr(_) => Info::UNIFORM,
        Inst::Sreg(reg) => sreg(*reg, layout),
        Inst::Pure { op, ty } => pure(func, layout, *op, *ty, result, args, infos),
        Inst::ToGeneric(space) | Inst::FromGeneric(space) => space_cast(*space, inst, layout, infos[0]),
        Inst::IsSpace(_) => worst(infos),
        Inst::Load { space: Space::Local, .. } => Info::VARYING,
        Inst::Load { .. } => Info { zeros: 0, ..worst(infos) },
        // One lane after the other.
        Inst::Atomic { .. } | Inst::Alloca { .. } => Info::VARYING,
        Inst::Barrier { .. } => Info::UNIFORM,
        // The answer is the same for all lanes that name the same members.
        Inst::Vote(_) | Inst::Redux(_) if stride(infos[1].shape) == Some(0) && layout.width() <= 32 => Info::UNIFORM,
        Inst::Vote(_) | Inst::Redux(_) if stride(infos[1].shape) == Some(0) && layout.lanes <= 32 => Info::affine(0, 0),
        Inst::ActiveMask if layout.width() <= 32 => Info::UNIFORM,
        Inst::ActiveMask if layout.lanes <= 32 => Info::affine(0, 0),
        Inst::Vote(_) | Inst::Redux(_) | Inst::ActiveMask => Info::VARYING,
        Inst::Shfl(_) | Inst::Match { .. } | Inst::Elect => Info::VARYING,
        Inst::Sys(_) | Inst::Call(_) | Inst::CallIndirect { .. } => Info::VARYING,
        Inst::Store { .. } | Inst::Fence(_) | Inst::WarpSync => Info::UNIFORM,
    }
}

fn log2(n: u32) -> u8 {
    n.trailing_zeros() as u8
}

fn sreg(reg: Sreg, layout: &GangLayout) -> Info {
    let [bx, by, bz] = layout.block;
    let lanes = layout.lanes;
    // Rows of x hold whole chunks, or the block is one row.
    let rows = bx % lanes == 0 || by * bz == 1;
    match reg {
        Sreg::TidX if bx == 1 => Info::uniform(32),
        Sreg::TidX if rows => Info::affine(1, log2(lanes)),
        Sreg::TidY if by == 1 => Info::uniform(32),
        Sreg::TidY if by * bz == 1 => Info::uniform(32),
        Sreg::TidY if rows => Info::affine(0, 0),
        Sreg::TidZ if bz == 1 => Info::uniform(32),
        Sreg::TidZ if (bx * by) % lanes == 0 => Info::affine(0, 0),
        Sreg::TidX | Sreg::TidY | Sreg::TidZ => Info::VARYING,
        Sreg::LaneId if lanes <= 32 => Info::affine(1, log2(lanes)),
        Sreg::LaneId => Info::VARYING,
        Sreg::WarpId if layout.width() <= 32 => Info::UNIFORM,
        Sreg::WarpId if lanes <= 32 => Info::affine(0, 0),
        Sreg::WarpId => Info::VARYING,
        Sreg::LanemaskEq | Sreg::LanemaskLe | Sreg::LanemaskLt | Sreg::LanemaskGe | Sreg::LanemaskGt => Info::VARYING,
        Sreg::NtidX
        | Sreg::NtidY
        | Sreg::NtidZ
        | Sreg::CtaidX
        | Sreg::CtaidY
        | Sreg::CtaidZ
        | Sreg::NctaidX
        | Sreg::NctaidY
        | Sreg::NctaidZ
        | Sreg::NwarpId
        | Sreg::SmId
        | Sreg::NsmId
        | Sreg::GridId
        | Sreg::Clock
        | Sreg::ClockHi
        | Sreg::Clock64
        | Sreg::GlobalTimer
        | Sreg::GlobalTimerLo
        | Sreg::GlobalTimerHi
        | Sreg::DynamicSmemSize
        | Sreg::TotalSmemSize => Info::UNIFORM,
    }
}

fn space_cast(space: Space, inst: &Inst, layout: &GangLayout, arg: Info) -> Info {
    if space != Space::Local {
        return Info { zeros: 0, ..arg };
    }
    // A thread's local window is at base + lane * local_bytes.
    let window = layout.local_bytes as i64;
    let delta = if matches!(inst, Inst::ToGeneric(_)) { window } else { window.wrapping_neg() };
    match stride(arg.shape) {
        Some(s) => Info::affine(s.wrapping_add(delta), 0),
        None => arg,
    }
}

fn pure(
    func: &Function,
    layout: &GangLayout,
    op: Op,
    ty: Type,
    result: Value,
    args: &[Value],
    infos: &[Info],
) -> Info {
    let regular = worst(infos);
    let zeros = zeros_of(func, op, ty, args, infos);
    if matches!(regular.shape, Shape::Uniform | Shape::Affine(0)) {
        return Info { shape: regular.shape, zeros, origin: None };
    }
    let lanes = |i: usize| stride(infos[i].shape);
    let constant = |i: usize| func.as_const(args[i]);
    let affine = |s: Option<i64>| match s {
        Some(s) => Info::affine(wrap(s, ty), zeros),
        None => Info::VARYING,
    };
    if infos.iter().any(|i| i.origin.is_some()) {
        return Info { zeros, ..with_origin(func, op, ty, args, infos) };
    }
    match op {
        Op::IAdd => affine(lanes(0).zip(lanes(1)).map(|(a, b)| a.wrapping_add(b))),
        Op::ISub => affine(lanes(0).zip(lanes(1)).map(|(a, b)| a.wrapping_sub(b))),
        Op::INeg => affine(lanes(0).map(i64::wrapping_neg)),
        Op::IMul => match (constant(0), constant(1)) {
            (_, Some(c)) => affine(lanes(0).map(|s| s.wrapping_mul(sext(c, ty)))),
            (Some(c), None) => affine(lanes(1).map(|s| s.wrapping_mul(sext(c, ty)))),
            (None, None) => Info::VARYING,
        },
        Op::Shl => match constant(1) {
            Some(c) if c < ty.bits() as u64 => affine(lanes(0).map(|s| s.wrapping_shl(c as u32))),
            Some(_) | None => Info::VARYING,
        },
        Op::Trunc(_) => affine(lanes(0)),
        Op::ZExt(_) | Op::SExt(_) => match lanes(0) {
            Some(s) if contained(s, infos[0].zeros, layout) => affine(Some(s)),
            Some(s) if ty == Type::I64 && func.ty(args[0]) == Type::I32 => {
                Info { origin: Some(Origin { ext: result, mult: 1 }), ..affine(Some(s)) }
            }
            Some(_) | None => Info::VARYING,
        },
        Op::Select => match (infos[0].shape, lanes(1), lanes(2)) {
            (Shape::Uniform | Shape::Affine(0), Some(a), Some(b)) if a == b => affine(Some(a)),
            _ => Info::VARYING,
        },
        Op::And | Op::Or | Op::Xor | Op::ShrU | Op::ShrS => bits_op(func, layout, op, ty, args, infos, zeros),
        _ => Info::VARYING,
    }
}

/// Linear arithmetic on a value that rests on a conversion: the result rests on the same one, or is varying.
fn with_origin(func: &Function, op: Op, ty: Type, args: &[Value], infos: &[Info]) -> Info {
    let lanes = |i: usize| stride(infos[i].shape);
    let scaled = |i: usize, by: i64| -> Option<(i64, Option<Origin>)> {
        let origin = infos[i].origin.map(|o| Origin { mult: o.mult.wrapping_mul(by), ..o });
        Some((lanes(i)?.wrapping_mul(by), origin))
    };
    let constant = |i: usize| func.as_const(args[i]).map(|c| sext(c, ty));
    let sum = match op {
        Op::IAdd | Op::ISub => {
            let sign = if op == Op::IAdd { 1 } else { -1 };
            match (scaled(0, 1), scaled(1, sign)) {
                (Some((a, None)), Some((b, o))) | (Some((a, o)), Some((b, None))) => Some((a.wrapping_add(b), o)),
                (Some((a, Some(x))), Some((b, Some(y)))) if x.ext == y.ext => {
                    let mult = x.mult.wrapping_add(y.mult);
                    Some((a.wrapping_add(b), Some(Origin { mult, ..x })))
                }
                _ => None,
            }
        }
        Op::INeg => scaled(0, -1),
        Op::IMul => match (constant(0), constant(1)) {
            (_, Some(c)) => scaled(0, c),
            (Some(c), None) => scaled(1, c),
            (None, None) => None,
        },
        Op::Shl => func.as_const(args[1]).filter(|&c| c < 64).and_then(|c| scaled(0, 1i64.wrapping_shl(c as u32))),
        // What the conversion may have got wrong is a multiple of 2^32.
        Op::Trunc(_) if ty.bits() <= 32 => lanes(0).map(|s| (s, None)),
        _ => None,
    };
    match sum {
        Some((s, origin)) => Info { origin: origin.filter(|o| o.mult != 0), ..Info::affine(wrap(s, ty), 0) },
        None => Info::VARYING,
    }
}

/// Whether `base + stride * lane` stays within the aligned block of numbers that holds the base, so that it wraps for
/// no lane, signed or unsigned.
fn contained(stride: i64, zeros: u8, layout: &GangLayout) -> bool {
    lane_bits(stride, layout).is_some_and(|bits| bits <= zeros)
}

/// Bit operations keep an affine shape when they treat the base and the lane part apart.
fn bits_op(
    func: &Function,
    layout: &GangLayout,
    op: Op,
    ty: Type,
    args: &[Value],
    infos: &[Info],
    zeros: u8,
) -> Info {
    let (x, other) = match (infos[0].shape, infos[1].shape) {
        (Shape::Affine(s), Shape::Uniform | Shape::Affine(0)) if s != 0 => (0, 1),
        (Shape::Uniform | Shape::Affine(0), Shape::Affine(s)) if s != 0 && !matches!(op, Op::ShrU | Op::ShrS) => (1, 0),
        _ => return Info::VARYING,
    };
    let Shape::Affine(s) = infos[x].shape else { return Info::VARYING };
    let constant = func.as_const(args[other]);
    // A constant smaller than the step of all lanes fills bits that are zero everywhere: `or`, `xor` add it.
    let step = infos[x].zeros.min(s.trailing_zeros() as u8);
    if let (Op::Or | Op::Xor, Some(c)) = (op, constant)
        && c != 0
        && 64 - c.leading_zeros() <= step as u32
    {
        return Info::affine(wrap(s, ty), zeros);
    }
    let Some(bits) = lane_bits(s, layout) else { return Info::VARYING };
    if bits > infos[x].zeros {
        return Info::VARYING;
    }
    let low = if bits >= 64 { u64::MAX } else { (1u64 << bits) - 1 };
    match op {
        Op::And => match constant {
            Some(c) if c & low == low => Info::affine(s, zeros),
            Some(c) if c & low == 0 => Info::affine(0, zeros),
            Some(_) => Info::VARYING,
            None if infos[other].zeros >= bits => Info::affine(0, zeros),
            None => Info::VARYING,
        },
        Op::Or | Op::Xor if infos[other].zeros >= bits => Info::affine(s, zeros),
        Op::ShrU | Op::ShrS => match constant {
            Some(c) if c >= bits as u64 => Info::affine(0, zeros),
            Some(c) if infos[x].zeros as u64 >= c && s.trailing_zeros() as u64 >= c => Info::affine(s >> c, zeros),
            Some(_) | None => Info::VARYING,
        },
        _ => Info::VARYING,
    }
}

/// Known zero bits at the low end of the base of the result.
fn zeros_of(func: &Function, op: Op, ty: Type, args: &[Value], infos: &[Info]) -> u8 {
    let z = |i: usize| infos[i].zeros;
    let width = ty.bits() as u8;
    let known = match op {
        Op::IAdd | Op::ISub | Op::Or | Op::Xor => z(0).min(z(1)),
        Op::And => z(0).max(z(1)),
        Op::INeg | Op::Trunc(_) | Op::ZExt(_) | Op::SExt(_) | Op::IAbs => z(0),
        Op::IMul => z(0).saturating_add(z(1)),
        Op::Shl => match func.as_const(args[1]) {
            Some(c) => (z(0) as u64 + c).min(64) as u8,
            None => z(0),
        },
        Op::ShrU | Op::ShrS => match func.as_const(args[1]) {
            Some(c) => (z(0) as u64).saturating_sub(c) as u8,
            None => 0,
        },
        Op::Select => z(1).min(z(2)),
        Op::MinS | Op::MinU | Op::MaxS | Op::MaxU => z(0).min(z(1)),
        _ => 0,
    };
    known.min(width)
}

/// A stride modulo the type's width, as a signed number.
fn wrap(stride: i64, ty: Type) -> i64 {
    sext(stride as u64, ty)
}

/// The low `ty.bits()` bits as a signed number.
pub fn sext(bits: u64, ty: Type) -> i64 {
    let shift = 64 - ty.bits();
    ((bits << shift) as i64) >> shift
}
