//! Kernels from tapes: structured control flow around pure ops, memory, and operations that threads do together.
//!
//! Every kernel ends, never faults, and leaves the same memory whatever the schedule: threads write their own slots,
//! exchange through shared memory between barriers, and meet only where the member mask is known to be right.

use crate::scope::{Scope, Shape, pure_op, settle};
use crate::tape::Tape;
use engine::program::InMemory;
use ir::function::Signature;
use ir::{AtomOp, Block, BlockCall, Builder, FuncId, Function, GlobalId, Inst, IntCc, MemOrder, MemSem, Op};
use ir::{Scope as MemScope, Slot, Space, Sreg, Terminator, Type, Value, VoteKind};
use testkit::launch::{kernel_info, program, shared};

/// Elements of eight bytes that kernels read.
pub const INPUTS: usize = 1024;
/// Elements of eight bytes that each thread writes.
pub const SLOTS: usize = 8;
/// Global counters, eight bytes each; what is done to each is [`COUNTERS`].
pub const COUNTERS: [(AtomOp, Type); 12] = [
    (AtomOp::Add, Type::I32),
    (AtomOp::Add, Type::I64),
    (AtomOp::MinS, Type::I32),
    (AtomOp::MaxU, Type::I64),
    (AtomOp::And, Type::I32),
    (AtomOp::Or, Type::I64),
    (AtomOp::Xor, Type::I32),
    (AtomOp::MaxS, Type::I64),
    (AtomOp::MinU, Type::I32),
    (AtomOp::Xor, Type::I64),
    (AtomOp::FMax, Type::F32),
    (AtomOp::FMin, Type::F64),
];
/// Most threads of a block.
const THREADS: u64 = 1024;

/// What is known about the threads that run the code being generated.
#[derive(Clone, Copy)]
pub struct Context {
    /// Whether all threads of the CTA that have not exited come here together.
    pub flow: Shape,
    /// A mask of the lanes of the warp that come here, exited ones aside.
    pub mask: Option<Value>,
    depth: u32,
}

/// The generator of one function.
pub struct Gen<'f, 't, 'n> {
    pub b: Builder<'f>,
    pub tape: &'t mut Tape<'n>,
    pub kernel: Option<KernelValues>,
    local: Slot,
    /// A slot that is only accessed at constant offsets.
    frame: Slot,
    callees: Vec<Signature>,
    /// Whether barriers may say how many threads they are for: all are still there.
    pub countable: bool,
    exits: bool,
    /// Instructions that may still be generated.
    budget: u32,
}

/// What a kernel computes first.
#[derive(Clone, Copy)]
pub struct KernelValues {
    pub inputs: Value,
    pub out: Value,
    pub counters: Value,
    pub tid: Value,
    pub threads: Value,
}

/// Shared variables: a slot per thread, and counters.
pub const EXCHANGE: GlobalId = GlobalId(0);
pub const SHARED_COUNTERS: GlobalId = GlobalId(1);

/// The program of a tape. Function 0 is the kernel; it takes the addresses of the inputs, outputs and counters.
pub fn generate(numbers: &[u64]) -> InMemory {
    let tape = &mut Tape::new(numbers);
    let mut callees: Vec<Function> = Vec::new();
    for i in 0..tape.below(4) {
        // Two of one type can be called through one pointer.
        let like = callees.last().map(|f: &Function| f.sig.clone()).filter(|_| tape.one_in(2));
        callees.push(device_function(tape, i, like));
    }
    let sigs = callees.iter().map(|f| f.sig.clone()).collect();
    let mut funcs = vec![kernel(tape, sigs)];
    funcs.extend(callees);
    program(funcs, vec![shared("exchange", 8 * THREADS, 8), shared("counters", 8 * COUNTERS.len() as u64, 8)])
}

const ARGUMENTS: [Type; 6] = [Type::I32, Type::F32, Type::I64, Type::F64, Type::I16, Type::F16];

