//! Virtual memory functions: address ranges, physical memory, and mappings of one in the other.
//!
//! Invariant: physical memory is a memfd, so one piece may be mapped at several places; kernels may touch a mapping
//! once access was set.

use crate::memory::{self, AllocError, Allocation, CHUNK, MemoryKind};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::Arc;

/// Granularity of sizes and addresses.
pub const GRANULARITY: u64 = CHUNK;

/// Physical memory without an address.
pub struct Physical {
    fd: OwnedFd,
    pub size: u64,
    pub device: u32,
}

/// Access of a mapping.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    None,
    Read,
    ReadWrite,
}

struct Mapping {
    size: u64,
    physical: Arc<Physical>,
    access: Access,
}

#[derive(Default)]
struct State {
    reserved: BTreeMap<u64, u64>,
    mapped: BTreeMap<u64, Mapping>,
}

static STATE: Mutex<State> = Mutex::new(State { reserved: BTreeMap::new(), mapped: BTreeMap::new() });

/// Reserves `size` bytes of addresses at a multiple of `align`.
pub fn reserve(size: u64, align: u64) -> Result<u64, AllocError> {
    if size == 0 || !size.is_multiple_of(GRANULARITY) || !(align == 0 || align.is_power_of_two()) {
        return Err(AllocError::InvalidSize);
    }
    let align = align.max(GRANULARITY);
    let len = size.checked_add(align).filter(|&len| len < 1 << 46).ok_or(AllocError::OutOfMemory)?;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a fresh mapping; no existing memory is touched.
    let start = unsafe { libc::mmap(std::ptr::null_mut(), len as usize, libc::PROT_NONE, flags, -1, 0) };
    if start == libc::MAP_FAILED {
        return Err(AllocError::OutOfMemory);
    }
    let base = (start as u64).next_multiple_of(align);
    let (head, tail) = (base - start as u64, start as u64 + len - base - size);
    // SAFETY: the cut-off ends belong to the mapping made above.
    unsafe {
        if head > 0 {
            libc::munmap(start, head as usize);
        }
        if tail > 0 {
            libc::munmap((base + size) as *mut _, tail as usize);
        }
    }
    STATE.lock().reserved.insert(base, size);
    Ok(base)
}

/// Gives back a whole reservation that holds no mapping. False if `at` and `size` are not one.
pub fn release_range(at: u64, size: u64) -> bool {
    let mut state = STATE.lock();
    if state.reserved.get(&at) != Some(&size) || state.mapped.range(at..at + size).next().is_some() {
        return false;
    }
    state.reserved.remove(&at);
    // SAFETY: the reservation is ours and unmapped.
    unsafe { libc::munmap(at as *mut _, size as usize) };
    true
}

/// Makes physical memory.
pub fn create(size: u64, device: u32) -> Result<Arc<Physical>, AllocError> {
    if size == 0 || !size.is_multiple_of(GRANULARITY) {
        return Err(AllocError::InvalidSize);
    }
    if size > crate::profile::host::available() {
        return Err(AllocError::OutOfMemory);
    }
    // SAFETY: a constant name; the descriptor is checked below.
    let fd = unsafe { libc::memfd_create(c"anywarp".as_ptr(), libc::MFD_CLOEXEC) };
    if fd < 0 {
        return Err(AllocError::OutOfMemory);
    }
    // SAFETY: the descriptor is fresh and ours.
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    // SAFETY: the descriptor is open.
    if unsafe { libc::ftruncate(fd.as_raw_fd(), size as i64) } != 0 {
        return Err(AllocError::OutOfMemory);
    }
    Ok(Arc::new(Physical { fd, size, device }))
}

/// Maps all or part of `physical` at `at`, without access. False if the range is not reserved or already mapped.
pub fn map(at: u64, size: u64, offset: u64, physical: &Arc<Physical>) -> bool {
    let mut state = STATE.lock();
    let Some(end) = at.checked_add(size) else { return false };
    let reserved = state.reserved.range(..=at).next_back().is_some_and(|(&base, &len)| end <= base + len);
    let free = state.mapped.range(..end).next_back().is_none_or(|(&base, m)| base + m.size <= at);
    let aligned = size > 0 && [at, size, offset].iter().all(|n| n.is_multiple_of(GRANULARITY));
    if !reserved || !free || !aligned || offset.checked_add(size).is_none_or(|end| end > physical.size) {
        return false;
    }
    let flags = libc::MAP_SHARED | libc::MAP_FIXED;
    let fd = physical.fd.as_raw_fd();
    // SAFETY: the target lies in our reservation and holds no mapping.
    let got = unsafe { libc::mmap(at as *mut _, size as usize, libc::PROT_NONE, flags, fd, offset as i64) };
    if got == libc::MAP_FAILED {
        return false;
    }
    state.mapped.insert(at, Mapping { size, physical: physical.clone(), access: Access::None });
    true
}

