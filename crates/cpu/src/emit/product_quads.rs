//! Products whose fragments have a row or column in each four lanes (PTX ISA 9.7.14.5).
//!
//! The table of A has a vector for each factor of each chunk's rows, the four rows of a chunk each in its four lanes; that of
//! B, shared by all chunks, four columns for each factor and place of a pair. So a step loads the rows of a chunk once for both columns of each
//! lane, and columns once for all rows. A call works on some of the chunks of a warp, whose sums fill eight registers.
//!
//! Invariant: tables are in the order of k within a register's factors; the multiplying function goes up along k.

use super::product::{Side, aggregate, label, parameters, vector};
use super::{Emitter, Repr};
use ir::product::{Accumulator, Excess, Product};
use ir::{InstId, Type, Value};
use rustc_hash::FxHashMap;

/// Vectors of sums that a call holds.
const SUMS: u32 = 8;

/// How a product is cut into calls.
#[derive(Clone, Copy)]
struct Cut {
    /// Chunks of a call, and calls of a warp.
    chunks: usize,
    calls: usize,
    /// Of a table: steps along k of each register, with all its factors.
    depth: usize,
    halves: usize,
    factors: usize,
    /// Of a factor in a table.
    element: Type,
}

impl Cut {
    fn of(product: &Product, per_warp: usize) -> Cut {
        let element = product.sum_type();
        let of_chunk = product.halves * 2 * (element.bytes() / 4);
        let chunks = ((SUMS / of_chunk).max(1) as usize).min(per_warp);
        Cut {
            chunks,
            calls: per_warp / chunks,
            depth: product.depth as usize,
            halves: product.halves as usize,
            factors: product.factors() as usize,
            element,
        }
    }

    /// Place of a vector in the table of A, within a call's part.
    fn row(&self, (register, step, factor): (usize, usize, usize), chunk: usize, half: usize) -> usize {
        let k = (register * 4 + step) * self.factors + factor;
        (k * self.chunks + chunk) * self.halves + half
    }

    /// Vectors of a call's part of the table of A.
    fn rows(&self) -> usize {
        self.depth * 4 * self.factors * self.chunks * self.halves
    }

    /// Place of a factor of all columns in the table of B, by 32 elements.
    fn column(&self, register: usize, factor: usize) -> usize {
        register * self.factors + factor
    }

    fn column_bytes(&self) -> usize {
        32 * self.element.bytes() as usize
    }
}

/// A tile of eight columns: its registers of B and C, and where those of D go.
struct Tile {
    b: Vec<Value>,
    c: Vec<Value>,
    /// Of the instruction's results.
    d: Vec<Value>,
}

