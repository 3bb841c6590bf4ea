//! Makes a failing program smaller: nodes, statements, meetings and functions go while it still fails.

use super::{Meeting, Node, Program};
use crate::graph::{End, Fuel};

/// The smallest program found for which `fails` still holds, after at most `tries` trials.
pub fn shrink(program: Program, mut tries: usize, mut fails: impl FnMut(&Program) -> bool) -> Program {
    let mut best = program;
    loop {
        let mut smaller = false;
        for step in [segments, rounds, ends, jumps, stmts, threads] {
            let mut at = 0;
            while tries > 0 {
                let mut candidate = best.clone();
                match step(&mut candidate, at) {
                    Step::Over => break,
                    Step::Same => at += 1,
                    Step::Smaller => {
                        tries -= 1;
                        if fails(&candidate) {
                            best = candidate;
                            smaller = true;
                        } else {
                            at += 1;
                        }
                    }
                }
            }
        }
        if !smaller || tries == 0 {
            return best;
        }
    }
}

enum Step {
    Smaller,
    /// Nothing to be done at this place.
    Same,
    /// There are no more places.
    Over,
}

fn graphs(p: &mut Program) -> impl Iterator<Item = &mut Vec<Node>> {
    p.segments.iter_mut().map(|s| &mut s.nodes).chain(&mut p.functions)
}

fn nodes(p: &mut Program) -> impl Iterator<Item = (usize, &mut Node)> {
    graphs(p).flat_map(|g| g.iter_mut().enumerate())
}

fn segments(p: &mut Program, at: usize) -> Step {
    let n = p.segments.len();
    match at {
        _ if at < n && n > 1 => {
            p.segments.remove(at);
            Step::Smaller
        }
        _ if at < n => Step::Same,
        _ if at < 2 * n => match std::mem::replace(&mut p.segments[at - n].meeting, Meeting::Nothing) {
            Meeting::Nothing => Step::Same,
            _ => Step::Smaller,
        },
        _ => Step::Over,
    }
}

fn rounds(p: &mut Program, at: usize) -> Step {
    match at {
        0 if p.rounds > 1 => {
            p.rounds -= 1;
            Step::Smaller
        }
        _ => Step::Over,
    }
}

fn threads(p: &mut Program, at: usize) -> Step {
    match at {
        0 if p.threads > 32 => {
            p.threads = 32;
            Step::Smaller
        }
        _ => Step::Over,
    }
}

/// A branch becomes a jump. The way that fuel guards is never the only one left.
fn ends(p: &mut Program, at: usize) -> Step {
    let Some((number, node)) = nodes(p).nth(at / 4) else { return Step::Over };
    let jump = match (&node.end, at % 4) {
        (End::Branch { els, .. }, 0) => *els,
        (End::Branch { then, fuel: Fuel::Free, .. }, 1) if *then > number => *then,
        (End::Table(list), k) if k < list.len() => list[k],
        (End::Exit, 0) => {
            node.stmts.clear();
            return Step::Same;
        }
        _ => return Step::Same,
    };
    node.end = End::Jump(jump);
    Step::Smaller
}

/// Edges go to where an empty node jumps.
fn jumps(p: &mut Program, at: usize) -> Step {
    let mut count = 0;
    for graph in graphs(p) {
        for n in 0..graph.len() {
            if count == at {
                let End::Jump(to) = graph[n].end else { return Step::Same };
                if !graph[n].stmts.is_empty() || to <= n {
                    return Step::Same;
                }
                let mut changed = false;
                for node in graph.iter_mut() {
                    for target in node.end.targets_mut().into_iter().filter(|t| **t == n) {
                        *target = to;
                        changed = true;
                    }
                }
                return if changed { Step::Smaller } else { Step::Same };
            }
            count += 1;
        }
    }
    Step::Over
}

fn stmts(p: &mut Program, mut at: usize) -> Step {
    for (_, node) in nodes(p) {
        if at < node.stmts.len() {
            node.stmts.remove(at);
            return Step::Smaller;
        }
        at -= node.stmts.len();
    }
    Step::Over
}
