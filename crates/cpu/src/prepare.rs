//! Brings a kernel into the form that emission wants: calls inlined, block shape known, every barrier at the end of
//! its block.

use crate::emit::Known;
use crate::waits::{WaitLoop, Waits};
use analysis::{Cfg, GangLayout};
use engine::layout::Reach;
use engine::{CompileError, Program, Tier};
use ir::{FuncId, Function, GridSize, Inst, Op, Space, Sreg, Terminator, Type};
use std::sync::Arc;

/// Above this many instructions calls are no longer inlined.
const INLINE_LIMIT: usize = 200_000;

/// Which matrix products stay one instruction, by their form and whether they share a fragment with others; the others
/// become what their functions do.
pub type Keeps<'a> = &'a dyn Fn(&ir::product::Product, bool) -> bool;

/// A kernel in the form that emission wants.
pub struct Prepared {
    pub func: Function,
    /// What the choice of a gang depends on.
    pub features: Features,
    /// How many blocks of a row of the grid are one: see [`opt::joined`].
    pub joined: u32,
}

/// The kernel's body, specialised to `block` and to grids of this size. Calls that cannot be inlined remain. In the
/// baseline tier nothing is written twice: loops stay loops, there is one version for all blocks, and no blocks are joined.
pub fn run(
    program: &dyn Program,
    kernel: FuncId,
    (block, grid): ([u32; 3], GridSize),
    keeps: Keeps<'_>,
    tier: Tier,
) -> Result<Prepared, CompileError> {
    let body = program.body(kernel)?;
    let mut func = Function::clone(&body);
    func.kernel.get_or_insert_with(Default::default).grid = grid;
    inline(program, &mut func, keeps)?;
    optimise(&mut func, block, tier);
    let joined = match tier == Tier::Optimised && grid == GridSize::Rows {
        true => join(&mut func, block),
        false => 1,
    };
    let block = [block[0] * joined, block[1], block[2]];
    let two = tier == Tier::Optimised && is_simple(&func, block) && !opt::runs::takes_apart(&func, block);
    let versions = if two { opt::interior::find(&func, block) } else { None };
    arrange(&mut func, tier);
    let mut found = features(&func, block);
    if let Some(mut versions) = versions {
        arrange(&mut versions.original, tier);
        arrange(&mut versions.interior, tier);
        // Gangs are for the version that most blocks run.
        let Features { instructions, work, wide, .. } = features(&versions.interior, block);
        found = Features { instructions, work, wide, ..found };
        func = versions.join();
    } else if tier == Tier::Optimised && opt::runs::run(&mut func, block) == opt::Changed::Yes {
        merge_latches(&mut func);
        add_preheaders(&mut func);
    }
    Ok(Prepared { func, features: found, joined })
}

/// Joins blocks of a row of the grid, if that pays; how many.
fn join(func: &mut Function, block: [u32; 3]) -> u32 {
    let Some(blocks) = opt::joined::factor(func, block) else { return 1 };
    let pays = crate::across::pays(func, &analysis::cfg::compute(func), block);
    match pays && opt::joined::run(func, block, blocks) == opt::Changed::Yes {
        true => blocks,
        false => 1,
    }
}

/// Whether a kernel may be there in two versions: its threads wait for each other at barriers of the whole block alone, and
/// no loop goes through the grid's memory.
fn is_simple(func: &Function, block: [u32; 3]) -> bool {
    let found = features(func, block);
    let sweeps = || crate::sweep::find(func, &analysis::cfg::compute(func), crate::sweep::Which::Sweeps);
    found.special_barriers == 0 && !found.calls && found.waits == Waits::Never && sweeps().is_empty()
}

/// The form that emission wants.
fn arrange(func: &mut Function, tier: Tier) {
    if tier == Tier::Optimised {
        opt::loads_first::run(func);
    }
    opt::walks::run(func);
    opt::split_returns::run(func);
    split_barriers(func);
    merge_latches(func);
    add_preheaders(func);
    opt::addresses::run(func);
    opt::guards::run(func);
}

/// Instructions of a kernel as it was lowered, without constants.
pub fn lowered(program: &dyn Program, kernel: FuncId) -> Result<usize, CompileError> {
    let body = program.body(kernel)?;
    let insts = body.blocks.iter().flat_map(|b| &b.insts);
    Ok(insts.filter(|i| !matches!(body.inst(**i).inst, Inst::Const { .. })).count())
}

