//! Random control flow: nests of loops that are left and continued at several levels, jumps into shared heads, and
//! graphs without any structure.
//!
//! Invariant: from every node the last one can be reached over edges that go forward, and every edge that goes back is
//! an alternative to one that goes forward. So a walk ends whenever it takes the way forward, which fuel makes it do.

use crate::tape::Tape;

/// How a node ends. Targets are node numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    Jump(usize),
    /// `then` is taken if the node's condition holds, and, if it goes back or its loop does, while there is fuel.
    Branch {
        then: usize,
        els: usize,
        fuel: Fuel,
    },
    Table(Vec<usize>),
    /// The graph is left here: by the last node, to what comes behind it.
    Leave,
    /// The thread ends here.
    Exit,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fuel {
    Free,
    Needed,
}

impl End {
    pub fn targets(&self) -> Vec<usize> {
        match self {
            End::Jump(to) => vec![*to],
            End::Branch { then, els, .. } => vec![*then, *els],
            End::Table(list) => list.clone(),
            End::Leave | End::Exit => vec![],
        }
    }

    pub fn targets_mut(&mut self) -> Vec<&mut usize> {
        match self {
            End::Jump(to) => vec![to],
            End::Branch { then, els, .. } => vec![then, els],
            End::Table(list) => list.iter_mut().collect(),
            End::Leave | End::Exit => vec![],
        }
    }
}

/// Whether threads may end before the last node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exits {
    Yes,
    No,
}

/// A graph: the ends of its nodes; it is entered at the first.
pub fn graph(tape: &mut Tape, exits: Exits) -> Vec<End> {
    match tape.below(3) {
        0 => scattered(tape, exits),
        _ => nested(tape, exits),
    }
}

/// Nodes that go anywhere near.
fn scattered(tape: &mut Tape, exits: Exits) -> Vec<End> {
    let n = 3 + tape.below(12);
    let reach = 1 + tape.below(5);
    let mut list = Vec::new();
    for i in 0..n - 1 {
        let forward = |tape: &mut Tape| i + 1 + tape.below(reach.min(n - 1 - i));
        list.push(match tape.below(8) {
            0 => End::Jump(forward(tape)),
            1 => End::Table((0..2 + tape.below(3)).map(|_| forward(tape)).collect()),
            2 if exits == Exits::Yes && i > 0 => End::Exit,
            2 | 3 => End::Branch { then: forward(tape), els: forward(tape), fuel: Fuel::Free },
            _ => {
                let then = i - tape.below((2 * reach).min(i + 1));
                End::Branch { then, els: forward(tape), fuel: Fuel::Needed }
            }
        });
    }
    list.push(End::Leave);
    list
}

/// A nest of statements. Targets are labels until all have their nodes.
struct Nest<'t, 'n> {
    tape: &'t mut Tape<'n>,
    ends: Vec<End>,
    /// Node of each label, once it is placed.
    labels: Vec<Option<usize>>,
    /// Head and way out of the loops around, outermost first.
    loops: Vec<(usize, usize)>,
    /// Labels further on that several jumps may share.
    shared: Vec<usize>,
    exits: Exits,
    budget: usize,
}

fn nested(tape: &mut Tape, exits: Exits) -> Vec<End> {
    let budget = 3 + tape.below(16);
    let mut nest = Nest { tape, ends: vec![], labels: vec![], loops: vec![], shared: vec![], exits, budget };
    nest.list(0);
    for label in std::mem::take(&mut nest.shared) {
        nest.place(label);
    }
    nest.ends.push(End::Leave);
    let Nest { mut ends, labels, .. } = nest;
    let last = ends.len() - 1;
    for end in &mut ends {
        for target in end.targets_mut() {
            *target = labels[*target].unwrap_or(last).min(last);
        }
    }
    // What was meant to go forward may go back, after shared labels have been placed: never without fuel.
    for (i, end) in ends.iter_mut().enumerate() {
        if let End::Branch { then, fuel, .. } = end
            && *then <= i
        {
            *fuel = Fuel::Needed;
        }
    }
    ends
}

impl Nest<'_, '_> {
    fn label(&mut self) -> usize {
        self.labels.push(None);
        self.labels.len() - 1
    }

