//! Strongly connected components, and the nested order of any graph that comes from taking them apart
//! (Bourdoncle: Efficient Chaotic Iteration Strategies with Widenings, 1993). Works on irreducible graphs.

/// Tarjan's algorithm without recursion over the nodes of `nodes`. `succs` may name nodes outside; they are ignored.
/// Components come in topological order of the condensed graph (sources first).
pub fn components(n: usize, nodes: &[u32], succs: &dyn Fn(u32) -> Vec<u32>) -> Vec<Vec<u32>> {
    const NEW: u32 = u32::MAX;
    let mut inside = vec![false; n];
    nodes.iter().for_each(|&v| inside[v as usize] = true);
    let mut index = vec![NEW; n];
    let mut low = vec![0u32; n];
    let mut on_stack = vec![false; n];
    let (mut stack, mut out) = (Vec::new(), Vec::new());
    let mut clock = 0;
    for &root in nodes {
        if index[root as usize] != NEW {
            continue;
        }
        let mut work: Vec<(u32, Vec<u32>, usize)> = vec![(root, succs(root), 0)];
        while let Some((v, list, at)) = work.last_mut() {
            let v = *v;
            if *at == 0 && index[v as usize] == NEW {
                index[v as usize] = clock;
                low[v as usize] = clock;
                clock += 1;
                stack.push(v);
                on_stack[v as usize] = true;
            }
            if let Some(&w) = list.get(*at) {
                *at += 1;
                if !inside[w as usize] {
                    continue;
                }
                if index[w as usize] == NEW {
                    work.push((w, succs(w), 0));
                } else if on_stack[w as usize] {
                    low[v as usize] = low[v as usize].min(index[w as usize]);
                }
                continue;
            }
            work.pop();
            if let Some((parent, _, _)) = work.last() {
                let parent = *parent as usize;
                low[parent] = low[parent].min(low[v as usize]);
            }
            if low[v as usize] == index[v as usize] {
                let mut component = Vec::new();
                loop {
                    let w = stack.pop().expect("the component's root is on the stack");
                    on_stack[w as usize] = false;
                    component.push(w);
                    if w == v {
                        break;
                    }
                }
                out.push(component);
            }
        }
    }
    out.reverse();
    out
}

/// One element of a nested order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nest {
    Node(u32),
    /// A cycle: its elements in order, entered at the first.
    Loop(Vec<Nest>),
}

impl Nest {
    /// All nodes in linear order.
    pub fn nodes(list: &[Nest]) -> Vec<u32> {
        let mut out = Vec::new();
        for item in list {
            match item {
                Nest::Node(v) => out.push(*v),
                Nest::Loop(inner) => out.extend(Nest::nodes(inner)),
            }
        }
        out
    }
}

/// The nested order of `nodes`: every edge goes forward in it, or back to an element of a loop that holds its source.
/// `priority` chooses the head of a cycle (lowest first), so that natural loops start at their header.
pub fn nest(
    n: usize,
    nodes: &[u32],
    succs: &dyn Fn(u32) -> Vec<u32>,
    priority: &dyn Fn(u32) -> u32,
) -> Vec<Nest> {
    let mut sorted = nodes.to_vec();
    sorted.sort_by_key(|&v| priority(v));
    let mut out = Vec::new();
    for component in components(n, &sorted, succs) {
        let first = component[0];
        if component.len() == 1 && !succs(first).contains(&first) {
            out.push(Nest::Node(first));
            continue;
        }
        let head = component.iter().copied().min_by_key(|&v| priority(v)).expect("not empty");
        let rest: Vec<u32> = component.into_iter().filter(|&v| v != head).collect();
        let mut inner = vec![Nest::Node(head)];
        inner.extend(nest(n, &rest, succs, priority));
        out.push(Nest::Loop(inner));
    }
    out
}
