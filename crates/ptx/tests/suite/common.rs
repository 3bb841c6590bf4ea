//! What the tests share: parsing that must succeed, and comparing trees.
//! Invariant: helpers fail with the rendered diagnostics, so that a failing test explains itself.

use ptx::{Body, Diagnostic, FuncId, Module, Stmt};

/// Parses and checks; the diagnostics are of headers and bodies.
pub fn parse(text: &str) -> (Module, Vec<Body>, Vec<Diagnostic>) {
    let (module, mut diagnostics) = ptx::parse(text.as_bytes(), "test.ptx");
    let mut bodies = Vec::new();
    for index in 0..module.functions.len() {
        let (body, mut found) = ptx::parse_body(&module, FuncId(index as u32));
        bodies.push(body);
        diagnostics.append(&mut found);
    }
    (module, bodies, diagnostics)
}

/// Parses text that must be free of errors.
pub fn parse_ok(text: &str, what: &str) -> (Module, Vec<Body>) {
    let (module, bodies, diagnostics) = parse(text);
    let rendered: Vec<_> = diagnostics.iter().map(|d| d.render(&module.source)).collect();
    assert!(rendered.is_empty(), "{what}:\n{}", rendered.join("\n"));
    (module, bodies)
}

/// Prints, parses again, and compares the trees.
pub fn check_round_trip(text: &str, what: &str) {
    let (module, bodies) = parse_ok(text, what);
    let printed = ptx::print::module(&module, &|id| bodies.get(id.0 as usize).cloned());
    let (again, bodies_again) = parse_ok(&printed, what);
    assert_eq!(bodies.len(), bodies_again.len(), "{what}: number of functions");
    for (body, other) in bodies.iter().zip(&bodies_again) {
        compare_bodies(body, other, what);
    }
    let printed_again = ptx::print::module(&again, &|id| bodies_again.get(id.0 as usize).cloned());
    assert_eq!(printed, printed_again, "{what}: printed text is not stable");
}

fn compare_bodies(body: &Body, other: &Body, what: &str) {
    assert_eq!(body.pool, other.pool, "{what}: operands");
    assert_eq!(body.stmts.len(), other.stmts.len(), "{what}: statements");
    let kinds = |body: &Body| body.symbols.iter().map(|s| s.kind).collect::<Vec<_>>();
    assert_eq!(kinds(body), kinds(other), "{what}: symbols");
    for (stmt, twin) in body.stmts.iter().zip(&other.stmts) {
        match (stmt, twin) {
            (Stmt::Inst(a), Stmt::Inst(b)) => {
                assert_eq!(
                    (&a.form, a.guard, a.operands),
                    (&b.form, b.guard, b.operands),
                    "{what}: instruction"
                );
            }
            (a, b) => assert_eq!(std::mem::discriminant(a), std::mem::discriminant(b), "{what}: statement"),
        }
    }
}
