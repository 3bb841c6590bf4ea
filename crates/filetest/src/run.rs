//! Runs one launch of a filetest on one engine and compares what is left in memory.

use crate::parse::{ExpectedFault, File, Input, LoadError, Out, Place, Run};
use crate::values::{Elem, Values, distance, from_bytes, to_bytes};
use engine::{Access, CompileOptions, Fault, FaultKind, Launch, Program};
use ir::{FuncKind, GridSize, RelocTarget, Space};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use testkit::launch::Ran;
use testkit::{Config, TestHost, grid};

/// No launch of a test takes this long.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Any number that is no address of memory: functions are numbered from here.
const FUNC_BASE: u64 = 0x5a00_0000;

/// Checks that loading `text` gives exactly the errors that the file names.
pub fn load_errors(text: &str, name: &str, expected: &[LoadError]) -> Result<(), String> {
    let Err(errors) = lower::Program::from_text(text.as_bytes(), name) else {
        return Err("the module loads".into());
    };
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let found: Vec<LoadError> = errors
        .iter()
        .map(|e| {
            let (line, column) = e.place.as_ref().map_or((0, 0), |p| (p.line, p.column));
            LoadError { code: e.code.into(), line, column }
        })
        .collect();
    if found == expected { Ok(()) } else { Err(format!("the errors are\n{}", shown.join("\n"))) }
}

/// Compiles and runs `run` of `file` and compares. Errors: what differs, with line numbers of the file.
pub fn run(file: &File, run: &Run, text: &str, name: &str, config: &Config) -> Result<(), String> {
    let skipped = file.skip.iter().any(|engine| engine == config.engine.name());
    match (launch(run, text, name, config), skipped) {
        (Ok(Ran::Declined(_)), _) if config.may_decline() => Ok(()),
        (Ok(Ran::Declined(why)), false) => Err(why),
        (Ok(Ran::Done), false) => Ok(()),
        (Err(why), false) => Err(why),
        (Ok(Ran::Declined(_)) | Err(_), true) => Ok(()),
        (Ok(Ran::Done), true) => {
            Err(format!("is marked `skip {}` but passes: remove the mark", config.engine.name()))
        }
    }
}

fn launch(run: &Run, text: &str, name: &str, config: &Config) -> Result<Ran, String> {
    let program = lower::Program::from_text(text.as_bytes(), name)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let module = program.module();
    let kernel = module
        .find_func(&run.kernel)
        .filter(|&id| module.func(id).kind == FuncKind::Kernel)
        .ok_or_else(|| format!("no kernel {}", run.kernel))?;
    let grid = GridSize::of(run.grid, run.block);
    let options = CompileOptions {
        block: run.block,
        grid,
        gang: config.gang,
        opt_level: config.opt_level,
        tier: config.tier,
        threads: 0,
    };
    let code = match config.engine.compile(&program, kernel, &options) {
        Ok(code) => code,
        Err(error) if config.declines(&error) => return Ok(Ran::Declined(error.message)),
        Err(error) => return Err(format!("compile: {error}")),
    };
    let mut memory = Memory::new(&program);
    memory.fill(run)?;
    let params = memory.params(run, &module.func(kernel).kernel.clone().unwrap_or_default())?;
    let before = memory.snapshot();
    let cancelled = Arc::new(AtomicBool::new(false));
    let watchdog = Watchdog::start(cancelled.clone());
    let launch = Launch {
        grid: run.grid,
        block: run.block,
        dynamic_shared: run.shared,
        params: &params,
        globals: &memory.globals,
        func_base: FUNC_BASE,
        grid_id: 1,
        sm_count: 1,
        stack_bytes: run.stack,
        cancelled: &cancelled,
        host: &memory.host,
    };
    let result = grid::run(&*code, &launch);
    let late = cancelled.load(Ordering::Relaxed);
    drop(watchdog);
    if late {
        return Err(format!("does not end within {TIME_LIMIT:?}"));
    }
    check_fault(result, run.fault.as_ref())?;
    check_memory(run, &memory, &before)?;
    match &run.printed {
        Some(expected) if *expected != memory.host.printed() => {
            Err(format!("printed {:?}, should be {expected:?}", memory.host.printed()))
        }
        None if !memory.host.printed().is_empty() && run.fault.is_none() => {
            Err(format!("printed {:?}, which no `printed` line expects", memory.host.printed()))
        }
        _ => Ok(Ran::Done),
    }
}

