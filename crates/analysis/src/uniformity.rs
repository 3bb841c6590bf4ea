//! Uniformity: the shape of every value and the divergence of every branch, as the least fixed point of both.

use crate::liveness::def_blocks;
use crate::region::{self, Regions};
use crate::shape::{Facts, Info, Origin, Shape, transfer};
use crate::{Cfg, GangLayout, dom, range, runs};
use ir::{Block, Function, Inst, Terminator, Value};
use rustc_hash::FxHashSet;

/// Shapes by value, and the divergence structure.
pub struct Uniformity {
    info: Vec<Info>,
    def_block: Vec<Option<Block>>,
    /// Values that are the same in every iteration and so need no copy when they leave a loop.
    constant: Vec<bool>,
    is_param: Vec<bool>,
    /// Quotients and remainders within runs.
    runs: runs::Runs,
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
        if self.constant[value.index()] {
            return false;
        }
        // Parameters that vary are kept lane by lane, and edges that some lanes take leave the others' alone.
        match self.is_param[value.index()] && self.shape(value) != Shape::Varying {
            true => self.regions.loses_param(def, block),
            false => self.regions.loses_value(def, block),
        }
    }

    /// The conversion that the affine shape of `value` rests on.
    pub fn origin(&self, value: Value) -> Option<Origin> {
        self.info[value.index()].origin
    }

    /// Whether `value` is a quotient or remainder of natural numbers, by a positive divisor that no chunk's numbers reach a
    /// multiple of.
    pub fn in_run(&self, value: Value) -> bool {
        self.runs.contains(value)
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
    let mut facts = Facts {
        ranges: range::compute(func, cfg, layout.block),
        runs: runs::compute(func, cfg, &dom),
        resting: FxHashSet::default(),
    };
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
        is_param: func.values.iter().map(|v| matches!(v.def, ir::ValueDef::Param(..))).collect(),
        runs: facts.runs.clone(),
        regions: region::compute(cfg, &dom, &skeleton, &divergent),
    };
    loop {
        // What was found to wrap is known from the beginning then: shapes do not go down again.
        while !propagate(func, cfg, (layout, &mut facts), &mut out) {}
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
            debug_assert_eq!(region::verify(cfg, &out.regions), Ok(()), "{func}");
            return out;
        }
        out.regions = region::compute(cfg, &dom, &skeleton, &divergent);
    }
}

/// One run to the fixed point for a given divergence structure, from `Unknown` upwards. Whether that is the last one: a
/// conversion looked sure to be affine before a loop's next turn was seen, and now rests on its own check; what was made of
/// it meanwhile does not.
fn propagate(
    func: &Function,
    cfg: &Cfg,
    (layout, facts): (&GangLayout, &mut Facts),
    out: &mut Uniformity,
) -> bool {
    let resting = facts.resting.len();
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
                    let info = param_info(func, cfg, out, block, k);
                    changed |= raise(&mut out.info[param.index()], info);
                }
            }
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                if data.results.is_empty() {
                    continue;
                }
                let infos: Vec<Info> = data.args.iter().map(|&a| info_at(out, a, block)).collect();
                let info = transfer(func, (layout, facts), &data.inst, data.results[0], &data.args, &infos);
                for &r in &data.results {
                    let known = !matches!(out.info[r.index()].shape, Shape::Unknown | Shape::Uniform);
                    if known
                        && out.info[r.index()].origin.is_none()
                        && info.origin.is_some_and(|o| o.ext == r)
                    {
                        facts.resting.insert(r);
                    }
                    changed |= raise(&mut out.info[r.index()], info);
                }
            }
        }
    }
    facts.resting.len() == resting
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

/// The shape of parameter `k` of `block`: that of its arguments, unless lanes that enter together bring different ones.
fn param_info(func: &Function, cfg: &Cfg, u: &Uniformity, block: Block, k: usize) -> Info {
    let mut edges: Vec<(Block, Value, Info)> = Vec::new();
    let mut preds = cfg.preds[block.index()].clone();
    preds.dedup();
    for &x in &preds {
        for call in func.block(x).term.successors().filter(|c| c.block == block) {
            let arg = call.args[k];
            let mut info = info_at(u, arg, x);
            if info.shape != Shape::Unknown && brings_another(cfg, u, arg, x, block) {
                info = Info::VARYING;
            }
            edges.push((x, arg, info));
        }
    }
    let joined = edges.iter().fold(Info::UNKNOWN, |all, (_, _, info)| all.join(*info));
    if matches!(joined.shape, Shape::Unknown | Shape::Varying) {
        return joined;
    }
    let together = |x: Block, y: Block| match x == y {
        true => u.regions.is_divergent(x) || selects(func, u, x) || u.regions.runs_before(x, block),
        false => u.regions.mixes(x, y, block),
    };
    let apart = |i: usize| {
        let (x, arg, _) = edges[i];
        edges[..i].iter().any(|&(y, other, _)| arg != other && together(x, y))
    };
    if (1..edges.len()).any(apart) { Info::VARYING } else { joined }
}

/// Whether lanes that take the edge from `x` may find others waiting at `block` that took it with an older value.
fn brings_another(cfg: &Cfg, u: &Uniformity, arg: Value, x: Block, block: Block) -> bool {
    let (false, Some(def)) = (u.constant[arg.index()], u.def_block[arg.index()]) else { return false };
    let again = |b: Block| u.regions.runs_before(b, block);
    again(x) && (again(def) || u.is_param[arg.index()] && cfg.preds[def.index()].iter().any(|&y| again(y)))
}
