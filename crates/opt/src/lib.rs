//! Optimisation passes over IR. A pass is a function over one [`ir::Function`] that keeps it valid and keeps its
//! meaning for every schedule of threads; it reports whether it changed anything.
#![forbid(unsafe_code)]

pub mod addresses;
pub mod bounds;
pub mod cfg_simplify;
mod copies;
pub mod dce;
mod ends;
pub mod fold;
pub mod guards;
pub mod inline;
pub mod interior;
mod irregular;
pub mod joined;
mod linear;
pub mod loads_first;
pub mod loop_slots;
pub mod masks;
mod pieces;
pub mod printf_arguments;
pub mod promote;
pub mod rejoin;
pub mod repeats;
pub mod runs;
pub mod side_by_side;
pub mod spaces;
pub mod split_returns;
pub mod sums;
pub mod unroll;
pub mod unused_slots;
pub mod walks;

/// Whether a pass changed the function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    No,
    Yes,
}

impl Changed {
    pub fn from_bool(changed: bool) -> Changed {
        if changed { Changed::Yes } else { Changed::No }
    }

    pub fn or(self, other: Changed) -> Changed {
        if self == Changed::Yes { self } else { other }
    }
}

/// Folds, simplifies control flow and removes dead code until nothing changes.
pub fn clean_up(func: &mut ir::Function) {
    loop {
        let mut changed = fold::run(func);
        changed = changed.or(cfg_simplify::run(func));
        changed = changed.or(dce::run(func));
        if changed == Changed::No {
            return;
        }
    }
}

/// All that makes a function smaller and more regular. Slots that hold addresses show what these are only once they are
/// values, so that it goes in rounds.
pub fn optimise(func: &mut ir::Function) {
    clean_up(func);
    for _ in 0..4 {
        let changed = spaces::run(func).or(printf_arguments::run(func)).or(promote::run(func));
        if changed == Changed::No {
            break;
        }
        clean_up(func);
    }
    unused_slots::run(func);
    if masks::run(func) == Changed::Yes {
        clean_up(func);
    }
}