fn device_function(tape: &mut Tape, index: usize, like: Option<Signature>) -> Function {
    let sig = like.unwrap_or_else(|| {
        let params = (0..1 + tape.below(3)).map(|_| ARGUMENTS[tape.below(ARGUMENTS.len())]).collect();
        let results = (0..1 + tape.below(2)).map(|_| ARGUMENTS[tape.below(ARGUMENTS.len())]).collect();
        Signature { params, results }
    });
    let results = sig.results.clone();
    let mut func = Function::new(format!("device{index}"), sig);
    let local = func.add_slot(64, 8);
    let frame = func.add_slot(32, 8);
    let mut scope = Scope::default();
    for &param in &func.block(Function::ENTRY).params {
        scope.add(param, func.ty(param), Shape::Varying);
    }
    let mut g = Gen {
        b: Builder::new(&mut func, Function::ENTRY),
        tape,
        kernel: None,
        local,
        frame,
        callees: vec![],
        countable: false,
        exits: false,
        budget: 40,
    };
    g.clear_local();
    g.statements(&mut scope, Context { flow: Shape::Varying, mask: None, depth: 1 });
    let values: Vec<Value> = results.iter().map(|&ty| scope.pick(&mut g.b, g.tape, ty).0).collect();
    g.b.ret(&values);
    func
}

fn kernel(tape: &mut Tape, callees: Vec<Signature>) -> Function {
    let mut func = Function::new("fuzz", Signature::default());
    func.kernel = Some(kernel_info(3));
    let local = func.add_slot(64, 8);
    let frame = func.add_slot(32, 8);
    let b = Builder::new(&mut func, Function::ENTRY);
    let mut g =
        Gen { b, tape, kernel: None, local, frame, callees, countable: false, exits: false, budget: 150 };
    let mut scope = Scope::default();
    g.prologue(&mut scope);
    let full = g.b.iconst(Type::I32, u32::MAX.into());
    g.statements(&mut scope, Context { flow: Shape::Uniform, mask: Some(full), depth: 0 });
    for slot in 0..SLOTS / 2 {
        let ty = ARGUMENTS[slot % ARGUMENTS.len()];
        let (value, _) = scope.pick(&mut g.b, g.tape, ty);
        g.store_out(slot, value);
    }
    g.b.ret(&[]);
    func
}

