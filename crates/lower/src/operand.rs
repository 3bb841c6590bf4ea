//! Operands: from PTX operands to values of an instruction's type, and back into registers.
//!
//! PTX ISA 9.4.1 (operand size exceeding instruction-type size): a source wider than the instruction's type is
//! truncated, a wider destination is sign- or zero-extended by the instruction's type.

use crate::cx::{Cx, Home, Signed};
use crate::error::{Lowered, fail};
use crate::ssa::Var;
use ir::{Inst, Op, Space, Sreg, Type, Value};
use ptx::{AddrBase, Operand, ScalarType, SpecialReg, SymId, SymbolKind};
use smallvec::SmallVec;

/// The IR type of a value of a PTX type of at most 64 bits. Packed types are integers.
pub(crate) fn ir_type(ty: ScalarType) -> Type {
    match ty {
        ScalarType::Pred | ScalarType::B1 => Type::I1,
        ScalarType::F16 => Type::F16,
        ScalarType::Bf16 => Type::BF16,
        ScalarType::F32 => Type::F32,
        ScalarType::F64 => Type::F64,
        _ => match ty.bits() {
            0..=8 => Type::I8,
            9..=16 => Type::I16,
            17..=32 => Type::I32,
            _ => Type::I64,
        },
    }
}

/// How many variables an element of a register of this type takes: two for `.b128`.
pub(crate) fn parts(ty: ScalarType) -> u32 {
    if ty.bits() > 64 { 2 } else { 1 }
}

impl<'a> Cx<'a> {
    /// The variable of element `elem` of a register symbol (counted in parts).
    fn reg_var(&self, sym: SymId, elem: u32) -> Lowered<Var> {
        match self.homes.get(sym.0 as usize) {
            Some(Home::Reg(first)) => Ok(Var(first.0 + elem)),
            other => fail(format!("expected a register, found {other:?}")),
        }
    }

    /// Declared type and element count of a register symbol.
    pub fn reg_type(&self, sym: SymId) -> (ScalarType, u32) {
        match self.body.symbol(sym).kind {
            SymbolKind::Reg { ty, vector } => (ty, u32::from(vector.max(1))),
            SymbolKind::Param(i) => {
                (self.unit_function().params.get(i as usize)).map_or((ScalarType::B32, 1), |p| (p.ty, 1))
            }
            SymbolKind::Return(i) => {
                (self.unit_function().returns.get(i as usize)).map_or((ScalarType::B32, 1), |p| (p.ty, 1))
            }
            _ => (ScalarType::B32, 1),
        }
    }

    /// Reads an operand at an instruction's type.
    pub fn read(&mut self, operand: &Operand, ty: ScalarType) -> Lowered<Value> {
        if ty.bits() > 64 {
            return fail(format!("a .{ty} operand where one value is needed"));
        }
        let want = ir_type(ty);
        match *operand {
            Operand::Reg(sym) => {
                let var = self.reg_var(sym, 0)?;
                let value = self.read_var(var);
                self.fit(value, want, Signed::of(ty))
            }
            Operand::Elem(sym, elem) => {
                let each = parts(self.reg_type(sym).0);
                let var = self.reg_var(sym, u32::from(elem) * each)?;
                let value = self.read_var(var);
                self.fit(value, want, Signed::of(ty))
            }
            Operand::Not(sym) => {
                let var = self.reg_var(sym, 0)?;
                let value = self.read_var(var);
                Ok(self.not(value))
            }
            Operand::Special(reg, elem) => {
                let value = self.special(reg, elem)?;
                self.fit(value, want, Signed::No)
            }
            Operand::Int(value) => Ok(self.int_const(value, want)),
            Operand::F32(bits) => Ok(self.float_const(f64::from(f32::from_bits(bits)), Some(bits), want)),
            Operand::F64(bits) => Ok(self.float_const(f64::from_bits(bits), None, want)),
            Operand::Sym(sym, offset) => {
                let (value, _) = self.symbol_address(sym)?;
                let value = self.add_imm(value, offset);
                self.fit(value, want, Signed::No)
            }
            // `{a}` where one element is wanted: Triton writes every scalar access so.
            Operand::Vector(list) if self.body.list(list).len() == 1 => {
                self.read(&self.body.list(list)[0], ty)
            }
            Operand::Addr { .. }
            | Operand::Select(..)
            | Operand::Vector(_)
            | Operand::Pair(_)
            | Operand::Bracket(_)
            | Operand::Args(_)
            | Operand::Sink => fail(format!("expected a value, found {operand:?}")),
        }
    }

