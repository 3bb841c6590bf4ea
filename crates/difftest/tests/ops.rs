//! One test per row of the op table and engine configuration.

use difftest::ops::{check, families};
use libtest_mimic::{Arguments, Failed, Trial};
use std::sync::Arc;
use testkit::engines;

fn main() {
    let args = Arguments::from_args();
    let configs = Arc::new(engines::all());
    let mut trials = Vec::new();
    let mut parts = std::collections::BTreeMap::new();
    for family in families().into_iter().map(Arc::new) {
        let part = parts.entry(family.name).and_modify(|n| *n += 1).or_insert(1);
        for c in 0..configs.len() {
            let (family, configs) = (family.clone(), configs.clone());
            let title = format!("{}.{part}:{}", family.name, configs[c].name);
            trials.push(Trial::test(title, move || check(&family, &configs[c]).map_err(Failed::from)));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}