impl Gen<'_, '_, '_> {
    pub fn u32(&mut self, n: u32) -> Value {
        self.b.iconst(Type::I32, n.into())
    }

    fn prologue(&mut self, scope: &mut Scope) {
        let [inputs, out, counters] = [0, 8, 16].map(|at| {
            let at = self.b.i64(at);
            self.b.load(Space::Param, Type::I64, at)
        });
        let regs = [Sreg::TidX, Sreg::TidY, Sreg::TidZ, Sreg::NtidX, Sreg::NtidY, Sreg::NtidZ, Sreg::CtaidX];
        let [tx, ty, tz, nx, ny, nz, block] = regs.map(|reg| self.b.sreg(reg));
        let rows = self.b.bin(Op::IMul, tz, ny);
        let rows = self.b.iadd(rows, ty);
        let before = self.b.bin(Op::IMul, rows, nx);
        let tid = self.b.iadd(before, tx);
        let area = self.b.bin(Op::IMul, nx, ny);
        let threads = self.b.bin(Op::IMul, area, nz);
        let first = self.b.bin(Op::IMul, block, threads);
        let thread = self.b.iadd(first, tid);
        let stride = self.u32(8 * SLOTS as u32);
        let offset = self.b.bin(Op::IMul, thread, stride);
        let offset = self.b.zext_or_trunc(Type::I64, offset);
        let out = self.b.iadd(out, offset);
        self.kernel = Some(KernelValues { inputs, out, counters, tid, threads });
        for (value, shape) in [
            (tid, Shape::Varying),
            (thread, Shape::Varying),
            (tx, Shape::Varying),
            (ty, Shape::Varying),
            (block, Shape::Uniform),
            (threads, Shape::Uniform),
        ] {
            scope.add(value, Type::I32, shape);
        }
        for ty in ARGUMENTS {
            self.load_input(scope, thread, ty, Shape::Varying);
            self.load_input(scope, block, ty, Shape::Uniform);
        }
        let odd = self.b.op(Op::Trunc(Type::I32), Type::I1, &[tid]);
        scope.add(odd, Type::I1, Shape::Varying);
        self.clear_local();
        self.clear_shared();
    }

    fn clear_local(&mut self) {
        let base = self.b.slot_addr(self.local);
        let zero = self.b.i64(0);
        for i in 0..8 {
            let at = self.b.i64(8 * i);
            let at = self.b.iadd(base, at);
            self.b.store(Space::Local, at, zero);
        }
        let frame = self.b.slot_addr(self.frame);
        for i in 0..4 {
            let at = self.b.i64(8 * i);
            let at = self.b.iadd(frame, at);
            self.b.store(Space::Local, at, zero);
        }
    }

    /// Address of element `index & mask` of eight bytes.
    pub fn element(&mut self, base: Value, index: Value, mask: u32) -> Value {
        let mask = self.u32(mask);
        let index = self.b.bin(Op::And, index, mask);
        let index = self.b.zext_or_trunc(Type::I64, index);
        let three = self.u32(3);
        let offset = self.b.op(Op::Shl, Type::I64, &[index, three]);
        self.b.iadd(base, offset)
    }

    fn load_input(&mut self, scope: &mut Scope, index: Value, ty: Type, shape: Shape) {
        let Some(kernel) = self.kernel else { return };
        let at = self.element(kernel.inputs, index, INPUTS as u32 - 1);
        let space = if self.tape.one_in(3) { Space::Generic } else { Space::Global };
        let count = match (ty.bits(), self.tape.below(3)) {
            (16, 2) => 4,
            (16 | 32, 1) => 2,
            _ => 1,
        };
        let load = Inst::Load { space, ty, count, align: ty.bytes() * u32::from(count), sem: MemSem::WEAK };
        for value in self.b.push(load, &[at]).to_vec() {
            let value = settle(&mut self.b, value);
            scope.add(value, ty, shape);
        }
    }

    fn store_out(&mut self, slot: usize, value: Value) {
        let Some(kernel) = self.kernel else { return };
        let offset = self.b.i64(8 * slot as i64);
        let at = self.b.iadd(kernel.out, offset);
        self.b.store(Space::Global, at, value);
    }

    /// A few statements, while tape and budget last.
    fn statements(&mut self, scope: &mut Scope, cx: Context) {
        let count = self.tape.below(if cx.depth == 0 { 24 } else { 7 });
        for _ in 0..count {
            if self.tape.ended() || self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement(scope, cx);
        }
    }

    fn statement(&mut self, scope: &mut Scope, cx: Context) {
        self.countable = cx.depth == 0 && !self.exits;
        match self.tape.below(23) {
            0..=7 => pure_op(&mut self.b, self.tape, scope),
            8 => {
                let ty = ARGUMENTS[self.tape.below(ARGUMENTS.len())];
                let (index, shape) = scope.pick(&mut self.b, self.tape, Type::I32);
                self.load_input(scope, index, ty, shape);
            }
            9 => {
                let ty = ARGUMENTS[self.tape.below(ARGUMENTS.len())];
                let (value, _) = scope.pick(&mut self.b, self.tape, ty);
                let slot = SLOTS / 2 + self.tape.below(SLOTS / 2);
                self.store_out(slot, value);
            }
            10..=12 if cx.depth < 4 => self.choice(scope, cx),
            13 if cx.depth < 3 => self.repeat(scope, cx),
            14 if cx.depth < 3 => self.switch(scope, cx),
            15 => self.local_memory(scope),
            16 => self.global_atomic(scope),
            17 if cx.flow == Shape::Uniform => self.exchange(scope),
            18 => self.warp_op(scope, cx),
            19 if cx.flow == Shape::Uniform => self.block_vote(scope),
            20 => self.call(scope),
            21 if cx.depth > 0 => self.maybe_exit(scope, cx),
            22 if cx.depth < 3 => self.tangle(scope),
            _ => pure_op(&mut self.b, self.tape, scope),
        }
    }

    /// Values of these types from a scope, as block arguments.
    pub(crate) fn arguments(&mut self, scope: &Scope, types: &[Type]) -> Vec<Value> {
        types.iter().map(|&ty| scope.pick(&mut self.b, self.tape, ty).0).collect()
    }

    fn some_types(&mut self) -> Vec<Type> {
        (0..self.tape.below(3)).map(|_| ARGUMENTS[self.tape.below(ARGUMENTS.len())]).collect()
    }

    /// A block with parameters of these types, which are varying in the scope.
    pub(crate) fn join(&mut self, types: &[Type]) -> Block {
        let join = self.b.new_block();
        types.iter().for_each(|&ty| {
            self.b.func.add_block_param(join, ty);
        });
        join
    }

    pub(crate) fn enter_join(&mut self, join: Block, scope: &mut Scope) {
        self.b.switch_to(join);
        for param in self.b.func.block(join).params.clone() {
            scope.add(param, self.b.func.ty(param), Shape::Varying);
        }
    }

    pub fn ballot(&mut self, predicate: Value, mask: Value) -> Value {
        self.b.push(Inst::Vote(VoteKind::Ballot), &[predicate, mask])[0]
    }

    pub(crate) fn condition(&mut self, scope: &Scope) -> (Value, Shape) {
        match self.tape.below(3) {
            0 => scope.pick(&mut self.b, self.tape, Type::I1),
            1 => (scope.pick_uniform(&mut self.b, self.tape, Type::I1), Shape::Uniform),
            _ => {
                let (a, sa) = scope.pick(&mut self.b, self.tape, Type::I32);
                let (c, sc) = scope.pick(&mut self.b, self.tape, Type::I32);
                (self.b.icmp(IntCc::LtS, a, c), sa.and(sc))
            }
        }
    }

    fn choice(&mut self, scope: &mut Scope, cx: Context) {
        let (cond, shape) = self.condition(scope);
        let flow = cx.flow.and(shape);
        let masks = match cx.mask {
            Some(mask) if shape == Shape::Varying => {
                let yes = self.ballot(cond, mask);
                let no = self.b.bin(Op::Xor, mask, yes);
                [Some(yes), Some(no)]
            }
            mask => [mask; 2],
        };
        let types = self.some_types();
        let (then, els, join) = (self.b.new_block(), self.b.new_block(), self.join(&types));
        self.b.branch(cond, BlockCall::new(then), BlockCall::new(els));
        for (block, mask) in [then, els].into_iter().zip(masks) {
            self.b.switch_to(block);
            let mut inner = scope.clone();
            self.statements(&mut inner, Context { flow, mask, depth: cx.depth + 1 });
            let args = self.arguments(&inner, &types);
            self.b.jump(join, &args);
        }
        self.enter_join(join, scope);
    }

    fn switch(&mut self, scope: &mut Scope, cx: Context) {
        let (index, shape) = scope.pick(&mut self.b, self.tape, Type::I32);
        let three = self.u32(3);
        let index = self.b.bin(Op::And, index, three);
        let types = self.some_types();
        let arms: Vec<Block> = (0..2 + self.tape.below(2)).map(|_| self.b.new_block()).collect();
        let join = self.join(&types);
        let default = self.arguments(scope, &types);
        self.b.terminate(Terminator::Switch {
            index,
            targets: arms.iter().map(|&arm| BlockCall::new(arm)).collect(),
            default: BlockCall::with(join, &default),
        });
        let mask = cx.mask.filter(|_| shape == Shape::Uniform);
        for arm in arms {
            self.b.switch_to(arm);
            let mut inner = scope.clone();
            self.statements(&mut inner, Context { flow: cx.flow.and(shape), mask, depth: cx.depth + 1 });
            let args = self.arguments(&inner, &types);
            self.b.jump(join, &args);
        }
        self.enter_join(join, scope);
    }

    /// `for (i = 0; i < n; i++) { … if (cond) break; … }` with n below 8. Lanes that go on are counted each time.
    fn repeat(&mut self, scope: &mut Scope, cx: Context) {
        let (count, shape) = scope.pick(&mut self.b, self.tape, Type::I32);
        let seven = self.u32(7);
        let count = self.b.bin(Op::And, count, seven);
        let leaves = self.tape.one_in(3);
        let shape = if leaves { Shape::Varying } else { shape };
        let counted = cx.mask.filter(|_| shape == Shape::Varying);
        let carried = self.some_types();
        // Parameters of the header: i, the mask if lanes may leave, what is carried.
        let mut types = vec![Type::I32];
        types.extend(counted.map(|_| Type::I32));
        let fixed = types.len();
        types.extend(&carried);
        let (header, body, after) = (self.join(&types), self.b.new_block(), self.join(&carried));
        let zero = self.u32(0);
        let mut args = vec![zero];
        args.extend(counted);
        args.extend(self.arguments(scope, &carried));
        self.b.jump(header, &args);
        self.b.switch_to(header);
        let params = self.b.func.block(header).params.clone();
        let more = self.b.icmp(IntCc::LtU, params[0], count);
        let mut mask = match counted {
            Some(_) => Some(self.ballot(more, params[1])),
            None => cx.mask.filter(|_| shape == Shape::Uniform),
        };
        self.b.branch(more, BlockCall::new(body), BlockCall::with(after, &params[fixed..]));
        self.b.switch_to(body);
        let mut inner = scope.clone();
        inner.add(params[0], Type::I32, shape);
        for &param in &params[fixed..] {
            inner.add(param, self.b.func.ty(param), Shape::Varying);
        }
        let flow = cx.flow.and(shape);
        self.statements(&mut inner, Context { flow, mask, depth: cx.depth + 1 });
        if leaves {
            let (cond, _) = self.condition(&inner);
            let stays = self.b.op(Op::Not, Type::I1, &[cond]);
            mask = mask.map(|mask| self.ballot(stays, mask));
            let rest = self.b.new_block();
            let results = self.arguments(&inner, &carried);
            self.b.branch(cond, BlockCall::with(after, &results), BlockCall::new(rest));
            self.b.switch_to(rest);
            self.statements(&mut inner, Context { flow, mask, depth: cx.depth + 1 });
        }
        let one = self.u32(1);
        let mut args = vec![self.b.iadd(params[0], one)];
        args.extend(counted.and(mask));
        args.extend(self.arguments(&inner, &carried));
        self.b.jump(header, &args);
        self.enter_join(after, scope);
    }

    pub(crate) fn local_memory(&mut self, scope: &mut Scope) {
        let ty = ARGUMENTS[self.tape.below(ARGUMENTS.len())];
        let space = if self.tape.one_in(2) { Space::Generic } else { Space::Local };
        let constant = self.tape.one_in(2);
        let base = self.b.slot_addr(if constant { self.frame } else { self.local });
        let at = |g: &mut Self, scope: &Scope| {
            let at = if constant {
                // Elements of different sizes overlap.
                let offset = g.tape.below(32 / ty.bytes() as usize) as i64 * i64::from(ty.bytes());
                let offset = g.b.i64(offset);
                g.b.iadd(base, offset)
            } else {
                let (index, _) = scope.pick(&mut g.b, g.tape, Type::I32);
                g.element(base, index, 7)
            };
            if space == Space::Generic { g.b.push(Inst::ToGeneric(Space::Local), &[at])[0] } else { at }
        };
        let to = at(self, scope);
        let (value, _) = scope.pick(&mut self.b, self.tape, ty);
        self.b.store(space, to, value);
        let from = at(self, scope);
        let value = self.b.load(space, ty, from);
        let value = settle(&mut self.b, value);
        scope.add(value, ty, Shape::Varying);
    }

    fn global_atomic(&mut self, scope: &mut Scope) {
        let Some(kernel) = self.kernel else { return };
        let index = self.tape.below(COUNTERS.len());
        let shared = self.tape.one_in(2);
        let (space, base) = if shared {
            (Space::Shared, self.b.global_addr(SHARED_COUNTERS, 0))
        } else {
            (Space::Global, kernel.counters)
        };
        let (op, ty) = COUNTERS[index];
        let offset = self.b.i64(8 * index as i64);
        let at = self.b.iadd(base, offset);
        let (value, _) = scope.pick(&mut self.b, self.tape, ty);
        let sem = MemSem { order: MemOrder::Relaxed, scope: MemScope::Gpu };
        // The old value depends on the schedule: nobody looks at it.
        self.b.push(Inst::Atomic { space, op, ty, sem }, &[at, value]);
    }

    fn call(&mut self, scope: &mut Scope) {
        if self.callees.is_empty() {
            return;
        }
        let index = self.tape.below(self.callees.len());
        let sig = self.callees[index].clone();
        let args = self.arguments(scope, &sig.params);
        let results = if self.tape.one_in(2) {
            let like: Vec<usize> = (0..self.callees.len()).filter(|&i| self.callees[i] == sig).collect();
            let other = like[self.tape.below(like.len())];
            let [one, other] =
                [index, other].map(|i| self.b.push(Inst::FuncAddr(FuncId(1 + i as u32)), &[])[0]);
            let (cond, _) = self.condition(scope);
            let mut operands = vec![self.b.select(cond, one, other)];
            operands.extend(args);
            let id = self.b.func.add_sig(sig.clone());
            self.b.push_typed(Inst::CallIndirect { sig: id }, &operands, &sig.results).to_vec()
        } else {
            self.b.call(FuncId(1 + index as u32), &sig, &args).to_vec()
        };
        for (value, ty) in results.into_iter().zip(sig.results) {
            scope.add(value, ty, Shape::Varying);
        }
    }

    /// Some threads end here.
    fn maybe_exit(&mut self, scope: &mut Scope, cx: Context) {
        if self.kernel.is_none() || cx.depth == 0 {
            return;
        }
        self.exits = true;
        let (cond, _) = self.condition(scope);
        let (gone, rest) = (self.b.new_block(), self.b.new_block());
        self.b.branch(cond, BlockCall::new(gone), BlockCall::new(rest));
        self.b.switch_to(gone);
        self.b.terminate(Terminator::Exit);
        self.b.switch_to(rest);
    }
}
