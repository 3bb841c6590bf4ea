//! A kernel ready to run: the bodies of all functions it can reach, and the layouts of its memory.

use engine::layout::{FrameLayout, SharedLayout, reach, resources};
use engine::{CompileError, Program, Resources};
use ir::{FuncId, Function, Inst, Space, SrcLoc};
use std::sync::Arc;

/// A function that threads may be in.
pub struct Code {
    pub func: Arc<Function>,
    pub frame: FrameLayout,
}

/// What a function number leads to.
#[derive(Clone, Debug)]
pub enum Target {
    /// Index into [`Image::codes`].
    Code(u32),
    /// A function whose body could not be lowered.
    Failed(String),
    /// No function that this kernel may call.
    Absent,
}

pub struct Image {
    pub name: String,
    /// The kernel is the first.
    pub codes: Vec<Code>,
    /// By function number.
    pub targets: Vec<Target>,
    pub shared: SharedLayout,
    /// Numbers and sizes of the module's constant variables: the constant window.
    pub constants: Vec<(usize, u64)>,
    pub resources: Resources,
    /// Whether any function touches local memory.
    pub needs_local: bool,
    /// Bytes of frames that do not come from recursion.
    pub frame_bytes: u64,
    pub local_align: u64,
    files: Vec<String>,
}

impl Image {
    pub fn new(program: &dyn Program, kernel: FuncId) -> Result<Image, CompileError> {
        let module = program.module();
        let reached = reach(program, kernel)?;
        let shared = SharedLayout::of(program, &reached);
        let resources = resources(program, kernel, &reached);
        let mut codes = Vec::new();
        let mut targets = vec![Target::Absent; module.funcs.len()];
        let mut frame_bytes = reached.local_bytes;
        for (id, body) in reached.funcs {
            targets[id.index()] = match body {
                Ok(func) => {
                    let frame = FrameLayout::of(&func);
                    frame_bytes += CALL_BYTES + frame.align;
                    codes.push(Code { func, frame });
                    Target::Code(codes.len() as u32 - 1)
                }
                Err(error) => Target::Failed(error.message),
            };
        }
        let allocates = |f: &Function| f.insts.iter().any(|i| matches!(i.inst, Inst::Alloca { .. }));
        Ok(Image {
            name: module.func(kernel).name.clone(),
            needs_local: codes.iter().any(|c| c.frame.size > 0 || allocates(&c.func)),
            local_align: codes.iter().map(|c| c.frame.align).max().unwrap_or(16).max(256),
            codes,
            targets,
            shared,
            constants: module
                .globals
                .iter()
                .enumerate()
                .filter(|(_, g)| g.space == Space::Const)
                .map(|(i, g)| (i, g.size))
                .collect(),
            resources,
            frame_bytes,
            files: module.files.clone(),
        })
    }

    /// File and line of a location, where it has them.
    pub fn source(&self, loc: SrcLoc) -> Option<(String, u32)> {
        let file = self.files.get(loc.file as usize).filter(|_| loc.file != 0)?;
        Some((file.clone(), loc.line))
    }
}

/// What a call costs on the stack besides the callee's slots, so that endless recursion ends.
pub const CALL_BYTES: u64 = 16;
