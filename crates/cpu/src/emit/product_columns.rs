//! Products whose sums have a lane for each column: see [`ir::product::Layout::Columns`].
//!
//! Both tables are matrices of floats or words, A by rows and B by rows of 16. A step along k takes a row of B as it lies, and an element of A for all lanes.
//! A call has the sums of as many rows as suit the machine's registers, and goes along k through all products that follow
//! one another. Invariant: the multiplying function goes up along k.

use super::product::{Side, aggregate, label, parameters};
use super::{Emitter, Repr, scalar_type};
use ir::product::{Accumulator, Excess, Layout, Overflow, Product};
use ir::{Inst, InstId, Type, Value};

/// Columns of all matrices of sums, and rows.
pub(super) const SIDE: usize = 16;

/// Rows of a fragment of C that a lane has.
const ROWS: usize = 8;

/// Most products that are computed at once: each has its tables.
const CHAIN: usize = 4;

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

/// How long the tables are along k, and how A's lies.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    pub depth: usize,
    /// Elements of a row of A that lie side by side; all rows' first ones come before the next ones.
    pub together: usize,
}

impl Lines {
    pub(super) fn of(product: &Product) -> Lines {
        match product.layout {
            Layout::Columns => Lines { depth: SIDE, together: SIDE },
            Layout::Quads => {
                let together = 4 * product.factors() as usize;
                Lines { depth: product.depth as usize * together, together }
            }
        }
    }

    /// Place of an element of A.
    pub(super) fn row(self, row: usize, k: usize) -> usize {
        (k / self.together * SIDE + row) * self.together + k % self.together
    }

    pub(super) fn bytes(self) -> usize {
        SIDE * self.depth * 4
    }
}

