//! From a program's kernel to LLVM text: the first layout of gangs that emission takes.
//!
//! Invariant: the same program, options and processor give the same text in every process, so that parts of it can be
//! compiled later than others.

use crate::emit::seldom::Outline;
use crate::emit::{Callee, KernelCode, Refused, Unit, emit_kernel, product};
use crate::llvm::Target;
use crate::prepare::{self, Features};
use crate::sweep::{self, Which};
use crate::waits::{self, Waits};
use crate::watch::Watch;
use crate::{chains, march, plan, rows, suspend};
use analysis::{Cfg, GangLayout, Uniformity, cfg, uniformity};
use engine::layout::{FrameLayout, SharedLayout, reach};
use engine::{CompileError, CompileOptions, Program, Tier};
use ir::{FuncId, Function};

/// Bytes of local memory for each thread of a kernel that makes calls.
const CALL_STACK: u32 = 256 << 10;

/// A kernel's text, and what it was made from.
pub struct Emitted {
    pub code: KernelCode,
    pub func: Function,
    pub graph: Cfg,
    pub uni: Uniformity,
    pub layout: GangLayout,
    /// How many blocks of a row of the grid a block of the layout is.
    pub joined: u32,
    pub fibers: bool,
    pub features: Features,
    /// Layouts that were tried before.
    pub refusals: Vec<(GangLayout, String)>,
}

/// What becomes of matrix products.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Products {
    /// Those that emission has code for stay one instruction.
    Kept,
    /// All are exchanges between lanes and arithmetic.
    Inlined,
}

/// What is to be emitted.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub target: &'a Target,
    pub program: &'a dyn Program,
    pub kernel: FuncId,
    pub options: &'a CompileOptions,
    /// Whether what seldom runs may be a module of its own.
    pub outline: Outline,
    pub tier: Tier,
    /// Bytes of text that are too many if baseline code would have narrower gangs.
    pub most: Option<usize>,
}

/// Emits a kernel.
pub fn emitted(request: Request<'_>, watch: &mut Watch) -> Result<Result<Emitted, Refused>, CompileError> {
    match emit(request, Products::Kept, watch)? {
        Some(emitted) => Ok(emitted),
        None => emit(request, Products::Inlined, watch)?
            .ok_or_else(|| CompileError::new("internal: products are inlined and there are some")),
    }
}

