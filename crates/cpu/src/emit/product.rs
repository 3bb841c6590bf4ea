//! Matrix products: the factors of fragments go to tables in memory, from which one function for all products of a form
//! multiplies them into sums that stay in registers meanwhile.
//!
//! A table is written once a block for all products that share the fragment, in the order in which the function reads.
//! Invariant: what a lane computes is what `ir::product` says, in the same order: only where factors lie is decided here.

use super::block::compute_early;
use super::product_direct::Rows;
use super::pure::Form;
use super::{Emitter, scalar_type};
use crate::llvm::Target;
use analysis::GangLayout;
use ir::product::{Element, Layout, Product, Steps};
use ir::{Inst, InstData, InstId, Op, Rounding, Type, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;

/// Whether products of this form are emitted on this machine; others are inlined.
pub(crate) fn has_code(product: &Product, target: &Target) -> bool {
    let rounds = product.rounding == Rounding::Nearest;
    rounds && !matches!(product.a, Element::Fp8(_)) && (target.has("fma") || target.has("neon"))
}

/// Whether products are emitted in gangs of this layout.
pub(crate) fn fits(layout: &GangLayout) -> bool {
    matches!(layout.lanes, 4 | 8 | 16) && layout.width().is_multiple_of(32)
}

/// Which factors a table holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Side {
    A,
    B,
}

/// Steps of arithmetic that an operand may be away from what is known.
const DEPTH: u32 = 6;

pub(super) type Fragment = (Side, Product, Vec<Value>);

/// A fragment's factors in memory.
struct Table {
    pointer: String,
    bytes: usize,
    /// Products of the block that still read it.
    readers: usize,
    /// Registers whose factors are there.
    filled: BTreeSet<usize>,
}

/// What emission knows of products.
#[derive(Default)]
pub(crate) struct Products {
    tables: FxHashMap<Fragment, Table>,
    /// Memory of tables that nobody reads any more, with its size.
    free: Vec<(usize, String)>,
    /// Functions of the module that are written.
    written: BTreeSet<String>,
    /// Products that those are computed with which go on with their sums.
    pub(super) deferred: BTreeSet<InstId>,
    /// Loads of the block that are rows of fragments, once it has been looked at.
    pub(super) rows: Option<Rc<Rows>>,
}

impl Steps for Emitter<'_> {
    type Value = String;

    fn constant(&mut self, ty: Type, bits: u64) -> String {
        self.lit(Form::Vector, ty, bits)
    }

    fn step(&mut self, op: Op, ty: Type, args: &[&String]) -> String {
        let args: Vec<String> = args.iter().map(|&a| a.clone()).collect();
        self.op(Form::Vector, op, ty, &args)
    }
}

