//! Rules of the PTX manual about threads that meet: barriers, warp operations, waiting, ends and faults.
//!
//! Each kernel gets the address of an array of I32 and may write element [thread] of it.

use engine::FaultKind;
use interp::{Interp, Schedule};
use ir::function::Signature;
use ir::{
    AtomOp, Block, BlockCall, Builder, FuncId, Function, Inst, IntCc, MatchKind, MemOrder, MemSem, Op,
    ReduxOp,
};
use ir::{BarrierKind, Scope, ShflMode, Space, SrcLoc, Sreg, SysCall, Terminator, Type, Value, VoteKind};
use testkit::launch::{Shape, kernel_info, program, run, shared};
use testkit::{Config, TestHost};

fn configs() -> Vec<Config> {
    let mut list = vec![Schedule::RoundRobin];
    list.extend((1..8).map(Schedule::Random));
    let config = |schedule| Config {
        tier: None,
        name: format!("{schedule:?}"),
        engine: Box::new(Interp { schedule }),
        gang: None,
        opt_level: 0,
    };
    list.into_iter().map(config).collect()
}

/// A builder with what most kernels need.
struct Kernel<'f> {
    b: Builder<'f>,
    tid: Value,
    out: Value,
}

impl Kernel<'_> {
    fn u32(&mut self, n: u32) -> Value {
        self.b.iconst(Type::I32, n.into())
    }

    fn element(&mut self, index: Value) -> Value {
        let wide = self.b.op(Op::ZExt(Type::I32), Type::I64, &[index]);
        let four = self.b.i64(4);
        let bytes = self.b.bin(Op::IMul, wide, four);
        self.b.iadd(self.out, bytes)
    }

    fn store(&mut self, value: Value) {
        let at = self.element(self.tid);
        let value = if self.b.func.ty(value) == Type::I1 {
            self.b.op(Op::ZExt(Type::I1), Type::I32, &[value])
        } else {
            value
        };
        self.b.store(Space::Global, at, value);
    }

    /// Splits control flow on `cond`; `then` is built by the closure, and goes on where the rest does.
    fn when(&mut self, cond: Value, then: impl FnOnce(&mut Self)) {
        let (yes, after) = (self.b.new_block(), self.b.new_block());
        self.b.branch(cond, BlockCall::new(yes), BlockCall::new(after));
        self.b.switch_to(yes);
        then(self);
        self.b.jump(after, &[]);
        self.b.switch_to(after);
    }

    fn tid_below(&mut self, n: u32) -> Value {
        let n = self.u32(n);
        self.b.icmp(IntCc::LtU, self.tid, n)
    }

    fn exit_when(&mut self, cond: Value) {
        let (gone, after) = (self.b.new_block(), self.b.new_block());
        self.b.branch(cond, BlockCall::new(gone), BlockCall::new(after));
        self.b.switch_to(gone);
        self.b.terminate(Terminator::Exit);
        self.b.switch_to(after);
    }

    fn barrier(
        &mut self,
        kind: BarrierKind,
        id: u32,
        count: Option<u32>,
        predicate: Option<Value>,
    ) -> Vec<Value> {
        let mut args = vec![self.u32(id)];
        args.extend(count.map(|n| self.u32(n)));
        args.extend(predicate);
        self.b.push(Inst::Barrier { kind, counted: count.is_some(), aligned: false }, &args).to_vec()
    }
}

fn kernel(build: impl FnOnce(&mut Kernel)) -> Function {
    let mut func = Function::new("k", Signature::default());
    func.kernel = Some(kernel_info(1));
    let mut b = Builder::new(&mut func, Function::ENTRY);
    b.loc = SrcLoc { file: 1, line: 7, col: 1 };
    let zero = b.i64(0);
    let out = b.load(Space::Param, Type::I64, zero);
    let tid = b.sreg(Sreg::TidX);
    let mut k = Kernel { b, tid, out };
    build(&mut k);
    k.b.ret(&[]);
    func
}

