//! Uniformity: the shape of every value and the divergence of every branch, as the least fixed point of both.

use crate::liveness::def_blocks;
use crate::range::{self, Ranges};
use crate::region::{self, Regions};
use crate::shape::{Info, Origin, Shape, transfer};
use crate::{Cfg, DomTree, GangLayout, dom};
use ir::{Block, Function, Inst, Terminator, Value};

/// Shapes by value, and the divergence structure.
pub struct Uniformity {
    info: Vec<Info>,
    def_block: Vec<Option<Block>>,
    /// Values that are the same in every iteration and so need no copy when they leave a loop.
    constant: Vec<bool>,
    pub regions: Regions,
}

impl Uniformity {
    /// The shape of `value` where it is defined.
    pub fn shape(&self, value: Value) -> Shape {
        self.info[value.index()].shape
    }

    /// The shape of `value` when used in `block` (for a block argument: the block that ends in the branch).
    pub fn shape_at(&self, value: Value, block: Block) -> Shape {
        if self.blended(value, block) { Shape::Varying } else { self.shape(value) }
    }

    /// Whether a use in `block` must see each lane's own last value.
    pub fn blended(&self, value: Value, block: Block) -> bool {
        let Some(def) = self.def_block[value.index()] else { return false };
        !self.constant[value.index()] && self.regions.leaves_divergent_loop(def, block)
    }

    /// The conversion that the affine shape of `value` rests on.
    pub fn origin(&self, value: Value) -> Option<Origin> {
        self.info[value.index()].origin
    }

    pub fn def_block(&self, value: Value) -> Option<Block> {
        self.def_block[value.index()]
    }
}

/// Computes shapes for the threads of a gang laid out as `layout`. Parameters of the entry (arguments of a device
/// function) are varying.
pub fn uniformity(func: &Function, cfg: &Cfg, layout: &GangLayout) -> Uniformity {
    let dom = dom::compute(cfg);
    let skeleton = region::skeleton(func, cfg);
    let def_block = def_blocks(func);
    let ranges = range::compute(func, cfg, layout.block);
    let constant: Vec<bool> = func
        .values
        .iter()
        .map(|v| match v.def {
            ir::ValueDef::Result(inst, _) => matches!(
                func.inst(inst).inst,
                Inst::Const { .. } | Inst::GlobalAddr { .. } | Inst::SlotAddr(_) | Inst::FuncAddr(_)
            ),
            ir::ValueDef::Param(..) => false,
        })
        .collect();
    let mut divergent = vec![false; func.blocks.len()];
    let mut out = Uniformity {
        info: Vec::new(),
        def_block,
        constant,
        regions: region::compute(cfg, &dom, &skeleton, &divergent),
    };
    loop {
        propagate(func, cfg, &dom, (layout, &ranges), &mut out);
        let mut changed = false;
        for &b in &cfg.rpo {
            let decides = match &func.block(b).term {
                Terminator::Branch { cond, .. } => *cond,
                Terminator::Switch { index, .. } => *index,
                _ => continue,
            };
            let parts = cfg.succs[b.index()].iter().any(|s| *s != cfg.succs[b.index()][0]);
            if !divergent[b.index()] && parts && out.shape_at(decides, b) != Shape::Uniform {
                divergent[b.index()] = true;
                changed = true;
            }
        }
        if !changed {
            return out;
        }
        out.regions = region::compute(cfg, &dom, &skeleton, &divergent);
    }
}

/// One run to the fixed point for a given divergence structure, from `Unknown` upwards.
fn propagate(
    func: &Function,
    cfg: &Cfg,
    dom: &DomTree,
    (layout, ranges): (&GangLayout, &Ranges),
    out: &mut Uniformity,
) {
    out.info = vec![Info::UNKNOWN; func.values.len()];
    for &p in &func.block(Function::ENTRY).params {
        out.info[p.index()] = if layout.width() == 1 { Info::UNIFORM } else { Info::VARYING };
    }
    let mut changed = true;
    while changed {
        changed = false;
        for &block in &cfg.rpo {
            if block != Function::ENTRY {
                for (k, &param) in func.block(block).params.iter().enumerate() {
                    let info = param_info(func, cfg, dom, out, block, k);
                    changed |= raise(&mut out.info[param.index()], info);
                }
            }
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                if data.results.is_empty() {
                    continue;
                }
                let infos: Vec<Info> = data.args.iter().map(|&a| info_at(out, a, block)).collect();
                let info = transfer(func, (layout, ranges), &data.inst, data.results[0], &data.args, &infos);
                for &r in &data.results {
                    changed |= raise(&mut out.info[r.index()], info);
                }
            }
        }
    }
}

/// Whether lanes decide one by one which arguments they bring: all targets of the branch are one block, but what it
/// looks at varies.
fn selects(func: &Function, u: &Uniformity, block: Block) -> bool {
    let decides = match &func.block(block).term {
        Terminator::Branch { cond, .. } => *cond,
        Terminator::Switch { index, .. } => *index,
        Terminator::Jump(_)
        | Terminator::Ret(_)
        | Terminator::Exit
        | Terminator::Trap
        | Terminator::Unreachable => return false,
    };
    !matches!(info_at(u, decides, block).shape, Shape::Unknown | Shape::Uniform)
}

/// Shapes only go up, so that the iteration ends.
fn raise(slot: &mut Info, new: Info) -> bool {
    let joined = slot.join(new);
    let changed = joined != *slot;
    *slot = joined;
    changed
}

fn info_at(u: &Uniformity, value: Value, block: Block) -> Info {
    let info = u.info[value.index()];
    if info.shape != Shape::Unknown && u.blended(value, block) { Info::VARYING } else { info }
}

/// The shape of parameter `k` of `block`. Lanes of one gang are always in the same iteration of a loop, so the edges
/// into a loop and the edges back to its head are two groups, each of which may bring one value or several.
fn param_info(func: &Function, cfg: &Cfg, dom: &DomTree, u: &Uniformity, block: Block, k: usize) -> Info {
    let mut groups = [(None::<Value>, true, true, Info::UNKNOWN); 2];
    let mut preds = cfg.preds[block.index()].clone();
    preds.dedup();
    for &x in &preds {
        let back = dom.dominates(block, x);
        for call in func.block(x).term.successors().filter(|c| c.block == block) {
            let arg = call.args[k];
            let mut info = info_at(u, arg, x);
            // Lanes that take this edge in different iterations bring values of different iterations.
            if info.shape != Shape::Unknown
                && u.def_block[arg.index()].is_some_and(|def| {
                    !u.constant[arg.index()] && u.regions.leaves_divergent_loop(def, block)
                })
            {
                info = Info::VARYING;
            }
            let (first, same, direct, joined) = &mut groups[back as usize];
            *same &= first.is_none_or(|f| f == arg);
            *first = Some(arg);
            *direct &= u.regions.is_direct(x, block) && !selects(func, u, x);
            *joined = joined.join(info);
        }
    }
    let mut result = Info::UNKNOWN;
    for (first, same, direct, joined) in groups {
        if first.is_none() {
            continue;
        }
        let known = joined.shape != Shape::Unknown;
        result = result.join(if known && !same && !direct { Info::VARYING } else { joined });
    }
    result
}
