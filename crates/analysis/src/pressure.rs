//! How many vector registers the inner loops of a gang fill, from which the number of its chunks follows.
//!
//! An estimate in the order in which the instructions stand. It counts what a loop uses; what merely lives through it
//! may lie in memory meanwhile. Loops with a barrier inside count where no barrier becomes code; elsewhere what lives
//! across it is in memory anyway. And how many registers straight code fills.

use crate::liveness::Liveness;
use crate::{Cfg, GangLayout, Shape, Uniformity};
use ir::{Block, Function, Inst, Space, Type, Value};

/// Vector registers at the fullest point of a loop.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Pressure {
    /// Filled once for each chunk.
    pub chunk: u32,
    /// Filled once for all chunks: every chunk has the same vector there.
    pub common: u32,
}

impl Pressure {
    /// Registers that so many chunks fill.
    pub fn of(self, chunks: u32) -> u32 {
        self.chunk * chunks + self.common
    }
}

/// Whether loops with a barrier inside count, and loops around others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loops {
    Inner,
    All,
}

/// Vector registers that a value takes for each chunk: none if it is regular, or a mask.
fn registers(func: &Function, uni: &Uniformity, layout: &GangLayout, register: u32, value: Value) -> u32 {
    match (uni.shape(value), func.ty(value)) {
        (Shape::Varying, Type::I1) => 0,
        (Shape::Varying, ty) => (layout.lanes * ty.bytes()).div_ceil(register),
        (Shape::Unknown | Shape::Uniform | Shape::Affine { .. } | Shape::Chunked(_), _) => 0,
    }
}

/// The fullest point of these loops. `register`: bytes of a vector register.
pub fn peak(
    func: &Function,
    cfg: &Cfg,
    live: &Liveness,
    uni: &Uniformity,
    layout: &GangLayout,
    register: u32,
    loops: Loops,
) -> Pressure {
    let common = common_vectors(func, cfg, uni, layout);
    let weight = |v: Value| {
        let registers = registers(func, uni, layout, register, v);
        match common[v.index()] {
            true => Pressure { chunk: 0, common: registers },
            false => Pressure { chunk: registers, common: 0 },
        }
    };
    let mut most = Pressure::default();
    let mut heads: Vec<Block> = cfg.rpo.iter().filter_map(|&b| uni.regions.loop_head(b)).collect();
    heads.sort_unstable();
    heads.dedup();
    for head in heads {
        let blocks: Vec<Block> =
            cfg.rpo.iter().copied().filter(|&b| uni.regions.shares_loop(head, b)).collect();
        let inner = blocks.iter().all(|&b| uni.regions.loop_head(b) == Some(head));
        match loops {
            Loops::Inner if !inner || blocks.iter().any(|&b| has_barrier(func, b)) => continue,
            Loops::Inner | Loops::All => {}
        }
        let mut used = vec![false; func.values.len()];
        for &block in &blocks {
            for_each_use(func, block, |v| used[v.index()] = true);
        }
        for &block in &blocks {
            let here = peak_of_block(func, cfg, live, block, &|v| match used[v.index()] {
                true => weight(v),
                false => Pressure::default(),
            });
            if here.of(layout.chunks) > most.of(layout.chunks) {
                most = here;
            }
        }
    }
    most
}

/// The fullest point of blocks that are in no loop.
pub fn straight(
    func: &Function,
    cfg: &Cfg,
    live: &Liveness,
    uni: &Uniformity,
    layout: &GangLayout,
    register: u32,
) -> Pressure {
    let weight = |v: Value| Pressure { chunk: registers(func, uni, layout, register, v), common: 0 };
    let blocks = cfg.rpo.iter().copied().filter(|&b| uni.regions.loop_head(b).is_none());
    let peaks = blocks.map(|b| peak_of_block(func, cfg, live, b, &weight));
    peaks.max_by_key(|p| p.of(layout.chunks)).unwrap_or_default()
}

fn has_barrier(func: &Function, block: Block) -> bool {
    func.block(block).insts.iter().any(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }))
}

fn for_each_use(func: &Function, block: Block, mut f: impl FnMut(Value)) {
    for &inst in &func.block(block).insts {
        func.inst(inst).args.iter().for_each(|&v| f(v));
    }
    func.block(block).term.for_each_use(f);
}

/// By one walk from the end of the block to its start.
fn peak_of_block(
    func: &Function,
    cfg: &Cfg,
    live: &Liveness,
    block: Block,
    weight: &impl Fn(Value) -> Pressure,
) -> Pressure {
    let mut alive = vec![false; func.values.len()];
    let mut now = Pressure::default();
    let add = |alive: &mut Vec<bool>, now: &mut Pressure, v: Value| {
        if !std::mem::replace(&mut alive[v.index()], true) {
            let w = weight(v);
            now.chunk += w.chunk;
            now.common += w.common;
        }
    };
    for &succ in &cfg.succs[block.index()] {
        live.live_in(succ).for_each(|v| add(&mut alive, &mut now, v));
    }
    func.block(block).term.for_each_use(|v| add(&mut alive, &mut now, v));
    let mut most = now;
    for &inst in func.block(block).insts.iter().rev() {
        let data = func.inst(inst);
        for &r in &data.results {
            if std::mem::replace(&mut alive[r.index()], false) {
                let w = weight(r);
                now.chunk -= w.chunk;
                now.common -= w.common;
            }
        }
        data.args.iter().for_each(|&v| add(&mut alive, &mut now, v));
        most.chunk = most.chunk.max(now.chunk);
        most.common = most.common.max(now.common);
    }
    most
}

/// Values whose vectors are the same in all chunks: loaded where all chunks load, or computed from such.
fn common_vectors(func: &Function, cfg: &Cfg, uni: &Uniformity, layout: &GangLayout) -> Vec<bool> {
    let mut common = vec![false; func.values.len()];
    for &block in &cfg.rpo {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            let same = |v: Value| match uni.shape_at(v, block) {
                Shape::Unknown | Shape::Uniform => true,
                Shape::Affine { deltas, .. } => deltas.0[..layout.chunks as usize].iter().all(|&d| d == 0),
                Shape::Chunked(_) => false,
                Shape::Varying => common[v.index()],
            };
            let repeats = match data.inst {
                Inst::Load { space, .. } => space != Space::Local,
                Inst::Pure { .. } | Inst::ToGeneric(_) | Inst::FromGeneric(_) => true,
                _ => false,
            };
            if repeats && data.args.iter().all(|&a| same(a)) {
                data.results.iter().for_each(|r| common[r.index()] = true);
            }
        }
    }
    common
}
