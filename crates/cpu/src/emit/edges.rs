//! Edges of branches: the lanes that take each, and the arguments that they bring.
//!
//! Invariant: arguments along one edge are moved after those of all edges of the branch have been read.

use super::{Emitter, Exec, Repr};
use ir::{BlockCall, Terminator, Type, Value};

impl Emitter<'_> {
    /// The lanes as a mask for each chunk.
    pub(super) fn masks_of(&mut self, exec: &Exec) -> Vec<String> {
        match exec {
            Exec::All => vec!["splat (i1 true)".to_string(); self.chunks()],
            Exec::Masks(m) => m.clone(),
        }
    }

    /// Moves block arguments along an edge. `mask`: the lanes that take it; they are blended in unless the edge is
    /// direct.
    pub fn move_args(&mut self, call: &BlockCall, mask: &Exec, direct: bool) {
        let params = self.func.block(call.block).params.clone();
        let mut moves = Vec::new();
        for (&param, &arg) in params.iter().zip(&call.args) {
            if !self.storage.contains_key(&param) {
                continue; // Nobody reads it.
            }
            // The parameter may rest on no conversion, or be a vector: then its argument must be exact.
            let exact = self.uni.origin(arg).is_some() && self.uni.origin(param) != self.uni.origin(arg);
            let repr = if exact { Repr::Vectors(self.vectors(arg)) } else { self.get(arg) };
            moves.push((param, repr));
        }
        for (param, repr) in moves {
            let storage = self.storage[&param].clone();
            if !direct && storage.kind == super::StorageKind::Vectors {
                let ty = self.func.ty(param);
                let vectors = self.repr_vectors(&repr, ty);
                self.blend_store(&storage.pointers, &vectors, ty, mask);
            } else {
                self.store_repr(param, &storage, &repr);
            }
        }
    }

    /// The running lanes for which `cond` holds, and the others.
    fn split(&mut self, cond: Value, exec: &Exec) -> (Exec, Exec) {
        if let Some(lanes) = self.known_value(cond) {
            return self.split_known(&lanes, exec);
        }
        let vt = self.vector_type(Type::I1);
        let c = self.vectors(cond);
        let m = self.masks_of(exec);
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for k in 0..self.chunks() {
            let not = self.ins(format!("xor {vt} {}, splat (i1 true)", c[k]));
            if let Exec::All = exec {
                yes.push(c[k].clone());
                no.push(not);
                continue;
            }
            yes.push(self.ins(format!("and {vt} {}, {}", m[k], c[k])));
            no.push(self.ins(format!("and {vt} {}, {not}", m[k])));
        }
        (Exec::Masks(yes), Exec::Masks(no))
    }

    /// The edges of a varying branch, with the running lanes that take each. The arguments have been read: moves along
    /// one edge do not change what another one brings.
    pub(super) fn edges(&mut self, term: &Terminator) -> Vec<(BlockCall, Exec)> {
        let exec = self.exec.clone();
        let edges: Vec<(BlockCall, Exec)> = match term {
            Terminator::Branch { cond, then, els } => {
                let (yes, no) = self.split(*cond, &exec);
                vec![(then.clone(), yes), (els.clone(), no)]
            }
            Terminator::Switch { index, targets, default } => {
                let vt = self.vector_type(Type::I1);
                let it = self.vector_type(Type::I32);
                let i = self.vectors(*index);
                let m = self.masks_of(&exec);
                let mut rest = m.clone();
                let mut edges = Vec::new();
                for (k, call) in targets.iter().enumerate() {
                    let mut taken = Vec::new();
                    for c in 0..self.chunks() {
                        let here = self.ins(format!("icmp eq {it} {}, splat (i32 {k})", i[c]));
                        let here = self.ins(format!("and {vt} {here}, {}", m[c]));
                        let not = self.ins(format!("xor {vt} {here}, splat (i1 true)"));
                        rest[c] = self.ins(format!("and {vt} {}, {not}", rest[c]));
                        taken.push(here);
                    }
                    edges.push((call.clone(), Exec::Masks(taken)));
                }
                edges.push((default.clone(), Exec::Masks(rest)));
                edges
            }
            _ => Vec::new(),
        };
        for (call, _) in &edges {
            let params = &self.func.block(call.block).params;
            for (param, &arg) in params.iter().zip(&call.args) {
                if self.storage.contains_key(param) {
                    self.get(arg);
                }
            }
        }
        edges
    }
}
