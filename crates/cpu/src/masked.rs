//! Code of a kernel that seldom runs: compiled when the first gang comes to it, or found in the cache.
//!
//! Invariant: it belongs to the kernel's other code, word by word: both come from one emission, which is the same in
//! every process, and the hash of this part's text is kept with the other.

use crate::abi::CtaContext;
use crate::apart;
use crate::cache::{self, Entry};
use crate::emit::Refused;
use crate::emit::seldom::Outline;
use crate::emitted::{Request, emitted};
use crate::fault;
use crate::llvm::{self, Effort};
use crate::object::{self, Loaded};
use crate::processor::Native;
use crate::run;
use crate::watch::Watch;
use engine::{CompileOptions, Fault, FaultKind, Program, Tier};
use ir::FuncId;
use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, OnceLock};
use xxhash_rust::xxh3::xxh3_128;

/// Where the text comes from.
pub enum Source {
    /// Emitted again.
    Program(Arc<dyn Program>, FuncId),
    /// Kept, where a program does not outlive its compilation.
    Text(String),
}

/// What seldom runs of a kernel.
pub struct Masked {
    /// A row for each region, null until the code is there.
    table: Box<[AtomicPtr<c_void>]>,
    code: OnceLock<Result<Loaded, String>>,
    name: String,
    source: Source,
    options: CompileOptions,
    key: Option<String>,
    hash: u128,
}

/// What tells one text from another.
pub fn hash(text: &str) -> u128 {
    xxh3_128(text.as_bytes())
}

impl Masked {
    pub fn new(
        name: String,
        regions: u32,
        source: Source,
        options: CompileOptions,
        key: Option<&str>,
        hash: u128,
    ) -> Masked {
        let table = (0..regions).map(|_| AtomicPtr::new(ptr::null_mut())).collect();
        let key = key.map(|k| format!("{k}m"));
        Masked { table, code: OnceLock::new(), name, source, options, key, hash }
    }

    /// What generated code looks at.
    pub fn table(&self) -> *const AtomicPtr<c_void> {
        self.table.as_ptr()
    }

    /// The code of a region. Those who come while it is compiled wait.
    fn find(&self, region: usize) -> Result<*const c_void, String> {
        let compiled = self.code.get_or_init(|| apart::run(|| self.load()).and_then(|loaded| loaded));
        let code = compiled.as_ref().map_err(String::clone)?;
        for (r, row) in self.table.iter().enumerate() {
            let address = code.symbol(&format!("masked{r}")).unwrap_or_default();
            row.store(address as *mut c_void, Ordering::Release);
        }
        match self.table.get(region).map(|row| row.load(Ordering::Acquire)) {
            Some(address) if !address.is_null() => Ok(address),
            _ => Err(format!("region {region} has no such code")),
        }
    }

    fn load(&self) -> Result<Loaded, String> {
        let mut watch = Watch::start();
        // The kernel's own entry has regions.
        let sound = |e: &Entry| e.masked == self.hash && e.regions == 0;
        let kept = self.key.as_deref().and_then(cache::load).filter(sound);
        if let Some(code) = kept.and_then(|e| object::load(&e.object, &Native).ok()) {
            watch.lap("load");
            watch.report_masked(&self.name);
            return Ok(code);
        }
        let target = llvm::host()?;
        let emitted;
        let text = match &self.source {
            Source::Text(text) => text,
            Source::Program(program, kernel) => {
                emitted = emitted_again(&**program, *kernel, target, &self.options, &mut watch)?;
                &emitted
            }
        };
        if hash(text) != self.hash {
            return Err("emission is not the same again".into());
        }
        let effort = if self.options.opt_level == 0 { Effort::None } else { Effort::Little };
        let compiled = llvm::compile(text, target, effort, false)?;
        watch.add(["parse", "passes", "codegen"].into_iter().zip(compiled.times));
        let entry = Entry { object: compiled.object, masked: self.hash, ..Entry::default() };
        if let Some(key) = &self.key {
            cache::store(key, &entry);
        }
        let code = object::load(&entry.object, &Native)?;
        watch.lap("load");
        watch.report_masked(&self.name);
        Ok(code)
    }
}

fn emitted_again(
    program: &dyn Program,
    kernel: FuncId,
    target: &llvm::Target,
    options: &CompileOptions,
    watch: &mut Watch,
) -> Result<String, String> {
    let (outline, tier) = (Outline::Seldom, Tier::Optimised);
    match emitted(Request { target, program, kernel, options, outline, tier, most: None }, watch) {
        Ok(Ok(emitted)) => Ok(emitted.code.masked),
        Ok(Err(Refused::Because(why))) => Err(why),
        Ok(Err(Refused::Long)) => Err("longer than before".into()),
        Err(e) => Err(e.to_string()),
    }
}

/// A runtime call: the code of a region's part that seldom runs.
pub extern "C-unwind" fn find(context: *const CtaContext, region: u32) -> *const c_void {
    let code = run::env(context).code;
    let found = match &code.masked {
        Some(masked) => masked.find(region as usize),
        None => Err("no such code".into()),
    };
    match found {
        Ok(address) => address,
        Err(why) => fault::throw(Fault::new(FaultKind::Internal, format!("kernel {}: {why}", code.name))),
    }
}
