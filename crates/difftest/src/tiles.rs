//! Kernels from tapes, of the kind that a block of known shape runs as one gang: shared tiles with rims, trees, butterflies,
//! sorting networks, scans through two buffers, loops with barriers over tiles, under guards that are known by thread, known
//! in part, or data.
//!
//! Every kernel ends, never faults, and leaves the same memory whatever the schedule: between two barriers an element of a
//! shared array is either read by anybody or written by one thread, which [`Touched`] keeps count of.

mod phases;

use crate::generate::{INPUTS, SLOTS};
use crate::scope::{Scope, Shape, settle};
use crate::tape::Tape;
use engine::program::InMemory;
use ir::function::Signature;
use ir::{BarrierKind, BlockCall, Builder, Function, GlobalId, Inst, IntCc, Op, Space, Sreg, Type, Value};
use testkit::launch::{kernel_info, program, shared};

/// Blocks that kernels run with; a case takes one. Powers of two of threads, as their trees and networks want.
pub const BLOCKS: [[u32; 3]; 8] =
    [[8, 8, 1], [16, 16, 1], [32, 8, 1], [64, 1, 1], [256, 1, 1], [16, 4, 2], [1024, 1, 1], [32, 32, 1]];

/// Types of elements and of what is computed with them.
const TYPES: [Type; 4] = [Type::F32, Type::I32, Type::F64, Type::I16];

/// What has happened to an array since the last barrier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Touched {
    Nobody,
    Read,
    Written,
}

/// A shared array.
#[derive(Clone, Copy)]
struct Array {
    global: GlobalId,
    ty: Type,
    elements: u32,
    touched: Touched,
}

/// The arrays of a kernel: a tile with its rim, an element a thread, two elements a thread.
const TILE: usize = 0;
const FLAT: usize = 1;
const PAIR: usize = 2;

/// The generator of a kernel.
struct Tiles<'f, 't, 'n> {
    b: Builder<'f>,
    tape: &'t mut Tape<'n>,
    scope: Scope,
    /// Columns and rows of threads; what lies along z is more rows.
    columns: u32,
    rows: u32,
    /// Elements of a tile's rim on each side.
    rim: u32,
    x: Value,
    y: Value,
    thread: Value,
    cta: Value,
    inputs: Value,
    out: Value,
    arrays: [Array; 3],
}

/// The program of a tape for blocks of a shape.
pub fn generate(numbers: &[u64], block: [u32; 3]) -> InMemory {
    let tape = &mut Tape::new(numbers);
    let mut func = Function::new("tiles", Signature::default());
    func.kernel = Some(kernel_info(3));
    let (columns, rows) = (block[0], block[1] * block[2]);
    let rim = 1 + tape.below(2) as u32;
    let elements = [(columns + 2 * rim) * (rows + 2 * rim), columns * rows, 2 * columns * rows];
    let arrays = [TILE, FLAT, PAIR].map(|k| Array {
        global: GlobalId(k as u32),
        ty: TYPES[tape.below(TYPES.len())],
        elements: elements[k],
        touched: Touched::Nobody,
    });
    let globals = arrays.iter().zip(["tile", "flat", "pair"]);
    let globals =
        globals.map(|(a, name)| shared(name, u64::from(a.elements * a.ty.bytes()), a.ty.bytes())).collect();
    let mut b = Builder::new(&mut func, Function::ENTRY);
    let [inputs, out] = [0, 8].map(|at| {
        let at = b.i64(at);
        b.load(Space::Param, Type::I64, at)
    });
    let [x, y, z, nx, ny, nz, cta] =
        [Sreg::TidX, Sreg::TidY, Sreg::TidZ, Sreg::NtidX, Sreg::NtidY, Sreg::NtidZ, Sreg::CtaidX]
            .map(|reg| b.sreg(reg));
    let before = b.bin(Op::IMul, z, ny);
    let y = b.iadd(before, y);
    let first = b.bin(Op::IMul, y, nx);
    let thread = b.iadd(first, x);
    let area = b.bin(Op::IMul, nx, ny);
    let threads = b.bin(Op::IMul, area, nz);
    let global = b.bin(Op::IMul, cta, threads);
    let global = b.iadd(global, thread);
    let stride = b.i64(8 * SLOTS as i64);
    let wide = b.zext_or_trunc(Type::I64, global);
    let own = b.bin(Op::IMul, wide, stride);
    let out = b.iadd(out, own);
    let mut g = Tiles {
        b,
        tape,
        scope: Scope::default(),
        columns,
        rows,
        rim,
        x,
        y,
        thread,
        cta,
        inputs,
        out,
        arrays,
    };
    for value in [thread, x, y, global] {
        g.scope.add(value, Type::I32, Shape::Varying);
    }
    g.scope.add(cta, Type::I32, Shape::Uniform);
    for ty in TYPES {
        let value = g.input(global, ty);
        g.scope.add(value, ty, Shape::Varying);
        let value = g.input(cta, ty);
        g.scope.add(value, ty, Shape::Uniform);
    }
    g.clear();
    for _ in 0..1 + g.tape.below(5) {
        g.phase(0);
    }
    g.results();
    g.b.ret(&[]);
    program(vec![func], globals)
}

