//! The memory of one device: a reserved address range, committed in chunks as allocations need them.
//!
//! Invariant: a chunk is readable and writable exactly while its bit in `committed` is set, and every byte of a live
//! block lies in committed chunks. Device addresses are host addresses.

use super::ranges::{Block, Ranges};
use super::{AllocError, Allocation, MemoryKind, Tag};
use crate::profile::host;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Commit granularity: the page size of CUDA's devices, and of transparent huge pages.
pub const CHUNK: u64 = 2 << 20;
/// Alignment of every allocation (CUDA C++ Programming Guide 5.3.2: at least 256 bytes).
pub const GRANULE: u64 = 256;
/// Chunks that stay committed after small blocks leave them, so that small blocks come and go cheaply.
const SPARE_CHUNKS: usize = 32;
/// Address space that a device takes beyond its memory: room for fragmentation.
const SLACK: u64 = 2;

/// The memory of one device.
pub struct Arena {
    pub ordinal: u32,
    base: u64,
    reserved: u64,
    total: u64,
    committed: Box<[AtomicU64]>,
    state: Mutex<State>,
}

struct State {
    ranges: Ranges<Tag>,
    /// Live blocks per chunk.
    users: Vec<u32>,
    /// Number of committed chunks without live blocks.
    spare: usize,
    committed_bytes: u64,
    /// Most bytes that the host can give, learnt when the arena was made.
    limit: u64,
}

