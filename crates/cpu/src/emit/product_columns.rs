//! Products whose fragments have a lane for each column: see [`ir::product::Layout::Columns`].
//!
//! Both tables are matrices of 16 x 16 floats, A by rows and B by rows. A step along k takes a row of B as it lies, and an element of A for all lanes.
//! A call has the sums of as many rows as suit the machine's registers. Invariant: the multiplying function goes up along k.

use super::product::{Side, aggregate, label, parameters};
use super::{Emitter, Repr};
use ir::product::{Accumulator, Product};
use ir::{InstData, Type, Value};

/// Rows and columns of all matrices.
const SIDE: usize = 16;

/// Rows of a fragment of C that a lane has.
const ROWS: usize = 8;

/// Which sums a call has: rows of so many halves of the matrix, and vectors of a row.
#[derive(Clone, Copy)]
struct Cut {
    halves: usize,
    rows: usize,
    vectors: usize,
}

impl Cut {
    fn of(lanes: usize) -> Cut {
        let vectors = SIDE / lanes;
        match lanes {
            16 => Cut { halves: 2, rows: ROWS, vectors },
            _ => Cut { halves: 1, rows: ROWS / vectors, vectors },
        }
    }
}

impl Emitter<'_> {
    pub(super) fn product_by_columns(&mut self, product: &Product, data: &InstData) {
        let (a, rest) = data.args.split_at(product.a_registers());
        let (b, c) = rest.split_at(product.b_registers());
        let (per_warp, warps) = self.warps();
        let cut = Cut::of(self.lanes() as usize);
        let a = &a[..ROWS / 2];
        let registers = |acc: Accumulator| if acc == Accumulator::F16 { cut.rows / 2 } else { cut.rows };
        let types = |e: &Self, acc: Accumulator| {
            let ty = if acc == Accumulator::F16 { Type::I32 } else { Type::F32 };
            vec![e.vector_type(ty); registers(acc) * cut.halves * cut.vectors]
        };
        let (from, to) = (types(self, product.c), types(self, product.d));
        let symbol = self.multiplying_columns(product, cut, &from, &to);
        let bytes = SIDE * SIDE * 4;
        let (rows, fill) = self.factors(Side::A, product, a, warps * bytes);
        if fill {
            self.fill_lines(product, a, &rows);
        }
        let (columns, fill) = self.factors(Side::B, product, b, warps * bytes);
        if fill {
            self.fill_lines(product, b, &columns);
        }
        let mut out = vec![vec![String::new(); per_warp * warps]; product.accumulator_types(product.d).len()];
        for warp in 0..warps {
            let column = self.offset(&columns, warp * bytes);
            for first_half in (0..2).step_by(cut.halves) {
                for first in (0..ROWS).step_by(cut.rows) {
                    // Registers by half, vector of the row, and row.
                    let places = |acc: Accumulator| -> Vec<(usize, usize)> {
                        let each = registers(acc);
                        let start = first / cut.rows * each;
                        let chunk = move |half: usize, v: usize| warp * per_warp + half * cut.vectors + v;
                        (first_half..first_half + cut.halves)
                            .flat_map(|half| (0..cut.vectors).map(move |v| chunk(half, v)))
                            .flat_map(|chunk| (start..start + each).map(move |r| (r, chunk)))
                            .collect()
                    };
                    let mut sums = Vec::new();
                    for (r, chunk) in places(product.c) {
                        sums.push(self.vectors(c[r])[chunk].clone());
                    }
                    let row = self.offset(&rows, warp * bytes + (first_half * ROWS + first) * SIDE * 4);
                    let done = self.multiply(&symbol, (&from, &to), &sums, &[row, column.clone()]);
                    for ((r, chunk), sum) in places(product.d).into_iter().zip(done) {
                        out[r][chunk] = sum;
                    }
                }
            }
        }
        self.has_read(Side::A, product, a);
        self.has_read(Side::B, product, b);
        for (&result, chunks) in data.results.iter().zip(out) {
            self.define(result, Repr::Vectors(chunks));
            self.leave(result);
        }
    }

    /// Lines of a matrix to its table. Four registers have eight lines in each half of the warp, eight have all in both.
    fn fill_lines(&mut self, product: &Product, registers: &[Value], table: &str) {
        let (per_warp, warps) = self.warps();
        let lanes = self.lanes() as usize;
        let (size, vt) = self.elements(Type::F32);
        let halves = if registers.len() == ROWS { 1 } else { 2 };
        for warp in 0..warps {
            for (i, &r) in registers.iter().enumerate() {
                let words = self.of_warp(r, warp);
                for (chunk, word) in words[..per_warp / 2 * halves].iter().enumerate() {
                    let (half, column) = (chunk * lanes / SIDE, chunk * lanes % SIDE);
                    for (x, line) in product.prepare_a(self, word).iter().enumerate() {
                        let at = (half * ROWS + 2 * i + x) * SIDE + column;
                        let to = self.offset(table, (warp * SIDE * SIDE + at) * 4);
                        self.stmt(format!("store {vt} {line}, ptr {to}, align {size}"));
                    }
                }
            }
        }
    }

    /// The function that multiplies.
    fn multiplying_columns(&mut self, product: &Product, cut: Cut, from: &[String], to: &[String]) -> String {
        let name = format!("product.{}", label(product));
        self.part(&name, &aggregate(to), &parameters(from, 1), |e| {
            let (size, vt) = e.elements(Type::F32);
            let c: Vec<String> = (0..from.len()).map(|i| format!("%c{i}")).collect();
            let mut sums = product.start(e, &c);
            for k in 0..SIDE {
                let mut columns = Vec::new();
                for v in 0..cut.vectors {
                    let p = e.offset("%b0", k * SIDE * 4 + v * size);
                    columns.push(e.ins(format!("load {vt}, ptr {p}, align {size}")));
                }
                for half in 0..cut.halves {
                    for row in 0..cut.rows {
                        let p = e.offset("%a", ((half * ROWS + row) * SIDE + k) * 4);
                        let one = e.ins(format!("load float, ptr {p}, align 4"));
                        let element = e.splat(Type::F32, &one);
                        for (v, column) in columns.iter().enumerate() {
                            let sum = &mut sums[(half * cut.vectors + v) * cut.rows + row];
                            let (row, column) =
                                (std::slice::from_ref(&element), std::slice::from_ref(column));
                            *sum = product.dot(e, row, column, sum);
                        }
                    }
                }
            }
            let results = product.finish(e, &sums, &c);
            e.pack(to, &results)
        })
    }
}
