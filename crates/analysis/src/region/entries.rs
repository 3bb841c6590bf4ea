//! Which blocks begin fragments.
//!
//! Lanes of a fragment are together: they come in by its entry, or come back to it at the end of a chain that it opened.

use super::Opening;
use crate::{Cfg, DomTree};
use ir::{Block, Function};

/// The entry of each block's fragment. Starts from the coarsest choice and makes a block an entry of its own as soon
/// as lanes can come to it in a way that a fragment does not allow. Openings that cannot have a chain of their own go.
pub(super) fn find(
    cfg: &Cfg,
    dom: &DomTree,
    divergent: &[bool],
    reconverge: &[Option<Block>],
    class: &[u128],
    openings: &mut Vec<Opening>,
) -> Vec<Block> {
    let n = cfg.succs.len();
    let mut is_entry = vec![false; n];
    is_entry[Function::ENTRY.index()] = true;
    let mut entry: Vec<Block> = (0..n as u32).map(Block).collect();
    loop {
        let mut by_end: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (i, o) in openings.iter().enumerate() {
            by_end[o.end.index()].push(i);
        }
        for &y in &cfg.rpo {
            if is_entry[y.index()] {
                entry[y.index()] = y;
                continue;
            }
            let mut up = dom.idom(y);
            while let Some(d) = up {
                if class[d.index()] == class[y.index()] {
                    break;
                }
                up = dom.idom(d);
            }
            match up {
                Some(d) => entry[y.index()] = entry[d.index()],
                None => {
                    is_entry[y.index()] = true;
                    entry[y.index()] = y;
                }
            }
        }
        let mut changed = false;
        for &y in &cfg.rpo {
            if is_entry[y.index()] {
                continue;
            }
            let f = entry[y.index()];
            let allowed = |x: Block| {
                if entry[x.index()] != f {
                    return by_end[y.index()].iter().any(|&i| {
                        let o = &openings[i];
                        entry[o.at.index()] == f && o.region.contains(x.index())
                    });
                }
                if !divergent[x.index()] {
                    return true;
                }
                match reconverge[x.index()] {
                    Some(p) if p == y => true,
                    Some(p) if entry[p.index()] == f => false,
                    _ => cfg.succs[x.index()].iter().all(|&s| s == y || entry[s.index()] != f),
                }
            };
            if !cfg.preds[y.index()].iter().all(|&x| allowed(x)) {
                is_entry[y.index()] = true;
                changed = true;
            }
        }
        openings.retain(|o| {
            let home = entry[o.at.index()];
            let opens = |p: Block| !divergent[p.index()] || reconverge[p.index()] == Some(o.end);
            if entry[o.end.index()] != home || closed(cfg, o, home, &entry, &opens) {
                return true;
            }
            // Without a common fragment there is no chain: the lanes part into one further out.
            changed = true;
            if divergent[o.at.index()] {
                let split = if is_entry[o.end.index()] { o.at } else { o.end };
                is_entry[split.index()] = true;
            }
            divergent[o.at.index()]
        });
        if !changed {
            return entry;
        }
    }
}

/// Whether lanes come into the region of an opening from its own fragment only, where all lanes go in or to its end.
/// Else some would wait in a chain that nobody has opened: the region may hold the head of a loop around the opening.
fn closed(cfg: &Cfg, o: &Opening, home: Block, entry: &[Block], opens: &dyn Fn(Block) -> bool) -> bool {
    let inside = |&p: &Block| match entry[p.index()] == home {
        true => opens(p),
        false => o.region.contains(p.index()),
    };
    let mut outer = o.region.iter().filter(|&x| entry[x] != home);
    outer.all(|x| cfg.preds[x].iter().all(inside))
}
