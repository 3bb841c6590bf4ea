//! Rows: slots whose elements lie lane beside lane.
//!
//! In a thread's own window an element of a slot is as far from the next thread's as the window is long: an access by a
//! gang gathers. A slot that does not escape may lie as *cells* instead: cell `i` of the lanes of a chunk is one vector,
//! so that an access at an index that the lanes share is a vector load or store. Addresses in the function stay what
//! they are, offsets in one thread's copy: only loads and stores know where the bytes are.

use analysis::places::{self, Places};
use analysis::{Cfg, GangLayout};
use engine::layout::FrameLayout;
use ir::{Function, Inst, Slot, Space, Type, Value};

/// Larger slots stay in the windows, and so do those beyond this many bytes of cells.
const LARGEST: u64 = 64 << 10;

/// How a slot's bytes lie in cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cells {
    /// Every access is of elements of this many bytes: a cell each. Those of less than 4 bytes fill cells of 4.
    Elements(u32),
    /// Accesses differ: cells are words of 4 bytes, of which an access takes several, or a part.
    Words,
}

impl Cells {
    /// Bytes of a cell.
    pub fn bytes(self) -> u32 {
        match self {
            Cells::Elements(n) => n.max(4),
            Cells::Words => 4,
        }
    }

    /// Bytes of cells for each byte of the slot.
    pub fn scale(self) -> u32 {
        match self {
            Cells::Elements(n) => self.bytes() / n,
            Cells::Words => 1,
        }
    }
}

/// The slots of a kernel that lie as rows.
pub struct Rows {
    places: Places,
    slots: Vec<Option<Row>>,
    /// Bytes of cells for each thread, a multiple of 64.
    pub bytes: u32,
}

/// Where a slot lies: behind `at` bytes of cells for each thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    pub cells: Cells,
    pub at: u32,
}

impl Rows {
    /// Bytes from the first window to the rows.
    pub fn offset(layout: &GangLayout) -> u64 {
        (u64::from(layout.gangs() * layout.width()) * u64::from(layout.local_bytes)).next_multiple_of(64)
    }

    /// Where the slot lies that an address leads into; `None` if that is in the thread's window.
    pub fn of(&self, space: Space, addr: Value) -> Option<Row> {
        let (slot, _) = self.places.of(addr).filter(|p| space == Space::Local && !p.generic)?.slot?;
        self.slots[slot.index()]
    }
}

/// Places the slots of a kernel: in the window's frame, or in rows, where addresses begin at 0 in each slot.
pub fn plan(func: &Function, cfg: &Cfg) -> (FrameLayout, Rows) {
    let places = places::compute(func, cfg);
    let cells = choose(func, cfg, &places);
    let mut left = func.slots.clone();
    let mut at = 0u64;
    let mut slots = vec![None; left.len()];
    for ((slot, left), cells) in slots.iter_mut().zip(&mut left).zip(cells) {
        let Some(cells) = cells else { continue };
        let bytes = left.size.next_multiple_of(8) * u64::from(cells.scale());
        if at + bytes > LARGEST {
            continue;
        }
        *slot = Some(Row { cells, at: at as u32 });
        at += bytes;
        (left.size, left.align) = (0, 1);
    }
    let mut frame = FrameLayout::of_slots(&left);
    for (offset, slot) in frame.offsets.iter_mut().zip(&slots) {
        if slot.is_some() {
            *offset = 0;
        }
    }
    (frame, Rows { places, slots, bytes: at.next_multiple_of(64) as u32 })
}

/// By slot: how it may lie in cells.
fn choose(func: &Function, cfg: &Cfg, places: &Places) -> Vec<Option<Cells>> {
    let mut elements: Vec<Vec<u32>> = vec![Vec::new(); func.slots.len()];
    let mut regular: Vec<bool> =
        func.slots.iter().map(|s| s.size > 0 && s.size <= LARGEST && s.align <= 4096).collect();
    for &inst in cfg.rpo.iter().flat_map(|&b| &func.block(b).insts) {
        let data = func.inst(inst);
        let (Inst::Load { space, ty, align, .. } | Inst::Store { space, ty, align, .. }) = data.inst else {
            continue;
        };
        let place = places.of(data.args[0]).filter(|p| !p.generic && space == Space::Local);
        let Some((slot, offset)) = place.and_then(|p| p.slot) else { continue };
        let bytes = ty.bytes();
        let aligned = align >= bytes && offset.is_none_or(|at| (at as u64).is_multiple_of(u64::from(bytes)));
        regular[slot.index()] &= aligned && ty != Type::I1;
        elements[slot.index()].push(bytes);
    }
    (0..func.slots.len())
        .map(|slot| {
            let sizes = &elements[slot];
            let (least, most) = (*sizes.iter().min()?, *sizes.iter().max()?);
            let free = regular[slot] && !places.escapes(Slot(slot as u32));
            free.then_some(if least == most { Cells::Elements(least) } else { Cells::Words })
        })
        .collect()
}
