//! Linking: the symbols of one or several PTX modules become the functions and variables of one program.
//!
//! Rules (PTX ISA 11.6): `.visible` and `.weak` names are seen by all modules, others by their own; a strong definition
//! beats weak ones, of several weak ones the first counts, `.common` variables merge. Names that nothing defines come
//! from the device runtime or the math library. Invariant: ids are given in source order, so output is deterministic.

use crate::error::{Error, ErrorKind};
use crate::globals;
use crate::intrinsics;
use crate::library::{self, Library};
use crate::mma;
use crate::signature::{kernel_info, signature};
use crate::unit::{FuncRef, Linked, Origin, Unit};
use ir::module::FuncEntry;
use ir::{FuncId, FuncKind, GlobalId, SysCall};
use ptx::{Body, Linkage, SymbolKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// A definition that other modules may see.
#[derive(Clone, Copy)]
struct Def {
    unit: usize,
    what: ptx::Global,
    linkage: Linkage,
}

/// A module and its parsed bodies, by function; none for declarations.
pub(crate) type Parsed = (Arc<ptx::Module>, Vec<Option<Arc<Body>>>);

/// Links modules whose bodies have been parsed.
pub(crate) fn link(modules: Vec<Parsed>) -> Result<Linked, Vec<Error>> {
    let mut errors = Vec::new();
    let mut linker = Linker {
        out: Linked {
            module: ir::Module { files: vec![String::new()], ..ir::Module::default() },
            units: Vec::new(),
            origins: Vec::new(),
            intrinsics: FxHashMap::default(),
            matrix: FxHashMap::default(),
            managed: FxHashSet::default(),
        },
        exports: FxHashMap::default(),
    };
    let mut bodies = Vec::new();
    for (module, parsed) in modules {
        linker.out.units.push(Unit::new(module));
        bodies.push(parsed);
    }
    for unit in 0..bodies.len() {
        linker.export(unit, &mut errors);
    }
    for (unit, bodies) in bodies.iter().enumerate() {
        linker.files(unit);
        linker.define_variables(unit);
        linker.define_functions(unit, bodies);
    }
    let mut needed = Vec::new();
    for (unit, bodies) in bodies.iter().enumerate() {
        linker.resolve(unit, bodies, &mut needed, &mut errors);
    }
    linker.pull_library(needed, &mut errors);
    if let (false, Err(message)) = (errors.is_empty(), library::library()) {
        errors.push(Error::new(ErrorKind::Internal, format!("the math library does not parse: {message}")));
    }
    for (unit, bodies) in linker.out.units.iter().zip(bodies) {
        for (slot, body) in unit.bodies.iter().zip(bodies) {
            *slot.lock().unwrap_or_else(|e| e.into_inner()) = body;
        }
    }
    for unit in 0..linker.out.units.len() {
        linker.initialise(unit, &mut errors);
    }
    if errors.is_empty() { Ok(linker.out) } else { Err(errors) }
}

struct Linker {
    out: Linked,
    exports: FxHashMap<String, Def>,
}

/// The math library: it takes two milliseconds to parse, so that only programs which need it do.
fn math() -> Option<&'static Library> {
    library::library().ok().flatten()
}

impl Linker {
    /// Enters the visible definitions of a module into the table of exports.
    fn export(&mut self, unit: usize, errors: &mut Vec<Error>) {
        let module = self.out.units[unit].module.clone();
        let functions = (0u32..).zip(&module.functions).filter(|(_, f)| f.body.is_some());
        let functions = functions.map(|(i, f)| (f.name, f.linkage, ptx::Global::Function(ptx::FuncId(i))));
        let variables = (0u32..).zip(&module.variables).filter(|(_, v)| v.linkage != Linkage::Extern);
        let variables = variables.map(|(i, v)| (v.name, v.linkage, ptx::Global::Variable(ptx::VarId(i))));
        for (span, linkage, what) in functions.chain(variables) {
            if matches!(linkage, Linkage::Internal | Linkage::Extern) {
                continue;
            }
            let name = module.name(span);
            let def = Def { unit, what, linkage };
            let Some(old) = self.exports.get(name).copied() else {
                self.exports.insert(name.to_string(), def);
                continue;
            };
            if old.unit == unit {
                continue; // Twice in one module: the parser's error.
            }
            match (old.linkage, linkage) {
                (Linkage::Visible, Linkage::Visible) => {
                    let first = &self.out.units[old.unit].module.source.name;
                    errors.push(
                        Error::new(
                            ErrorKind::Duplicate,
                            format!("'{name}' is defined twice; first in {first}"),
                        )
                        .symbol(name)
                        .at(&module.source, span),
                    );
                }
                (Linkage::Weak | Linkage::Common, Linkage::Visible) | (Linkage::Weak, Linkage::Common) => {
                    self.exports.insert(name.to_string(), def);
                }
                _ => {}
            }
        }
    }

