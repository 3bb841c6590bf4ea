//! Textures and surfaces (PTX ISA 9.7.10, 9.7.11): calls of the math library's sampling functions.
//!
//! A handle is the address of a descriptor (`Texture` in mathlib's `texture.h`), which the driver writes; a `.texref`
//! variable holds such an address. The descriptors of a mipmapped image's levels follow each other.

use super::Ins;
use crate::cx::{Cx, Home};
use crate::error::{Lowered, fail};
use crate::intrinsics;
use crate::operand::ir_type;
use ir::{FpMode, Inst, IntCc, MemSem, Op, Space, Type, Value};
use ptx::{Clamp, Geometry, Operand, ScalarType};

/// Offsets in the descriptor.
const WIDTH: i64 = 24;
const HEIGHT: i64 = 28;
const DEPTH: i64 = 32;
const FLAGS: i64 = 44;
const LEVELS: i64 = 60;
const DESCRIPTOR: u64 = 80;

/// The address that stands for bytes outside of a surface. Not 0: an access there may be optimised away.
const OUTSIDE: i64 = 16;

/// `tex tld4 txq suld sust suq`.
pub(super) fn lower(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    match ins.form.op {
        ptx::Op::Tex => tex(cx, ins),
        ptx::Op::Tld4 => tld4(cx, ins),
        ptx::Op::Suld => suld(cx, ins),
        ptx::Op::Sust => sust(cx, ins),
        _ => query(cx, ins),
    }
}

/// Why an instruction of this form, with so many operands, is not lowered.
pub(super) fn unsupported(form: &ptx::Form, operands: usize) -> Option<&'static str> {
    let queries =
        ["width", "height", "depth", "array_size", "normalized_coords", "num_mipmap_levels", "num_samples"];
    match form.op {
        ptx::Op::Tex => {
            let extra = if form.has_word("grad") { 2 } else { usize::from(form.has_word("level")) };
            let cube = matches!(form.geometry, Some(Geometry::Cube | Geometry::Acube));
            if cube && form.has_word("grad") {
                return Some("gradients of cubes are not implemented yet");
            }
            (operands > 2 + extra).then_some("texture offsets and depth comparison are not implemented yet")
        }
        ptx::Op::Tld4 if operands > 2 => Some("texture offsets and depth comparison are not implemented yet"),
        ptx::Op::Tld4 if !matches!(form.geometry, Some(Geometry::D2 | Geometry::A2d)) => {
            Some("tld4 of cubes is not implemented yet")
        }
        ptx::Op::Txq | ptx::Op::Suq if !queries.iter().any(|q| form.has_word(q)) => {
            Some("this query of a texture or surface is not implemented yet")
        }
        ptx::Op::Sust if form.has_word("p") => Some("formatted surface stores are not implemented yet"),
        _ => None,
    }
}

/// The handle and the coordinates of `[a, {…}]`.
fn place(cx: &mut Cx<'_>, operand: &Operand) -> Lowered<(Value, Vec<Operand>)> {
    let list = match operand {
        Operand::Bracket(list) => cx.body.list(*list),
        _ => return Ok((handle(cx, operand)?, Vec::new())),
    };
    match list {
        [object] => Ok((handle(cx, object)?, Vec::new())),
        [object, coordinates] => Ok((handle(cx, object)?, cx.elements(coordinates).to_vec())),
        _ => fail("separate samplers are not implemented"),
    }
}

/// A handle in a register, or the one that a variable holds.
fn handle(cx: &mut Cx<'_>, operand: &Operand) -> Lowered<Value> {
    let symbol = match *operand {
        Operand::Sym(sym, _) | Operand::Addr { base: ptx::AddrBase::Sym(sym), .. } => Some(sym),
        Operand::Addr { base: ptx::AddrBase::Reg(sym), offset } => {
            let value = cx.read(&Operand::Reg(sym), ScalarType::U64)?;
            return Ok(cx.add_imm(value, offset));
        }
        _ => None,
    };
    match symbol.and_then(|sym| cx.homes.get(sym.0 as usize).copied()) {
        None => cx.read(operand, ScalarType::U64),
        Some(Home::KernelParam(offset)) => {
            let addr = cx.b().i64(i64::from(offset));
            Ok(cx.b().load(Space::Param, Type::I64, addr))
        }
        Some(Home::Global(id)) => {
            let space = cx.global(id).space;
            let addr = cx.b().global_addr(id, 0);
            Ok(cx.b().load(space, Type::I64, addr))
        }
        Some(other) => fail(format!("no texture or surface: {other:?}")),
    }
}

/// Calls the library function of the form; arguments and results are integers.
fn library(cx: &mut Cx<'_>, ins: Ins<'_>, args: &[Value]) -> Lowered<Option<Value>> {
    let name = intrinsics::callee(ins.form).unwrap_or_default();
    let Some(&callee) = cx.linked.intrinsics.get(name) else {
        return fail(format!("the math library has no {name}"));
    };
    let types: Vec<Type> = args.iter().map(|a| cx.ty(*a)).collect();
    if cx.linked.module.func(callee).sig.params != types {
        return fail(format!("{name} of the math library has another signature"));
    }
    Ok(cx.call(callee, args).first().copied())
}

