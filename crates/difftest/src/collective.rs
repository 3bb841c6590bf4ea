//! Generated operations that threads do together: barriers, exchanges through shared memory, warp operations.

use crate::generate::{COUNTERS, Context, EXCHANGE, Gen, SHARED_COUNTERS};
use crate::scope::{Scope, Shape, settle};
use ir::{BarrierKind, Inst, IntCc, MatchKind, Op, ReduxOp, ShflMode, Space, Sreg, Type, Value, VoteKind};

const REDUCTIONS: [ReduxOp; 8] = [
    ReduxOp::Add,
    ReduxOp::MinS,
    ReduxOp::MinU,
    ReduxOp::MaxS,
    ReduxOp::MaxU,
    ReduxOp::And,
    ReduxOp::Or,
    ReduxOp::Xor,
];

impl Gen<'_, '_, '_> {
    fn barrier(&mut self) {
        let aligned = self.tape.one_in(2);
        let id = self.u32(0);
        let counted = self.countable && self.tape.one_in(2);
        let mut args = vec![id];
        args.extend(self.kernel.filter(|_| counted).map(|kernel| self.all_threads(kernel.threads)));
        self.b.push(Inst::Barrier { kind: BarrierKind::Sync, counted, aligned }, &args);
    }

    /// The threads of the block as barriers count them: in whole warps.
    fn all_threads(&mut self, threads: Value) -> Value {
        let (most, warps) = (self.u32(31), self.u32(!31));
        let up = self.b.iadd(threads, most);
        self.b.bin(Op::And, up, warps)
    }

    /// Zeros in every thread's slot and in the counters.
    pub(crate) fn clear_shared(&mut self) {
        let Some(kernel) = self.kernel else { return };
        let base = self.b.global_addr(EXCHANGE, 0);
        let own = self.element(base, kernel.tid, 1023);
        let zero = self.b.i64(0);
        self.b.store(Space::Shared, own, zero);
        let counters = self.b.global_addr(SHARED_COUNTERS, 0);
        for i in 0..COUNTERS.len() {
            // Every thread stores the same.
            let offset = self.b.i64(8 * i as i64);
            let at = self.b.iadd(counters, offset);
            self.b.store(Space::Shared, at, zero);
        }
        self.barrier();
    }

    /// Every thread gives a value to another one, and all look at a counter.
    pub(crate) fn exchange(&mut self, scope: &mut Scope) {
        let Some(kernel) = self.kernel else { return };
        let types = [Type::I32, Type::F64, Type::F32, Type::I64];
        let ty = types[self.tape.below(types.len())];
        let (value, _) = scope.pick(&mut self.b, self.tape, ty);
        let bits = self.b.bitcast(ty.to_int(), value);
        let bits = self.b.zext_or_trunc(Type::I64, bits);
        let base = self.b.global_addr(EXCHANGE, 0);
        let own = self.element(base, kernel.tid, 1023);
        self.barrier();
        self.b.store(Space::Shared, own, bits);
        self.barrier();
        let by = 1 + self.tape.below(40) as u32;
        let by = self.u32(by);
        let other = self.b.iadd(kernel.tid, by);
        let other = self.b.bin(Op::RemU, other, kernel.threads);
        let mut from = self.element(base, other, 1023);
        let mut space = Space::Shared;
        if self.tape.one_in(3) {
            from = self.b.push(Inst::ToGeneric(Space::Shared), &[from])[0];
            space = Space::Generic;
        }
        let got = self.b.load(space, ty, from);
        let got = settle(&mut self.b, got);
        scope.add(got, ty, Shape::Varying);
        let index = self.tape.below(COUNTERS.len());
        let counter = self.b.global_addr(SHARED_COUNTERS, 8 * index as i64);
        let (_, ty) = COUNTERS[index];
        let total = self.b.load(Space::Shared, ty, counter);
        let total = settle(&mut self.b, total);
        scope.add(total, ty, Shape::Uniform);
        self.barrier();
    }

    /// A barrier with a reduction over the block.
    pub(crate) fn block_vote(&mut self, scope: &mut Scope) {
        let (predicate, _) = scope.pick(&mut self.b, self.tape, Type::I1);
        let kinds = [BarrierKind::RedPopc, BarrierKind::RedAnd, BarrierKind::RedOr];
        let kind = kinds[self.tape.below(3)];
        let id = self.tape.below(16) as u32;
        let id = self.u32(id);
        let counted = self.countable && self.tape.one_in(2);
        let mut args = vec![id];
        args.extend(self.kernel.filter(|_| counted).map(|kernel| self.all_threads(kernel.threads)));
        args.push(predicate);
        let result = self.b.push(Inst::Barrier { kind, counted, aligned: false }, &args)[0];
        scope.add(result, self.b.func.ty(result), Shape::Uniform);
    }

    /// A warp operation among the lanes that are here.
    pub(crate) fn warp_op(&mut self, scope: &mut Scope, cx: Context) {
        let Some(mask) = cx.mask else { return };
        let (value, _) = scope.pick(&mut self.b, self.tape, Type::I32);
        let (predicate, _) = scope.pick(&mut self.b, self.tape, Type::I1);
        let results = match self.tape.below(9) {
            0 | 1 => vec![self.shuffle(scope, value, mask)],
            2 => vec![self.ballot(predicate, mask)],
            n @ 3..=5 => {
                let kind = [VoteKind::All, VoteKind::Any, VoteKind::Uni][n - 3];
                vec![self.b.push(Inst::Vote(kind), &[predicate, mask])[0]]
            }
            6 => {
                let ty = [Type::I32, Type::I64][self.tape.below(2)];
                let (value, _) = scope.pick(&mut self.b, self.tape, ty);
                // Few different values, so that lanes do match.
                let three = self.b.iconst(ty, 3);
                let value = self.b.bin(Op::And, value, three);
                let kind = [MatchKind::Any, MatchKind::All][self.tape.below(2)];
                self.b.push(Inst::Match { kind, ty }, &[value, mask]).to_vec()
            }
            7 => {
                let op = REDUCTIONS[self.tape.below(REDUCTIONS.len())];
                vec![self.b.push(Inst::Redux(op), &[value, mask])[0]]
            }
            _ => {
                self.b.push(Inst::WarpSync, &[mask]);
                return;
            }
        };
        for value in results {
            scope.add(value, self.b.func.ty(value), Shape::Varying);
        }
    }

    /// A shuffle whose result is the lane's own value where the source lane is not among those that take part: there
    /// the manual leaves it undefined.
    fn shuffle(&mut self, scope: &mut Scope, value: Value, mask: Value) -> Value {
        let modes = [ShflMode::Idx, ShflMode::Up, ShflMode::Down, ShflMode::Bfly];
        let mode = modes[self.tape.below(4)];
        let width = 32u32 >> self.tape.below(5);
        let segment = 32 - width;
        let clamp = if mode == ShflMode::Up { 0 } else { 0x1f };
        let (by, _) = scope.pick(&mut self.b, self.tape, Type::I32);
        let five = self.u32(31);
        let by = self.b.bin(Op::And, by, five);
        let yes = self.b.bool(true);
        let here = self.ballot(yes, mask);
        let c = self.u32((segment << 8) | clamp);
        let shuffled = self.b.push(Inst::Shfl(mode), &[value, by, c, mask]).to_vec();
        let lane = self.b.sreg(Sreg::LaneId);
        let source = match mode {
            ShflMode::Up => self.b.bin(Op::ISub, lane, by),
            ShflMode::Down => self.b.iadd(lane, by),
            ShflMode::Bfly => self.b.bin(Op::Xor, lane, by),
            ShflMode::Idx => {
                let (high, low) = (self.u32(segment), self.u32(!segment & 31));
                let first = self.b.bin(Op::And, lane, high);
                let within = self.b.bin(Op::And, by, low);
                self.b.bin(Op::Or, first, within)
            }
        };
        let source = self.b.bin(Op::And, source, five);
        let source = self.b.select(shuffled[1], source, lane);
        scope.add(shuffled[1], Type::I1, Shape::Varying);
        let bit = self.b.bin(Op::ShrU, here, source);
        let one = self.u32(1);
        let bit = self.b.bin(Op::And, bit, one);
        let there = self.b.icmp(IntCc::Eq, bit, one);
        self.b.select(there, shuffled[0], value)
    }
}