    fn files(&mut self, unit: usize) {
        let files = &mut self.out.module.files;
        let unit = &mut self.out.units[unit];
        unit.text_file = files.len() as u32;
        files.push(unit.module.source.name.clone());
        for entry in &unit.module.files {
            let index = match files.iter().rposition(|f| *f == entry.path) {
                Some(index) => index,
                None => {
                    files.push(entry.path.clone());
                    files.len() - 1
                }
            };
            unit.files.insert(entry.index, index as u32);
        }
    }

    /// Whether the definition at hand is the one that its name stands for in the whole program.
    fn wins(&self, unit: usize, name: &str, what: ptx::Global, linkage: Linkage) -> bool {
        linkage == Linkage::Internal
            || self.exports.get(name).is_none_or(|def| def.unit == unit && def.what == what)
    }

    fn define_variables(&mut self, unit: usize) {
        let module = self.out.units[unit].module.clone();
        for (i, var) in (0u32..).zip(&module.variables) {
            let name = module.name(var.name);
            let what = ptx::Global::Variable(ptx::VarId(i));
            let dynamic = var.linkage == Linkage::Extern && is_shared(var.space);
            let defined = dynamic && !self.exports.contains_key(name)
                || var.linkage != Linkage::Extern && self.wins(unit, name, what, var.linkage);
            if !defined || (var.linkage == Linkage::Extern && module.globals.get(name) != Some(&what)) {
                continue;
            }
            self.add_variable(unit, ptx::VarId(i));
        }
    }

    fn add_variable(&mut self, unit: usize, id: ptx::VarId) -> Option<GlobalId> {
        let module = self.out.units[unit].module.clone();
        let var = module.variable(id);
        let mut global = globals::declare(&module, var)?;
        if global.space == ir::Space::Shared && var.linkage == Linkage::Extern {
            // Nothing defines it: it is the launch's dynamic shared memory.
            global.dynamic_shared = true;
        }
        let new = GlobalId(self.out.module.globals.len() as u32);
        self.out.module.globals.push(global);
        self.out.units[unit].vars[id.0 as usize] = Some(new);
        if var.managed {
            self.out.managed.insert(new);
        }
        Some(new)
    }

    fn define_functions(&mut self, unit: usize, bodies: &[Option<Arc<Body>>]) {
        let module = self.out.units[unit].module.clone();
        for (i, func) in (0u32..).zip(&module.functions) {
            let Some(body) = &bodies[i as usize] else { continue };
            let what = ptx::Global::Function(ptx::FuncId(i));
            if self.wins(unit, module.name(func.name), what, func.linkage) {
                let kind = match func.kind {
                    ptx::FuncKind::Entry => FuncKind::Kernel,
                    ptx::FuncKind::Func => FuncKind::Device,
                };
                self.add_function(unit, ptx::FuncId(i), kind, body);
            }
        }
    }

    fn add_function(&mut self, unit: usize, id: ptx::FuncId, kind: FuncKind, body: &Body) -> FuncId {
        let module = self.out.units[unit].module.clone();
        let func = module.function(id);
        let new = FuncId(self.out.module.funcs.len() as u32);
        let (sig, kernel) = match kind {
            FuncKind::Kernel => (Default::default(), Some(kernel_info(&func.params, &func.tuning))),
            FuncKind::Device | FuncKind::Library | FuncKind::Extern => {
                (signature(&func.returns, &func.params), None)
            }
        };
        self.out.module.funcs.push(FuncEntry {
            name: module.name(func.name).to_string(),
            kind,
            linkage: globals::linkage(func.linkage),
            sig,
            kernel,
            body: None,
        });
        self.out.origins.push(Origin::Body { unit: unit as u32, func: id });
        self.out.units[unit].funcs[id.0 as usize] = FuncRef::Ir(new);
        for (i, var) in (0u32..).zip(&body.variables) {
            let Some(mut global) = globals::declare(&module, var) else { continue };
            global.owner = Some(new);
            let global_id = GlobalId(self.out.module.globals.len() as u32);
            self.out.module.globals.push(global);
            self.out.units[unit].locals.insert((id, ptx::LocalId(i)), global_id);
        }
        new
    }

