//! The program on PTX files: what it says about kernels whose compilation is known.

use std::path::Path;
use std::process::Command;

const SAXPY: &str = r#"
.version 8.0
.target sm_80
.address_size 64
.visible .entry saxpy(.param .u64 x, .param .u64 y, .param .f32 a, .param .u32 n)
{
    .reg .b64 %x, %y, %o; .reg .b32 %i, %b, %t, %n; .reg .f32 %a, %u, %v; .reg .pred %p;
    .loc 1 3 0
    mov.u32 %b, %ctaid.x; mov.u32 %t, %ntid.x; mov.u32 %i, %tid.x; mad.lo.u32 %i, %b, %t, %i;
    .loc 1 4 0
    ld.param.u32 %n, [n]; setp.ge.u32 %p, %i, %n;
    @%p bra done;
    .loc 1 5 0
    ld.param.u64 %x, [x]; ld.param.u64 %y, [y]; ld.param.f32 %a, [a];
    mul.wide.u32 %o, %i, 4; add.u64 %x, %x, %o; add.u64 %y, %y, %o;
    ld.global.f32 %u, [%x]; ld.global.f32 %v, [%y]; fma.rn.f32 %v, %a, %u, %v; st.global.f32 [%y], %v;
done:
    .loc 1 7 0
    ret;
}
.file 1 "saxpy.cu"
"#;

fn explain(name: &str, ptx: &str, args: &[&str]) -> (bool, String) {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("explain {name}"));
    std::fs::create_dir_all(&dir).expect("a directory");
    let file = dir.join("saxpy.ptx");
    std::fs::write(&file, ptx).expect("a file");
    let out =
        Command::new(env!("CARGO_BIN_EXE_anywarp-explain")).arg(&file).args(args).output().expect("it runs");
    let said = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
    (out.status.success(), said.into_owned())
}

#[test]
fn page_shows_shapes_by_line() {
    let (ok, page) = explain("page", SAXPY, &["--block", "256"]);
    assert!(ok, "{page}");
    for part in [
        "saxpy\n",
        "256x1x1",
        "saxpy.cu",
        "load global f32 x2: unit stride, masked",
        "store global f32: unit stride, masked",
        "branch: divergent",
    ] {
        assert!(page.contains(part), "{part:?} is missing:\n{page}");
    }
    assert!(!page.contains('\x1b'), "colours in a pipe");
}

#[test]
fn json_says_the_same() {
    let (ok, text) = explain("json", SAXPY, &["--json", "sax"]);
    assert!(ok, "{text}");
    let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let kernel = &all[0];
    assert_eq!(kernel["kernel"], "saxpy");
    assert_eq!(kernel["code"]["gathers"], 0);
    let notes = kernel["notes"].as_array().expect("notes");
    assert!(
        notes.iter().any(|n| n["line"] == 5 && n["what"] == "store global f32" && n["how"] == "unit stride")
    );
}

#[test]
fn stages_are_printed() {
    for (stage, part) in [("ir", "fma"), ("llvm", "define"), ("optimised", "define"), ("asm", "region0")] {
        let (ok, text) = explain(stage, SAXPY, &["--show", stage]);
        assert!(ok && text.contains(part), "{stage}: {text}");
    }
}

/// Three sums over a loop of unknown length, then so many barriers.
fn sums_and_barriers(barriers: usize) -> String {
    let exchange = "st.shared.f32 [%o], %u; bar.sync 0; ld.shared.f32 %u, [cell];\n".repeat(barriers);
    format!(
        r#"
.version 8.0
.target sm_80
.address_size 64
.visible .entry sums(.param .u64 x, .param .u32 n)
{{
    .reg .b64 %x, %a; .reg .b32 %i, %n, %o; .reg .f32 %u, %v, %w, %e; .reg .pred %p;
    .shared .align 4 .b8 cell[1024];
    ld.param.u64 %x, [x]; ld.param.u32 %n, [n]; mov.u32 %i, %tid.x;
    mov.u32 %o, cell; mad.lo.u32 %o, %i, 4, %o;
    mov.f32 %u, 0f00000000; mov.f32 %v, 0f00000000; mov.f32 %w, 0f00000000;
again:
    mul.wide.u32 %a, %i, 4; add.u64 %a, %a, %x; ld.global.f32 %e, [%a];
    add.f32 %u, %u, %e; fma.rn.f32 %v, %e, %e, %v; max.f32 %w, %w, %e;
    add.u32 %i, %i, 256; sub.u32 %n, %n, 1; setp.ne.u32 %p, %n, 0; @%p bra again;
    add.f32 %u, %u, %v; add.f32 %u, %u, %w;
    {exchange}
    st.global.f32 [%x], %u;
    ret;
}}
"#
    )
}

#[test]
fn a_block_that_synchronises_often_stays_one_gang() {
    let check = |barriers, gangs: &str| {
        let (ok, page) =
            explain(&format!("gangs {barriers}"), &sums_and_barriers(barriers), &["--block", "256"]);
        assert!(ok && page.contains(gangs), "{barriers} barriers:\n{page}");
    };
    check(1, "2 gangs of 128 threads");
    check(5, "1 gang of 256 threads");
}

#[test]
fn mistakes_are_errors() {
    let check = |args: &[&str], ptx: &str, part: &str| {
        let (ok, said) = explain("mistakes", ptx, args);
        assert!(!ok && said.contains(part), "{args:?}: {said}");
    };
    check(&["nothing"], SAXPY, "no kernel whose name contains `nothing`");
    check(&["--block", "2000"], SAXPY, "1 to 1024 threads");
    check(&[], ".version 8.0\n.target sm_80\n.bogus", "saxpy.ptx:3:");
}
