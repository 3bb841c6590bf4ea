//! One test per generated kernel. `ANYWARP_FUZZ_CASES` says how many of each family (40), `ANYWARP_FUZZ_FIRST` from which
//! seed (0).

use difftest::fuzz::{Family, Outcome, check};
use libtest_mimic::{Arguments, Failed, Trial};
use std::sync::{Arc, Mutex, PoisonError};
use testkit::engines;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    let args = Arguments::from_args();
    let configs = Arc::new(engines::all());
    let total = Arc::new(Mutex::new(Outcome::default()));
    let first = number("ANYWARP_FUZZ_FIRST", 0);
    let trial = |(name, family, seed): (&str, Family, u64)| {
        let (configs, total) = (configs.clone(), total.clone());
        Trial::test(format!("{name}-{seed:05}"), move || {
            let outcome = check(family, seed, &configs).map_err(Failed::from)?;
            let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
            total.compared += outcome.compared;
            total.misfits += outcome.misfits;
            total.declined += outcome.declined;
            Ok(())
        })
    };
    let families = [("kernel", Family::Flow), ("tiles", Family::Tiles)];
    let seeds = first..first + number("ANYWARP_FUZZ_CASES", 40);
    let cases = families.into_iter().flat_map(|(name, f)| seeds.clone().map(move |seed| (name, f, seed)));
    let trials = cases.map(trial).collect();
    let conclusion = libtest_mimic::run(&args, trials);
    let Outcome { compared, misfits, declined } = *total.lock().unwrap_or_else(PoisonError::into_inner);
    let share = 100.0 * f64::from(compared) / f64::from((compared + declined).max(1));
    println!("compared {compared} launches; engines declined {declined} ({share:.0}% accepted)");
    println!("forced gang widths that did not fit: {misfits}");
    conclusion.exit();
}