    /// Resolves what the kept bodies and initialisers of a module refer to; collects needed library functions.
    fn resolve(
        &mut self,
        unit: usize,
        bodies: &[Option<Arc<Body>>],
        needed: &mut Vec<ptx::FuncId>,
        errors: &mut Vec<Error>,
    ) {
        let module = self.out.units[unit].module.clone();
        // Every name that is defined somewhere resolves, used or not: initialisers and aliases need it.
        for (i, func) in (0u32..).zip(&module.functions) {
            if self.out.units[unit].funcs[i as usize] == FuncRef::Missing {
                self.out.units[unit].funcs[i as usize] = self.find_function(unit, module.name(func.name));
            }
        }
        for (i, var) in (0u32..).zip(&module.variables) {
            if self.out.units[unit].vars[i as usize].is_none() {
                self.out.units[unit].vars[i as usize] = self.find_variable(unit, module.name(var.name));
            }
        }
        for (i, body) in bodies.iter().enumerate() {
            let Some(body) = body else { continue };
            if self.out.units[unit].funcs[i] == FuncRef::Missing {
                continue;
            }
            self.need_intrinsics(unit, body, needed, errors);
            for symbol in &body.symbols {
                let SymbolKind::Global(what) = symbol.kind else { continue };
                self.require(unit, what, symbol.name, needed, errors);
            }
        }
    }

    fn require(
        &mut self,
        unit: usize,
        what: ptx::Global,
        span: ptx::Span,
        needed: &mut Vec<ptx::FuncId>,
        errors: &mut Vec<Error>,
    ) {
        let module = self.out.units[unit].module.clone();
        let name = module.name(span);
        let missing = match what {
            ptx::Global::Function(id) => self.out.units[unit].funcs[id.0 as usize] == FuncRef::Missing,
            ptx::Global::Variable(id) => {
                self.out.units[unit].vars[id.0 as usize].is_none()
                    && globals::declare(&module, module.variable(id)).is_some()
            }
        };
        if !missing {
            return;
        }
        if let (ptx::Global::Function(_), Some(found)) = (what, math().and_then(|l| l.find(name))) {
            needed.push(found);
            return;
        }
        let known =
            errors.iter().any(|e| e.kind == ErrorKind::Unresolved && e.symbol.as_deref() == Some(name));
        if !known {
            errors.push(
                Error::new(ErrorKind::Unresolved, format!("undefined symbol '{name}'"))
                    .symbol(name)
                    .at(&module.source, span)
                    .help("no module of the program defines it"),
            );
        }
    }

    /// What a function's name stands for, outside the math library.
    fn find_function(&self, unit: usize, name: &str) -> FuncRef {
        let of_unit = &self.out.units[unit];
        let alias = of_unit.module.aliases.iter().find(|a| of_unit.module.name(a.name) == name);
        let name = alias.map_or(name, |a| of_unit.module.name(a.target));
        if let Some(ptx::Global::Function(id)) = of_unit.module.globals.get(name)
            && let FuncRef::Ir(id) = of_unit.funcs[id.0 as usize]
        {
            return FuncRef::Ir(id);
        }
        if let Some(Def { unit, what: ptx::Global::Function(id), .. }) = self.exports.get(name)
            && let FuncRef::Ir(id) = self.out.units[*unit].funcs[id.0 as usize]
        {
            return FuncRef::Ir(id);
        }
        match name {
            "vprintf" => FuncRef::Sys(SysCall::Vprintf),
            "malloc" => FuncRef::Sys(SysCall::Malloc),
            "free" => FuncRef::Sys(SysCall::Free),
            "__assertfail" => FuncRef::Sys(SysCall::AssertFail),
            _ => FuncRef::Missing,
        }
    }

    fn find_variable(&self, unit: usize, name: &str) -> Option<GlobalId> {
        let of_unit = &self.out.units[unit];
        if let Some(ptx::Global::Variable(id)) = of_unit.module.globals.get(name)
            && let Some(id) = of_unit.vars[id.0 as usize]
        {
            return Some(id);
        }
        match self.exports.get(name) {
            Some(Def { unit, what: ptx::Global::Variable(id), .. }) => {
                self.out.units[*unit].vars[id.0 as usize]
            }
            _ => None,
        }
    }

    /// The library functions that a body's instructions call.
    fn need_intrinsics(
        &mut self,
        unit: usize,
        body: &Body,
        needed: &mut Vec<ptx::FuncId>,
        errors: &mut Vec<Error>,
    ) {
        for inst in body.insts() {
            if let Some(product) = mma::read(&inst.form) {
                self.add_product(mma::name(&inst.form), product);
            }
            let Some(name) = intrinsics::callee(&inst.form) else { continue };
            match math().and_then(|library| library.find(name)) {
                Some(found) => needed.push(found),
                None => {
                    let message = format!("'{}' needs {name}, which the math library lacks", inst.form.text);
                    let source = &self.out.units[unit].module.source;
                    errors.push(Error::new(ErrorKind::Library, message).symbol(name).at(source, inst.span));
                }
            }
        }
    }