impl Tiles<'_, '_, '_> {
    fn threads(&self) -> u32 {
        self.columns * self.rows
    }

    fn u32(&mut self, n: u32) -> Value {
        self.b.iconst(Type::I32, n.into())
    }

    fn pick(&mut self, ty: Type) -> Value {
        self.scope.pick(&mut self.b, self.tape, ty).0
    }

    /// A number that is the same in all threads of a block, from 0 to `most`.
    fn uniform_up_to(&mut self, most: u32) -> Value {
        let value = self.scope.pick_uniform(&mut self.b, self.tape, Type::I32);
        let divisor = self.u32(most + 1);
        self.b.bin(Op::RemU, value, divisor)
    }

    /// Input number `index`, modulo how many there are.
    fn input(&mut self, index: Value, ty: Type) -> Value {
        let mask = self.u32(INPUTS as u32 - 1);
        let index = self.b.bin(Op::And, index, mask);
        let index = self.b.zext_or_trunc(Type::I64, index);
        let three = self.u32(3);
        let offset = self.b.op(Op::Shl, Type::I64, &[index, three]);
        let at = self.b.iadd(self.inputs, offset);
        let value = self.b.load(Space::Global, ty, at);
        settle(&mut self.b, value)
    }

    /// The address of an element.
    fn element(&mut self, array: usize, index: Value) -> Value {
        let Array { global, ty, .. } = self.arrays[array];
        let base = self.b.global_addr(global, 0);
        let index = self.b.sext_or_trunc(Type::I64, index);
        let size = self.b.i64(ty.bytes().into());
        let offset = self.b.bin(Op::IMul, index, size);
        self.b.iadd(base, offset)
    }

    fn get(&mut self, array: usize, index: Value) -> Value {
        let at = self.element(array, index);
        let value = self.b.load(Space::Shared, self.arrays[array].ty, at);
        settle(&mut self.b, value)
    }

    fn set(&mut self, array: usize, index: Value, value: Value) {
        let at = self.element(array, index);
        self.b.store(Space::Shared, at, value);
    }

    /// Element `(x + dx, y + dy)` of the tile, rim included; the rim's corner is (0, 0).
    fn place(&mut self, dx: u32, dy: u32) -> Value {
        let (dx, dy, width) = (self.u32(dx), self.u32(dy), self.u32(self.columns + 2 * self.rim));
        let (x, y) = (self.b.iadd(self.x, dx), self.b.iadd(self.y, dy));
        let row = self.b.bin(Op::IMul, y, width);
        self.b.iadd(row, x)
    }

    /// A number of an op's type from two, as sums, extremes and differences of bits are made.
    fn combine(&mut self, a: Value, b: Value) -> Value {
        let ty = self.b.func.ty(a);
        let float = [Op::FAdd(ir::FpMode::RN), Op::FMul(ir::FpMode::RN), Op::FSub(ir::FpMode::RN)];
        let int = [Op::IAdd, Op::Xor, Op::MinS, Op::ISub, Op::MaxU];
        let op = match ty.is_float() {
            true => float[self.tape.below(float.len())],
            false => int[self.tape.below(int.len())],
        };
        let value = self.b.bin(op, a, b);
        settle(&mut self.b, value)
    }

    fn barrier(&mut self) {
        let id = self.u32(0);
        self.b.push(Inst::Barrier { kind: BarrierKind::Sync, counted: false, aligned: true }, &[id]);
        self.arrays.iter_mut().for_each(|a| a.touched = Touched::Nobody);
    }

    /// Says that any thread reads any element of an array from here on.
    fn reads(&mut self, array: usize) {
        if self.arrays[array].touched == Touched::Written {
            self.barrier();
        }
        self.arrays[array].touched = Touched::Read;
    }

    /// Says that threads write elements of their own.
    fn writes(&mut self, array: usize) {
        if self.arrays[array].touched != Touched::Nobody {
            self.barrier();
        }
        self.arrays[array].touched = Touched::Written;
    }

    /// Zeros in all arrays.
    fn clear(&mut self) {
        for k in [TILE, FLAT, PAIR] {
            let zero = self.b.iconst(self.arrays[k].ty, 0);
            self.over_elements(k, |g, e| g.set(k, e, zero));
        }
        self.barrier();
    }

    /// `for (e = thread; e < elements; e += threads) body(e)`
    fn over_elements(&mut self, array: usize, body: impl FnOnce(&mut Self, Value)) {
        let (elements, step) = (self.arrays[array].elements, self.threads());
        self.repeat(self.thread, &[], |g, e, _| {
            body(g, e);
            let (step, elements) = (g.u32(step), g.u32(elements));
            let next = g.b.iadd(e, step);
            (next, g.b.icmp(IntCc::LtU, next, elements), vec![])
        });
    }

    /// A loop that runs at least once: `body` gets the counter and what is carried along, and gives their next values and
    /// whether there is another turn. Gives the last carried values.
    fn repeat(
        &mut self,
        start: Value,
        carried: &[Value],
        body: impl FnOnce(&mut Self, Value, &[Value]) -> (Value, Value, Vec<Value>),
    ) -> Vec<Value> {
        let (head, end) = (self.b.new_block(), self.b.new_block());
        let first: Vec<Value> = std::iter::once(start).chain(carried.iter().copied()).collect();
        let types: Vec<Type> = first.iter().map(|&v| self.b.func.ty(v)).collect();
        let params: Vec<Value> = types.iter().map(|&ty| self.b.func.add_block_param(head, ty)).collect();
        let results = types[1..].iter().map(|&ty| self.b.func.add_block_param(end, ty)).collect();
        self.b.jump(head, &first);
        self.b.switch_to(head);
        let scope = self.scope.clone();
        let (next, more, carried) = body(self, params[0], &params[1..]);
        self.scope = scope;
        let again: Vec<Value> = std::iter::once(next).chain(carried.iter().copied()).collect();
        self.b.branch(more, BlockCall::with(head, &again), BlockCall::with(end, &carried));
        self.b.switch_to(end);
        results
    }

    /// `if (cond) body`
    fn when(&mut self, cond: Value, body: impl FnOnce(&mut Self)) {
        let (then, end) = (self.b.new_block(), self.b.new_block());
        self.b.branch(cond, BlockCall::new(then), BlockCall::new(end));
        self.b.switch_to(then);
        let scope = self.scope.clone();
        body(self);
        self.scope = scope;
        self.b.jump(end, &[]);
        self.b.switch_to(end);
    }

    /// `cond ? body : otherwise`, as control flow.
    fn choose(&mut self, cond: Value, otherwise: Value, body: impl FnOnce(&mut Self) -> Value) -> Value {
        let (then, end) = (self.b.new_block(), self.b.new_block());
        let result = self.b.func.add_block_param(end, self.b.func.ty(otherwise));
        self.b.branch(cond, BlockCall::new(then), BlockCall::with(end, &[otherwise]));
        self.b.switch_to(then);
        let scope = self.scope.clone();
        let value = body(self);
        self.scope = scope;
        self.b.jump(end, &[value]);
        self.b.switch_to(end);
        result
    }

    /// Stores to the thread's slots, some under `x < w && y < h`.
    fn results(&mut self) {
        let (w, h) = (self.uniform_up_to(self.columns), self.uniform_up_to(self.rows));
        for slot in 0..SLOTS {
            let value = self.pick(TYPES[slot % TYPES.len()]);
            let offset = self.b.i64(8 * slot as i64);
            let at = self.b.iadd(self.out, offset);
            if self.tape.one_in(2) {
                let (left, above) = (self.b.icmp(IntCc::LtS, self.x, w), self.b.icmp(IntCc::LtS, self.y, h));
                let inside = self.b.bin(Op::And, left, above);
                self.when(inside, |g| g.b.store(Space::Global, at, value));
            } else {
                self.b.store(Space::Global, at, value);
            }
        }
    }
}
