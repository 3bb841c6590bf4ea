//! From an `opcode.modifiers` string to its row and typed modifiers.
//! Invariant: equal strings give the same `Form`; the cache is bounded, so that hostile input cannot grow it.

use super::row::{Element, Group, Kind, Role, Row, Shape, TypeRel};
use super::{Op, RowId, needs, table};
use crate::form::{Flags, Form};
use crate::words::*;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// A form with what the checker needs of its row.
#[derive(Debug)]
pub struct Resolved {
    /// The form.
    pub form: Arc<Form>,
    /// The row's operands with their types filled in; `None` takes any type.
    pub operands: Box<[OperandRule]>,
    /// Fewest operands.
    pub min_operands: u8,
    /// PTX version that the row and its words need.
    pub ptx: (u8, u8),
    /// Target that the row and its words need.
    pub sm: u32,
    /// Another row with the same spelling and other operands, tried when these do not fit.
    pub next: Option<Arc<Resolved>>,
}

/// An operand of a form.
#[derive(Clone, Copy, Debug)]
pub struct OperandRule {
    /// Index into the row's slots.
    pub slot: u8,
    /// Required type of a register or constant; `None` for any.
    pub ty: Option<ScalarType>,
    /// Whether a wider register will do.
    pub at_least: bool,
    /// Written or read.
    pub role: Role,
    /// How it is written.
    pub shape: Shape,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether a second predicate may or must follow.
    pub pair: super::Pair,
}

/// Why a string matched no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// No opcode begins so.
    Opcode,
    /// The row that matched furthest, and the first word that it could not take (none: words are missing).
    Modifier {
        /// Byte range of the word in the string; `None` when the string ends too early.
        at: Option<(usize, usize)>,
        /// The nearest row.
        nearest: RowId,
    },
}

/// More strings than any real module has; beyond it, forms are built anew at each use.
const CACHE_LIMIT: usize = 1 << 16;

type Cache = RwLock<HashMap<Box<str>, Arc<Resolved>>>;
static CACHE: LazyLock<Cache> = LazyLock::new(Cache::default);

/// Finds the row of `text`, e.g. `add.sat.s32`.
pub fn resolve(text: &str) -> Result<Arc<Resolved>, Mismatch> {
    // A poisoned lock only means that another thread panicked between two whole insertions.
    if let Some(found) = CACHE.read().unwrap_or_else(PoisonError::into_inner).get(text) {
        return Ok(found.clone());
    }
    let resolved = Arc::new(find(text)?);
    let mut cache = CACHE.write().unwrap_or_else(PoisonError::into_inner);
    if cache.len() < CACHE_LIMIT {
        cache.insert(text.into(), resolved.clone());
    }
    Ok(resolved)
}

fn find(text: &str) -> Result<Resolved, Mismatch> {
    let words: Vec<&str> = text.split('.').collect();
    let (opcode, modifiers) = words.split_first().ok_or(Mismatch::Opcode)?;
    let candidates = table().rows_of(opcode);
    let first = *candidates.first().ok_or(Mismatch::Opcode)?;
    let mut furthest = (0, first);
    let mut found = None;
    // From the last to the first, so that the first row that matches heads the list.
    for &id in candidates.iter().rev() {
        let row = table().row(id);
        let mut matched = Vec::new();
        let mut reached = 0;
        if in_order(&row.pattern, None, modifiers, 0, &mut matched, &mut reached) {
            let next = found.map(Arc::new);
            found = Some(Resolved { next, ..build(text, row, &matched) });
        }
        if reached >= furthest.0 {
            furthest = (reached, id);
        }
    }
    if let Some(found) = found {
        return Ok(found);
    }
    // The assembler takes qualifiers of memory and vote instructions in other orders than the manual's (in use:
    // `atom.global.gpu.acq_rel.add`, `ld.global.acquire.gpu`, `vote.ballot.sync`), so the words may be permuted.
    if modifiers.len() <= MAX_PERMUTED {
        for &id in candidates {
            let row = table().row(id);
            if let Some(matched) = any_order(&row.pattern, modifiers) {
                return Ok(build(text, row, &matched));
            }
        }
    }
    let (reached, nearest) = furthest;
    let at = modifiers.get(reached).map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (start, start + word.len())
    });
    Err(Mismatch::Modifier { at, nearest })
}

