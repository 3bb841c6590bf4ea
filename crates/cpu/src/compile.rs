//! From a program's kernel to runnable code, through the cache.

use crate::abi::FunctionRow;
use crate::cache::{self, Entry};
use crate::diagnose::Again;
use crate::emit::{Callee, Refused, Unit, emit_kernel, parse_symbol, product};
use crate::llvm::{self, Effort};
use crate::processor::{Native, Processor, Region};
use crate::report::{self, Report};
use crate::run::{Code, CpuKernel};
use crate::streaming::Stored;
use crate::sweep::{self, Which};
use crate::waits::{self, Waits};
use crate::watch::{Size, Watch};
use crate::{across, chains, march, object, order, plan, prepare, rows, suspend};
use analysis::{GangLayout, cfg, uniformity};
use engine::layout::{FrameLayout, SharedLayout, reach, resources};
use engine::{CompileError, CompileOptions, Kernel, Program, Resources};
use ir::FuncId;
use std::sync::Arc;

/// Bytes of local memory for each thread of a kernel that makes calls.
const CALL_STACK: u32 = 256 << 10;

/// The cpu engine.
pub struct Engine {
    /// Takes the kernels that this engine cannot compile.
    fallback: Option<Arc<dyn engine::Engine>>,
    processor: Box<dyn Processor>,
}

impl Engine {
    pub fn new(fallback: Option<Arc<dyn engine::Engine>>) -> Engine {
        Engine::on(Box::new(Native), fallback)
    }

    /// An engine whose code runs on another processor than this program.
    pub fn on(processor: Box<dyn Processor>, fallback: Option<Arc<dyn engine::Engine>>) -> Engine {
        Engine { fallback, processor }
    }
}

/// What a compilation produced on its way, for people.
pub struct Listing {
    pub report: Report,
    pub ir: String,
    pub emitted: String,
    pub optimised: String,
    pub assembly: String,
}

impl engine::Engine for Engine {
    fn name(&self) -> &'static str {
        "cpu"
    }

    fn compile(
        &self,
        program: &dyn Program,
        id: FuncId,
        options: &CompileOptions,
    ) -> Result<Arc<dyn Kernel>, CompileError> {
        let name = &program.module().func(id).name;
        match compile(&*self.processor, program, id, options, None, Products::Kept)? {
            Ok(mut kernel) => {
                let parts = self.fallback.clone().zip(program.shared());
                let options = options.clone();
                kernel.again = parts.map(|(engine, program)| Again { engine, program, kernel: id, options });
                Ok(Arc::new(CpuKernel(Arc::new(kernel))))
            }
            Err(Refused(why)) => match &self.fallback {
                Some(engine) if options.gang.is_none() => {
                    tracing::info!(kernel = %name, reason = %why, "runs on the {} engine", engine.name());
                    engine.compile(program, id, options)
                }
                _ => Err(CompileError::new(format!("kernel {name}: the cpu engine does not support {why}"))),
            },
        }
    }

    fn resources(&self, program: &dyn Program, kernel: FuncId) -> Result<Resources, CompileError> {
        let reach = reach(program, kernel)?;
        Ok(resources(program, kernel, &reach))
    }
}

/// Compiles without the cache and returns every stage as text.
pub fn explain(
    program: &dyn Program,
    kernel: FuncId,
    options: &CompileOptions,
) -> Result<Listing, CompileError> {
    let mut listing = None;
    match compile(&Native, program, kernel, options, Some(&mut listing), Products::Kept)? {
        Ok(_) => listing.ok_or_else(|| CompileError::new("no listing")),
        Err(Refused(why)) => Err(CompileError::new(format!("the cpu engine does not support {why}"))),
    }
}

/// What becomes of matrix products.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Products {
    /// Those that emission has code for stay one instruction.
    Kept,
    /// All are exchanges between lanes and arithmetic.
    Inlined,
}