/// Runs the kernel on every schedule; element `i` must be `expect(i)`.
fn check(threads: u32, build: impl FnOnce(&mut Kernel), expect: impl Fn(u32) -> u32) {
    let program = program(vec![kernel(build)], vec![shared("s", 4096, 4)]);
    for config in configs() {
        let mut host = TestHost::default();
        let out = host.add(4 * threads as usize, engine::Access::Write);
        let result = run(&config, &program, &Shape::new(1, [threads, 1, 1]), &[out], &host);
        assert!(result.is_ok(), "{}: {}", config.name, result.unwrap_err());
        let bytes = host.buffer(out).bytes();
        for (i, chunk) in (0u32..).zip(bytes.chunks(4)) {
            let got = u32::from_le_bytes(chunk.try_into().unwrap());
            assert_eq!(got, expect(i), "{}: thread {i}", config.name);
        }
    }
}

fn check_fault(threads: u32, kind: FaultKind, says: &str, build: impl FnOnce(&mut Kernel)) {
    let program = program(vec![kernel(build)], vec![shared("s", 4096, 4)]);
    for config in configs() {
        let mut host = TestHost::default();
        let out = host.add(4 * threads as usize, engine::Access::Write);
        let fault = run(&config, &program, &Shape::new(1, [threads, 1, 1]), &[out], &host).unwrap_err();
        assert_eq!(fault.kind, kind, "{}: {fault}", config.name);
        assert!(fault.to_string().contains(says), "{}: {fault}", config.name);
        assert_eq!(fault.kernel, "k");
    }
}

const FULL: u32 = u32::MAX;

#[test]
fn shuffle_down_in_segments() {
    let build = |k: &mut Kernel| {
        let (one, c, mask) = (k.u32(1), k.u32(0x181f & !0x1f | 0x07), k.u32(FULL));
        let r = k.b.push(Inst::Shfl(ShflMode::Down), &[k.tid, one, c, mask]).to_vec();
        let sixteen = k.u32(16);
        let flag = k.b.op(Op::ZExt(Type::I1), Type::I32, &[r[1]]);
        let high = k.b.op(Op::Shl, Type::I32, &[flag, sixteen]);
        let both = k.b.bin(Op::Or, r[0], high);
        k.store(both);
    };
    check(64, build, |i| if i % 8 == 7 { i } else { (i + 1) | 0x10000 });
}

#[test]
fn lanes_meet_wherever_they_are() {
    // Half of the warp shuffles in one branch, half in another: same qualifiers, same mask.
    let build = |k: &mut Kernel| {
        let (zero, c, mask) = (k.u32(0), k.u32(0x1f), k.u32(FULL));
        let low = k.tid_below(16);
        let (yes, no, join) = (k.b.new_block(), k.b.new_block(), k.b.new_block());
        let merged = k.b.func.add_block_param(join, Type::I32);
        k.b.branch(low, BlockCall::new(yes), BlockCall::new(no));
        for block in [yes, no] {
            k.b.switch_to(block);
            let seven = k.u32(7);
            let value = k.b.iadd(k.tid, seven);
            let r = k.b.push(Inst::Shfl(ShflMode::Idx), &[value, zero, c, mask])[0];
            k.b.jump(join, &[r]);
        }
        k.b.switch_to(join);
        k.store(merged);
    };
    check(32, build, |_| 7);
}

#[test]
fn exited_lanes_are_not_waited_for() {
    let build = |k: &mut Kernel| {
        let gone = k.tid_below(5);
        k.exit_when(gone);
        let (yes, mask) = (k.b.bool(true), k.u32(FULL));
        let ballot = k.b.push(Inst::Vote(VoteKind::Ballot), &[yes, mask])[0];
        k.store(ballot);
    };
    check(40, build, |i| match i {
        0..5 => 0,
        5..32 => 0xffff_ffe0,
        _ => 0xff,
    });
}

