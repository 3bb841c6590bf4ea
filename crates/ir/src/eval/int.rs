//! Integer, bit and comparison ops. Operands are zero above the width; results are masked by the caller.

use crate::ops::{HalfSel, PrmtMode, Sign};
use crate::{IntCc, Type};

/// The value as a signed integer.
pub(super) fn signed(ty: Type, a: u64) -> i64 {
    let up = 64 - ty.bits();
    ((a << up) as i64) >> up
}

/// The signed value with room for any sum or product.
pub(super) fn wide(ty: Type, a: u64) -> i128 {
    signed(ty, a) as i128
}

/// Least and greatest signed value.
pub(super) fn range_s(ty: Type) -> (i128, i128) {
    let half = 1i128 << (ty.bits() - 1);
    (-half, half - 1)
}

pub(super) fn saturate_s(ty: Type, a: i128) -> u64 {
    let (min, max) = range_s(ty);
    a.clamp(min, max) as u64
}

pub(super) fn mul_hi_s(ty: Type, a: u64, b: u64) -> u64 {
    ((wide(ty, a) * wide(ty, b)) >> ty.bits()) as u64
}

pub(super) fn mul_hi_u(ty: Type, a: u64, b: u64) -> u64 {
    ((a as u128 * b as u128) >> ty.bits()) as u64
}

pub(super) fn div_s(ty: Type, a: u64, b: u64) -> u64 {
    match b {
        0 => u64::MAX,
        _ => signed(ty, a).wrapping_div(signed(ty, b)) as u64,
    }
}

pub(super) fn rem_s(ty: Type, a: u64, b: u64) -> u64 {
    match b {
        0 => a,
        _ => signed(ty, a).wrapping_rem(signed(ty, b)) as u64,
    }
}

pub(super) fn min_s(ty: Type, a: u64, b: u64) -> u64 {
    signed(ty, a).min(signed(ty, b)) as u64
}

pub(super) fn max_s(ty: Type, a: u64, b: u64) -> u64 {
    signed(ty, a).max(signed(ty, b)) as u64
}

pub(super) fn carry_add(ty: Type, a: u64, b: u64, carry: u64) -> u64 {
    ((a as u128 + b as u128 + carry as u128) >> ty.bits()) as u64
}

pub(super) fn borrow_sub(a: u64, b: u64, borrow: u64) -> u64 {
    ((a as u128) < b as u128 + borrow as u128) as u64
}

pub(super) fn sad_s(ty: Type, a: u64, b: u64, c: u64) -> u64 {
    signed(ty, a).abs_diff(signed(ty, b)).wrapping_add(c)
}

pub(super) fn shl(ty: Type, a: u64, by: u64) -> u64 {
    if by >= ty.bits() as u64 { 0 } else { a << by }
}

pub(super) fn shr_u(ty: Type, a: u64, by: u64) -> u64 {
    if by >= ty.bits() as u64 { 0 } else { a >> by }
}

pub(super) fn shr_s(ty: Type, a: u64, by: u64) -> u64 {
    (signed(ty, a) >> by.min(63)) as u64
}

/// What the I32 result of a search is when nothing was found.
const NONE: u64 = u32::MAX as u64;

pub(super) fn bfind_u(a: u64) -> u64 {
    match a {
        0 => NONE,
        _ => a.ilog2() as u64,
    }
}

pub(super) fn bfind_s(ty: Type, a: u64) -> u64 {
    let value = signed(ty, a);
    bfind_u(if value < 0 { !value } else { value } as u64)
}

// PTX ISA 9.7.1 bfe: bits past the top read as the sign bit, which is that of the field or, where the field passes the
// top of `a`, bit msb of `a`; it is zero for the unsigned forms and for an empty field.
pub(super) fn bfe_u(ty: Type, a: u64, pos: u64, len: u64) -> u64 {
    let (pos, len) = (pos & 0xff, len & 0xff);
    let field = shr_u(ty, a, pos);
    if len >= ty.bits() as u64 { field } else { field & ((1 << len) - 1) }
}

pub(super) fn bfe_s(ty: Type, a: u64, pos: u64, len: u64) -> u64 {
    let (pos, len) = (pos & 0xff, len & 0xff);
    let msb = ty.bits() as u64 - 1;
    if len == 0 {
        return 0;
    }
    let sign = (a >> (pos + len - 1).min(msb)) & 1;
    let field = bfe_u(ty, a, pos, len);
    let taken = if pos > msb { 0 } else { len.min(msb + 1 - pos) };
    if sign == 1 && taken <= msb { field | (u64::MAX << taken) } else { field }
}

