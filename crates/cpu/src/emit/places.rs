//! Where in a gang's frame values lie: what no barrier keeps together shares a place, first of all what a loop hands on
//! under another name, so that nothing is moved.
//!
//! Invariant: values of one list never share a byte. A list is written whole where a gang stops and read whole where it goes on, so
//! nothing else matters.

use super::frame::Saved;
use analysis::Cfg;
use ir::{Function, Value};
use std::collections::BTreeMap;

/// Lists that sharing looks at; beyond that every value has a place of its own.
const LISTS: usize = 128;

/// Values that share a place.
struct Class {
    bytes: u32,
    /// Lists that one of them is in, a bit each.
    lists: u128,
}

/// Gives every saved value its place, from `first` on. `bytes`: of a value. Returns where the places end.
pub(super) fn assign(
    func: &Function,
    cfg: &Cfg,
    lists: &mut [&mut Vec<Saved>],
    first: u32,
    bytes: &dyn Fn(&Saved) -> u32,
) -> u32 {
    let shares = lists.len() <= LISTS;
    let mut number: BTreeMap<(Value, bool), usize> = BTreeMap::new();
    let mut classes: Vec<Class> = Vec::new();
    for (l, list) in lists.iter().enumerate() {
        for s in list.iter() {
            let class = *number.entry((s.value, s.blended)).or_insert(classes.len());
            if class == classes.len() {
                classes.push(Class { bytes: bytes(s), lists: 0 });
            }
            classes[class].lists |= if shares { 1 << l } else { u128::MAX };
        }
    }
    let mut parent: Vec<usize> = (0..classes.len()).collect();
    let root = |parent: &[usize], mut c: usize| {
        while parent[c] != c {
            c = parent[c];
        }
        c
    };
    for &block in &cfg.rpo {
        for call in func.block(block).term.successors() {
            for (&param, &arg) in func.block(call.block).params.iter().zip(&call.args) {
                let (Some(&p), Some(&a)) = (number.get(&(param, false)), number.get(&(arg, false))) else {
                    continue;
                };
                let (p, a) = (root(&parent, p), root(&parent, a));
                let apart = classes[p].lists & classes[a].lists == 0;
                if p != a && apart && classes[p].bytes == classes[a].bytes {
                    classes[p].lists |= classes[a].lists;
                    parent[a] = p;
                }
            }
        }
    }
    // Each place: where it is, how large, and in which lists.
    let mut places: Vec<(u32, Class)> = Vec::new();
    let mut place: Vec<Option<u32>> = vec![None; classes.len()];
    let mut end = first;
    for c in (0..classes.len()).filter(|&c| parent[c] == c) {
        let Class { bytes, lists } = classes[c];
        let free = places.iter_mut().find(|(_, p)| p.bytes == bytes && p.lists & lists == 0);
        place[c] = Some(match free {
            Some((at, p)) => {
                p.lists |= lists;
                *at
            }
            None => {
                places.push((end, Class { bytes, lists }));
                end += bytes;
                end - bytes
            }
        });
    }
    for s in lists.iter_mut().flat_map(|list| list.iter_mut()) {
        let class = root(&parent, number[&(s.value, s.blended)]);
        s.offset = place[class].expect("every class has a place");
    }
    end
}
