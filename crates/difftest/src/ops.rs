//! Each pure op on an engine, on edge values and random lanes, against [`ir::eval`].
//!
//! A kernel holds every variant of one row of the op table. Each variant is computed three times: with operands that
//! differ between lanes, with a last operand that is the same for the block, and with all operands the same.

use ir::eval::{canonical_nan, eval, from_f64, is_nan};
use ir::function::Signature;
use ir::{BlockCall, Builder, Function, IntCc, Op, Rounding, Space, Sreg, Terminator, Type, Value};
use std::collections::BTreeMap;
use testkit::launch::{Ran, Shape, kernel_info, program, run};
use testkit::{Config, TestHost};

/// Variants of the ops with one name.
pub struct Family {
    pub name: &'static str,
    pub variants: Vec<(Op, Type)>,
}

/// Variants in one kernel: enough to share a compilation, few enough that it stays quick.
const PER_KERNEL: usize = 24;

/// All rows of the op table by name, the large ones in parts.
pub fn families() -> Vec<Family> {
    let mut by_name: BTreeMap<&'static str, Vec<(Op, Type)>> = BTreeMap::new();
    for (op, ty) in Op::all() {
        by_name.entry(op.row().name).or_default().push((op, ty));
    }
    let parts = |(name, list): (&'static str, Vec<(Op, Type)>)| {
        list.chunks(PER_KERNEL).map(|part| Family { name, variants: part.to_vec() }).collect::<Vec<_>>()
    };
    by_name.into_iter().flat_map(parts).collect()
}

/// Lanes per variant. No multiple of a block, so that the last one has lanes without work.
const LANES: usize = 1000;
const BLOCK: u32 = 96;

/// How operands differ between lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sharing {
    Varying,
    LastUniform,
    AllUniform,
}

const SHARINGS: [Sharing; 3] = [Sharing::Varying, Sharing::LastUniform, Sharing::AllUniform];

/// Runs the family on an engine. Errors: the first results that differ.
pub fn check(family: &Family, config: &Config) -> Result<(), String> {
    let program = program(vec![kernel(family)], vec![]);
    let mut host = TestHost::default();
    let mut params = Vec::new();
    let mut outs = Vec::new();
    let mut inputs = Vec::new();
    for (n, &(op, ty)) in family.variants.iter().enumerate() {
        let operands: Vec<Type> = op.row().operands.iter().map(|o| o.resolve(ty)).collect();
        let columns = columns(&operands, n as u64);
        for (column, &operand) in columns.iter().zip(&operands) {
            let address = host.add(LANES * operand.bytes() as usize, engine::Access::Read);
            let bytes: Vec<u8> =
                column.iter().flat_map(|v| v.to_le_bytes()[..operand.bytes() as usize].to_vec()).collect();
            host.buffer(address).write(&bytes);
            params.push(address);
        }
        let bytes = op.result(ty).bytes() as usize;
        for _ in SHARINGS {
            let address = host.add(LANES * bytes, engine::Access::Write);
            params.push(address);
            outs.push(address);
        }
        inputs.push(columns);
    }
    let shape = Shape::new((LANES as u32).div_ceil(BLOCK), [BLOCK, 1, 1]);
    match run(config, &program, &shape, &params, &host).map_err(|f| f.to_string())? {
        Ran::Declined(_) if config.may_decline() => return Ok(()),
        Ran::Declined(why) => return Err(why),
        Ran::Done => {}
    }
    let mut outs = outs.into_iter();
    for (&(op, ty), columns) in family.variants.iter().zip(&inputs) {
        for sharing in SHARINGS {
            let address = outs.next().expect("one for each variant and sharing");
            compare(op, ty, columns, sharing, &host.buffer(address).bytes())?;
        }
    }
    Ok(())
}

