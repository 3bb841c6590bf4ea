//! Constants and field offsets of the container. Little-endian throughout.

/// First word of a container.
pub const MAGIC: u32 = 0xBA55_ED50;
/// First word of the wrapper structure (`{u32 magic, u32 version, void *data, void *unused}`) that a program registers.
pub const WRAPPER_MAGIC: u32 = 0x4662_43B1;
pub const HEADER_LEN: usize = 16;
pub const ENTRY_HEADER_LEN: usize = 64;
/// Largest program that is decompressed. The largest known fat binary entries hold tens of megabytes.
pub const MAX_UNCOMPRESSED: u64 = 1 << 30;

pub(crate) const CONTAINER_VERSION: u16 = 1;
pub(crate) const ENTRY_VERSION: u16 = 0x0101;

pub(crate) const FLAG_64BIT: u64 = 0x1;
pub(crate) const FLAG_LINUX: u64 = 0x10;
pub(crate) const FLAG_LZ4: u64 = 0x2000;
pub(crate) const FLAG_ZSTD: u64 = 0x8000;

/// What an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ptx,
    /// A machine-code image (cubin).
    Elf,
    Other(u16),
}

impl Kind {
    pub(crate) fn from_code(code: u16) -> Kind {
        match code {
            1 => Kind::Ptx,
            2 => Kind::Elf,
            other => Kind::Other(other),
        }
    }

    pub(crate) fn code(self) -> u16 {
        match self {
            Kind::Ptx => 1,
            Kind::Elf => 2,
            Kind::Other(code) => code,
        }
    }
}
