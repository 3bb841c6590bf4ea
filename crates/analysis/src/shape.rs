//! Shapes: how a value varies over the lanes of a vector, and what each op does to them.

use crate::GangLayout;
use crate::range::Ranges;
use crate::runs::{self, Runs};
use ir::{Function, Inst, IntCc, Op, Space, Sreg, Type, Value};
use rustc_hash::FxHashSet;

/// Most chunks in a gang.
pub const MAX_CHUNKS: usize = 64;

/// A constant for each chunk; unused ones are zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Deltas(pub [i64; MAX_CHUNKS]);

impl Deltas {
    pub const ZERO: Deltas = Deltas([0; MAX_CHUNKS]);

    fn map(self, f: impl Fn(i64) -> i64) -> Deltas {
        Deltas(self.0.map(f))
    }

    fn zip(self, other: Deltas, f: impl Fn(i64, i64) -> i64) -> Deltas {
        let mut out = self;
        out.0.iter_mut().zip(other.0).for_each(|(a, b)| *a = f(*a, b));
        out
    }

    /// `f(chunk's first lane)` for the chunks of a layout.
    fn of(layout: &GangLayout, f: impl Fn(u32) -> u32) -> Deltas {
        let mut out = Deltas::ZERO;
        for c in 0..layout.chunks {
            out.0[c as usize] = f(c * layout.lanes) as i64;
        }
        out
    }
}

/// How a value varies within a gang, from regular to irregular.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "plain data, and a place for each chunk is what most values need"
)]
pub enum Shape {
    /// Nothing known yet: the optimistic start of the analysis; unreachable afterwards.
    Unknown,
    /// The same for all lanes of the gang that are switched on.
    Uniform,
    /// `base + deltas[chunk] + stride * lane`, modulo the type's width, with one base for the gang.
    Affine { stride: i64, deltas: Deltas },
    /// `bases[chunk] + stride * lane`, modulo the type's width.
    Chunked(i64),
    /// A vector per chunk.
    Varying,
}

impl Shape {
    /// Whether all lanes of a chunk have one value.
    pub fn is_chunk_uniform(self) -> bool {
        matches!(self, Shape::Unknown | Shape::Uniform | Shape::Affine { stride: 0, .. } | Shape::Chunked(0))
    }
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

    /// One base for the gang; without any difference between lanes that is uniform.
    fn affine(stride: i64, deltas: Deltas, zeros: u8) -> Info {
        if stride == 0 && deltas == Deltas::ZERO {
            return Info::uniform(zeros);
        }
        Info { shape: Shape::Affine { stride, deltas }, zeros, origin: None }
    }

    pub(crate) const fn chunked(stride: i64, zeros: u8) -> Info {
        Info { shape: Shape::Chunked(stride), zeros, origin: None }
    }

    /// The least shape that covers both.
    pub fn join(self, other: Info) -> Info {
        let known = |i: &Info| i.shape != Shape::Unknown;
        if !known(&self) {
            return other;
        }
        if !known(&other) {
            return self;
        }
        if self.origin != other.origin {
            return Info::VARYING;
        }
        if self.shape == other.shape {
            return Info { zeros: self.zeros.min(other.zeros), ..self };
        }
        match (stride(self.shape), stride(other.shape)) {
            // Conversions are checked for one base.
            (Some(a), Some(b)) if a == b && self.origin.is_none() => {
                Info::chunked(a, self.chunk_zeros().min(other.chunk_zeros()))
            }
            _ => Info::VARYING,
        }
    }

    /// Known zero bits of the base of every chunk.
    fn chunk_zeros(self) -> u8 {
        match self.shape {
            Shape::Affine { deltas, .. } => {
                deltas.0.iter().fold(self.zeros, |z, d| z.min(d.trailing_zeros().min(64) as u8))
            }
            _ => self.zeros,
        }
    }
}

