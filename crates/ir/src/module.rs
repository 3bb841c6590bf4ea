//! Modules: functions, variables, and what is said about kernels.

use crate::Function;
use crate::Space;
use crate::function::{Signature, id};

id!(/// A function of a module: index into [`Module::funcs`].
    FuncId, "fn");
id!(/// A variable of a module: index into [`Module::globals`].
    GlobalId, "g");

/// Who may see a symbol (PTX ISA 11.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Linkage {
    /// Seen in its own module only.
    Internal,
    Visible,
    Weak,
    /// Sizes merge with those of the same name in other modules.
    Common,
    /// Declared here, defined elsewhere.
    Extern,
}

/// What a function of a module is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FuncKind {
    Kernel,
    Device,
    /// A function of the math library (`__nv_sinf`, …) that the module does not define: its meaning is its name.
    Library,
    /// Declared, to be defined by another module at link time.
    Extern,
}

/// One parameter of a kernel in the parameter buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParamDesc {
    pub offset: u32,
    pub size: u32,
    pub align: u32,
}

/// What a kernel declares about its launches (PTX ISA 11.4).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KernelInfo {
    pub params: Vec<ParamDesc>,
    /// Bytes of the parameter buffer.
    pub param_bytes: u32,
    /// `.maxntid`: bound on the product of the CTA's dimensions.
    pub max_threads: Option<[u32; 3]>,
    /// `.reqntid`: the only CTA shape allowed.
    pub required_threads: Option<[u32; 3]>,
    pub min_ctas_per_sm: Option<u32>,
    pub max_registers: Option<u32>,
    pub grid: GridSize,
}

/// What is known of the grids that a function runs for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum GridSize {
    /// A row has less than 2^31 threads: their numbers fit `int`, as programs take for granted.
    Usual,
    /// A row has far less than that, and many more than a vector has lanes; each block of several rows has few of them.
    Rows,
    #[default]
    Any,
}

impl GridSize {
    pub fn of(grid: [u32; 3], block: [u32; 3]) -> GridSize {
        match u64::from(grid[0]) * u64::from(block[0]) {
            n if block[0] < 64 && block[1] * block[2] > 1 && (128..1 << 27).contains(&n) => GridSize::Rows,
            n if n < 1 << 31 => GridSize::Usual,
            _ => GridSize::Any,
        }
    }
}

/// What an initialiser refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelocTarget {
    /// The variable's address in its own space.
    Global(GlobalId),
    /// The variable's generic address.
    GenericGlobal(GlobalId),
    Func(FuncId),
}

/// `size` bytes at `offset` of an initialiser are the target's address plus `addend`, shifted right by `shift` bits
/// (the `mask()` operator of PTX ISA 5.? picks single bytes).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reloc {
    pub offset: u64,
    pub size: u8,
    pub shift: u8,
    pub target: RelocTarget,
    pub addend: i64,
}

/// A module variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Global {
    pub name: String,
    /// `Global`, `Const` or `Shared`.
    pub space: Space,
    pub size: u64,
    pub align: u32,
    /// Leading bytes of the initial value; the rest is zero. Empty for shared memory.
    pub init: Vec<u8>,
    pub relocs: Vec<Reloc>,
    pub linkage: Linkage,
    /// `.extern .shared` without a size: the launch's dynamic shared memory.
    pub dynamic_shared: bool,
    /// The function that the variable was declared in, for static shared memory of one kernel.
    pub owner: Option<FuncId>,
}

/// A function of a module; the body appears when it is lowered.
#[derive(Clone, Debug)]
pub struct FuncEntry {
    pub name: String,
    pub kind: FuncKind,
    pub linkage: Linkage,
    pub sig: Signature,
    pub kernel: Option<KernelInfo>,
    /// `None` until lowered, or for declarations.
    pub body: Option<Function>,
}

/// A module: everything that one `cuModuleLoad` brings.
#[derive(Clone, Debug, Default)]
pub struct Module {
    pub funcs: Vec<FuncEntry>,
    pub globals: Vec<Global>,
    /// Source files of [`crate::SrcLoc::file`]; entry 0 is empty.
    pub files: Vec<String>,
}

impl Module {
    pub fn func(&self, id: FuncId) -> &FuncEntry {
        &self.funcs[id.index()]
    }

    pub fn global(&self, id: GlobalId) -> &Global {
        &self.globals[id.index()]
    }

    pub fn find_func(&self, name: &str) -> Option<FuncId> {
        self.funcs.iter().position(|f| f.name == name).map(|i| FuncId(i as u32))
    }

    pub fn find_global(&self, name: &str) -> Option<GlobalId> {
        self.globals.iter().position(|g| g.name == name).map(|i| GlobalId(i as u32))
    }

    pub fn func_ids(&self) -> impl Iterator<Item = FuncId> + use<> {
        (0..self.funcs.len() as u32).map(FuncId)
    }
}
