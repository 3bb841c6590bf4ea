//! From fragments that have a row or column in each four lanes (PTX ISA 9.7.14.5) to matrices with a lane for each column: the
//! tables of both factors, and the sums.
//!
//! Invariant: nothing is computed here but numbers are widened; what lies where is as `ir::product` and [`Lines`] say.

use super::product::{aggregate, label, vector};
use super::product_columns::{Lines, SIDE};
use super::{Emitter, Repr};
use ir::product::{Accumulator, Element, Layout, Product};
use ir::{InstData, Type, Value};

impl Emitter<'_> {
    /// Rows of A. A register's lanes have the elements in the order in which they lie in the table.
    pub(super) fn fill_rows_from_quads(&mut self, product: &Product, a: &[Value], table: &str) {
        let lines = Lines::of(product);
        let lanes = self.lanes() as usize;
        let (per_warp, warps) = self.warps();
        let (words, size) = (self.vector_type(Type::I32), 4 * lanes * lines.together / 4);
        let list: Vec<String> = (0..a.len() * per_warp).map(|i| format!("{words} %r{i}")).collect();
        let name = format!("rows.{}", label(product));
        let params = format!("{}, ptr noalias nocapture %to", list.join(", "));
        let symbol = self.part(&name, "void", &params, |e| {
            for (r, chunk) in (0..a.len()).flat_map(|r| (0..per_warp).map(move |c| (r, c))) {
                let (ty, elements) = e.elements_in_order(product, &format!("%r{}", r * per_warp + chunk));
                let halves = product.halves as usize;
                let row = r % halves * 8 + chunk * lanes / 4;
                let at = lines.row(row, r / halves * lines.together) * 4;
                let to = e.offset("%to", at);
                e.stmt(format!("store {ty} {elements}, ptr {to}, align {}", size.min(64)));
            }
            String::new()
        });
        for warp in 0..warps {
            self.call_on_words(&symbol, a, warp, table, warp * lines.bytes());
        }
    }

    fn call_on_words(&mut self, symbol: &str, registers: &[Value], warp: usize, table: &str, at: usize) {
        let words = self.vector_type(Type::I32);
        let mut list = Vec::new();
        for &r in registers {
            list.extend(self.of_warp(r, warp).iter().map(|v| format!("{words} {v}")));
        }
        let to = self.offset(table, at);
        self.stmt(format!("call {symbol}({}, ptr {to})", list.join(", ")));
    }

    /// The elements of a register of A in the order of lanes, those of a lane side by side, and their vector's type.
    fn elements_in_order(&mut self, product: &Product, register: &str) -> (String, String) {
        let n = self.lanes() as usize;
        let words = vector(n, Type::I32);
        let pairs = vector(2 * n, Type::F32);
        match product.a {
            Element::F16 => {
                let halves = self.ins(format!("bitcast {words} {register} to <{} x half>", 2 * n));
                (pairs.clone(), self.ins(format!("fpext <{} x half> {halves} to {pairs}", 2 * n)))
            }
            Element::Bf16 => {
                let halves = self.ins(format!("bitcast {words} {register} to <{} x i16>", 2 * n));
                let wide = vector(2 * n, Type::I32);
                let low = self.ins(format!("zext <{} x i16> {halves} to {wide}", 2 * n));
                (wide.clone(), self.ins(format!("shl {wide} {low}, splat (i32 16)")))
            }
            Element::Tf32
            | Element::F64
            | Element::Byte(_)
            | Element::Nibble(_)
            | Element::Bit
            | Element::Fp8(_) => {
                let factors = product.prepare_a(self, &register.to_string());
                (self.vector_type(product.sum_type()), factors[0].clone())
            }
        }
    }

    /// Rows of B, of two tiles side by side.
    pub(super) fn fill_columns_from_quads(&mut self, product: &Product, b: &[Value], table: &str) {
        let lines = Lines::of(product);
        let lanes = self.lanes() as usize;
        let (per_warp, warps) = self.warps();
        let (words, depth) = (self.vector_type(Type::I32), product.depth as usize);
        let list: Vec<String> = (0..b.len() * per_warp).map(|i| format!("{words} %r{i}")).collect();
        let name = format!("columns.{}", label(product));
        let params = format!("{}, ptr noalias nocapture %to", list.join(", "));
        let symbol = self.part(&name, "void", &params, |e| {
            let (size, vt) = e.elements(product.sum_type());
            for r in 0..depth {
                let of_tile = |tile: usize| (0..per_warp).map(move |c| (tile * depth + r) * per_warp + c);
                let chunks: Vec<String> =
                    (0..2).flat_map(of_tile).map(|register| format!("%r{register}")).collect();
                let all = e.side_by_side(Type::I32, &chunks);
                for (t, part) in (0..4).flat_map(|t| (0..SIDE / lanes).map(move |p| (t, p))) {
                    // Column 8 tile + g is in lane 4g + t of the tile.
                    let from = |column: usize| column / 8 * 32 + column % 8 * 4 + t;
                    let picks: Vec<String> =
                        (0..lanes).map(|l| format!("i32 {}", from(part * lanes + l))).collect();
                    let wide = vector(64, Type::I32);
                    let row = e.ins(format!(
                        "shufflevector {wide} {all}, {wide} poison, <{lanes} x i32> <{}>",
                        picks.join(", ")
                    ));
                    for (x, factor) in product.prepare_b(e, &row).iter().enumerate() {
                        let k = r * lines.together + t * lines.together / 4 + x;
                        let to = e.offset("%to", k * SIDE * 4 + part * size);
                        e.stmt(format!("store {vt} {factor}, ptr {to}, align {}", size.min(64)));
                    }
                }
            }
            String::new()
        });
        for warp in 0..warps {
            self.call_on_words(&symbol, b, warp, table, warp * lines.bytes());
        }
    }

    /// Sums of sixteen rows and columns from one layout to the other.
    pub(super) fn emit_arrange(&mut self, to: Layout, sums: Accumulator, data: &InstData) {
        if !self.check_warps() || !super::product::fits(&self.unit.layout) || self.window.is_some() {
            self.refuse("matrix products need gangs of whole warps");
            return;
        }
        // Two halves of a word are exchanged each by itself.
        let (ty, parts) = match sums {
            Accumulator::F16 => (Type::I16, 2),
            Accumulator::F32 | Accumulator::S32 | Accumulator::F64 => (sums.sixteen()[0], 1),
        };
        let lanes = self.lanes() as usize;
        let (per_warp, warps) = self.warps();
        let vt = vector(parts * lanes, ty);
        let registers = data.results.len();
        let types = vec![self.vector_type(sums.sixteen()[0]); registers * per_warp];
        let list: Vec<String> = types.iter().enumerate().map(|(i, ty)| format!("{ty} %c{i}")).collect();
        let name = format!("arrange.{to:?}.{sums:?}").to_lowercase();
        let symbol = self.part(&name, &aggregate(&types), &list.join(", "), |e| {
            let mut out = Vec::new();
            for (i, chunk) in (0..registers).flat_map(|i| (0..per_warp).map(move |c| (i, c))) {
                // The vector and the element in it that each element comes from.
                let from: Vec<(usize, usize)> = (0..parts * lanes)
                    .map(|at| {
                        let (element, lane) = source(to, i * parts + at % parts, chunk * lanes + at / parts);
                        (element / parts * per_warp + lane / lanes, lane % lanes * parts + element % parts)
                    })
                    .collect();
                let mut whole = "poison".to_string();
                for (first, (part, _)) in from.iter().enumerate() {
                    if from[..first].iter().any(|(before, _)| before == part) {
                        continue;
                    }
                    let pick = |(at, (vector, element)): (usize, &(usize, usize))| match vector == part {
                        true => format!("i32 {}", parts * lanes + element),
                        false => format!("i32 {at}"),
                    };
                    let picks: Vec<String> = from.iter().enumerate().map(pick).collect();
                    let part = e.as_elements(&format!("%c{part}"), (lanes, parts), &vt);
                    whole = e.ins(format!(
                        "shufflevector {vt} {whole}, {vt} {part}, <{} x i32> <{}>",
                        parts * lanes,
                        picks.join(", ")
                    ));
                }
                if parts > 1 {
                    whole = e.ins(format!("bitcast {vt} {whole} to {}", vector(lanes, Type::I32)));
                }
                out.push(whole);
            }
            e.pack(&types, &out)
        });
        let mut results = vec![Vec::new(); registers];
        for warp in 0..warps {
            let mut from = Vec::new();
            for &r in &data.args {
                from.extend(self.of_warp(r, warp));
            }
            let done = self.multiply(&symbol, (&types, &types), &from, &[]);
            for (result, chunks) in results.iter_mut().zip(done.chunks(per_warp)) {
                result.extend_from_slice(chunks);
            }
        }
        for (&result, chunks) in data.results.iter().zip(results) {
            self.define(result, Repr::Vectors(chunks));
        }
    }

    fn as_elements(&mut self, vector_of_words: &str, (lanes, parts): (usize, usize), vt: &str) -> String {
        match parts {
            1 => vector_of_words.to_string(),
            _ => self.ins(format!("bitcast {} {vector_of_words} to {vt}", vector(lanes, Type::I32))),
        }
    }
}

/// Element, counted through all registers, and lane of a warp from which an element comes.
fn source(to: Layout, element: usize, lane: usize) -> (usize, usize) {
    match to {
        Layout::Columns => {
            let (half, column) = (lane / 16, lane % 16);
            let (tile, t, j) = (column / 8, column % 8 / 2, column % 2);
            ((half * 2 + tile) * 2 + j, 4 * element + t)
        }
        Layout::Quads => {
            let (half, tile, j) = (element / 4, element / 2 % 2, element % 2);
            (lane / 4, 16 * half + 8 * tile + 2 * (lane % 4) + j)
        }
    }
}
