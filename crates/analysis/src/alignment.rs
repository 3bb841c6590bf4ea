//! Which accesses need a check of their alignment, and what the check has to look at.
//!
//! A form says of a value that its low bits are those of a root plus a constant. An address whose form has no root is
//! aligned or not once and for all; one that hangs on a pointer is as aligned as the pointer is, so that one check of the
//! pointer serves all accesses that it dominates. Invariant: an access without a check is aligned in every execution
//! that reaches it.

use crate::{Cfg, dom};
use ir::{Block, Function, Inst, InstId, Op, Space, Type, Value};
use rustc_hash::FxHashMap;

/// Accesses are at most 32 bytes wide.
const MOST_BITS: u32 = 5;
/// Windows of local memory begin at multiples of 16 bytes.
const WINDOW_BITS: u32 = 4;

/// The low `bits` bits of a value are those of `root + offset`; without a root, of `offset`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Form {
    root: Option<Value>,
    offset: u32,
    bits: u32,
}

impl Form {
    fn known(offset: u64, bits: u32) -> Form {
        let bits = bits.min(MOST_BITS);
        Form { root: None, offset: offset as u32 & mask(bits), bits }
    }

    fn itself(value: Value) -> Form {
        Form { root: Some(value), offset: 0, bits: MOST_BITS }
    }

    fn capped(self, bits: u32) -> Form {
        let bits = self.bits.min(bits);
        Form { bits, offset: self.offset & mask(bits), ..self }
    }

    /// Low bits that are zero whatever the root is.
    fn zeros(self) -> u32 {
        if self.root.is_some() { 0 } else { self.offset.trailing_zeros().min(self.bits) }
    }
}

const fn mask(bits: u32) -> u32 {
    (1 << bits) - 1
}

/// What must hold before an access: `(value + offset) & mask == 0`, in every lane that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Check {
    /// The address, or what its low bits come from. A parameter's load that is recomputed where it is needed, or else
    /// a value that may not be at hand: then the address itself serves.
    pub root: Value,
    pub offset: u32,
    pub mask: u32,
}

/// The accesses that need a check.
pub type Checks = FxHashMap<InstId, Check>;

/// `global`: a variable's alignment.
pub fn checks(func: &Function, cfg: &Cfg, global: &dyn Fn(ir::GlobalId) -> u32) -> Checks {
    let forms = forms(func, cfg, global);
    let dom = dom::compute(cfg);
    let mut out = Checks::default();
    // Checks by what they look at, with the block that made them: those they dominate need not be made again.
    let mut made: FxHashMap<Key, Vec<(Block, u32, u32)>> = FxHashMap::default();
    for &block in &cfg.rpo {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            let align = match data.inst {
                Inst::Load { align, .. } | Inst::Store { align, .. } => align,
                Inst::Atomic { ty, .. } => ty.bytes(),
                _ => continue,
            };
            let need = align.max(1).trailing_zeros().min(MOST_BITS);
            let form = forms[data.args[0].index()].unwrap_or(Form::itself(data.args[0]));
            let (root, offset) = match form.root {
                _ if need == 0 => continue,
                None if form.bits >= need && form.offset & mask(need) == 0 => continue,
                Some(root) if form.bits >= need => (root, form.offset & mask(need)),
                _ => (data.args[0], 0),
            };
            let list = made.entry(key(func, root)).or_default();
            let done = |&(at, o, m): &(Block, u32, u32)| {
                m & mask(need) == mask(need) && o & mask(need) == offset && dom.dominates(at, block)
            };
            if list.iter().any(done) {
                continue;
            }
            list.push((block, offset, mask(need)));
            out.insert(inst, Check { root, offset, mask: mask(need) });
        }
    }
    out
}

/// Equal for values that are surely equal: every load of a parameter gives the same.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Param(u64, Type),
    Value(Value),
}

fn key(func: &Function, root: Value) -> Key {
    match parameter(func, root) {
        Some(offset) => Key::Param(offset, func.ty(root)),
        None => Key::Value(root),
    }
}