    /// A label at the next node.
    fn here(&mut self) -> usize {
        let label = self.label();
        self.place(label);
        label
    }

    fn place(&mut self, label: usize) {
        self.labels[label] = Some(self.ends.len());
    }

    fn branch(&mut self, then: usize, els: usize, fuel: Fuel) {
        self.ends.push(End::Branch { then, els, fuel });
    }

    fn list(&mut self, depth: usize) {
        for _ in 0..1 + self.tape.below(3) {
            if self.budget == 0 || self.tape.ended() {
                return;
            }
            self.budget -= 1;
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: usize) {
        if self.tape.one_in(5) && !self.shared.is_empty() {
            let at = self.tape.below(self.shared.len());
            let label = self.shared.swap_remove(at);
            self.place(label);
        }
        match self.tape.below(10) {
            0 => self.plain(),
            1 | 2 if depth < 4 => self.choice(depth),
            3 | 4 if depth < 4 => self.while_loop(depth),
            5 if depth < 4 => self.do_loop(depth),
            6 | 7 if !self.loops.is_empty() => self.escape(),
            8 => self.goto(),
            9 if depth < 3 => self.table(depth),
            _ if self.exits == Exits::Yes && depth > 0 => self.exit(),
            _ => self.plain(),
        }
    }

    fn plain(&mut self) {
        let next = self.label();
        self.ends.push(End::Jump(next));
        self.place(next);
    }

    fn choice(&mut self, depth: usize) {
        let (then, els, join) = (self.label(), self.label(), self.label());
        self.branch(then, els, Fuel::Free);
        self.place(then);
        self.list(depth + 1);
        self.ends.push(End::Jump(join));
        self.place(els);
        if self.tape.one_in(2) {
            self.list(depth + 1);
            self.plain();
        }
        self.place(join);
    }

    fn while_loop(&mut self, depth: usize) {
        let (head, body, after) = (self.here(), self.label(), self.label());
        self.branch(body, after, Fuel::Needed);
        self.place(body);
        self.loops.push((head, after));
        self.list(depth + 1);
        self.loops.pop();
        self.ends.push(End::Jump(head));
        self.place(after);
    }

    fn do_loop(&mut self, depth: usize) {
        let (head, after) = (self.here(), self.label());
        self.loops.push((head, after));
        self.list(depth + 1);
        self.loops.pop();
        self.branch(head, after, Fuel::Needed);
        self.place(after);
    }

    /// Breaks or continues a loop, mostly not the innermost.
    fn escape(&mut self) {
        let (head, after) = self.loops[self.tape.below(self.loops.len())];
        let on = self.label();
        match self.tape.one_in(2) {
            true => self.branch(after, on, Fuel::Free),
            false => self.branch(head, on, Fuel::Needed),
        }
        self.place(on);
    }

    /// To any place before, or to one further on that others jump to as well.
    fn goto(&mut self) {
        let on = self.label();
        if self.tape.one_in(2) && !self.ends.is_empty() {
            let before = self.tape.below(self.ends.len());
            self.labels.push(Some(before));
            let label = self.labels.len() - 1;
            self.branch(label, on, Fuel::Needed);
        } else {
            if self.shared.is_empty() || self.tape.one_in(2) {
                let label = self.label();
                self.shared.push(label);
            }
            let label = self.shared[self.tape.below(self.shared.len())];
            self.branch(label, on, Fuel::Free);
        }
        self.place(on);
    }

    /// Cases, some of which fall into the next.
    fn table(&mut self, depth: usize) {
        let join = self.label();
        let cases: Vec<usize> = (0..2 + self.tape.below(3)).map(|_| self.label()).collect();
        self.ends.push(End::Table(cases.iter().copied().chain([join]).collect()));
        for case in cases {
            self.place(case);
            self.list(depth + 1);
            match self.tape.one_in(3) {
                true => self.plain(),
                false => self.ends.push(End::Jump(join)),
            }
        }
        self.place(join);
    }

    fn exit(&mut self) {
        let (gone, on) = (self.label(), self.label());
        self.branch(gone, on, Fuel::Free);
        self.place(gone);
        self.ends.push(End::Exit);
        self.place(on);
    }
}
