//! Data movement: `mov ld st cvta isspacep` (PTX ISA 9.7.9).

use super::Ins;
use crate::cx::{Cx, Home};
use crate::error::{Lowered, fail};
use crate::operand::{ir_type, parts};
use ir::{Inst, MemOrder, MemSem, Op, Scope, Space, Type, Value};
use ptx::{AddrBase, Operand, ScalarType, Sem};
use smallvec::SmallVec;

/// `mov`: registers, special registers, addresses; packing and unpacking.
pub(super) fn mov(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let (dest, source) = (ins.operand(0)?, ins.operand(1)?);
    let (to, from) = (cx.elements(dest), cx.elements(source));
    match (to.len(), from.len()) {
        (1, 1) if parts(ty) == 2 => {
            let value = cx.read_wide(&from[0])?;
            cx.write_wide(&to[0], value)
        }
        (1, 1) => {
            let value = cx.read(&from[0], ty)?;
            cx.write(&to[0], ty, value)
        }
        (n, 1) => unpack(cx, ty, n, &to, &from[0]),
        (1, n) if !matches!(source, Operand::Special(..)) => pack(cx, ty, n, &to[0], &from),
        (1, _) => {
            let value = cx.read(source, ty)?;
            cx.write(dest, ty, value)
        }
        _ => {
            // Vector registers move element by element; all are read before any is written.
            let mut values: SmallVec<[Value; 4]> = SmallVec::new();
            for operand in from.iter().take(to.len()) {
                values.push(cx.read(operand, ty)?);
            }
            to.iter().zip(values).try_for_each(|(operand, value)| cx.write(operand, ty, value))
        }
    }
}

/// The `.b` type of an element when `n` of them fill `ty`.
fn element(ty: ScalarType, n: usize) -> Lowered<ScalarType> {
    Ok(match ty.bits() as usize / n {
        8 => ScalarType::B8,
        16 => ScalarType::B16,
        32 => ScalarType::B32,
        64 => ScalarType::B64,
        bits => return fail(format!("elements of {bits} bits")),
    })
}

fn unpack(cx: &mut Cx<'_>, ty: ScalarType, n: usize, to: &[Operand], from: &Operand) -> Lowered<()> {
    let each = element(ty, n)?;
    let words: SmallVec<[Value; 2]> = if parts(ty) == 2 {
        SmallVec::from_slice(&cx.read_wide(from)?)
    } else {
        let value = cx.read(from, ty)?;
        SmallVec::from_slice(&[cx.bits(value)])
    };
    let word_bits = cx.ty(words[0]).bits();
    let mut values: SmallVec<[Value; 8]> = SmallVec::new();
    for i in 0..n as u32 {
        let at = i * each.bits();
        let word = words[(at / word_bits) as usize];
        let shifted =
            if at % word_bits == 0 { word } else { cx.shift(Op::ShrU, word, (at % word_bits) as i32) };
        values.push(cx.zext(ir_type(each), shifted));
    }
    to.iter().zip(values).try_for_each(|(operand, value)| cx.write(operand, each, value))
}

fn pack(cx: &mut Cx<'_>, ty: ScalarType, n: usize, to: &Operand, from: &[Operand]) -> Lowered<()> {
    let each = element(ty, n)?;
    let word_type = if ty.bits() > 64 { Type::I64 } else { ir_type(ty).to_int() };
    let mut words: SmallVec<[Option<Value>; 2]> = SmallVec::from_elem(None, parts(ty) as usize);
    for (i, operand) in from.iter().enumerate() {
        let value = cx.read(operand, each)?;
        let wide = cx.zext(word_type, value);
        let at = i as u32 * each.bits();
        let word = &mut words[(at / word_type.bits()) as usize];
        *word = Some(match *word {
            None => wide,
            Some(low) => {
                let high = cx.shift(Op::Shl, wide, (at % word_type.bits()) as i32);
                cx.bin(Op::Or, low, high)
            }
        });
    }
    match words[..] {
        [Some(value)] => {
            let value = cx.bitcast(ir_type(ty), value);
            cx.write(to, ty, value)
        }
        [Some(lo), Some(hi)] => cx.write_wide(to, [lo, hi]),
        _ => fail("a packed value without elements"),
    }
}