#[test]
fn votes_matches_and_reductions() {
    let build = |k: &mut Kernel| {
        let three = k.u32(3);
        let mask = k.u32(FULL);
        let group = k.b.bin(Op::And, k.tid, three);
        let peers = k.b.push(Inst::Match { kind: MatchKind::Any, ty: Type::I32 }, &[group, mask])[0];
        let sum = k.b.push(Inst::Redux(ReduxOp::Add), &[k.tid, peers])[0];
        let elected = k.b.push(Inst::Elect, &[peers])[0];
        let all = k.b.push(Inst::Match { kind: MatchKind::All, ty: Type::I32 }, &[group, peers]).to_vec();
        let flag = k.b.op(Op::ZExt(Type::I1), Type::I32, &[all[1]]);
        let thousand = k.u32(1000);
        let high = k.b.bin(Op::IMul, elected, thousand);
        let both = k.b.iadd(sum, high);
        let both = k.b.iadd(both, flag);
        k.store(both);
    };
    check(32, build, |i| (0..32).filter(|j| j % 4 == i % 4).sum::<u32>() + 1000 * (i % 4) + 1);
}

#[test]
fn active_mask_after_divergence() {
    let build = |k: &mut Kernel| {
        let low = k.tid_below(10);
        k.when(low, |k| {
            let mask = k.b.push(Inst::ActiveMask, &[])[0];
            k.store(mask);
        });
        let high = k.b.op(Op::Not, Type::I1, &[low]);
        k.when(high, |k| {
            let mask = k.b.push(Inst::ActiveMask, &[])[0];
            k.store(mask);
        });
    };
    check(48, build, |i| match i {
        0..10 => 0x3ff,
        10..32 => 0xffff_fc00,
        _ => 0xffff,
    });
}

#[test]
fn barrier_counts_whole_warps() {
    // 48 threads: the second warp has 16, and still counts as 32 of 64; warp 0's lane 3 has exited.
    let build = |k: &mut Kernel| {
        let three = k.u32(3);
        let gone = k.b.icmp(IntCc::Eq, k.tid, three);
        k.exit_when(gone);
        let odd = k.b.op(Op::Trunc(Type::I32), Type::I1, &[k.tid]);
        let count = k.barrier(BarrierKind::RedPopc, 5, Some(64), Some(odd))[0];
        k.store(count);
    };
    check(48, build, |i| if i == 3 { 0 } else { 23 });
}

#[test]
fn producers_arrive_and_consumers_wait() {
    // Warp 1 writes, arrives and goes on; warp 0 waits for it, then reads what it wrote.
    let build = |k: &mut Kernel| {
        let consumer = k.tid_below(32);
        let producer = k.b.op(Op::Not, Type::I1, &[consumer]);
        k.when(producer, |k| {
            k.store(k.tid);
            k.barrier(BarrierKind::Arrive, 1, Some(96), None);
        });
        k.when(consumer, |k| {
            k.barrier(BarrierKind::Sync, 1, Some(96), None);
            let by = k.u32(32);
            let other = k.b.iadd(k.tid, by);
            let at = k.element(other);
            let value = k.b.load(Space::Global, Type::I32, at);
            k.store(value);
        });
    };
    check(96, build, |i| if i < 32 { i + 32 } else { i });
}

#[test]
fn a_barrier_that_half_of_the_block_skips() {
    check_fault(64, FaultKind::Deadlock, "8 threads wait at barrier 0 (test.cu:7)", |k| {
        let some = k.tid_below(8);
        k.when(some, |k| {
            k.barrier(BarrierKind::Sync, 0, Some(64), None);
        });
        let (yes, mask) = (k.b.bool(true), k.u32(FULL));
        k.b.push(Inst::Vote(VoteKind::Any), &[yes, mask]);
    });
}

