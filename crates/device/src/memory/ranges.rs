//! An allocator of address ranges: best fit, every operation O(log n).
//!
//! Invariant: free extents never touch each other and, with the live blocks, cover the whole range. Touches no memory.

use std::collections::{BTreeMap, BTreeSet};

/// Free and live parts of one address range.
pub struct Ranges<T> {
    granule: u64,
    free_at: BTreeMap<u64, u64>,
    free_by_size: BTreeSet<(u64, u64)>,
    live: BTreeMap<u64, Block<T>>,
    used: u64,
}

/// A live block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<T> {
    /// What the caller asked for.
    pub size: u64,
    /// `size` rounded up to the granule.
    pub extent: u64,
    pub tag: T,
}

impl<T> Ranges<T> {
    /// `base` and `size` are multiples of `granule`, a power of two.
    pub fn new(base: u64, size: u64, granule: u64) -> Ranges<T> {
        let mut ranges = Ranges {
            granule,
            free_at: BTreeMap::new(),
            free_by_size: BTreeSet::new(),
            live: BTreeMap::new(),
            used: 0,
        };
        ranges.add_free(base, size);
        ranges
    }

    /// Bytes in live blocks, rounded to granules.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Takes the smallest free extent that holds `size` bytes at a multiple of `align`.
    pub fn allocate(&mut self, size: u64, align: u64, tag: T) -> Option<u64> {
        let extent = size.max(1).checked_next_multiple_of(self.granule)?;
        let align = align.max(self.granule);
        let place = |&(len, at): &(u64, u64)| {
            let start = at.checked_next_multiple_of(align)?;
            (start - at).checked_add(extent).filter(|&need| need <= len).map(|_| (len, at, start))
        };
        let (len, at, start) = self.free_by_size.range((extent, 0)..).find_map(place)?;
        self.remove_free(at, len);
        if start > at {
            self.add_free(at, start - at);
        }
        let end = at + len;
        if start + extent < end {
            self.add_free(start + extent, end - start - extent);
        }
        self.used += extent;
        self.live.insert(start, Block { size, extent, tag });
        Some(start)
    }

    /// Gives back the block that starts at `at`; `None` if none does.
    pub fn free(&mut self, at: u64) -> Option<Block<T>> {
        let block = self.live.remove(&at)?;
        self.used -= block.extent;
        let (mut start, mut len) = (at, block.extent);
        if let Some((&before, &before_len)) = self.free_at.range(..at).next_back()
            && before + before_len == at
        {
            self.remove_free(before, before_len);
            start = before;
            len += before_len;
        }
        if let Some(&after_len) = self.free_at.get(&(at + block.extent)) {
            self.remove_free(at + block.extent, after_len);
            len += after_len;
        }
        self.add_free(start, len);
        Some(block)
    }

    /// The block that holds `addr`, with its start.
    pub fn find(&self, addr: u64) -> Option<(u64, &Block<T>)> {
        let (&start, block) = self.live.range(..=addr).next_back()?;
        (addr - start < block.size.max(1)).then_some((start, block))
    }

    /// Changes the tag of the block that starts at `at`.
    pub fn tag_mut(&mut self, at: u64) -> Option<&mut T> {
        self.live.get_mut(&at).map(|block| &mut block.tag)
    }

    /// All live blocks by address.
    pub fn live(&self) -> impl Iterator<Item = (u64, &Block<T>)> {
        self.live.iter().map(|(&at, block)| (at, block))
    }

    fn add_free(&mut self, at: u64, len: u64) {
        self.free_at.insert(at, len);
        self.free_by_size.insert((len, at));
    }

    fn remove_free(&mut self, at: u64, len: u64) {
        self.free_at.remove(&at);
        self.free_by_size.remove(&(len, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_extents_merge_with_both_neighbours() {
        let mut ranges = Ranges::new(0x1000, 0x1000, 0x100);
        let blocks: Vec<u64> = (0..16).map(|i| ranges.allocate(0x100, 0x100, i).unwrap()).collect();
        assert_eq!(ranges.allocate(1, 1, 99), None);
        for &at in blocks.iter().step_by(2).chain(blocks.iter().skip(1).step_by(2)) {
            assert!(ranges.free(at).is_some());
            assert!(ranges.free(at).is_none(), "a second free is refused");
        }
        assert_eq!(ranges.used(), 0);
        assert_eq!(ranges.allocate(0x1000, 0x1000, 0), Some(0x1000));
    }

    #[test]
    fn best_fit_and_alignment() {
        let mut ranges = Ranges::new(0x10000, 0x10000, 0x100);
        let a = ranges.allocate(0x300, 0x100, ()).unwrap();
        let _b = ranges.allocate(0x100, 0x100, ()).unwrap();
        ranges.free(a);
        assert_eq!(ranges.allocate(0x200, 0x100, ()), Some(a), "the hole fits better than the tail");
        assert_eq!(ranges.allocate(0x100, 0x4000, ()).unwrap() % 0x4000, 0);
        assert_eq!(ranges.find(a + 0x1ff).unwrap().0, a);
        assert!(ranges.find(a + 0x200).is_none());
        assert!(ranges.allocate(u64::MAX - 5, 1, ()).is_none());
    }
}
