//! From a program's kernel to runnable code, through the cache.

use crate::abi::FunctionRow;
use crate::cache::{self, Entry};
use crate::diagnose::Again;
use crate::emit::seldom::Outline;
use crate::emit::{KernelCode, Refused, parse_symbol};
use crate::emitted::{Emitted, Request, emitted};
use crate::llvm::{self, Effort};
use crate::masked::{self, Masked, Source};
use crate::processor::{Native, Processor, Region};
use crate::report::{self, Report};
use crate::run::{Code, CpuKernel};
use crate::streaming::Stored;
use crate::tiered::{Better, Tiered};
use crate::watch::{Size, Watch};
use crate::{across, llvm_library, object, order, prepare};
use analysis::{Cfg, GangLayout, Shape, Uniformity};
use engine::layout::{SharedLayout, reach, resources};
use engine::{CompileError, CompileOptions, Kernel, Program, Resources, Tier};
use ir::{Block, FuncId, Function, Value};
use std::sync::Arc;

/// Bytes of text, some 1,500 lines, that take about 40 ms to compile: a launch waits for no more if less will do to begin with.
const LONG: usize = 90_000;

/// Instructions of all threads of a launch for which optimised code is made from the first on.
const HEAVY: u64 = 20_000_000;
/// And of a launch that is over sooner if it waits for that: about 80 ms of baseline code.
const ENORMOUS: u64 = 2_500_000_000;

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
        let mut watch = Watch::start();
        let tier = options.tier.unwrap_or(Tier::Optimised);
        let work = options.threads.saturating_mul(prepare::lowered(program, id)? as u64);
        let most = (self.two_tiers(program, options) && work < ENORMOUS).then_some(LONG);
        let wanted = Wanted { processor: &*self.processor, program, kernel: id, options, tier, most };
        let mut made = compile(wanted, &mut watch, None)?;
        if let (Err(Refused::Long), Some(program)) = (&made, program.shared()) {
            let better = Better::new(program, id, options.clone(), self.fallback.clone());
            if work > HEAVY {
                better.ask();
            }
            let baseline = Wanted { tier: Tier::Baseline, most: None, ..wanted };
            match compile(baseline, &mut watch, None)? {
                Ok(code) if !code.fibers => return Ok(Tiered::kernel(code, better)),
                // Narrow gangs that wait for each other, or that emission refuses: nothing to begin with.
                Ok(_) | Err(_) => made = compile(Wanted { most: None, ..wanted }, &mut watch, None)?,
            }
        }
        match made {
            Ok(mut kernel) => {
                let program = program.shared();
                kernel.again = program.and_then(|p| Again::new(self.fallback.as_ref(), &p, id, options));
                Ok(Arc::new(CpuKernel(Arc::new(kernel))))
            }
            Err(why) => {
                let (name, why) = (&program.module().func(id).name, why.to_string());
                match &self.fallback {
                    Some(engine) if options.gang.is_none() => {
                        tracing::info!(kernel = %name, reason = %why, "runs on the {} engine", engine.name());
                        engine.compile(program, id, options)
                    }
                    _ => Err(CompileError::new(format!(
                        "kernel {name}: the cpu engine does not support {why}"
                    ))),
                }
            }
        }
    }

    fn resources(&self, program: &dyn Program, kernel: FuncId) -> Result<Resources, CompileError> {
        let reach = reach(program, kernel)?;
        Ok(resources(program, kernel, &reach))
    }
}

impl Engine {
    /// Whether a kernel's first code may be replaced later: nobody asked for certain code, and what compiles it then may
    /// outlive the call.
    fn two_tiers(&self, program: &dyn Program, options: &CompileOptions) -> bool {
        let free = options.tier.is_none() && options.gang.is_none() && options.opt_level > 0;
        free && self.processor.enter().is_none() && program.shared().is_some()
    }
}

/// Compiles without the cache and returns every stage as text.
pub fn explain(
    program: &dyn Program,
    kernel: FuncId,
    options: &CompileOptions,
) -> Result<Listing, CompileError> {
    let mut listing = None;
    let tier = options.tier.unwrap_or(Tier::Optimised);
    let wanted = Wanted { processor: &Native, program, kernel, options, tier, most: None };
    match compile(wanted, &mut Watch::start(), Some(&mut listing))? {
        Ok(_) => listing.ok_or_else(|| CompileError::new("no listing")),
        Err(why) => Err(CompileError::new(format!("the cpu engine does not support {why}"))),
    }
}

/// What is to be compiled.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub processor: &'a dyn Processor,
    pub program: &'a dyn Program,
    pub kernel: FuncId,
    pub options: &'a CompileOptions,
    pub tier: Tier,
    /// Bytes of text above which code is not worth waiting for ([`Refused::Long`]), if baseline code would be shorter.
    pub most: Option<usize>,
}

/// Whether a gang has several rows of threads, and loops keep irregular numbers, as pointers, that the rows may share: what
/// hangs on the column alone repeats.
fn walks_alike(func: &Function, graph: &Cfg, uni: &Uniformity, layout: &GangLayout) -> bool {
    let rows = layout.block[0] < layout.width() && layout.threads() > layout.block[0];
    let number = |b: Block| graph.number[b.index()];
    let heads =
        || graph.rpo.iter().filter(|b| graph.preds[b.index()].iter().any(|&p| number(p) >= number(**b)));
    let varies = |v: &Value| !func.ty(*v).is_float() && uni.shape(*v) == Shape::Varying;
    rows && heads().any(|b| func.block(*b).params.iter().any(varies))
}