    fn int_const(&mut self, value: i64, want: Type) -> Value {
        match want {
            Type::F32 => self.iconst(want, u64::from((value as f32).to_bits())),
            Type::F64 => self.iconst(want, (value as f64).to_bits()),
            // An integer for a half is its bits: there are no half literals (PTX ISA 4.5.2).
            Type::I1 => self.iconst(want, u64::from(value != 0)),
            _ => self.iconst(want, value as u64),
        }
    }

    /// A float literal at a type: rounded for narrower floats, its bits for integer types.
    fn float_const(&mut self, value: f64, single: Option<u32>, want: Type) -> Value {
        let single_bits = single.unwrap_or_else(|| (value as f32).to_bits());
        match want {
            Type::F64 | Type::I64 => self.iconst(want, value.to_bits()),
            Type::F32 | Type::I32 => self.iconst(want, u64::from(single_bits)),
            Type::F16 | Type::BF16 => {
                let wide = self.iconst(Type::F64, value.to_bits());
                self.op(Op::FToF(Type::F64, ir::FpMode::RN), want, &[wide])
            }
            Type::I1 | Type::I8 | Type::I16 => self.iconst(want, u64::from(single_bits)),
        }
    }

    /// Fits a register's value to an instruction's type: same bits, truncated, or extended.
    pub fn fit(&mut self, value: Value, want: Type, signed: Signed) -> Lowered<Value> {
        let have = self.ty(value);
        if have == want {
            return Ok(value);
        }
        if have == Type::I1 || want == Type::I1 {
            return fail(format!("a predicate used as {want}, or a {have} as predicate"));
        }
        if have.bits() == want.bits() {
            return Ok(self.bitcast(want, value));
        }
        let bits = self.bits(value);
        let resized = self.extend(signed, want.to_int(), bits);
        Ok(self.bitcast(want, resized))
    }

    /// Writes a value of an instruction's type into a destination.
    pub fn write(&mut self, dest: &Operand, ty: ScalarType, value: Value) -> Lowered<()> {
        let var = match *dest {
            Operand::Sink => return Ok(()),
            Operand::Reg(sym) => self.reg_var(sym, 0)?,
            Operand::Elem(sym, elem) => {
                let each = parts(self.reg_type(sym).0);
                self.reg_var(sym, u32::from(elem) * each)?
            }
            Operand::Vector(list) if self.body.list(list).len() == 1 => {
                return self.write(&self.body.list(list)[0], ty, value);
            }
            _ => return fail(format!("expected a destination register, found {dest:?}")),
        };
        let value = self.fit(value, self.ssa.ty(var), Signed::of(ty))?;
        self.write_var(var, value);
        Ok(())
    }

    /// Reads the low and high half of a `.b128` register.
    pub fn read_wide(&mut self, operand: &Operand) -> Lowered<[Value; 2]> {
        match *operand {
            Operand::Reg(sym) if parts(self.reg_type(sym).0) == 2 => {
                let (lo, hi) = (self.reg_var(sym, 0)?, self.reg_var(sym, 1)?);
                Ok([self.read_var(lo), self.read_var(hi)])
            }
            Operand::Int(value) => {
                Ok([self.iconst(Type::I64, value as u64), self.iconst(Type::I64, (value >> 63) as u64)])
            }
            _ => fail(format!("expected a .b128 register, found {operand:?}")),
        }
    }