/// Stride of a shape that has one; uniform counts as 0.
pub(crate) fn stride(shape: Shape) -> Option<i64> {
    match shape {
        Shape::Uniform => Some(0),
        Shape::Affine { stride, .. } | Shape::Chunked(stride) => Some(stride),
        Shape::Unknown | Shape::Varying => None,
    }
}

/// Stride and deltas of a shape with one base.
fn linear(shape: Shape) -> Option<(i64, Deltas)> {
    match shape {
        Shape::Uniform => Some((0, Deltas::ZERO)),
        Shape::Affine { stride, deltas } => Some((stride, deltas)),
        Shape::Unknown | Shape::Chunked(_) | Shape::Varying => None,
    }
}

/// The shape of results computed by an op without special rules: as regular as its least regular operand.
fn worst(args: &[Info]) -> Info {
    let mut chunk = false;
    for a in args {
        match a.shape {
            Shape::Unknown => return Info::UNKNOWN,
            Shape::Uniform => {}
            s if s.is_chunk_uniform() => chunk = true,
            _ => return Info::VARYING,
        }
    }
    if chunk { Info::chunked(0, 0) } else { Info::UNIFORM }
}

fn tz(bits: u64, ty: Type) -> u8 {
    (bits.trailing_zeros() as u8).min(ty.bits() as u8)
}

/// What is known of a function's values beside their shapes.
pub struct Facts {
    pub ranges: Ranges,
    pub runs: Runs,
    /// Conversions that are affine by a check only, whatever is known of their operands so far.
    pub resting: FxHashSet<Value>,
}

/// The shape of the results of an instruction that is not a terminator or call, from its operands' shapes.
pub fn transfer(
    func: &Function,
    (layout, facts): (&GangLayout, &Facts),
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
        Inst::Pure { op, ty } => pure(func, (layout, facts), *op, *ty, result, args, infos),
        Inst::ToGeneric(space) | Inst::FromGeneric(space) => space_cast(*space, inst, layout, infos[0]),
        Inst::IsSpace(_) => worst(infos),
        Inst::Load { space: Space::Local, .. } => Info::VARYING,
        Inst::Load { .. } => Info { zeros: 0, ..worst(infos) },
        // One lane after the other.
        Inst::Atomic { .. } | Inst::Alloca { .. } => Info::VARYING,
        Inst::Barrier { .. } | Inst::SameQuotient { .. } | Inst::Every => Info::UNIFORM,
        // The answer is the same for all lanes that name the same members.
        Inst::Vote(_) | Inst::Redux(_) if infos[1].shape == Shape::Uniform => per_warp(layout),
        Inst::Vote(_) | Inst::Redux(_) if infos[1].shape.is_chunk_uniform() && layout.lanes <= 32 => {
            Info::chunked(0, 0)
        }
        Inst::ActiveMask => per_warp(layout),
        Inst::Vote(_) | Inst::Redux(_) => Info::VARYING,
        Inst::Shfl(_) | Inst::Match { .. } | Inst::Elect | Inst::Product { .. } | Inst::Arrange { .. } => {
            Info::VARYING
        }
        Inst::Sys(_) | Inst::Call(_) | Inst::CallIndirect { .. } => Info::VARYING,
        Inst::Store { .. } | Inst::Fence(_) | Inst::WarpSync => Info::UNIFORM,
    }
}

/// A value that each warp has for itself.
fn per_warp(layout: &GangLayout) -> Info {
    match (layout.width(), layout.lanes) {
        (0..=32, _) => Info::UNIFORM,
        (_, 0..=32) => Info::chunked(0, 0),
        _ => Info::VARYING,
    }
}

fn log2(n: u32) -> u8 {
    n.trailing_zeros() as u8
}

