//! Tables of known results, and each formula against another way to the same number.

use super::float::{Arith, exact, exact_fma, exact_sqrt};
use super::{canonical_nan, eval, from_f64, is_nan, to_f64};
use crate::ops::{FloatClass, Fp8, Ftz, HalfSel, MinMaxNan, PrmtMode, Sign};
use crate::{FpMode, Op, Rounding, Type};
use rustc_apfloat::Round;
use rustc_apfloat::ieee::{Double, Single};

const RN: FpMode = FpMode::RN;
const FTZ: FpMode = FpMode::new(Rounding::Nearest, true);

const fn mode(rounding: Rounding) -> FpMode {
    FpMode::new(rounding, false)
}

fn f(value: f32) -> u64 {
    value.to_bits() as u64
}

/// A row: op, type, operands, result. NaN equals NaN.
type Case = (Op, Type, &'static [u64], u64);

fn check(cases: &[Case]) {
    for &(op, ty, args, expect) in cases {
        let got = eval(op, ty, args);
        let result = op.result(ty);
        let same = got == expect || (is_nan(result, got) && is_nan(result, expect));
        assert!(same, "{op:?}.{ty} {args:x?}: got {got:#x}, should be {expect:#x}");
    }
}

/// Deterministic bits (splitmix64).
struct Bits(u64);

impl Bits {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Values at which formulas break, of any type.
fn edges(ty: Type) -> Vec<u64> {
    let mask = ty.mask();
    let top = 1u64 << (ty.bits() - 1);
    let mut list =
        vec![0, 1, 2, 3, 31, 32, 33, 63, 64, 255, 256, mask, mask - 1, top, top - 1, top + 1, top >> 1];
    if ty.is_float() {
        let inf = super::format::infinity(ty);
        let min_normal = 1 << super::format::mantissa_bits(ty);
        let one = from_f64(ty, 1.0, Rounding::Nearest);
        for m in [inf, inf - 1, inf + 1, min_normal, min_normal - 1, min_normal + 1, one, one + 1, one - 1] {
            list.extend([m, m | top]);
        }
        for v in
            [0.5, 1.5, 2.5, 3.0, 127.5, 255.5, 32767.5, 65520.0, 2147483648.0, 4294967295.0, 9.3e18, 1.9e19]
        {
            let bits = from_f64(ty, v, Rounding::Nearest);
            list.extend([bits, bits | top]);
        }
    }
    list.into_iter().map(|v| v & mask).collect()
}

#[test]
fn every_row_is_total_and_masked() {
    let mut bits = Bits(1);
    for (op, ty) in Op::all() {
        let row = op.row();
        assert!(row.types.contains(&ty), "{op:?} {ty}");
        let result = op.result(ty);
        let lists: Vec<Vec<u64>> = row.operands.iter().map(|o| edges(o.resolve(ty))).collect();
        for round in 0..300 {
            let args: Vec<u64> = lists
                .iter()
                .map(|list| {
                    let r = bits.next();
                    if round % 3 == 0 { r } else { list[(r % list.len() as u64) as usize] }
                })
                .collect();
            let got = eval(op, ty, &args);
            assert_eq!(got & !result.mask(), 0, "{op:?}.{ty} {args:x?} = {got:#x}");
        }
    }
}

#[test]
fn integers() {
    use Type::{I8, I16, I32, I64};
    check(&[
        (Op::IAdd, I8, &[0xff, 2], 1),
        (Op::MulHiS, I8, &[0x80, 0x80], 0x40),
        (Op::MulHiU, I64, &[u64::MAX, u64::MAX], u64::MAX - 1),
        (Op::MulHiS, I64, &[u64::MAX, 1], u64::MAX),
        (Op::DivS, I32, &[7, 0], 0xffff_ffff),
        (Op::DivS, I32, &[0x8000_0000, 0xffff_ffff], 0x8000_0000),
        (Op::DivS, I64, &[1 << 63, u64::MAX], 1 << 63),
        (Op::DivS, I8, &[0xf9, 2], 0xfd),
        (Op::RemS, I8, &[0xf9, 2], 0xff),
        (Op::RemS, I16, &[0x8000, 0xffff], 0),
        (Op::RemU, I32, &[7, 0], 7),
        (Op::IAbs, I16, &[0x8000], 0x8000),
        (Op::IAbs, I64, &[1 << 63], 1 << 63),
        (Op::AddSatS, I32, &[0x7fff_ffff, 1], 0x7fff_ffff),
        (Op::SubSatS, I64, &[1 << 63, 1], 1 << 63),
        (Op::CarryAdd, I32, &[0xffff_ffff, 0, 1], 1),
        (Op::CarryAdd, I64, &[u64::MAX, u64::MAX, 1], 1),
        (Op::CarryAdd, I8, &[0x7f, 0x80, 0], 0),
        (Op::BorrowSub, I32, &[5, 5, 1], 1),
        (Op::BorrowSub, I32, &[5, 5, 0], 0),
        (Op::BorrowSub, I64, &[0, u64::MAX, 1], 1),
        (Op::SadS, I32, &[0xffff_ffff, 1, 10], 12),
        (Op::SadU, I32, &[0xffff_ffff, 1, 3], 1),
        (Op::Shl, I32, &[1, 32], 0),
        (Op::Shl, I8, &[1, 7], 0x80),
        (Op::ShrS, I32, &[0x8000_0000, 99], 0xffff_ffff),
        (Op::ShrS, I8, &[0x80, 0x8000_0003], 0xff),
        (Op::ShrU, I64, &[u64::MAX, 64], 0),
        (Op::Popc, I64, &[u64::MAX], 64),
        (Op::Clz, I16, &[0], 16),
        (Op::Clz, I32, &[1], 31),
        (Op::BfindU, I32, &[0], 0xffff_ffff),
        (Op::BfindS, I32, &[0xffff_ffff], 0xffff_ffff),
        (Op::BfindS, I64, &[1 << 63], 62),
        (Op::BfindU, I64, &[1 << 63], 63),
        (Op::Brev, I32, &[1], 0x8000_0000),
        (Op::Brev, I8, &[0x0d], 0xb0),
    ]);
}

#[test]
fn bit_fields() {
    use Type::{I32, I64};
    check(&[
        (Op::BfeU, I32, &[0xdead_beef, 8, 8], 0xbe),
        (Op::BfeS, I32, &[0xdead_beef, 8, 8], 0xffff_ffbe),
        (Op::BfeS, I32, &[0x8000_0000, 40, 4], 0xffff_ffff),
        (Op::BfeU, I32, &[0x8000_0000, 40, 4], 0),
        (Op::BfeS, I32, &[0x8000_0000, 28, 32], 0xffff_fff8),
        (Op::BfeS, I32, &[0xffff_ffff, 0, 0], 0),
        (Op::BfeU, I64, &[u64::MAX, 60, 255], 0xf),
        (Op::BfeU, I32, &[0xff, 0x100, 0x104], 0xf),
        (Op::Bfi, I32, &[0xff, 0, 28, 8], 0xf000_0000),
        (Op::Bfi, I32, &[0xff, 0x1234, 32, 8], 0x1234),
        (Op::Bfi, I64, &[u64::MAX, 0, 0, 64], u64::MAX),
        (Op::ShfLClamp, I32, &[0x1111_1111, 0x2222_2222, 40], 0x1111_1111),
        (Op::ShfLWrap, I32, &[0x1111_1111, 0x2222_2222, 40], 0x2222_2211),
        (Op::ShfRClamp, I32, &[0x1111_1111, 0x2222_2222, 32], 0x2222_2222),
        (Op::ShfRWrap, I32, &[0x1111_1111, 0x2222_2222, 4], 0x2111_1111),
        (Op::Prmt(PrmtMode::Generic), I32, &[0x3322_1100, 0x7766_5544, 0x7531], 0x7755_3311),
        (Op::Prmt(PrmtMode::Generic), I32, &[0x0000_0080, 0x7f00_0000, 0xf0f8], 0x0080_00ff),
        (Op::Prmt(PrmtMode::F4e), I32, &[0x3322_1100, 0x7766_5544, 3], 0x6655_4433),
        (Op::Prmt(PrmtMode::B4e), I32, &[0x3322_1100, 0x7766_5544, 1], 0x6677_0011),
        (Op::Prmt(PrmtMode::Rc8), I32, &[0x3322_1100, 0, 2], 0x2222_2222),
        (Op::Prmt(PrmtMode::Ecl), I32, &[0x3322_1100, 0, 2], 0x3322_2222),
        (Op::Prmt(PrmtMode::Ecr), I32, &[0x3322_1100, 0, 1], 0x1111_1100),
        (Op::Prmt(PrmtMode::Rc16), I32, &[0x3322_1100, 0, 3], 0x3322_3322),
        (Op::Fns, I32, &[0b1011, 0, 1], 0),
        (Op::Fns, I32, &[0b1011, 0, 3], 3),
        (Op::Fns, I32, &[0b1011, 3, 0xffff_fffe], 1),
        (Op::Fns, I32, &[0b1011, 2, 0], 0xffff_ffff),
        (Op::Fns, I32, &[u64::MAX, 31, 2], 0xffff_ffff),
        (Op::Fns, I32, &[u64::MAX, 32, 0xffff_ffff], 0xffff_ffff),
        (Op::Fns, I32, &[u64::MAX, 0, 0x8000_0000], 0xffff_ffff),
        (Op::BmskClamp, I32, &[4, 8], 0xff0),
        (Op::BmskClamp, I32, &[0, 32], 0xffff_ffff),
        (Op::BmskClamp, I32, &[32, 1], 0),
        (Op::BmskClamp, I32, &[28, 0xffff_ffff], 0xf000_0000),
        (Op::BmskWrap, I32, &[0, 32], 0),
        (Op::BmskWrap, I32, &[36, 33], 0x10),
        (Op::Dp4a(Sign::Signed, Sign::Signed), I32, &[0xff01_80ff, 0x0201_8001, 5], 5 - 1 + 16384 + 1 - 2),
        (Op::Dp4a(Sign::Unsigned, Sign::Unsigned), I32, &[0xffff_ffff, 0xffff_ffff, 0], 4 * 65025),
        (
            Op::Dp2a(Sign::Signed, Sign::Unsigned, HalfSel::Lo),
            I32,
            &[0xffff_0002, 0x0000_05ff, 0],
            2 * 255 - 5,
        ),
        (
            Op::Dp2a(Sign::Unsigned, Sign::Signed, HalfSel::Hi),
            I32,
            &[0xffff_0002, 0xff03_0000, 0],
            0xffff_0007,
        ),
    ]);
}

#[test]
fn float_edges() {
    use Type::{BF16, F16, F32, F64};
    check(&[
        (Op::FAdd(FTZ), F32, &[0x0080_0001, 0x8080_0000], 0),
        (Op::FAdd(RN), F32, &[0x0080_0001, 0x8080_0000], 1),
        (Op::FMul(FTZ), F32, &[0x8000_0001, 0x3f80_0000], 0x8000_0000),
        (Op::FAdd(mode(Rounding::Down)), F32, &[0x3f80_0000, 0xbf80_0000], 0x8000_0000),
        (Op::FAdd(mode(Rounding::Up)), F32, &[0x3f80_0000, 1], 0x3f80_0001),
        (Op::FMul(mode(Rounding::Zero)), F32, &[0x7f7f_ffff, 0x4000_0000], 0x7f7f_ffff),
        (Op::FAdd(RN), F16, &[0x7bff, 0x4c00], 0x7c00),
        (Op::FFma(RN), F16, &[0x3c01, 0x3c01, 0xbc02], 0x0010),
        (Op::FMul(RN), BF16, &[0x0080, 0x3f00], 0x0040),
        (Op::FAdd(FTZ), BF16, &[0x0001, 0x0001], 0x0002),
        (Op::FDiv(RN), F64, &[0, 0], canonical_nan(F64)),
        (Op::FSqrt(RN), F32, &[0x8000_0000], 0x8000_0000),
        (Op::FSqrt(RN), F16, &[0xbc00], 0x7fff),
        (Op::FMin(MinMaxNan::Number, Ftz::No), F32, &[0, 0x8000_0000], 0x8000_0000),
        (Op::FMax(MinMaxNan::Number, Ftz::No), F32, &[0x8000_0000, 0], 0),
        (Op::FMin(MinMaxNan::Number, Ftz::No), F32, &[0x7fc0_0001, 0x3f80_0000], 0x3f80_0000),
        (Op::FMin(MinMaxNan::Propagate, Ftz::No), F32, &[0x7fc0_0001, 0x3f80_0000], 0x7fff_ffff),
        (Op::FMax(MinMaxNan::Number, Ftz::Yes), F32, &[0x0000_0001, 0x8000_0000], 0),
        (Op::FMax(MinMaxNan::Number, Ftz::No), F64, &[1 << 63 | 1, 1 << 63], 1 << 63),
        (Op::FCopysign, F32, &[0x8000_0000, 0x3f80_0000], 0xbf80_0000),
        (Op::FSat, F32, &[0x8000_0000], 0),
        (Op::FSat, F32, &[0x7fff_ffff], 0),
        (Op::FSat, F16, &[0x7c00], 0x3c00),
        (Op::FRoundInt(Rounding::Nearest, Ftz::No), F32, &[0xbf00_0000], 0x8000_0000),
        (Op::FRoundInt(Rounding::NearestAway, Ftz::No), F32, &[0xbf00_0000], 0xbf80_0000),
        (Op::FRoundInt(Rounding::Up, Ftz::Yes), F32, &[1], 0),
        (Op::FRoundInt(Rounding::Up, Ftz::No), F32, &[1], 0x3f80_0000),
        (Op::FRoundInt(Rounding::Up, Ftz::No), BF16, &[0x42ff], 0x4300),
        (Op::FClass(FloatClass::Normal), F32, &[0], 1),
        (Op::FClass(FloatClass::Normal), F32, &[1], 0),
        (Op::FClass(FloatClass::Subnormal), F64, &[1], 1),
        (Op::FClass(FloatClass::Infinite), BF16, &[0xff80], 1),
    ]);
}

#[test]
fn conversions() {
    use Type::{BF16, F16, F32, F64, I1, I8, I16, I32, I64};
    let rz = mode(Rounding::Zero);
    check(&[
        (Op::FToS(F32, rz), I32, &[0x7fc0_0000], 0),
        (Op::FToS(F32, rz), I64, &[0x7fc0_0000], 1 << 63),
        (Op::FToU(F32, rz), I64, &[0x7fc0_0000], 1 << 63),
        (Op::FToS(F64, rz), I32, &[0x7ff8_0000_0000_0000], 0x8000_0000),
        (Op::FToU(F16, rz), I16, &[0x7e00], 0),
        (Op::FToS(F32, rz), I8, &[0x4380_0000], 0x7f),
        (Op::FToU(F32, rz), I8, &[0xbf80_0000], 0),
        (Op::FToU(F32, rz), I64, &[0x7f80_0000], u64::MAX),
        (Op::FToS(F32, rz), I64, &[0xff80_0000], 1 << 63),
        (Op::FToS(F32, mode(Rounding::Nearest)), I32, &[0x4020_0000], 2),
        (Op::FToS(F32, mode(Rounding::NearestAway)), I32, &[0x4020_0000], 3),
        (Op::FToS(F32, mode(Rounding::Down)), I32, &[0x8000_0001], 0xffff_ffff),
        (Op::FToS(F32, FpMode::new(Rounding::Down, true)), I32, &[0x8000_0001], 0),
        (Op::SToF(I1, Rounding::Nearest), F32, &[1], 0xbf80_0000),
        (Op::UToF(I32, Rounding::Nearest), F32, &[0xffff_ffff], 0x4f80_0000),
        (Op::UToF(I32, Rounding::Zero), F32, &[0xffff_ffff], 0x4f7f_ffff),
        (Op::UToF(I32, Rounding::Nearest), F16, &[65520], 0x7c00),
        (Op::UToF(I32, Rounding::Zero), F16, &[65520], 0x7bff),
        (Op::SToF(I64, Rounding::Up), F64, &[(1 << 53) + 1], 0x4340_0000_0000_0001),
        (Op::FToF(F32, RN), F16, &[0x4770_0000], 0x7c00 - 0x80),
        (Op::FToF(F32, RN), F16, &[0x477f_f000], 0x7c00),
        (Op::FToF(F32, FTZ), F16, &[0x007f_ffff], 0),
        (Op::FToF(F32, FTZ), F16, &[0x3380_0000], 1),
        (Op::FToF(F32, RN), BF16, &[0x3f80_8000], 0x3f80),
        (Op::FToF(F32, RN), BF16, &[0x3f81_8000], 0x3f82),
        (Op::FToF(F64, FTZ), F32, &[0x3800_0000_0000_0000], 0),
        (Op::FToF(F64, RN), F32, &[0x3800_0000_0000_0000], 0x0040_0000),
        (Op::FToF(F16, RN), F64, &[0x0001], 0x3e70_0000_0000_0000),
        (Op::SExt(I1), I32, &[1], 0xffff_ffff),
        (Op::ZExt(I1), I32, &[1], 1),
        (Op::Trunc(I64), I1, &[2], 0),
        (Op::FToTf32(Rounding::NearestAway), F32, &[0x3f80_1000], 0x3f80_2000),
        (Op::FToTf32(Rounding::Nearest), F32, &[0x3f80_1000], 0x3f80_0000),
        (Op::FToTf32(Rounding::Nearest), F32, &[0x7f7f_ffff], 0x7f80_0000),
        (Op::FToTf32(Rounding::Zero), F32, &[0xff7f_ffff], 0xff7f_e000),
        (Op::FToFp8(Fp8::E4m3, F32), I16, &[0x7f80_0000], 0x7e),
        (Op::FToFp8(Fp8::E5m2, F32), I16, &[0xff80_0000], 0xfb),
        (Op::FToFp8(Fp8::E4m3, F16), I16, &[0xfe00], 0x7f),
        (Op::Fp8ToF(Fp8::E5m2), F16, &[0x7c], 0x7c00),
        (Op::Fp8ToF(Fp8::E4m3), F16, &[0x7c], 0x5e00),
    ]);
}

/// Nearest code by search: the definition of rounding to nearest even.
#[test]
fn fp8_is_nearest() {
    let mut bits = Bits(7);
    for format in [Fp8::E4m3, Fp8::E5m2] {
        let value = |code: u64| to_f64(Type::F16, eval(Op::Fp8ToF(format), Type::F16, &[code]));
        let last = if format == Fp8::E4m3 { 0x7e } else { 0x7b };
        for _ in 0..20_000 {
            let input = bits.next() & 0x7fff;
            let x = to_f64(Type::F16, input);
            if x.is_nan() {
                continue;
            }
            let distance = |code: u64| ((value(code) - x).abs(), code & 1);
            let nearest = (0..=last)
                .min_by(|&a, &b| distance(a).partial_cmp(&distance(b)).expect("numbers"))
                .expect("codes");
            let expect = if x.is_infinite() { last } else { nearest };
            assert_eq!(eval(Op::FToFp8(format, Type::F16), Type::I16, &[input]), expect, "{format:?} {x}");
        }
        for code in (0..=last).chain((0..=last).map(|c| c | 0x80)) {
            let half = eval(Op::Fp8ToF(format), Type::F16, &[code]);
            assert_eq!(eval(Op::FToFp8(format, Type::F16), Type::I16, &[half]), code, "{format:?} {code:#x}");
        }
    }
}

/// A pair of random floats whose exponents are near each other, so that sums cancel and round.
fn near_pair(bits: &mut Bits, ty: Type) -> (u64, u64) {
    let a = bits.next() & ty.mask();
    let b = (bits.next() & ty.mask() & !super::format::infinity(ty)) | (a & super::format::infinity(ty));
    match bits.next() % 4 {
        0 => (a, bits.next() & ty.mask()),
        1 => (edges(ty)[(a % edges(ty).len() as u64) as usize], b),
        _ => (a, b),
    }
}

#[test]
fn native_agrees_with_apfloat() {
    let mut bits = Bits(3);
    let rn = Round::NearestTiesToEven;
    for _ in 0..40_000 {
        for ty in [Type::F32, Type::F64] {
            let (a, b) = near_pair(&mut bits, ty);
            let c = near_pair(&mut bits, ty).0;
            let reference = |op| match ty {
                Type::F32 => exact::<Single>(op, rn, a, b),
                _ => exact::<Double>(op, rn, a, b),
            };
            let fma = match ty {
                Type::F32 => exact_fma::<Single>(rn, a, b, c),
                _ => exact_fma::<Double>(rn, a, b, c),
            };
            let same = |name: &str, got: u64, expect: u64| {
                let nan = is_nan(ty, got) && is_nan(ty, expect);
                assert!(
                    nan || got == expect,
                    "{name}.{ty} {a:#x} {b:#x} {c:#x}: {got:#x}, apfloat {expect:#x}"
                );
            };
            same("add", eval(Op::FAdd(RN), ty, &[a, b]), reference(Arith::Add));
            same("sub", eval(Op::FSub(RN), ty, &[a, b]), reference(Arith::Sub));
            same("mul", eval(Op::FMul(RN), ty, &[a, b]), reference(Arith::Mul));
            same("div", eval(Op::FDiv(RN), ty, &[a, b]), reference(Arith::Div));
            same("fma", eval(Op::FFma(RN), ty, &[a, b, c]), fma);
        }
        let root = bits.next();
        let native = eval(Op::FSqrt(RN), Type::F64, &[root]);
        assert_eq!(native, exact_sqrt(rn, root), "sqrt {root:#x}");
    }
}

/// Sixteen-bit sums and products against exact integers: numbers of F16 are multiples of 2^-24.
#[test]
fn half_fma_against_integers() {
    let mut bits = Bits(9);
    let fixed = |x: u64| (to_f64(Type::F16, x) * 16777216.0) as i128;
    let finite = |x: u64| x & 0x7c00 != 0x7c00;
    let mut tried = 0;
    for _ in 0..60_000 {
        let (a, b) = near_pair(&mut bits, Type::F16);
        let c = near_pair(&mut bits, Type::F16).0;
        if ![a, b, c].into_iter().all(finite) {
            continue;
        }
        tried += 1;
        let exact = fixed(a) * fixed(b) + (fixed(c) << 24);
        let got = eval(Op::FFma(RN), Type::F16, &[a, b, c]);
        let expect = nearest_half(exact);
        assert_eq!(got & 0x7fff, expect, "{a:#x} {b:#x} {c:#x}");
        assert!(exact == 0 || (got >> 15 == 1) == (exact < 0), "{a:#x} {b:#x} {c:#x}");
    }
    assert!(tried > 10_000);
}

/// Magnitude bits of the half nearest to `n * 2^-48`.
fn nearest_half(n: i128) -> u64 {
    let n = n.unsigned_abs();
    let exponent = (n.max(1).ilog2() as i32 - 48).max(-14);
    let unit = (exponent - 10 + 48) as u32;
    let (steps, rest) = (n >> unit, n & ((1 << unit) - 1));
    let half = 1u128 << unit >> 1;
    let up = rest > half || (rest == half && rest != 0 && steps & 1 == 1);
    let code = (steps + up as u128) as u64 + (((exponent + 14) as u64) << 10);
    code.min(0x7c00)
}

/// Directed roundings bracket the nearest result, and agree when it is exact.
#[test]
fn directed_modes_bracket_nearest() {
    let mut bits = Bits(11);
    for _ in 0..20_000 {
        for ty in [Type::F32, Type::F64] {
            let (a, b) = near_pair(&mut bits, ty);
            for make in [Op::FAdd, Op::FMul, Op::FDiv] {
                let at = |rounding| to_f64(ty, eval(make(mode(rounding)), ty, &[a, b]));
                let (near, down, up, zero) =
                    (at(Rounding::Nearest), at(Rounding::Down), at(Rounding::Up), at(Rounding::Zero));
                if near.is_nan() {
                    assert!(down.is_nan() && up.is_nan() && zero.is_nan());
                    continue;
                }
                let what = format!("{:?}.{ty} {a:#x} {b:#x}", make(RN));
                assert!(down <= near && near <= up, "{what}: {down} {near} {up}");
                assert!(zero == if near < 0.0 || down < 0.0 { up } else { down }, "{what}: {zero}");
            }
            let root = a & (ty.mask() >> 1);
            let at = |rounding| to_f64(ty, eval(Op::FSqrt(mode(rounding)), ty, &[root]));
            if !at(Rounding::Nearest).is_nan() {
                assert!(
                    at(Rounding::Down) <= at(Rounding::Nearest) && at(Rounding::Nearest) <= at(Rounding::Up)
                );
                let (down, x) = (at(Rounding::Down), to_f64(ty, root));
                assert!(down.is_infinite() || down.mul_add(down, -x) <= 0.0, "{root:#x}");
            }
        }
    }
}

#[test]
fn flushed_numbers_print_as_zero() {
    assert_eq!(eval(Op::FNeg(Ftz::Yes), Type::F32, &[1]), 0x8000_0000);
    assert_eq!(eval(Op::FAbs(Ftz::Yes), Type::F16, &[0x8001]), 0);
    assert_eq!(eval(Op::FMul(FTZ), Type::F32, &[f(1.5e-38), f(0.5)]), 0);
    assert_eq!(eval(Op::FMul(RN), Type::F32, &[f(1.5e-38), f(0.5)]), f(7.5e-39));
}