pub(super) fn bfi(ty: Type, a: u64, b: u64, pos: u64, len: u64) -> u64 {
    let (pos, len) = (pos & 0xff, len & 0xff);
    let bits = ty.bits() as u64;
    if pos >= bits || len == 0 {
        return b;
    }
    let ones = if len >= bits { ty.mask() } else { (1 << len) - 1 };
    let field = ones << pos;
    (b & !field) | ((a << pos) & field)
}

/// `by` is at most 32.
pub(super) fn shf_l(lo: u64, hi: u64, by: u64) -> u64 {
    (((hi << 32) | lo) << by) >> 32
}

/// `by` is at most 32.
pub(super) fn shf_r(lo: u64, hi: u64, by: u64) -> u64 {
    ((hi << 32) | lo) >> by
}

pub(super) fn prmt(mode: PrmtMode, a: u64, b: u64, selector: u64) -> u64 {
    let bytes = (b << 32) | a;
    let byte = |i: u64| (bytes >> (8 * (i & 7))) & 0xff;
    let n = selector & 3;
    let pick = |d: u64| match mode {
        PrmtMode::Generic => {
            let control = (selector >> (4 * d)) & 0xf;
            let value = byte(control);
            match (control & 8, value & 0x80) {
                (0, _) => value,
                (_, 0) => 0,
                (_, _) => 0xff,
            }
        }
        PrmtMode::F4e => byte(n + d),
        // Wraps around the eight bytes.
        PrmtMode::B4e => byte(n.wrapping_sub(d)),
        PrmtMode::Rc8 => byte(n),
        PrmtMode::Ecl => byte(n.max(d)),
        PrmtMode::Ecr => byte(n.min(d)),
        PrmtMode::Rc16 => byte((n & 1) * 2 + (d & 1)),
    };
    (0..4).map(|d| pick(d) << (8 * d)).sum()
}

// PTX ISA 9.7.1 fns. A base outside 0..=31 finds nothing.
pub(super) fn fns(mask: u64, base: u64, offset: u64) -> u64 {
    let offset = offset as u32 as i32;
    let bit = |pos: i64| (mask >> pos) & 1 == 1;
    if base > 31 {
        return NONE;
    }
    let base = base as i64;
    if offset == 0 {
        return if bit(base) { base as u64 } else { NONE };
    }
    let mut count = offset.unsigned_abs() - 1;
    let mut pos = base;
    while (0..32).contains(&pos) {
        if bit(pos) {
            if count == 0 {
                return pos as u64;
            }
            count -= 1;
        }
        pos += offset.signum() as i64;
    }
    NONE
}

// PTX ISA 9.7.1 bmsk.
pub(super) fn bmsk_clamp(pos: u64, width: u64) -> u64 {
    if pos >= 32 {
        return 0;
    }
    let from = u32::MAX << pos;
    let end = pos + width;
    let above = if width >= 32 || end >= 32 { 0 } else { u32::MAX << end };
    (from & !above) as u64
}

pub(super) fn bmsk_wrap(pos: u64, width: u64) -> u64 {
    bmsk_clamp(pos & 31, width & 31)
}

fn lane(sign: Sign, value: u64, index: u32, bits: u32) -> i64 {
    let part = (value >> (index * bits)) & ((1 << bits) - 1);
    match sign {
        Sign::Unsigned => part as i64,
        Sign::Signed => ((part << (64 - bits)) as i64) >> (64 - bits),
    }
}

pub(super) fn dp4a(sa: Sign, sb: Sign, a: u64, b: u64, c: u64) -> u64 {
    let dot: i64 = (0..4).map(|i| lane(sa, a, i, 8) * lane(sb, b, i, 8)).sum();
    c.wrapping_add(dot as u64)
}

pub(super) fn dp2a(sa: Sign, sb: Sign, half: HalfSel, a: u64, b: u64, c: u64) -> u64 {
    let first = match half {
        HalfSel::Lo => 0,
        HalfSel::Hi => 2,
    };
    let dot: i64 = (0..2).map(|i| lane(sa, a, i, 16) * lane(sb, b, first + i, 8)).sum();
    c.wrapping_add(dot as u64)
}

pub(super) fn icmp(cc: IntCc, ty: Type, a: u64, b: u64) -> bool {
    let (sa, sb) = (signed(ty, a), signed(ty, b));
    match cc {
        IntCc::Eq => a == b,
        IntCc::Ne => a != b,
        IntCc::LtS => sa < sb,
        IntCc::LeS => sa <= sb,
        IntCc::GtS => sa > sb,
        IntCc::GeS => sa >= sb,
        IntCc::LtU => a < b,
        IntCc::LeU => a <= b,
        IntCc::GtU => a > b,
        IntCc::GeU => a >= b,
    }
}
