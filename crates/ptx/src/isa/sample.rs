//! Instances of the table's rows: for its self-test, the fuzzer's generator and the coverage page.
//! Invariant: what is made of a row resolves to a row of the same opcode, and its operands pass the checks.

use super::row::{Arity, Element, Pair, Row, Shape, Slot};
use super::{OperandRule, Resolved, Role, table};
use crate::words::{ScalarType, Space};
use std::fmt::Write;

/// Spellings of a row that use each word of each group and each optional part at least once, present and absent;
/// each choice is varied alone, so their number is the sum of the choices, not their product.
pub fn spellings(row: &Row) -> Vec<String> {
    let mut choices = 1;
    let mut out: Vec<String> = Vec::new();
    let mut index = 0;
    while index < choices {
        let mut picker = Picker { vary: index, seen: 0, most: 0 };
        let mut text = row.word.to_string();
        picker.elements(&row.pattern, &mut text);
        choices = picker.most;
        if !out.contains(&text) {
            out.push(text);
        }
        index += 1;
    }
    out
}

/// Numbers the choices as they are met, and departs from the first alternative at one of them.
struct Picker {
    vary: usize,
    seen: usize,
    most: usize,
}

impl Picker {
    /// One of `count` alternatives.
    fn pick(&mut self, count: usize) -> usize {
        let at = self.seen;
        // Alternative 0 is the common first number of every choice.
        self.seen += count - 1;
        self.most = self.most.max(self.seen + 1);
        match self.vary.checked_sub(at + 1) {
            Some(offset) if offset < count - 1 => offset + 1,
            _ => 0,
        }
    }

    fn elements(&mut self, elements: &[Element], text: &mut String) {
        for element in elements {
            match element {
                Element::One(group) => {
                    let word = group.words[self.pick(group.words.len())].0;
                    text.push('.');
                    text.push_str(word);
                }
                Element::Optional(inner) => {
                    // Absent first; when present, the inner choices are all at their first.
                    let groups =
                        inner.iter().map(|e| if let Element::One(g) = e { g.words.len() } else { 1 });
                    let count = groups.max().unwrap_or(1);
                    let picked = self.pick(count + 1);
                    if picked > 0 {
                        for element in inner {
                            let Element::One(group) = element else { continue };
                            text.push('.');
                            text.push_str(group.words[(picked - 1).min(group.words.len() - 1)].0);
                        }
                    }
                }
                Element::Rest => {}
            }
        }
    }
}

/// Declarations of every name that [`operands`] uses.
pub fn preamble() -> String {
    let mut out = String::new();
    for ty in ScalarType::ALL {
        if !matches!(ty, ScalarType::Texref | ScalarType::Samplerref | ScalarType::Surfref) {
            // Writing into a String cannot fail.
            let _ = writeln!(out, "\t.reg .{ty} %{ty}_<9>;");
        }
    }
    for space in ["local", "shared", "param"] {
        let _ = writeln!(out, "\t.{space} .align 16 .b8 in_{space}[64];");
    }
    out.push_str("target:\n\tlist: .branchtargets target;\n");
    out
}

/// Operands for a resolved form: the required ones alone, then with all optional ones.
pub fn operands(resolved: &Resolved) -> Vec<String> {
    let row = table().row(resolved.form.row);
    if row.slots.iter().any(|slot| slot.shape == Shape::Call) {
        return vec!["callee".to_string()];
    }
    let with = |optional: bool| {
        let kept = resolved.operands.iter().filter(|rule| optional || !rule.optional);
        let texts: Vec<_> = kept
            .enumerate()
            .map(|(i, rule)| operand(resolved, &row.slots[rule.slot as usize], rule, i))
            .collect();
        texts.join(", ")
    };
    let mut out = vec![with(false)];
    if row.slots.iter().any(|slot| slot.optional) {
        out.push(with(true));
    }
    out
}

fn operand(resolved: &Resolved, slot: &Slot, rule: &OperandRule, index: usize) -> String {
    let ty = rule.ty.unwrap_or(ScalarType::B64);
    let register = |i: usize| format!("%{ty}_{}", i % 9);
    let vector = |n: u8| match n {
        1 => register(index),
        n => format!("{{{}}}", (0..n as usize).map(|i| register(index + i)).collect::<Vec<_>>().join(", ")),
    };
    let single = match slot.shape {
        Shape::Scalar => register(index),
        Shape::Negatable => format!("!{}", register(index)),
        Shape::Constant(low, high) => 0.clamp(low, high).to_string(),
        Shape::Address => format!("[{}+16]", address(resolved)),
        Shape::Bracket => "[%b64_0, {%b32_0, %b32_1, %b32_2, %b32_3}]".to_string(),
        Shape::Vector(Arity::Modifier) => vector(resolved.form.vector),
        Shape::Vector(Arity::Exactly(n)) => vector(n),
        Shape::Vector(Arity::Fill) => register(index),
        Shape::Vector(Arity::Any) => vector(2),
        Shape::Label => "target".to_string(),
        Shape::Targets => "list".to_string(),
        Shape::Call => "callee".to_string(),
    };
    let paired = slot.pair == Pair::Required || (slot.pair == Pair::Optional && slot.role == Role::Dest);
    if paired { format!("{single}|%pred_8") } else { single }
}

/// A base that fits the form's state space; `.param` has no registers that hold addresses of it.
fn address(resolved: &Resolved) -> &'static str {
    match resolved.form.spaces.first() {
        Some(Space::Param | Space::ParamEntry | Space::ParamFunc) => "in_param",
        Some(Space::Local) => "in_local",
        Some(Space::Shared | Space::SharedCta) if resolved.form.spaces.len() == 1 => "in_shared",
        _ => "%b64_0",
    }
}
