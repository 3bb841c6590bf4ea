//! All memory that kernels may touch: the devices' arenas, pinned and registered host memory, mapped ranges.
//!
//! Invariant: one table for the whole process, so that an address means the same to every device (unified
//! addressing). Sizes are bytes.

mod arena;
pub mod ranges;

pub use arena::{Arena, CHUNK, GRANULE};

use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why an allocation failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AllocError {
    OutOfMemory,
    InvalidSize,
    AlreadyRegistered,
}

/// What a block of memory is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemoryKind {
    Device,
    Managed,
    /// Allocated by the stream-ordered allocator, from the pool of this number.
    Pool(u64),
    /// A module's variables.
    Module,
    /// The device heap, arrays, and what else the library holds for itself.
    Internal,
    /// Page-locked host memory, with its `CU_MEMHOSTALLOC_*` flags.
    Pinned(u32),
    /// The program's own memory, registered with `CU_MEMHOSTREGISTER_*` flags.
    Registered(u32),
    /// A mapped range of the virtual memory functions.
    Mapped,
}

/// What is known about a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag {
    pub kind: MemoryKind,
    /// The context that it belongs to.
    pub owner: u64,
    /// Unique in the process (`CU_POINTER_ATTRIBUTE_BUFFER_ID`).
    pub id: u64,
}

/// A live allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allocation {
    pub base: u64,
    pub size: u64,
    pub device: u32,
    pub tag: Tag,
}

impl Allocation {
    pub fn is_host(&self) -> bool {
        matches!(self.tag.kind, MemoryKind::Pinned(_) | MemoryKind::Registered(_))
    }

    /// Bytes from `addr` to the end.
    pub fn rest(&self, addr: u64) -> u64 {
        self.base + self.size - addr
    }
}

static ARENAS: RwLock<Vec<Arc<Arena>>> = RwLock::new(Vec::new());
/// Blocks outside the arenas, by start. `size` is what the program asked for.
static OUTSIDE: RwLock<BTreeMap<u64, Allocation>> = RwLock::new(BTreeMap::new());
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

pub(crate) fn add_arena(ordinal: u32, total: u64) -> Result<Arc<Arena>, AllocError> {
    let arena = Arc::new(Arena::reserve(ordinal, total)?);
    ARENAS.write().push(arena.clone());
    Ok(arena)
}

pub(crate) fn tag(kind: MemoryKind, owner: u64) -> Tag {
    Tag { kind, owner, id: NEXT_ID.fetch_add(1, Ordering::Relaxed) }
}

/// Allocates device memory for the context `owner`.
pub fn allocate(
    arena: &Arena,
    size: u64,
    align: u64,
    kind: MemoryKind,
    owner: u64,
) -> Result<u64, AllocError> {
    if size == 0 {
        return Err(AllocError::InvalidSize);
    }
    arena.allocate(size, align, tag(kind, owner))
}

/// Frees the device block that starts at `at`. `None` if none does.
pub fn free(at: u64) -> Option<u64> {
    let arena = arena_of(at)?;
    arena.free(at).map(|block| block.size)
}

/// Changes what the device block at `at` is.
pub fn set_kind(at: u64, kind: MemoryKind) {
    if let Some(arena) = arena_of(at) {
        arena.set_kind(at, kind);
    }
}

/// Frees every device block of the context `owner`.
pub fn free_all(arena: &Arena, owner: u64) {
    for at in arena.live_where(|tag| tag.owner == owner) {
        arena.free(at);
    }
}

/// The live allocation that holds `addr`.
pub fn find(addr: u64) -> Option<Allocation> {
    if let Some(arena) = arena_of(addr) {
        return arena.find(addr);
    }
    let table = OUTSIDE.read();
    let (_, block) = table.range(..=addr).next_back()?;
    (addr - block.base < block.size).then_some(*block)
}

/// Whether kernels may touch all of `len` bytes at `addr`. Device memory is judged by pages, as devices do.
pub fn accessible(addr: u64, len: u64) -> bool {
    {
        let arenas = ARENAS.read();
        if let Some(arena) = arenas.iter().find(|arena| arena.contains(addr)) {
            return arena.accessible(addr, len);
        }
    }
    let Some(end) = addr.checked_add(len.max(1)) else { return false };
    let table = OUTSIDE.read();
    let mut at = addr;
    // Neighbouring mapped ranges join.
    while at < end {
        let Some((_, block)) = table.range(..=at).next_back() else { return false };
        let limit = match block.tag.kind {
            MemoryKind::Pinned(_) => block.base + block.size.next_multiple_of(PAGE),
            _ => block.base + block.size,
        };
        if at >= limit {
            return false;
        }
        at = limit;
    }
    true
}

fn arena_of(addr: u64) -> Option<Arc<Arena>> {
    ARENAS.read().iter().find(|arena| arena.contains(addr)).cloned()
}

/// Host page size: pinned memory comes in pages.
pub const PAGE: u64 = 4096;

