//! What must hold of a divergence structure, so that emission may trust it.
//!
//! While a chain is under way, the mask of the fragment that opened it still holds all lanes that went in. So lanes
//! may leave a chain only where it ends, and may only be sent into a chain that is being run or is about to be.

use super::{ChainId, FragmentId, Regions};
use crate::Cfg;
use crate::scc::Nest;
use ir::Block;

/// Where each fragment stands in its chain, and the intervals that are repeated while lanes wait in them.
struct Order {
    index: Vec<usize>,
    repeats: Vec<Vec<(usize, usize)>>,
}

impl Order {
    fn of(r: &Regions) -> Result<Order, String> {
        let mut out =
            Order { index: vec![usize::MAX; r.fragments.len()], repeats: vec![Vec::new(); r.chains.len()] };
        for (c, chain) in r.chains.iter().enumerate() {
            let mut clock = 0;
            out.number(&chain.order, c, &mut clock);
        }
        for (f, fragment) in r.fragments.iter().enumerate() {
            if out.index[f] == usize::MAX {
                return Err(format!("the fragment at {} is in no chain", fragment.entry));
            }
        }
        Ok(out)
    }

    fn number(&mut self, list: &[Nest], chain: usize, clock: &mut usize) {
        for item in list {
            match item {
                Nest::Node(f) => {
                    self.index[*f as usize] = *clock;
                    *clock += 1;
                }
                Nest::Loop(inner) => {
                    let first = *clock;
                    self.number(inner, chain, clock);
                    self.repeats[chain].push((first, *clock));
                }
            }
        }
    }

    /// Whether lanes that `from` sends to `to`, of the same chain, are run before the chain ends.
    fn reaches(&self, from: FragmentId, to: FragmentId, chain: ChainId) -> bool {
        let (from, to) = (self.index[from.index()], self.index[to.index()]);
        let around =
            |&(first, end): &(usize, usize)| (first..end).contains(&from) && (first..end).contains(&to);
        from < to || self.repeats[chain.index()].iter().any(around)
    }
}

/// Checks the structure of a function. Errors: the edge or chain that breaks a rule, in words.
pub fn verify(cfg: &Cfg, r: &Regions) -> Result<(), String> {
    let order = Order::of(r)?;
    if r.fragments[FragmentId::ROOT.index()].chain != ChainId::ROOT
        || order.index[FragmentId::ROOT.index()] != 0
    {
        return Err("the root fragment does not come first".into());
    }
    for (c, chain) in r.chains.iter().enumerate().skip(1) {
        let Some(end) = chain.end else { return Err(format!("chain {c} has no end")) };
        let mut up = r.fragment(end);
        for _ in 0..=r.chains.len() {
            let around = r.fragments[up.index()].chain;
            if around.index() == c {
                return Err(format!("the chain that ends at {end} lies in itself"));
            }
            match r.chains[around.index()].end {
                Some(end) => up = r.fragment(end),
                None => break,
            }
        }
    }
    for &from in &cfg.rpo {
        let targets = &cfg.succs[from.index()];
        let checked = match r.is_divergent(from) {
            false => targets.iter().try_for_each(|&to| uniform(r, &order, from, to)),
            true => divergent(r, &order, from, targets),
        };
        checked.map_err(|why| format!("{from} -> {targets:?}: {why}"))?;
    }
    Ok(())
}

/// All lanes of a fragment take an edge.
fn uniform(r: &Regions, order: &Order, from: Block, to: Block) -> Result<(), String> {
    let (home, target) = (r.fragment(from), r.fragment(to));
    if home == target {
        return Ok(());
    }
    let into = r.fragments[target.index()].chain;
    let opens = r.chains[into.index()].end.is_some_and(|end| r.fragment(end) == home);
    if opens && r.fragments[target.index()].entry == to {
        return Ok(());
    }
    leaves(r, order, from, to)
}

/// Lanes leave their fragment for another one of the same chain, or for its end.
fn leaves(r: &Regions, order: &Order, from: Block, to: Block) -> Result<(), String> {
    let (home, target) = (r.fragment(from), r.fragment(to));
    let chain = r.fragments[home.index()].chain;
    if r.chains[chain.index()].end == Some(to) {
        return Ok(());
    }
    let goes = &r.fragments[target.index()];
    if goes.entry != to {
        return Err(format!("lanes come to {to} in the middle of the fragment of {}", goes.entry));
    }
    if goes.chain != chain {
        let end = r.chains[goes.chain.index()].end;
        return Err(format!("lanes wait at {to} in a chain that is not run; it ends at {end:?}"));
    }
    if !order.reaches(home, target, chain) {
        return Err(format!("the chain does not come back to {to}"));
    }
    Ok(())
}

/// Lanes part.
fn divergent(r: &Regions, order: &Order, from: Block, targets: &[Block]) -> Result<(), String> {
    let home = r.fragment(from);
    let meet = r.reconvergence(from);
    if let Some(meet) = meet.filter(|&p| r.fragment(p) == home) {
        // All but those that are there already go through one chain that ends where they meet.
        for &to in targets.iter().filter(|&&t| t != meet) {
            let target = &r.fragments[r.fragment(to).index()];
            if r.fragment(to) == home {
                return Err(format!("lanes go to {to} in their own fragment, past {meet}"));
            }
            if target.entry != to {
                return Err(format!("lanes come to {to} in the middle of the fragment of {}", target.entry));
            }
            if r.chains[target.chain.index()].end != Some(meet) {
                return Err(format!("the chain of {to} does not end at {meet}"));
            }
        }
        return Ok(());
    }
    // They part into the chain around; one target may stay.
    let mut stays = targets.iter().filter(|&&t| r.fragment(t) == home);
    if let Some(&stay) = stays.next()
        && stays.any(|&t| t != stay)
    {
        return Err("lanes part within their fragment and do not meet in it".into());
    }
    targets.iter().filter(|&&t| r.fragment(t) != home).try_for_each(|&to| leaves(r, order, from, to))
}
