//! Warp operations: what each lane gets once all named lanes have arrived. Pure; the waiting is in [`crate::cta`].

use ir::eval::{redux, shfl_source};
use ir::{Inst, MatchKind, ReduxOp, ShflMode, Type, VoteKind};

/// A warp operation without its operands. Lanes meet when operation and member mask are the same, wherever they are
/// in the program (PTX ISA 9.7.9 shfl.sync: "the same qualifiers and same membermask value").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WarpOp {
    Sync,
    Shfl(ShflMode),
    Vote(VoteKind),
    Match(MatchKind, Type),
    Redux(ReduxOp),
    Elect,
}

impl WarpOp {
    /// Every operation: numbers for engines that meet at run time.
    pub const ALL: [WarpOp; 22] = [
        WarpOp::Sync,
        WarpOp::Shfl(ShflMode::Up),
        WarpOp::Shfl(ShflMode::Down),
        WarpOp::Shfl(ShflMode::Bfly),
        WarpOp::Shfl(ShflMode::Idx),
        WarpOp::Vote(VoteKind::All),
        WarpOp::Vote(VoteKind::Any),
        WarpOp::Vote(VoteKind::Uni),
        WarpOp::Vote(VoteKind::Ballot),
        WarpOp::Match(MatchKind::Any, Type::I32),
        WarpOp::Match(MatchKind::Any, Type::I64),
        WarpOp::Match(MatchKind::All, Type::I32),
        WarpOp::Match(MatchKind::All, Type::I64),
        WarpOp::Redux(ReduxOp::Add),
        WarpOp::Redux(ReduxOp::MinS),
        WarpOp::Redux(ReduxOp::MinU),
        WarpOp::Redux(ReduxOp::MaxS),
        WarpOp::Redux(ReduxOp::MaxU),
        WarpOp::Redux(ReduxOp::And),
        WarpOp::Redux(ReduxOp::Or),
        WarpOp::Redux(ReduxOp::Xor),
        WarpOp::Elect,
    ];

    /// The operation of an instruction, if it is one.
    pub fn of(inst: Inst) -> Option<WarpOp> {
        match inst {
            Inst::WarpSync => Some(WarpOp::Sync),
            Inst::Shfl(mode) => Some(WarpOp::Shfl(mode)),
            Inst::Vote(kind) => Some(WarpOp::Vote(kind)),
            Inst::Match { kind, ty } => Some(WarpOp::Match(kind, ty)),
            Inst::Redux(op) => Some(WarpOp::Redux(op)),
            Inst::Elect => Some(WarpOp::Elect),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            WarpOp::Sync => "bar.warp.sync",
            WarpOp::Shfl(_) => "shfl.sync",
            WarpOp::Vote(_) => "vote.sync",
            WarpOp::Match(..) => "match.sync",
            WarpOp::Redux(_) => "redux.sync",
            WarpOp::Elect => "elect.sync",
        }
    }
}

/// A lane and its operands, the member mask apart.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    pub lane: u32,
    pub args: [u64; 3],
}

/// The results of each of `lanes`, in their order. Unused results are zero.
pub fn results(op: WarpOp, lanes: &[Lane]) -> Vec<[u64; 2]> {
    let mask_of = |test: &dyn Fn(&Lane) -> bool| -> u64 {
        lanes.iter().filter(|l| test(l)).map(|l| 1u64 << l.lane).sum()
    };
    let all = mask_of(&|_| true);
    let each = |f: &dyn Fn(&Lane) -> [u64; 2]| lanes.iter().map(f).collect::<Vec<_>>();
    match op {
        WarpOp::Sync => each(&|_| [0; 2]),
        WarpOp::Shfl(mode) => each(&|me| {
            let (source, in_range) = shfl_source(mode, me.lane, me.args[1] as u32, me.args[2] as u32);
            // The value of a lane that does not take part is undefined: here it is one's own.
            let value = lanes.iter().find(|l| l.lane == source).map_or(me.args[0], |l| l.args[0]);
            [value, in_range.into()]
        }),
        WarpOp::Vote(kind) => {
            let yes = mask_of(&|l| l.args[0] != 0);
            let result = match kind {
                VoteKind::All => (yes == all).into(),
                VoteKind::Any => (yes != 0).into(),
                VoteKind::Uni => (yes == all || yes == 0).into(),
                VoteKind::Ballot => yes,
            };
            each(&|_| [result, 0])
        }
        WarpOp::Match(MatchKind::Any, _) => each(&|me| [mask_of(&|l| l.args[0] == me.args[0]), 0]),
        WarpOp::Match(MatchKind::All, _) => {
            let agree = lanes.iter().all(|l| l.args[0] == lanes[0].args[0]);
            each(&|_| if agree { [all, 1] } else { [0, 0] })
        }
        WarpOp::Redux(op) => {
            let total = lanes.iter().map(|l| l.args[0]).reduce(|a, b| redux(op, a, b)).unwrap_or(0);
            each(&|_| [total, 0])
        }
        WarpOp::Elect => {
            let leader = all.trailing_zeros();
            each(&|me| [leader.into(), (me.lane == leader).into()])
        }
    }
}
