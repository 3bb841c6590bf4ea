//! Several modules: which definition a name stands for.
use crate::HEADER;
use engine::Program as _;
use ir::FuncKind;
use lower::{ErrorKind, Program};

fn link(texts: &[&str]) -> Result<Program, Vec<lower::Error>> {
    let modules = texts.iter().enumerate().map(|(i, text)| {
        let (module, diagnostics) = ptx::parse(format!("{HEADER}{text}").as_bytes(), &format!("m{i}.ptx"));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        module
    });
    Program::new(modules.collect())
}

/// Links and returns kind and symbol of each error.
fn errors(texts: &[&str]) -> Vec<(ErrorKind, String)> {
    let errors = link(texts).expect_err("errors");
    errors.into_iter().map(|e| (e.kind, e.symbol.unwrap_or_default())).collect()
}

const CALL_F: &str = ".extern .func f();\n.visible .entry k() { call f; ret; }";

/// Text of the function that `k` of the first module calls.
fn callee(program: &Program) -> String {
    let module = program.module();
    let k = program.body(module.find_func("k").expect("k")).expect("k lowers");
    let callee = k.insts.iter().find_map(|i| match i.inst {
        ir::Inst::Call(id) => Some(id),
        _ => None,
    });
    program.body(callee.expect("a call")).expect("the callee lowers").to_string()
}

fn definition(linkage: &str, mark: u32) -> String {
    format!("{linkage} .func f() {{ .reg .b32 %a; mov.u32 %a, {mark}; st.local.u32 [%a], %a; ret; }}")
}

#[test]
fn extern_function_is_found_in_another_module() {
    let program = link(&[CALL_F, &definition(".visible", 7)]).expect("links");
    assert!(callee(&program).contains("0x7"));
}

#[test]
fn strong_beats_weak_in_any_order() {
    for texts in [
        [definition(".weak", 1), definition(".visible", 2)],
        [definition(".visible", 2), definition(".weak", 1)],
    ] {
        let program = link(&[CALL_F, &texts[0], &texts[1]]).expect("links");
        assert!(callee(&program).contains("0x2"));
        assert_eq!(program.module().funcs.iter().filter(|f| f.name == "f").count(), 1);
    }
}

#[test]
fn first_weak_counts() {
    let program = link(&[CALL_F, &definition(".weak", 1), &definition(".weak", 2)]).expect("links");
    assert!(callee(&program).contains("0x1"));
}

#[test]
fn internal_functions_of_one_name_stay_apart() {
    let k = ".visible .entry k() { call f; ret; }";
    let program = link(&[&format!("{}\n{k}", definition("", 1)), &definition("", 2)]).expect("links");
    assert!(callee(&program).contains("0x1"));
    assert_eq!(program.module().funcs.iter().filter(|f| f.name == "f").count(), 2);
}

#[test]
fn two_strong_definitions_are_an_error() {
    let found = errors(&[&definition(".visible", 1), &definition(".visible", 2)]);
    assert_eq!(found, [(ErrorKind::Duplicate, "f".to_string())]);
}

#[test]
fn missing_function_is_an_error_once() {
    let twice = ".extern .func f();\n.visible .entry k() { call f; call f; ret; }\n.visible .entry l() { call f; ret; }";
    assert_eq!(errors(&[twice]), [(ErrorKind::Unresolved, "f".to_string())]);
}

#[test]
fn unreferenced_declarations_are_nothing() {
    let text = ".extern .func f();\n.extern .global .u32 g;\n.visible .entry k() { ret; }";
    let program = link(&[text]).expect("links");
    assert_eq!((program.module().funcs.len(), program.module().globals.len()), (1, 0));
}

#[test]
fn extern_variable_is_found_in_another_module() {
    let user = ".extern .global .u32 g;\n.visible .entry k() { .reg .b32 %a; ld.global.u32 %a, [g]; st.global.u32 [g], %a; ret; }";
    let program = link(&[user, ".visible .global .u32 g = 5;"]).expect("links");
    let g = program.module().global(program.module().find_global("g").expect("g"));
    assert_eq!((program.module().globals.len(), &g.init[..]), (1, &[5, 0, 0, 0][..]));
    assert_eq!(errors(&[user]), [(ErrorKind::Unresolved, "g".to_string())]);
}

#[test]
fn common_variables_merge() {
    let program = link(&[".common .global .b32 c[2];", ".common .global .b32 c[8];"]).expect("links");
    assert_eq!(program.module().globals.iter().map(|g| g.size).collect::<Vec<_>>(), [32]);
}

#[test]
fn library_functions_bring_what_they_need() {
    let text = ".extern .func (.param .b32 r) __nv_sinf(.param .b32 x);
        .visible .entry k() { .param .b32 a; .param .b32 v; st.param.b32 [a], 1; call (v), __nv_sinf, (a); ret; }";
    let program = link(&[text]).expect("links");
    let sin = program.module().func(program.module().find_func("__nv_sinf").expect("there"));
    assert_eq!(sin.kind, FuncKind::Library);
    for id in program.module().func_ids() {
        program.body(id).expect("lowers");
    }
}

#[test]
fn own_definition_of_a_library_name_is_kept() {
    let text = ".func (.param .b32 r) __nv_sinf(.param .b32 x) { st.param.b32 [r], 7; ret; }
        .visible .entry k() { .param .b32 a; .param .b32 v; st.param.b32 [a], 1; call (v), __nv_sinf, (a); ret; }";
    let program = link(&[text]).expect("links");
    assert_eq!(
        program.module().func(program.module().find_func("__nv_sinf").expect("there")).kind,
        FuncKind::Device
    );
    assert!(callee(&program).contains("0x7"));
}

#[test]
fn alias_stands_for_its_target() {
    let text = "\n.visible .func f() { .reg .b32 %a; mov.u32 %a, 9; st.local.u32 [%a], %a; ret; }\n.visible .func g();\n.alias g, f;\n.visible .entry k() { call g; ret; }";
    let program = link(&[text]).expect("links");
    assert!(callee(&program).contains("0x9"));
}

#[test]
fn hash_depends_on_text_and_nothing_else() {
    let hash = |texts: &[&str]| link(texts).expect("links").content_hash();
    assert_eq!(hash(&[&definition("", 1)]), hash(&[&definition("", 1)]));
    assert_ne!(hash(&[&definition("", 1)]), hash(&[&definition("", 2)]));
}

#[test]
fn managed_variables_are_known() {
    let program =
        link(&[".global .attribute(.managed) .align 4 .u32 m;\n.global .align 4 .u32 g;"]).expect("links");
    let managed = |name: &str| program.is_managed(program.module().find_global(name).expect("there"));
    assert!(managed("m") && !managed("g"));
}

#[test]
fn every_library_function_lowers() {
    let (module, _) = ptx::parse(mathlib::PTX.as_bytes(), "mathlib.ptx");
    let program = Program::new(vec![module]).expect("links");
    for id in program.module().func_ids() {
        program.body(id).expect("lowers");
    }
}
