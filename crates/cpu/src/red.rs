//! Reductions to global memory by many lanes at once: those of one address are combined before the word is locked.
//!
//! Invariant: every lane's value reaches its word exactly once, by operations whose order and grouping do not matter; sums of
//! floats, for which they do, are formed in the lanes' order, and only neighbours of one address go to memory together. Words
//! are flushed in the order of their addresses, so that those of a cache line come together while this processor holds it.

use crate::abi::CtaContext;
use crate::fault;
use engine::{Fault, FaultKind};
use ir::{AtomOp, Op, Type};
use std::cell::Cell;
use std::slice;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Address of a lane that does not take part.
const OFF: u64 = u64::MAX;

/// Words that are combined at a time, one for each value of the low bits of their number.
const SLOTS: usize = 256;

/// In the number of lanes: some of them may be off.
pub const SOME_OFF: u32 = 1 << 31;

/// A batch with at most one lane of so many is done lane by lane.
const FEW: usize = 4;

/// Calls that do not try after one for which it did not pay.
const PAUSE: u32 = 15;

thread_local! {
    /// Calls on this thread that still do not try.
    static PAUSED: Cell<u32> = const { Cell::new(0) };
}

/// The ops that are combined; what generated code calls one is its place here.
const OPS: [Op; 8] = [Op::IAdd, Op::And, Op::Or, Op::Xor, Op::MinS, Op::MinU, Op::MaxS, Op::MaxU];

/// What generated code calls the sum of floats.
const FLOAT_SUM: u32 = OPS.len() as u32;

/// What generated code calls an op; `None` for those that are not combined here.
pub fn number(op: AtomOp, ty: Type) -> Option<u32> {
    if op == AtomOp::FAdd && matches!(ty, Type::F32 | Type::F64) {
        return Some(FLOAT_SUM);
    }
    let (op, _) = op.reduction(ty).filter(|_| matches!(ty, Type::I32 | Type::I64))?;
    OPS.iter().position(|o| *o == op).map(|at| at as u32)
}

/// A word of memory that lanes reduce to.
trait Word: Copy + PartialEq {
    /// What changes nothing.
    fn neutral(op: u32) -> Self;
    fn combine(op: u32, a: Self, b: Self) -> Self;
    /// # Safety
    /// `p` is aligned, and memory or an address whose access ends in a fault.
    unsafe fn apply(op: u32, p: u64, v: Self);
    /// Makes of the word what `change` makes of it, at once.
    ///
    /// # Safety
    /// As for [`Word::apply`].
    unsafe fn update(p: u64, change: impl Fn(Self) -> Self);
    /// The sum of both as floats.
    fn float_sum(a: Self, b: Self) -> Self;
}

macro_rules! word {
    ($unsigned:ty, $signed:ty, $float:ty, $atomic:ty) => {
        impl Word for $unsigned {
            #[inline(always)]
            fn neutral(op: u32) -> Self {
                match op {
                    1 | 5 => <$unsigned>::MAX,
                    4 => <$signed>::MAX as $unsigned,
                    6 => <$signed>::MIN as $unsigned,
                    _ => 0,
                }
            }

            #[inline(always)]
            fn combine(op: u32, a: Self, b: Self) -> Self {
                match op {
                    0 => a.wrapping_add(b),
                    1 => a & b,
                    2 => a | b,
                    3 => a ^ b,
                    4 => (a as $signed).min(b as $signed) as $unsigned,
                    5 => a.min(b),
                    6 => (a as $signed).max(b as $signed) as $unsigned,
                    _ => a.max(b),
                }
            }

            #[inline(always)]
            unsafe fn update(p: u64, change: impl Fn(Self) -> Self) {
                // SAFETY: as the function's contract says.
                let word = unsafe { <$atomic>::from_ptr(p as *mut $unsigned) };
                let _ = word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| Some(change(old)));
            }

            #[inline(always)]
            fn float_sum(a: Self, b: Self) -> Self {
                (<$float>::from_bits(a) + <$float>::from_bits(b)).to_bits()
            }

            #[inline(always)]
            unsafe fn apply(op: u32, p: u64, v: Self) {
                // SAFETY: as the function's contract says.
                let word = unsafe { <$atomic>::from_ptr(p as *mut $unsigned) };
                match op {
                    0 => {
                        word.fetch_add(v, Ordering::Relaxed);
                    }
                    1 => {
                        word.fetch_and(v, Ordering::Relaxed);
                    }
                    2 => {
                        word.fetch_or(v, Ordering::Relaxed);
                    }
                    3 => {
                        word.fetch_xor(v, Ordering::Relaxed);
                    }
                    _ => {
                        // A minimum or maximum that is there already is only read.
                        let change = |old| {
                            let new = Self::combine(op, old, v);
                            (new != old).then_some(new)
                        };
                        let _ = word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
                    }
                }
            }
        }
    };
}

