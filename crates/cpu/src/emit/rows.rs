//! Loads and stores of slots that lie as rows (see [`crate::rows`]).
//!
//! Cell `i` of a slot is a vector of the whole gang at `%rows + i * cell * width`, chunk after chunk. Every access is of
//! cells; an element that is no cell is put together, or cut out.

use super::memory::{Access, intrinsic_suffix};
use super::{Emitter, Exec, scalar_type};
use crate::rows::{Cells, Row};
use analysis::Shape;
use ir::{Type, Value};

/// An address in a thread's copy of a slot, for one chunk.
#[derive(Clone)]
enum At {
    /// The same in all lanes that run, of which there is one: `i64`.
    Shared(String),
    /// The same in all lanes that run, if any does.
    Guarded(String),
    /// A vector.
    Lanes(String),
}

impl Emitter<'_> {
    /// The columns of a load: an element of each thread, by chunk.
    pub(super) fn load_row(&mut self, addr: Value, access: &Access, row: Row) -> Vec<Vec<String>> {
        let at = self.row_addresses(addr);
        let mut columns = vec![Vec::new(); access.count];
        for (c, at) in at.iter().enumerate() {
            for (k, column) in columns.iter_mut().enumerate() {
                let at = self.move_address(at, k as u32 * access.ty.bytes());
                column.push(self.load_element(c, &at, access.ty, row));
            }
        }
        columns
    }

    /// Stores a column for each element, by chunk.
    pub(super) fn store_row(&mut self, addr: Value, access: &Access, row: Row, columns: &[Vec<String>]) {
        let at = self.row_addresses(addr);
        for (c, at) in at.iter().enumerate() {
            for (k, column) in columns.iter().enumerate() {
                let at = self.move_address(at, k as u32 * access.ty.bytes());
                self.store_element(c, &at, access.ty, row, &column[c]);
            }
        }
    }

    fn row_addresses(&mut self, addr: Value) -> Vec<At> {
        let shape = self.uni.shape_at(addr, self.block);
        let exact = self.uni.origin(addr).is_none();
        match shape {
            Shape::Uniform | Shape::Unknown => {
                let one = self.scalar(addr);
                vec![At::Shared(one); self.chunks()]
            }
            s if s.is_chunk_uniform() && exact => self.bases(addr).into_iter().map(At::Guarded).collect(),
            Shape::Affine { .. } | Shape::Chunked(_) | Shape::Varying => {
                self.vectors(addr).into_iter().map(At::Lanes).collect()
            }
        }
    }

    fn move_address(&mut self, at: &At, by: u32) -> At {
        if by == 0 {
            return at.clone();
        }
        self.map_address(at, &|t, splat| format!("add {t} {{}}, {}", splat(i64::from(by))))
    }

    /// Applies an operation with a constant: `{}` in its text is the address.
    fn map_address(&mut self, at: &At, text: &dyn Fn(&str, &dyn Fn(i64) -> String) -> String) -> At {
        let vt = self.vector_type(Type::I64);
        match at {
            At::Shared(a) => At::Shared(self.ins(text("i64", &|n| n.to_string()).replace("{}", a))),
            At::Guarded(a) => At::Guarded(self.ins(text("i64", &|n| n.to_string()).replace("{}", a))),
            At::Lanes(a) => At::Lanes(self.ins(text(&vt, &|n| format!("splat (i64 {n})")).replace("{}", a))),
        }
    }

    fn load_element(&mut self, chunk: usize, at: &At, ty: Type, row: Row) -> String {
        let (bytes, cell) = (ty.bytes(), row.cells.bytes());
        if bytes == cell {
            return self.load_cell(chunk, at, ty, row);
        }
        if bytes > cell {
            let next = self.move_address(at, cell);
            let low = self.load_cell(chunk, at, Type::I32, row);
            let high = self.load_cell(chunk, &next, Type::I32, row);
            return self.join_words(ty, &low, &high);
        }
        let (vt, n) = (self.vector_type(Type::I32), self.lanes());
        let word = match row.cells {
            Cells::Elements(_) => self.load_cell(chunk, at, Type::I32, row),
            Cells::Words => {
                let whole = self.map_address(at, &|t, splat| format!("and {t} {{}}, {}", splat(-4)));
                let word = self.load_cell(chunk, &whole, Type::I32, row);
                let shift = self.part_shift(at);
                self.ins(format!("lshr {vt} {word}, {shift}"))
            }
        };
        let int = self.ins(format!("trunc {vt} {word} to <{n} x {}>", scalar_type(ty.to_int())));
        self.reinterpret(ty.to_int(), ty, &int)
    }

    fn store_element(&mut self, chunk: usize, at: &At, ty: Type, row: Row, value: &str) {
        let (bytes, cell) = (ty.bytes(), row.cells.bytes());
        if bytes == cell {
            return self.store_cell(chunk, at, ty, row, value);
        }
        if bytes > cell {
            let next = self.move_address(at, cell);
            let (low, high) = self.split_words(ty, value);
            self.store_cell(chunk, at, Type::I32, row, &low);
            return self.store_cell(chunk, &next, Type::I32, row, &high);
        }
        let (vt, n) = (self.vector_type(Type::I32), self.lanes());
        let int = self.reinterpret(ty, ty.to_int(), value);
        let wide = self.ins(format!("zext <{n} x {}> {int} to {vt}", scalar_type(ty.to_int())));
        match row.cells {
            Cells::Elements(_) => self.store_cell(chunk, at, Type::I32, row, &wide),
            Cells::Words => {
                let whole = self.map_address(at, &|t, splat| format!("and {t} {{}}, {}", splat(-4)));
                let old = self.load_cell(chunk, &whole, Type::I32, row);
                let shift = self.part_shift(at);
                let ones = self.ins(format!("shl {vt} splat (i32 {}), {shift}", (1u32 << (8 * bytes)) - 1));
                let others = self.ins(format!("xor {vt} {ones}, splat (i32 -1)"));
                let kept = self.ins(format!("and {vt} {old}, {others}"));
                let moved = self.ins(format!("shl {vt} {wide}, {shift}"));
                let new = self.ins(format!("or {vt} {kept}, {moved}"));
                self.store_cell(chunk, &whole, Type::I32, row, &new);
            }
        }
    }

    /// The bits below an address within its word, as a vector of i32.
    fn part_shift(&mut self, at: &At) -> String {
        let n = self.lanes();
        match at {
            At::Shared(a) | At::Guarded(a) => {
                let low = self.ins(format!("trunc i64 {a} to i32"));
                let byte = self.ins(format!("and i32 {low}, 3"));
                let shift = self.ins(format!("shl i32 {byte}, 3"));
                self.splat(Type::I32, &shift)
            }
            At::Lanes(a) => {
                let low = self.ins(format!("trunc <{n} x i64> {a} to <{n} x i32>"));
                let byte = self.ins(format!("and <{n} x i32> {low}, splat (i32 3)"));
                self.ins(format!("shl <{n} x i32> {byte}, splat (i32 3)"))
            }
        }
    }

    fn reinterpret(&mut self, from: Type, to: Type, value: &str) -> String {
        let (a, b) = (self.vector_type(from), self.vector_type(to));
        if a == b { value.to_string() } else { self.ins(format!("bitcast {a} {value} to {b}")) }
    }

    fn join_words(&mut self, ty: Type, low: &str, high: &str) -> String {
        let n = self.lanes();
        let vt = self.vector_type(Type::I32);
        let picks: Vec<String> = (0..2 * n).map(|i| format!("i32 {}", i / 2 + i % 2 * n)).collect();
        let both = self.ins(format!(
            "shufflevector {vt} {low}, {vt} {high}, <{} x i32> <{}>",
            2 * n,
            picks.join(", ")
        ));
        let to = self.vector_type(ty);
        self.ins(format!("bitcast <{} x i32> {both} to {to}", 2 * n))
    }

    fn split_words(&mut self, ty: Type, value: &str) -> (String, String) {
        let n = self.lanes();
        let from = self.vector_type(ty);
        let wide = format!("<{} x i32>", 2 * n);
        let both = self.ins(format!("bitcast {from} {value} to {wide}"));
        let mut half = |odd: u32| {
            let picks: Vec<String> = (0..n).map(|i| format!("i32 {}", 2 * i + odd)).collect();
            self.ins(format!(
                "shufflevector {wide} {both}, {wide} poison, <{n} x i32> <{}>",
                picks.join(", ")
            ))
        };
        (half(0), half(1))
    }

    /// Bytes from `%rows` to a chunk's first cell of a slot.
    fn row_base(&self, chunk: usize, row: Row) -> u64 {
        let chunk = self.first_chunk() + chunk;
        let first = chunk as u64 * u64::from(self.lanes() * row.cells.bytes());
        u64::from(row.at) * u64::from(self.unit.layout.width()) + first
    }

    /// A pointer to a chunk's cell that all lanes address.
    fn row_pointer(&mut self, chunk: usize, at: &str, row: Row) -> String {
        let step = row.cells.scale() * self.unit.layout.width();
        let offset = self.ins(format!("mul i64 {at}, {step}"));
        let p = self.ins(format!("getelementptr i8, ptr %rows, i64 {offset}"));
        self.ins(format!("getelementptr i8, ptr {p}, i64 {}", self.row_base(chunk, row)))
    }

    /// Pointers to the cells of a chunk's lanes.
    fn row_pointers(&mut self, chunk: usize, at: &str, row: Row) -> String {
        let vt = self.vector_type(Type::I64);
        let step = row.cells.scale() * self.unit.layout.width();
        let offset = self.ins(format!("mul {vt} {at}, splat (i64 {step})"));
        let base = self.row_base(chunk, row);
        let own = self.lane_constant(Type::I64, |lane| base + u64::from(lane * row.cells.bytes()));
        let offset = self.ins(format!("add {vt} {offset}, {own}"));
        self.ins(format!("getelementptr i8, ptr %rows, {vt} {offset}"))
    }

    fn load_cell(&mut self, chunk: usize, at: &At, ty: Type, row: Row) -> String {
        let (n, t, align) = (self.lanes(), self.vector_type(ty), ty.bytes());
        let suffix = format!("v{n}{}", intrinsic_suffix(ty));
        match at {
            At::Shared(a) => {
                let p = self.row_pointer(chunk, a, row);
                self.ins(format!("load {t}, ptr {p}, align {align}"))
            }
            At::Guarded(a) => {
                let p = self.row_pointer(chunk, a, row);
                let mask = self.exec_mask(chunk);
                self.declare(format!("declare {t} @llvm.masked.load.{suffix}.p0(ptr, i32, <{n} x i1>, {t})"));
                self.ins(format!(
                    "call {t} @llvm.masked.load.{suffix}.p0(ptr {p}, i32 {align}, <{n} x i1> {mask}, {t} zeroinitializer)"
                ))
            }
            At::Lanes(a) => {
                let p = self.row_pointers(chunk, a, row);
                let mask = self.exec_mask(chunk);
                self.declare(format!(
                    "declare {t} @llvm.masked.gather.{suffix}.v{n}p0(<{n} x ptr>, i32, <{n} x i1>, {t})"
                ));
                self.ins(format!(
                    "call {t} @llvm.masked.gather.{suffix}.v{n}p0(<{n} x ptr> {p}, i32 {align}, <{n} x i1> {mask}, {t} zeroinitializer)"
                ))
            }
        }
    }

    fn store_cell(&mut self, chunk: usize, at: &At, ty: Type, row: Row, value: &str) {
        let (n, t, align) = (self.lanes(), self.vector_type(ty), ty.bytes());
        let suffix = format!("v{n}{}", intrinsic_suffix(ty));
        match at {
            At::Shared(a) | At::Guarded(a) => {
                let p = self.row_pointer(chunk, a, row);
                if let Exec::All = self.exec {
                    return self.stmt(format!("store {t} {value}, ptr {p}, align {align}"));
                }
                let mask = self.exec_mask(chunk);
                self.declare(format!(
                    "declare void @llvm.masked.store.{suffix}.p0({t}, ptr, i32, <{n} x i1>)"
                ));
                self.stmt(format!(
                    "call void @llvm.masked.store.{suffix}.p0({t} {value}, ptr {p}, i32 {align}, <{n} x i1> {mask})"
                ));
            }
            At::Lanes(a) => {
                let p = self.row_pointers(chunk, a, row);
                let mask = self.exec_mask(chunk);
                self.declare(format!(
                    "declare void @llvm.masked.scatter.{suffix}.v{n}p0({t}, <{n} x ptr>, i32, <{n} x i1>)"
                ));
                self.stmt(format!(
                    "call void @llvm.masked.scatter.{suffix}.v{n}p0({t} {value}, <{n} x ptr> {p}, i32 {align}, <{n} x i1> {mask})"
                ));
            }
        }
    }
}