/// All that can be said before the lanes are looked at, in a block of this shape.
fn optimise(func: &mut Function, block: [u32; 3], tier: Tier) {
    specialise(func, block);
    opt::optimise(func);
    opt::rejoin::run(func);
    if tier == Tier::Optimised && opt::unroll::run(func, block) == opt::Changed::Yes {
        opt::optimise(func);
    }
    if opt::loop_slots::run(func) == opt::Changed::Yes {
        opt::clean_up(func);
    }
    opt::sums::run(func, block);
    opt::side_by_side::run(func);
    if opt::bounds::run(func, block).or(opt::repeats::run(func)) == opt::Changed::Yes {
        opt::clean_up(func);
    }
}

/// Gives loops that are entered from a branch a block of their own before the head: the lanes that enter gather there,
/// and all of them go in.
fn add_preheaders(func: &mut Function) {
    let cfg = analysis::cfg::compute(func);
    let dom = analysis::dom::compute(&cfg);
    for &block in &cfg.rpo {
        if cfg.succs[block.index()].len() < 2 {
            continue;
        }
        let mut term = func.block(block).term.clone();
        let mut changed = false;
        for call in term.successors_mut() {
            let head = call.block;
            let is_head = cfg.preds[head.index()].iter().any(|&p| dom.dominates(head, p));
            if !is_head || dom.dominates(head, block) {
                continue;
            }
            let before = func.add_block();
            func.block_mut(before).term = Terminator::Jump(call.clone());
            *call = ir::BlockCall::new(before);
            changed = true;
        }
        if changed {
            func.block_mut(block).term = term;
        }
    }
}

/// Gives loops that go on from several places one block to do so: lanes that are done with an iteration early wait there,
/// and bring nothing to the head before the others have used what is there.
fn merge_latches(func: &mut Function) {
    let cfg = analysis::cfg::compute(func);
    let dom = analysis::dom::compute(&cfg);
    for &head in &cfg.rpo {
        let mut latches: Vec<ir::Block> =
            cfg.preds[head.index()].iter().copied().filter(|&p| dom.dominates(head, p)).collect();
        latches.sort_unstable();
        latches.dedup();
        if latches.len() < 2 || latches.iter().all(|l| cfg.succs[l.index()].len() == 1) {
            continue;
        }
        let back = |func: &Function| -> Vec<ir::BlockCall> {
            let calls = latches.iter().flat_map(|&l| func.block(l).term.successors());
            calls.filter(|c| c.block == head).cloned().collect()
        };
        let edges = back(func);
        let latch = func.add_block();
        // What all bring alike needs no parameter.
        let mut args = edges[0].args.clone();
        let differs: Vec<bool> =
            (0..args.len()).map(|k| edges.iter().any(|e| e.args[k] != args[k])).collect();
        for k in (0..args.len()).filter(|&k| differs[k]) {
            args[k] = func.add_block_param(latch, func.ty(args[k]));
        }
        func.block_mut(latch).term = Terminator::Jump(ir::BlockCall { block: head, args });
        for &l in &latches {
            let mut term = func.block(l).term.clone();
            for call in term.successors_mut().filter(|c| c.block == head) {
                call.block = latch;
                let args = std::mem::take(&mut call.args);
                call.args = args.into_iter().zip(&differs).filter(|(_, d)| **d).map(|(a, _)| a).collect();
            }
            func.block_mut(l).term = term;
        }
    }
}

/// The functions that need code of their own: callees that stayed, and all that a call through a pointer may reach.
/// The inner error says why the kernel cannot be compiled.
#[allow(clippy::type_complexity)]
pub fn callees(
    program: &dyn Program,
    kernel: &Function,
    reach: &Reach,
    block: [u32; 3],
    keeps: Keeps<'_>,
    tier: Tier,
) -> Result<Result<Vec<(FuncId, Function)>, String>, CompileError> {
    let mut out: Vec<(FuncId, Function)> = Vec::new();
    let mut work = calls_of(kernel);
    let mut pointers = has_indirect_call(kernel);
    let mut taken = pointers;
    loop {
        if std::mem::take(&mut taken) {
            work.extend(
                reach
                    .funcs
                    .iter()
                    .filter(|(id, body)| {
                        body.is_ok() && program.module().func(*id).kind == ir::FuncKind::Device
                    })
                    .map(|(id, _)| *id),
            );
        }
        let Some(id) = work.pop() else { return Ok(Ok(out)) };
        if out.iter().any(|(o, _)| *o == id) {
            continue;
        }
        if program.module().func(id).kind == ir::FuncKind::Extern {
            return Ok(Err(format!("a call of {}, which has no body", program.module().func(id).name)));
        }
        let mut func = Function::clone(&*program.body(id)?);
        inline(program, &mut func, keeps)?;
        optimise(&mut func, block, tier);
        split_barriers(&mut func);
        merge_latches(&mut func);
        add_preheaders(&mut func);
        work.extend(calls_of(&func));
        if !pointers && has_indirect_call(&func) {
            pointers = true;
            taken = true;
        }
        out.push((id, func));
    }
}

