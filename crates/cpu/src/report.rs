//! How a kernel was compiled, for people and tools: what `anywarp explain` shows.
//!
//! Invariant: nothing here is estimated. Shapes, branches and masks are read from the tables that emission follows, counts
//! of machine instructions from the assembly.

use analysis::{FragmentId, GangLayout, Shape, Uniformity};
use ir::{BarrierKind, Function, Inst, SrcLoc, Terminator, Type, Value};
use std::collections::BTreeMap;

/// A compiled kernel.
#[derive(Clone, Debug)]
pub struct Report {
    pub kernel: String,
    pub layout: GangLayout,
    /// The processor that the code is for.
    pub processor: String,
    /// Functions that barriers cut the kernel into.
    pub regions: u32,
    /// Bytes that a gang keeps across barriers.
    pub frame_bytes: u64,
    /// Bytes of static shared memory.
    pub shared_bytes: u64,
    /// Layouts that were tried before, and why emission refused them.
    pub refused: Vec<(GangLayout, String)>,
    pub values: Values,
    pub code: Code,
    /// By source position, in order.
    pub notes: Vec<Note>,
}

/// How many values of each shape the kernel computes (constants are not counted).
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Values {
    pub uniform: u32,
    /// One base for the gang and a constant stride.
    pub affine: u32,
    /// One base a vector.
    pub chunked: u32,
    pub varying: u32,
}

/// Machine instructions.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Code {
    pub instructions: u32,
    /// On xmm, ymm or zmm registers.
    pub vector: u32,
    pub gathers: u32,
    pub scatters: u32,
    pub spills: u32,
    pub reloads: u32,
}

/// One thing at a place of the source, `count` times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub loc: SrcLoc,
    /// `load global f32`, `branch`, `barrier`
    pub what: String,
    /// `unit stride`, `divergent`
    pub how: String,
    /// Whether it costs: irregular addresses, lanes that part, what runs lane by lane.
    pub weight: Weight,
    /// Whether lanes may be switched off here.
    pub masked: bool,
    pub count: u32,
}

/// How much a note should worry a reader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// As cheap as it can be.
    Good,
    /// Costs something.
    Fair,
    /// What to look at first.
    Poor,
}

/// What is known when a kernel has been emitted and compiled.
pub struct Facts<'a> {
    pub kernel: &'a str,
    pub func: &'a Function,
    pub uni: &'a Uniformity,
    pub layout: GangLayout,
    pub processor: &'a str,
    pub regions: u32,
    pub frame_bytes: u64,
    pub shared_bytes: u64,
    pub refused: Vec<(GangLayout, String)>,
    pub assembly: &'a str,
}

/// Makes the report.
pub fn report(facts: Facts<'_>) -> Report {
    let (func, uni) = (facts.func, facts.uni);
    let cfg = analysis::cfg::compute(func);
    let mut values = Values::default();
    let mut notes: BTreeMap<(u32, u32, String, String, bool), (Note, u32)> = BTreeMap::new();
    let mut note = |loc: SrcLoc, what: String, (how, weight): (String, Weight), masked: bool| {
        let key = (loc.file, loc.line, what.clone(), how.clone(), masked);
        let new = || (Note { loc, what, how, weight, masked, count: 0 }, 0);
        notes.entry(key).or_insert_with(new).1 += 1;
    };
    let root_masked = !facts.layout.full() || uni.regions.root_is_masked(func, &cfg);
    for &block in &cfg.rpo {
        let masked = root_masked || uni.regions.fragment(block) != FragmentId::ROOT;
        let data = func.block(block);
        for &inst in &data.insts {
            let data = func.inst(inst);
            if !matches!(data.inst, Inst::Const { .. }) {
                data.results.iter().for_each(|v| values.count(uni.shape(*v)));
            }
            if let Some((what, how)) = describe(data, uni, &facts) {
                note(data.loc, what, how, masked);
            }
        }
        let decides = match data.term {
            Terminator::Branch { .. } => "branch",
            Terminator::Switch { .. } => "switch",
            _ => continue,
        };
        let how = match (uni.regions.is_divergent(block), uni.regions.reconvergence(block)) {
            (false, _) => ("uniform".to_string(), Weight::Good),
            (true, None) => ("divergent, lanes do not meet again".to_string(), Weight::Fair),
            (true, Some(end)) => match line_of(func, end).filter(|&line| line > data.term_loc.line) {
                Some(line) => (format!("divergent, lanes meet again at line {line}"), Weight::Fair),
                None => ("divergent".to_string(), Weight::Fair),
            },
        };
        note(data.term_loc, decides.to_string(), how, masked);
    }
    let mut notes: Vec<Note> = notes.into_values().map(|(note, count)| Note { count, ..note }).collect();
    notes.sort_by_key(|n| (n.loc.file, n.loc.line, std::cmp::Reverse(n.weight)));
    Report {
        kernel: facts.kernel.to_string(),
        layout: facts.layout,
        processor: facts.processor.to_string(),
        regions: facts.regions,
        frame_bytes: facts.frame_bytes,
        shared_bytes: facts.shared_bytes,
        refused: facts.refused,
        values,
        code: Code::of(facts.assembly),
        notes,
    }
}

impl Values {
    fn count(&mut self, shape: Shape) {
        *match shape {
            Shape::Unknown | Shape::Uniform => &mut self.uniform,
            Shape::Affine { .. } => &mut self.affine,
            Shape::Chunked(_) => &mut self.chunked,
            Shape::Varying => &mut self.varying,
        } += 1;
    }
}

