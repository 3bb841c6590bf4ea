//! The engine configurations that every filetest runs on.

use engine::Engine;
use interp::{Interp, Schedule};

/// An engine with the options it is to compile with.
pub struct Config {
    /// Part of the test's name: `interp`, `cpu-g8-O2`.
    pub name: String,
    pub engine: Box<dyn Engine>,
    pub gang: Option<u32>,
    pub opt_level: u8,
}

/// Every configuration, cheapest first.
pub fn all() -> Vec<Config> {
    let interp = |name: &str, schedule| Config {
        name: name.into(),
        engine: Box::new(Interp { schedule }),
        gang: None,
        opt_level: 0,
    };
    vec![interp("interp", Schedule::RoundRobin), interp("interp-random", Schedule::Random(1))]
}
