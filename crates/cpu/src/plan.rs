//! Chooses the shape of a gang.

use crate::llvm::Target;
use crate::prepare::Features;
use crate::waits::Waits;
use analysis::pressure::{self, Loops, Pressure};
use analysis::shape::MAX_CHUNKS;
use analysis::{Cfg, GangLayout, Shape, Uniformity, dom, liveness, natural, uniformity};
use ir::{Function, Inst, Op, Space, Terminator, Type, Value};
use std::collections::BTreeSet;

/// 32-bit lanes of the target's vectors.
pub fn native_lanes(target: &Target) -> u32 {
    if target.has("avx512f") {
        16
    } else if target.has("avx2") {
        8
    } else {
        4
    }
}

/// Vector registers, and the bytes of each.
pub fn registers(target: &Target) -> (u32, u32) {
    if target.has("avx512f") {
        (32, 64)
    } else if target.has("avx2") {
        (16, 32)
    } else if target.has("neon") {
        (32, 16)
    } else {
        (16, 16)
    }
}

/// A gang, and whether each has a stack of its own to wait on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    pub layout: GangLayout,
    pub fibers: bool,
}

/// Most threads of a gang that waits: their masks are words of 64 bits.
const WAITING: u32 = 64;

/// Plans to try, best first, without the size of their windows. Each is legal in itself; emission may refuse one for what it finds in the control flow. The
/// last resort is a thread a gang, all with stacks of their own: that runs whatever threads do to each other.
pub fn plans(features: &Features, target: &Target, block: [u32; 3], forced: Option<u32>) -> Vec<Plan> {
    let threads = block[0] * block[1] * block[2];
    let one = GangLayout { lanes: 1, chunks: 1, block, local_bytes: 0 };
    let alone = Plan { layout: one, fibers: true };
    let mut list: Vec<Plan> = match features.waits {
        // Nothing may run to its end before the others have begun; what looks like a lock may be a flag that is taken.
        Waits::Locks | Waits::Flags => {
            let lanes = native_lanes(target).min(threads.next_power_of_two());
            let width = forced.map_or(threads.min(32), |w| w.min(WAITING)).next_power_of_two().max(1);
            let lanes = lanes.min(width);
            let layout = GangLayout { lanes, chunks: width.min(lanes * MAX_CHUNKS as u32) / lanes, ..one };
            vec![Plan { layout, fibers: true }]
        }
        Waits::Never => {
            let list = layouts(features, target, block, forced);
            list.into_iter().map(|layout| Plan { layout, fibers: false }).collect()
        }
    };
    if forced.is_none_or(|w| w == 1) && !list.contains(&alone) {
        list.push(alone);
    }
    list
}

/// Instructions between two barriers that are worth more than what a barrier costs a gang.
const LONG: usize = 100;

/// Most chunks of code without loops whose lanes part irregularly: their masks are in registers, of which machines have
/// few, and the processor overlaps one gang with the next by itself. Loops are worth the spills, because a wide gang
/// waits for more lanes' memory at once.
const MASKED: u32 = 4;

/// Barriers, outside loops, that cost a block of several gangs as much as inner loops that keep twice as many values as
/// there are registers.
const BARRIERS: u32 = 4;

/// Chunks that suit a kernel of so many instructions: short ones need more to hide latencies.
fn room(instructions: usize) -> u32 {
    match instructions {
        0..=80 => 8,
        81..=200 => 4,
        201..=600 => 2,
        _ => 1,
    }
}

/// How a kernel would lie in a machine's registers.
struct Measured {
    uni: Uniformity,
    pressure: Pressure,
    /// Registers that there are.
    count: u32,
}

fn measure(layout: &GangLayout, target: &Target, func: &Function, cfg: &Cfg, loops: Loops) -> Measured {
    let (count, bytes) = registers(target);
    let uni = uniformity(func, cfg, layout);
    let live = liveness::compute(func, cfg);
    let pressure = pressure::peak(func, cfg, &live, &uni, layout, bytes, loops);
    Measured { uni, pressure, count }
}

/// The plan with as few chunks as the kernel allows.
pub fn least(plan: &Plan, features: &Features) -> Plan {
    let layout = plan.layout;
    let chunks = match features.warp_ops || features.special_barriers > 0 {
        _ if plan.fibers => layout.chunks,
        true => (32 / layout.lanes).max(1).min(layout.chunks),
        false => 1,
    };
    Plan { layout: GangLayout { chunks, ..layout }, ..*plan }
}