impl Emitter<'_> {
    /// Forgets the tables of the block before.
    pub(super) fn begin_products(&mut self) {
        for (_, table) in std::mem::take(&mut self.products.tables) {
            self.products.free.push((table.bytes, table.pointer));
        }
        self.products.free.sort();
        self.products.rows = None;
    }

    pub(super) fn emit_product(&mut self, product: &Product, inst: InstId) {
        if !self.check_warps() || !fits(&self.unit.layout) || self.window.is_some() {
            self.refuse("matrix products need gangs of whole warps");
            return;
        }
        let data = self.func.inst(inst);
        if self.current.contains_key(&data.results[0]) {
            return; // Computed with one before.
        }
        match product.sums {
            Layout::Quads => {
                let together = self.sharing_rows(product, inst);
                for &inst in &together {
                    for &operand in &self.func.inst(inst).args {
                        compute_early(self, operand);
                    }
                }
                self.products_in_quads(product, &together);
            }
            Layout::Columns => self.product_by_columns(product, inst),
        }
    }

    /// Whether a value can be had by now: by arithmetic, if at all.
    fn is_ready(&self, value: Value, depth: u32) -> bool {
        if self.current.contains_key(&value) || self.uni.def_block(value) != Some(self.block) {
            return true;
        }
        match self.func.def_inst(value).map(|data| (data.inst, &data.args)) {
            None => true,
            Some((Inst::Const { .. }, _)) => true,
            Some((Inst::Pure { .. }, args)) => depth > 0 && args.iter().all(|&a| self.is_ready(a, depth - 1)),
            Some(_) => false,
        }
    }

    /// A product and those behind it in the block that have its fragment of A and whose operands are ready.
    fn sharing_rows(&self, product: &Product, inst: InstId) -> Vec<InstId> {
        let rows = &self.func.inst(inst).args[..product.a_registers()];
        let insts = &self.func.block(self.block).insts;
        let behind = insts.iter().copied().skip_while(|&i| i != inst).skip(1);
        let alike = behind.filter(|&i| {
            let data = self.func.inst(i);
            matches!(data.inst, Inst::Product { product: p, .. } if p == *product)
                && data.args.starts_with(rows)
                && data.args.iter().all(|&v| self.is_ready(v, DEPTH))
        });
        std::iter::once(inst).chain(alike).collect()
    }

    /// The memory of a fragment's factors, for all warps, and whether it must be filled.
    pub(super) fn factors(
        &mut self,
        side: Side,
        product: &Product,
        registers: &[Value],
        bytes: usize,
    ) -> (String, bool) {
        let key = (side, *product, registers.to_vec());
        let all: BTreeSet<usize> = (0..registers.len()).collect();
        let pointer = self.table_of(&key, bytes);
        let Some(table) = self.products.tables.get_mut(&key) else { return (pointer, true) };
        let before = std::mem::replace(&mut table.filled, all.clone());
        (pointer, before != all)
    }

    /// The memory of one register's factors.
    pub(super) fn factors_of(&mut self, fragment: &Fragment, register: usize, bytes: usize) -> String {
        let pointer = self.table_of(fragment, bytes);
        if let Some(table) = self.products.tables.get_mut(fragment) {
            table.filled.insert(register);
        }
        pointer
    }

    fn table_of(&mut self, key: &Fragment, bytes: usize) -> String {
        if let Some(table) = self.products.tables.get(key) {
            return table.pointer.clone();
        }
        let at = self.products.free.iter().position(|(size, _)| *size == bytes);
        let pointer = match at {
            Some(at) => self.products.free.remove(at).1,
            None => self.alloca(&format!("[{bytes} x i8]")),
        };
        let table =
            Table { pointer: pointer.clone(), bytes, readers: self.readers(key), filled: BTreeSet::new() };
        self.products.tables.insert(key.clone(), table);
        pointer
    }

    /// One product has read a table.
    pub(super) fn has_read(&mut self, side: Side, product: &Product, registers: &[Value]) {
        let key = (side, *product, registers.to_vec());
        let Some(table) = self.products.tables.get_mut(&key) else { return };
        table.readers = table.readers.saturating_sub(1);
        if table.readers == 0
            && let Some(table) = self.products.tables.remove(&key)
        {
            self.products.free.push((table.bytes, table.pointer));
        }
    }

    /// Products of the block that read a fragment.
    fn readers(&self, (side, product, registers): &Fragment) -> usize {
        let reads = |data: &InstData| {
            let Inst::Product { product: other, .. } = data.inst else { return 0 };
            if !share_factors(&other, product) {
                return 0;
            }
            let (a, rest) = data.args.split_at(other.a_registers());
            match side {
                Side::A if a.starts_with(registers) => readings(&other),
                Side::A => 0,
                Side::B => {
                    let b = &rest[..other.b_registers()];
                    b.chunks(registers.len()).filter(|part| part == registers).count()
                }
            }
        };
        self.func.block(self.block).insts.iter().map(|&i| reads(self.func.inst(i))).sum()
    }

    /// A value's vectors of one warp.
    pub(super) fn of_warp(&mut self, value: Value, warp: usize) -> Vec<String> {
        let (per_warp, _) = self.warps();
        self.vectors(value)[warp * per_warp..][..per_warp].to_vec()
    }

    pub(super) fn offset(&mut self, pointer: &str, bytes: usize) -> String {
        match bytes {
            0 => pointer.to_string(),
            _ => self.ins(format!("getelementptr i8, ptr {pointer}, i64 {bytes}")),
        }
    }

    /// Elements side by side.
    pub(super) fn elements(&self, ty: Type) -> (usize, String) {
        ((self.lanes() * ty.bytes()) as usize, self.vector_type(ty))
    }

    /// A function of the module that works on vectors and on memory behind its parameters, written once. `write` gives
    /// what it returns; nothing: `void`.
    pub(super) fn part(
        &mut self,
        name: &str,
        result: &str,
        params: &str,
        write: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let convention = if self.unit.target.triple.starts_with("x86_64") { "x86_regcallcc " } else { "" };
        let symbol = format!("{convention}{result} @{name}");
        if !self.products.written.insert(name.to_string()) {
            return symbol;
        }
        let body = std::mem::take(&mut self.body);
        let next = std::mem::replace(&mut self.next, 0);
        let frame = self.allocas.len();
        let value = write(self);
        if self.allocas.len() != frame {
            self.refuse("internal: a part of a product needs a frame");
        }
        let text = std::mem::replace(&mut self.body, body);
        self.next = next;
        let access = if result == "void" { "write" } else { "read" };
        let mut function = String::new();
        let _ = write!(
            function,
            "define internal {symbol}({params}) noinline memory(argmem: {access}) #0 {{\n{text}  ret {result} {value}\n}}\n"
        );
        self.declares.insert(function);
        symbol
    }

    /// The vectors as one aggregate.
    pub(super) fn pack(&mut self, types: &[String], values: &[String]) -> String {
        let all = aggregate(types);
        let mut out = "poison".to_string();
        for (i, (ty, value)) in types.iter().zip(values).enumerate() {
            out = self.ins(format!("insertvalue {all} {out}, {ty} {value}, {i}"));
        }
        out
    }

    /// Calls a part on sums and tables; gives the sums.
    pub(super) fn multiply(
        &mut self,
        symbol: &str,
        (from, to): (&[String], &[String]),
        sums: &[String],
        tables: &[String],
    ) -> Vec<String> {
        let mut list: Vec<String> = from.iter().zip(sums).map(|(ty, v)| format!("{ty} {v}")).collect();
        list.extend(tables.iter().map(|table| format!("ptr {table}")));
        let all = self.ins(format!("call {symbol}({})", list.join(", ")));
        let ty = aggregate(to);
        (0..to.len()).map(|i| self.ins(format!("extractvalue {ty} {all}, {i}"))).collect()
    }
}