/// Allocates page-locked host memory.
pub fn allocate_host(size: u64, flags: u32, device: u32, owner: u64) -> Result<u64, AllocError> {
    if size == 0 {
        return Err(AllocError::InvalidSize);
    }
    let len =
        size.checked_next_multiple_of(PAGE).filter(|&len| len < 1 << 46).ok_or(AllocError::OutOfMemory)?;
    // SAFETY: a fresh private mapping; no existing memory is touched.
    let start = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            len as usize,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if start == libc::MAP_FAILED {
        return Err(AllocError::OutOfMemory);
    }
    if len >= CHUNK {
        // SAFETY: advice on the mapping made above.
        unsafe { libc::madvise(start, len as usize, libc::MADV_HUGEPAGE) };
    }
    let base = start as u64;
    insert_outside(Allocation { base, size, device, tag: tag(MemoryKind::Pinned(flags), owner) });
    Ok(base)
}

/// Frees page-locked host memory that starts at `at`.
pub fn free_host(at: u64) -> Option<()> {
    let block = {
        let mut table = OUTSIDE.write();
        let block = table.get(&at).filter(|block| matches!(block.tag.kind, MemoryKind::Pinned(_)))?;
        let block = *block;
        table.remove(&at);
        block
    };
    // SAFETY: the mapping was made by `allocate_host` with this rounded size, and left the table just now.
    unsafe { libc::munmap(at as *mut _, block.size.next_multiple_of(PAGE) as usize) };
    Some(())
}

/// Makes the program's own memory accessible to kernels.
pub fn register_host(at: u64, size: u64, flags: u32, device: u32, owner: u64) -> Result<(), AllocError> {
    if size == 0 || at == 0 || at.checked_add(size).is_none() {
        return Err(AllocError::InvalidSize);
    }
    if arena_of(at).is_some() {
        return Err(AllocError::InvalidSize);
    }
    let mut table = OUTSIDE.write();
    let before = table.range(..at + size).next_back();
    if before.is_some_and(|(_, block)| block.base + block.size > at) {
        return Err(AllocError::AlreadyRegistered);
    }
    table.insert(at, Allocation { base: at, size, device, tag: tag(MemoryKind::Registered(flags), owner) });
    Ok(())
}

/// Undoes `register_host`.
pub fn unregister_host(at: u64) -> Option<()> {
    let mut table = OUTSIDE.write();
    table.get(&at).filter(|block| matches!(block.tag.kind, MemoryKind::Registered(_)))?;
    table.remove(&at).map(|_| ())
}

/// Frees or forgets all host memory of the context `owner`.
pub fn free_all_host(owner: u64) {
    let blocks: Vec<Allocation> = OUTSIDE.read().values().filter(|b| b.tag.owner == owner).copied().collect();
    for block in blocks {
        match block.tag.kind {
            MemoryKind::Pinned(_) => free_host(block.base),
            MemoryKind::Registered(_) => unregister_host(block.base),
            _ => None,
        };
    }
}

pub(crate) fn insert_outside(block: Allocation) {
    OUTSIDE.write().insert(block.base, block);
}

pub(crate) fn remove_outside(at: u64) -> Option<Allocation> {
    OUTSIDE.write().remove(&at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_committed_found_and_returned() {
        let arena = add_arena(77, 1 << 30).unwrap();
        let at = allocate(&arena, 10 << 20, 1, MemoryKind::Device, 1).unwrap();
        assert_eq!(at % 512, 0);
        // SAFETY: the block was just allocated.
        unsafe { *(at as *mut u8).add((10 << 20) - 1) = 7 };
        assert!(accessible(at, 10 << 20));
        assert!(!accessible(at, 1 << 29), "beyond the committed chunks");
        assert_eq!(find(at + 5).unwrap().base, at);
        assert_eq!(free(at), Some(10 << 20));
        assert_eq!(free(at), None);
        assert!(!accessible(at + (4 << 20), 1));
        assert_eq!(allocate(&arena, 2 << 30, 1, MemoryKind::Device, 1), Err(AllocError::OutOfMemory));
        assert_eq!(allocate(&arena, 0, 1, MemoryKind::Device, 1), Err(AllocError::InvalidSize));
    }

    #[test]
    fn host_memory_is_registered_once() {
        let buffer = vec![0u8; 8192];
        let at = buffer.as_ptr() as u64;
        assert_eq!(register_host(at, 8192, 0, 0, 9), Ok(()));
        assert_eq!(register_host(at + 100, 10, 0, 0, 9), Err(AllocError::AlreadyRegistered));
        assert!(accessible(at + 8000, 192) && !accessible(at + 8000, 193));
        assert_eq!(unregister_host(at), Some(()));
        assert_eq!(unregister_host(at), None);
        let pinned = allocate_host(100, 3, 0, 9).unwrap();
        assert!(find(pinned + 99).is_some() && find(pinned + 100).is_none());
        assert_eq!(free_host(pinned + 1), None);
        free_all_host(9);
        assert!(find(pinned).is_none());
    }
}
