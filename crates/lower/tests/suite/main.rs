//! Tests of linking and lowering, by the IR that comes out and the errors that are reported.
mod errors;
mod facts;
mod linking;
mod mutation;
mod size;

use engine::Program as _;
use lower::Program;

const HEADER: &str = ".version 8.0\n.target sm_80\n.address_size 64\n";

/// A program of one module whose text, after the header, is given.
pub fn program(text: &str) -> Program {
    match Program::from_text(format!("{HEADER}{text}").as_bytes(), "test.ptx") {
        Ok(program) => program,
        Err(errors) => panic!("{}", errors.iter().map(|e| format!("{e}\n")).collect::<String>()),
    }
}

/// The text of a function's body.
pub fn body(program: &Program, name: &str) -> String {
    let id = program.module().find_func(name).expect("the function exists");
    program.body(id).expect("it lowers").to_string()
}

/// The body of a kernel `t` with these statements.
pub fn lowered(statements: &str) -> String {
    body(&program(&format!(".visible .entry t(.param .u64 p)\n{{\n{statements}\n}}\n")), "t")
}

/// How often `what` occurs.
pub fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}