/// The offset of the parameter that a value was loaded from.
pub fn parameter(func: &Function, value: Value) -> Option<u64> {
    let data = func.def_inst(value)?;
    match data.inst {
        Inst::Load { space: Space::Param, count: 1, .. } if func.kernel.is_some() => {
            func.as_const(data.args[0])
        }
        _ => None,
    }
}

/// The greatest fixed point: a block parameter has the form that all that reaches it agree on.
fn forms(func: &Function, cfg: &Cfg, global: &dyn Fn(ir::GlobalId) -> u32) -> Vec<Option<Form>> {
    let mut forms: Vec<Option<Form>> = vec![None; func.values.len()];
    loop {
        let mut changed = false;
        for &block in &cfg.rpo {
            for (k, &param) in func.block(block).params.iter().enumerate() {
                let new = meet_all(func, cfg, &forms, block, k, param);
                changed |= new != forms[param.index()];
                forms[param.index()] = new;
            }
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                let Some(&result) = data.results.first() else { continue };
                let new = transfer(func, &forms, global, inst);
                changed |= forms[result.index()] != Some(new);
                forms[result.index()] = Some(new);
                for &other in &data.results[1..] {
                    forms[other.index()] = Some(Form::itself(other));
                }
            }
        }
        if !changed {
            return forms;
        }
    }
}

fn meet_all(
    func: &Function,
    cfg: &Cfg,
    forms: &[Option<Form>],
    block: Block,
    k: usize,
    param: Value,
) -> Option<Form> {
    let own = Form::itself(param);
    // Once its own root, always: forms only fall.
    if block == Function::ENTRY || forms[param.index()] == Some(own) {
        return Some(own);
    }
    let mut met = forms[param.index()];
    for &pred in &cfg.preds[block.index()] {
        for call in func.block(pred).term.successors().filter(|c| c.block == block) {
            let Some(form) = forms[call.args[k].index()] else { continue };
            met = Some(match met {
                None => form,
                Some(old) => {
                    let same = key_of(func, old.root) == key_of(func, form.root);
                    let agree = (old.offset ^ form.offset).trailing_zeros();
                    let bits = old.bits.min(form.bits).min(agree);
                    // What agrees in no bit is not worth following.
                    if !same || bits == 0 {
                        return Some(own);
                    }
                    old.capped(bits)
                }
            });
        }
    }
    met
}

fn key_of(func: &Function, root: Option<Value>) -> Option<Key> {
    root.map(|r| key(func, r))
}

