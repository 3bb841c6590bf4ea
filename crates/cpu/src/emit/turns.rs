//! Where a gang lets others run: behind a turn of a loop that blocks run abreast (see [`crate::sweep`]).
//!
//! The loop goes on in the same function: the gang's values go to its frame, as at a barrier, and come back at another
//! entrance, which leads to the loop's head. Invariant: only gangs stop whose lanes are all together and none of which
//! has exited, so that there is no mask to keep; the others run on.

use super::block::recompute;
use super::control::{Control, block_label};
use super::dense::dense_label;
use super::frame::{Saved, restore, spill};
use super::{Emitter, Exec};
use crate::abi::{field, turn};
use ir::{Block, Type, Value};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A loop whose turns may be somebody else's.
pub(super) struct Turn {
    pub head: Block,
    pub blocks: BTreeSet<Block>,
    /// What the loop and what is behind it need from the frame, and what they compute again.
    pub saved: Vec<Saved>,
    pub again: Vec<Value>,
}

impl Emitter<'_> {
    /// Goes to `label`, which is `to` for gangs whose lanes are together; on the way back to the head of a loop that
    /// blocks run abreast, the gang stops if its turns are used up.
    pub(super) fn go_on(&mut self, to: Block, label: &str) {
        let back = |t: &Turn| t.head == to && t.blocks.contains(&self.block);
        let turns = self.turns;
        let Some(number) = turns.iter().position(back) else { return self.jump(label) };
        let left = self.ins("load i64, ptr %turns, align 8");
        let left = self.ins(format!("sub i64 {left}, 1"));
        self.stmt(format!("store i64 {left}, ptr %turns, align 8"));
        let some = self.ins(format!("icmp sge i64 {left}, 0"));
        let stop = self.new_label("stop");
        self.stmt(format!("br i1 {some}, label %{label}, label %{stop}, !prof !1"));
        self.place(&stop);
        spill(self, &turns[number].saved);
        self.stmt(format!("ret i32 {}", self.region | turn::mark(number as u32)));
    }

    /// The way in for gangs that stopped behind a turn. Returns what the function begins with.
    pub(super) fn enter_turns(&mut self, cx: &Control) -> String {
        let turns = self.turns;
        let mut cases = String::new();
        for (number, t) in turns.iter().enumerate() {
            let unmasked = !cx.running.contains_key(&self.uni.regions.fragment(t.head));
            if !cx.reachable[t.head.index()] || cx.in_place.contains(t.head) || !(cx.dense || unmasked) {
                continue;
            }
            let label = format!("turn{number}");
            cases.push_str(&format!(" i32 {}, label %{label}", number + 1));
            self.place(&label);
            self.current.clear();
            self.vectors.clear();
            self.block = t.head;
            self.exec = Exec::All;
            let vt = self.vector_type(Type::I1);
            for p in cx.live.clone().unwrap_or_default() {
                self.stmt(format!("store {vt} splat (i1 true), ptr {p}, align 8"));
            }
            restore(self, &t.saved);
            for &v in &t.again {
                recompute(self, v);
            }
            let head = if cx.dense { dense_label(t.head) } else { block_label(t.head) };
            self.jump(&head);
        }
        let mut text = String::new();
        if !turns.is_empty() {
            let _ = writeln!(text, "  %turns = alloca i64, align 8");
            let _ = writeln!(text, "  %turns.p = getelementptr i8, ptr %ctx, i64 {}", field::TURNS);
            let _ = writeln!(text, "  %turns.0 = load i64, ptr %turns.p, align 8");
            let _ = writeln!(text, "  store i64 %turns.0, ptr %turns, align 8");
        }
        if cases.is_empty() {
            text.push_str("  br label %start\n");
            return text;
        }
        let _ = writeln!(text, "  %turn = lshr i32 %gang.turn, {}", turn::SHIFT);
        let _ = writeln!(text, "  %first.turn = icmp eq i32 %turn, 0");
        let _ = writeln!(text, "  br i1 %first.turn, label %start, label %resumes, !prof !1");
        let _ = writeln!(text, "resumes:\n  switch i32 %turn, label %start [{cases} ]");
        text
    }
}