/// The plan with so few chunks that its inner loops keep their values in registers, straight code its masks, and long
/// code between barriers is not written many times over, if that takes fewer. Barriers then cost something, and those
/// loops less than they would with half of their operands in memory.
pub fn narrower(
    plan: &Plan,
    features: &Features,
    target: &Target,
    func: &Function,
    cfg: &Cfg,
) -> Option<Plan> {
    let layout = plan.layout;
    let least = least(plan, features).layout.chunks;
    if plan.fibers || features.special_barriers > 0 || layout.chunks <= least {
        return None;
    }
    let Measured { uni, pressure, count } = measure(&layout, target, func, cfg, Loops::Inner);
    let mut most = layout.chunks;
    let waits_in_loop = cfg.rpo.iter().any(|b| uni.regions.loop_head(*b).is_some() && waits(func, *b));
    if !waits_in_loop && features.work / (features.barriers + 1) >= LONG {
        most = most.min(room(features.instructions)).max(least);
    }
    if features.barriers == 0 && parts_in_straight_code(func, cfg, &uni) {
        most = most.min(MASKED).max(least);
    }
    if features.barriers == 0 && fetches_far(func, cfg, &uni) {
        let (_, bytes) = registers(target);
        let full = pressure::straight(func, cfg, &liveness::compute(func, cfg), &uni, &layout, bytes);
        while most > least && full.of(most) > FULL * count {
            most /= 2;
        }
    }
    // A gang that is the whole block passes its barriers for nothing; in gangs that are not, each costs about what a few
    // more operands in memory do.
    let passed = match layout.gangs() {
        1 => passed(func, cfg, &uni),
        _ => 0,
    };
    let room = count + count * passed / BARRIERS;
    let mut chunks = most;
    while chunks > least && pressure.of(chunks) > room {
        chunks /= 2;
    }
    (chunks < layout.chunks).then_some(Plan { layout: GangLayout { chunks, ..layout }, ..*plan })
}

/// More chunks than a gang has for its own sake.
const MANY: u32 = 16;

/// Instructions, each counted for every chunk, that fewer gangs are worth compiling; more save more.
const WRITTEN: usize = 2400;

/// The plan with a whole block of many threads in one gang, which needs no frames and no barriers at all, if `plan` has
/// several gangs for them. What its loops use must stay in registers; all that it does without barriers may lie in memory, and so
/// may what threads do between two barriers of a loop if they leave it all in shared memory.
pub fn whole_block(
    plan: &Plan,
    features: &Features,
    target: &Target,
    func: &Function,
    cfg: &Cfg,
) -> Option<Plan> {
    let layout = plan.layout;
    let chunks = layout.threads().next_power_of_two() / layout.lanes.max(1);
    let written = features.instructions * chunks as usize;
    let fits = (MANY + 1..=MAX_CHUNKS as u32).contains(&chunks) && written <= 3 * WRITTEN;
    if plan.fibers || features.special_barriers > 0 || features.barriers == 0 || layout.gangs() == 1 || !fits
    {
        return None;
    }
    let layout = GangLayout { chunks, ..layout };
    let Measured { uni, pressure, count } = measure(&layout, target, func, cfg, Loops::All);
    let passed = passed(func, cfg, &uni);
    let room = count + count * passed / BARRIERS;
    let pays = passed >= BARRIERS && pressure.of(chunks) <= room || leaves_all_at_barriers(func, cfg, &uni);
    pays.then_some(Plan { layout, ..*plan })
}

/// Whether there are loops, each of which has barriers, and threads take nothing of their own past those: steps on a tile in
/// shared memory.
fn leaves_all_at_barriers(func: &Function, cfg: &Cfg, uni: &Uniformity) -> bool {
    let live = liveness::compute(func, cfg);
    let head = |b: ir::Block| uni.regions.loop_head(b);
    let mut waiting = BTreeSet::new();
    for &b in cfg.rpo.iter().filter(|&&b| waits(func, b)) {
        let Some(head) = head(b) else { continue };
        let own = |v: Value| uni.shape(v) == Shape::Varying && func.ty(v) != Type::I1;
        if cfg.succs[b.index()].iter().any(|&s| live.live_in(s).any(own)) {
            return false;
        }
        waiting.insert(head);
    }
    !waiting.is_empty() && cfg.rpo.iter().filter_map(|&b| head(b)).all(|h| waiting.contains(&h))
}

