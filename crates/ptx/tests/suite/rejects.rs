//! What is not PTX is refused, with the right code at the right place.

use crate::common;

/// Text before and after the statement under test.
const BEFORE: &str = ".version 7.0\n.target sm_75\n.address_size 64\n\
.global .u32 g;\n.const .u32 c;\n.func (.param .b32 o) callee (.param .b32 i) { ret; }\n\
.entry k (.param .u64 a)\n{\n\
\t.reg .b32 %r<10>;\n\t.reg .f32 %f<10>;\n\t.reg .b64 %rd<10>;\n\t.reg .f64 %fd<4>;\n\t.reg .b16 %rs<4>;\n\
\t.reg .pred %p<4>;\n\t.reg .v4 .f32 %v;\n\t.shared .u32 s;\n\t.param .b32 arg;\nhere:\n";
const AFTER: &str = "\n\tret;\n}\n";

/// A `^` marks where the error must be; it is taken out of the text first. What is wrong comes back as text.
fn check(code: &str, marked: &str) -> Result<(), String> {
    let at = marked.find('^').ok_or_else(|| format!("no mark in `{marked}`"))?;
    let text = [&marked[..at], &marked[at + 1..]].concat();
    let (module, _, diagnostics) = common::parse(&text);
    let first = diagnostics.first().ok_or_else(|| format!("accepted: `{marked}`"))?;
    let (found, wanted) = (module.source.position(first.span.start), module.source.position(at as u32));
    if first.code.as_str() == code && (found.line, found.column) == (wanted.line, wanted.column) {
        return Ok(());
    }
    Err(format!("wanted {code} at {}:{}, got {}", wanted.line, wanted.column, first.render(&module.source)))
}