/// Longest list of modifiers that is tried in another order.
const MAX_PERMUTED: usize = 12;

type Matched<'t> = Vec<(Kind, &'t str)>;

/// What is still to match after the current elements.
struct Tail<'e> {
    elements: &'e [Element],
    next: Option<&'e Tail<'e>>,
}

/// Matches `words[at..]` against the elements and then the tail; `reached` is the most words that ever matched.
fn in_order<'t>(
    elements: &[Element],
    tail: Option<&Tail>,
    words: &[&'t str],
    at: usize,
    matched: &mut Matched<'t>,
    reached: &mut usize,
) -> bool {
    *reached = at.max(*reached);
    let Some((first, rest)) = elements.split_first() else {
        return match tail {
            Some(tail) => in_order(tail.elements, tail.next, words, at, matched, reached),
            None => at == words.len(),
        };
    };
    match first {
        Element::One(group) => {
            let Some(kind) = words.get(at).and_then(|word| kind_in(group, word)) else {
                return false;
            };
            matched.push((kind, words[at]));
            if in_order(rest, tail, words, at + 1, matched, reached) {
                return true;
            }
            matched.pop();
            false
        }
        Element::Rest => {
            matched.extend(words[at..].iter().map(|&word| (Kind::Word, word)));
            true
        }
        Element::Optional(inner) => {
            let after = Tail { elements: rest, next: tail };
            let kept = matched.len();
            if in_order(inner, Some(&after), words, at, matched, reached) {
                return true;
            }
            matched.truncate(kept);
            in_order(rest, tail, words, at, matched, reached)
        }
    }
}

/// Matches the elements against the words in any order; words of one group keep theirs.
fn any_order<'t>(elements: &[Element], words: &[&'t str]) -> Option<Matched<'t>> {
    fn take<'t>(
        elements: &[Element],
        words: &[&'t str],
        used: &mut [bool],
        matched: &mut Matched<'t>,
    ) -> bool {
        elements.iter().all(|element| match element {
            Element::One(group) => {
                let found = (0..words.len()).find(|&i| !used[i] && kind_in(group, words[i]).is_some());
                let Some(i) = found else { return false };
                used[i] = true;
                matched.extend(kind_in(group, words[i]).map(|kind| (kind, words[i])));
                true
            }
            Element::Rest => false,
            Element::Optional(inner) => {
                let (saved, kept) = (used.to_vec(), matched.len());
                if !take(inner, words, used, matched) {
                    used.copy_from_slice(&saved);
                    matched.truncate(kept);
                }
                true
            }
        })
    }
    let mut used = vec![false; words.len()];
    let mut matched = Vec::new();
    (take(elements, words, &mut used, &mut matched) && used.iter().all(|&u| u)).then_some(matched)
}

fn kind_in(group: &Group, word: &str) -> Option<Kind> {
    group.words.iter().find(|(w, _)| *w == word).map(|(_, kind)| *kind)
}

/// `m16n8k16` as `[16, 8, 16]`; also `m64n8` and `m8n8` of the matrix moves, with 1 for what is missing.
pub(super) fn shape(word: &str) -> Option<[u16; 3]> {
    let rest = word.strip_prefix('m')?;
    let (m, rest) = rest.split_once('n')?;
    let (n, k) = rest.split_once('k').unwrap_or((rest, "1"));
    Some([m.parse().ok()?, n.parse().ok()?, k.parse().ok()?])
}