#[test]
fn a_lock_between_lanes() {
    // Every lane takes a spin lock, adds without an atomic, and gives the lock back.
    let build = |k: &mut Kernel| {
        let lock = k.b.global_addr(ir::GlobalId(0), 0);
        let sum = k.b.global_addr(ir::GlobalId(0), 4);
        let gpu = MemSem { order: MemOrder::AcqRel, scope: Scope::Gpu };
        let (zero, one) = (k.u32(0), k.u32(1));
        let (spin, inside) = (k.b.new_block(), k.b.new_block());
        k.b.jump(spin, &[]);
        k.b.switch_to(spin);
        let cas = Inst::Atomic { space: Space::Shared, op: AtomOp::Cas, ty: Type::I32, sem: gpu };
        let old = k.b.push(cas, &[lock, zero, one])[0];
        let free = k.b.icmp(IntCc::Eq, old, zero);
        k.b.branch(free, BlockCall::new(inside), BlockCall::new(spin));
        k.b.switch_to(inside);
        let before = k.b.load(Space::Shared, Type::I32, sum);
        let after = k.b.iadd(before, one);
        k.b.store(Space::Shared, sum, after);
        let exchange = Inst::Atomic { space: Space::Shared, op: AtomOp::Exch, ty: Type::I32, sem: gpu };
        k.b.push(exchange, &[lock, zero]);
        k.barrier(BarrierKind::Sync, 0, None, None);
        let total = k.b.load(Space::Shared, Type::I32, sum);
        k.store(total);
    };
    check(48, build, |_| 48);
}

#[test]
fn a_block_that_waits_for_a_later_one() {
    // Block 0 waits until block 2 has set element 1; blocks in between must run.
    let func = kernel(|k| {
        let block = k.b.sreg(Sreg::CtaidX);
        let (zero, one, two) = (k.u32(0), k.u32(1), k.u32(2));
        let flag = k.element(one);
        let first = k.b.icmp(IntCc::Eq, block, zero);
        let last = k.b.icmp(IntCc::Eq, block, two);
        k.when(last, |k| k.b.store(Space::Global, flag, two));
        k.when(first, |k| {
            let (spin, done) = (k.b.new_block(), k.b.new_block());
            k.b.jump(spin, &[]);
            k.b.switch_to(spin);
            let sem = MemSem { order: MemOrder::Volatile, scope: Scope::Sys };
            let load = Inst::Load { space: Space::Global, ty: Type::I32, count: 1, align: 4, sem };
            let value = k.b.push(load, &[flag])[0];
            let set = k.b.icmp(IntCc::Eq, value, two);
            k.b.branch(set, BlockCall::new(done), BlockCall::new(spin));
            k.b.switch_to(done);
            k.store(value);
        });
    });
    let program = program(vec![func], vec![shared("s", 16, 4)]);
    for config in configs() {
        let mut host = TestHost::default();
        let out = host.add(8, engine::Access::Write);
        run(&config, &program, &Shape::new(3, [1, 1, 1]), &[out], &host).unwrap();
        assert_eq!(host.buffer(out).bytes(), [2, 0, 0, 0, 2, 0, 0, 0]);
        // With two blocks nobody ever sets it.
        host.buffer(out).write(&[0; 8]);
        let fault = run(&config, &program, &Shape::new(2, [1, 1, 1]), &[out], &host).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Deadlock, "{fault}");
        assert!(fault.message.contains("in a loop (test.cu:7)"), "{fault}");
    }
}

#[test]
fn wild_accesses() {
    let cases: [(&str, FaultKind, Space, u64); 5] = [
        ("not mapped", FaultKind::IllegalAddress, Space::Global, 0),
        ("not mapped", FaultKind::IllegalAddress, Space::Generic, 1 << 40),
        ("outside the window of 4096", FaultKind::IllegalAddress, Space::Shared, 4096),
        ("not aligned to 4", FaultKind::MisalignedAddress, Space::Shared, 2),
        ("outside the window", FaultKind::IllegalAddress, Space::Local, u64::MAX - 3),
    ];
    for (says, kind, space, address) in cases {
        check_fault(33, kind, says, |k| {
            // Names the variable, so that it has a place in the window.
            k.b.global_addr(ir::GlobalId(0), 0);
            let address = k.b.iconst(Type::I64, address);
            let seven = k.u32(7);
            k.b.store(space, address, seven);
        });
    }
}

