//! Atomics on tables in shared memory, as histograms have them: a lane's place is a narrow number of it, scaled, and
//! something that the lanes of a chunk share. The numbers are taken out of memory or words as they are, many to a word,
//! and the processor's own address does the rest.
//!
//! Invariant: base plus scaled number is the exact address of every lane that runs.

use super::atomic::Atomic;
use super::lanes::Operand;
use super::{Emitter, Repr};
use analysis::Shape;
use ir::{Inst, Op, Space, Type, Value};

/// Where lanes change a table.
pub(super) struct Table {
    /// A pointer for each chunk.
    bases: Vec<String>,
    /// Each lane's number, irregular.
    number: Value,
    widening: &'static str,
    /// Bytes that a number counts.
    scale: u32,
}

impl Emitter<'_> {
    /// The table in shared memory that an irregular address leads into.
    pub(super) fn table_at(&mut self, atomic: Atomic, addr: Value) -> Option<Table> {
        if atomic.space != Space::Shared {
            return None;
        }
        let (terms, index, scale) = self.take_apart(addr);
        let (mut number, mut widening) = (index, None);
        while let Some(data) = self.func.def_inst(number)
            && self.uni.def_block(number) == Some(self.block)
        {
            let (name, from) = match data.inst {
                Inst::Pure { op: Op::ZExt(from), .. } => ("zext", from),
                // What was widened with zeros has no sign.
                Inst::Pure { op: Op::SExt(from), .. } if widening.is_none() => ("sext", from),
                _ => break,
            };
            if from == Type::I1 || self.uni.shape_at(data.args[0], self.block) != Shape::Varying {
                break;
            }
            (number, widening) = (data.args[0], Some(name));
        }
        Some(Table { widening: widening?, bases: self.bases_of(Space::Shared, &terms), number, scale })
    }

    /// One lane after the other.
    pub(super) fn atomic_table(
        &mut self,
        atomic: Atomic,
        table: &Table,
        values: Vec<Operand>,
        used: bool,
    ) -> Option<Repr> {
        let ty = self.func.ty(table.number);
        let mut inputs =
            vec![Operand::PerChunk(table.bases.clone()), Operand::Each(self.vectors(table.number), ty)];
        inputs.extend(values);
        let results: &[Type] = if used { &[atomic.ty] } else { &[] };
        let out = self.each_lane(&inputs, results, atomic.body(), &mut |e, _, operands| {
            let number =
                e.ins(format!("{} {} {} to i64", table.widening, super::scalar_type(ty), operands[1]));
            let p = e.ins(format!("getelementptr i{}, ptr {}, i64 {number}", 8 * table.scale, operands[0]));
            vec![e.atomic_one(atomic, &p, &operands[2..])]
        });
        out.into_iter().next().map(Repr::Vectors)
    }
}