/// The plan with wider gangs, up to [`MANY`] chunks, for blocks of several gangs with little to do between barriers: each
/// gang is called once more for each of them. What loops use must stay in registers, with room to spare. So, too, for blocks
/// in which each gang does what all threads share, as a loop over the sums of the block's warps: half of what other loops use
/// may lie in memory then.
pub fn fewer_gangs(
    plan: &Plan,
    features: &Features,
    target: &Target,
    func: &Function,
    cfg: &Cfg,
) -> Option<Plan> {
    let layout = plan.layout;
    if plan.fibers || features.special_barriers > 0 || features.barriers == 0 || layout.gangs() == 1 {
        return None;
    }
    let short = features.barriers > 1 && features.work / (features.barriers + 1) < LONG;
    // What threads share is written once, however wide the gang.
    let (written, most) = match short {
        true => (features.instructions, WRITTEN),
        false => {
            let uni = uniformity(func, cfg, &layout);
            if !shares_work(func, cfg, &uni) {
                return None;
            }
            (varying(func, cfg, &uni), 2 * WRITTEN)
        }
    };
    let fits = |chunks: u32| layout.threads().is_multiple_of(chunks * layout.lanes);
    let mut chunks = MANY;
    while chunks > layout.chunks && (!fits(chunks) || written * chunks as usize > most) {
        chunks /= 2;
    }
    if chunks <= layout.chunks {
        return None;
    }
    let wide = GangLayout { chunks, ..layout };
    let Measured { pressure, count, .. } = measure(&wide, target, func, cfg, Loops::All);
    let room = if short { count } else { 2 * count };
    while chunks > layout.chunks && pressure.of(chunks) >= room {
        chunks /= 2;
    }
    (chunks > layout.chunks).then_some(Plan { layout: GangLayout { chunks, ..layout }, ..*plan })
}

/// Instructions whose results differ from lane to lane.
fn varying(func: &Function, cfg: &Cfg, uni: &Uniformity) -> usize {
    let differs = |i: &&ir::InstId| func.inst(**i).results.iter().any(|&v| uni.shape(v) == Shape::Varying);
    cfg.rpo.iter().flat_map(|b| &func.block(*b).insts).filter(differs).count()
}

/// Whether there is a loop that does the same for all threads, from what they share in memory, or long arithmetic.
fn shares_work(func: &Function, cfg: &Cfg, uni: &Uniformity) -> bool {
    let uniform = |v: &Value| uni.shape(*v) == Shape::Uniform;
    let sums = |i: &&ir::InstId| match func.inst(**i) {
        ir::InstData { inst: Inst::Pure { ty, .. }, results, .. } => {
            ty.is_float() && results.iter().all(uniform)
        }
        _ => false,
    };
    if cfg.rpo.iter().flat_map(|b| &func.block(*b).insts).filter(sums).count() >= LONG {
        return true;
    }
    natural::compute(cfg, &dom::compute(cfg)).iter().any(|l| {
        let insts = || l.blocks.iter().flat_map(|b| &func.block(*b).insts).map(|i| func.inst(*i));
        let loads = insts().any(|d| matches!(d.inst, Inst::Load { space: Space::Shared, .. }));
        let only = |d: &ir::InstData| match d.inst {
            Inst::Load { .. } => d.results.iter().all(uniform),
            ref other => other.is_pure() && d.results.iter().all(uniform),
        };
        loads && insts().all(only) && l.blocks.iter().all(|b| func.block(*b).params.iter().all(uniform))
    })
}

/// Whether a block ends with a barrier.
fn waits(func: &Function, block: ir::Block) -> bool {
    func.block(block).insts.iter().any(|&i| matches!(func.inst(i).inst, Inst::Barrier { .. }))
}

/// Barriers outside loops, on the way that has most of them.
fn passed(func: &Function, cfg: &Cfg, uni: &Uniformity) -> u32 {
    let mut before = vec![0; cfg.succs.len()];
    for &b in &cfg.rpo {
        before[b.index()] += u32::from(uni.regions.loop_head(b).is_none() && waits(func, b));
        for s in &cfg.succs[b.index()] {
            before[s.index()] = before[b.index()].max(before[s.index()]);
        }
    }
    before.into_iter().max().unwrap_or(0)
}

