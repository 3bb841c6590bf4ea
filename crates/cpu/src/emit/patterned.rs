//! Accesses whose lanes lie as a pattern says (`analysis::pattern`): a few rows of neighbouring elements, which are loaded or
//! stored whole and put in order by constant permutations.
//!
//! Invariant: only bytes between the first and the last element of a row are read, and only the lanes' own are written.

use super::gather::Places;
use super::memory::Access;
use super::{Emitter, Exec, Repr, scalar_type};
use analysis::pattern;
use ir::{MemOrder, Space, Type, Value};

/// Neighbouring elements, counted from the first lane's.
struct Row {
    first: i64,
    elements: usize,
}

impl Emitter<'_> {
    /// Which element each lane accesses first, counted from the first lane's, if that is the same in every chunk.
    fn lane_elements(&self, addr: Value, access: &Access) -> Option<Vec<i64>> {
        let fits = access.sem.order == MemOrder::Weak
            && !matches!(access.space, Space::Local)
            && !matches!(access.ty, Type::I1 | Type::BF16)
            && matches!(self.exec, Exec::All)
            && self.lanes() >= 8;
        if !fits {
            return None;
        }
        let steps = pattern::of(self.func, self.uni, &self.unit.layout, addr, self.block)?;
        let bytes = i64::from(access.ty.bytes());
        steps.iter().map(|s| (s % bytes == 0).then_some(s / bytes)).collect()
    }

    /// The columns of a load, if a few rows hold them.
    pub(super) fn load_pattern(
        &mut self,
        addr: Value,
        access: &Access,
        places: &Places,
    ) -> Option<Vec<Repr>> {
        let lanes = self.lanes() as usize;
        let starts = self.lane_elements(addr, access)?;
        let mut all: Vec<i64> =
            starts.iter().flat_map(|s| (0..access.count as i64).map(move |k| s + k)).collect();
        all.sort_unstable();
        all.dedup();
        let mut rows: Vec<Row> = Vec::new();
        for &element in &all {
            match rows.last_mut() {
                Some(row) if element - row.first < lanes as i64 => {
                    row.elements = (element - row.first) as usize + 1
                }
                _ => rows.push(Row { first: element, elements: 1 }),
            }
        }
        if rows.len() * 4 > lanes {
            return None;
        }
        let mut columns = vec![Vec::new(); access.count];
        for chunk in 0..self.chunks() {
            let base = self.place_of_lane(access.space, places, chunk, 0);
            let loaded: Vec<String> = rows.iter().map(|row| self.load_part(access, &base, row)).collect();
            for (k, column) in columns.iter_mut().enumerate() {
                column.push(self.in_order(access.ty, &rows, &loaded, &starts, k as i64));
            }
        }
        Some(columns.into_iter().map(Repr::Vectors).collect())
    }

    /// A row as a vector, whose elements behind its own are undefined.
    fn load_part(&mut self, access: &Access, base: &str, row: &Row) -> String {
        let lanes = self.lanes();
        let (ty, n) = (access.ty, row.elements as u32);
        let p = self.ins(format!("getelementptr i8, ptr {base}, i64 {}", row.first * i64::from(ty.bytes())));
        let invariant = Self::invariant(access.space);
        let t = scalar_type(ty);
        let vt = self.vector_type(ty);
        if n == 1 {
            let one = self.ins(format!("load {t}, ptr {p}, align {}{invariant}", access.align));
            return self.ins(format!("insertelement {vt} poison, {t} {one}, i64 0"));
        }
        if n == lanes {
            return self.ins(format!("load {vt}, ptr {p}, align {}{invariant}", access.align));
        }
        if n.is_power_of_two() {
            let part = self.ins(format!("load <{n} x {t}>, ptr {p}, align {}{invariant}", access.align));
            let order: Vec<String> = (0..lanes)
                .map(|l| if l < n { format!("i32 {l}") } else { "i32 poison".to_string() })
                .collect();
            return self.ins(format!(
                "shufflevector <{n} x {t}> {part}, <{n} x {t}> poison, <{lanes} x i32> <{}>",
                order.join(", ")
            ));
        }
        let mask = self.lane_constant(Type::I1, |l| u64::from(l < n));
        self.masked_load(ty, lanes, &p, access.align, &mask)
    }

    /// Element `k` of each lane, from the rows.
    fn in_order(&mut self, ty: Type, rows: &[Row], loaded: &[String], starts: &[i64], k: i64) -> String {
        let (lanes, vt) = (self.lanes(), self.vector_type(ty));
        let mut out: Option<String> = None;
        for (row, vector) in rows.iter().zip(loaded) {
            let within = |l: u32| {
                let at = starts[l as usize] + k - row.first;
                (at >= 0 && at < row.elements as i64).then_some(at)
            };
            if !(0..lanes).any(|l| within(l).is_some()) {
                continue;
            }
            let order: Vec<String> = (0..lanes)
                .map(|l| within(l).map_or("i32 poison".to_string(), |at| format!("i32 {at}")))
                .collect();
            let here = self.ins(format!(
                "shufflevector {vt} {vector}, {vt} poison, <{lanes} x i32> <{}>",
                order.join(", ")
            ));
            out = Some(match out {
                None => here,
                Some(before) => {
                    let mask = self.lane_constant(Type::I1, |l| u64::from(within(l).is_some()));
                    self.ins(format!("select <{lanes} x i1> {mask}, {vt} {here}, {vt} {before}"))
                }
            });
        }
        out.unwrap_or_else(|| "poison".into())
    }

    /// Stores one element a lane as rows, if they are few; whether it has.
    pub(super) fn store_pattern(
        &mut self,
        addr: Value,
        access: &Access,
        places: &Places,
        columns: &[Vec<String>],
    ) -> bool {
        let [column] = columns else { return false };
        let Some(starts) = self.lane_elements(addr, access) else { return false };
        let lanes = self.lanes();
        let mut order: Vec<usize> = (0..lanes as usize).collect();
        order.sort_by_key(|&l| starts[l]);
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for &lane in &order {
            match rows.last_mut().filter(|row| row.last().is_some_and(|&l| starts[l] + 1 == starts[lane])) {
                Some(row) => row.push(lane),
                None => rows.push(vec![lane]),
            }
        }
        // Of lanes that store to one place the last one wins.
        let apart = order.windows(2).all(|w| starts[w[0]] != starts[w[1]]);
        if !apart || rows.len() * 4 > lanes as usize {
            return false;
        }
        let (vt, t) = (self.vector_type(access.ty), scalar_type(access.ty));
        for chunk in 0..self.chunks() {
            let base = self.place_of_lane(access.space, places, chunk, 0);
            for row in &rows {
                let at = starts[row[0]] * i64::from(access.ty.bytes());
                let p = self.ins(format!("getelementptr i8, ptr {base}, i64 {at}"));
                let list: Vec<String> = row.iter().map(|l| format!("i32 {l}")).collect();
                let n = row.len();
                let part = self.ins(format!(
                    "shufflevector {vt} {}, {vt} poison, <{n} x i32> <{}>",
                    column[chunk],
                    list.join(", ")
                ));
                self.stmt(format!("store <{n} x {t}> {part}, ptr {p}, align {}", access.align));
            }
        }
        true
    }
}