impl Emitter<'_> {
    pub(super) fn product_by_columns(&mut self, product: &Product, inst: InstId) {
        if self.is_followed(product, inst) {
            self.products.deferred.insert(inst);
            return;
        }
        let chain = self.chain(inst);
        let (per_warp, warps) = self.warps();
        let cut = Cut::of(self.lanes() as usize);
        let registers = |acc: Accumulator| if acc == Accumulator::F16 { cut.rows / 2 } else { cut.rows };
        let types = |e: &Self, acc: Accumulator| {
            vec![e.vector_type(acc.sixteen()[0]); registers(acc) * cut.halves * cut.vectors]
        };
        let (from, to) = (types(self, product.c), types(self, product.d));
        let forms: Vec<Product> = chain.iter().map(|(product, _)| *product).collect();
        let symbol = self.multiplying_columns(&forms, cut, &from, &to);
        let (mut rows, mut columns) = (Vec::new(), Vec::new());
        for (form, inst) in &chain {
            let (a, b, _) = operands(form, &self.func.inst(*inst).args);
            rows.push(self.fragment_table(Side::A, form, a));
            columns.push(self.fragment_table(Side::B, form, b));
        }
        let (first, last) = (self.func.inst(chain[0].1), self.func.inst(inst));
        let (_, _, c) = operands(&chain[0].0, &first.args);
        let mut out = vec![vec![String::new(); per_warp * warps]; last.results.len()];
        for warp in 0..warps {
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
                    let mut tables = Vec::new();
                    for (form, table) in forms.iter().zip(&rows) {
                        let lines = Lines::of(form);
                        let at = lines.row(first_half * ROWS + first, 0) * 4;
                        tables.push(self.offset(table, warp * lines.bytes() + at));
                    }
                    for (form, table) in forms.iter().zip(&columns) {
                        tables.push(self.offset(table, warp * Lines::of(form).bytes()));
                    }
                    let done = self.multiply(&symbol, (&from, &to), &sums, &tables);
                    for ((r, chunk), sum) in places(product.d).into_iter().zip(done) {
                        out[r][chunk] = sum;
                    }
                }
            }
        }
        for (form, inst) in &chain {
            let data = self.func.inst(*inst);
            let (a, b, _) = operands(form, &data.args);
            self.has_read(Side::A, form, a);
            self.has_read(Side::B, form, b);
            for &result in &data.results {
                // Nobody looks at the sums in between.
                self.define(result, Repr::Vectors(vec!["poison".into(); per_warp * warps]));
            }
        }
        for (&result, chunks) in last.results.iter().zip(out) {
            self.define(result, Repr::Vectors(chunks));
            self.leave(result);
        }
    }

    /// Whether another product of the block alone goes on with the sums.
    fn is_followed(&self, product: &Product, inst: InstId) -> bool {
        let results = &self.func.inst(inst).results;
        let mut length = 1;
        let mut from = *product;
        let mut first = inst;
        while let Some((form, before)) = self.deferred_before(&from, first) {
            (from, first) = (form, before);
            length += 1;
        }
        let saturates = product.d == Accumulator::S32 && product.overflow == Overflow::Saturates;
        if product.c != product.d || saturates || length >= CHAIN {
            return false;
        }
        let insts = &self.func.block(self.block).insts;
        let follows = |&&i: &&InstId| {
            let data = self.func.inst(i);
            let Inst::Product { product: next, .. } = data.inst else { return false };
            let alike = (next.sums, next.c, next.d, next.overflow)
                == (product.sums, product.c, product.d, product.overflow)
                && next.shifted() == product.shifted();
            alike && operands(&next, &data.args).2 == &results[..]
        };
        let Some(&next) = insts.iter().skip_while(|&&i| i != inst).skip(1).find(follows) else {
            return false;
        };
        let used = |list: &[Value]| list.iter().filter(|v| results.contains(v)).count();
        let blocks = &self.func.blocks;
        let elsewhere = blocks.iter().flat_map(|b| &b.insts).any(|&i| {
            let count = used(&self.func.inst(i).args);
            count > if i == next { results.len() } else { 0 }
        });
        let mut leaves = false;
        blocks.iter().for_each(|b| b.term.for_each_use(|v| leaves |= results.contains(&v)));
        !elsewhere && !leaves
    }

    fn deferred_before(&self, product: &Product, inst: InstId) -> Option<(Product, InstId)> {
        let (_, _, c) = operands(product, &self.func.inst(inst).args);
        let ir::ValueDef::Result(before, _) = self.func.def(c[0]) else { return None };
        let Inst::Product { product, .. } = self.func.inst(before).inst else { return None };
        self.products.deferred.contains(&before).then_some((product, before))
    }

    /// A product and those before it that wait for it, in the order of their sums.
    fn chain(&self, inst: InstId) -> Vec<(Product, InstId)> {
        let Inst::Product { product, .. } = self.func.inst(inst).inst else {
            unreachable!("a product is emitted")
        };
        let mut chain = vec![(product, inst)];
        while let Some(before) = self.deferred_before(&chain[0].0, chain[0].1) {
            chain.insert(0, before);
        }
        chain
    }

    /// The table of a fragment for all warps.
    fn fragment_table(&mut self, side: Side, product: &Product, registers: &[Value]) -> String {
        let (_, warps) = self.warps();
        let (table, fill) = self.factors(side, product, registers, warps * Lines::of(product).bytes());
        match (fill, product.layout, side) {
            (false, ..) => {}
            (true, Layout::Columns, _) => self.fill_lines(product, registers, &table),
            (true, Layout::Quads, Side::A) => self.fill_rows_from_quads(product, registers, &table),
            (true, Layout::Quads, Side::B) => self.fill_columns_from_quads(product, registers, &table),
        }
        table
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
    fn multiplying_columns(&mut self, chain: &[Product], cut: Cut, from: &[String], to: &[String]) -> String {
        let product = &chain[0];
        let labels: Vec<String> = chain.iter().map(label).collect();
        let alike = labels.iter().all(|l| *l == labels[0]);
        let of = if alike { labels[0].clone() } else { labels.join(".") };
        let name = format!("product.{}.{of}", chain.len());
        self.part(&name, &aggregate(to), &parameters(from, chain.len(), chain.len()), |e| {
            let ty = product.sum_type();
            let (size, vt) = e.elements(ty);
            let c: Vec<String> = (0..from.len()).map(|i| format!("%c{i}")).collect();
            let mut sums = product.start(e, &c);
            let mut excess: Vec<Excess<String>> = (0..cut.vectors).map(|_| Excess::new(e, product)).collect();
            for (part, form) in chain.iter().enumerate() {
                let lines = Lines::of(form);
                if part > 0 {
                    sums = chain[part - 1].go_on(e, sums);
                }
                for k in 0..lines.depth {
                    let mut columns = Vec::new();
                    for v in 0..cut.vectors {
                        let p = e.offset(&format!("%b{part}"), k * SIDE * 4 + v * size);
                        columns.push(e.ins(format!("load {vt}, ptr {p}, align {size}")));
                        excess[v].add_column(e, 0, std::slice::from_ref(&columns[v]));
                    }
                    for half in 0..cut.halves {
                        for row in 0..cut.rows {
                            let p = e.offset(&format!("%a{part}"), lines.row(half * ROWS + row, k) * 4);
                            let one = e.ins(format!("load {}, ptr {p}, align 4", scalar_type(ty)));
                            let element = e.splat(ty, &one);
                            for (v, column) in columns.iter().enumerate() {
                                let sum = &mut sums[(half * cut.vectors + v) * cut.rows + row];
                                let (row, column) =
                                    (std::slice::from_ref(&element), std::slice::from_ref(column));
                                *sum = form.dot(e, row, column, sum);
                            }
                        }
                    }
                }
            }
            for (i, rows) in sums.chunks_mut(cut.rows).enumerate() {
                // As if all were of one column.
                excess[i % cut.vectors].take_away(e, 1, rows);
            }
            let results = product.finish(e, &sums, &c);
            e.pack(to, &results)
        })
    }
}

/// Registers of A that are needed, of B, and of C.
fn operands<'a>(product: &Product, args: &'a [Value]) -> (&'a [Value], &'a [Value], &'a [Value]) {
    let (a, rest) = args.split_at(product.a_registers());
    let (b, c) = rest.split_at(product.b_registers());
    let a = match product.layout {
        Layout::Columns => &a[..ROWS / 2],
        Layout::Quads => a,
    };
    (a, b, c)
}