fn calls_of(func: &Function) -> Vec<FuncId> {
    let insts = func.blocks.iter().flat_map(|b| &b.insts);
    insts
        .filter_map(|&i| if let Inst::Call(callee) = func.inst(i).inst { Some(callee) } else { None })
        .collect()
}

fn has_indirect_call(func: &Function) -> bool {
    func.blocks.iter().flat_map(|b| &b.insts).any(|&i| matches!(func.inst(i).inst, Inst::CallIndirect { .. }))
}

fn inline(program: &dyn Program, func: &mut Function, keeps: Keeps<'_>) -> Result<(), CompileError> {
    let mut body = |callee| -> Result<Option<Arc<Function>>, CompileError> {
        match program.module().func(callee).kind {
            ir::FuncKind::Extern => Ok(None),
            ir::FuncKind::Kernel | ir::FuncKind::Device | ir::FuncKind::Library => {
                program.body(callee).map(Some)
            }
        }
    };
    opt::inline::run(func, INLINE_LIMIT, &mut body)?;
    if call_products(func, keeps) {
        opt::inline::run(func, INLINE_LIMIT, &mut body)?;
    }
    Ok(())
}

/// Makes calls of the matrix products that are not kept; whether there are any.
fn call_products(func: &mut Function, keeps: Keeps<'_>) -> bool {
    let fragments = |data: &ir::InstData| match data.inst {
        Inst::Product { product, .. } => {
            let (a, rest) = data.args.split_at(product.a_registers());
            Some((a.to_vec(), rest[..product.b_registers()].to_vec()))
        }
        _ => None,
    };
    let all: Vec<_> = func.insts.iter().filter_map(fragments).collect();
    let mut any = false;
    for data in &mut func.insts {
        let Inst::Product { product, body } = data.inst else { continue };
        let shares = fragments(data).is_some_and(|(a, b)| {
            all.iter().filter(|o| o.0 == a).count() > 1 || all.iter().filter(|o| o.1 == b).count() > 1
        });
        if !keeps(&product, shares) {
            data.inst = Inst::Call(body);
            any = true;
        }
    }
    any
}

/// Whether a function has matrix products that were kept.
pub fn has_products(func: &Function) -> bool {
    func.blocks.iter().flat_map(|b| &b.insts).any(|&i| matches!(func.inst(i).inst, Inst::Product { .. }))
}

/// Replaces the registers that the block shape decides.
fn specialise(func: &mut Function, block: [u32; 3]) {
    let [bx, by, bz] = block;
    let threads = bx * by * bz;
    for data in &mut func.insts {
        let Inst::Sreg(reg) = data.inst else { continue };
        let value = match reg {
            Sreg::NtidX => bx,
            Sreg::NtidY => by,
            Sreg::NtidZ => bz,
            Sreg::NwarpId => threads.div_ceil(32),
            Sreg::TidX if bx == 1 => 0,
            Sreg::TidY if by == 1 => 0,
            Sreg::TidZ if bz == 1 => 0,
            Sreg::WarpId if threads <= 32 => 0,
            _ => continue,
        };
        data.inst = Inst::Const { ty: Type::I32, bits: value as u64 };
    }
}

/// Ends a block behind each barrier.
fn split_barriers(func: &mut Function) {
    let mut block = 0;
    while block < func.blocks.len() {
        let at =
            func.blocks[block].insts.iter().position(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }));
        if let Some(at) = at {
            opt::cfg_simplify::split_block(func, ir::Block(block as u32), at + 1);
        }
        block += 1;
    }
}

/// Whether nothing tells a run of the kernel from no run: no instruction has an effect or may fault, and all paths end.
pub fn does_nothing(func: &Function) -> bool {
    let cfg = analysis::cfg::compute(func);
    cfg.rpo.iter().all(|&block| {
        let data = func.block(block);
        let ends = match data.term {
            Terminator::Ret(_) | Terminator::Exit => true,
            Terminator::Trap | Terminator::Unreachable => false,
            // Every cycle goes back in the order somewhere.
            Terminator::Jump(_) | Terminator::Branch { .. } | Terminator::Switch { .. } => {
                cfg.succs[block.index()].iter().all(|s| cfg.number[s.index()] > cfg.number[block.index()])
            }
        };
        let harmless = |inst: &Inst| inst.is_pure() || matches!(inst, Inst::Load { space: Space::Param, .. });
        ends && data.insts.iter().all(|&i| harmless(&func.inst(i).inst))
    })
}

