//! SSA construction: variables written and read in any block become values and block parameters.
//!
//! After Braun et al., "Simple and Efficient Construction of SSA Form" (CC 2013), with all merges filled at the end,
//! since the PTX control-flow graph is known before the walk. Blocks must be walked so that a block with one
//! predecessor comes after it (reverse postorder). Invariant: nothing here recurses over the function.

use ir::function::ValueData;
use ir::{Block, BlockCall, Function, Inst, InstData, InstId, SrcLoc, Terminator, Type, Value, ValueDef};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// A variable: a register, an element of a vector register, a scalar parameter, or the carry flag.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Var(pub u32);

/// Where a block looks for a variable that it does not write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Link {
    /// Nowhere: the variable is undefined.
    Entry,
    /// At the end of this block, which dominates it.
    Under(Block),
    /// In each predecessor: a parameter.
    Merge,
}

struct Phi {
    var: Var,
    block: Block,
    value: Value,
    args: SmallVec<[Value; 4]>,
}

/// The state of the construction.
pub(crate) struct Ssa {
    types: Vec<Type>,
    defs: FxHashMap<(Block, Var), Value>,
    links: Vec<Link>,
    /// Predecessors of merge blocks, each once.
    preds: Vec<SmallVec<[Block; 4]>>,
    phis: Vec<Phi>,
    undef: [Option<Value>; Type::ALL.len()],
    /// Unplaced constants that stand for undefined values.
    undef_insts: Vec<InstId>,
}

impl Ssa {
    pub fn new() -> Ssa {
        Ssa {
            types: Vec::new(),
            defs: FxHashMap::default(),
            links: Vec::new(),
            preds: Vec::new(),
            phis: Vec::new(),
            undef: [None; Type::ALL.len()],
            undef_insts: Vec::new(),
        }
    }

    pub fn add_var(&mut self, ty: Type) -> Var {
        self.types.push(ty);
        Var(self.types.len() as u32 - 1)
    }

    pub fn ty(&self, var: Var) -> Type {
        self.types[var.0 as usize]
    }

    /// Says where `block` looks for variables that it does not write. Must precede reads in it.
    pub fn set_link(&mut self, block: Block, link: Link) {
        if self.links.len() <= block.index() {
            self.links.resize(block.index() + 1, Link::Entry);
            self.preds.resize(block.index() + 1, SmallVec::new());
        }
        self.links[block.index()] = link;
    }

    /// Notes that control goes from `from` to `to`; `from`'s terminator must call `to` without arguments.
    pub fn add_edge(&mut self, from: Block, to: Block) {
        if self.links[to.index()] == Link::Merge && !self.preds[to.index()].contains(&from) {
            self.preds[to.index()].push(from);
        }
    }

    pub fn write(&mut self, block: Block, var: Var, value: Value) {
        self.defs.insert((block, var), value);
    }

    /// The variable's value if `block` itself wrote or read it.
    pub fn local(&self, block: Block, var: Var) -> Option<Value> {
        self.defs.get(&(block, var)).copied()
    }

    /// The variable's value at the present end of `block`.
    pub fn read(&mut self, func: &mut Function, block: Block, var: Var) -> Value {
        let mut at = block;
        let value = loop {
            if let Some(value) = self.local(at, var) {
                break value;
            }
            match self.links[at.index()] {
                Link::Under(up) => at = up,
                Link::Entry => break self.undefined(func, self.types[var.0 as usize]),
                Link::Merge => {
                    let value = func.add_block_param(at, self.types[var.0 as usize]);
                    self.phis.push(Phi { var, block: at, value, args: SmallVec::new() });
                    self.defs.insert((at, var), value);
                    break value;
                }
            }
        };
        // Later reads in the blocks passed on the way find it at once.
        let mut at2 = block;
        while at2 != at {
            self.defs.insert((at2, var), value);
            match self.links[at2.index()] {
                Link::Under(up) => at2 = up,
                Link::Entry | Link::Merge => break,
            }
        }
        value
    }

    /// Reading a register that was never written is undefined (PTX ISA 5.1.1): zero.
    fn undefined(&mut self, func: &mut Function, ty: Type) -> Value {
        if let Some(value) = self.undef[ty as usize] {
            return value;
        }
        let inst = func.add_inst(Inst::Const { ty, bits: 0 }, &[], &[ty], SrcLoc::default());
        let value = func.inst(inst).results[0];
        self.undef[ty as usize] = Some(value);
        self.undef_insts.push(inst);
        value
    }

    /// Fills the merges, drops the parameters that turn out to be needless, and returns the function with blocks in
    /// the order of `layout` (the entry first) and dense numbers.
    pub fn finish(mut self, mut func: Function, layout: &[Block]) -> Function {
        self.fill(&mut func);
        let replaced = self.trivial_phis(&mut func, layout);
        let mut entry = std::mem::take(&mut self.undef_insts);
        entry.append(&mut func.blocks[0].insts);
        func.blocks[0].insts = entry;
        for phi in self.phis.iter().filter(|phi| replaced[phi.value.index()].is_none()) {
            for &pred in &self.preds[phi.block.index()] {
                let index = self.preds[phi.block.index()].iter().position(|p| *p == pred).unwrap_or(0);
                for call in func.block_mut(pred).term.successors_mut().filter(|c| c.block == phi.block) {
                    call.args.push(phi.args[index]);
                }
            }
        }
        compact(func, layout, replaced)
    }