/// Ordering and scope of an access (PTX ISA 8.4, 9.7.9.8).
pub(super) fn semantics(form: &ptx::Form, default: MemSem) -> MemSem {
    let scope = match form.scope {
        Some(ptx::Scope::Cta) => Scope::Cta,
        Some(ptx::Scope::Cluster) => Scope::Cluster,
        Some(ptx::Scope::Gpu) => Scope::Gpu,
        Some(ptx::Scope::Sys) => Scope::Sys,
        None => default.scope,
    };
    let order = match form.sem {
        None => default.order,
        Some(Sem::Weak) => return MemSem::WEAK,
        // Volatile is relaxed with system scope; `.mmio` too, and each access happens.
        Some(Sem::Volatile | Sem::Mmio) => return MemSem { order: MemOrder::Volatile, scope: Scope::Sys },
        Some(Sem::Relaxed) => MemOrder::Relaxed,
        Some(Sem::Acquire) => MemOrder::Acquire,
        Some(Sem::Release) => MemOrder::Release,
        Some(Sem::AcqRel) => MemOrder::AcqRel,
        Some(Sem::Sc) => MemOrder::SeqCst,
    };
    MemSem { order, scope }
}

/// The scalar parameter that an address names, if it is one that is no memory.
fn scalar_parameter(cx: &Cx<'_>, operand: &Operand) -> Option<Home> {
    let Operand::Addr { base: AddrBase::Sym(sym), .. } = *operand else { return None };
    match cx.homes.get(sym.0 as usize) {
        Some(home @ (Home::Scalar(_) | Home::Reg(_))) => Some(*home),
        _ => None,
    }
}

/// `ld ldu`.
pub(super) fn load(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let (dest, source) = (ins.operand(0)?, ins.operand(1)?);
    if let Some(home @ Home::Scalar(_)) = scalar_parameter(cx, source) {
        let value = cx.load_home(home, ir_type(ty))?;
        return cx.write(dest, ty, value);
    }
    let (addr, space) = cx.address(source, ins.form.space())?;
    let sem = semantics(ins.form, MemSem::WEAK);
    if parts(ty) == 2 {
        let load = Inst::Load { space, ty: Type::I64, count: 2, align: 16, sem };
        let values = cx.push(load, &[addr]);
        return cx.write_wide(dest, [values[0], values[1]]);
    }
    let count = ins.form.vector.max(1);
    let memory_type = ir_type(ty);
    let align = memory_type.bytes() * u32::from(count);
    let values = cx.push(Inst::Load { space, ty: memory_type, count, align, sem }, &[addr]);
    let to = if count == 1 { SmallVec::from_slice(&[*dest]) } else { cx.elements(dest) };
    if to.len() != values.len() {
        return fail("as many destinations as elements are needed");
    }
    to.iter().zip(values).try_for_each(|(operand, value)| cx.write(operand, ty, value))
}

/// `st`.
pub(super) fn store(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let (dest, source) = (ins.operand(0)?, ins.operand(1)?);
    if let Some(home @ Home::Scalar(_)) = scalar_parameter(cx, dest) {
        let value = cx.read(source, ty)?;
        return cx.store_home(home, value);
    }
    let (addr, space) = cx.address(dest, ins.form.space())?;
    let sem = semantics(ins.form, MemSem::WEAK);
    let mut args: SmallVec<[Value; 8]> = SmallVec::from_slice(&[addr]);
    if parts(ty) == 2 {
        args.extend_from_slice(&cx.read_wide(source)?);
        cx.push(Inst::Store { space, ty: Type::I64, count: 2, align: 16, sem }, &args);
        return Ok(());
    }
    let count = ins.form.vector.max(1);
    let from = if count == 1 { SmallVec::from_slice(&[*source]) } else { cx.elements(source) };
    if from.len() != usize::from(count) {
        return fail("as many sources as elements are needed");
    }
    for operand in &from {
        args.push(cx.read(operand, ty)?);
    }
    let memory_type = ir_type(ty);
    let align = memory_type.bytes() * u32::from(count);
    cx.push(Inst::Store { space, ty: memory_type, count, align, sem }, &args);
    Ok(())
}

