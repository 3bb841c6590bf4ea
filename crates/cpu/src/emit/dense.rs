//! The dense version of a function: what its blocks do while all lanes of the gang run together.
//!
//! Invariant: in dense code no lane waits anywhere and none has exited, so all masks but those of waiting lanes, which
//! are empty, are full; they are written when dense code is left (`leave_dense`). Lanes that part go on in the masked
//! version, and come back where a chain ends with all of them. Dense code follows the kernel's own control flow; a
//! test of one scalar decides where the lanes' numbers are regular.

use super::control::{Control, block_label};
use super::predicate::Plan;
use super::seldom::Outline;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::Shape;
use analysis::region::{ChainId, FragmentId};
use ir::ops::IntCc;
use ir::{Block, BlockCall, Function, Inst, Op, Terminator, Type, Value, ValueDef};
use std::collections::{BTreeMap, BTreeSet};

/// Most instructions, times chunks, that are emitted in both versions.
const LIMIT: usize = 1600;

/// Which version of a block is emitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Version {
    Masked,
    Dense,
    /// Dense, where an index wraps among the lanes.
    Exact,
}

pub(crate) fn dense_label(block: Block) -> String {
    format!("d{}", block.0)
}

/// Whether a function is worth two versions: some branch parts its lanes, and what is emitted twice is not large.
/// `root`: whether the blocks that all lanes run together are.
pub(crate) fn pays(
    e: &Emitter<'_>,
    func: &Function,
    reachable: &[bool],
    in_place: &Plan,
    root: bool,
) -> bool {
    let layout = (e.lanes(), e.chunks());
    let twice = |b: &Block| root || e.uni.regions.fragment(*b) != FragmentId::ROOT;
    let blocks = || func.block_ids().filter(|b| reachable[b.index()] && !in_place.contains(*b));
    let size: usize =
        blocks().filter(twice).map(|b| (func.block(b).insts.len() + 1) * in_place.chunks(b, layout)).sum();
    let parts = |b: Block| e.uni.regions.is_divergent(b) && !in_place.is_branch(b);
    e.unit.dense && !e.is_function && e.lanes() > 1 && size <= LIMIT && blocks().any(parts)
}

/// Sufficient conditions, as i1: that a predicate holds for all lanes, and that it holds for none.
struct Certain {
    all: String,
    none: String,
}