fn compile(
    processor: &dyn Processor,
    program: &dyn Program,
    kernel: FuncId,
    options: &CompileOptions,
    mut listing: Option<&mut Option<Listing>>,
    products: Products,
) -> Result<Result<Code, Refused>, CompileError> {
    let module = program.module();
    let entry = module.func(kernel);
    let mut watch = Watch::start();
    // What is kept is for this machine.
    let key = processor.enter().is_none().then(|| cache::key(program, &entry.name, options));
    let reach = reach(program, kernel)?;
    watch.lap("lower");
    let shared = SharedLayout::of(program, &reach);
    let needs = resources(program, kernel, &reach);
    if listing.is_none()
        && let Some(key) = &key
        && let Some(found) = cache::load(key)
        && let Ok(kernel) =
            finish(processor, found, entry.name.clone(), options.block, &shared, needs, module)
    {
        watch.lap("load");
        watch.report(&entry.name, None);
        return Ok(Ok(kernel));
    }
    let target = processor.target().map_err(CompileError::new)?;
    watch.lap("llvm");
    // A table pays where several products read it. Forced gangs are for tests.
    let keeps = |product: &ir::product::Product, shares: bool| {
        let pays = shares || options.gang.is_some();
        products == Products::Kept && pays && product::has_code(product, target)
    };
    let (mut func, mut features) = prepare::run(program, kernel, (options.block, options.grid), &keeps)?;
    if let Err(e) = ir::verify(&func, Some(module)) {
        return Err(CompileError::new(format!("internal: optimised IR is invalid: {e}")));
    }
    watch.lap("optimise");
    let mut functions = match prepare::callees(program, &func, &reach, options.block, &keeps)? {
        Ok(functions) => functions,
        Err(why) => return Ok(Err(Refused(why))),
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
        sweeps = march::find(&func, &graph, options.block);
    }
    let mut refusals = Vec::new();
    let mut refused = Refused("what its threads wait for".into());
    let mut plans = plan::plans(&features, target, options.block, options.gang);
    if options.gang.is_none()
        && let Some(narrower) = plan::narrower(&plans[0], &features, target, &func, &graph)
    {
        plans.insert(0, narrower);
    }
    if options.gang.is_none()
        && let Some(wider) = plan::whole_block(&plans[0], &features, target, &func, &graph)
            .or_else(|| plan::fewer_gangs(&plans[0], &features, target, &func, &graph))
    {
        plans.insert(0, wider);
    }
    let has_products =
        prepare::has_products(&func) || functions.iter().any(|(_, f)| prepare::has_products(f));
    for plan::Plan { layout, fibers } in plans {
        if has_products && !product::fits(&layout) {
            return compile(processor, program, kernel, options, listing, Products::Inlined);
        }
        let (frame, rows) = if layout.width() == 1 { (&plain, None) } else { (&mixed, Some(&rows)) };
        let layout = GangLayout { local_bytes: local_bytes(frame), ..layout };
        let uni = uniformity(&func, &graph, &layout);
        let apart = layout.width() == 1;
        if fibers
            && !apart
            && (waiting_calls || !suspend::fits_gangs(&func, &graph, &uni, &layout, &wait_loops))
        {
            refused = Refused("lanes that may wait for lanes of their gang".into());
            refusals.push((layout, refused.0.clone()));
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
        let func = if fences.is_empty() { &func } else { &ordered };
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
        };
        let code = match emit_kernel(&unit, func, &graph, &uni, (frame, rows), &callees) {
            Ok(code) => code,
            Err(why) => {
                refusals.push((layout, why.0.clone()));
                refused = why;
                continue;
            }
        };
        if std::env::var_os("ANYWARP_DUMP").is_some() {
            dump(&entry.name, &func.to_string(), &code.text);
        }
        watch.lap("emit");
        let lines = code.text.lines().count();
        let effort = if options.opt_level == 0 { Effort::None } else { Effort::Full };
        let compiled = llvm::compile(&code.text, target, effort, listing.is_some())
            .map_err(|e| CompileError::new(format!("internal: kernel {}: {e}", entry.name)))?;
        watch.add(["parse", "passes", "codegen"].into_iter().zip(compiled.times));
        if let Some(slot) = listing.as_deref_mut() {
            let assembly = compiled.assembly.unwrap_or_default();
            *slot = Some(Listing {
                report: report::report(report::Facts {
                    kernel: &entry.name,
                    func,
                    uni: &uni,
                    layout,
                    processor: &target.cpu,
                    regions: code.regions,
                    frame_bytes: code.frame_bytes.into(),
                    shared_bytes: shared.static_bytes,
                    refused: refusals,
                    assembly: &assembly,
                }),
                ir: func.to_string(),
                emitted: code.text,
                optimised: compiled.optimised.unwrap_or_default(),
                assembly,
            });
        }
        let size = Size {
            lowered: prepare::lowered(program, kernel)?,
            optimised: features.instructions,
            lanes: layout.lanes,
            chunks: layout.chunks,
            lines,
            bytes: compiled.object.len(),
        };
        let found = Entry {
            lanes: layout.lanes,
            chunks: layout.chunks,
            local_bytes: layout.local_bytes,
            regions: if prepare::does_nothing(func) { 0 } else { code.regions },
            frame_bytes: code.frame_bytes,
            row_bytes: code.row_bytes as u32,
            barriers_differ: features.special_barriers > 0,
            fibers,
            share: code.share,
            panel: if fibers { 0 } else { order::panel(func, &graph, &uni) },
            across: !fibers && code.regions == 1 && across::pays(func, &graph, options.block),
            large_frame: compiled.large_frame,
            object: compiled.object,
        };
        if let Some(key) = &key {
            cache::store(key, &found);
        }
        let kernel = finish(processor, found, entry.name.clone(), options.block, &shared, needs, module)
            .map_err(|e| CompileError::new(format!("internal: kernel {}: {e}", entry.name)))?;
        watch.lap("load");
        watch.report(&entry.name, Some(size));
        return Ok(Ok(kernel));
    }
    Ok(Err(refused))
}