impl Emitter<'_> {
    /// Products that share A, which may be computed together.
    pub(super) fn products_in_quads(&mut self, product: &Product, insts: &[InstId]) {
        let (per_warp, warps) = self.warps();
        let tile_of = Product { columns: 1, padded: None, ..*product };
        let cut = Cut::of(&tile_of, per_warp);
        let a = self.func.inst(insts[0]).args[..tile_of.a_registers()].to_vec();
        let mut tiles = Vec::new();
        for &inst in insts {
            tiles.extend(self.tiles(product, cut, inst));
        }
        let mut done: FxHashMap<Value, Vec<String>> = FxHashMap::default();
        // Two tiles at once load rows half as often, where the machine has registers for their sums.
        let together = if self.lanes() == 16 { 2 } else { 1 };
        for tiles in tiles.chunks(together) {
            self.multiply_tiles(&tile_of, cut, &a, tiles, &mut done);
        }
        for &inst in insts {
            for &result in &self.func.inst(inst).results {
                let chunks = done.remove(&result).unwrap_or_default();
                debug_assert_eq!(chunks.len(), per_warp * warps);
                self.define(result, Repr::Vectors(chunks));
                self.leave(result);
            }
        }
    }

    fn tiles(&self, product: &Product, cut: Cut, inst: InstId) -> Vec<Tile> {
        let data = self.func.inst(inst);
        let (_, rest) = data.args.split_at(product.a_registers());
        let (b, c) = rest.split_at(product.b_registers());
        let tiles = product.columns as usize;
        // Registers of a tile, one below the other in those of all tiles.
        let of_tile = |registers: &[Value], tile: usize| -> Vec<Value> {
            let each = registers.len() / cut.halves / tiles;
            (0..cut.halves).flat_map(|h| registers[(h * tiles + tile) * each..][..each].to_vec()).collect()
        };
        (0..tiles)
            .map(|tile| Tile {
                b: b[tile * cut.depth..][..cut.depth].to_vec(),
                c: of_tile(c, tile),
                d: of_tile(&data.results, tile),
            })
            .collect()
    }

    /// One or two tiles.
    fn multiply_tiles(
        &mut self,
        product: &Product,
        cut: Cut,
        a: &[Value],
        tiles: &[Tile],
        done: &mut FxHashMap<Value, Vec<String>>,
    ) {
        let (per_warp, warps) = self.warps();
        let (size, _) = self.elements(cut.element);
        let rows = self.rows_in_quads(product, cut, a, (per_warp, warps));
        let columns: Vec<String> =
            tiles.iter().map(|tile| self.columns_in_quads(product, cut, &tile.b, warps)).collect();
        let types = |e: &Self, acc: Accumulator| -> Vec<String> {
            let of_chunk: Vec<String> =
                product.accumulator_types(acc).iter().map(|&ty| e.vector_type(ty)).collect();
            std::iter::repeat_n(of_chunk, tiles.len() * cut.chunks).flatten().collect()
        };
        let (from, to) = (types(self, product.c), types(self, product.d));
        let symbol = self.multiplying_quads(product, cut, tiles.len(), (&from, &to));
        for warp in 0..warps {
            let at = warp * cut.depth * cut.factors * cut.column_bytes();
            let columns: Vec<String> = columns.iter().map(|table| self.offset(table, at)).collect();
            for call in 0..cut.calls {
                let row = self.offset(&rows, (warp * cut.calls + call) * cut.rows() * size);
                let first = warp * per_warp + call * cut.chunks;
                let mut sums = Vec::new();
                for tile in tiles {
                    for chunk in first..first + cut.chunks {
                        for &c in &tile.c {
                            sums.push(self.vectors(c)[chunk].clone());
                        }
                    }
                }
                let mut tables = vec![row];
                tables.extend(columns.clone());
                let mut out = self.multiply(&symbol, (&from, &to), &sums, &tables).into_iter();
                for tile in tiles {
                    for _ in 0..cut.chunks {
                        for &d in &tile.d {
                            done.entry(d).or_default().extend(out.next());
                        }
                    }
                }
            }
        }
        for tile in tiles {
            self.has_read(Side::A, product, a);
            self.has_read(Side::B, product, &tile.b);
        }
    }

    /// The table of A.
    fn rows_in_quads(
        &mut self,
        product: &Product,
        cut: Cut,
        a: &[Value],
        (per_warp, warps): (usize, usize),
    ) -> String {
        let (size, vt) = self.elements(cut.element);
        let part = cut.rows() * size;
        let (table, fill) = self.factors(Side::A, product, a, warps * cut.calls * part);
        if !fill {
            return table;
        }
        let lanes = self.lanes() as usize;
        let register = self.vector_type(product.operand_type());
        let words: Vec<String> = (0..a.len() * cut.chunks).map(|i| format!("{register} %r{i}")).collect();
        let name = format!("rows.{}.{}", cut.chunks, label(product));
        let symbol =
            self.part(&name, "void", &format!("{}, ptr noalias nocapture %to", words.join(", ")), |e| {
                for (i, r) in (0..a.len()).flat_map(|r| (0..cut.chunks).map(move |c| (c, r))).enumerate() {
                    let (chunk, (block, half)) = (r.0, (r.1 / cut.halves, r.1 % cut.halves));
                    let factors = product.prepare_a(e, &format!("%r{i}"));
                    for (x, factor) in factors.iter().enumerate() {
                        for step in 0..4 {
                            let picks: Vec<String> =
                                (0..lanes).map(|l| format!("i32 {}", l / 4 * 4 + step)).collect();
                            let row = e.ins(format!(
                                "shufflevector {vt} {factor}, {vt} poison, <{lanes} x i32> <{}>",
                                picks.join(", ")
                            ));
                            let to = e.offset("%to", cut.row((block, step, x), chunk, half) * size);
                            e.stmt(format!("store {vt} {row}, ptr {to}, align {}", size.min(64)));
                        }
                    }
                }
                String::new()
            });
        for call in 0..warps * cut.calls {
            let first = call / cut.calls * per_warp + call % cut.calls * cut.chunks;
            let mut list = Vec::new();
            for &r in a {
                let chunks = self.vectors(r);
                list.extend(chunks[first..first + cut.chunks].iter().map(|v| format!("{register} {v}")));
            }
            let to = self.offset(&table, call * part);
            self.stmt(format!("call {symbol}({}, ptr {to})", list.join(", ")));
        }
        table
    }

    /// The table of B.
    fn columns_in_quads(&mut self, product: &Product, cut: Cut, b: &[Value], warps: usize) -> String {
        let (size, _) = self.elements(cut.element);
        let part = cut.depth * cut.factors * cut.column_bytes();
        let (table, fill) = self.factors(Side::B, product, b, warps * part);
        if !fill {
            return table;
        }
        let (per_warp, _) = self.warps();
        let lanes = self.lanes() as usize;
        let ty = product.operand_type();
        let register = self.vector_type(ty);
        let words: Vec<String> = (0..b.len() * per_warp).map(|i| format!("{register} %r{i}")).collect();
        let name = format!("columns.{}", label(product));
        let symbol =
            self.part(&name, "void", &format!("{}, ptr noalias nocapture %to", words.join(", ")), |e| {
                for r in 0..cut.depth {
                    let chunks: Vec<String> =
                        (0..per_warp).map(|c| format!("%r{}", r * per_warp + c)).collect();
                    let all = e.side_by_side(ty, &chunks);
                    for chunk in 0..per_warp {
                        // Place 8 step + 4 j + t is of column 2t + j, whose quad's lane `step` has it.
                        let from = |place: usize| {
                            let (step, j, t) = (place / 8, place / 4 % 2, place % 4);
                            4 * (2 * t + j) + step
                        };
                        let picks: Vec<String> =
                            (0..lanes).map(|l| format!("i32 {}", from(chunk * lanes + l))).collect();
                        let wide = vector(32, ty);
                        let words = e.ins(format!(
                            "shufflevector {wide} {all}, {wide} poison, <{lanes} x i32> <{}>",
                            picks.join(", ")
                        ));
                        for (x, factor) in product.prepare_b(e, &words).iter().enumerate() {
                            let vt = e.vector_type(cut.element);
                            let to = e.offset("%to", cut.column(r, x) * cut.column_bytes() + chunk * size);
                            e.stmt(format!("store {vt} {factor}, ptr {to}, align {}", size.min(64)));
                        }
                    }
                }
                String::new()
            });
        for warp in 0..warps {
            let mut list = Vec::new();
            for &r in b {
                list.extend(self.of_warp(r, warp).iter().map(|v| format!("{register} {v}")));
            }
            let to = self.offset(&table, warp * part);
            self.stmt(format!("call {symbol}({}, ptr {to})", list.join(", ")));
        }
        table
    }

    /// A warp's chunks as one vector.
    pub(super) fn side_by_side(&mut self, ty: Type, chunks: &[String]) -> String {
        let mut parts = chunks.to_vec();
        let mut width = self.lanes() as usize;
        while parts.len() > 1 {
            let picks: Vec<String> = (0..2 * width).map(|i| format!("i32 {i}")).collect();
            let (vt, picks) = (vector(width, ty), picks.join(", "));
            let join = |p: &[String]| {
                format!("shufflevector {vt} {}, {vt} {}, <{} x i32> <{picks}>", p[0], p[1], 2 * width)
            };
            let joined: Vec<String> = parts.chunks(2).map(join).collect();
            parts = joined.into_iter().map(|text| self.ins(text)).collect();
            width *= 2;
        }
        parts.remove(0)
    }

    /// The function that multiplies: the registers of C of some tiles, each chunk after chunk, to those of D.
    fn multiplying_quads(
        &mut self,
        product: &Product,
        cut: Cut,
        tiles: usize,
        (from, to): (&[String], &[String]),
    ) -> String {
        let name = format!("product.{tiles}.{}.{}", cut.chunks, label(product));
        self.part(&name, &aggregate(to), &parameters(from, 1, tiles), |e| {
            let (size, vt) = e.elements(cut.element);
            let each = from.len() / cut.chunks / tiles;
            // By tile and chunk.
            let c: Vec<Vec<String>> = (0..tiles * cut.chunks)
                .map(|s| (0..each).map(|i| format!("%c{}", s * each + i)).collect())
                .collect();
            let mut sums: Vec<Vec<String>> = c.iter().map(|c| product.start(e, c)).collect();
            let mut excess: Vec<Excess<String>> = c.iter().map(|_| Excess::new(e, product)).collect();
            for register in 0..cut.depth {
                for step in 0..4 {
                    let mut columns: Vec<[Vec<String>; 2]> = Vec::new();
                    for tile in 0..tiles {
                        let table = format!("%b{tile}");
                        columns.push([0, 1].map(|j| {
                            (0..cut.factors)
                                .map(|x| e.quad_column(&table, cut, (register, x), step, j))
                                .collect()
                        }));
                    }
                    for chunk in 0..cut.chunks {
                        let mut rows: Vec<Vec<String>> = Vec::new();
                        for half in 0..cut.halves {
                            let mut row = Vec::new();
                            for x in 0..cut.factors {
                                let p = e.offset("%a0", cut.row((register, step, x), chunk, half) * size);
                                row.push(e.ins(format!("load {vt}, ptr {p}, align {}", size.min(64))));
                            }
                            rows.push(row);
                        }
                        for (tile, columns) in columns.iter().enumerate() {
                            let s = tile * cut.chunks + chunk;
                            excess[s].add_rows(e, &rows);
                            for (j, column) in columns.iter().enumerate() {
                                excess[s].add_column(e, j, column);
                                for (half, row) in rows.iter().enumerate() {
                                    let sum = &mut sums[s][2 * half + j];
                                    *sum = product.dot(e, row, column, sum);
                                }
                            }
                        }
                    }
                }
            }
            let mut results = Vec::new();
            for ((c, sums), excess) in c.iter().zip(&mut sums).zip(&excess) {
                excess.take_away(e, 2, sums);
                results.extend(product.finish(e, sums, c));
            }
            e.pack(to, &results)
        })
    }

    /// A factor of four columns, for each four lanes.
    fn quad_column(
        &mut self,
        table: &str,
        cut: Cut,
        (register, factor): (usize, usize),
        step: usize,
        j: usize,
    ) -> String {
        let lanes = self.lanes() as usize;
        let bytes = cut.element.bytes() as usize;
        let at = cut.column(register, factor) * cut.column_bytes() + (step * 8 + j * 4) * bytes;
        let p = self.offset(table, at);
        let four = vector(4, cut.element);
        let column = self.ins(format!("load {four}, ptr {p}, align {}", 4 * bytes));
        if lanes == 4 {
            return column;
        }
        let picks: Vec<String> = (0..lanes).map(|l| format!("i32 {}", l % 4)).collect();
        self.ins(format!(
            "shufflevector {four} {column}, {four} poison, <{lanes} x i32> <{}>",
            picks.join(", ")
        ))
    }
}
