//! Large functions: time grows with the text, not with its square, and nothing recurses.
use crate::{body, program};
use std::fmt::Write;

/// A kernel of `n` links: blocks with a guarded load, a conditional branch and a merge each.
fn chain(n: usize) -> String {
    let mut text = String::from(
        ".visible .entry t(.param .u64 p)\n{\n.reg .b64 %q; .reg .b32 %a, %b, %c; .reg .pred %p;\n",
    );
    text.push_str("ld.param.u64 %q, [p]; mov.u32 %a, %tid.x; mov.u32 %b, 0; mov.u32 %c, 7;\n");
    for i in 0..n {
        let _ = writeln!(
            text,
            "setp.gt.u32 %p, %a, {i}; @%p ld.global.u32 %b, [%q]; @!%p bra L{i}; add.u32 %a, %a, %b; L{i}: add.u32 %b, %b, 1;"
        );
    }
    text.push_str("st.global.u32 [%q], %a; st.global.u32 [%q+4], %c; ret;\n}\n");
    text
}

#[test]
fn twenty_thousand_blocks() {
    let start = std::time::Instant::now();
    let ir = body(&program(&chain(20_000)), "t");
    assert!(ir.contains("bb40000("));
    // Quadratic work would take minutes.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
