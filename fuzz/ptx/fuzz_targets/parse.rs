//! Any bytes parse, check, render and print without a panic; what is free of errors prints to text that is, too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ptx::FuncId;

fuzz_target!(|bytes: &[u8]| {
    let (module, mut diagnostics) = ptx::parse(bytes, "fuzz.ptx");
    let mut bodies = Vec::new();
    for index in 0..module.functions.len() {
        let (body, mut found) = ptx::parse_body(&module, FuncId(index as u32));
        bodies.push(body);
        diagnostics.append(&mut found);
    }
    for diagnostic in &diagnostics {
        diagnostic.render(&module.source);
    }
    let printed = ptx::print::module(&module, &|id| bodies.get(id.0 as usize).cloned());
    if diagnostics.is_empty() {
        let (again, diagnostics) = ptx::parse(printed.as_bytes(), "printed.ptx");
        assert!(diagnostics.is_empty() && ptx::check_all(&again).is_empty(), "{printed}");
    }
});