impl Cx<'_> {
    /// Reads a scalar parameter or result at a type of at most its width.
    pub fn load_home(&mut self, home: Home, ty: Type) -> Lowered<Value> {
        match home {
            Home::Scalar(var) | Home::Reg(var) => {
                let value = self.read_var(var);
                self.fit(value, ty, crate::cx::Signed::No)
            }
            Home::Slot(slot) => {
                let addr = self.b().slot_addr(slot);
                Ok(self.b().load(Space::Local, ty, addr))
            }
            _ => fail(format!("no scalar: {home:?}")),
        }
    }

    /// Writes a scalar parameter or result.
    pub fn store_home(&mut self, home: Home, value: Value) -> Lowered<()> {
        match home {
            Home::Scalar(var) | Home::Reg(var) => {
                let value = self.fit(value, self.ssa.ty(var), crate::cx::Signed::No)?;
                self.write_var(var, value);
                Ok(())
            }
            Home::Slot(slot) => {
                let addr = self.b().slot_addr(slot);
                self.b().store(Space::Local, addr, value);
                Ok(())
            }
            _ => fail(format!("no scalar: {home:?}")),
        }
    }
}

/// `cvta{.to}`.
pub(super) fn cvta(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let space = cx.space(ins.form.space())?;
    let value = cx.arg(ins, 1, ty)?;
    let wide = cx.zext(Type::I64, value);
    let inst = if ins.form.has(ptx::Flag::To) { Inst::FromGeneric(space) } else { Inst::ToGeneric(space) };
    let out = cx.push1(inst, &[wide]);
    let out = cx.zext(ir_type(ty), out);
    cx.result(ins, ty, out)
}

/// `isspacep`.
pub(super) fn isspacep(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let space = cx.space(ins.form.space())?;
    let addr = cx.arg(ins, 1, ScalarType::U64)?;
    let value = cx.push1(Inst::IsSpace(space), &[addr]);
    cx.result(ins, ScalarType::Pred, value)
}

/// `createpolicy`: cache policies are hints; all are one.
pub(super) fn createpolicy(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let value = cx.b().i64(0);
    cx.result(ins, ScalarType::B64, value)
}

/// `alloca`: the result is an address in the local space; the default alignment is 8 (PTX ISA 9.7.17.3).
pub(super) fn alloca(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let size = cx.arg(ins, 1, ty)?;
    let size = cx.zext(Type::I64, size);
    let align = match ins.operands.get(2) {
        None => 8,
        Some(Operand::Int(align)) => match u32::try_from(*align) {
            // So LLVM writes the alignment that a target has for anything.
            Ok(0) => 16,
            Ok(align) if align.is_power_of_two() => align,
            _ => return fail(format!("alloca: the alignment {align} is not a power of two")),
        },
        Some(other) => return fail(format!("alloca: expected an alignment, found {other:?}")),
    };
    let out = cx.push1(Inst::Alloca { align }, &[size]);
    let out = cx.zext(ir_type(ty), out);
    cx.result(ins, ty, out)
}

/// `stacksave`: nothing is given back before the function returns, so any value will do.
pub(super) fn stacksave(cx: &mut Cx<'_>, ins: Ins<'_>) -> Lowered<()> {
    let ty = ins.ty(0)?;
    let value = cx.b().i64(0);
    let value = cx.zext(ir_type(ty), value);
    cx.result(ins, ty, value)
}