impl Code {
    /// Counts what LLVM's assembly printer writes.
    fn of(assembly: &str) -> Code {
        let mut code = Code::default();
        for line in assembly.lines() {
            let Some(text) = line.strip_prefix('\t') else { continue };
            if text.starts_with(['.', '#']) {
                continue;
            }
            let mnemonic = text.split_whitespace().next().unwrap_or_default();
            code.instructions += 1;
            code.vector += u32::from(["%xmm", "%ymm", "%zmm"].iter().any(|r| text.contains(r)));
            code.gathers += u32::from(mnemonic.contains("gather"));
            code.scatters += u32::from(mnemonic.contains("scatter"));
            code.spills += u32::from(text.contains("Spill"));
            code.reloads += u32::from(text.contains("Reload"));
        }
        code
    }
}

/// First line of a block.
fn line_of(func: &Function, block: ir::Block) -> Option<u32> {
    let data = func.block(block);
    let first = data.insts.iter().map(|&i| func.inst(i).loc).find(|loc| loc.line != 0);
    first.or(Some(data.term_loc)).map(|loc| loc.line).filter(|&line| line != 0)
}

/// What an instruction does and how, for those that a reader wants to see.
fn describe(data: &ir::InstData, uni: &Uniformity, facts: &Facts<'_>) -> Option<(String, (String, Weight))> {
    let vector = |ty: Type, count: u8| if count > 1 { format!("{ty}x{count}") } else { ty.to_string() };
    let lane_by_lane = || ("lane by lane".to_string(), Weight::Poor);
    let whole = |good: bool| {
        if good {
            ("as vectors".to_string(), Weight::Good)
        } else {
            ("among the lanes of one thread".to_string(), Weight::Poor)
        }
    };
    Some(match data.inst {
        Inst::Load { space, ty, count, .. } => {
            (format!("load {space} {}", vector(ty, count)), address(data.args[0], ty, count, uni))
        }
        Inst::Store { space, ty, count, .. } => {
            (format!("store {space} {}", vector(ty, count)), address(data.args[0], ty, count, uni))
        }
        Inst::Atomic { space, op, ty, .. } => {
            let (how, weight) = address(data.args[0], ty, 1, uni);
            (format!("atomic {op:?} {space} {ty}").to_lowercase(), (how, weight.max(Weight::Fair)))
        }
        Inst::Barrier { kind, .. } => {
            let how = if facts.layout.gangs() == 1 && kind == BarrierKind::Sync {
                ("free: the block is one gang".to_string(), Weight::Good)
            } else {
                ("ends a region".to_string(), Weight::Fair)
            };
            ("barrier".to_string(), how)
        }
        Inst::Shfl(_) => ("shuffle".to_string(), whole(facts.layout.lanes > 1)),
        Inst::Vote(_) => ("vote".to_string(), whole(facts.layout.lanes > 1)),
        Inst::Match { .. } => ("match".to_string(), lane_by_lane()),
        Inst::Redux(_) => ("warp reduction".to_string(), whole(facts.layout.lanes > 1)),
        Inst::Product { .. } => ("matrix product".to_string(), whole(true)),
        Inst::Arrange { .. } => ("sums of matrix products rearranged".to_string(), whole(true)),
        Inst::Call(callee) => {
            (format!("call of function {}", callee.0), ("not inlined".to_string(), Weight::Fair))
        }
        Inst::CallIndirect { .. } => {
            ("call through a pointer".to_string(), ("by target".to_string(), Weight::Poor))
        }
        Inst::Sys(call) => {
            let name = format!("{call:?}");
            let name = name.split([' ', '(', '{']).next().unwrap_or_default().to_lowercase();
            (format!("runtime call {name}"), lane_by_lane())
        }
        Inst::Alloca { .. } => ("alloca".to_string(), lane_by_lane()),
        Inst::Const { .. }
        | Inst::Pure { .. }
        | Inst::Sreg(_)
        | Inst::GlobalAddr { .. }
        | Inst::FuncAddr(_)
        | Inst::SlotAddr(_)
        | Inst::ToGeneric(_)
        | Inst::FromGeneric(_)
        | Inst::IsSpace(_)
        | Inst::Fence(_)
        | Inst::WarpSync
        | Inst::SameQuotient { .. }
        | Inst::Every
        | Inst::ActiveMask
        | Inst::Elect => return None,
    })
}

/// How the lanes' addresses lie to each other.
fn address(at: Value, ty: Type, count: u8, uni: &Uniformity) -> (String, Weight) {
    let size = i64::from(ty.bytes()) * i64::from(count);
    match uni.shape(at) {
        Shape::Unknown | Shape::Uniform => ("one address".to_string(), Weight::Good),
        Shape::Affine { stride: 0, .. } | Shape::Chunked(0) => {
            ("one address a vector".to_string(), Weight::Good)
        }
        Shape::Affine { stride, .. } | Shape::Chunked(stride) if stride == size => {
            ("unit stride".to_string(), Weight::Good)
        }
        Shape::Affine { stride, .. } | Shape::Chunked(stride) => {
            let weight = if stride.abs() < 4 * size { Weight::Fair } else { Weight::Poor };
            (format!("stride of {stride} bytes"), weight)
        }
        Shape::Varying => ("irregular".to_string(), Weight::Poor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assembly_is_counted() {
        let text = "region0:\n\t.cfi_startproc\n\tvmovups\t(%rax), %zmm0\n\tvmovaps\t%ymm0, (%rsp) # 32-byte Spill\n\
                    \tvgatherdps\t(%rax,%zmm1), %zmm0 {%k1}\n\taddq\t$8, %rax\n# a comment\n\tretq\n";
        let want = Code { instructions: 5, vector: 3, gathers: 1, spills: 1, ..Code::default() };
        assert_eq!(Code::of(text), want);
    }
}