    /// Writes a `.b128` register.
    pub fn write_wide(&mut self, dest: &Operand, value: [Value; 2]) -> Lowered<()> {
        match *dest {
            Operand::Sink => Ok(()),
            Operand::Reg(sym) if parts(self.reg_type(sym).0) == 2 => {
                let (lo, hi) = (self.reg_var(sym, 0)?, self.reg_var(sym, 1)?);
                self.write_var(lo, value[0]);
                self.write_var(hi, value[1]);
                Ok(())
            }
            _ => fail(format!("expected a .b128 register, found {dest:?}")),
        }
    }

    /// The elements of a vector operand, of a vector register, or the operand itself.
    pub fn elements(&self, operand: &Operand) -> SmallVec<[Operand; 8]> {
        match *operand {
            Operand::Vector(list) => self.body.list(list).into(),
            Operand::Reg(sym) if self.reg_type(sym).1 > 1 => {
                (0..self.reg_type(sym).1).map(|i| Operand::Elem(sym, i as u8)).collect()
            }
            Operand::Special(reg, _) if reg.row().vector => {
                (0..4).map(|i| Operand::Special(reg, i)).collect()
            }
            _ => SmallVec::from_slice(&[*operand]),
        }
    }

    /// The two destinations of `d|p`; the second is absent when only one is written.
    pub fn pair(&self, operand: &Operand) -> (Operand, Option<Operand>) {
        match *operand {
            Operand::Pair(list) => match self.body.list(list) {
                [a, b] => (*a, Some(*b)),
                _ => (Operand::Sink, None),
            },
            _ => (*operand, None),
        }
    }

    /// Address of what a symbol names, in the space that it is an address of.
    pub fn symbol_address(&mut self, sym: SymId) -> Lowered<(Value, Space)> {
        match self.homes.get(sym.0 as usize).copied() {
            Some(Home::Global(id)) => {
                let space = self.global(id).space;
                Ok((self.b().global_addr(id, 0), space))
            }
            Some(Home::Slot(slot)) => Ok((self.b().slot_addr(slot), Space::Local)),
            Some(Home::Pointer(value)) => Ok((value, Space::Local)),
            Some(Home::KernelParam(offset)) => Ok((self.b().i64(i64::from(offset)), Space::Param)),
            Some(Home::Func(id)) => Ok((self.push1(Inst::FuncAddr(id), &[]), Space::Generic)),
            other => fail(format!("a name that has no address: {other:?}")),
        }
    }

    /// The address of a memory operand, 64 bits wide, and the space that it is in.
    pub fn address(&mut self, operand: &Operand, space: ptx::Space) -> Lowered<(Value, Space)> {
        let (base, offset) = match *operand {
            Operand::Addr { base, offset } => (base, offset),
            _ => return fail(format!("expected an address, found {operand:?}")),
        };
        match base {
            AddrBase::Sym(sym) => {
                let (value, own) = match self.homes.get(sym.0 as usize) {
                    Some(Home::Reg(_)) => return self.address_reg(&Operand::Reg(sym), offset, space),
                    _ => self.symbol_address(sym)?,
                };
                Ok((self.add_imm(value, offset), own))
            }
            AddrBase::Reg(sym) => self.address_reg(&Operand::Reg(sym), offset, space),
            AddrBase::Elem(sym, elem) => self.address_reg(&Operand::Elem(sym, elem), offset, space),
            AddrBase::None => Ok((self.b().i64(offset), self.space(space)?)),
        }
    }

    /// 32-bit address registers wrap at 32 bits and are zero-extended.
    fn address_reg(&mut self, base: &Operand, offset: i64, space: ptx::Space) -> Lowered<(Value, Space)> {
        let (Operand::Reg(sym) | Operand::Elem(sym, _)) = *base else {
            return fail("expected an address register");
        };
        let ty = if self.reg_type(sym).0.bits() > 32 { ScalarType::U64 } else { ScalarType::U32 };
        let value = self.read(base, ty)?;
        let sum = self.add_imm(value, offset);
        Ok((self.zext(Type::I64, sum), self.space(space)?))
    }