/// Calls a function that writes four words, and loads them.
fn four(cx: &mut Cx<'_>, ins: Ins<'_>, args: &[Value]) -> Lowered<Vec<Value>> {
    let slot = match cx.texture_slot {
        Some(slot) => slot,
        None => cx.func.add_slot(16, 16),
    };
    cx.texture_slot = Some(slot);
    let local = cx.b().slot_addr(slot);
    let out = cx.push1(Inst::ToGeneric(Space::Local), &[local]);
    let mut all = vec![out];
    all.extend_from_slice(args);
    library(cx, ins, &all)?;
    let load = Inst::Load { space: Space::Local, ty: Type::I32, count: 4, align: 16, sem: MemSem::WEAK };
    Ok(cx.push(load, &[local]).to_vec())
}

/// Writes the four words to the destination vector, and that the texture is resident to `p`.
fn deliver(cx: &mut Cx<'_>, ins: Ins<'_>, words: &[Value]) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let (dest, resident) = cx.pair(ins.operand(0)?);
    let to = cx.elements(&dest);
    for (i, operand) in to.iter().enumerate() {
        let value = if ty == ScalarType::F16x2 {
            let half = |cx: &mut Cx<'_>, word| {
                let single = cx.bitcast(Type::F32, word);
                let half = cx.op(Op::FToF(Type::F32, FpMode::RN), Type::F16, &[single]);
                cx.bits(half)
            };
            let (lo, hi) = (half(cx, words[2 * i]), half(cx, words[2 * i + 1]));
            cx.join(lo, hi)
        } else {
            cx.bitcast(ir_type(ty), words[i])
        };
        cx.write(operand, ty, value)?;
    }
    match resident {
        Some(p) => {
            let yes = cx.b().bool(true);
            cx.write(&p, ScalarType::Pred, yes)
        }
        None => Ok(()),
    }
}

fn is_layered(geometry: Option<Geometry>) -> bool {
    matches!(geometry, Some(Geometry::A1d | Geometry::A2d | Geometry::Acube))
}

fn tex(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (object, coordinates) = place(cx, ins.operand(1)?)?;
    let geometry = ins.form.geometry;
    let dimensions = match geometry {
        Some(Geometry::D1 | Geometry::A1d) => 1,
        Some(Geometry::D2 | Geometry::A2d) => 2,
        Some(Geometry::D3 | Geometry::Cube | Geometry::Acube) => 3,
        _ => return fail("a texture geometry that is not implemented"),
    };
    let layers = usize::from(is_layered(geometry));
    let words = if ins.ty(1)? == ScalarType::S32 {
        let at = integral(cx, &coordinates, layers, dimensions)?;
        let mut args = vec![object, at[0], at[1], at[2]];
        if ins.form.has_word("level") {
            args.push(cx.read(ins.operand(2)?, ScalarType::S32)?);
        }
        four(cx, ins, &args)?
    } else {
        let mut args = vec![object];
        for (i, operand) in coordinates.iter().take(layers + dimensions).enumerate() {
            let ty = if i < layers { ScalarType::U32 } else { ScalarType::F32 };
            let value = cx.read(operand, ty)?;
            args.push(cx.bits(value));
        }
        // A level of detail, or two gradients, each as long as the coordinates without their layer.
        let (extra, length) = match (ins.form.has_word("level"), ins.form.has_word("grad")) {
            (true, _) => (1, 1),
            (false, true) => (2, dimensions),
            (false, false) => (0, 0),
        };
        for n in 0..extra {
            for operand in cx.elements(ins.operand(2 + n)?).iter().take(length) {
                let value = cx.read(operand, ScalarType::F32)?;
                args.push(cx.bits(value));
            }
        }
        four(cx, ins, &args)?
    };
    deliver(cx, ins, &words)
}

/// Integral x, y and z (or layer) of a texel or byte.
fn integral(
    cx: &mut Cx<'_>,
    coordinates: &[Operand],
    layers: usize,
    dimensions: usize,
) -> Lowered<[Value; 3]> {
    let zero = cx.i32(0);
    let mut at = [zero; 3];
    for (i, operand) in coordinates.iter().take(layers + dimensions).enumerate() {
        let value = cx.read(operand, ScalarType::S32)?;
        match i.checked_sub(layers) {
            Some(axis) => at[axis] = value,
            None => at[2] = value,
        }
    }
    Ok(at)
}

fn tld4(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (object, coordinates) = place(cx, ins.operand(1)?)?;
    let layers = usize::from(is_layered(ins.form.geometry));
    let layer = match coordinates.first() {
        Some(operand) if layers > 0 => cx.read(operand, ScalarType::U32)?,
        _ => cx.i32(0),
    };
    let mut args = vec![object, layer];
    for operand in coordinates.iter().skip(layers).take(2) {
        let value = cx.read(operand, ScalarType::F32)?;
        args.push(cx.bits(value));
    }
    let channel = ["r", "g", "b", "a"].iter().position(|c| ins.form.has_word(c)).unwrap_or(0);
    args.push(cx.i32(channel as i32));
    let words = four(cx, ins, &args)?;
    deliver(cx, ins, &words)
}