fn compare(op: Op, ty: Type, columns: &[Vec<u64>], sharing: Sharing, bytes: &[u8]) -> Result<(), String> {
    let result = op.result(ty);
    let mut wrong = Vec::new();
    let size = result.bytes() as usize;
    for (lane, chunk) in bytes.chunks_exact(size).enumerate() {
        let block = lane / BLOCK as usize;
        let args: Vec<u64> = columns
            .iter()
            .enumerate()
            .map(|(k, column)| column[if is_uniform(sharing, k, columns.len()) { block } else { lane }])
            .collect();
        let expect = eval(op, ty, &args);
        let got = chunk.iter().rev().fold(0, |value, &byte| (value << 8) | u64::from(byte));
        let same = got == expect || (is_nan(result, got) && is_nan(result, expect));
        if !same {
            wrong.push(format!("{args:x?} = {got:#x}, should be {expect:#x}"));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let shown = wrong.iter().take(6).cloned().collect::<Vec<_>>().join("\n  ");
    Err(format!("{op:?}.{ty}, {sharing:?}: {} of {LANES} lanes differ\n  {shown}", wrong.len()))
}

fn is_uniform(sharing: Sharing, operand: usize, count: usize) -> bool {
    match sharing {
        Sharing::Varying => false,
        Sharing::LastUniform => operand + 1 == count,
        Sharing::AllUniform => true,
    }
}

/// Parameters per variant: an input array per operand, an output array per sharing.
fn kernel(family: &Family) -> Function {
    let mut func = Function::new("ops", Signature::default());
    let count: usize = family.variants.iter().map(|(op, _)| op.row().operands.len() + SHARINGS.len()).sum();
    func.kernel = Some(kernel_info(count as u32));
    let mut b = Builder::new(&mut func, Function::ENTRY);
    let (tid, block, width) = (b.sreg(Sreg::TidX), b.sreg(Sreg::CtaidX), b.sreg(Sreg::NtidX));
    let first = b.bin(Op::IMul, block, width);
    let lane = b.iadd(first, tid);
    let end = b.i32(LANES as i32);
    let inside = b.icmp(IntCc::LtU, lane, end);
    let (work, done) = (b.new_block(), b.new_block());
    b.branch(inside, BlockCall::new(work), BlockCall::new(done));
    b.switch_to(done);
    b.terminate(Terminator::Exit);
    b.switch_to(work);
    let mut next = 0;
    for &(op, ty) in &family.variants {
        let operands: Vec<Type> = op.row().operands.iter().map(|o| o.resolve(ty)).collect();
        let pointers: Vec<Value> =
            (0..operands.len() + SHARINGS.len()).map(|i| param(&mut b, next + i)).collect();
        next += pointers.len();
        for (s, sharing) in SHARINGS.into_iter().enumerate() {
            let args: Vec<Value> = operands
                .iter()
                .enumerate()
                .map(|(k, &operand)| {
                    let index = if is_uniform(sharing, k, operands.len()) { block } else { lane };
                    load(&mut b, pointers[k], index, operand)
                })
                .collect();
            let value = b.op(op, ty, &args);
            store(&mut b, pointers[operands.len() + s], lane, value);
        }
    }
    b.ret(&[]);
    func
}

fn param(b: &mut Builder, index: usize) -> Value {
    let offset = b.i64(8 * index as i64);
    b.load(Space::Param, Type::I64, offset)
}

fn element(b: &mut Builder, base: Value, index: Value, ty: Type) -> Value {
    let index = b.zext_or_trunc(Type::I64, index);
    let size = b.i64(ty.bytes().into());
    let offset = b.bin(Op::IMul, index, size);
    b.iadd(base, offset)
}

/// Predicates are bytes in memory.
fn load(b: &mut Builder, base: Value, index: Value, ty: Type) -> Value {
    let at = element(b, base, index, ty);
    match ty {
        Type::I1 => {
            let byte = b.load(Space::Global, Type::I8, at);
            b.op(Op::Trunc(Type::I8), Type::I1, &[byte])
        }
        _ => b.load(Space::Global, ty, at),
    }
}

fn store(b: &mut Builder, base: Value, index: Value, value: Value) {
    let ty = b.func.ty(value);
    let at = element(b, base, index, ty);
    let value = if ty == Type::I1 { b.op(Op::ZExt(Type::I1), Type::I8, &[value]) } else { value };
    b.store(Space::Global, at, value);
}

/// [`LANES`] values for each operand: combinations of edge values, then random bits, then floats of like exponents.
fn columns(types: &[Type], seed: u64) -> Vec<Vec<u64>> {
    let mut random = crate::tape::Random::new(0x5eed ^ seed);
    let edges: Vec<Vec<u64>> = types.iter().map(|&ty| edges(ty)).collect();
    let mut columns = vec![Vec::with_capacity(LANES); types.len()];
    for lane in 0..LANES {
        let shared = random.next();
        for (k, &ty) in types.iter().enumerate() {
            let r = random.next();
            let edge = edges[k][(r >> 8) as usize % edges[k].len()];
            let value = match lane % 4 {
                // Block numbers pick the uniform operands: the first lanes are edges.
                0 | 1 => edge,
                2 => r,
                _ if ty.is_float() => {
                    let exponents = canonical_nan(ty) & !(canonical_nan(ty) >> (exponent_bits(ty) + 1));
                    (r & !exponents) | (shared & exponents)
                }
                _ => r % 67,
            };
            columns[k].push(value & ty.mask());
        }
    }
    columns
}

const fn exponent_bits(ty: Type) -> u32 {
    match ty {
        Type::F16 => 5,
        Type::BF16 | Type::F32 => 8,
        _ => 11,
    }
}

/// Values at which formulas break.
pub fn edges(ty: Type) -> Vec<u64> {
    let mask = ty.mask();
    let top = 1u64 << (ty.bits() - 1);
    let mut list = vec![0, 1, 2, 31, 32, 33, 63, 64, 255, mask, mask - 1, top, top - 1, top + 1];
    if ty.is_float() {
        let float = |v: f64| from_f64(ty, v, Rounding::Nearest);
        let infinity = float(f64::INFINITY);
        let one = float(1.0);
        let min_normal = infinity & infinity.wrapping_neg();
        let near =
            [infinity, infinity - 1, infinity + 1, min_normal, min_normal - 1, min_normal + 1, one, one + 1];
        let whole = [
            0.5,
            1.5,
            2.5,
            127.5,
            255.5,
            32767.5,
            65519.0,
            65520.0,
            2147483648.0,
            4294967295.0,
            9.3e18,
            1.9e19,
        ];
        list.push(canonical_nan(ty));
        for bits in near.into_iter().chain(whole.map(float)) {
            list.extend([bits, bits | top]);
        }
    }
    list.into_iter().map(|v| v & mask).collect()
}