    fn fill(&mut self, func: &mut Function) {
        let mut next = 0;
        while next < self.phis.len() {
            let Phi { var, block, .. } = self.phis[next];
            for i in 0..self.preds[block.index()].len() {
                let pred = self.preds[block.index()][i];
                let value = self.read(func, pred, var);
                self.phis[next].args.push(value);
            }
            next += 1;
        }
    }

    /// For each value the one that replaces it: a parameter whose arguments are all the same value or itself is that
    /// value.
    fn trivial_phis(&mut self, func: &mut Function, layout: &[Block]) -> Vec<Option<Value>> {
        let mut replaced: Vec<Option<Value>> = vec![None; func.values.len()];
        let mut phi_of: FxHashMap<Value, usize> = FxHashMap::default();
        let mut users: FxHashMap<Value, SmallVec<[u32; 4]>> = FxHashMap::default();
        for (i, phi) in self.phis.iter().enumerate() {
            phi_of.insert(phi.value, i);
        }
        for (i, phi) in self.phis.iter().enumerate() {
            for arg in phi.args.iter().filter(|a| phi_of.contains_key(a)) {
                users.entry(*arg).or_default().push(i as u32);
            }
        }
        // In layout order arguments come before their users but for back edges: most are settled in one visit.
        let mut position = vec![u32::MAX; func.blocks.len()];
        for (i, block) in (0u32..).zip(layout) {
            position[block.index()] = i;
        }
        let mut work: Vec<u32> = (0..self.phis.len() as u32).collect();
        work.sort_by_key(|i| std::cmp::Reverse(position[self.phis[*i as usize].block.index()]));
        let mut visited = vec![false; self.phis.len()];
        while let Some(i) = work.pop() {
            visited[i as usize] = true;
            let value = self.phis[i as usize].value;
            if replaced[value.index()].is_some() {
                continue;
            }
            let mut same = None;
            let mut trivial = true;
            for k in 0..self.phis[i as usize].args.len() {
                let arg = resolve(&mut replaced, self.phis[i as usize].args[k]);
                if arg == value || same == Some(arg) {
                    continue;
                }
                trivial &= same.is_none();
                same = Some(arg);
            }
            if !trivial {
                continue;
            }
            let by = match same {
                Some(by) => by,
                None => self.undefined(func, func.ty(value)),
            };
            if replaced.len() < func.values.len() {
                replaced.resize(func.values.len(), None);
            }
            replaced[value.index()] = Some(by);
            let mine = users.remove(&value).unwrap_or_default();
            work.extend(mine.iter().copied().filter(|user| visited[*user as usize]));
            if phi_of.contains_key(&by) {
                users.entry(by).or_default().extend(mine);
            }
        }
        replaced
    }
}

fn resolve(replaced: &mut [Option<Value>], value: Value) -> Value {
    let mut root = value;
    while let Some(next) = replaced[root.index()] {
        root = next;
    }
    let mut at = value;
    while let Some(next) = replaced[at.index()] {
        replaced[at.index()] = Some(root);
        at = next;
    }
    root
}

/// Renumbers blocks (in layout order), instructions and values; drops replaced parameters.
fn compact(func: Function, layout: &[Block], mut replaced: Vec<Option<Value>>) -> Function {
    let mut out =
        Function { blocks: Vec::with_capacity(layout.len()), insts: Vec::new(), values: Vec::new(), ..func };
    let mut block_map = vec![Block(u32::MAX); func.blocks.len()];
    for (i, &block) in layout.iter().enumerate() {
        block_map[block.index()] = Block(i as u32);
    }
    replaced.resize(func.values.len(), None);
    let mut value_map = vec![Value(u32::MAX); func.values.len()];
    let mut old_insts: Vec<Option<InstData>> = func.insts.into_iter().map(Some).collect();
    for (old, new) in layout.iter().zip(0u32..) {
        let data = &func.blocks[old.index()];
        let mut params = Vec::with_capacity(data.params.len());
        for &param in data.params.iter().filter(|p| replaced[p.index()].is_none()) {
            let value = Value(out.values.len() as u32);
            let def = ValueDef::Param(Block(new), params.len() as u32);
            out.values.push(ValueData { ty: func.values[param.index()].ty, def });
            value_map[param.index()] = value;
            params.push(value);
        }
        let mut insts = Vec::with_capacity(data.insts.len());
        for &old_id in &data.insts {
            let Some(mut inst) = old_insts[old_id.index()].take() else { continue };
            let id = InstId(out.insts.len() as u32);
            for (i, result) in inst.results.iter_mut().enumerate() {
                let value = Value(out.values.len() as u32);
                out.values.push(ValueData {
                    ty: func.values[result.index()].ty,
                    def: ValueDef::Result(id, i as u32),
                });
                value_map[result.index()] = value;
                *result = value;
            }
            out.insts.push(inst);
            insts.push(id);
        }
        let term = data.term.clone();
        out.blocks.push(ir::BlockData { params, insts, term, term_loc: data.term_loc });
    }
    let mut map = |value: Value| value_map[resolve(&mut replaced, value).index()];
    for inst in &mut out.insts {
        inst.args.iter_mut().for_each(|arg| *arg = map(*arg));
    }
    for block in &mut out.blocks {
        block.term.map_uses(&mut map);
        let remap = |call: &mut BlockCall| call.block = block_map[call.block.index()];
        match &mut block.term {
            Terminator::Jump(_) | Terminator::Branch { .. } | Terminator::Switch { .. } => {
                block.term.successors_mut().for_each(remap);
            }
            Terminator::Ret(_) | Terminator::Exit | Terminator::Trap | Terminator::Unreachable => {}
        }
    }
    out
}
