//! Lanes that walk through random control flow. `ANYWARP_WALKS` says how many graphs (10,000), `ANYWARP_FUZZ_FIRST` from
//! which seed (0).

use difftest::graph::{Exits, graph};
use difftest::lanes::check;
use difftest::tape::{Tape, random, shrink};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn walk(numbers: &[u64]) -> Result<(), String> {
    let tape = &mut Tape::new(numbers);
    let exits = if tape.one_in(3) { Exits::Yes } else { Exits::No };
    let ends = graph(tape, exits);
    check(&ends, tape).map_err(|why| format!("{why}\n{}", show(&ends)))
}

fn show(ends: &[difftest::graph::End]) -> String {
    ends.iter().enumerate().map(|(i, end)| format!("  node {i}, bb{}: {end:?}\n", i + 1)).collect()
}

#[test]
fn lanes_come_through_any_control_flow() {
    let first = number("ANYWARP_FUZZ_FIRST", 0);
    for seed in first..first + number("ANYWARP_WALKS", 10_000) {
        let numbers = random(seed, 400);
        if walk(&numbers).is_err() {
            let small = shrink(numbers, 4000, |tape| walk(tape).is_err());
            panic!("seed {seed}: {}", walk(&small).unwrap_err());
        }
    }
}