/// `None`: not with products as they are.
fn emit(
    request: Request<'_>,
    products: Products,
    watch: &mut Watch,
) -> Result<Option<Result<Emitted, Refused>>, CompileError> {
    let Request { target, program, kernel, options, outline, tier, most } = request;
    let module = program.module();
    let reach = reach(program, kernel)?;
    let shared = SharedLayout::of(program, &reach);
    // A table pays where several products read it. Forced gangs are for tests.
    let keeps = |product: &ir::product::Product, shares: bool| {
        let pays = shares || options.gang.is_some();
        products == Products::Kept && pays && product::has_code(product, target)
    };
    let prepare::Prepared { mut func, mut features, joined } =
        prepare::run(program, kernel, (options.block, options.grid), &keeps, tier)?;
    let [x, y, z] = options.block;
    let block = [x * joined, y, z];
    if let Err(e) = ir::verify(&func, Some(module)) {
        return Err(CompileError::new(format!("internal: optimised IR is invalid: {e}")));
    }
    watch.lap("optimise");
    let mut functions = match prepare::callees(program, &func, &reach, options.block, &keeps, tier)? {
        Ok(functions) => functions,
        Err(why) => return Ok(Some(Err(Refused::Because(why)))),
    };
    let waiting_calls = functions.iter().any(|(_, f)| !waits::loops(f, &cfg::compute(f)).is_empty());
    if waiting_calls {
        features.waits = Waits::Flags;
    }
    if features.waits != Waits::Never {
        for body in functions.iter_mut().map(|(_, f)| f).chain([&mut func]) {
            let graph = cfg::compute(body);
            suspend::mark(body, &graph, &waits::loops(body, &graph));
        }
    }
    let graph = cfg::compute(&func);
    let wait_loops = waits::loops(&func, &graph);
    let (mixed, rows) = rows::plan(&func, &graph);
    // A thread by itself has no lanes beside it.
    let plain = FrameLayout::of(&func);
    // Calls nest as deep as the launch allows, which is not known here; the window is only touched where used.
    let local_bytes = |frame: &FrameLayout| {
        let own = (frame.size as u32).next_multiple_of(16);
        if functions.is_empty() { own } else { CALL_STACK.max(own) + 64 }
    };
    let mut sweeps = match features.special_barriers == 0 && functions.is_empty() {
        // Forced gangs are for tests.
        true => sweep::find(&func, &graph, if options.gang.is_some() { Which::Any } else { Which::Sweeps }),
        false => Vec::new(),
    };
    if sweeps.is_empty() && features.special_barriers == 0 && functions.is_empty() {
        sweeps = march::find(&func, &graph, block);
    }
    let mut refusals = Vec::new();
    let mut refused = Refused::Because("what its threads wait for".into());
    let mut plans = plan::plans(&features, target, block, options.gang);
    let least = plan::least(&plans[0], &features);
    if tier == Tier::Baseline {
        plans.insert(0, least);
    } else if options.gang.is_none()
        && let Some(narrower) = plan::narrower(&plans[0], &features, target, &func, &graph)
    {
        plans.insert(0, narrower);
    }
    if options.gang.is_none()
        && tier == Tier::Optimised
        && let Some(wider) = plan::whole_block(&plans[0], &features, target, &func, &graph)
            .or_else(|| plan::fewer_gangs(&plans[0], &features, target, &func, &graph))
    {
        plans.insert(0, wider);
    }
    let has_products =
        prepare::has_products(&func) || functions.iter().any(|(_, f)| prepare::has_products(f));
    for plan::Plan { layout, fibers } in plans {
        if fibers && joined > 1 {
            continue;
        }
        if has_products && !product::fits(&layout) {
            return Ok(None);
        }
        let (frame, rows) = if layout.width() == 1 { (&plain, None) } else { (&mixed, Some(&rows)) };
        let layout = GangLayout { local_bytes: local_bytes(frame), ..layout };
        let uni = uniformity(&func, &graph, &layout);
        let apart = layout.width() == 1;
        if fibers
            && !apart
            && (waiting_calls || !suspend::fits_gangs(&func, &graph, &uni, &layout, &wait_loops))
        {
            let why = "lanes that may wait for lanes of their gang".to_string();
            refusals.push((layout, why.clone()));
            refused = Refused::Because(why);
            continue;
        }
        let callees: Vec<Callee> = functions
            .iter()
            .map(|(id, body)| {
                let cfg = cfg::compute(body);
                let uni = uniformity(body, &cfg, &layout);
                Callee { id: *id, func: body.clone(), cfg, uni }
            })
            .collect();
        let ids = functions.iter().map(|(id, _)| *id).collect();
        let mut ordered = func.clone();
        let fences = chains::run(&mut ordered, &graph, &uni, &layout, plan::registers(target));
        let unit = Unit {
            layout,
            shared: &shared,
            target,
            module,
            barriers_differ: features.special_barriers > 0,
            fibers,
            functions: ids,
            sweeps: if fibers { &[] } else { &sweeps },
            fences: &fences,
            dense: tier == Tier::Optimised,
            most: most.filter(|_| !fibers && layout.chunks > least.layout.chunks),
            outline: match outline {
                _ if tier == Tier::Baseline => Outline::Never,
                _ if fibers || apart || has_products || !functions.is_empty() || !layout.full() => {
                    Outline::Never
                }
                Outline::Seldom if options.gang.is_some() => Outline::Always,
                other => other,
            },
        };
        let body = if fences.is_empty() { &func } else { &ordered };
        let code = match emit_kernel(&unit, body, &graph, &uni, (frame, rows), &callees) {
            Ok(code) => code,
            Err(Refused::Because(why)) => {
                refusals.push((layout, why.clone()));
                refused = Refused::Because(why);
                continue;
            }
            Err(Refused::Long) => {
                watch.lap("emit");
                return Ok(Some(Err(Refused::Long)));
            }
        };
        drop(callees);
        watch.lap("emit");
        let func = if fences.is_empty() { func } else { ordered };
        return Ok(Some(Ok(Emitted { code, func, graph, uni, layout, joined, fibers, features, refusals })));
    }
    Ok(Some(Err(refused)))
}