fn build(text: &str, row: &Row, matched: &[(Kind, &str)]) -> Resolved {
    let form = Arc::new(form(text, row.id, row.op, matched));
    let operands: Box<[OperandRule]> = row
        .slots
        .iter()
        .enumerate()
        .map(|(i, slot)| OperandRule {
            slot: i as u8,
            ty: slot_type(slot.ty, &form.types),
            at_least: matches!(slot.ty, TypeRel::AtLeast(_)),
            role: slot.role,
            shape: slot.shape,
            optional: slot.optional,
            pair: slot.pair,
        })
        .collect();
    let min_operands = operands.iter().filter(|o| !o.optional).count() as u8;
    let (ptx, sm) = needs::of(matched.iter().map(|(_, word)| *word));
    Resolved { form, operands, min_operands, ptx: ptx.max(row.ptx), sm: sm.max(row.sm), next: None }
}

fn slot_type(rel: TypeRel, types: &[ScalarType]) -> Option<ScalarType> {
    match rel {
        TypeRel::Nth(n) | TypeRel::AtLeast(n) => types.get(n as usize).copied(),
        TypeRel::Wide(n) => types.get(n as usize).map(|ty| match ty {
            ScalarType::U16 => ScalarType::U32,
            ScalarType::S16 => ScalarType::S32,
            ScalarType::U32 => ScalarType::U64,
            ScalarType::S32 => ScalarType::S64,
            other => *other,
        }),
        TypeRel::Fixed(ty) => Some(ty),
        TypeRel::Any => None,
    }
}

fn form(text: &str, row: RowId, op: Op, matched: &[(Kind, &str)]) -> Form {
    fn first<T>(matched: &[(Kind, &str)], kind: Kind, read: fn(&str) -> Option<T>) -> Option<T> {
        matched.iter().find(|(k, _)| *k == kind).and_then(|(_, w)| read(w))
    }
    fn all<T>(matched: &[(Kind, &str)], kind: Kind, read: fn(&str) -> Option<T>) -> Box<[T]> {
        matched.iter().filter(|(k, _)| *k == kind).filter_map(|(_, w)| read(w)).collect()
    }
    let flags = matched.iter().filter(|(k, _)| *k == Kind::Flag).filter_map(|(_, w)| Flag::from_word(w));
    Form {
        row,
        op,
        text: text.into(),
        words: matched.iter().map(|(_, w)| Box::from(*w)).collect(),
        types: all(matched, Kind::Type, ScalarType::from_word),
        spaces: all(matched, Kind::Space, Space::from_word),
        flags: flags.fold(Flags::default(), Flags::with),
        rounding: first(matched, Kind::Rounding, Rounding::from_word),
        cmp: first(matched, Kind::Cmp, CmpOp::from_word),
        bool_op: first(matched, Kind::Bool, BoolOp::from_word),
        atom: first(matched, Kind::Atom, AtomOp::from_word),
        vector: first(matched, Kind::Vector, |w| w[1..].parse().ok()).unwrap_or(1),
        cache: first(matched, Kind::Cache, CacheOp::from_word),
        sem: first(matched, Kind::Sem, Sem::from_word),
        scope: first(matched, Kind::Scope, |w| Scope::from_word(if w == "gl" { "gpu" } else { w })),
        mul: first(matched, Kind::Mul, MulMode::from_word),
        shfl: first(matched, Kind::Shfl, ShflMode::from_word),
        vote: first(matched, Kind::Vote, VoteMode::from_word),
        dir: first(matched, Kind::Dir, ShiftDir::from_word),
        clamp: first(matched, Kind::Clamp, Clamp::from_word),
        prmt: first(matched, Kind::Prmt, PrmtMode::from_word),
        testp: first(matched, Kind::Testp, TestpOp::from_word),
        geometry: first(matched, Kind::Geometry, Geometry::from_word),
        layouts: all(matched, Kind::Layout, Layout::from_word),
        shape: first(matched, Kind::Shape, shape),
    }
}
