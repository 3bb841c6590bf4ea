//! The device math library: every `__nv_*` function of libdevice, and `__aw_*` functions for the PTX `.approx`
//! instructions, as PTX text for the compiler to inline and vectorise. Invariant: `FUNCTIONS` lists exactly the functions
//! that `PTX` defines (the build checks it); none uses an approximate instruction or depends on `.ftz`.
//!
//! Error bounds are those of the CUDA C++ Programming Guide, "Mathematical Functions", counted from the correctly
//! rounded result; `tests/accuracy.rs` measures them. `coefficients/` holds the scripts that found the polynomials.
//!
//! Written for vectors of threads: straight-line code with selects. What is not:
//! - sin, cos, tan, sincos (float from 2^16 on, double from 2^30 on): one branch to an exact argument reduction, with table
//!   loads and, for floats, 64-bit integers and doubles;
//! - pow, powf: one branch for negative, zero, infinite and NaN bases and infinite exponents;
//! - fmod, remainder, remquo: a loop where the exponents differ by more than 22 (doubles 51) bits;
//! - powi, norm, rnorm, jn, yn: loops over their integer argument;
//! - lgamma, j0, j1, y0, y1, cyl_bessel_i0, cyl_bessel_i1: branches between ranges of the argument;
//! - float gamma and Bessel functions compute in doubles.

#![forbid(unsafe_code)]

/// PTX of all functions: each a `.visible .func`, self-contained but for module-level constant tables.
pub const PTX: &str = include_str!(concat!(env!("OUT_DIR"), "/mathlib.ptx"));

/// All functions, sorted by name.
pub const FUNCTIONS: &[Function] = include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// A library function's signature and what is promised about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    pub name: &'static str,
    pub args: &'static [Type],
    /// `None` where all results go through pointer arguments.
    pub result: Option<Type>,
    /// Largest distance from the correctly rounded result, in units in the last place; `None` where the result is exact
    /// (integer, conversion, rounding and part functions) or the bound is stated otherwise (`Fast`, `Approx`).
    pub max_ulp: Option<u8>,
    pub family: Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Value(Scalar),
    /// A generic pointer.
    Pointer(Scalar),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    S32,
    U32,
    S64,
    U64,
    B16,
    U8,
    F32,
    F64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Exponentials, logarithms, hyperbolic functions and their inverses.
    ExpLog,
    /// Trigonometric functions and their inverses.
    Trig,
    /// Powers, roots, norms.
    Power,
    /// Error functions, normal distribution.
    Error,
    Gamma,
    Bessel,
    /// `__nv_fast_*`: the CUDA intrinsics such as `__expf`.
    Fast,
    /// What the PTX `.approx` instructions lower to.
    Approx,
    /// Exact operations on the parts of a number: fmod, frexp, floor, nextafter.
    Parts,
    /// Arithmetic with an explicit rounding mode.
    Rounding,
    Convert,
    Integer,
    /// SIMD within a word: two 16-bit or four 8-bit lanes.
    Video,
    /// What texture and surface instructions lower to.
    Texture,
}

/// The row of `name`, if the library has such a function.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by_key(&name, |function| function.name).ok().map(|index| &FUNCTIONS[index])
}

/// The names of all functions, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}
