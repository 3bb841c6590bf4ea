//! Lanes of a warp that hold the same value (PTX ISA 9.7.13 match.sync).
//!
//! Invariant: lanes that do not run match nobody, whether they are named or not.

use super::{Emitter, Repr};
use ir::{InstData, MatchKind, Type};

impl Emitter<'_> {
    /// One lane of every warp after the other is compared with all lanes of its warp: a turn of a loop each.
    pub fn emit_match(&mut self, kind: MatchKind, ty: Type, data: &InstData) {
        if !self.check_warps() {
            return;
        }
        let n = self.lanes();
        let (per_warp, warps) = self.warps();
        let (t, vt, words) = (super::scalar_type(ty), self.vector_type(ty), self.vector_type(Type::I32));
        let values = self.vectors(data.args[0]);
        let members = self.vectors(data.args[1]);
        let active = self.active();
        let table = self.alloca(&format!("[{} x {t}]", self.chunks() * n as usize));
        for (chunk, value) in values.iter().enumerate() {
            let p = self.ins(format!("getelementptr {t}, ptr {table}, i64 {}", chunk * n as usize));
            self.stmt(format!("store {vt} {value}, ptr {p}, align 1"));
        }
        let counter = self.alloca("i32");
        self.stmt(format!("store i32 0, ptr {counter}, align 4"));
        let found: Vec<String> = (0..self.chunks()).map(|_| self.alloca(&words)).collect();
        for slot in &found {
            self.stmt(format!("store {words} zeroinitializer, ptr {slot}, align 4"));
        }
        let (turn, done) = (self.new_label("match"), self.new_label("matched"));
        self.jump(&turn);
        self.place(&turn);
        let lane = self.ins(format!("load i32, ptr {counter}, align 4"));
        let bit = self.ins(format!("shl i32 1, {lane}"));
        let bits = self.splat(Type::I32, &bit);
        for warp in 0..warps {
            let first = warp * per_warp * n as usize;
            let place = self.ins(format!("add i32 {lane}, {first}"));
            let p = self.ins(format!("getelementptr {t}, ptr {table}, i32 {place}"));
            let one = self.ins(format!("load {t}, ptr {p}, align 1"));
            let one = self.splat(ty, &one);
            for chunk in warp * per_warp..((warp + 1) * per_warp).min(values.len()) {
                let same = self.ins(format!("icmp eq {vt} {one}, {}", values[chunk]));
                let here =
                    self.ins(format!("select <{n} x i1> {same}, {words} {bits}, {words} zeroinitializer"));
                let before = self.ins(format!("load {words}, ptr {}, align 4", found[chunk]));
                let after = self.ins(format!("or {words} {before}, {here}"));
                self.stmt(format!("store {words} {after}, ptr {}, align 4", found[chunk]));
            }
        }
        let next = self.ins(format!("add i32 {lane}, 1"));
        self.stmt(format!("store i32 {next}, ptr {counter}, align 4"));
        let more = self.ins(format!("icmp ult i32 {next}, {}", per_warp * n as usize));
        self.stmt(format!("br i1 {more}, label %{turn}, label %{done}"));
        self.place(&done);
        let (mut masks, mut flags) = (Vec::new(), Vec::new());
        for chunk in 0..values.len() {
            let on = self.splat(Type::I32, &active[chunk / per_warp]);
            let asked = self.ins(format!("and {words} {on}, {}", members[chunk]));
            let equal = self.ins(format!("load {words}, ptr {}, align 4", found[chunk]));
            let equal = self.ins(format!("and {words} {equal}, {asked}"));
            if kind == MatchKind::Any {
                masks.push(equal);
                continue;
            }
            let all = self.ins(format!("icmp eq {words} {equal}, {asked}"));
            masks
                .push(self.ins(format!("select <{n} x i1> {all}, {words} {asked}, {words} zeroinitializer")));
            flags.push(all);
        }
        let outcomes: Vec<Vec<String>> = match kind {
            MatchKind::Any => vec![masks],
            MatchKind::All => vec![masks, flags],
        };
        for (&result, vectors) in data.results.iter().zip(outcomes) {
            let repr: Repr = self.narrow(result, vectors);
            self.define(result, repr);
        }
    }
}
