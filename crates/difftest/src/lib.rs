//! Differential tests of engines: every pure op against its definition ([`ops`]), and generated kernels against the
//! reference engine ([`generate`], [`tiles`], [`fuzz`]). Everything is drawn from fixed seeds.

mod collective;
pub mod flow;
pub mod fuzz;
pub mod generate;
pub mod graph;
pub mod lanes;
pub mod ops;
pub mod reduce;
pub mod scope;
mod tangle;
pub mod tape;
pub mod tiles;
