//! The layout of a gang: which threads are which lanes.

/// A gang is `chunks` vectors of `lanes` consecutive threads each, by linear thread index (x fastest). Gang `g` holds
/// the threads from `g * width()`. Both factors are powers of two.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct GangLayout {
    /// Threads per vector.
    pub lanes: u32,
    /// Vectors per gang: the interleave.
    pub chunks: u32,
    /// The CTA's dimensions.
    pub block: [u32; 3],
    /// Bytes of local memory per thread.
    pub local_bytes: u32,
}

impl GangLayout {
    /// Threads per gang.
    pub const fn width(&self) -> u32 {
        self.lanes * self.chunks
    }

    /// Threads per CTA.
    pub const fn threads(&self) -> u32 {
        self.block[0] * self.block[1] * self.block[2]
    }

    /// Gangs per CTA.
    pub const fn gangs(&self) -> u32 {
        self.threads().div_ceil(self.width())
    }

    /// Whether every gang is full, so that no lane starts switched off.
    pub const fn full(&self) -> bool {
        self.threads().is_multiple_of(self.width())
    }
}
