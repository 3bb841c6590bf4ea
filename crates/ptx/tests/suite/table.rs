//! The instruction table tests itself: instances of every row parse, print and parse to the same tree.

use crate::common;

use ptx::Code;
use ptx::isa::{Resolved, Row, Status, resolve, sample, table};
use std::sync::Arc;

fn module_of(instructions: &str) -> String {
    let preamble = sample::preamble();
    format!(
        ".version 9.0\n.target sm_120a\n.address_size 64\n.func callee () {{ ret; }}\n.func f ()\n{{\n{preamble}{instructions}}}\n"
    )
}

/// Every spelling of a row resolves, and at least one to the row itself (or to a row spelt alike, then to this one).
/// Gives the row's own spellings.
fn check_spellings(row: &Row) -> Vec<(String, Arc<Resolved>)> {
    let mut own = Vec::new();
    for text in sample::spellings(row) {
        let resolved = resolve(&text).unwrap_or_else(|why| panic!("`{text}` of `{}`: {why:?}", row.text));
        assert_eq!(resolved.form.op, row.op, "`{text}` of `{}` is taken for another opcode", row.text);
        let mut next = Some(resolved);
        while let Some(found) = next {
            next = found.next.clone();
            if found.form.row == row.id {
                own.push((text.clone(), found));
            }
        }
    }
    assert!(!own.is_empty(), "row `{}` is hidden by another", row.text);
    own
}

fn instances(row: &Row) -> Vec<String> {
    let spelt = check_spellings(row);
    let instance = |(text, resolved): &(String, Arc<Resolved>)| -> Vec<String> {
        sample::operands(resolved).iter().map(|operands| format!("\t{text} {operands};\n")).collect()
    };
    spelt.iter().flat_map(instance).collect()
}

#[test]
fn supported_rows_round_trip() {
    let mut supported = 0;
    for row in table().rows.iter().filter(|row| row.status == Status::Supported) {
        common::check_round_trip(&module_of(&instances(row).concat()), row.text);
        supported += 1;
    }
    assert!(supported > 200, "only {supported} rows are supported");
}

#[test]
fn unsupported_rows_say_why() {
    for row in &table().rows {
        let Status::Unsupported(reason) = row.status else { continue };
        for instance in instances(row) {
            let (_, _, diagnostics) = common::parse(&module_of(&instance));
            let found = diagnostics.iter().find(|d| d.code == Code::Unsupported);
            let found = found.unwrap_or_else(|| panic!("`{instance}` is not reported"));
            assert!(found.message.contains(reason), "{}", found.message);
        }
    }
}

#[test]
fn every_opcode_has_a_row() {
    for op in ptx::Op::ALL {
        assert!(table().rows.iter().any(|row| row.op == *op), "`{op}` has no row");
    }
}

/// Everything that LLVM 19's back end can write has a row: the texts of all its intrinsics, and of plain IR over all
/// types, atomics and orderings.
#[test]
fn llvm_spellings_resolve() {
    let unknown: Vec<_> =
        include_str!("../data/llvm.txt").lines().filter(|text| resolve(text).is_err()).collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

/// What programs use (the demand list): each spelling is supported.
#[test]
fn demanded_spellings_are_supported() {
    let mut wrong = Vec::new();
    for text in include_str!("../data/demand.txt").lines() {
        match resolve(text) {
            Ok(found) if table().row(found.form.row).status == Status::Supported => {}
            Ok(_) => wrong.push(format!("{text}: not supported")),
            Err(why) => wrong.push(format!("{text}: {why:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