/// What the choice of a gang depends on.
#[derive(Clone, Copy, Default, Debug)]
pub struct Features {
    pub instructions: usize,
    /// Those that become code: constants do not.
    pub work: usize,
    pub barriers: usize,
    /// Barriers of part of the block, that only arrive, or that reduce.
    pub special_barriers: usize,
    /// The threads of a warp do things together, or hand on values that reach memory before the others go on.
    pub warp_ops: bool,
    pub calls: bool,
    pub waits: Waits,
    /// Values of 64 bits among those computed.
    pub wide: usize,
}

/// What a matrix product counts, in instructions.
const PRODUCT: usize = 200;

/// The parts that blocks are divided into to say how much of one runs.
const WHOLE: usize = 64;

/// How much of a block of threads runs each block of code, as far as constants say.
struct Shares(Vec<usize>);

impl Shares {
    fn of(func: &Function, cfg: &Cfg, block: [u32; 3]) -> Shares {
        // Threads are looked at by vectors.
        let lanes = 16;
        let layout =
            GangLayout { lanes, chunks: block.iter().product::<u32>() / lanes, block, local_bytes: 0 };
        let mut shares = Shares(vec![WHOLE; func.blocks.len()]);
        let Some(known) = (layout.chunks > 0).then(|| Known::of(func, layout)).flatten() else {
            return shares;
        };
        let dom = analysis::dom::compute(cfg);
        let mut running: Vec<Option<Vec<bool>>> = vec![None; func.blocks.len()];
        for &b in &cfg.rpo {
            let Some(up) = dom.idom(b) else { continue };
            running[b.index()] = running[up.index()].clone();
            shares.0[b.index()] = shares.0[up.index()];
            let Terminator::Branch { cond, ref then, .. } = func.block(up).term else { continue };
            let Some(lanes_of) = known.value(cond).filter(|_| cfg.preds[b.index()] == [up]) else { continue };
            let wanted = u64::from(then.block == b);
            let before = running[b.index()].take();
            let on = |t: usize| before.as_ref().is_none_or(|l| l[t]) && lanes_of[t] & 1 == wanted;
            let list: Vec<bool> = (0..lanes_of.len()).map(on).collect();
            let chunks = list.chunks(lanes as usize).filter(|c| c.contains(&true)).count();
            shares.0[b.index()] = (chunks * WHOLE).div_ceil(layout.chunks as usize);
            running[b.index()] = Some(list);
        }
        shares
    }

    fn of_block(&self, block: ir::Block) -> usize {
        self.0[block.index()]
    }
}

/// The worst of these.
pub fn waits_of(loops: &[WaitLoop]) -> Waits {
    loops.iter().map(|l| l.kind).max().unwrap_or_default()
}

/// `block`: its shape.
pub fn features(func: &Function, block: [u32; 3]) -> Features {
    let threads: u32 = block.iter().product();
    let cfg = analysis::cfg::compute(func);
    let shares = Shares::of(func, &cfg, block);
    let mut work = 0;
    let mut f = Features::default();
    for &block in &cfg.rpo {
        for &inst in &func.block(block).insts {
            f.instructions += 1;
            work += match func.inst(inst).inst {
                Inst::Const { .. } | Inst::GlobalAddr { .. } => 0,
                // Mostly addresses, which are one scalar for many lanes.
                Inst::Pure { ty: Type::I64, .. } => shares.of_block(block) / 4,
                Inst::Product { .. } => shares.of_block(block) * PRODUCT,
                _ => shares.of_block(block),
            };
            match func.inst(inst).inst {
                Inst::Barrier { kind, counted, .. } => {
                    f.barriers += 1;
                    let all = threads.next_multiple_of(32) as u64;
                    let whole = !counted || func.as_const(func.inst(inst).args[1]) == Some(all);
                    f.special_barriers += (kind != ir::BarrierKind::Sync || !whole) as usize;
                }
                Inst::Shfl(_)
                | Inst::Vote(_)
                | Inst::Match { .. }
                | Inst::Redux(_)
                | Inst::ActiveMask
                | Inst::Elect
                | Inst::Arrange { .. }
                | Inst::WarpSync => f.warp_ops = true,
                Inst::Product { .. } => {
                    f.warp_ops = true;
                    f.instructions += PRODUCT - 1;
                }
                Inst::Call(_) | Inst::CallIndirect { .. } => f.calls = true,
                Inst::Pure { op: Op::FAdd(_) | Op::FMul(_) | Op::FFma(_) | Op::FDiv(_), ty: Type::F64 } => {
                    f.wide += 1
                }
                _ => {}
            }
        }
    }
    f.work = work.div_ceil(WHOLE);
    f.warp_ops |= crate::exchange::within_warps(func, &cfg);
    f.waits = waits_of(&crate::waits::loops(func, &cfg));
    f
}
