//! Places: which addresses lead into a stack slot or a window, and which slots are only ever loaded and stored.
//!
//! A slot whose address goes nowhere but to loads and stores may be kept wherever the engine likes, also in SSA values:
//! nothing can tell. An address into one PTX variable does not lead into another one, whatever is added to it.

use crate::Cfg;
use ir::{Block, Function, Inst, Op, Slot, Space, Terminator, Type, Value, ValueDef};

/// An address into the window of a space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub space: Space,
    /// Whether it is the generic address.
    pub generic: bool,
    /// The slot that it leads into, and the offset there if that is always the same.
    pub slot: Option<(Slot, Option<i64>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Nothing known yet.
    Unknown,
    At(Place),
    /// Not an address into a window, or one that nobody can follow.
    Other,
}

/// The places of a function's values.
pub struct Places {
    states: Vec<State>,
    /// By slot: some use of its address is neither a load, a store nor arithmetic on it.
    escaped: Vec<bool>,
}

impl Places {
    pub fn of(&self, value: Value) -> Option<Place> {
        match self.states[value.index()] {
            State::At(place) => Some(place),
            State::Unknown | State::Other => None,
        }
    }

    pub fn escapes(&self, slot: Slot) -> bool {
        self.escaped[slot.index()]
    }
}

/// The most precise places, by an optimistic fixed point.
pub fn compute(func: &Function, cfg: &Cfg) -> Places {
    let mut places =
        Places { states: vec![State::Unknown; func.values.len()], escaped: vec![false; func.slots.len()] };
    for &param in &func.block(Function::ENTRY).params {
        places.states[param.index()] = State::Other;
    }
    let mut changed = true;
    while changed {
        changed = false;
        for &block in &cfg.rpo {
            for &inst in &func.block(block).insts {
                let data = func.inst(inst);
                for (k, &r) in data.results.iter().enumerate() {
                    let new = if k == 0 { transfer(func, &places.states, r) } else { State::Other };
                    changed |= raise(&mut places.states[r.index()], new);
                }
            }
            for call in func.block(block).term.successors() {
                for (&param, &arg) in func.block(call.block).params.iter().zip(&call.args) {
                    let new = join(places.states[param.index()], places.states[arg.index()]);
                    changed |= raise(&mut places.states[param.index()], new);
                }
            }
        }
    }
    find_escapes(func, cfg, &mut places);
    places
}

fn raise(state: &mut State, new: State) -> bool {
    let new = join(*state, new);
    let changed = *state != new;
    *state = new;
    changed
}

fn join(a: State, b: State) -> State {
    match (a, b) {
        (State::Unknown, x) | (x, State::Unknown) => x,
        (State::At(a), State::At(b)) if a.space == b.space && a.generic == b.generic => {
            let slot = match (a.slot, b.slot) {
                (Some((s, x)), Some((t, y))) if s == t => Some((s, x.filter(|_| x == y))),
                _ => None,
            };
            State::At(Place { slot, ..a })
        }
        (State::At(_) | State::Other, State::At(_) | State::Other) => State::Other,
    }
}

/// The state of an instruction's result.
fn transfer(func: &Function, states: &[State], result: Value) -> State {
    let ValueDef::Result(inst, _) = func.def(result) else { return State::Other };
    let data = func.inst(inst);
    let arg = |i: usize| states[data.args[i].index()];
    match data.inst {
        Inst::SlotAddr(slot) => {
            State::At(Place { space: Space::Local, generic: false, slot: Some((slot, Some(0))) })
        }
        Inst::ToGeneric(space @ (Space::Local | Space::Shared)) => match arg(0) {
            State::Unknown => State::Unknown,
            State::At(p) if p.space == space && !p.generic => State::At(Place { generic: true, ..p }),
            State::At(_) | State::Other => State::At(Place { space, generic: true, slot: None }),
        },
        Inst::FromGeneric(space @ (Space::Local | Space::Shared)) => match arg(0) {
            State::Unknown => State::Unknown,
            State::At(p) if p.space == space && p.generic => State::At(Place { generic: false, ..p }),
            State::At(_) | State::Other => State::Other,
        },
        Inst::Pure { op: op @ (Op::IAdd | Op::ISub), ty: Type::I64 } => match (arg(0), arg(1)) {
            (State::Unknown, _) | (_, State::Unknown) => State::Unknown,
            (State::At(p), State::Other) => State::At(shift(p, offset(func, op, data.args[1]))),
            (State::Other, State::At(p)) if op == Op::IAdd => {
                State::At(shift(p, offset(func, op, data.args[0])))
            }
            (State::At(_) | State::Other, State::At(_) | State::Other) => State::Other,
        },
        // Aligned addresses are added to by `or`.
        Inst::Pure { op: Op::Or, ty: Type::I64 } => match (arg(0), func.as_const(data.args[1])) {
            (State::At(p), Some(bits)) => match p.slot {
                Some((slot, Some(at)))
                    if at as u64 & bits == 0 && bits < u64::from(func.slots[slot.index()].align) =>
                {
                    State::At(shift(p, Some(bits as i64)))
                }
                _ => State::Other,
            },
            (State::Unknown, _) => State::Unknown,
            (State::At(_) | State::Other, _) => State::Other,
        },
        Inst::Pure { op: Op::Select, ty: Type::I64 } => join(arg(1), arg(2)),
        _ => State::Other,
    }
}