impl Emitter<'_> {
    /// Where control goes to reach `block`, whose fragment all running lanes stay in or enter.
    pub fn label_of(&self, cx: &Control, block: Block) -> String {
        let unmasked = !cx.running.contains_key(&self.uni.regions.fragment(block));
        match cx.dense && (self.version != Version::Masked || unmasked) {
            true => dense_label(block),
            false => block_label(block),
        }
    }

    /// Whether a masked version of a block is needed at all.
    pub fn needs_masked(&self, cx: &Control, block: Block) -> bool {
        !cx.dense || cx.running.contains_key(&self.uni.regions.fragment(block))
    }

    /// Writes the masks that dense code does without: those of the fragment and of all around it.
    fn leave_dense(&mut self, cx: &Control, fragment: FragmentId) {
        let vt = self.vector_type(Type::I1);
        let mut at = Some(fragment);
        while let Some(f) = at {
            for p in cx.running.get(&f).cloned().unwrap_or_default() {
                self.stmt(format!("store {vt} splat (i1 true), ptr {p}, align 8"));
            }
            let r = &self.uni.regions;
            let chain: ChainId = r.fragments[f.index()].chain;
            at = r.chains[chain.index()].end.map(|end| r.fragment(end));
        }
    }

    /// Begins a region at `block`, where lanes are missing only if threads have left the kernel.
    pub fn enter(&mut self, cx: &Control, block: Block) {
        self.resume(cx, block);
        if cx.dense && cx.running.contains_key(&self.uni.regions.fragment(block)) {
            self.seldom.insert(self.label.clone());
        }
    }

    /// Goes to `block` with the lanes of its fragment's mask: to the dense version if those are all.
    pub fn resume(&mut self, cx: &Control, block: Block) {
        let fragment = self.uni.regions.fragment(block);
        match cx.running.get(&fragment).cloned() {
            Some(pointers) if cx.dense => {
                let vt = self.vector_type(Type::I1);
                let masks: Vec<String> =
                    pointers.iter().map(|p| self.ins(format!("load {vt}, ptr {p}, align 8"))).collect();
                let all = self.all(&masks);
                self.stmt(format!(
                    "br i1 {all}, label %{}, label %{}",
                    dense_label(block),
                    block_label(block)
                ));
                if self.unit.outline == Outline::Always {
                    self.seldom.insert(self.label.clone());
                }
            }
            _ => {
                let label = self.label_of(cx, block);
                self.jump(&label);
            }
        }
    }

    /// Whether all lanes of all chunks are on, as an i1.
    fn all(&mut self, masks: &[String]) -> String {
        let n = self.lanes();
        let mut all = masks[0].clone();
        for m in &masks[1..] {
            all = self.ins(format!("and <{n} x i1> {all}, {m}"));
        }
        let bits = self.mask_bits(&all);
        self.ins(format!("icmp eq i{n} {bits}, -1"))
    }

    /// All lanes take an edge.
    pub fn dense_edge(&mut self, to: &BlockCall) {
        self.move_args(to, &Exec::All, true);
        self.go_on(to.block, &dense_label(to.block));
    }

    /// A branch that may part the lanes.
    pub fn dense_divergent(&mut self, cx: &Control, fragment: FragmentId, term: &Terminator) {
        let caches = (self.current.clone(), self.vectors.clone());
        let seldom = match term {
            Terminator::Branch { cond, .. } => self.seldom_parts(*cond),
            _ => self.unit.outline == Outline::Always,
        };
        if let Terminator::Branch { cond, then, els } = term {
            let Certain { all, none } = self.certain(*cond, 0);
            for (test, call) in [(all, then), (none, els)] {
                if test == "false" {
                    continue;
                }
                let (together, apart) = (self.new_label("together"), self.new_label("apart"));
                self.stmt(format!("br i1 {test}, label %{together}, label %{apart}"));
                self.place(&together);
                let before = (self.current.clone(), self.vectors.clone());
                self.dense_edge(call);
                (self.current, self.vectors) = before;
                self.place(&apart);
            }
        }
        self.leave_dense(cx, fragment);
        let version = std::mem::replace(&mut self.version, Version::Masked);
        self.leaving = Some(BTreeSet::new());
        self.emit_divergent(cx, fragment, term);
        if seldom {
            self.seldom.insert(self.label.clone());
        }
        self.leaving = None;
        self.version = version;
        (self.current, self.vectors) = caches;
    }

    /// Tests of a predicate that cost little where it compares regular numbers, and are exact elsewhere.
    fn certain(&mut self, cond: Value, depth: u32) -> Certain {
        if self.uni.shape_at(cond, self.block) == Shape::Uniform {
            let c = self.scalar(cond);
            return Certain { none: self.ins(format!("xor i1 {c}, true")), all: c };
        }
        let here = self.uni.def_block(cond) == Some(self.block);
        let found = match self.func.def_inst(cond) {
            Some(data) if depth < 8 => match (data.inst, data.args.as_slice()) {
                (Inst::Pure { op: Op::ICmp(cmp), ty }, &[a, b])
                    if here || self.at_hand(a) && self.at_hand(b) =>
                {
                    self.certain_order(cmp, ty, a, b)
                }
                (Inst::Pure { op: op @ (Op::And | Op::Or), ty: Type::I1 }, &[a, b]) if here => {
                    let (x, y) = (self.certain(a, depth + 1), self.certain(b, depth + 1));
                    let (strict, loose) = if op == Op::And { ("and", "or") } else { ("or", "and") };
                    Some(Certain {
                        all: self.ins(format!("{strict} i1 {}, {}", x.all, y.all)),
                        none: self.ins(format!("{loose} i1 {}, {}", x.none, y.none)),
                    })
                }
                (Inst::Pure { op: Op::Not, ty: Type::I1 }, &[a]) if here => {
                    let x = self.certain(a, depth + 1);
                    Some(Certain { all: x.none, none: x.all })
                }
                (Inst::Pure { op: Op::Xor, ty: Type::I1 }, &[a, b])
                    if here && self.func.as_const(b) == Some(1) =>
                {
                    let x = self.certain(a, depth + 1);
                    Some(Certain { all: x.none, none: x.all })
                }
                _ => None,
            },
            _ => None,
        };
        found.unwrap_or_else(|| {
            let vectors = self.vectors(cond);
            let all = self.all(&vectors);
            let any = self.any(&vectors);
            Certain { all, none: self.ins(format!("xor i1 {any}, true")) }
        })
    }

    /// Predicates that nothing but the branch at the end of a dense block asks for: a scalar mostly answers that, and
    /// their masks are computed where it does not.
    pub(super) fn find_late(&mut self, block: Block) {
        self.late.clear();
        let data = self.func.block(block);
        let Terminator::Branch { cond, .. } = data.term else { return };
        if !self.uni.regions.is_divergent(block) || self.in_place.is_branch(block) {
            return;
        }
        let mut uses: BTreeMap<Value, usize> = BTreeMap::new();
        data.insts
            .iter()
            .flat_map(|&i| &self.func.inst(i).args)
            .for_each(|&a| *uses.entry(a).or_default() += 1);
        data.term.for_each_use(|v| *uses.entry(v).or_default() += 1);
        let mut work = vec![cond];
        while let Some(value) = work.pop() {
            let ValueDef::Result(inst, _) = self.func.def(value) else { continue };
            let data = self.func.inst(inst);
            let predicate = matches!(
                data.inst,
                Inst::Pure { op: Op::ICmp(_), .. }
                    | Inst::Pure { op: Op::And | Op::Or | Op::Xor | Op::Not, ty: Type::I1 }
            );
            // What other blocks use has storage.
            let elsewhere = self.storage.contains_key(&value) || self.blended.contains_key(&value);
            let here = self.uni.def_block(value) == Some(block);
            let varies = self.uni.shape(value) == Shape::Varying;
            if predicate && here && varies && !elsewhere && uses.get(&value) == Some(&1) {
                self.late.insert(inst);
                work.extend(data.args.iter().filter(|a| self.func.ty(**a) == Type::I1));
            }
        }
    }

    /// Whether an operand of what another block has computed is there, as it was then: it was computed before, and in a
    /// function that is entered at its start nothing computes it again on the way here.
    fn at_hand(&self, value: Value) -> bool {
        self.func.as_const(value).is_some()
            || self.whole && self.storage.contains_key(&value) && !self.uni.blended(value, self.block)
    }

    /// An affine number against a uniform one: the ends of its range decide, if no lane wraps.
    fn certain_order(&mut self, cmp: IntCc, ty: Type, a: Value, b: Value) -> Option<Certain> {
        let shape = |v: Value| match (self.uni.shape_at(v, self.block), self.uni.origin(v)) {
            (s @ (Shape::Uniform | Shape::Affine { .. }), None) => Some(s),
            _ => None,
        };
        let (affine, other, cmp) = match (shape(a)?, shape(b)?) {
            (Shape::Affine { .. }, Shape::Uniform) => (a, b, cmp),
            (Shape::Uniform, Shape::Affine { .. }) => (b, a, cmp.swapped()),
            _ => return None,
        };
        if !matches!(ty, Type::I8 | Type::I16 | Type::I32) {
            return None;
        }
        let Repr::Affine { base, stride, deltas } = self.get(affine) else { return None };
        let ends = (0..self.chunks()).flat_map(|c| {
            let first = deltas.0[c];
            [first, first.wrapping_add(stride.wrapping_mul(self.lanes() as i64 - 1))]
        });
        let (low, high) = ends.fold((i64::MAX, i64::MIN), |(l, h), o| (l.min(o), h.max(o)));
        let signed = matches!(cmp, IntCc::LtS | IntCc::LeS | IntCc::GtS | IntCc::GeS);
        let widen = if signed { "sext" } else { "zext" };
        let bits = ty.bits();
        // No lane wraps if the range of 64-bit numbers is one of the narrow type.
        let (least, most) = match signed {
            true => (-(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1),
            false => (0, (1i64 << bits) - 1),
        };
        let t = scalar_type(ty);
        let other = self.scalar(other);
        let [base, other] = [base, other].map(|v| self.ins(format!("{widen} {t} {v} to i64")));
        let bottom = self.ins(format!("add i64 {base}, {low}"));
        let top = self.ins(format!("add i64 {base}, {high}"));
        let above = self.ins(format!("icmp sge i64 {bottom}, {least}"));
        let below = self.ins(format!("icmp sle i64 {top}, {most}"));
        let tame = self.ins(format!("and i1 {above}, {below}"));
        let test = |e: &mut Self, pred: &str, end: &str| {
            let c = e.ins(format!("icmp {pred} i64 {end}, {other}"));
            e.ins(format!("and i1 {tame}, {c}"))
        };
        let (all, none) = match cmp {
            IntCc::LtS | IntCc::LtU => (test(self, "slt", &top), test(self, "sge", &bottom)),
            IntCc::LeS | IntCc::LeU => (test(self, "sle", &top), test(self, "sgt", &bottom)),
            IntCc::GtS | IntCc::GtU => (test(self, "sgt", &bottom), test(self, "sle", &top)),
            IntCc::GeS | IntCc::GeU => (test(self, "sge", &bottom), test(self, "slt", &top)),
            IntCc::Eq | IntCc::Ne => {
                let under = test(self, "slt", &top);
                let over = test(self, "sgt", &bottom);
                let outside = self.ins(format!("or i1 {under}, {over}"));
                match cmp {
                    IntCc::Eq => ("false".to_string(), outside),
                    _ => (outside, "false".to_string()),
                }
            }
        };
        Some(Certain { all, none })
    }

    /// At the start of a dense block: looks once whether the indices wrap that its accesses rest on, and leaves for the
    /// version that copes with it if one does. `compute` emits a pure instruction of the block ahead of its turn.
    pub fn assume_regular(&mut self, cx: &Control, compute: &mut dyn FnMut(&mut Self, Value)) {
        self.assumed.clear();
        let mut exts: Vec<Value> = Vec::new();
        let in_place = self.in_place.clone();
        let inside = in_place.written_at(self.block).map_or(&[][..], |(blocks, _)| blocks);
        for &inst in [self.block].iter().chain(inside).flat_map(|&b| &self.func.block(b).insts) {
            let data = self.func.inst(inst);
            if let Inst::Load { .. } | Inst::Store { .. } = data.inst
                && let Some(origin) = self.uni.origin(data.args[0])
                && !exts.contains(&origin.ext)
                && self.is_early(origin.ext, 0)
            {
                exts.push(origin.ext);
            }
        }
        let mut all: Option<String> = None;
        for &ext in &exts {
            compute(self, ext);
            let ok = self.holds(ext);
            all = Some(match all {
                None => ok,
                Some(a) => self.ins(format!("and i1 {a}, {ok}")),
            });
        }
        let Some(ok) = all else { return };
        self.assumed.extend(exts);
        // What blocks in place compute is theirs to define.
        let (uni, block) = (self.uni, self.block);
        let inside = |v: &Value| in_place.contains(uni.def_block(*v).unwrap_or(block));
        self.current.retain(|v, _| !inside(v));
        self.vectors.retain(|v, _| !inside(v));
        let (tame, wraps) = (self.new_label("tame"), self.new_label("wraps"));
        self.stmt(format!("br i1 {ok}, label %{tame}, label %{wraps}, !prof !1"));
        self.place(&wraps);
        self.write_deferred();
        self.leave_dense(cx, self.uni.regions.fragment(self.block));
        self.exact.insert(self.block);
        self.jump(&block_label(self.block));
        self.seldom.insert(self.label.clone());
        self.place(&tame);
    }

    /// Whether a value is computed in this block or in one that is written in place behind it.
    pub(super) fn is_own(&self, value: Value) -> bool {
        let own = |b| {
            b == self.block || self.in_place.written_at(self.block).is_some_and(|(list, _)| list.contains(&b))
        };
        self.uni.def_block(value).is_some_and(own)
    }

    /// Whether a value can be computed at the start of the block: it comes from elsewhere, or from regular arithmetic.
    fn is_early(&self, value: Value, depth: u32) -> bool {
        if !self.is_own(value) {
            return true;
        }
        let here = self.uni.def_block(value) == Some(self.block);
        let Some(data) = self.func.def_inst(value) else { return here };
        depth < 8
            && (here || !self.blended.contains_key(&value))
            && self.uni.shape(value) != Shape::Varying
            && matches!(data.inst, Inst::Pure { .. } | Inst::Const { .. } | Inst::Sreg(_))
            && data.args.iter().all(|&a| self.is_early(a, depth + 1))
    }
}