    /// Adds the function of a matrix product, once.
    fn add_product(&mut self, name: String, product: ir::product::Product) {
        if self.out.matrix.contains_key(&name) {
            return;
        }
        let id = FuncId(self.out.module.funcs.len() as u32);
        self.out.module.funcs.push(FuncEntry {
            name: name.clone(),
            kind: FuncKind::Library,
            linkage: ir::Linkage::Internal,
            sig: product.signature(),
            kernel: None,
            body: None,
        });
        self.out.origins.push(Origin::Mma(product));
        self.out.matrix.insert(name, (product, id));
    }

    /// Adds the needed library functions and all that they need.
    fn pull_library(&mut self, mut work: Vec<ptx::FuncId>, errors: &mut Vec<Error>) {
        if work.is_empty() {
            return;
        }
        let Some(library) = math() else { return };
        let unit = self.out.units.len();
        // Without a place in the file table: nobody steps through the library.
        self.out.units.push(Unit::new(library.module.clone()));
        let mut next = 0;
        while next < work.len() {
            let id = work[next];
            next += 1;
            if self.out.units[unit].funcs[id.0 as usize] != FuncRef::Missing {
                continue;
            }
            let body = match library.body(id) {
                Ok(body) => body,
                Err(message) => {
                    errors.push(Error::new(
                        ErrorKind::Internal,
                        format!("the math library does not parse: {message}"),
                    ));
                    return;
                }
            };
            self.add_function(unit, id, FuncKind::Library, &body);
            self.need_intrinsics(unit, &body, &mut work, errors);
            for symbol in &body.symbols {
                match symbol.kind {
                    SymbolKind::Global(ptx::Global::Function(other)) => {
                        let name = library.module.name(symbol.name);
                        match library.find(name) {
                            Some(def) => work.push(def),
                            None => self.require(
                                unit,
                                ptx::Global::Function(other),
                                symbol.name,
                                &mut work,
                                errors,
                            ),
                        }
                    }
                    SymbolKind::Global(ptx::Global::Variable(var))
                        if self.out.units[unit].vars[var.0 as usize].is_none() =>
                    {
                        self.add_variable(unit, var);
                    }
                    _ => {}
                }
            }
            *self.out.units[unit].bodies[id.0 as usize].lock().unwrap_or_else(|e| e.into_inner()) =
                Some(body);
        }
        for name in intrinsics::NAMES {
            if let Some(FuncRef::Ir(id)) =
                library.find(name).map(|id| self.out.units[unit].funcs[id.0 as usize])
            {
                self.out.intrinsics.insert(name, id);
            }
        }
        // Declarations, in the library and in the modules, now stand for the library's definitions.
        for unit in 0..self.out.units.len() {
            self.resolve_to_library(unit, library);
        }
    }

    fn resolve_to_library(&mut self, unit: usize, library: &Library) {
        let library_unit = self.out.units.len() - 1;
        let module = self.out.units[unit].module.clone();
        for (i, func) in module.functions.iter().enumerate() {
            if self.out.units[unit].funcs[i] == FuncRef::Missing
                && let Some(def) = library.find(module.name(func.name))
            {
                self.out.units[unit].funcs[i] = self.out.units[library_unit].funcs[def.0 as usize];
            }
        }
    }

    /// Initial values, when every name has its id.
    fn initialise(&mut self, unit: usize, errors: &mut Vec<Error>) {
        let of_unit = &self.out.units[unit];
        let module = of_unit.module.clone();
        for (i, var) in module.variables.iter().enumerate() {
            let Some(id) = of_unit.vars[i] else { continue };
            let global = &mut self.out.module.globals[id.index()];
            let mine = module.name(var.name) == global.name && var.linkage != Linkage::Extern;
            let winner = self
                .exports
                .get(&global.name)
                .is_none_or(|d| d.unit == unit || var.linkage == Linkage::Internal);
            if var.linkage == Linkage::Common {
                global.size = global.size.max(var.bytes());
            }
            if mine
                && winner
                && let Err(error) = globals::initialise(of_unit, var, global)
            {
                errors.push(error);
            }
        }
        // Statics of functions: their bodies are still with the caller, or in the library.
        let mut locals: Vec<_> = of_unit.locals.iter().map(|(key, id)| (*key, *id)).collect();
        locals.sort_by_key(|(_, id)| *id);
        for ((func, local), id) in locals {
            let body = of_unit.bodies[func.0 as usize].lock().unwrap_or_else(|e| e.into_inner()).clone();
            let Some(body) = body else { continue };
            let global = &mut self.out.module.globals[id.index()];
            if let Err(error) = globals::initialise(of_unit, &body.variables[local.0 as usize], global) {
                errors.push(error);
            }
        }
    }
}

fn is_shared(space: ptx::Space) -> bool {
    matches!(space, ptx::Space::Shared | ptx::Space::SharedCta | ptx::Space::SharedCluster)
}