fn transfer(
    func: &Function,
    forms: &[Option<Form>],
    global: &dyn Fn(ir::GlobalId) -> u32,
    inst: InstId,
) -> Form {
    let data = func.inst(inst);
    let own = Form::itself(data.results[0]);
    let of = |k: usize| {
        let arg = data.args[k];
        forms[arg.index()].unwrap_or(Form::itself(arg))
    };
    match data.inst {
        Inst::Const { bits, .. } => Form::known(bits, MOST_BITS),
        Inst::GlobalAddr { global: g, offset } => {
            Form::known(offset as u64, global(g).max(1).trailing_zeros())
        }
        Inst::SlotAddr(slot) => {
            let align = func.slots[slot.index()].align.max(1);
            Form::known(0, align.trailing_zeros().min(WINDOW_BITS))
        }
        Inst::ToGeneric(space) | Inst::FromGeneric(space) => match space {
            Space::Local => of(0).capped(WINDOW_BITS),
            Space::Shared | Space::Param | Space::Generic | Space::Global | Space::Const => of(0),
        },
        Inst::Pure { op, .. } => match op {
            Op::IAdd => sum(of(0), of(1)).unwrap_or(own),
            Op::ISub if of(1).root.is_none() => {
                let b = of(1);
                let minus = Form::known(u64::from(b.offset).wrapping_neg(), b.bits);
                sum(of(0), minus).unwrap_or(own)
            }
            Op::IMul => product(of(0), of(1)).unwrap_or(own),
            Op::Shl => match func.as_const(data.args[1]) {
                Some(by) => {
                    let (a, by) = (of(0), by.min(u64::from(MOST_BITS)) as u32);
                    let bits = if a.root.is_some() { by } else { a.bits + by };
                    let low = if a.root.is_some() { 0 } else { u64::from(a.offset) << by };
                    if bits == 0 { own } else { Form::known(low, bits) }
                }
                None => of(0).zeros_or(own),
            },
            Op::And => {
                let zeros = of(0).zeros().max(of(1).zeros());
                let all_ones = |k: usize| of(k).root.is_none() && of(k) == Form::known(u64::MAX, MOST_BITS);
                if all_ones(1) {
                    of(0)
                } else if all_ones(0) {
                    of(1)
                } else {
                    Form::known(0, zeros).or(own)
                }
            }
            Op::Or => match (of(0), of(1)) {
                (a @ Form { root: None, .. }, b @ Form { root: None, .. }) => {
                    Form::known(u64::from(a.offset | b.offset), a.bits.min(b.bits)).or(own)
                }
                (a, b) if b.root.is_none() && b.zeros() > 0 => a.capped(b.zeros()),
                (a, b) if a.root.is_none() && a.zeros() > 0 => b.capped(a.zeros()),
                _ => own,
            },
            Op::Trunc(from) | Op::ZExt(from) | Op::SExt(from) if from != Type::I1 => of(0),
            Op::Bitcast(Type::I64 | Type::I32) => of(0),
            Op::Select => {
                let (a, b) = (of(1), of(2));
                let bits = a.bits.min(b.bits).min((a.offset ^ b.offset).trailing_zeros());
                if key_of(func, a.root) == key_of(func, b.root) && bits > 0 { a.capped(bits) } else { own }
            }
            _ => own,
        },
        _ => own,
    }
}

impl Form {
    /// This form, or `other` where it says nothing.
    fn or(self, other: Form) -> Form {
        if self.bits == 0 { other } else { self }
    }

    /// The trailing zeros that shifting keeps.
    fn zeros_or(self, other: Form) -> Form {
        Form::known(0, self.zeros()).or(other)
    }
}

fn sum(a: Form, b: Form) -> Option<Form> {
    let root = match (a.root, b.root) {
        (Some(_), Some(_)) => return None,
        (r, None) | (None, r) => r,
    };
    let bits = a.bits.min(b.bits);
    (bits > 0).then_some(Form { root, offset: (a.offset + b.offset) & mask(bits), bits })
}

fn product(a: Form, b: Form) -> Option<Form> {
    let (za, zb) = (a.zeros(), b.zeros());
    let both = a.root.is_none() && b.root.is_none();
    // a = 2^za * x and b known in its low bits gives as many more known bits.
    let exact = if both { (a.bits + zb).min(b.bits + za) } else { 0 };
    let form = if exact > 0 {
        Form::known(u64::from(a.offset) * u64::from(b.offset), exact)
    } else {
        Form::known(0, za + zb)
    };
    (form.bits > 0).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(form: Form) -> (Option<Value>, u32, u32) {
        (form.root, form.offset, form.bits)
    }

    #[test]
    fn sums_and_products_keep_what_is_sure() {
        let p = Form::itself(Value(7));
        let step = Form::known(4, 5);
        let index = Form::known(0, 2);
        assert_eq!(sum(p, step).map(known), Some((Some(Value(7)), 4, 5)));
        assert_eq!(sum(p, index).map(known), Some((Some(Value(7)), 0, 2)));
        assert_eq!(sum(p, p), None);
        assert_eq!(product(p, Form::known(24, 5)).map(known), Some((None, 0, 3)));
        assert_eq!(product(Form::known(3, 5), Form::known(5, 5)).map(known), Some((None, 15, 5)));
        assert_eq!(product(Form::known(0, 2), Form::known(1, 1)).map(known), Some((None, 0, 2)));
    }
}