word!(u32, i32, f32, AtomicU32);
word!(u64, i64, f64, AtomicU64);

/// Does the reductions of `N` lanes; those with the address [`OFF`] do not take part.
#[inline(always)]
fn run<T: Word, const N: usize>(op: u32, addresses: &[u64; N], values: &[T; N]) {
    let mut low = 0;
    for &address in addresses {
        low |= if address == OFF { 0 } else { address };
    }
    check_aligned::<T>(low);
    let paused = PAUSED.get();
    if paused > 0 {
        PAUSED.set(paused - 1);
        one_by_one(op, addresses, values);
    } else if !combined(op, addresses, values) {
        PAUSED.set(PAUSE);
    }
}

#[inline(always)]
fn check_aligned<T>(address: u64) {
    if address & (size_of::<T>() as u64 - 1) != 0 {
        let text = "an atomic operation on a misaligned address";
        fault::throw(Fault::new(FaultKind::MisalignedAddress, text));
    }
}

/// Does a batch of which most lanes are off: they have little to combine, and are worth no table. False, and nothing is
/// done, if there are more.
fn done_as_few<T: Word>(op: u32, addresses: &[u64], values: &[T]) -> bool {
    let lanes = |part: &[u64]| (0..part.len()).fold(0u64, |on, k| on | u64::from(part[k] != OFF) << k);
    let all = addresses.chunks(64).map(|part| lanes(part).count_ones() as usize).sum::<usize>();
    if all * FEW > addresses.len() {
        return false;
    }
    for (part, values) in addresses.chunks(64).zip(values.chunks(64)) {
        let mut on = lanes(part);
        while on != 0 {
            let lane = on.trailing_zeros() as usize;
            on &= on - 1;
            check_aligned::<T>(part[lane]);
            // SAFETY: aligned; a wild address is a fault of the kernel, which the guard catches.
            unsafe { T::apply(op, part[lane], values[lane]) };
        }
    }
    true
}

#[inline(always)]
fn one_by_one<T: Word>(op: u32, addresses: &[u64], values: &[T]) {
    for (i, &address) in addresses.iter().enumerate() {
        if address != OFF {
            // SAFETY: aligned, as `run` has looked; a wild address is a fault of the kernel, which the guard catches.
            unsafe { T::apply(op, address, values[i]) };
        }
    }
}

/// Adds floats lane by lane; neighbours of one address go to memory together.
fn add_in_turn<T: Word>(addresses: &[u64], values: &[T]) {
    let lane = |at: usize| addresses.get(at).zip(values.get(at)).map(|(&address, &value)| (address, value));
    let (mut at, mut next) = (0, lane(0));
    while let Some((address, value)) = next {
        let first = at;
        at += 1;
        // Read before the lock, which lets nothing behind it begin.
        next = lane(at);
        if address == OFF {
            continue;
        }
        check_aligned::<T>(address);
        if next.is_none_or(|(other, _)| other != address && other != OFF) {
            // SAFETY: aligned; a wild address is a fault of the kernel, which the guard catches.
            unsafe { T::update(address, |old| T::float_sum(old, value)) };
            continue;
        }
        while addresses.get(at).is_some_and(|&other| other == address || other == OFF) {
            at += 1;
        }
        next = lane(at);
        let sum = |old| {
            let lanes = addresses[first..at].iter().zip(&values[first..at]);
            lanes.filter(|(lane, _)| **lane != OFF).fold(old, |sum, (_, &value)| T::float_sum(sum, value))
        };
        // SAFETY: as above.
        unsafe { T::update(address, sum) };
    }
}

