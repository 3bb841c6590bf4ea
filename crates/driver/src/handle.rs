//! Handles: integers that stand for objects, checked at every use.
//!
//! Invariant: a handle that was never given out, or whose object is gone, is told from a live one; no handle is ever
//! dereferenced. The low four bits are zero and no handle is small, so that special values (0, 1, 2) stay free.

use parking_lot::RwLock;
use std::sync::Arc;

/// Live objects of one kind.
pub struct Table<T> {
    kind: u8,
    slots: RwLock<Slots<T>>,
}

struct Slots<T> {
    list: Vec<Slot<T>>,
    free: Vec<u32>,
}

struct Slot<T> {
    generation: u32,
    object: Option<Arc<T>>,
}

const INDEX_BITS: u32 = 24;
const GENERATION_MASK: u32 = 0xfff;

impl<T> Table<T> {
    /// `kind` tells the tables apart: a stream is no event.
    pub const fn new(kind: u8) -> Table<T> {
        Table { kind, slots: RwLock::new(Slots { list: Vec::new(), free: Vec::new() }) }
    }

    /// Adds what `make` returns for its handle.
    pub fn insert(&self, make: impl FnOnce(usize) -> Arc<T>) -> (usize, Arc<T>) {
        let mut slots = self.slots.write();
        let index = slots.free.pop().unwrap_or(slots.list.len() as u32);
        if index as usize == slots.list.len() {
            slots.list.push(Slot { generation: 1, object: None });
        }
        let slot = &mut slots.list[index as usize];
        let handle = self.encode(index, slot.generation);
        let object = make(handle);
        slot.object = Some(object.clone());
        (handle, object)
    }

    /// The object, if the handle is live.
    pub fn get(&self, handle: usize) -> Option<Arc<T>> {
        let (index, generation) = self.decode(handle)?;
        let slots = self.slots.read();
        let slot = slots.list.get(index as usize)?;
        if slot.generation & GENERATION_MASK != generation {
            return None;
        }
        slot.object.clone()
    }

    /// Ends a handle's life.
    pub fn remove(&self, handle: usize) -> Option<Arc<T>> {
        let (index, generation) = self.decode(handle)?;
        let mut slots = self.slots.write();
        let slot = slots.list.get_mut(index as usize)?;
        if slot.generation & GENERATION_MASK != generation {
            return None;
        }
        let object = slot.object.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        slots.free.push(index);
        Some(object)
    }

    /// Puts another object behind a live handle.
    pub fn replace(&self, handle: usize, object: Arc<T>) {
        let Some((index, _)) = self.decode(handle) else { return };
        if let Some(slot) = self.slots.write().list.get_mut(index as usize) {
            slot.object = Some(object);
        }
    }

    /// All live objects.
    pub fn all(&self) -> Vec<Arc<T>> {
        self.slots.read().list.iter().filter_map(|slot| slot.object.clone()).collect()
    }

    fn encode(&self, index: u32, generation: u32) -> usize {
        let tag =
            usize::from(self.kind) << 40 | ((generation & GENERATION_MASK) as usize) << (INDEX_BITS + 4);
        tag | (index as usize) << 4
    }

    fn decode(&self, handle: usize) -> Option<(u32, u32)> {
        let kind = handle >> 40;
        if kind != usize::from(self.kind) || handle & 0xf != 0 {
            return None;
        }
        let index = (handle >> 4) & ((1 << INDEX_BITS) - 1);
        let generation = (handle >> (INDEX_BITS + 4)) as u32 & GENERATION_MASK;
        Some((index as u32, generation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_and_foreign_handles_are_refused() {
        let (streams, events) = (Table::new(0x51), Table::new(0x52));
        let (stream, _) = streams.insert(|_| Arc::new(1));
        let (event, _) = events.insert(|_| Arc::new(2));
        assert_eq!(streams.get(stream).as_deref(), Some(&1));
        assert!(
            streams.get(event).is_none() && streams.get(0).is_none() && streams.get(usize::MAX).is_none()
        );
        assert!(streams.remove(stream).is_some() && streams.remove(stream).is_none());
        let (next, _) = streams.insert(|_| Arc::new(3));
        assert_ne!(next, stream, "the slot is used again under another handle");
        assert!(streams.get(stream).is_none());
    }
}
