//! Calls that stay calls: recursive functions, and functions called through pointers.
//!
//! A device function becomes one LLVM function for the whole gang:
//! `fn<id>.<signature>(ctx, gang, masks, arguments, results, sp)`. Arguments and results are arrays in memory, a vector
//! of all lanes for each value, aligned to 64 bytes; `masks` holds a number of `lanes` bits for each chunk; `sp` is the
//! offset of the function's frame in each thread's local window. Only the lanes in the mask are written to `results`.

use super::block::emit_block;
use super::control::block_label;
use super::setup::{allocate_storage, make_control};
use super::{Emitter, Exec, Refused, Repr, Unit, scalar_type};
use crate::abi::{fault_code, field};
use analysis::region::{ChainId, FragmentId};
use analysis::{Cfg, Uniformity};
use engine::layout::FrameLayout;
use ir::function::Signature;
use ir::{FuncId, Function, InstData, Terminator, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A number for a signature, so that a call through a pointer to a function of another one is a fault.
pub fn signature_hash(sig: &Signature) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut mix = |n: u64| hash = (hash ^ n).wrapping_mul(0x0000_0100_0000_01b3);
    for list in [&sig.params, &sig.results] {
        mix(list.len() as u64 + 100);
        list.iter().for_each(|&t| mix(t as u64 + 1));
    }
    hash
}

/// The name of a function's code.
pub fn symbol(id: FuncId, sig: &Signature) -> String {
    format!("fn{}.{:x}", id.0, signature_hash(sig))
}

/// Reads a name made by [`symbol`].
pub fn parse_symbol(name: &str) -> Option<(u32, u64)> {
    let (id, hash) = name.strip_prefix("fn")?.split_once('.')?;
    Some((id.parse().ok()?, u64::from_str_radix(hash, 16).ok()?))
}

/// Byte offsets of values in an argument or result block, and its size.
fn block_layout(width: u32, types: &[Type]) -> (Vec<u32>, u32) {
    let mut at = 0;
    let offsets = types
        .iter()
        .map(|t| {
            let here = at;
            at += (width * t.bytes()).next_multiple_of(64);
            here
        })
        .collect();
    (offsets, at.max(64))
}

/// Emits a device function's LLVM function.
pub fn emit_function(
    unit: &Unit<'_>,
    id: FuncId,
    func: &Function,
    cfg: &Cfg,
    uni: &Uniformity,
    frame: &FrameLayout,
    declares: &mut BTreeSet<String>,
) -> Result<String, Refused> {
    let reachable: Vec<bool> = func.block_ids().map(|b| cfg.reachable(b)).collect();
    let mut e = Emitter::new(unit, func, uni, frame, std::mem::take(declares));
    let align = |g: ir::GlobalId| unit.module.global(g).align;
    let checks = analysis::alignment::checks(func, cfg, &align);
    e.checks = Some(&checks);
    e.is_function = true;
    allocate_storage(&mut e, func, cfg, uni, &reachable, &[], &[], &[]);
    let cx = make_control(&mut e, cfg, func, uni, reachable, Default::default());
    e.place("start");
    check_stack(&mut e);
    let n = e.lanes();
    let vt = e.vector_type(Type::I1);
    let Some(running) = cx.running.get(&FragmentId::ROOT).cloned() else {
        return Err(Refused::Because("internal: a function without a mask".into()));
    };
    for (c, pointer) in running.iter().enumerate() {
        let p = e.ins(format!("getelementptr i{n}, ptr %masks, i64 {c}"));
        let bits = e.ins(format!("load i{n}, ptr {p}, align 1"));
        let mask = e.ins(format!("bitcast i{n} {bits} to {vt}"));
        e.stmt(format!("store {vt} {mask}, ptr {pointer}, align 8"));
        if let Some(live) = cx.live.clone() {
            e.stmt(format!("store {vt} {mask}, ptr {}, align 8", live[c]));
        }
    }
    e.exec = e.load_exec(&cx, FragmentId::ROOT);
    let params = func.block(Function::ENTRY).params.clone();
    let (offsets, _) = block_layout(unit.layout.width(), &func.sig.params);
    for (&param, at) in params.iter().zip(offsets) {
        let vectors = e.load_lanes("%args", at, func.ty(param));
        let repr = e.narrow(param, vectors);
        e.define(param, repr);
    }
    e.jump(&block_label(Function::ENTRY));
    let none = FxHashMap::default();
    for &block in &cfg.rpo {
        emit_block(&mut e, &cx, &none, &[], 0, block);
    }
    for chain in 0..cx.chains.len() {
        if !cx.chains[chain].is_empty() {
            e.emit_chain(&cx, ChainId(chain as u32));
        }
    }
    e.emit_misaligned();
    *declares = std::mem::take(&mut e.declares);
    if let Some(why) = e.refused {
        return Err(Refused::Because(why));
    }
    let mut text = String::new();
    let _ = writeln!(
        text,
        "define i32 @{}(ptr noalias %ctx, i32 %gang, ptr %masks, ptr %args, ptr %rets, i64 %sp) #0 {{\nentry:",
        symbol(id, &func.sig)
    );
    text.push_str(&e.allocas);
    text.push_str(&e.init);
    text.push_str(&super::function::prologue(unit, None));
    text.push_str("  br label %start\n");
    text.push_str(&e.body);
    text.push_str("}\n\n");
    Ok(text)
}