impl Arena {
    /// Reserves the range; commits nothing.
    pub(super) fn reserve(ordinal: u32, total: u64) -> Result<Arena, AllocError> {
        let total = total.next_multiple_of(CHUNK);
        let (mut start, mut reserved) = (libc::MAP_FAILED, 0);
        for want in [total.saturating_mul(SLACK), total, total / 4] {
            reserved = want.next_multiple_of(CHUNK);
            // SAFETY: a fresh private mapping; no existing memory is touched.
            start = unsafe {
                libc::mmap(
                    std::ptr::null_mut(),
                    (reserved + CHUNK) as usize,
                    libc::PROT_NONE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                    -1,
                    0,
                )
            };
            if start != libc::MAP_FAILED {
                break;
            }
        }
        if start == libc::MAP_FAILED {
            return Err(AllocError::OutOfMemory);
        }
        let base = (start as u64).next_multiple_of(CHUNK);
        // SAFETY: the range was mapped above; advice on it changes no contents.
        unsafe { libc::madvise(base as *mut _, reserved as usize, libc::MADV_HUGEPAGE) };
        let chunks = (reserved / CHUNK) as usize;
        Ok(Arena {
            ordinal,
            base,
            reserved,
            total,
            committed: (0..chunks.div_ceil(64)).map(|_| AtomicU64::new(0)).collect(),
            state: Mutex::new(State {
                ranges: Ranges::new(base, reserved, GRANULE),
                users: vec![0; chunks],
                spare: 0,
                committed_bytes: 0,
                limit: host::available().min(total),
            }),
        })
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    /// Bytes that can still be allocated: what the profile has left, and no more than the host can give.
    pub fn free_bytes(&self) -> u64 {
        let state = self.state.lock();
        let by_profile = self.total.saturating_sub(state.ranges.used());
        by_profile.min(state.limit.saturating_sub(state.committed_bytes - spare_bytes(&state)))
    }

    pub fn contains(&self, addr: u64) -> bool {
        addr.wrapping_sub(self.base) < self.reserved
    }

    /// Whether all of `len` bytes at `addr` are committed. Lock-free.
    pub fn accessible(&self, addr: u64, len: u64) -> bool {
        let offset = addr.wrapping_sub(self.base);
        let Some(end) = offset.checked_add(len.max(1)) else { return false };
        if offset >= self.reserved || end > self.reserved {
            return false;
        }
        (offset / CHUNK..=(end - 1) / CHUNK).all(|chunk| {
            let word = self.committed[chunk as usize / 64].load(Ordering::Relaxed);
            word >> (chunk % 64) & 1 == 1
        })
    }

    pub(super) fn allocate(&self, size: u64, align: u64, tag: Tag) -> Result<u64, AllocError> {
        // Large blocks start at 512 bytes, as texture and pitch code of programs expects.
        let align = if size >= 1 << 16 { align.max(512) } else { align };
        let mut state = self.state.lock();
        if size > self.total || state.ranges.used() + size > self.total {
            return Err(AllocError::OutOfMemory);
        }
        let at = state.ranges.allocate(size, align, tag).ok_or(AllocError::OutOfMemory)?;
        if let Err(error) = self.commit(&mut state, at, size.max(1)) {
            state.ranges.free(at);
            return Err(error);
        }
        Ok(at)
    }

    pub(super) fn free(&self, at: u64) -> Option<Block<Tag>> {
        let mut state = self.state.lock();
        let block = state.ranges.free(at)?;
        self.release(&mut state, at, block.size.max(1));
        Some(block)
    }

    pub(super) fn find(&self, addr: u64) -> Option<Allocation> {
        let state = self.state.lock();
        let (base, block) = state.ranges.find(addr)?;
        Some(Allocation { base, size: block.size, device: self.ordinal, tag: block.tag })
    }

    pub(super) fn set_kind(&self, at: u64, kind: MemoryKind) {
        if let Some(tag) = self.state.lock().ranges.tag_mut(at) {
            tag.kind = kind;
        }
    }

    /// Starts of the live blocks whose tag `keep` accepts.
    pub(super) fn live_where(&self, keep: impl Fn(&Tag) -> bool) -> Vec<u64> {
        self.state.lock().ranges.live().filter(|(_, block)| keep(&block.tag)).map(|(at, _)| at).collect()
    }

    fn chunks(&self, at: u64, size: u64) -> std::ops::RangeInclusive<usize> {
        let offset = at - self.base;
        (offset / CHUNK) as usize..=((offset + size - 1) / CHUNK) as usize
    }

    fn is_committed(&self, chunk: usize) -> bool {
        self.committed[chunk / 64].load(Ordering::Relaxed) >> (chunk % 64) & 1 == 1
    }

    /// Makes the chunks of a new block accessible and counts it in them.
    fn commit(&self, state: &mut State, at: u64, size: u64) -> Result<(), AllocError> {
        let chunks = self.chunks(at, size);
        let missing = chunks.clone().filter(|&c| !self.is_committed(c)).count() as u64;
        if state.committed_bytes - spare_bytes(state) + missing * CHUNK > state.limit {
            return Err(AllocError::OutOfMemory);
        }
        for run in runs(chunks.clone().filter(|&c| !self.is_committed(c))) {
            let start = self.base + run.start as u64 * CHUNK;
            let len = run.len() * CHUNK as usize;
            // SAFETY: the chunks lie in our reservation and hold no live block.
            let failed = unsafe { libc::mprotect(start as *mut _, len, libc::PROT_READ | libc::PROT_WRITE) };
            if failed != 0 {
                return Err(AllocError::OutOfMemory);
            }
            for chunk in run {
                self.committed[chunk / 64].fetch_or(1 << (chunk % 64), Ordering::Relaxed);
                state.committed_bytes += CHUNK;
                state.spare += 1;
            }
        }
        for chunk in chunks {
            // Committed by now, so it was spare until this block came.
            state.spare -= usize::from(state.users[chunk] == 0);
            state.users[chunk] += 1;
        }
        Ok(())
    }

    /// Counts a block out of its chunks and returns empty ones to the host, but for a few after small blocks.
    fn release(&self, state: &mut State, at: u64, size: u64) {
        let mut empty = Vec::new();
        for chunk in self.chunks(at, size) {
            state.users[chunk] -= 1;
            if state.users[chunk] != 0 {
                continue;
            }
            if size < CHUNK && state.spare < SPARE_CHUNKS {
                state.spare += 1;
            } else {
                empty.push(chunk);
            }
        }
        for run in runs(empty.into_iter()) {
            let start = self.base + run.start as u64 * CHUNK;
            let len = run.len() * CHUNK as usize;
            for chunk in run {
                self.committed[chunk / 64].fetch_and(!(1 << (chunk % 64)), Ordering::Relaxed);
                state.committed_bytes -= CHUNK;
            }
            // SAFETY: the chunks lie in our reservation and hold no live block.
            unsafe {
                libc::madvise(start as *mut _, len, libc::MADV_DONTNEED);
                libc::mprotect(start as *mut _, len, libc::PROT_NONE);
            }
        }
    }
}

fn spare_bytes(state: &State) -> u64 {
    state.spare as u64 * CHUNK
}

/// Maximal runs of consecutive numbers of an ascending sequence.
fn runs(numbers: impl Iterator<Item = usize>) -> Vec<std::ops::Range<usize>> {
    let mut list: Vec<std::ops::Range<usize>> = Vec::new();
    for number in numbers {
        match list.last_mut() {
            Some(run) if run.end == number => run.end += 1,
            _ => list.push(number..number + 1),
        }
    }
    list
}
