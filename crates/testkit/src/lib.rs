//! For tests of engines: a device in miniature ([`TestHost`]), a grid runner, and the engine configurations that
//! everything is tested on. Knows nothing of PTX.

pub mod engines;
pub mod grid;
pub mod host;
pub mod launch;

pub use engines::Config;
pub use host::TestHost;