fn sreg(reg: Sreg, layout: &GangLayout) -> Info {
    let [bx, by, bz] = layout.block;
    let (lanes, width) = (layout.lanes, layout.width());
    let gang_zeros = log2(width);
    match reg {
        Sreg::TidX => match () {
            () if bx == 1 => Info::uniform(32),
            () if by * bz == 1 || bx % width == 0 => Info::affine(1, Deltas::of(layout, |t| t), gang_zeros),
            () if width % bx == 0 && bx % lanes == 0 => Info::affine(1, Deltas::of(layout, |t| t % bx), 32),
            () if bx % lanes == 0 => Info::chunked(1, log2(lanes)),
            () => Info::VARYING,
        },
        Sreg::TidY => match () {
            () if by == 1 => Info::uniform(32),
            () if bx % width == 0 => Info::UNIFORM,
            () if bx % lanes != 0 => Info::VARYING,
            // The gang's rows lie in one plane, or fill whole planes.
            () if width % bx == 0 && (bz == 1 || (bx * by) % width == 0) => {
                Info::affine(0, Deltas::of(layout, |t| t / bx), log2(width / bx))
            }
            () if width % (bx * by) == 0 => Info::affine(0, Deltas::of(layout, |t| t / bx % by), 32),
            () => Info::chunked(0, 0),
        },
        Sreg::TidZ => match () {
            () if bz == 1 => Info::uniform(32),
            () if (bx * by) % width == 0 => Info::UNIFORM,
            () if width % (bx * by) == 0 && (bx * by) % lanes == 0 => {
                Info::affine(0, Deltas::of(layout, |t| t / (bx * by)), 0)
            }
            () if (bx * by) % lanes == 0 => Info::chunked(0, 0),
            () => Info::VARYING,
        },
        Sreg::LaneId if width <= 32 && width * layout.gangs() > 32 => {
            Info::affine(1, Deltas::of(layout, |t| t), gang_zeros)
        }
        Sreg::LaneId if lanes <= 32 => Info::affine(1, Deltas::of(layout, |t| t % 32), 32),
        Sreg::LaneId => Info::VARYING,
        Sreg::WarpId if width <= 32 => Info::UNIFORM,
        Sreg::WarpId if lanes <= 32 => Info::affine(0, Deltas::of(layout, |t| t / 32), log2(width) - 5),
        Sreg::WarpId => Info::VARYING,
        Sreg::LanemaskEq | Sreg::LanemaskLe | Sreg::LanemaskLt | Sreg::LanemaskGe | Sreg::LanemaskGt => {
            Info::VARYING
        }
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
    // A thread's local window is at base + thread * local_bytes.
    let window = layout.local_bytes as i64;
    let sign = if matches!(inst, Inst::ToGeneric(_)) { 1 } else { -1 };
    let own = Deltas::of(layout, |t| t).map(|t| sign * t * window);
    match (linear(arg.shape), stride(arg.shape)) {
        (Some((s, d)), _) if arg.origin.is_none() => {
            Info::affine(s.wrapping_add(sign * window), d.zip(own, i64::wrapping_add), 0)
        }
        (None, Some(s)) if arg.origin.is_none() => Info::chunked(s.wrapping_add(sign * window), 0),
        _ => Info::VARYING,
    }
}

#[allow(clippy::too_many_arguments)]
fn pure(
    func: &Function,
    (layout, facts): (&GangLayout, &Facts),
    op: Op,
    ty: Type,
    result: Value,
    args: &[Value],
    infos: &[Info],
) -> Info {
    let constant = |i: usize| func.as_const(args[i]);
    let extends =
        |i: usize| func.ty(args[i]) == Type::I32 && facts.ranges.extends(args[i], matches!(op, Op::SExt(_)));
    let sure = !facts.resting.contains(&result);
    if infos.iter().all(|i| i.shape == Shape::Uniform) {
        return Info::uniform(zeros_of(func, op, ty, args, infos));
    }
    if facts.runs.contains(result) {
        return runs::shape(op, infos);
    }
    if infos.iter().any(|i| i.origin.is_some()) {
        return with_origin(func, op, ty, args, infos);
    }
    let linears: Option<Vec<(i64, Deltas)>> = infos.iter().map(|i| linear(i.shape)).collect();
    if let Some(l) = linears {
        let zeros = zeros_of(func, op, ty, args, infos);
        let affine = |(s, d): (i64, Deltas)| Info::affine(wrap(s, ty), d.map(|x| wrap(x, ty)), zeros);
        let scale =
            |(s, d): (i64, Deltas), by: i64| affine((s.wrapping_mul(by), d.map(|x| x.wrapping_mul(by))));
        let found = match op {
            Op::IAdd => Some(affine((l[0].0.wrapping_add(l[1].0), l[0].1.zip(l[1].1, i64::wrapping_add)))),
            Op::ISub => Some(affine((l[0].0.wrapping_sub(l[1].0), l[0].1.zip(l[1].1, i64::wrapping_sub)))),
            Op::INeg => Some(scale(l[0], -1)),
            Op::IMul => match (constant(0), constant(1)) {
                (_, Some(c)) => Some(scale(l[0], sext(c, ty))),
                (Some(c), None) => Some(scale(l[1], sext(c, ty))),
                (None, None) => None,
            },
            Op::Shl => constant(1)
                .filter(|&c| c < ty.bits() as u64)
                .map(|c| scale(l[0], 1i64.wrapping_shl(c as u32))),
            Op::Trunc(_) => Some(affine(l[0])),
            Op::ZExt(_) | Op::SExt(_) if sure && (contained(l[0], infos[0].zeros, layout) || extends(0)) => {
                Some(affine(l[0]))
            }
            Op::ZExt(_) | Op::SExt(_) if ty == Type::I64 && func.ty(args[0]) == Type::I32 => {
                Some(Info { origin: Some(Origin { ext: result, mult: 1 }), ..affine(l[0]) })
            }
            Op::Select if infos[0].shape == Shape::Uniform && l[1] == l[2] => Some(affine(l[1])),
            Op::And | Op::Or | Op::Xor | Op::ShrU | Op::ShrS => {
                bits_op(layout, op, ty, infos, constant(1), zeros)
            }
            Op::ICmp(cc) => compares_bases(cc, infos, layout).then_some(Info::UNIFORM),
            _ => None,
        };
        // A conversion that rests on itself must not be a mere chunk-uniform value: that is computed per chunk.
        if let Some(found) = found {
            return found;
        }
    }
    let chunks: Vec<Info> = infos.iter().map(|i| Info { zeros: i.chunk_zeros(), ..*i }).collect();
    let zeros = zeros_of(func, op, ty, args, &chunks);
    if infos.iter().all(|i| i.shape.is_chunk_uniform()) {
        return Info::chunked(0, zeros);
    }
    let lanes = |i: usize| stride(infos[i].shape);
    let chunked = |s: Option<i64>| s.map_or(Info::VARYING, |s| Info::chunked(wrap(s, ty), zeros));
    match op {
        Op::IAdd => chunked(lanes(0).zip(lanes(1)).map(|(a, b)| a.wrapping_add(b))),
        Op::ISub => chunked(lanes(0).zip(lanes(1)).map(|(a, b)| a.wrapping_sub(b))),
        Op::INeg => chunked(lanes(0).map(i64::wrapping_neg)),
        Op::IMul => match (constant(0), constant(1)) {
            (_, Some(c)) => chunked(lanes(0).map(|s| s.wrapping_mul(sext(c, ty)))),
            (Some(c), None) => chunked(lanes(1).map(|s| s.wrapping_mul(sext(c, ty)))),
            (None, None) => Info::VARYING,
        },
        Op::Shl => match constant(1) {
            Some(c) if c < ty.bits() as u64 => chunked(lanes(0).map(|s| s.wrapping_shl(c as u32))),
            Some(_) | None => Info::VARYING,
        },
        Op::Trunc(_) => chunked(lanes(0)),
        Op::ZExt(_) | Op::SExt(_) => match lanes(0) {
            Some(s) if sure && (contained((s, Deltas::ZERO), chunks[0].zeros, layout) || extends(0)) => {
                chunked(Some(s))
            }
            Some(s) if ty == Type::I64 && func.ty(args[0]) == Type::I32 => {
                Info { origin: Some(Origin { ext: result, mult: 1 }), ..chunked(Some(s)) }
            }
            Some(_) | None => Info::VARYING,
        },
        Op::Select => match (infos[0].shape.is_chunk_uniform(), lanes(1), lanes(2)) {
            (true, Some(a), Some(b)) if a == b => chunked(Some(a)),
            _ => Info::VARYING,
        },
        _ => Info::VARYING,
    }
}

/// Whether a comparison of affine lanes with a uniform bound is one of the base: the lanes fill only bits that are zero in
/// the bound, so that all of them are below it or none (`i < 1024` where `i` steps by blocks from an aligned start).
fn compares_bases(cc: IntCc, infos: &[Info], layout: &GangLayout) -> bool {
    let (x, bound) = match (infos[0].shape, infos[1].shape, cc) {
        (_, Shape::Uniform, IntCc::LtU | IntCc::GeU | IntCc::LtS | IntCc::GeS) => (infos[0], infos[1]),
        (Shape::Uniform, _, IntCc::GtU | IntCc::LeU | IntCc::GtS | IntCc::LeS) => (infos[1], infos[0]),
        _ => return false,
    };
    let (Some(lanes), true) = (linear(x.shape), x.origin.is_none()) else { return false };
    contained(lanes, x.zeros.min(bound.zeros), layout)
}

/// Whether all lanes of all chunks stay within the aligned block of numbers that holds the base, so that none wraps,
/// signed or unsigned.
fn contained((stride, deltas): (i64, Deltas), zeros: u8, layout: &GangLayout) -> bool {
    let top = 1i128 << zeros.min(64);
    offsets(stride, deltas, layout).all(|o| (0..top).contains(&(o as i128)))
}

/// What the lanes add to the base, chunk by chunk.
fn offsets(stride: i64, deltas: Deltas, layout: &GangLayout) -> impl Iterator<Item = i64> {
    let (lanes, chunks) = (layout.lanes as usize, layout.chunks as usize);
    (0..chunks * lanes)
        .map(move |i| deltas.0[i / lanes].wrapping_add(stride.wrapping_mul((i % lanes) as i64)))
}

/// Bit operations treat the aligned base and the lanes' offsets, which fill the bits below, apart: the result is affine
/// if the op makes an affine pattern of the offsets.
fn bits_op(
    layout: &GangLayout,
    op: Op,
    ty: Type,
    infos: &[Info],
    constant: Option<u64>,
    zeros: u8,
) -> Option<Info> {
    let (x, other) = match (infos[0].shape, infos[1].shape) {
        (Shape::Affine { .. }, Shape::Uniform) => (0, 1),
        (Shape::Uniform, Shape::Affine { .. }) if !matches!(op, Op::ShrU | Op::ShrS) => (1, 0),
        _ => return None,
    };
    let (s, d) = linear(infos[x].shape)?;
    let constant = if other == 1 { constant } else { None };
    // A constant below the step of all lanes fills bits that are zero everywhere: `or`, `xor` add it.
    let step = d.0.iter().fold(infos[x].zeros.min(s.trailing_zeros().min(64) as u8), |z, d| {
        z.min(d.trailing_zeros().min(64) as u8)
    });
    if let (Op::Or | Op::Xor, Some(c)) = (op, constant)
        && 64 - c.leading_zeros() <= step as u32
    {
        return Some(Info::affine(s, d, zeros));
    }
    if !contained((s, d), infos[x].zeros, layout) || ty == Type::I1 {
        return None;
    }
    let width = infos[x].zeros;
    let below = if width >= 64 { u64::MAX } else { (1u64 << width) - 1 };
    let on_offset: Box<dyn Fn(i64) -> i64> = match (op, constant) {
        (Op::And, Some(c)) => Box::new(move |o| (o as u64 & c & below) as i64),
        (Op::And, None) if infos[other].zeros >= width => Box::new(|_| 0),
        (Op::Or | Op::Xor, _) if infos[other].zeros >= width => Box::new(|o| o),
        // Offsets never carry into the base, so that shifting out more than they fill leaves the base's own bits.
        (Op::ShrU | Op::ShrS, Some(c)) if c < ty.bits() as u64 => Box::new(move |o| o >> c),
        _ => return None,
    };
    // The base is shifted and masked as a scalar.
    let table: Vec<i64> = offsets(s, d, layout).map(on_offset).collect();
    let lanes = layout.lanes as usize;
    let stride = if lanes > 1 { table[1].wrapping_sub(table[0]) } else { 0 };
    let mut deltas = Deltas::ZERO;
    for (c, chunk) in table.chunks(lanes).enumerate() {
        deltas.0[c] = chunk[0];
        if chunk.iter().enumerate().any(|(l, &o)| o != chunk[0].wrapping_add(stride.wrapping_mul(l as i64))) {
            return None;
        }
    }
    Some(Info::affine(stride, deltas, zeros))
}

/// Linear arithmetic on a value that rests on a conversion: the result rests on the same one, or is varying.
fn with_origin(func: &Function, op: Op, ty: Type, args: &[Value], infos: &[Info]) -> Info {
    // Deltas are `None` where each chunk has a base of its own.
    type Term = (i64, Option<Deltas>, Option<Origin>);
    let scaled = |i: usize, by: i64| -> Option<Term> {
        let s = stride(infos[i].shape)?;
        let d = linear(infos[i].shape).map(|(_, d)| d.map(|x| x.wrapping_mul(by)));
        let origin = infos[i].origin.map(|o| Origin { mult: o.mult.wrapping_mul(by), ..o });
        Some((s.wrapping_mul(by), d, origin))
    };
    let add = |(s, d, _): Term, (t, e, _): Term| {
        (s.wrapping_add(t), d.zip(e).map(|(d, e)| d.zip(e, i64::wrapping_add)))
    };
    let constant = |i: usize| func.as_const(args[i]).map(|c| sext(c, ty));
    let sum: Option<Term> = match op {
        Op::IAdd | Op::ISub => match (scaled(0, 1), scaled(1, if op == Op::IAdd { 1 } else { -1 })) {
            (Some(a), Some(b)) => {
                let (s, d) = add(a, b);
                match (a.2, b.2) {
                    (None, o) | (o, None) => Some((s, d, o)),
                    (Some(x), Some(y)) if x.ext == y.ext => {
                        Some((s, d, Some(Origin { mult: x.mult.wrapping_add(y.mult), ..x })))
                    }
                    (Some(_), Some(_)) => None,
                }
            }
            _ => None,
        },
        Op::INeg => scaled(0, -1),
        Op::IMul => match (constant(0), constant(1)) {
            (_, Some(c)) => scaled(0, c),
            (Some(c), None) => scaled(1, c),
            (None, None) => None,
        },
        Op::Shl => {
            func.as_const(args[1]).filter(|&c| c < 64).and_then(|c| scaled(0, 1i64.wrapping_shl(c as u32)))
        }
        // What the conversion may have got wrong is a multiple of 2^32.
        Op::Trunc(_) if ty.bits() <= 32 => scaled(0, 1).map(|(s, d, _)| (s, d, None)),
        _ => None,
    };
    match sum {
        Some((s, d, origin)) => {
            let info = match d {
                Some(d) => Info::affine(wrap(s, ty), d.map(|x| wrap(x, ty)), 0),
                None => Info::chunked(wrap(s, ty), 0),
            };
            Info { origin: origin.filter(|o| o.mult != 0 && info.shape != Shape::Uniform), ..info }
        }
        None => Info::VARYING,
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
