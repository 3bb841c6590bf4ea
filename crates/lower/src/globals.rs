//! Module variables: from PTX declarations to bytes and relocations.
//! Invariant: an initialiser never has more bytes than its variable.

use crate::error::{Error, ErrorKind};
use crate::operand::ir_type;
use crate::unit::{FuncRef, Unit};
use ir::{Global, Linkage, Reloc, RelocTarget, Space, Type};
use ptx::{Init, ScalarType, Variable};

/// The IR's variable for a declaration, without its initial value. `None` for spaces that have no module variables.
pub(crate) fn declare(module: &ptx::Module, var: &Variable) -> Option<Global> {
    let space = match var.space {
        ptx::Space::Global | ptx::Space::Tex => Space::Global,
        ptx::Space::Const => Space::Const,
        ptx::Space::Shared | ptx::Space::SharedCta | ptx::Space::SharedCluster => Space::Shared,
        _ => return None,
    };
    let unsized_array = var.init.is_none() && var.dims.iter().any(Option::is_none);
    Some(Global {
        name: module.name(var.name).to_string(),
        space,
        size: var.bytes(),
        align: var.align.max(1),
        init: Vec::new(),
        relocs: Vec::new(),
        linkage: linkage(var.linkage),
        dynamic_shared: space == Space::Shared && var.linkage == ptx::Linkage::Extern && unsized_array,
        owner: None,
    })
}

pub(crate) fn linkage(linkage: ptx::Linkage) -> Linkage {
    match linkage {
        ptx::Linkage::Internal => Linkage::Internal,
        ptx::Linkage::Visible => Linkage::Visible,
        ptx::Linkage::Extern => Linkage::Extern,
        ptx::Linkage::Weak => Linkage::Weak,
        ptx::Linkage::Common => Linkage::Common,
    }
}

/// Fills in the initial value of `global` from its declaration. `resolve` maps a name to what it stands for.
pub(crate) fn initialise(unit: &Unit, var: &Variable, global: &mut Global) -> Result<(), Error> {
    let Some(init) = &var.init else { return Ok(()) };
    let mut extents: Vec<u64> = Vec::new();
    for (i, dim) in var.dims.iter().enumerate() {
        extents.push(match (dim, init) {
            (Some(n), _) => *n,
            (None, Init::List(items)) if i == 0 => items.len() as u64,
            (None, _) => 0,
        });
    }
    if var.vector > 1 {
        extents.push(u64::from(var.vector));
    }
    let mut writer = Writer { unit, var, global, element: u64::from(var.ty.bytes()) };
    writer.put(init, &extents, 0)
}

struct Writer<'a> {
    unit: &'a Unit,
    var: &'a Variable,
    global: &'a mut Global,
    element: u64,
}

impl Writer<'_> {
    /// Writes `init` as an array of `extents` at byte `at`.
    fn put(&mut self, init: &Init, extents: &[u64], at: u64) -> Result<(), Error> {
        let (Init::List(items), Some((&count, inner))) = (init, extents.split_first()) else {
            return match init {
                Init::List(items) => match items.as_slice() {
                    [one] => self.put(one, extents, at),
                    [] => Ok(()),
                    _ => Err(self.error("more values than the variable has elements")),
                },
                _ => self.scalar(init, at),
            };
        };
        let stride = inner.iter().fold(self.element, |size, n| size.saturating_mul(*n));
        // A flat list may initialise an array of several dimensions, element by element.
        let flat = !inner.is_empty() && !items.iter().any(|item| matches!(item, Init::List(_)));
        let (stride, count, inner) = if flat {
            (self.element, count.saturating_mul(stride / self.element.max(1)), &[][..])
        } else {
            (stride, count, inner)
        };
        if items.len() as u64 > count {
            return Err(self.error("more values than the variable has elements"));
        }
        for (i, item) in items.iter().enumerate() {
            self.put(item, inner, at + i as u64 * stride)?;
        }
        Ok(())
    }

    fn scalar(&mut self, init: &Init, at: u64) -> Result<(), Error> {
        let ty = self.var.ty;
        let bits = match *init {
            Init::Int(value) => match ir_type(ty) {
                Type::F32 => u64::from((value as f32).to_bits()),
                Type::F64 => (value as f64).to_bits(),
                _ => value as u64,
            },
            Init::F32(bits) => float_bits(ty, f64::from(f32::from_bits(bits)), Some(bits)),
            Init::F64(bits) => float_bits(ty, f64::from_bits(bits), None),
            Init::Address { name, offset, generic, mask_shift } => {
                return self.address(at, name, offset, generic, mask_shift);
            }
            // Texture and sampler fields have no bytes of ours.
            Init::Fields(_) | Init::List(_) => return Ok(()),
        };
        let size = self.element as usize;
        let bytes = bits.to_le_bytes();
        let end = at as usize + size;
        if end as u64 > self.global.size {
            return Err(self.error("more values than the variable has elements"));
        }
        if self.global.init.len() < end {
            self.global.init.resize(end, 0);
        }
        let low = size.min(8);
        self.global.init[at as usize..at as usize + low].copy_from_slice(&bytes[..low]);
        Ok(())
    }

    fn address(
        &mut self,
        at: u64,
        name: ptx::Span,
        addend: i64,
        generic: bool,
        mask_shift: Option<u8>,
    ) -> Result<(), Error> {
        let module = &self.unit.module;
        let text = module.name(name);
        let target = match module.globals.get(text) {
            Some(ptx::Global::Variable(id)) => self.unit.vars[id.0 as usize]
                .map(|id| if generic { RelocTarget::GenericGlobal(id) } else { RelocTarget::Global(id) }),
            Some(ptx::Global::Function(id)) => match self.unit.funcs[id.0 as usize] {
                FuncRef::Ir(id) => Some(RelocTarget::Func(id)),
                FuncRef::Sys(_) | FuncRef::Missing => None,
            },
            None => None,
        };
        let Some(target) = target else {
            return Err(Error::new(
                ErrorKind::Unresolved,
                format!("undefined symbol '{text}' in an initialiser"),
            )
            .symbol(text)
            .at(&module.source, name));
        };
        let size = if mask_shift.is_some() { 1 } else { self.element.min(8) as u8 };
        if at + u64::from(size) > self.global.size {
            return Err(self.error("more values than the variable has elements"));
        }
        self.global.relocs.push(Reloc { offset: at, size, shift: mask_shift.unwrap_or(0), target, addend });
        Ok(())
    }

    fn error(&self, message: &str) -> Error {
        Error::new(ErrorKind::Initialiser, format!("'{}': {message}", self.global.name))
            .symbol(&self.global.name)
            .at(&self.unit.module.source, self.var.span)
    }
}

fn float_bits(ty: ScalarType, value: f64, single: Option<u32>) -> u64 {
    match ir_type(ty) {
        Type::F64 | Type::I64 => value.to_bits(),
        Type::F16 | Type::BF16 | Type::I1 | Type::I8 | Type::I16 | Type::F32 | Type::I32 => {
            u64::from(single.unwrap_or_else(|| (value as f32).to_bits()))
        }
    }
}
