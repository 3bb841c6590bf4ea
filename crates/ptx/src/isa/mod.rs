//! The instruction table.
//! Invariant: every form that the parser accepts has exactly one row here; nothing else knows which forms exist.

mod needs;
mod notation;
mod op;
mod resolve;
mod row;
pub mod sample;
mod special;

pub use op::Op;
pub use resolve::{Mismatch, OperandRule, Resolved, resolve};
pub use row::{Arity, Chapter, Element, Group, Kind, Pair, Role, Row, RowId, Shape, Slot, Status, TypeRel};
pub use special::{SPECIAL, SpecialReg, SpecialRow};

use std::collections::HashMap;
use std::sync::LazyLock;

/// The chapters of the table, each a text in the notation that [`notation`] reads.
const CHAPTERS: &[(&str, &str)] = &[
    ("Integer arithmetic", include_str!("integer.txt")),
    ("Floating point", include_str!("float.txt")),
    ("Comparison, selection and logic", include_str!("logic.txt")),
    ("Data movement", include_str!("movement.txt")),
    ("Conversion", include_str!("convert.txt")),
    ("Asynchronous copies", include_str!("async.txt")),
    ("Textures and surfaces", include_str!("texture.txt")),
    ("Control flow", include_str!("control.txt")),
    ("Synchronisation and communication", include_str!("sync.txt")),
    ("Matrix operations", include_str!("matrix.txt")),
    ("Video", include_str!("video.txt")),
    ("Miscellaneous", include_str!("misc.txt")),
];

/// The table, and the rows of each opcode's first word.
#[derive(Debug)]
pub struct Table {
    /// Every row, by [`RowId`].
    pub rows: Vec<Row>,
    by_word: HashMap<&'static str, Vec<RowId>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut rows = Vec::new();
    for &(title, text) in CHAPTERS {
        notation::read(title, text, &mut rows);
    }
    let mut by_word: HashMap<&'static str, Vec<RowId>> = HashMap::new();
    for row in &rows {
        by_word.entry(row.word).or_default().push(row.id);
    }
    Table { rows, by_word }
});

/// The instruction table, read at first use.
pub fn table() -> &'static Table {
    &TABLE
}

impl Table {
    /// The row of an id.
    pub fn row(&self, id: RowId) -> &Row {
        &self.rows[id.0 as usize]
    }

    /// The rows whose opcode's first word (`cp` of `cp.async`) is `word`.
    pub fn rows_of(&self, word: &str) -> &[RowId] {
        self.by_word.get(word).map_or(&[], Vec::as_slice)
    }

    /// The first words of all opcodes, sorted.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words: Vec<_> = self.by_word.keys().copied().collect();
        words.sort_unstable();
        words
    }
}
