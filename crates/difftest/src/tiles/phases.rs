//! What blocks do with their tiles.

use super::{Array, FLAT, PAIR, TILE, TYPES, Tiles, Touched};
use crate::scope::{Shape, pure_op};
use ir::{Inst, IntCc, Op, ShflMode, Type, Value};

/// Uniform conditions inside each other.
const NESTED: u32 = 2;

impl Tiles<'_, '_, '_> {
    /// One of the things that kernels do between their barriers.
    pub(super) fn phase(&mut self, depth: u32) {
        match self.tape.below(18) {
            0..=2 => self.fill(),
            3..=4 => self.neighbours(),
            5 => self.fill_strided(),
            6 => self.permute(),
            7..=8 => self.tree(),
            9 => self.butterfly(),
            10 => self.network(),
            11 => self.scan(),
            12 => self.tiles(),
            13 => self.guarded(),
            14 => self.one_thread(),
            15 => self.in_place(),
            16 => self.warps(),
            _ if depth < NESTED => self.sometimes(depth),
            _ => self.compute(),
        }
    }

    /// A few pure operations.
    fn compute(&mut self) {
        for _ in 0..1 + self.tape.below(3) {
            pure_op(&mut self.b, self.tape, &mut self.scope);
        }
    }

    fn found(&mut self, value: Value) {
        self.scope.add(value, self.b.func.ty(value), Shape::Varying);
    }

    /// Every thread stores a value in its element of an array.
    fn give(&mut self, array: usize) -> Value {
        self.writes(array);
        let value = self.pick(self.arrays[array].ty);
        self.set(array, self.thread, value);
        value
    }

    /// Every thread stores its own element of the tile, and those at the rim what lies beyond, under a guard or clamped.
    fn fill(&mut self) {
        self.writes(TILE);
        let (rim, ty) = (self.rim, self.arrays[TILE].ty);
        let value = self.pick(ty);
        let own = self.place(rim, rim);
        self.set(TILE, own, value);
        let (columns, rows) = (self.columns, self.rows);
        let right = [rim, 2 * rim];
        for (dx, dy) in [(0, rim), (2 * rim, rim), (rim, 0), (rim, 2 * rim), (0, 0), (2 * rim, 2 * rim)] {
            if self.tape.one_in(4) {
                continue;
            }
            let mut conds = Vec::new();
            for (at, d, size) in [(self.x, dx, columns), (self.y, dy, rows)] {
                let limit = self.u32(if d == 0 { rim } else { size.saturating_sub(rim) });
                match d {
                    0 => conds.push(self.b.icmp(IntCc::LtU, at, limit)),
                    d if d == right[1] => conds.push(self.b.icmp(IntCc::GeU, at, limit)),
                    _ => {}
                }
            }
            // `&& x > 0`, `&& blockIdx.x > 0`, or what the data says.
            match self.tape.below(4) {
                0 => {
                    let zero = self.u32(0);
                    conds.push(self.b.icmp(IntCc::Ne, self.cta, zero));
                }
                1 => conds.push(self.pick(Type::I1)),
                _ => {}
            }
            let beyond = self.place(dx, dy);
            self.under(&conds, |g| {
                let value = match g.tape.below(3) {
                    0 => value,
                    1 => g.pick(ty),
                    _ => {
                        let before = g.u32(1);
                        let index = g.b.bin(Op::ISub, g.thread, before);
                        let zero = g.u32(0);
                        let index = g.b.bin(Op::MaxS, index, zero);
                        g.input(index, ty)
                    }
                };
                g.set(TILE, beyond, value);
            });
        }
    }

    /// Under all conditions: as one, or one inside the other.
    fn under(&mut self, conds: &[Value], body: impl FnOnce(&mut Self)) {
        match conds {
            [] => body(self),
            [one] => self.when(*one, body),
            [first, rest @ ..] if self.tape.one_in(2) => {
                let all = rest.iter().fold(*first, |all, &c| self.b.bin(Op::And, all, c));
                self.when(all, body);
            }
            [first, second, rest @ ..] => {
                let inner = rest.iter().fold(*second, |all, &c| self.b.bin(Op::And, all, c));
                self.when(*first, |g| g.when(inner, body));
            }
        }
    }

    /// The whole tile by a strided loop, zero where the data's guard does not hold.
    fn fill_strided(&mut self) {
        self.writes(TILE);
        let Array { ty, .. } = self.arrays[TILE];
        let (width, first) = (self.columns + 2 * self.rim, self.uniform_up_to(63));
        let limit = self.uniform_up_to(width);
        self.over_elements(TILE, |g, e| {
            let width = g.u32(width);
            let (row, column) = (g.b.bin(Op::DivU, e, width), g.b.bin(Op::RemU, e, width));
            let at = g.b.iadd(row, first);
            let at = g.b.iadd(at, column);
            let zero = g.b.iconst(ty, 0);
            let inside = g.b.icmp(IntCc::LtS, column, limit);
            let value = match g.tape.one_in(2) {
                true => g.choose(inside, zero, |g| g.input(at, ty)),
                false => {
                    let value = g.input(at, ty);
                    g.b.select(inside, value, zero)
                }
            };
            g.set(TILE, e, value);
        });
    }

    /// A sum over a few neighbours in the tile.
    fn neighbours(&mut self) {
        self.reads(TILE);
        let reach = 2 * self.rim as usize + 1;
        let own = self.place(self.rim, self.rim);
        let mut sum = self.get(TILE, own);
        for _ in 0..1 + self.tape.below(5) {
            let (dx, dy) = (self.tape.below(reach) as u32, self.tape.below(reach) as u32);
            let at = self.place(dx, dy);
            let value = self.get(TILE, at);
            sum = self.combine(sum, value);
        }
        self.found(sum);
    }

    /// Every thread stores an element of the flat array and reads another one's.
    fn permute(&mut self) {
        self.give(FLAT);
        self.reads(FLAT);
        let n = self.threads();
        let (most, one) = (self.u32(n - 1), self.u32(1));
        for _ in 0..1 + self.tape.below(3) {
            let by = 1 + self.tape.below(n as usize - 1) as u32;
            let by = self.u32(by);
            let other = match self.tape.below(7) {
                0 => self.b.bin(Op::Xor, self.thread, by),
                1 => self.b.bin(Op::ISub, most, self.thread),
                2 => self.b.iadd(self.thread, by),
                3 => {
                    let (columns, rows) = (self.u32(self.columns), self.u32(self.rows));
                    let (r, c) = (
                        self.b.bin(Op::DivU, self.thread, columns),
                        self.b.bin(Op::RemU, self.thread, columns),
                    );
                    let c = self.b.bin(Op::IMul, c, rows);
                    self.b.iadd(c, r)
                }
                4 => self.b.bin(Op::ShrU, self.thread, one),
                5 => {
                    let odd = self.b.bin(Op::Or, by, one);
                    self.b.bin(Op::IMul, self.thread, odd)
                }
                _ => by,
            };
            let other = self.b.bin(Op::And, other, most);
            let value = self.get(FLAT, other);
            self.found(value);
        }
    }

    /// A tree over the flat array: halves, neighbours by a remainder, or neighbours by a product.
    fn tree(&mut self) {
        let ty = self.arrays[FLAT].ty;
        self.give(FLAT);
        self.barrier();
        let n = self.threads();
        let kind = self.tape.below(3);
        let (zero, one) = (self.u32(0), self.u32(1));
        let start = if kind == 0 { self.u32(n / 2) } else { one };
        self.repeat(start, &[], |g, s, _| {
            let t = g.thread;
            let (at, adds) = match kind {
                0 => (t, g.b.icmp(IntCc::LtU, t, s)),
                1 => {
                    let twice = g.b.iadd(s, s);
                    let rest = g.b.bin(Op::RemU, t, twice);
                    (t, g.b.icmp(IntCc::Eq, rest, zero))
                }
                _ => {
                    let twice = g.b.iadd(s, s);
                    let (at, n) = (g.b.bin(Op::IMul, twice, t), g.u32(n));
                    (at, g.b.icmp(IntCc::LtU, at, n))
                }
            };
            g.when(adds, |g| {
                let other = g.b.iadd(at, s);
                let (a, b) = (g.get(FLAT, at), g.get(FLAT, other));
                let sum = g.combine(a, b);
                g.set(FLAT, at, sum);
            });
            g.barrier();
            match kind {
                0 => {
                    let next = g.b.bin(Op::ShrU, s, one);
                    (next, g.b.icmp(IntCc::Ne, next, zero), vec![])
                }
                _ => {
                    let (next, n) = (g.b.iadd(s, s), g.u32(n));
                    (next, g.b.icmp(IntCc::LtU, next, n), vec![])
                }
            }
        });
        self.reads(FLAT);
        let total = self.get(FLAT, zero);
        self.scope.add(total, ty, Shape::Uniform);
    }

    /// Exchanges with partners at distances that double: all read, all write.
    fn butterfly(&mut self) {
        let value = self.give(FLAT);
        self.barrier();
        let (one, n) = (self.u32(1), self.threads());
        let sums = self.repeat(one, &[value], |g, j, sums| {
            let partner = g.b.bin(Op::Xor, g.thread, j);
            let other = g.get(FLAT, partner);
            g.barrier();
            let sum = g.combine(sums[0], other);
            g.set(FLAT, g.thread, sum);
            g.barrier();
            let (next, n) = (g.b.iadd(j, j), g.u32(n));
            (next, g.b.icmp(IntCc::LtU, next, n), vec![sum])
        });
        self.found(sums[0]);
    }

    /// The first stages of a bitonic sort of the flat array: the lower thread of a pair orders both elements.
    fn network(&mut self) {
        self.give(FLAT);
        self.barrier();
        let (zero, one, two) = (self.u32(0), self.u32(1), self.u32(2));
        let last = 4 << self.tape.below(4);
        self.repeat(two, &[], |g, k, _| {
            let half = g.b.bin(Op::ShrU, k, one);
            g.repeat(half, &[], |g, j, _| {
                let partner = g.b.bin(Op::Xor, g.thread, j);
                let lower = g.b.icmp(IntCc::GtU, partner, g.thread);
                g.when(lower, |g| {
                    let (a, b) = (g.get(FLAT, g.thread), g.get(FLAT, partner));
                    let bits = g.b.bin(Op::And, g.thread, k);
                    let up = g.b.icmp(IntCc::Eq, bits, zero);
                    let wrong = g.greater(a, b);
                    let swaps = g.b.icmp(IntCc::Eq, wrong, up);
                    g.when(swaps, |g| {
                        g.set(FLAT, g.thread, b);
                        g.set(FLAT, partner, a);
                    });
                });
                g.barrier();
                let next = g.b.bin(Op::ShrU, j, one);
                (next, g.b.icmp(IntCc::Ne, next, zero), vec![])
            });
            let (next, last) = (g.b.iadd(k, k), g.u32(last));
            (next, g.b.icmp(IntCc::LeU, next, last), vec![])
        });
        self.reads(FLAT);
        let value = self.get(FLAT, self.thread);
        self.found(value);
    }

    fn greater(&mut self, a: Value, b: Value) -> Value {
        match self.b.func.ty(a).is_float() {
            true => self.b.bin(Op::FCmp(ir::FloatCc::Gt, ir::ops::Ftz::No), a, b),
            false => self.b.icmp(IntCc::GtS, a, b),
        }
    }

    /// Prefix sums by doubling, from one half of the double array to the other.
    fn scan(&mut self) {
        self.give(PAIR);
        self.barrier();
        let (zero, one, n) = (self.u32(0), self.u32(1), self.threads());
        let halves = self.repeat(one, &[zero], |g, o, from| {
            let n_value = g.u32(n);
            let to = g.b.bin(Op::ISub, n_value, from[0]);
            let own = g.b.iadd(from[0], g.thread);
            let value = g.get(PAIR, own);
            let far = g.b.icmp(IntCc::GeU, g.thread, o);
            let sum = g.choose(far, value, |g| {
                let before = g.b.bin(Op::ISub, own, o);
                let other = g.get(PAIR, before);
                g.combine(value, other)
            });
            let at = g.b.iadd(to, g.thread);
            g.set(PAIR, at, sum);
            g.barrier();
            let next = g.b.iadd(o, o);
            (next, g.b.icmp(IntCc::LtU, next, n_value), vec![to])
        });
        self.reads(PAIR);
        let at = self.b.iadd(halves[0], self.thread);
        let sum = self.get(PAIR, at);
        self.found(sum);
    }

    /// A loop over tiles of the input that all threads then read, as products of matrices have; in one buffer or two.
    fn tiles(&mut self) {
        self.barrier();
        let two = self.tape.one_in(2);
        let array = if two { PAIR } else { FLAT };
        let (ty, n) = (self.arrays[array].ty, self.threads());
        let inner = 2 + self.tape.below(7) as u32;
        let turns = match self.tape.one_in(2) {
            true => self.u32(3),
            false => {
                let one = self.u32(1);
                let more = self.uniform_up_to(3);
                self.b.iadd(more, one)
            }
        };
        let (zero, start) = (self.u32(0), self.pick(ty));
        let by_row = self.tape.one_in(2);
        let sums = self.repeat(zero, &[start], |g, k, sums| {
            let n_value = g.u32(n);
            let first = g.b.bin(Op::IMul, k, n_value);
            let from = g.b.iadd(first, g.thread);
            let value = g.input(from, ty);
            let one = g.u32(1);
            let odd = g.b.bin(Op::And, k, one);
            let buffer = if two { g.b.bin(Op::IMul, odd, n_value) } else { zero };
            let own = g.b.iadd(buffer, g.thread);
            g.set(array, own, value);
            g.barrier();
            let sums = g.repeat(zero, &[sums[0]], |g, j, sums| {
                let mut at = g.b.iadd(buffer, j);
                if by_row {
                    let (columns, mask) = (g.u32(g.columns), g.u32(n - 1));
                    let row = g.b.bin(Op::IMul, g.y, columns);
                    let column = g.b.iadd(row, j);
                    let column = g.b.bin(Op::And, column, mask);
                    at = g.b.iadd(buffer, column);
                }
                let value = g.get(array, at);
                let sum = g.combine(sums[0], value);
                let (next, end) = (g.b.iadd(j, one), g.u32(inner));
                (next, g.b.icmp(IntCc::LtU, next, end), vec![sum])
            });
            if !two {
                g.barrier();
            }
            let next = g.b.iadd(k, one);
            (next, g.b.icmp(IntCc::LtU, next, turns), sums)
        });
        self.arrays[array].touched = Touched::Written;
        self.barrier();
        self.found(sums[0]);
    }

    /// What only some threads compute, by what is known, known in part or data.
    fn guarded(&mut self) {
        let ty = TYPES[self.tape.below(TYPES.len())];
        let otherwise = self.pick(ty);
        let limit = self.tape.below(self.threads() as usize) as u32;
        let limit = self.u32(limit);
        let cond = match self.tape.below(3) {
            0 => self.b.icmp(IntCc::LtU, self.thread, limit),
            1 => self.pick(Type::I1),
            _ => {
                let (known, data) = (self.b.icmp(IntCc::GeU, self.x, limit), self.pick(Type::I1));
                let op = if self.tape.one_in(2) { Op::And } else { Op::Or };
                self.b.bin(op, known, data)
            }
        };
        let value = self.choose(cond, otherwise, |g| {
            g.compute();
            let index = g.pick(Type::I32);
            let read = g.input(index, ty);
            let other = g.pick(ty);
            g.combine(read, other)
        });
        self.found(value);
    }

    /// One thread adds up the first elements for all.
    fn one_thread(&mut self) {
        let ty = self.arrays[FLAT].ty;
        self.reads(FLAT);
        let zero = self.u32(0);
        let first = self.b.icmp(IntCc::Eq, self.thread, zero);
        let count = 2 + self.tape.below(5) as u32;
        let start = self.pick(ty);
        let sum = self.choose(first, start, |g| {
            (0..count).fold(start, |sum, i| {
                let i = g.u32(i);
                let value = g.get(FLAT, i);
                g.combine(sum, value)
            })
        });
        self.writes(FLAT);
        self.when(first, |g| g.set(FLAT, zero, sum));
        self.reads(FLAT);
        let value = self.get(FLAT, zero);
        self.scope.add(value, ty, Shape::Uniform);
    }

    /// Every thread changes its own element of the tile, if a guard lets it.
    fn in_place(&mut self) {
        self.writes(TILE);
        let ty = self.arrays[TILE].ty;
        let own = self.place(self.rim, self.rim);
        let with = self.pick(ty);
        let cond = self.pick(Type::I1);
        self.when(cond, |g| {
            let old = g.get(TILE, own);
            let new = g.combine(old, with);
            g.set(TILE, own, new);
        });
    }

    /// A sum of each warp by shuffles, then of the warps through the flat array.
    fn warps(&mut self) {
        let value = self.pick(Type::I32);
        let mut sum = value;
        for o in [16, 8, 4, 2, 1] {
            let (by, clamp, all) = (self.u32(o), self.u32(0x1f), self.u32(u32::MAX));
            let other = self.b.push(Inst::Shfl(ShflMode::Bfly), &[sum, by, clamp, all])[0];
            sum = self.b.iadd(sum, other);
        }
        self.found(sum);
        let ty = self.arrays[FLAT].ty;
        let (five, most, zero) = (self.u32(5), self.u32(31), self.u32(0));
        let warp = self.b.bin(Op::ShrU, self.thread, five);
        let lane = self.b.bin(Op::And, self.thread, most);
        let first = self.b.icmp(IntCc::Eq, lane, zero);
        let given = self.pick(ty);
        self.writes(FLAT);
        self.when(first, |g| g.set(FLAT, warp, given));
        self.reads(FLAT);
        let mut total = self.get(FLAT, zero);
        for w in 1..(self.threads() / 32).min(4) {
            let w = self.u32(w);
            let value = self.get(FLAT, w);
            total = self.combine(total, value);
        }
        self.found(total);
    }

    /// Phases that only some blocks come to.
    fn sometimes(&mut self, depth: u32) {
        self.barrier();
        let one = self.u32(1);
        let some = match self.tape.one_in(2) {
            true => {
                let odd = self.b.bin(Op::And, self.cta, one);
                self.b.icmp(IntCc::Eq, odd, one)
            }
            false => {
                let (a, b) = (self.uniform_up_to(7), self.uniform_up_to(7));
                self.b.icmp(IntCc::LtU, a, b)
            }
        };
        self.when(some, |g| {
            for _ in 0..1 + g.tape.below(2) {
                g.phase(depth + 1);
            }
            g.barrier();
        });
    }
}
