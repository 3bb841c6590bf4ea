//! Facts about the IR of single functions.
use crate::{body, count, lowered, program};

/// Checks that each `(text, times)` occurs so often in the IR of the statements.
fn check(statements: &str, facts: &[(&str, usize)]) {
    let ir = lowered(statements);
    for (what, times) in facts {
        assert_eq!(count(&ir, what), *times, "`{what}` in\n{ir}");
    }
}

#[test]
fn straight_line_has_one_block_and_no_parameters() {
    check(
        ".reg .b32 %a, %b; mov.u32 %a, %tid.x; add.u32 %b, %a, 1; mul.lo.u32 %a, %b, %b; ret;",
        &[("bb0():", 1), ("bb1", 0), ("iadd.i32", 1), ("imul.i32", 1), ("select", 0)],
    );
}

#[test]
fn loop_carries_only_what_changes() {
    check(
        ".reg .b32 %i, %n, %k; .reg .pred %p; mov.u32 %n, %tid.x; mov.u32 %k, %ntid.x; mov.u32 %i, 0;
         L: add.u32 %i, %i, %k; setp.lt.u32 %p, %i, %n; @%p bra L; ret;",
        &[("bb1(v", 3), (": i32):", 1), ("jump bb1(v", 1)],
    );
}

#[test]
fn pure_guard_is_a_select() {
    check(
        ".reg .b32 %a; .reg .pred %p; mov.u32 %a, %tid.x; setp.eq.u32 %p, %a, 3; @!%p add.u32 %a, %a, 1; st.global.u32 [%a], %a; ret;",
        &[("select.i32", 1), ("bb1", 0), ("not.i1", 1)],
    );
}

#[test]
fn neighbours_under_one_guard_share_a_block() {
    check(
        ".reg .b64 %q; .reg .b32 %a, %b; .reg .pred %p; ld.param.u64 %q, [p]; mov.u32 %a, %tid.x; setp.eq.u32 %p, %a, 3;
         @%p ld.global.u32 %b, [%q]; @%p add.u32 %b, %b, 1; @%p st.global.u32 [%q], %b; ret;",
        &[("br v", 1), ("select", 0), ("bb2(", 3)],
    );
}

#[test]
fn unread_merge_has_no_parameter() {
    check(
        ".reg .b32 %a, %b; .reg .pred %p; mov.u32 %a, %tid.x; setp.eq.u32 %p, %a, 3; @%p bra L; mov.u32 %b, 1; bra M;
         L: mov.u32 %b, 2; M: st.global.u32 [%a], %a; ret;",
        &[(": i32):", 0)],
    );
}

#[test]
fn unreachable_code_disappears() {
    check(".reg .b32 %a; ret; D: add.u32 %a, %a, 77; bra D;", &[("const.i32 0x4d", 0), ("bb1", 0)]);
}

#[test]
fn lop3_is_minimal() {
    check(
        ".reg .b32 %a, %b, %c; mov.u32 %a, %tid.x; mov.u32 %b, %tid.y; mov.u32 %c, %tid.z; lop3.b32 %a, %a, %b, %c, 0x96; ret;",
        &[("xor.i32", 2), ("and.i32", 0), ("not.i32", 0)],
    );
}

#[test]
fn registers_keep_their_type_and_bits_are_cast() {
    check(
        ".reg .b32 %a; .reg .f32 %f; mov.b32 %a, 0f3F800000; add.f32 %f, %a, %a; ret;",
        &[("const.i32 0x3f800000", 1), ("bitcast.f32", 2), ("fadd.f32", 1)],
    );
}

#[test]
fn vector_access_is_one_instruction() {
    check(
        ".reg .b64 %q; .reg .f32 %f<4>; ld.param.u64 %q, [p]; ld.global.nc.v4.f32 {%f0, %f1, %f2, %f3}, [%q+16]; st.global.v2.f32 [%q], {%f1, %f3}; ret;",
        &[("ty: F32, count: 4, align: 16", 1), ("ty: F32, count: 2, align: 8", 1)],
    );
}

#[test]
fn approximate_functions_are_library_calls() {
    check(".reg .f32 %f; mov.f32 %f, 0f3F800000; sin.approx.f32 %f, %f; ret;", &[("Call(", 1)]);
}

#[test]
fn aggregate_passes_by_address_and_scalar_by_value() {
    let program = program(
        ".func (.param .align 4 .b8 r[8], .param .f32 s) f(.param .f32 a, .param .align 8 .b8 b[16]) { st.param.f32 [s], 0f00000000; ret; }",
    );
    assert!(body(&program, "f").starts_with("func @f(i64, i32, i64) -> (i32)"), "{}", body(&program, "f"));
}

#[test]
fn kernel_parameters_are_aligned() {
    use engine::Program as _;
    let program =
        program(".entry t(.param .u8 a, .param .u64 b, .param .u16 c, .param .align 16 .b8 d[3]) { ret; }");
    let id = program.module().find_func("t").expect("t");
    let kernel = program.module().func(id).kernel.clone().expect("a kernel");
    let offsets: Vec<_> = kernel.params.iter().map(|p| (p.offset, p.size, p.align)).collect();
    assert_eq!(offsets, [(0, 1, 1), (8, 8, 8), (16, 2, 2), (32, 3, 16)]);
    assert_eq!(kernel.param_bytes, 35);
}

#[test]
fn static_shared_variables_belong_to_their_function() {
    use engine::Program as _;
    let program = program(
        ".entry t() { .shared .align 4 .b8 s[64]; ret; }\n.extern .shared .align 16 .b8 d[];\n.entry u() { .reg .b64 %a; mov.u64 %a, d; ret; }",
    );
    let s = program.module().global(program.module().find_global("s").expect("s"));
    assert_eq!((s.size, s.owner, s.dynamic_shared), (64, program.module().find_func("t"), false));
    let d = program.module().global(program.module().find_global("d").expect("d"));
    assert_eq!((d.size, d.owner, d.dynamic_shared), (0, None, true));
}