#[test]
fn ends_of_a_kernel() {
    check_fault(1, FaultKind::Trap, "test.cu:7", |k| {
        let (trap, after) = (k.b.new_block(), k.b.new_block());
        let yes = k.b.bool(true);
        k.b.branch(yes, BlockCall::new(trap), BlockCall::new(after));
        k.b.switch_to(trap);
        k.b.terminate(Terminator::Trap);
        k.b.switch_to(after);
    });
    check_fault(1, FaultKind::IllegalInstruction, "barrier 16", |k| {
        k.barrier(BarrierKind::Sync, 16, None, None);
    });
    check_fault(1, FaultKind::InvalidPc, "no function", |k| {
        let nowhere = k.b.i64(12345);
        let sig = k.b.func.add_sig(Signature::default());
        k.b.push_typed(Inst::CallIndirect { sig }, &[nowhere], &[]);
    });
}

/// `f(n) = n == 0 ? 0 : n + f(n - 1)`, with a slot that keeps n across the call.
fn recursive() -> Function {
    let sig = Signature { params: vec![Type::I32], results: vec![Type::I32] };
    let mut func = Function::new("f", sig.clone());
    let slot = func.add_slot(4, 4);
    let n = func.block(Function::ENTRY).params[0];
    let mut b = Builder::new(&mut func, Function::ENTRY);
    let zero = b.i32(0);
    let (base, step): (Block, Block) = (b.new_block(), b.new_block());
    let done = b.icmp(IntCc::Eq, n, zero);
    b.branch(done, BlockCall::new(base), BlockCall::new(step));
    b.switch_to(base);
    b.ret(&[zero]);
    b.switch_to(step);
    let at = b.slot_addr(slot);
    let generic = b.push(Inst::ToGeneric(Space::Local), &[at])[0];
    b.store(Space::Generic, generic, n);
    let minus = b.i32(-1);
    let less = b.iadd(n, minus);
    let rest = b.call(FuncId(1), &sig, &[less])[0];
    let kept = b.load(Space::Local, Type::I32, at);
    let sum = b.iadd(kept, rest);
    b.ret(&[sum]);
    func
}

#[test]
fn recursion_and_its_end() {
    let sig = recursive().sig;
    let caller = |indirect: bool, depth: u32| {
        kernel(|k| {
            let n = k.u32(depth);
            let n = k.b.iadd(n, k.tid);
            let result = if indirect {
                let target = k.b.push(Inst::FuncAddr(FuncId(1)), &[])[0];
                let id = k.b.func.add_sig(sig.clone());
                k.b.push_typed(Inst::CallIndirect { sig: id }, &[target, n], &sig.results)[0]
            } else {
                k.b.call(FuncId(1), &sig, &[n])[0]
            };
            k.store(result);
        })
    };
    for config in configs() {
        for indirect in [false, true] {
            let mut host = TestHost::default();
            let out = host.add(8, engine::Access::Write);
            let shape = Shape::new(1, [2, 1, 1]);
            let good = program(vec![caller(indirect, 20), recursive()], vec![]);
            run(&config, &good, &shape, &[out], &host).unwrap();
            assert_eq!(host.buffer(out).bytes(), [210, 0, 0, 0, 231, 0, 0, 0]);
            let deep = program(vec![caller(indirect, 1_000_000), recursive()], vec![]);
            let fault = run(&config, &deep, &shape, &[out], &host).unwrap_err();
            assert_eq!(fault.kind, FaultKind::StackOverflow, "{fault}");
        }
    }
}

#[test]
fn heap_blocks_are_memory() {
    let build = |k: &mut Kernel| {
        let size = k.b.i64(64);
        let block = k.b.push(Inst::Sys(SysCall::Malloc), &[size])[0];
        k.b.store(Space::Generic, block, k.tid);
        let value = k.b.load(Space::Generic, Type::I32, block);
        k.b.push(Inst::Sys(SysCall::Free), &[block]);
        k.store(value);
    };
    check(33, build, |i| i);
}
