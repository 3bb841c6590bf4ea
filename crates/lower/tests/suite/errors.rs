//! Errors name the thing, the line and the reason.
use lower::{ErrorKind, Program};

fn check(text: &str, kind: ErrorKind, line: &str) {
    let errors = Program::from_text(text.as_bytes(), "e.ptx").expect_err("an error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].kind, kind);
    assert_eq!(errors[0].to_string(), line);
}

#[test]
fn texts() {
    let head = ".version 8.0\n.target sm_90\n.address_size 64\n";
    check(
        &format!("{head}.extern .func f();\n.entry k() {{ call f; ret; }}"),
        ErrorKind::Unresolved,
        "e.ptx:5:19: error E0602: undefined symbol 'f' (no module of the program defines it)",
    );
    check(
        &format!("{head}.entry k() .reqnctapercluster 2, 1, 1 {{ ret; }}"),
        ErrorKind::Unsupported,
        "e.ptx:4:1: error E0701: clusters of more than one block are not implemented yet",
    );
    check(
        &format!("{head}.visible .global .u16 g[2] = {{1, 2, 3}};"),
        ErrorKind::Initialiser,
        "e.ptx:4:1: error E0604: 'g': more values than the variable has elements",
    );
}