    /// The IR's space for an address in a register.
    pub fn space(&self, space: ptx::Space) -> Lowered<Space> {
        Ok(match space {
            ptx::Space::Generic => Space::Generic,
            ptx::Space::Global => Space::Global,
            ptx::Space::Const => Space::Const,
            // One CTA is one cluster here: `.shared::cluster` addresses are the CTA's own.
            ptx::Space::Shared | ptx::Space::SharedCta | ptx::Space::SharedCluster => Space::Shared,
            ptx::Space::Local => Space::Local,
            ptx::Space::Param | ptx::Space::ParamEntry | ptx::Space::ParamFunc => {
                if self.is_kernel {
                    Space::Param
                } else {
                    Space::Local
                }
            }
            ptx::Space::Reg | ptx::Space::Sreg | ptx::Space::Tex => {
                return fail(format!("no addresses in .{space}"));
            }
        })
    }

    /// The value of a special register (PTX ISA 10).
    fn special(&mut self, reg: SpecialReg, elem: u8) -> Lowered<Value> {
        use SpecialReg as S;
        let xyz = |x: Sreg, y: Sreg, z: Sreg| match elem {
            0 => Some(x),
            1 => Some(y),
            2 => Some(z),
            _ => None,
        };
        let grid = xyz(Sreg::NctaidX, Sreg::NctaidY, Sreg::NctaidZ);
        let cta = xyz(Sreg::CtaidX, Sreg::CtaidY, Sreg::CtaidZ);
        let sreg = match reg {
            S::Tid => xyz(Sreg::TidX, Sreg::TidY, Sreg::TidZ),
            S::Ntid => xyz(Sreg::NtidX, Sreg::NtidY, Sreg::NtidZ),
            S::Ctaid => cta,
            S::Nctaid => grid,
            S::Laneid => Some(Sreg::LaneId),
            S::Warpid => Some(Sreg::WarpId),
            S::Nwarpid => Some(Sreg::NwarpId),
            S::Smid => Some(Sreg::SmId),
            S::Nsmid => Some(Sreg::NsmId),
            S::Gridid => Some(Sreg::GridId),
            // Without a cluster launch each CTA is a cluster of its own.
            S::Clusterid => cta,
            S::Nclusterid => grid,
            S::IsExplicitCluster => return Ok(self.b().bool(false)),
            S::ClusterCtaid | S::ClusterCtarank => return Ok(self.i32(0)),
            S::ClusterNctaid | S::ClusterNctarank => return Ok(self.i32(i32::from(elem < 3))),
            S::LanemaskEq => Some(Sreg::LanemaskEq),
            S::LanemaskLe => Some(Sreg::LanemaskLe),
            S::LanemaskLt => Some(Sreg::LanemaskLt),
            S::LanemaskGe => Some(Sreg::LanemaskGe),
            S::LanemaskGt => Some(Sreg::LanemaskGt),
            S::Clock => Some(Sreg::Clock),
            S::ClockHi => Some(Sreg::ClockHi),
            S::Clock64 => Some(Sreg::Clock64),
            S::Globaltimer => Some(Sreg::GlobalTimer),
            S::GlobaltimerLo => Some(Sreg::GlobalTimerLo),
            S::GlobaltimerHi => Some(Sreg::GlobalTimerHi),
            S::TotalSmemSize | S::AggrSmemSize => Some(Sreg::TotalSmemSize),
            S::DynamicSmemSize => Some(Sreg::DynamicSmemSize),
            S::CurrentGraphExec => return Ok(self.b().i64(0)),
            // No shared memory is reserved, and the driver sets no environment registers: the rest reads as zero.
            // Performance counters are refused by the table.
            _ => None,
        };
        match sreg {
            Some(sreg) => Ok(self.b().sreg(sreg)),
            None if reg.row().ty.bits() == 64 => Ok(self.b().i64(0)),
            None => Ok(self.i32(0)),
        }
    }
}
