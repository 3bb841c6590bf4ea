//! The text form of the IR, for people and tests.

use crate::{BlockCall, Function, Inst, Terminator, Value};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let params: Vec<String> = self.sig.params.iter().map(|t| t.to_string()).collect();
        let results: Vec<String> = self.sig.results.iter().map(|t| t.to_string()).collect();
        let kind = if self.kernel.is_some() { "kernel" } else { "func" };
        writeln!(f, "{kind} @{}({}) -> ({}) {{", self.name, params.join(", "), results.join(", "))?;
        for (i, slot) in self.slots.iter().enumerate() {
            writeln!(f, "  slot{i}: {} align {}", slot.size, slot.align)?;
        }
        for block in self.block_ids() {
            let data = self.block(block);
            let params: Vec<String> = data.params.iter().map(|v| format!("{v}: {}", self.ty(*v))).collect();
            writeln!(f, "{block}({}):", params.join(", "))?;
            for &inst in &data.insts {
                writeln!(f, "  {}", inst_text(self, inst))?;
            }
            writeln!(f, "  {}", term_text(&data.term))?;
        }
        f.write_str("}\n")
    }
}

fn list(values: &[Value]) -> String {
    values.iter().map(|v| v.to_string()).collect::<Vec<_>>().join(", ")
}

/// One instruction as text: `v3: i32 = iadd.i32 v1, v2`.
pub fn inst_text(func: &Function, inst: crate::InstId) -> String {
    let data = func.inst(inst);
    let mut out = String::new();
    if !data.results.is_empty() {
        let results: Vec<String> = data.results.iter().map(|v| format!("{v}: {}", func.ty(*v))).collect();
        let _ = write!(out, "{} = ", results.join(", "));
    }
    let _ = match data.inst {
        Inst::Const { ty, bits } => write!(out, "const.{ty} 0x{bits:x}"),
        Inst::Pure { op, ty } => write!(out, "{}.{ty} {}{}", op.row().name, list(&data.args), modifiers(op)),
        Inst::Sreg(reg) => write!(out, "sreg %{}", reg.name()),
        other => write!(out, "{other:?} {}", list(&data.args)),
    };
    out
}

/// Modifiers of an op that its name does not say, as ` {…}`.
fn modifiers(op: crate::Op) -> String {
    let debug = format!("{op:?}");
    match debug.split_once('(') {
        Some((_, rest)) => format!(" {{{}}}", rest.trim_end_matches(')')),
        None => String::new(),
    }
}

fn call_text(call: &BlockCall) -> String {
    format!("{}({})", call.block, list(&call.args))
}

fn term_text(term: &Terminator) -> String {
    match term {
        Terminator::Jump(to) => format!("jump {}", call_text(to)),
        Terminator::Branch { cond, then, els } => {
            format!("br {cond}, {}, {}", call_text(then), call_text(els))
        }
        Terminator::Switch { index, targets, default } => {
            let targets: Vec<String> = targets.iter().map(call_text).collect();
            format!("switch {index}, [{}], {}", targets.join(", "), call_text(default))
        }
        Terminator::Ret(values) => format!("ret {}", list(values)).trim_end().to_string(),
        Terminator::Exit => "exit".into(),
        Terminator::Trap => "trap".into(),
        Terminator::Unreachable => "unreachable".into(),
    }
}
