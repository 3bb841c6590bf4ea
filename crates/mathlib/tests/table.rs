//! The table and the PTX text agree, and the text keeps what the crate promises about it.

use mathlib::{FUNCTIONS, PTX, Scalar, Type, find, names};

#[test]
fn names_are_sorted_and_found() {
    assert!(names().is_sorted());
    for function in FUNCTIONS {
        assert_eq!(find(function.name), Some(function));
    }
    assert_eq!(find("__nv_no_such_function"), None);
}

#[test]
fn parameter_counts_match_the_ptx() {
    for function in FUNCTIONS {
        let params = (0..).take_while(|i| {
            PTX.contains(&format!("{}_param_{i}\n", function.name))
                || PTX.contains(&format!("{}_param_{i},", function.name))
        });
        assert_eq!(params.count(), function.args.len(), "{}", function.name);
    }
}

#[test]
fn functions_are_self_contained() {
    for (number, line) in PTX.lines().enumerate() {
        let code = line.trim();
        assert!(!code.starts_with("call"), "line {}: {code}", number + 1);
        assert!(!code.contains(".ftz.") || code.starts_with("//"), "line {}: {code}", number + 1);
        // Approximations differ between devices; this one has the same bits on all engines, and is accurate enough.
        let approx = code.contains(".approx.") && !code.starts_with("rsqrt.approx.f32");
        assert!(!approx, "line {}: {code}", number + 1);
    }
}

#[test]
fn signatures_of_well_known_functions() {
    let f32_value = Type::Value(Scalar::F32);
    let sincos = find("__nv_sincosf").expect("sincosf is in the library");
    assert_eq!(
        (sincos.args, sincos.result),
        (&[f32_value, Type::Pointer(Scalar::F32), Type::Pointer(Scalar::F32)][..], None)
    );
    let pow = find("__nv_powf").expect("powf is in the library");
    assert_eq!((pow.args, pow.result, pow.max_ulp), (&[f32_value, f32_value][..], Some(f32_value), Some(4)));
}