fn check_table(table: &[(&str, &str)], before: &str, after: &str) {
    let wrong: Vec<String> =
        table.iter().filter_map(|(code, text)| check(code, &[before, text, after].concat()).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

const STATEMENTS: &[(&str, &str)] = &[
    // Text.
    ("E0110", "add.s32 %r1, ^?;"),
    ("E0102", "mov.u32 %r1, ^0x;"),
    ("E0102", "mov.u32 %r1, ^99999999999999999999;"),
    ("E0102", "mov.u32 %r1, ^0f3F8;"),
    ("E0102", "mov.u32 %r1, ^08;"),
    ("E0102", "mov.u32 %r1, 1 ^/ 0;"),
    ("E0110", "add.s32 %r1, %r2 ^%r3;"),
    ("E0110", "add.s32 %r1, ^;"),
    ("E0110", "^5;"),
    ("E0110", "st.global.u32 [%rd1^;"),
    ("E0110", "mov.b64 %rd1, {%r1, +^};"),
    ("E0110", "ld.global.u32 %r1, [%rd1+^];"),
    ("E0110", "^*"),
    ("E0120", "^.version 7.0;"),
    ("E0120", ".reg ^.b33 %q;"),
    ("E0110", ".reg .b32 ^5;"),
    ("E0405", ".reg .b32 x<^99999999999>;"),
    ("E0405", ".local .align ^3 .b8 x[4];"),
    ("E0405", ".local .b8 x[^-4];"),
    // Opcodes and forms.
    ("E0201", "^frob.s32 %r1, %r2;"),
    ("E0201", "^add_s32 %r1, %r2;"),
    ("E0202", "add^.frob %r1, %r2, %r3;"),
    ("E0202", "add.s32^.sat.sat %r1, %r2, %r3;"),
    ("E0202", "^add %r1, %r2, %r3;"),
    ("E0202", "fma^.f32 %f1, %f2, %f3, %f1;"),
    ("E0202", "ld.global^.f16 %rs1, [%rd1];"),
    ("E0202", "setp.lt^.b8 %p1, %r1, %r2;"),
    ("E0202", "cvt.rn^.s32 %r1, %r2;"),
    ("E0210", "^wgmma.fence.sync.aligned;"),
    ("E0210", "@%p1 ^tcgen05.ld.sync.aligned.16x64b.x2.b32 {%r1, %r2}, [%r3];"),
    ("E0210", "mov.u32 %r1, ^%pm0;"),
    ("E0230", "^mbarrier.test_wait.parity.shared.b64 %p1, [%r1], %r2;"),
    ("E0230", "mov.u32 %r1, ^%cluster_ctarank;"),
    ("E0231", "^cp.async.wait_all;"),
    ("E0231", "@%p1 ^fma.rn.bf16 %rs1, %rs2, %rs3, %rs1;"),
    // Names.
    ("E0301", "add.s32 %r1, %r2, ^%r10;"),
    ("E0301", "add.s32 %r1, %r2, ^%r01;"),
    ("E0301", "mov.u64 %rd1, ^nothing;"),
    ("E0301", "ld.param.u64 %rd1, [^b];"),
    ("E0301", "bra ^nowhere;"),
    ("E0301", "@^%q bra here;"),
    ("E0301", "{ .reg .b32 inner; } mov.u32 %r1, ^inner;"),
    ("E0301", "{ there: } bra ^there;"),
    ("E0301", "call ^missing;"),
    ("E0302", ".reg .b32 q; .reg .b32 ^q;"),
    ("E0302", "^here:"),
    ("E0302", ".shared .u32 ^s;"),
    ("E0302", ".reg .b32 ^%r<3>;"),
    ("E0303", "bra ^s;"),
    ("E0303", "mov.u64 %rd1, ^here;"),
    ("E0303", "ld.u32 %r1, ^[here];"),
    ("E0303", "l: .branchtargets ^s;"),
    ("E0303", "^call g;"),
    // Operands.
    ("E0401", "^add.s32 %r1, %r2;"),
    ("E0401", "^add.s32 %r1, %r2, %r3, %r4;"),
    ("E0401", "^bar.sync;"),
    ("E0401", "^trap %r1;"),
    ("E0402", "add.s32 %r1, ^%f1, %r2;"),
    ("E0402", "add.f32 %f1, ^%rd1, %f2;"),
    ("E0402", "add.s64 ^%r1, %rd1, %rd2;"),
    ("E0402", "add.f32 %f1, %f2, ^1;"),
    ("E0402", "add.s32 %r1, %r2, ^0f3F800000;"),
    ("E0402", "add.s32 %r1, %r2, ^1.5;"),
    ("E0402", "add.f64 %fd1, %fd2, ^0f3F800000;"),
    ("E0402", "mul.wide.s32 ^%r1, %r2, %r3;"),
    ("E0402", "setp.eq.s32 ^%r1, %r2, %r3;"),
    ("E0402", "selp.b32 %r1, %r2, %r3, ^%r4;"),
    ("E0402", "@^%r1 bra here;"),
    ("E0402", "ld.global.u64 ^%r1, [%rd1];"),
    ("E0402", "ld.global.u32 %r1, ^[%f1];"),
    ("E0402", "ld.global.f32 ^%p1, [%rd1];"),
    ("E0402", "ld.global.v2.f32 {%f1, %r1}, ^[%rs1];"),
    ("E0402", "shl.b64 %rd1, %rd2, ^%rd3;"),
    ("E0402", "cvt.u32.u64 %r1, ^%r2;"),
    ("E0402", "mov.b32 ^{%rs1, %r1}, %r2;"),
    ("E0403", "add.s32 ^5, %r2, %r3;"),
    ("E0403", "add.s32 %r1, ^[%rd1], %r3;"),
    ("E0403", "ld.global.u32 %r1, ^%rd1;"),
    ("E0403", "add.s32 %r1, %r2, ^_;"),
    ("E0403", "add.s32 %r1, %r2, ^s;"),
    ("E0403", "and.pred %p1, ^!%p2, %p3;"),
    ("E0403", "add.s32 ^%r1|%p1, %r2, %r3;"),
    ("E0403", "lop3.b32 %r1, %r2, %r3, %r4, ^%r5;"),
    ("E0403", "mov.u32 %r1, ^%tid;"),
    ("E0403", "mov.u32 %r1, %tid.^q;"),
    ("E0403", "mov.u32 %r1, %laneid.^x;"),
    ("E0403", "mov.u32 %r1, %r2.^x;"),
    ("E0403", "^call 5;"),
    ("E0404", "ld.global.v2.f32 ^{%f1, %f2, %f3}, [%rd1];"),
    ("E0404", "wmma.load.a.sync.aligned.row.m16n16k16.global.u8 ^{%r1, %r2, %r3, %r4}, [%rd1];"),
    ("E0404", "wmma.store.d.sync.aligned.row.m8n8k32.global.s32 [%rd1], ^{%r1, %r2, %r3, %r4};"),
    ("E0202", "wmma.load.a.sync.aligned.col^.m8n8k32.global.s4 {%r1}, [%rd1];"),
    ("E0202", "wmma.load.a.sync.aligned.row.m16n16k16.global^.f32 {%f1}, [%rd1];"),
    ("E0404", "ld.global.v2.f32 ^%f1, [%rd1];"),
    ("E0404", "ld.global.f32 ^{%f1, %f2}, [%rd1];"),
    ("E0404", "mov.b64 %rd1, ^{%r1, %r2, %r3};"),
    ("E0404", "mov.b16 %rs1, ^{%r1, %r2, %r3, %r4};"),
    ("E0404", "add.f32 %f1, ^%v, %f2;"),
    ("E0405", "lop3.b32 %r1, %r2, %r3, %r4, ^256;"),
    ("E0406", "ld.global.u32 %r1, ^[s];"),
    ("E0406", "ld.shared.u32 %r1, ^[g];"),
    ("E0406", "ld.global.u64 %rd1, ^[a];"),
    ("E0406", "st.shared.u32 ^[arg], %r1;"),
    ("E0407", "^call (arg), callee;"),
    ("E0407", "^call callee, (arg);"),
    ("E0407", "^call (arg), callee, (arg, arg);"),
    ("E0407", "^call (arg), %rd1, (arg);"),
];

#[test]
fn statements() {
    check_table(STATEMENTS, BEFORE, AFTER);
}

const HEADER: &str = ".version 7.0\n.target sm_75\n.address_size 64\n";

const MODULES: &[(&str, &str)] = &[
    ("E0111", "^hello"),
    ("E0111", "^"),
    ("E0110", ".version ^x\n.target sm_75\n"),
    ("E0111", ".version 7.0\n^.address_size 64\n"),
    ("E0111", ".version 7.0\n.target ^gpu\n"),
    ("E0111", ".version 7.0\n.target sm_75\n.address_size ^16\n"),
];

const ITEMS: &[(&str, &str)] = &[
    ("E0120", "^.frob x;"),
    ("E0120", "^.local .u32 x;"),
    ("E0120", ".entry k () ^.frob 3 { ret; }"),
    ("E0103", ".entry k () ^{ ret;"),
    ("E0103", ".pragma ^\"nounroll;"),
    ("E0110", ".entry k (^.global .u32 a) { ret; }"),
    ("E0110", ".global .u32 x = ^;"),
    ("E0110", ".global ^x;"),
    ("E0110", ".global .u32 x^"),
    ("E0302", ".global .u32 x; .global .u32 ^x;"),
    ("E0302", ".func f () { ret; } .func ^f () { ret; }"),
    ("E0302", ".global .u32 f; .func ^f () { ret; }"),
    ("E0301", ".alias a, ^b;"),
    ("E0405", ".global .align ^3 .u32 x;"),
    ("E0405", ".global .u8 x = ^0xFF0F(x);"),
    ("E0405", ".entry k () .maxntid ^-1 { ret; }"),
    ("E0103", ".entry k () ^{ { ret; }"),
];

#[test]
fn modules() {
    check_table(MODULES, "", "");
}

#[test]
fn items() {
    check_table(ITEMS, HEADER, "\n");
}

#[test]
fn several_errors_are_all_reported() {
    let text = [BEFORE, "frob; add.s32 %r1, %r2; mov.u32 %r1, %q; add.s32 %r1, %r2, %r3;", AFTER].concat();
    let (_, _, diagnostics) = common::parse(&text);
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["E0201", "E0401", "E0301"]);
}

#[test]
fn text_that_is_not_utf8() {
    let (_, diagnostics) = ptx::parse(b".version 7.0\n.target sm_75\n// caf\xe9\n", "latin1.ptx");
    assert_eq!(diagnostics[0].code, ptx::Code::Encoding);
    assert!(!diagnostics.iter().any(ptx::Diagnostic::is_error), "in a comment it does no harm");
    let (_, diagnostics) = ptx::parse(b".version 7.0\n.target sm_75\n\xe9\n", "latin1.ptx");
    assert!(diagnostics.iter().any(ptx::Diagnostic::is_error));
}

#[test]
fn byte_order_mark_is_skipped() {
    let (_, diagnostics) = ptx::parse(b"\xEF\xBB\xBF.version 7.0\n.target sm_75\n", "bom.ptx");
    assert!(diagnostics.is_empty());
}

#[test]
fn text_ends_at_nul() {
    let (module, diagnostics) = ptx::parse(b".version 7.0\n.target sm_75\n\0garbage", "nul.ptx");
    assert!(diagnostics.is_empty());
    assert_eq!((module.version, module.sm), ((7, 0), 75));
}

#[test]
fn rendered_form() {
    let text = ".version 7.0\n.target sm_75\n.address_size 64\n.entry k ()\n{\n\t.reg .b16 %rs<4>;\n\tfma.rn.bf16 %rs1, %rs2, %rs3, %rs1;\n\tret;\n}\n";
    let (module, _, diagnostics) = common::parse(text);
    let expected = "test.ptx:7:2: error E0231: `fma.rn.bf16` needs .target sm_80 or higher\n 7 | \tfma.rn.bf16 %rs1, %rs2, %rs3, %rs1;\n   | \t^^^^^^^^^^^\n   = help: the module is for sm_75";
    assert_eq!(diagnostics[0].render(&module.source), expected);
    let line = "test.ptx:7:2: error E0231: `fma.rn.bf16` needs .target sm_80 or higher\n";
    assert_eq!(ptx::log_lines(&diagnostics, &module.source), line);
}
