//! Warp operations inside a gang: votes, elections, what is done for each member. A gang holds whole warps, or the whole block.

use super::{Emitter, Exec, Repr};
use analysis::Shape;
use ir::{InstData, Type, Value, VoteKind};

impl Emitter<'_> {
    /// Chunks per warp and warps per gang.
    pub(super) fn warps(&self) -> (usize, usize) {
        let per_warp = (32 / self.lanes() as usize).max(1).min(self.chunks());
        (per_warp, self.chunks().div_ceil(per_warp))
    }

    /// Whether warp operations can be done here at all.
    pub(super) fn check_warps(&mut self) -> bool {
        let l = self.unit.layout;
        let fits = l.lanes <= 32 && (l.width().is_multiple_of(32) || l.threads() <= l.width());
        if !fits || l.width() == 1 && l.threads() > 1 {
            self.refuse("warp operations need gangs of whole warps");
            return false;
        }
        true
    }

    /// The bits of a predicate's chunks as one i32 for each warp.
    fn warp_bits(&mut self, masks: &[String]) -> Vec<String> {
        let n = self.lanes();
        let (per_warp, warps) = self.warps();
        (0..warps)
            .map(|w| {
                let mut all: Option<String> = None;
                for k in 0..per_warp {
                    let bits = self.mask_bits(&masks[w * per_warp + k]);
                    let wide = if n == 32 { bits } else { self.ins(format!("zext i{n} {bits} to i32")) };
                    let up =
                        if k == 0 { wide } else { self.ins(format!("shl i32 {wide}, {}", k as u32 * n)) };
                    all = Some(match all {
                        None => up,
                        Some(a) => self.ins(format!("or i32 {a}, {up}")),
                    });
                }
                all.expect("a warp has chunks")
            })
            .collect()
    }

    /// The running lanes of each warp.
    pub(super) fn active(&mut self) -> Vec<String> {
        let masks: Vec<String> = (0..self.chunks()).map(|c| self.exec_mask(c)).collect();
        self.warp_bits(&masks)
    }

    /// A scalar per warp as the representation of `result`.
    fn per_warp(&mut self, result: Value, values: Vec<String>) {
        let (per_warp, _) = self.warps();
        let values = (0..self.chunks()).map(|c| values[c / per_warp].clone()).collect();
        self.per_chunk(result, values);
    }

    /// A scalar per chunk as the representation of `result`.
    pub(super) fn per_chunk(&mut self, result: Value, values: Vec<String>) {
        let repr = match self.uni.shape(result) {
            Shape::Uniform | Shape::Unknown => Repr::Scalar(values[0].clone()),
            Shape::Affine { .. } | Shape::Chunked(_) | Shape::Varying => Repr::Bases(values, 0),
        };
        self.define(result, repr);
    }

    pub(super) fn is_chunk_uniform(&self, value: Value) -> bool {
        self.uni.shape_at(value, self.block).is_chunk_uniform()
    }

    pub fn emit_vote(&mut self, kind: VoteKind, data: &InstData) {
        if !self.check_warps() {
            return;
        }
        let (pred, member, result) = (data.args[0], data.args[1], data.results[0]);
        let lanes = self.lanes();
        let preds = self.vectors(pred);
        let masked: Vec<String> = match self.exec.clone() {
            Exec::All => preds,
            Exec::Masks(m) => (0..self.chunks())
                .map(|c| self.ins(format!("and <{lanes} x i1> {}, {}", preds[c], m[c])))
                .collect(),
        };
        let votes = self.warp_bits(&masked);
        let active = self.active();
        let (per_warp, _) = self.warps();
        if self.is_chunk_uniform(member) {
            // The chunks of a warp may name different members: each half of it may vote for itself.
            let members = self.bases(member);
            let values = (0..self.chunks())
                .map(|c| {
                    let yes = self.ins(format!("and i32 {}, {}", votes[c / per_warp], members[c]));
                    let asked = self.ins(format!("and i32 {}, {}", active[c / per_warp], members[c]));
                    self.decide(kind, "i32", &yes, &asked)
                })
                .collect();
            self.per_chunk(result, values);
            return;
        }
        let members = self.vectors(member);
        let out = (0..self.chunks())
            .map(|c| {
                let v = self.splat(Type::I32, &votes[c / per_warp]);
                let a = self.splat(Type::I32, &active[c / per_warp]);
                let yes = self.ins(format!("and <{lanes} x i32> {v}, {}", members[c]));
                let asked = self.ins(format!("and <{lanes} x i32> {a}, {}", members[c]));
                self.decide(kind, &format!("<{lanes} x i32>"), &yes, &asked)
            })
            .collect();
        self.define(result, Repr::Vectors(out));
    }

    /// The outcome of a vote from the bits of those who say yes and of those asked.
    fn decide(&mut self, kind: VoteKind, t: &str, yes: &str, asked: &str) -> String {
        let zero = "zeroinitializer";
        let zero = if t == "i32" { "0" } else { zero };
        match kind {
            VoteKind::Ballot => yes.to_string(),
            VoteKind::Any => self.ins(format!("icmp ne {t} {yes}, {zero}")),
            VoteKind::All => self.ins(format!("icmp eq {t} {yes}, {asked}")),
            VoteKind::Uni => {
                let all = self.ins(format!("icmp eq {t} {yes}, {asked}"));
                let none = self.ins(format!("icmp eq {t} {yes}, {zero}"));
                let bt = t.replace("i32", "i1");
                self.ins(format!("or {bt} {all}, {none}"))
            }
        }
    }

    pub fn emit_active_mask(&mut self, data: &InstData) {
        if !self.check_warps() {
            return;
        }
        let values = self.active();
        self.per_warp(data.results[0], values);
    }

    /// Reductions over member masks, lane by lane: each lane looks at the lanes it names.
    pub(super) fn over_members(
        &mut self,
        data: &InstData,
        results: &[Type],
        body: &mut dyn FnMut(&mut Self, &str, &str, &str, &str) -> Vec<String>,
    ) -> Vec<Vec<String>> {
        let value = self.vectors(data.args[0]);
        let ty = self.func.ty(data.args[0]);
        let t = super::scalar_type(ty);
        let n = self.lanes();
        let table = self.alloca(&format!("[{} x {t}]", self.chunks() * n as usize));
        for (k, v) in value.iter().enumerate() {
            let p = self.ins(format!("getelementptr {t}, ptr {table}, i64 {}", k * n as usize));
            self.stmt(format!("store <{n} x {t}> {v}, ptr {p}, align 1"));
        }
        let active = self.active();
        let actives = self.alloca(&format!("[{} x i32]", active.len()));
        for (w, a) in active.iter().enumerate() {
            let p = self.ins(format!("getelementptr i32, ptr {actives}, i64 {w}"));
            self.stmt(format!("store i32 {a}, ptr {p}, align 4"));
        }
        let member = self.vectors(data.args[1]);
        let own = self.vectors(data.args[0]);
        let accumulator = self.alloca("i64");
        self.lane_loop(&[(member, Type::I32), (own, ty)], results, &mut |e, lane, a| {
            let warp = e.ins(format!("lshr i64 {lane}, 5"));
            let p = e.ins(format!("getelementptr i32, ptr {actives}, i64 {warp}"));
            let on = e.ins(format!("load i32, ptr {p}, align 4"));
            let members = e.ins(format!("and i32 {}, {on}", a[0]));
            let first = e.ins(format!("and i64 {lane}, -32"));
            let base = e.ins(format!("getelementptr {t}, ptr {table}, i64 {first}"));
            body(e, &members, &base, &a[1], &accumulator)
        })
    }

    /// Loops over the set bits of `members`; `step` gets the bit's number (i64).
    pub(super) fn each_bit(&mut self, members: &str, step: &mut dyn FnMut(&mut Self, &str)) {
        let slot = self.alloca("i32");
        self.stmt(format!("store i32 {members}, ptr {slot}, align 4"));
        let (head, body, done) = (self.new_label("bits"), self.new_label("bit"), self.new_label("bitsdone"));
        self.jump(&head);
        self.place(&head);
        let rest = self.ins(format!("load i32, ptr {slot}, align 4"));
        let empty = self.ins(format!("icmp eq i32 {rest}, 0"));
        self.stmt(format!("br i1 {empty}, label %{done}, label %{body}"));
        self.place(&body);
        self.declare("declare i32 @llvm.cttz.i32(i32, i1)".into());
        let bit = self.ins(format!("call i32 @llvm.cttz.i32(i32 {rest}, i1 true)"));
        let less = self.ins(format!("sub i32 {rest}, 1"));
        let cleared = self.ins(format!("and i32 {rest}, {less}"));
        self.stmt(format!("store i32 {cleared}, ptr {slot}, align 4"));
        let bit = self.ins(format!("zext i32 {bit} to i64"));
        step(self, &bit);
        self.jump(&head);
        self.place(&done);
    }

    /// The lowest member is elected (PTX ISA 9.7.13 elect.sync).
    pub fn emit_elect(&mut self, data: &InstData) {
        if !self.check_warps() {
            return;
        }
        let members = self.vectors(data.args[0]);
        let active = self.active();
        let (per_warp, _) = self.warps();
        let vt = self.vector_type(Type::I32);
        let n = self.lanes();
        let (mut leaders, mut flags) = (Vec::new(), Vec::new());
        for c in 0..self.chunks() {
            let a = self.splat(Type::I32, &active[c / per_warp]);
            let m = self.ins(format!("and {vt} {a}, {}", members[c]));
            self.declare(format!("declare {vt} @llvm.cttz.v{n}i32({vt}, i1)"));
            let leader = self.ins(format!("call {vt} @llvm.cttz.v{n}i32({vt} {m}, i1 false)"));
            let first = (c % per_warp) as u32 * n;
            let lane = self.lane_constant(Type::I32, |l| (first + l) as u64);
            flags.push(self.ins(format!("icmp eq {vt} {leader}, {lane}")));
            leaders.push(leader);
        }
        let repr = self.narrow(data.results[0], leaders);
        self.define(data.results[0], repr);
        let repr = self.narrow(data.results[1], flags);
        self.define(data.results[1], repr);
    }
}
