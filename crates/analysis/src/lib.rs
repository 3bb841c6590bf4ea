//! Read-only analyses of IR functions. An analysis returns side tables indexed by block or value and changes nothing.
#![forbid(unsafe_code)]

pub mod alignment;
pub mod cfg;
pub mod dom;
pub mod gang;
pub mod groups;
pub mod liveness;
pub mod natural;
pub mod pattern;
pub mod places;
pub mod pressure;
pub mod range;
pub mod region;
pub mod runs;
pub mod scc;
pub mod shape;
pub mod uniformity;

pub use cfg::Cfg;
pub use dom::DomTree;
pub use gang::GangLayout;
pub use region::{Fragment, FragmentId, Regions};
pub use shape::Shape;
pub use uniformity::{Uniformity, uniformity};