/// Writes the stages to the working directory's `anywarp-dump`, for debugging the compiler.
fn dump(name: &str, ir: &str, text: &str) {
    let dir = std::path::Path::new("anywarp-dump");
    let _ = std::fs::create_dir_all(dir);
    let short: String = name.chars().take(100).collect();
    let _ = std::fs::write(dir.join(format!("{short}.ir")), ir);
    let _ = std::fs::write(dir.join(format!("{short}.ll")), text);
}

/// Loads an object and finds its functions.
fn finish(
    processor: &dyn Processor,
    entry: Entry,
    name: String,
    block: [u32; 3],
    shared: &SharedLayout,
    needs: Resources,
    module: &ir::Module,
) -> Result<Code, String> {
    let code = object::load(&entry.object, processor)?;
    let layout =
        GangLayout { lanes: entry.lanes, chunks: entry.chunks, block, local_bytes: entry.local_bytes };
    let mut regions = Vec::new();
    for r in 0..entry.regions {
        let address = code.symbol(&format!("region{r}")).ok_or("a region is missing from the object")?;
        // SAFETY: the object defines this function with the signature of a region; it stays mapped with `code`.
        regions.push(unsafe { Region::new(processor, address) });
    }
    let mut functions = vec![FunctionRow::default(); module.funcs.len() + 1];
    for (symbol, address) in code.symbols() {
        if let Some((id, signature)) = parse_symbol(symbol)
            && (id as usize) < module.funcs.len()
        {
            functions[id as usize] = FunctionRow { code: address, signature };
        }
    }
    Ok(Code {
        name,
        layout,
        regions,
        frame_bytes: entry.frame_bytes,
        row_bytes: entry.row_bytes,
        barriers_differ: entry.barriers_differ,
        fibers: entry.fibers,
        panel: entry.panel,
        across: entry.across,
        stored: Stored::default(),
        share: entry.share,
        large_frame: entry.large_frame,
        makes_calls: functions.iter().any(|f| f.code != 0),
        functions,
        shared: shared.clone(),
        resources: needs,
        files: module.files.clone(),
        again: None,
        _code: Arc::new(code),
    })
}