/// Compiles code of one tier, or finds it in the cache.
pub fn compile(
    wanted: Wanted<'_>,
    watch: &mut Watch,
    listing: Option<&mut Option<Listing>>,
) -> Result<Result<Code, Refused>, CompileError> {
    let Wanted { processor, program, kernel, options, tier, most } = wanted;
    let module = program.module();
    let entry = module.func(kernel);
    // What is kept is for this machine.
    let key_of = |tier| cache::key(program, &entry.name, options, tier);
    let key = processor.enter().is_none().then(|| key_of(tier));
    let reach = reach(program, kernel)?;
    watch.lap("lower");
    let shared = SharedLayout::of(program, &reach);
    let needs = resources(program, kernel, &reach);
    let finish = |found: Entry, text: Option<String>| {
        let masked = match (found.masked, program.shared(), text) {
            (0, ..) => None,
            (_, Some(program), _) => Some(Source::Program(program, kernel)),
            (_, None, Some(text)) => Some(Source::Text(text)),
            (_, None, None) => return Err("what seldom runs cannot be compiled".into()),
        };
        let name = entry.name.clone();
        let masked = masked.map(|source| {
            Masked::new(name.clone(), found.regions, source, options.clone(), key.as_deref(), found.masked)
        });
        finish(processor, found, name, options.block, &shared, needs, module, masked)
    };
    if listing.is_none()
        && let Some(key) = &key
        && let Some(found) = cache::load(key)
        && let Ok(kernel) = finish(found, None)
    {
        watch.lap("load");
        watch.report(&entry.name, None);
        return Ok(Ok(kernel));
    }
    if most.is_some() && cache::holds(&key_of(Tier::Baseline)) {
        return Ok(Err(Refused::Long));
    }
    let target = processor.target().map_err(CompileError::new)?;
    watch.lap("llvm");
    let most = most.filter(|_| llvm_library::survives_exit());
    // A listing shows all code in one place. Another processor's code calls nothing that is not there.
    let outline =
        if listing.is_some() || processor.enter().is_some() { Outline::Never } else { Outline::Seldom };
    let Emitted { code, func, graph, uni, layout, joined, fibers, features, refusals } =
        match emitted(Request { target, program, kernel, options, outline, tier, most }, watch)? {
            Ok(emitted) => emitted,
            Err(refused) => return Ok(Err(refused)),
        };
    if std::env::var_os("ANYWARP_DUMP").is_some() {
        dump(&entry.name, &func.to_string(), &code);
    }
    let lines = code.text.lines().count();
    let effort = match tier {
        _ if options.opt_level == 0 => Effort::None,
        Tier::Baseline => Effort::Little,
        Tier::Optimised if walks_alike(&func, &graph, &uni, &layout) => Effort::Alike,
        Tier::Optimised => Effort::Full,
    };
    let compiled = llvm::compile(&code.text, target, effort, listing.is_some())
        .map_err(|e| CompileError::new(format!("internal: kernel {}: {e}", entry.name)))?;
    watch.add(["parse", "passes", "codegen"].into_iter().zip(compiled.times));
    if let Some(slot) = listing {
        let assembly = compiled.assembly.unwrap_or_default();
        *slot = Some(Listing {
            report: report::report(report::Facts {
                kernel: &entry.name,
                func: &func,
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
        tier,
    };
    let found = Entry {
        lanes: layout.lanes,
        chunks: layout.chunks,
        local_bytes: layout.local_bytes,
        regions: if prepare::does_nothing(&func) { 0 } else { code.regions },
        frame_bytes: code.frame_bytes,
        row_bytes: code.row_bytes as u32,
        barriers_differ: features.special_barriers > 0,
        fibers,
        share: code.share,
        panel: if fibers { 0 } else { order::panel(&func, &graph, &uni) },
        across: !fibers && code.regions == 1 && across::pays(&func, &graph, layout.block),
        joined,
        large_frame: compiled.large_frame,
        masked: if code.masked.is_empty() { 0 } else { masked::hash(&code.masked) },
        object: compiled.object,
    };
    if let Some(key) = &key {
        cache::store(key, &found);
    }
    let kernel = finish(found, Some(code.masked))
        .map_err(|e| CompileError::new(format!("internal: kernel {}: {e}", entry.name)))?;
    watch.lap("load");
    watch.report(&entry.name, Some(size));
    Ok(Ok(kernel))
}

/// Writes the stages to the working directory's `anywarp-dump`, for debugging the compiler.
fn dump(name: &str, ir: &str, code: &KernelCode) {
    let dir = std::path::Path::new("anywarp-dump");
    let _ = std::fs::create_dir_all(dir);
    let short: String = name.chars().take(100).collect();
    let _ = std::fs::write(dir.join(format!("{short}.ir")), ir);
    let _ = std::fs::write(dir.join(format!("{short}.ll")), &code.text);
    if !code.masked.is_empty() {
        let _ = std::fs::write(dir.join(format!("{short}.masked.ll")), &code.masked);
    }
}

/// Loads an object and finds its functions.
#[allow(clippy::too_many_arguments)]
fn finish(
    processor: &dyn Processor,
    entry: Entry,
    name: String,
    block: [u32; 3],
    shared: &SharedLayout,
    needs: Resources,
    module: &ir::Module,
    masked: Option<Masked>,
) -> Result<Code, String> {
    let code = object::load(&entry.object, processor)?;
    let block = [block[0] * entry.joined, block[1], block[2]];
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
        joined: entry.joined,
        stored: Stored::default(),
        share: entry.share,
        large_frame: entry.large_frame,
        makes_calls: functions.iter().any(|f| f.code != 0),
        functions,
        shared: shared.clone(),
        resources: needs,
        files: module.files.clone(),
        again: None,
        masked,
        _code: Arc::new(code),
    })
}