/// Cancels a launch that takes too long; ends when dropped.
struct Watchdog {
    stop: Option<mpsc::Sender<()>>,
}

impl Watchdog {
    fn start(cancelled: Arc<AtomicBool>) -> Watchdog {
        let (stop, stopped) = mpsc::channel::<()>();
        std::thread::spawn(move || {
            if stopped.recv_timeout(TIME_LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
                cancelled.store(true, Ordering::Relaxed);
            }
        });
        Watchdog { stop: Some(stop) }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.stop.take();
    }
}

/// Buffers and variables of a launch.
struct Memory {
    host: TestHost,
    /// By `GlobalId`; 0 for shared ones.
    globals: Vec<u64>,
    /// Names to address, element and count; variables have a leading `@`.
    named: BTreeMap<String, (u64, Elem, usize)>,
    /// Module variables: name to address.
    variables: BTreeMap<String, u64>,
}

impl Memory {
    /// Memory with the module's variables at their initial values.
    fn new(program: &dyn Program) -> Memory {
        let module = program.module();
        let mut host = TestHost::default();
        let mut globals = Vec::new();
        let mut variables = BTreeMap::new();
        for global in &module.globals {
            let access = match global.space {
                Space::Const => Access::Read,
                Space::Global | Space::Generic | Space::Shared | Space::Local | Space::Param => Access::Write,
            };
            let address =
                if global.space == Space::Shared { 0 } else { host.add(global.size as usize, access) };
            variables.insert(global.name.clone(), address);
            globals.push(address);
        }
        for (global, &address) in module.globals.iter().zip(&globals).filter(|(_, a)| **a != 0) {
            let mut bytes = global.init.clone();
            bytes.resize(global.size as usize, 0);
            for reloc in &global.relocs {
                let target = match reloc.target {
                    RelocTarget::Global(g) | RelocTarget::GenericGlobal(g) => globals[g.index()],
                    RelocTarget::Func(f) => FUNC_BASE + 16 * u64::from(f.0),
                };
                let value = target.wrapping_add_signed(reloc.addend) >> reloc.shift;
                let (at, size) = (reloc.offset as usize, usize::from(reloc.size));
                bytes[at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
            }
            host.buffer(address).write(&bytes);
        }
        Memory { host, globals, named: BTreeMap::new(), variables }
    }

    fn address(&self, name: &str) -> Option<u64> {
        match name.strip_prefix('@') {
            Some(variable) => self.variables.get(variable).copied().filter(|a| *a != 0),
            None => self.named.get(name).map(|(address, ..)| *address),
        }
    }

    fn expand(
        &self,
        values: &Values,
        elem: Elem,
        first: usize,
        count: usize,
        line: usize,
    ) -> Result<Vec<u64>, String> {
        values
            .expand(elem, first, count, &|name| self.address(name))
            .map_err(|why| format!("line {line}: {why}"))
    }

    /// Makes the run's buffers and sets its variables.
    fn fill(&mut self, run: &Run) -> Result<(), String> {
        for input in &run.inputs {
            if matches!(input.place, Place::Pointer | Place::Buffer) {
                let address = self.host.add(input.count * input.elem.bytes(), Access::Write);
                self.named.insert(input.name.clone(), (address, input.elem, input.count));
            }
        }
        for input in run.inputs.iter().filter(|i| i.place != Place::Value && !i.values.is_empty()) {
            let name =
                if input.place == Place::Variable { format!("@{}", input.name) } else { input.name.clone() };
            let address = self
                .address(&name)
                .ok_or_else(|| format!("line {}: no variable {}", input.line, input.name))?;
            let bytes = self.input_bytes(input)?;
            if bytes.len() > self.host.buffer(address).len() {
                return Err(format!("line {}: {} is smaller", input.line, input.name));
            }
            self.host.buffer(address).write(&bytes);
        }
        Ok(())
    }

    fn input_bytes(&self, input: &Input) -> Result<Vec<u8>, String> {
        Ok(to_bytes(input.elem, &self.expand(&input.values, input.elem, 0, input.count, input.line)?))
    }

    /// The parameter buffer.
    fn params(&self, run: &Run, info: &ir::KernelInfo) -> Result<Vec<u8>, String> {
        let mut buffer = vec![0; info.param_bytes as usize];
        let inputs: Vec<&Input> =
            run.inputs.iter().filter(|i| matches!(i.place, Place::Pointer | Place::Value)).collect();
        if inputs.len() != info.params.len() {
            return Err(format!(
                "the kernel has {} parameters, the test {}",
                info.params.len(),
                inputs.len()
            ));
        }
        for (input, param) in inputs.into_iter().zip(&info.params) {
            let bytes = match input.place {
                Place::Value => self.input_bytes(input)?,
                Place::Pointer | Place::Buffer | Place::Variable => {
                    self.address(&input.name).unwrap_or(0).to_le_bytes().to_vec()
                }
            };
            if bytes.len() != param.size as usize {
                let size = bytes.len();
                return Err(format!("line {}: {size} bytes for a parameter of {}", input.line, param.size));
            }
            let at = param.offset as usize;
            buffer[at..at + bytes.len()].copy_from_slice(&bytes);
        }
        Ok(buffer)
    }

    fn snapshot(&self) -> BTreeMap<String, Vec<u8>> {
        self.named
            .iter()
            .map(|(name, (address, ..))| (name.clone(), self.host.buffer(*address).bytes()))
            .collect()
    }
}

fn check_fault(result: Result<(), Fault>, expected: Option<&ExpectedFault>) -> Result<(), String> {
    let (fault, expected) = match (result, expected) {
        (Ok(()), None) => return Ok(()),
        (Ok(()), Some(expected)) => return Err(format!("no fault, should be {:?}", expected.kind)),
        (Err(fault), None) => return Err(format!("fault: {:?}: {fault}", fault.kind)),
        (Err(fault), Some(expected)) => (fault, expected),
    };
    let line = fault.source.as_ref().map(|(_, line)| *line);
    let fits = fault.kind == expected.kind
        && (expected.line.is_none() || expected.line == line)
        && (expected.thread.is_none() || expected.thread == fault.thread)
        && (expected.cta.is_none() || expected.cta == fault.cta)
        && fault.kind != FaultKind::Internal;
    if fits { Ok(()) } else { Err(format!("fault {:?}: {fault}, should be {expected:?}", fault.kind)) }
}

fn check_memory(run: &Run, memory: &Memory, before: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    for out in &run.outs {
        check_out(run, out, memory)?;
    }
    if run.fault.is_some() {
        return Ok(());
    }
    for (name, bytes) in before {
        let named = run.outs.iter().any(|out| out.name == *name);
        let (address, elem, _) = memory.named[name];
        let now = memory.host.buffer(address).bytes();
        if !named && now != *bytes {
            let at = now.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(0) / elem.bytes();
            return Err(format!("{name}[{at}] changed, and no `out` line expects it"));
        }
    }
    Ok(())
}

fn check_out(run: &Run, out: &Out, memory: &Memory) -> Result<(), String> {
    let address =
        memory.address(&out.name).ok_or_else(|| format!("line {}: no buffer {}", out.line, out.name))?;
    let declared = memory.named.get(&out.name).map(|(_, elem, count)| (*elem, *count));
    let (elem, count) = out
        .ty
        .or(declared)
        .ok_or_else(|| format!("line {}: a module variable needs its type here", out.line))?;
    let bytes = memory.host.buffer(address).bytes();
    if count * elem.bytes() != bytes.len() {
        return Err(format!("line {}: {} has {} bytes", out.line, out.name, bytes.len()));
    }
    let (from, to) = out.range.unwrap_or((0, count));
    if from > to || to > count {
        return Err(format!("line {}: {} has {count} elements", out.line, out.name));
    }
    let expected = memory.expand(&out.values, elem, from, to - from, out.line)?;
    let got = &from_bytes(elem, &bytes)[from..to];
    let ulp = if elem.ty.is_float() { run.ulp } else { 0 };
    let wrong: Vec<usize> = (0..got.len()).filter(|&i| distance(elem, got[i], expected[i]) > ulp).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let mut message =
        format!("line {}: {} of {} elements of {} are wrong", out.line, wrong.len(), got.len(), out.name);
    for &i in wrong.iter().take(8) {
        message += &format!("\n  [{}] {}, should be {}", from + i, elem.show(got[i]), elem.show(expected[i]));
    }
    Err(message)
}
