//! Rows of memory: accesses whose lanes lie side by side, or a few elements apart. One load or store serves all lanes
//! of a chunk; several elements a thread are put together or taken apart by shuffles. Also stores to one place.
//!
//! Invariant: no byte is touched that no running lane asked for; it may lie on a page that is not there.

use super::memory::Access;
use super::streamed::Caches;
use super::{Emitter, Exec, Repr};
use ir::Type;

impl Emitter<'_> {
    /// Elements from one thread's to the next's when a chunk is best loaded as a row of memory: consecutive threads
    /// access consecutive elements, or leave gaps so small that a masked load over them beats a gather.
    pub(super) fn row(&self, repr: &Repr, access: &Access) -> Option<usize> {
        let bytes = access.ty.bytes() as usize;
        if self.is_unit(repr, (access.count * bytes) as i64) {
            return Some(access.count);
        }
        let stride = match repr {
            Repr::Affine { stride, .. } | Repr::Bases(_, stride) => usize::try_from(*stride).ok()?,
            Repr::Scalar(_) | Repr::Vectors(_) => return None,
        };
        // Masked loads of bytes and halves exist from AVX-512 on; elsewhere LLVM would take them apart.
        let masked = self.unit.target.has(if bytes < 4 { "avx512bw" } else { "avx2" });
        let gaps = access.count * bytes < stride && stride <= 16 && stride % bytes == 0;
        (masked && gaps && self.lanes() > 1).then_some(stride / bytes)
    }

    /// One load of a row of memory for a chunk, `pitch` elements a thread, taken apart if that is more than one.
    /// Elements that no thread asked for are masked off: they may lie on a page that is not there.
    pub(super) fn load_row_of_memory(
        &mut self,
        access: &Access,
        pitch: usize,
        pointers: &[String],
    ) -> Vec<Repr> {
        let wide = self.lanes() * pitch as u32;
        let t = self.memory_vector(access.ty, wide);
        let mut columns = vec![Vec::new(); access.count];
        for c in 0..self.chunks() {
            let p = pointers[c].clone();
            if self.is_quad(access, pitch) {
                let quads = self.load_quads(access, &p, c);
                columns.iter_mut().zip(quads).for_each(|(column, quad)| column.push(quad));
                continue;
            }
            let all = match self.exec.clone() {
                Exec::All if pitch == access.count => {
                    let invariant = Self::invariant(access.space);
                    self.ins(format!("load {t}, ptr {p}, align {}{invariant}", access.align))
                }
                Exec::All => {
                    let mask = Self::gap_mask(wide as usize, access.count, pitch);
                    self.masked_load(access.ty, wide, &p, access.align, &mask)
                }
                Exec::Masks(m) => {
                    let mask = self.repeat_mask(&m[c], access.count, pitch);
                    self.masked_load(access.ty, wide, &p, access.align, &mask)
                }
            };
            for (k, column) in columns.iter_mut().enumerate() {
                column.push(self.deinterleave(access.ty, &all, k, pitch));
            }
        }
        columns.into_iter().map(Repr::Vectors).collect()
    }

    /// Every lane's bit `count` times, then zeros up to `pitch`.
    pub(super) fn repeat_mask(&mut self, mask: &str, count: usize, pitch: usize) -> String {
        if pitch == 1 {
            return mask.to_string();
        }
        let n = self.lanes() as usize;
        let wide = n * pitch;
        let picks: Vec<String> =
            (0..wide).map(|i| format!("i32 {}", if i % pitch < count { i / pitch } else { n })).collect();
        self.ins(format!(
            "shufflevector <{n} x i1> {mask}, <{n} x i1> zeroinitializer, <{wide} x i32> <{}>",
            picks.join(", ")
        ))
    }

    pub(super) fn deinterleave(&mut self, ty: Type, all: &str, k: usize, count: usize) -> String {
        if count == 1 {
            return all.to_string();
        }
        let n = self.lanes() as usize;
        let t = self.memory_vector(ty, (n * count) as u32);
        let picks: Vec<String> = (0..n).map(|i| format!("i32 {}", i * count + k)).collect();
        self.ins(format!("shufflevector {t} {all}, {t} poison, <{n} x i32> <{}>", picks.join(", ")))
    }

    /// Puts the columns of several elements per thread into memory order.
    pub(super) fn interleave(&mut self, ty: Type, columns: &[String]) -> String {
        if columns.len() == 1 {
            return columns[0].clone();
        }
        let n = self.lanes() as usize;
        let count = columns.len();
        // Concatenate pairwise, then pick.
        let mut parts = columns.to_vec();
        let mut width = n;
        while parts.len() > 1 {
            let t = self.memory_vector(ty, width as u32);
            let picks: Vec<String> = (0..2 * width).map(|i| format!("i32 {i}")).collect();
            parts = parts
                .chunks(2)
                .map(|pair| {
                    let second = pair.get(1).map_or("poison", |s| s);
                    self.ins(format!(
                        "shufflevector {t} {}, {t} {second}, <{} x i32> <{}>",
                        pair[0],
                        2 * width,
                        picks.join(", ")
                    ))
                })
                .collect();
            width *= 2;
        }
        let t = self.memory_vector(ty, width as u32);
        let picks: Vec<String> =
            (0..n * count).map(|i| format!("i32 {}", (i % count) * n + i / count)).collect();
        self.ins(format!(
            "shufflevector {t} {}, {t} poison, <{} x i32> <{}>",
            parts[0],
            n * count,
            picks.join(", ")
        ))
    }

    /// One store of a row of memory for a chunk, `pitch` elements a thread; what lies between is masked off.
    pub(super) fn store_row_of_memory(
        &mut self,
        access: &Access,
        pitch: usize,
        pointers: &[String],
        columns: &[Vec<String>],
        caches: Caches,
    ) {
        let wide = self.lanes() * pitch as u32;
        let t = self.memory_vector(access.ty, wide);
        for c in 0..self.chunks() {
            let mut list: Vec<String> = columns.iter().map(|col| col[c].clone()).collect();
            if self.is_quad(access, pitch) {
                self.store_quads(access, &pointers[c].clone(), c, &list, caches);
                continue;
            }
            list.resize(pitch, "poison".into());
            let all = self.interleave(access.ty, &list);
            let p = pointers[c].clone();
            match self.exec.clone() {
                Exec::All if pitch == access.count => {
                    let how = caches.suffix(access.align, wide * access.ty.bytes());
                    self.stmt(format!("store {t} {all}, ptr {p}, align {how}"));
                }
                Exec::All => {
                    let mask = Self::gap_mask(wide as usize, access.count, pitch);
                    self.masked_store(access.ty, wide, &all, &p, access.align, &mask);
                }
                Exec::Masks(m) => {
                    let mask = self.repeat_mask(&m[c], access.count, pitch);
                    self.masked_store(access.ty, wide, &all, &p, access.align, &mask);
                }
            }
        }
    }

    /// The first `count` of each `pitch` elements.
    pub(super) fn gap_mask(wide: usize, count: usize, pitch: usize) -> String {
        let bits: Vec<String> = (0..wide).map(|i| format!("i1 {}", i % pitch < count)).collect();
        format!("<{}>", bits.join(", "))
    }

    /// The lanes of a chunk store to one place: the last that runs has its way.
    pub(super) fn store_last(&mut self, access: &Access, pointers: &[String], columns: &[Vec<String>]) {
        let n = self.lanes();
        let t = self.vector_type(access.ty);
        for c in 0..self.chunks() {
            let pick = |e: &mut Self, lane: &str| -> Vec<String> {
                columns
                    .iter()
                    .map(|column| e.ins(format!("extractelement {t} {}, i32 {lane}", column[c])))
                    .collect()
            };
            let Exec::Masks(masks) = self.exec.clone() else {
                let values = pick(self, &(n - 1).to_string());
                self.store_scalars(access, &pointers[c], &values);
                continue;
            };
            let bits = self.mask_bits(&masks[c]);
            let bits = self.ins(format!("zext i{n} {bits} to i32"));
            let (some, next) = (self.new_label("some"), self.new_label("next"));
            let any = self.ins(format!("icmp ne i32 {bits}, 0"));
            self.stmt(format!("br i1 {any}, label %{some}, label %{next}"));
            self.place(&some);
            self.declare("declare i32 @llvm.ctlz.i32(i32, i1)".into());
            let above = self.ins(format!("call i32 @llvm.ctlz.i32(i32 {bits}, i1 true)"));
            let last = self.ins(format!("sub i32 31, {above}"));
            let values = pick(self, &last);
            self.store_scalars(access, &pointers[c], &values);
            self.jump(&next);
            self.place(&next);
        }
    }
}
