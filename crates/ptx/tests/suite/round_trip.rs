//! Printing a tree and parsing the text gives the tree again.

use crate::common;

/// What tinygrad's renderer writes, by the forms of its source; our own text.
const TINYGRAD_FORMS: &str = include_str!("../data/forms/tinygrad.ptx");
/// What Triton's and GCC's back ends write, by the forms of their sources; our own text.
const OTHER_FORMS: &str = include_str!("../data/forms/others.ptx");
/// Every directive, initialiser and operand shape.
const DIRECTIVES: &str = include_str!("../data/forms/directives.ptx");

#[test]
fn clang_optimised() {
    common::check_round_trip(include_str!("../data/clang/basic_O3.ptx"), "basic_O3.ptx");
}

#[test]
fn clang_unoptimised() {
    common::check_round_trip(include_str!("../data/clang/basic_O0.ptx"), "basic_O0.ptx");
}

#[test]
fn clang_debug() {
    common::check_round_trip(include_str!("../data/clang/basic_debug.ptx"), "basic_debug.ptx");
}

#[test]
fn clang_intrinsics() {
    common::check_round_trip(include_str!("../data/clang/intrinsics_O3.ptx"), "intrinsics_O3.ptx");
}

#[test]
fn tinygrad_forms() {
    common::check_round_trip(TINYGRAD_FORMS, "tinygrad.ptx");
}

#[test]
fn other_forms() {
    common::check_round_trip(OTHER_FORMS, "others.ptx");
}

#[test]
fn instructions_by_hand() {
    common::check_round_trip(include_str!("../data/forms/accepts.ptx"), "accepts.ptx");
}

#[test]
fn directives() {
    common::check_round_trip(DIRECTIVES, "directives.ptx");
}