/// `txq suq`: fields of the descriptor.
fn query(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let (mut object, _) = place(cx, ins.operand(1)?)?;
    if ins.form.has_word("level") {
        object = level(cx, ins, object)?;
    }
    let field = |cx: &mut Cx<'_>, offset| {
        let addr = cx.add_imm(object, offset);
        cx.b().load(Space::Generic, Type::I32, addr)
    };
    let form = ins.form;
    let value = if form.has_word("width") {
        field(cx, WIDTH)
    } else if form.has_word("height") {
        field(cx, HEIGHT)
    } else if form.has_word("depth") || form.has_word("array_size") {
        field(cx, DEPTH)
    } else if form.has_word("normalized_coords") {
        let flags = field(cx, FLAGS);
        let up = cx.shift(Op::ShrU, flags, 1);
        let one = cx.i32(1);
        cx.bin(Op::And, up, one)
    } else if form.has_word("num_mipmap_levels") {
        levels(cx, object)
    } else {
        // One sample.
        cx.i32(1)
    };
    cx.result(ins, ScalarType::B32, value)
}

/// How many levels an image has.
fn levels(cx: &mut Cx<'_>, object: Value) -> Value {
    let at = cx.add_imm(object, LEVELS);
    let count = cx.b().load(Space::Generic, Type::I32, at);
    let one = cx.i32(1);
    cx.bin(Op::MaxU, count, one)
}

/// The descriptor of the level that the third operand names: of the last, if there are fewer.
fn level(cx: &mut Cx<'_>, ins: Ins<'_>, object: Value) -> Lowered<Value> {
    let wanted = cx.read(ins.operand(2)?, ScalarType::U32)?;
    let (count, one) = (levels(cx, object), cx.i32(1));
    let last = cx.bin(Op::ISub, count, one);
    let index = cx.bin(Op::MinU, wanted, last);
    let index = cx.zext(Type::I64, index);
    let size = cx.iconst(Type::I64, DESCRIPTOR);
    let offset = cx.bin(Op::IMul, index, size);
    Ok(cx.bin(Op::IAdd, object, offset))
}

/// Address of the bytes of a surface access; whether the instruction tolerates that.
fn surface(cx: &mut Cx<'_>, ins: Ins<'_>, operand: &Operand, ty: ScalarType) -> Lowered<(Value, bool)> {
    let (object, coordinates) = place(cx, operand)?;
    let layers = usize::from(is_layered(ins.form.geometry));
    let dimensions = match ins.form.geometry {
        Some(Geometry::D1 | Geometry::A1d) => 1,
        Some(Geometry::D2 | Geometry::A2d) => 2,
        _ => 3,
    };
    let at = integral(cx, &coordinates, layers, dimensions)?;
    let bytes = ty.bytes() * u32::from(ins.form.vector.max(1));
    let size = cx.i32(bytes as i32);
    let clamps = cx.i32(i32::from(ins.form.clamp == Some(Clamp::Clamp)));
    match library(cx, ins, &[object, at[0], at[1], at[2], size, clamps])? {
        Some(addr) => Ok((addr, ins.form.clamp != Some(Clamp::Trap))),
        None => fail("the address of a surface access has no value"),
    }
}

fn suld(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let count = ins.form.vector.max(1);
    let (addr, tolerant) = surface(cx, ins, ins.operand(1)?, ty)?;
    let memory_type = ir_type(ty);
    let load = Inst::Load {
        space: Space::Generic,
        ty: memory_type,
        count,
        align: memory_type.bytes() * u32::from(count),
        sem: MemSem::WEAK,
    };
    let values = if tolerant {
        let zero = cx.iconst(memory_type, 0);
        let none = cx.b().i64(OUTSIDE);
        let inside = cx.icmp(IntCc::Ne, addr, none);
        cx.when(inside, &vec![zero; usize::from(count)], |cx| Ok(cx.push(load, &[addr]).to_vec()))?
    } else {
        // Outside the access faults.
        cx.push(load, &[addr]).to_vec()
    };
    let to = cx.elements(ins.operand(0)?);
    to.iter().zip(values).try_for_each(|(operand, value)| cx.write(operand, ty, value))
}

fn sust(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let count = ins.form.vector.max(1);
    let (addr, tolerant) = surface(cx, ins, ins.operand(0)?, ty)?;
    let mut args = vec![addr];
    for operand in cx.elements(ins.operand(1)?) {
        args.push(cx.read(&operand, ty)?);
    }
    let memory_type = ir_type(ty);
    let store = Inst::Store {
        space: Space::Generic,
        ty: memory_type,
        count,
        align: memory_type.bytes() * u32::from(count),
        sem: MemSem::WEAK,
    };
    if !tolerant {
        cx.push(store, &args);
        return Ok(());
    }
    let none = cx.b().i64(OUTSIDE);
    let inside = cx.icmp(IntCc::Ne, addr, none);
    cx.when(inside, &[], |cx| {
        cx.push(store, &args);
        Ok(Vec::new())
    })?;
    Ok(())
}