/// Does a batch, combined if no two words want one slot; whether that paid. Nothing here depends on the numbers but
/// through memory, because a processor cannot foresee which lanes meet.
#[inline(always)]
fn combined<T: Word, const N: usize>(op: u32, addresses: &[u64; N], values: &[T; N]) -> bool {
    let mut slots = [0u8; N];
    let mut keys = [OFF; SLOTS];
    let mut sums = [T::neutral(op); SLOTS];
    for (slot, &address) in slots.iter_mut().zip(addresses) {
        *slot = (address / size_of::<T>() as u64) as u8;
        keys[*slot as usize] = address;
    }
    let mut strangers = 0;
    for (slot, &address) in slots.iter().zip(addresses) {
        strangers |= keys[*slot as usize] ^ address;
    }
    if strangers != 0 {
        one_by_one(op, addresses, values);
        return false;
    }
    for (&slot, &value) in slots.iter().zip(values) {
        let sum = &mut sums[slot as usize];
        *sum = T::combine(op, *sum, value);
    }
    if keys[SLOTS - 1] == OFF {
        // What lanes that are off brought.
        sums[SLOTS - 1] = T::neutral(op);
    }
    let mut distinct = 0;
    for group in 0..SLOTS / 64 {
        let mut bits = 0u64;
        for k in 0..64 {
            bits |= u64::from(sums[group * 64 + k] != T::neutral(op)) << k;
        }
        distinct += bits.count_ones() as usize;
        while bits != 0 {
            let slot = group * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            // SAFETY: as in `one_by_one`.
            unsafe { T::apply(op, keys[slot], sums[slot]) };
        }
    }
    distinct * 4 <= N * 3
}

/// # Safety
/// `addresses` and `values` hold `lanes` elements, [`SOME_OFF`] left out.
unsafe fn entry<T: Word>(op: u32, lanes: u32, addresses: *const u64, values: *const T) {
    let (some_off, lanes) = (lanes & SOME_OFF != 0, lanes & !SOME_OFF);
    // SAFETY: as the function's contract says.
    unsafe {
        let n = lanes as usize;
        if op == FLOAT_SUM {
            return add_in_turn(slice::from_raw_parts(addresses, n), slice::from_raw_parts(values, n));
        }
        if some_off && done_as_few(op, slice::from_raw_parts(addresses, n), slice::from_raw_parts(values, n))
        {
            return;
        }
        match (op, lanes) {
            (0, 64) => run(0, &*addresses.cast::<[u64; 64]>(), &*values.cast::<[T; 64]>()),
            (0, 128) => run(0, &*addresses.cast::<[u64; 128]>(), &*values.cast::<[T; 128]>()),
            (0, 256) => run(0, &*addresses.cast::<[u64; 256]>(), &*values.cast::<[T; 256]>()),
            (op, lanes) => {
                for at in (0..lanes as usize).step_by(64) {
                    let part = (&*addresses.add(at).cast::<[u64; 64]>(), &*values.add(at).cast::<[T; 64]>());
                    run(op, part.0, part.1);
                }
            }
        }
    }
}

/// [`crate::abi::Runtime::red32`].
pub extern "C-unwind" fn red32(
    _: *const CtaContext,
    op: u32,
    lanes: u32,
    addresses: *const u64,
    values: *const u32,
) {
    // SAFETY: generated code passes arrays of its gang's width.
    unsafe { entry(op, lanes, addresses, values) }
}

/// [`crate::abi::Runtime::red64`].
pub extern "C-unwind" fn red64(
    _: *const CtaContext,
    op: u32,
    lanes: u32,
    addresses: *const u64,
    values: *const u64,
) {
    // SAFETY: as above.
    unsafe { entry(op, lanes, addresses, values) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_added_in_the_lanes_order() {
        // Each 1 that follows is lost; their sum would not be.
        let words = [16_777_216f32, 3., 0.].map(|word| AtomicU32::new(word.to_bits()));
        let at = |k: usize| words[k].as_ptr() as u64;
        let addresses = [at(0), at(0), OFF, at(0), at(1), at(2), OFF, at(2), at(2), OFF];
        let values = [1f32, 1., 9., 1., 4., 16_777_216., 9., 1., 1., 9.].map(f32::to_bits);
        add_in_turn(&addresses, &values);
        assert_eq!(words.map(|word| f32::from_bits(word.into_inner())), [16_777_216., 7., 16_777_216.]);
    }
}