fn offset(func: &Function, op: Op, value: Value) -> Option<i64> {
    let bits = func.as_const(value)? as i64;
    Some(if op == Op::ISub { bits.wrapping_neg() } else { bits })
}

fn shift(place: Place, by: Option<i64>) -> Place {
    let slot = place.slot.map(|(s, at)| (s, at.zip(by).map(|(a, b)| a.wrapping_add(b))));
    Place { slot, ..place }
}

/// Marks the slots whose address is used otherwise, or is lost track of.
fn find_escapes(func: &Function, cfg: &Cfg, places: &mut Places) {
    let mut lost: Vec<Value> = Vec::new();
    let states = &places.states;
    let slot_of = |v: Value| match states[v.index()] {
        State::At(Place { slot: Some((slot, _)), .. }) => Some(slot),
        State::At(_) | State::Unknown | State::Other => None,
    };
    for &block in &cfg.rpo {
        for &inst in &func.block(block).insts {
            let data = func.inst(inst);
            match data.inst {
                Inst::Load { space, .. } | Inst::Store { space, .. } => {
                    let place = states[data.args[0].index()];
                    let fits = matches!(place, State::At(p) if p.generic == (space == Space::Generic)
                        && (p.generic || p.space == space));
                    lost.extend(data.args.iter().skip(usize::from(fits)));
                }
                // Comparing tells nothing that depends on where a slot lies, within one slot.
                Inst::Pure { op: Op::ICmp(_), ty: Type::I64 } => {
                    if slot_of(data.args[0]) != slot_of(data.args[1]) {
                        lost.extend(&data.args);
                    }
                }
                Inst::Pure { op: Op::ISub, ty: Type::I64 }
                    if slot_of(data.args[0]).is_some() && slot_of(data.args[0]) == slot_of(data.args[1]) => {}
                // Arithmetic on an address, and casts, keep track of it or lose it.
                Inst::Pure { .. } | Inst::ToGeneric(_) | Inst::FromGeneric(_) => {
                    let kept = data.results.first().and_then(|&r| slot_of(r));
                    lost.extend(data.args.iter().filter(|&&a| slot_of(a) != kept));
                }
                _ => lost.extend(&data.args),
            }
        }
        let term = &func.block(block).term;
        match term {
            Terminator::Ret(values) => lost.extend(values),
            Terminator::Branch { .. }
            | Terminator::Switch { .. }
            | Terminator::Jump(_)
            | Terminator::Exit
            | Terminator::Trap
            | Terminator::Unreachable => {}
        }
        for call in term.successors() {
            lost.extend(escaping_args(func, call.block, &call.args, &slot_of));
        }
    }
    let found: Vec<Slot> = lost.into_iter().filter_map(slot_of).collect();
    for slot in found {
        places.escaped[slot.index()] = true;
    }
}

/// Arguments whose parameter does not follow them.
fn escaping_args<'a>(
    func: &'a Function,
    block: Block,
    args: &'a [Value],
    slot_of: &'a impl Fn(Value) -> Option<Slot>,
) -> impl Iterator<Item = Value> + 'a {
    let params = &func.block(block).params;
    params.iter().zip(args).filter(|(p, a)| slot_of(**a) != slot_of(**p)).map(|(_, a)| *a)
}