/// A frame that does not fit the thread's stack is a fault.
fn check_stack(e: &mut Emitter<'_>) {
    let limit = e.context_field(field::STACK_LIMIT, "i64");
    let end = e.ins(format!("add i64 %sp, {}", e.frame.size.max(16)));
    let over = e.ins(format!("icmp ugt i64 {end}, {limit}"));
    let (bad, good) = (e.new_label("overflow"), e.new_label("fits"));
    e.stmt(format!("br i1 {over}, label %{bad}, label %{good}"));
    e.place(&bad);
    e.raise(fault_code::STACK_OVERFLOW, ir::SrcLoc::default());
    e.stmt("unreachable");
    e.place(&good);
}

impl Emitter<'_> {
    /// Vectors of all chunks from a block of memory; predicates are bytes there.
    fn load_lanes(&mut self, base: &str, at: u32, ty: Type) -> Vec<String> {
        let n = self.lanes();
        let lty = if ty == Type::I1 { "i8" } else { scalar_type(ty) };
        (0..self.chunks())
            .map(|c| {
                let offset = at + c as u32 * n * ty.bytes();
                let p = self.ins(format!("getelementptr i8, ptr {base}, i64 {offset}"));
                let v = self.ins(format!("load <{n} x {lty}>, ptr {p}, align {}", ty.bytes()));
                if ty == Type::I1 { self.ins(format!("trunc <{n} x i8> {v} to <{n} x i1>")) } else { v }
            })
            .collect()
    }

    /// Writes vectors to a block of memory in the lanes of `mask`.
    fn store_lanes(&mut self, base: &str, at: u32, ty: Type, vectors: &[String], mask: &Exec) {
        let n = self.lanes();
        let lty = if ty == Type::I1 { "i8" } else { scalar_type(ty) };
        for (c, v) in vectors.iter().enumerate() {
            let v = if ty == Type::I1 {
                self.ins(format!("zext <{n} x i1> {v} to <{n} x i8>"))
            } else {
                v.clone()
            };
            let offset = at + c as u32 * n * ty.bytes();
            let p = self.ins(format!("getelementptr i8, ptr {base}, i64 {offset}"));
            let new = match mask {
                Exec::All => v,
                Exec::Masks(m) => {
                    let old = self.ins(format!("load <{n} x {lty}>, ptr {p}, align {}", ty.bytes()));
                    self.ins(format!("select <{n} x i1> {}, <{n} x {lty}> {v}, <{n} x {lty}> {old}", m[c]))
                }
            };
            self.stmt(format!("store <{n} x {lty}> {new}, ptr {p}, align {}", ty.bytes()));
        }
    }

    /// The results of the running lanes go to the caller's block.
    pub fn emit_return_values(&mut self) {
        let Terminator::Ret(values) = self.func.block(self.block).term.clone() else {
            self.refuse("exit inside a function that is not inlined");
            return;
        };
        let types: Vec<Type> = values.iter().map(|&v| self.func.ty(v)).collect();
        let (offsets, _) = block_layout(self.unit.layout.width(), &types);
        let exec = self.exec.clone();
        for ((&v, at), ty) in values.iter().zip(offsets).zip(types) {
            let vectors = self.vectors(v);
            self.store_lanes("%rets", at, ty, &vectors, &exec);
        }
    }

    /// Argument and result blocks of a call, filled.
    fn call_blocks(&mut self, args: &[Value], results: &[Value]) -> (String, String) {
        let width = self.unit.layout.width();
        let types: Vec<Type> = args.iter().map(|&a| self.func.ty(a)).collect();
        let (offsets, size) = block_layout(width, &types);
        let arg_block = self.alloca(&format!("[{size} x i8]"));
        for ((&a, at), &ty) in args.iter().zip(offsets).zip(&types) {
            let vectors = self.vectors(a);
            self.store_lanes(&arg_block, at, ty, &vectors, &Exec::All);
        }
        let types: Vec<Type> = results.iter().map(|&r| self.func.ty(r)).collect();
        let (_, size) = block_layout(width, &types);
        let ret_block = self.zeroed_bytes(size as usize);
        (arg_block, ret_block)
    }

    fn call_results(&mut self, block: &str, results: &[Value]) {
        let types: Vec<Type> = results.iter().map(|&r| self.func.ty(r)).collect();
        let (offsets, _) = block_layout(self.unit.layout.width(), &types);
        for ((&r, at), ty) in results.iter().zip(offsets).zip(types) {
            let vectors = self.load_lanes(block, at, ty);
            let repr = self.narrow(r, vectors);
            self.define(r, repr);
        }
    }

    /// Masks as an array of numbers.
    fn mask_block(&mut self, exec: &Exec) -> String {
        let n = self.lanes();
        let block = self.alloca(&format!("[{} x i{n}]", self.chunks()));
        for c in 0..self.chunks() {
            let bits = match exec {
                Exec::All => "-1".to_string(),
                Exec::Masks(m) => self.mask_bits(&m[c]),
            };
            let p = self.ins(format!("getelementptr i{n}, ptr {block}, i64 {c}"));
            self.stmt(format!("store i{n} {bits}, ptr {p}, align 1"));
        }
        block
    }

    /// Where a callee's frame begins.
    fn callee_stack(&mut self) -> String {
        let own = self.frame.size;
        if self.is_function { self.ins(format!("add i64 %sp, {own}")) } else { own.to_string() }
    }

    pub fn emit_call(&mut self, callee: FuncId, data: &InstData) {
        if !self.unit.functions.contains(&callee) {
            let name = &self.unit.module.func(callee).name;
            self.refuse(format!("a call of {name}, which has no body"));
            return;
        }
        let name = symbol(callee, &self.unit.module.func(callee).sig);
        let (args, rets) = self.call_blocks(&data.args, &data.results);
        let exec = self.exec.clone();
        let masks = self.mask_block(&exec);
        let sp = self.callee_stack();
        self.stmt(format!(
            "call i32 @{name}(ptr %ctx, i32 %gang, ptr {masks}, ptr {args}, ptr {rets}, i64 {sp})"
        ));
        self.call_results(&rets, &data.results);
    }

    /// Calls each different target once, with the lanes that go there.
    pub fn emit_call_indirect(&mut self, sig: &Signature, data: &InstData, loc: ir::SrcLoc) {
        let n = self.lanes();
        let vt = self.vector_type(Type::I1);
        let (args, rets) = self.call_blocks(&data.args[1..], &data.results);
        let targets = self.vectors(data.args[0]);
        let table = self.alloca(&format!("[{} x i64]", self.unit.layout.width()));
        for (c, t) in targets.iter().enumerate() {
            let p = self.ins(format!("getelementptr i64, ptr {table}, i64 {}", c * n as usize));
            self.stmt(format!("store <{n} x i64> {t}, ptr {p}, align 8"));
        }
        let left: Vec<String> = (0..self.chunks()).map(|_| self.alloca(&vt)).collect();
        for (c, p) in left.iter().enumerate() {
            let mask = self.exec_mask(c);
            self.stmt(format!("store {vt} {mask}, ptr {p}, align 8"));
        }
        let (head, pick, good, bad, done) = (
            self.new_label("targets"),
            self.new_label("target"),
            self.new_label("callable"),
            self.new_label("nofunction"),
            self.new_label("called"),
        );
        self.jump(&head);
        self.place(&head);
        let masks: Vec<String> =
            left.iter().map(|p| self.ins(format!("load {vt}, ptr {p}, align 8"))).collect();
        let any = self.any(&masks);
        self.stmt(format!("br i1 {any}, label %{pick}, label %{done}"));
        self.place(&pick);
        // The first lane that is left decides the target of this round.
        self.declare(format!("declare i{n} @llvm.cttz.i{n}(i{n}, i1)"));
        let mut lane = "0".to_string();
        for c in (0..self.chunks()).rev() {
            let bits = self.mask_bits(&masks[c]);
            let tz = self.ins(format!("call i{n} @llvm.cttz.i{n}(i{n} {bits}, i1 false)"));
            let tz = if n == 64 { tz } else { self.ins(format!("zext i{n} {tz} to i64")) };
            let here = self.ins(format!("add i64 {tz}, {}", c * n as usize));
            let some = self.ins(format!("icmp ne i{n} {bits}, 0"));
            lane = self.ins(format!("select i1 {some}, i64 {here}, i64 {lane}"));
        }
        let p = self.ins(format!("getelementptr i64, ptr {table}, i64 {lane}"));
        let target = self.ins(format!("load i64, ptr {p}, align 8"));
        let splat = self.splat(Type::I64, &target);
        let mut here = Vec::new();
        for c in 0..self.chunks() {
            let same = self.ins(format!("icmp eq <{n} x i64> {}, {splat}", targets[c]));
            let m = self.ins(format!("and {vt} {same}, {}", masks[c]));
            let not = self.ins(format!("xor {vt} {m}, splat (i1 true)"));
            let rest = self.ins(format!("and {vt} {}, {not}", masks[c]));
            self.stmt(format!("store {vt} {rest}, ptr {}, align 8", left[c]));
            here.push(m);
        }
        let base = self.context_field(field::FUNC_BASE, "i64");
        let offset = self.ins(format!("sub i64 {target}, {base}"));
        let index = self.ins(format!("lshr i64 {offset}, 4"));
        let odd = self.ins(format!("and i64 {offset}, 15"));
        let whole = self.ins(format!("icmp eq i64 {odd}, 0"));
        let count = self.context_field(field::FUNCTION_COUNT, "i64");
        let within = self.ins(format!("icmp ult i64 {index}, {count}"));
        let valid = self.ins(format!("and i1 {whole}, {within}"));
        let safe = self.ins(format!("select i1 {valid}, i64 {index}, i64 0"));
        // The table has one entry more than there are functions, so that entry 0 can always be read.
        let functions = self.context_field(field::FUNCTIONS, "ptr");
        let row = self.ins(format!("getelementptr {{ i64, i64 }}, ptr {functions}, i64 {safe}"));
        let hash_at = self.ins(format!("getelementptr i8, ptr {row}, i64 8"));
        let code = self.ins(format!("load ptr, ptr {row}, align 8"));
        let hash = self.ins(format!("load i64, ptr {hash_at}, align 8"));
        let fits = self.ins(format!("icmp eq i64 {hash}, {}", signature_hash(sig) as i64));
        let ok = self.ins(format!("and i1 {fits}, {valid}"));
        self.stmt(format!("br i1 {ok}, label %{good}, label %{bad}"));
        self.place(&bad);
        let exec = std::mem::replace(&mut self.exec, Exec::Masks(here.clone()));
        self.raise(fault_code::INVALID_PC, loc);
        self.exec = exec;
        self.stmt("unreachable");
        self.place(&good);
        let block = self.mask_block(&Exec::Masks(here));
        let sp = self.callee_stack();
        self.stmt(format!(
            "call i32 {code}(ptr %ctx, i32 %gang, ptr {block}, ptr {args}, ptr {rets}, i64 {sp})"
        ));
        self.jump(&head);
        self.place(&done);
        self.call_results(&rets, &data.results);
    }

    /// A slot's address: its offset in the frame.
    pub fn emit_slot_addr(&mut self, slot: ir::Slot, result: Value) {
        let at = self.frame.offsets[slot.index()];
        let scalar = if self.is_function { self.ins(format!("add i64 %sp, {at}")) } else { at.to_string() };
        self.define(result, Repr::Scalar(scalar));
    }
}