/// How many times over straight code may fill the registers: what waits in memory is read again where it is used.
const FULL: u32 = 2;

/// Loads that are not rows of memory, above which a thread fetches a part of an array that it then works on.
const FAR: usize = 8;

/// Whether there is no loop, and threads fetch several words far from each other's, which are there all at once.
fn fetches_far(func: &Function, cfg: &Cfg, uni: &Uniformity) -> bool {
    let far = |i: &&ir::InstId| {
        let data = func.inst(**i);
        let Inst::Load { space: Space::Global | Space::Generic, .. } = data.inst else { return false };
        match uni.shape(data.args[0]) {
            Shape::Unknown | Shape::Uniform => false,
            Shape::Affine { stride, .. } | Shape::Chunked(stride) => !(0..=16).contains(&stride),
            Shape::Varying => true,
        }
    };
    cfg.rpo.iter().all(|b| uni.regions.loop_head(*b).is_none())
        && cfg.rpo.iter().flat_map(|b| &func.block(*b).insts).filter(far).count() >= FAR
}

/// Whether there is no loop, and some branch asks each lane for something that is not regular from lane to lane.
fn parts_in_straight_code(func: &Function, cfg: &Cfg, uni: &Uniformity) -> bool {
    let irregular = |b: &ir::Block| match func.block(*b).term {
        Terminator::Branch { cond, .. } => {
            uni.regions.is_divergent(*b) && !is_regular_test(func, uni, cond, 0)
        }
        _ => false,
    };
    cfg.rpo.iter().all(|b| uni.regions.loop_head(*b).is_none()) && cfg.rpo.iter().any(irregular)
}

/// Whether a predicate compares regular numbers, as the check of a bound does.
fn is_regular_test(func: &Function, uni: &Uniformity, value: Value, depth: u32) -> bool {
    let regular = |v: Value| uni.shape(v) != Shape::Varying;
    match func.def_inst(value).map(|data| (data.inst, data.args.as_slice())) {
        Some((Inst::Pure { op: Op::ICmp(_), .. }, args)) => args.iter().all(|&a| regular(a)),
        Some((Inst::Pure { .. }, args)) if depth < 4 && func.ty(value) == Type::I1 => {
            args.iter().all(|&a| is_regular_test(func, uni, a, depth + 1))
        }
        _ => regular(value),
    }
}

/// Layouts of gangs that wait for others at barriers only.
fn layouts(features: &Features, target: &Target, block: [u32; 3], forced: Option<u32>) -> Vec<GangLayout> {
    let threads = block[0] * block[1] * block[2];
    let layout = |lanes: u32, chunks: u32| GangLayout { lanes, chunks, block, local_bytes: 0 };
    let mut lanes = native_lanes(target).min(threads.next_power_of_two());
    // Rows of 8 in vectors of 16 would make both coordinates irregular.
    if lanes == 16 && block[0] == 8 && block[1] * block[2] > 1 {
        lanes = 8;
    }
    let one = layout(1, 1);
    if let Some(width) = forced {
        let width = width.next_power_of_two().clamp(1, 1024);
        let lanes = lanes.min(width);
        let width = width.min(lanes * MAX_CHUNKS as u32);
        return vec![layout(lanes, width / lanes)];
    }
    // A warp operation needs whole warps side by side.
    let least = if features.warp_ops { threads.next_power_of_two().min(32).max(lanes) } else { lanes };
    let all = threads.next_power_of_two().max(lanes);
    if features.special_barriers > 0 && threads > 32 {
        // Warps take different paths to such barriers: a warp per gang, or else a thread.
        let width = 32.max(lanes);
        return vec![layout(lanes, width / lanes), one];
    }
    let room = room(features.instructions);
    let mut width = least;
    if features.barriers > 0 {
        // One gang for the whole block needs no frames and no barriers at all.
        let budget = 6000 / (features.work.max(1) as u32);
        if all / lanes <= budget.clamp(1, MANY) {
            width = all;
        }
    }
    if width < all {
        let mut wider = (lanes * room).min(all).max(least);
        while wider > least && !threads.is_multiple_of(wider) {
            wider /= 2;
        }
        width = width.max(wider);
    }
    let mut out = vec![layout(lanes, width / lanes)];
    for w in [least, 1] {
        let l = lanes.min(w);
        let candidate = layout(l, w / l);
        if !out.contains(&candidate) {
            out.push(candidate);
        }
    }
    out
}