/// Whether tables of one form are as those of the other.
fn share_factors(p: &Product, q: &Product) -> bool {
    let form = |p: &Product| (p.a, p.b, p.halves, p.depth, p.layout, p.sums);
    form(p) == form(q)
}

/// How often a product reads the table of A: for each tile of columns.
fn readings(product: &Product) -> usize {
    match product.sums {
        Layout::Quads => product.columns as usize,
        Layout::Columns => 1,
    }
}

/// The type of several vectors.
pub(super) fn aggregate(types: &[String]) -> String {
    format!("{{{}}}", types.join(", "))
}

/// Parameters of the part that [`Emitter::multiply`] calls: `%c0`, …, `%a0`, …, `%b0`, ….
pub(super) fn parameters(types: &[String], rows: usize, tiles: usize) -> String {
    let mut list: Vec<String> = types.iter().enumerate().map(|(i, ty)| format!("{ty} %c{i}")).collect();
    list.extend((0..rows).map(|i| format!("ptr noalias nocapture %a{i}")));
    list.extend((0..tiles).map(|i| format!("ptr noalias nocapture %b{i}")));
    list.join(", ")
}

/// What distinguishes a form, for the name of its part.
pub(super) fn label(product: &Product) -> String {
    let Product { halves, depth, a, b, c, d, bit_op, overflow, layout, sums, .. } = product;
    let text =
        format!("{layout:?}.{sums:?}.{halves}x{depth}.{a:?}.{b:?}.{c:?}.{d:?}.{bit_op:?}.{overflow:?}");
    text.to_lowercase().replace(['(', ')'], "")
}

/// LLVM's vector of `n` elements.
pub(super) fn vector(n: usize, ty: Type) -> String {
    format!("<{n} x {}>", scalar_type(ty))
}
