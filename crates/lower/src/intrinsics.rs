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
    "__aw_tex_1d_level",
    "__aw_tex_2d_level",
    "__aw_tex_3d_level",
    "__aw_tex_a1d_level",
    "__aw_tex_a2d_level",
    "__aw_tex_cube_level",
    "__aw_tex_acube_level",
    "__aw_tex_1d_grad",
    "__aw_tex_2d_grad",
    "__aw_tex_3d_grad",
    "__aw_tex_a1d_grad",
    "__aw_tex_a2d_grad",
    "__aw_texel_level",
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
    let bf16 = form.types.first().is_some_and(|ty| matches!(ty, ScalarType::Bf16 | ScalarType::Bf16x2));
    match form.op {
        // bf16's subnormals are those of f32, and there is only the form with `.ftz` (PTX ISA 9.7.4.11).
        Op::Ex2 if bf16 => Some("__aw_ex2_approx_ftz_f32"),
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
        Op::Rsqrt if form.ftz() => Some("__aw_rsqrt_approx_ftz_f32"),
        Op::Rsqrt => None,
        Op::Sqrt if approx => ftz("__aw_sqrt_approx_f32", "__aw_sqrt_approx_ftz_f32"),
        Op::Div if approx => ftz("__aw_div_approx_f32", "__aw_div_approx_ftz_f32"),
        Op::Div if form.has(Flag::Full) => ftz("__aw_div_full_f32", "__aw_div_full_ftz_f32"),
        Op::Tex => texture(form),
        Op::Tld4 => Some("__aw_tld4"),
        Op::Suld | Op::Sust => Some("__aw_surface"),
        _ => None,
    }
}

/// The sampling function of a `tex`: plain, at a level, or with gradients.
fn texture(form: &Form) -> Option<&'static str> {
    let (level, gradients) = (form.has_word("level"), form.has_word("grad"));
    if form.types.get(1) == Some(&ScalarType::S32) {
        return Some(if level { "__aw_texel_level" } else { "__aw_texel" });
    }
    let [plain, at_level, by_gradients] = match form.geometry? {
        Geometry::D1 => ["__aw_tex_1d", "__aw_tex_1d_level", "__aw_tex_1d_grad"],
        Geometry::D2 => ["__aw_tex_2d", "__aw_tex_2d_level", "__aw_tex_2d_grad"],
        Geometry::D3 => ["__aw_tex_3d", "__aw_tex_3d_level", "__aw_tex_3d_grad"],
        Geometry::A1d => ["__aw_tex_a1d", "__aw_tex_a1d_level", "__aw_tex_a1d_grad"],
        Geometry::A2d => ["__aw_tex_a2d", "__aw_tex_a2d_level", "__aw_tex_a2d_grad"],
        Geometry::Cube if !gradients => ["__aw_tex_cube", "__aw_tex_cube_level", ""],
        Geometry::Acube if !gradients => ["__aw_tex_acube", "__aw_tex_acube_level", ""],
        Geometry::Cube | Geometry::Acube | Geometry::Ms2d | Geometry::Ams2d => return None,
    };
    Some(if gradients {
        by_gradients
    } else if level {
        at_level
    } else {
        plain
    })
}
