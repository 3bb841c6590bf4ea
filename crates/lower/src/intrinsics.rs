//! Which instructions are calls of math-library functions: the approximate ones, textures and surfaces.
//! Invariant: `callee` returns only names of `NAMES`.

use ptx::{Flag, Form, Geometry, Op, ScalarType};

/// The library functions behind instructions. Operands and results are integers: the bits of floats.
pub(crate) const NAMES: &[&str] = &[
    "__aw_ex2_approx_f32",
    "__aw_ex2_approx_ftz_f32",
    "__aw_lg2_approx_f32",
    "__aw_lg2_approx_ftz_f32",
    "__aw_sin_approx_f32",
    "__aw_sin_approx_ftz_f32",
    "__aw_cos_approx_f32",
    "__aw_cos_approx_ftz_f32",
    "__aw_tanh_approx_f32",
    "__aw_rcp_approx_f32",
    "__aw_rcp_approx_ftz_f32",
    "__aw_rsqrt_approx_f32",
    "__aw_rsqrt_approx_ftz_f32",
    "__aw_sqrt_approx_f32",
    "__aw_sqrt_approx_ftz_f32",
    "__aw_div_approx_f32",
    "__aw_div_approx_ftz_f32",
    "__aw_div_full_f32",
    "__aw_div_full_ftz_f32",
    "__aw_rsqrt_approx_f64",
    "__aw_rsqrt_approx_ftz_f64",
    "__aw_rcp_approx_ftz_f64",
    "__aw_ex2_approx_f64",
    "__aw_lg2_approx_f64",
    "__aw_sin_approx_f64",
    "__aw_cos_approx_f64",
    "__aw_tex_1d",
    "__aw_tex_2d",
    "__aw_tex_3d",
    "__aw_tex_a1d",
    "__aw_tex_a2d",
    "__aw_tex_cube",
    "__aw_tex_acube",
    "__aw_texel",
    "__aw_tld4",
    "__aw_surface",
];

/// The library function that an instruction of this form calls, if it does.
pub(crate) fn callee(form: &Form) -> Option<&'static str> {
    let ftz = |plain: &'static str, flushing: &'static str| Some(if form.ftz() { flushing } else { plain });
    let double = form.types.first() == Some(&ScalarType::F64);
    let approx = form.has(Flag::Approx);
    // Forms of f16 and bf16 are computed in f32, where their subnormals are normal.
    let half = form.types.first().is_some_and(|ty| !matches!(ty, ScalarType::F32 | ScalarType::F64));
    match form.op {
        Op::Ex2 if half => Some("__aw_ex2_approx_f32"),
        Op::Ex2 if double => Some("__aw_ex2_approx_f64"),
        Op::Lg2 if double => Some("__aw_lg2_approx_f64"),
        Op::Sin if double => Some("__aw_sin_approx_f64"),
        Op::Cos if double => Some("__aw_cos_approx_f64"),
        Op::Ex2 => ftz("__aw_ex2_approx_f32", "__aw_ex2_approx_ftz_f32"),
        Op::Lg2 => ftz("__aw_lg2_approx_f32", "__aw_lg2_approx_ftz_f32"),
        Op::Sin => ftz("__aw_sin_approx_f32", "__aw_sin_approx_ftz_f32"),
        Op::Cos => ftz("__aw_cos_approx_f32", "__aw_cos_approx_ftz_f32"),
        Op::Tanh => Some("__aw_tanh_approx_f32"),
        Op::Rcp if double && form.ftz() => Some("__aw_rcp_approx_ftz_f64"),
        // Correctly rounded: doubles have no cheaper form.
        Op::Rcp | Op::Sqrt if double => None,
        Op::Rcp if approx => ftz("__aw_rcp_approx_f32", "__aw_rcp_approx_ftz_f32"),
        Op::Rsqrt if double => ftz("__aw_rsqrt_approx_f64", "__aw_rsqrt_approx_ftz_f64"),
        Op::Rsqrt => ftz("__aw_rsqrt_approx_f32", "__aw_rsqrt_approx_ftz_f32"),
        Op::Sqrt if approx => ftz("__aw_sqrt_approx_f32", "__aw_sqrt_approx_ftz_f32"),
        Op::Div if approx => ftz("__aw_div_approx_f32", "__aw_div_approx_ftz_f32"),
        Op::Div if form.has(Flag::Full) => ftz("__aw_div_full_f32", "__aw_div_full_ftz_f32"),
        Op::Tex if form.types.get(1) == Some(&ScalarType::S32) => Some("__aw_texel"),
        Op::Tex => match form.geometry? {
            Geometry::D1 => Some("__aw_tex_1d"),
            Geometry::D2 => Some("__aw_tex_2d"),
            Geometry::D3 => Some("__aw_tex_3d"),
            Geometry::A1d => Some("__aw_tex_a1d"),
            Geometry::A2d => Some("__aw_tex_a2d"),
            Geometry::Cube => Some("__aw_tex_cube"),
            Geometry::Acube => Some("__aw_tex_acube"),
            Geometry::Ms2d | Geometry::Ams2d => None,
        },
        Op::Tld4 => Some("__aw_tld4"),
        Op::Suld | Op::Sust => Some("__aw_surface"),
        _ => None,
    }
}