/// Undoes all mappings in a range that starts and ends with mappings. False if it does not.
pub fn unmap(at: u64, size: u64) -> bool {
    let mut state = STATE.lock();
    let Some(keys) = covered(&state, at, size) else { return false };
    for key in keys {
        if let Some(mapping) = state.mapped.remove(&key) {
            memory::remove_outside(key);
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_FIXED;
            // SAFETY: replaces our own mapping by an inaccessible one: the reservation stays.
            unsafe { libc::mmap(key as *mut _, mapping.size as usize, libc::PROT_NONE, flags, -1, 0) };
        }
    }
    true
}

/// Sets the access of all mappings in a range that starts and ends with mappings.
pub fn set_access(at: u64, size: u64, access: Access, owner: u64) -> bool {
    let mut state = STATE.lock();
    let Some(keys) = covered(&state, at, size) else { return false };
    let protection = match access {
        Access::None => libc::PROT_NONE,
        Access::Read => libc::PROT_READ,
        Access::ReadWrite => libc::PROT_READ | libc::PROT_WRITE,
    };
    // SAFETY: the range is covered by our mappings.
    if unsafe { libc::mprotect(at as *mut _, size as usize, protection) } != 0 {
        return false;
    }
    for key in keys {
        let Some(mapping) = state.mapped.get_mut(&key) else { continue };
        mapping.access = access;
        let (size, device) = (mapping.size, mapping.physical.device);
        match access {
            Access::None => {
                memory::remove_outside(key);
            }
            _ => memory::insert_outside(Allocation {
                base: key,
                size,
                device,
                tag: memory::tag(MemoryKind::Mapped, owner),
            }),
        }
    }
    true
}

/// The access of the mapping that holds `at`.
pub fn access(at: u64) -> Option<Access> {
    let state = STATE.lock();
    let (&base, mapping) = state.mapped.range(..=at).next_back()?;
    (at - base < mapping.size).then_some(mapping.access)
}

/// The physical memory mapped at `at`.
pub fn physical_at(at: u64) -> Option<Arc<Physical>> {
    let state = STATE.lock();
    let (&base, mapping) = state.mapped.range(..=at).next_back()?;
    (at - base < mapping.size).then(|| mapping.physical.clone())
}

/// Starts of the mappings that exactly cover the range.
fn covered(state: &State, at: u64, size: u64) -> Option<Vec<u64>> {
    let end = at.checked_add(size).filter(|_| size > 0)?;
    let mut next = at;
    let mut keys = Vec::new();
    while next < end {
        let mapping = state.mapped.get(&next)?;
        keys.push(next);
        next += mapping.size;
    }
    (next == end).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_physical_memory_at_two_places() {
        let at = reserve(2 * GRANULARITY, 0).unwrap();
        let physical = create(GRANULARITY, 0).unwrap();
        assert!(map(at, GRANULARITY, 0, &physical) && map(at + GRANULARITY, GRANULARITY, 0, &physical));
        assert!(!map(at, GRANULARITY, 0, &physical), "already mapped");
        assert!(!memory::accessible(at, 4));
        assert!(set_access(at, 2 * GRANULARITY, Access::ReadWrite, 1));
        assert!(memory::accessible(at, 2 * GRANULARITY));
        // SAFETY: both places are mapped and writable.
        let seen = unsafe {
            *(at as *mut u32) = 42;
            *((at + GRANULARITY) as *const u32)
        };
        assert_eq!(seen, 42);
        assert!(!release_range(at, 2 * GRANULARITY), "still mapped");
        assert!(unmap(at, 2 * GRANULARITY));
        assert!(!memory::accessible(at, 4));
        assert!(release_range(at, 2 * GRANULARITY));
    }
}
