//! Operands against the row of the instruction table.
//! Invariant: a body without errors needs no further check of operand counts, kinds or types.

use super::body::BodyParser;
use crate::ast::*;
use crate::diag::Code;
use crate::isa::{Arity, Op, OperandRule, Pair, Resolved, Role, Shape};
use crate::span::Span;
use crate::words::{Geometry, ScalarType, Space, TypeClass};
use std::sync::Arc;

/// Type and vector length of a register; `None` for what is not one.
pub(super) fn register(
    module: &Module,
    function: &Function,
    body: &Body,
    id: SymId,
) -> Option<(ScalarType, u8)> {
    let _ = module;
    match body.symbol(id).kind {
        SymbolKind::Reg { ty, vector } => Some((ty, vector)),
        SymbolKind::Param(i) => as_register(&function.params[i as usize]),
        SymbolKind::Return(i) => as_register(&function.returns[i as usize]),
        _ => None,
    }
}

fn as_register(param: &Param) -> Option<(ScalarType, u8)> {
    (param.space == Space::Reg).then_some((param.ty, param.vector))
}

/// What is wrong with an operand.
struct Problem(Code, String);

type Checked = Result<(), Problem>;

fn wrong<T>(code: Code, message: impl Into<String>) -> Result<T, Problem> {
    Err(Problem(code, message.into()))
}

/// Checks an instruction and reports the first thing wrong with it. Where several rows are spelt alike, the first whose
/// operands fit becomes the instruction's form; gives what it is when that is not the row resolved first.
pub(super) fn instruction(
    p: &mut BodyParser,
    inst: &mut Inst,
    resolved: &Resolved,
    opcode: Span,
) -> Option<Arc<Resolved>> {
    let result = if inst.form.op == Op::Call { call(p, inst) } else { operands(p, inst, resolved) };
    let Err((index, Problem(code, message))) = result else { return None };
    let mut other = resolved.next.clone();
    while let Some(row) = other {
        inst.form = row.form.clone();
        if operands(p, inst, &row).is_ok() {
            return Some(row);
        }
        other = row.next.clone();
    }
    inst.form = resolved.form.clone();
    let span = match index {
        Some(index) => operand_span(p, opcode, inst, index),
        None => opcode,
    };
    let row = crate::isa::table().row(inst.form.row);
    p.cursor.report_help(code, span, message, format!("the form is `{}`", row.text));
    None
}

/// The text of an operand: found again, since operands carry no spans.
fn operand_span(p: &BodyParser, opcode: Span, inst: &Inst, index: usize) -> Span {
    let bytes = &p.cursor.bytes[..inst.span.end as usize];
    let mut start = opcode.end as usize;
    let (mut depth, mut seen, mut at) = (0i32, 0, start);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth -= 1,
            b',' if depth == 0 && seen == index => break,
            b',' if depth == 0 => {
                seen += 1;
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    while start < at && bytes[start].is_ascii_whitespace() {
        start += 1;
    }
    Span::new(start as u32, at as u32)
}

fn operands(p: &BodyParser, inst: &Inst, resolved: &Resolved) -> Result<(), (Option<usize>, Problem)> {
    let given = p.body.operands(inst);
    let rules = &resolved.operands;
    let (least, most) = (resolved.min_operands as usize, rules.len());
    if given.len() < least || given.len() > most {
        let needs = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        let message = format!("`{}` takes {needs} operands, not {}", inst.form.text, given.len());
        return Err((None, Problem(Code::OperandCount, message)));
    }
    // Optional operands are taken from the left while enough are left for the required ones.
    let mut spare = given.len() - least;
    let mut rest = given.iter().enumerate();
    for rule in rules.iter() {
        if rule.optional {
            if spare == 0 {
                continue;
            }
            spare -= 1;
        }
        let Some((index, operand)) = rest.next() else { break };
        operand_fits(p, inst, rule, operand).map_err(|problem| (Some(index), problem))?;
    }
    Ok(())
}

fn operand_fits(p: &BodyParser, inst: &Inst, rule: &OperandRule, operand: &Operand) -> Checked {
    if let Operand::Pair(list) = operand {
        if rule.pair == Pair::No {
            return wrong(Code::OperandKind, "`a|b` cannot stand here");
        }
        let &[first, second] = p.body.list(*list) else { return Ok(()) };
        single_fits(p, inst, rule, &first)?;
        return value_fits(p, inst, Some(ScalarType::Pred), false, Role::Dest, &second);
    }
    if rule.pair == Pair::Required {
        return wrong(Code::OperandKind, "two operands `a|b` are needed here");
    }
    single_fits(p, inst, rule, operand)
}

fn single_fits(p: &BodyParser, inst: &Inst, rule: &OperandRule, operand: &Operand) -> Checked {
    match rule.shape {
        Shape::Scalar => match operand {
            // Texture offsets, gradients and the like are vectors or scalars as the geometry wants.
            Operand::Vector(_) if rule.ty.is_none() => Ok(()),
            _ => value_fits(p, inst, rule.ty, rule.at_least, rule.role, operand),
        },
        Shape::Negatable => match operand {
            Operand::Not(id) => value_fits(p, inst, rule.ty, false, rule.role, &Operand::Reg(*id)),
            _ => value_fits(p, inst, rule.ty, false, rule.role, operand),
        },
        Shape::Constant(low, high) => match operand {
            Operand::Int(value) if (low..=high).contains(value) => Ok(()),
            Operand::Int(value) => wrong(Code::Range, format!("{value} is not between {low} and {high}")),
            _ => wrong(Code::OperandKind, "an integer constant is needed here"),
        },
        Shape::Address => match operand {
            Operand::Addr { base, .. } => address_fits(p, inst, base),
            _ => wrong(Code::OperandKind, "an address in brackets is needed here"),
        },
        Shape::Bracket => match operand {
            Operand::Bracket(list) => coordinates_fit(p, inst, p.body.list(*list)),
            Operand::Addr { .. } => Ok(()),
            _ => wrong(Code::OperandKind, "an address in brackets is needed here"),
        },
        Shape::Vector(arity) => vector_fits(p, inst, rule, arity, operand),
        Shape::Label => match operand {
            Operand::Sym(id, 0) => named_fits(p, *id, "label", |kind| matches!(kind, SymbolKind::Label(_))),
            _ => wrong(Code::OperandKind, "a label is needed here"),
        },
        Shape::Targets => match operand {
            Operand::Sym(id, 0) => {
                named_fits(p, *id, "`.branchtargets` list", |kind| matches!(kind, SymbolKind::Targets(_)))
            }
            _ => wrong(Code::OperandKind, "the name of a `.branchtargets` list is needed here"),
        },
        Shape::Call => Ok(()),
    }
}

/// `[texture, {x, y}]`, `[texture, sampler, {x, y}]` (9.7.10): as many 32-bit coordinates as the geometry has, or more.
fn coordinates_fit(p: &BodyParser, inst: &Inst, parts: &[Operand]) -> Checked {
    let (Some(geometry), Some((last, _))) = (inst.form.geometry, parts.split_last()) else { return Ok(()) };
    if parts.len() > 2 {
        return wrong(Code::Unsupported, "separate samplers (.texmode_independent) are not supported");
    }
    let needed = match geometry {
        Geometry::D1 => 1,
        Geometry::D2 | Geometry::A1d => 2,
        Geometry::D3 | Geometry::A2d | Geometry::Cube | Geometry::Ms2d => 3,
        Geometry::Acube | Geometry::Ams2d => 4,
    };
    let coordinates = match last {
        Operand::Vector(list) => p.body.list(*list),
        single => std::slice::from_ref(single),
    };
    if coordinates.len() < needed {
        let message = format!("`.{geometry}` needs {needed} coordinates, not {}", coordinates.len());
        return wrong(Code::VectorLength, message);
    }
    let any32 = Some(ScalarType::B32);
    coordinates.iter().try_for_each(|c| value_fits(p, inst, any32, false, Role::Source, c))
}

fn named_fits(p: &BodyParser, id: SymId, what: &str, fits: fn(SymbolKind) -> bool) -> Checked {
    let symbol = p.body.symbol(id);
    if fits(symbol.kind) {
        return Ok(());
    }
    wrong(Code::WrongKind, format!("`{}` is not a {what}", p.module.name(symbol.name)))
}

fn vector_fits(p: &BodyParser, inst: &Inst, rule: &OperandRule, arity: Arity, operand: &Operand) -> Checked {
    let wanted = match arity {
        Arity::Modifier => Some(inst.form.vector),
        Arity::Exactly(n) => Some(n),
        Arity::Fill | Arity::Any => None,
    };
    let Operand::Vector(list) = operand else {
        let scalar = matches!(wanted, None | Some(1));
        if let (Operand::Reg(id), false) = (operand, scalar) {
            let found = register(p.module, p.function, &p.body, *id);
            if let Some((ty, vector)) = found.filter(|(_, vector)| Some(*vector) == wanted) {
                return type_fits(p, *id, ty, vector, vector, rule);
            }
        }
        return match wanted {
            Some(n) if !scalar => {
                wrong(Code::VectorLength, format!("a vector of {n} elements is needed here"))
            }
            _ => value_fits(p, inst, rule.ty, rule.at_least, rule.role, operand),
        };
    };
    let elements = p.body.list(*list);
    match (wanted, rule.ty) {
        (Some(n), _) if elements.len() != n as usize => {
            return wrong(
                Code::VectorLength,
                format!("a vector of {n} elements is needed, not of {}", elements.len()),
            );
        }
        (None, Some(ty)) if arity == Arity::Fill => return pack_fits(p, inst, rule, ty, elements),
        _ => {}
    }
    elements.iter().try_for_each(|element| value_fits(p, inst, rule.ty, rule.at_least, rule.role, element))
}

fn type_fits(
    p: &BodyParser,
    id: SymId,
    ty: ScalarType,
    vector: u8,
    wanted: u8,
    rule: &OperandRule,
) -> Checked {
    let name = p.module.name(p.body.symbol(id).name);
    if vector != wanted {
        return wrong(Code::VectorLength, format!("`{name}` is a vector register"));
    }
    match rule.ty {
        Some(want) if !agrees(ty, want, rule.at_least) => mismatch(name, ty, want),
        _ => Ok(()),
    }
}

/// `mov.b64 {a, b}, c` (9.7.9.4: mov, vector form): elements of equal size that fill the type.
fn pack_fits(
    p: &BodyParser,
    inst: &Inst,
    rule: &OperandRule,
    ty: ScalarType,
    elements: &[Operand],
) -> Checked {
    let count = elements.len() as u32;
    if !matches!(count, 2 | 4) || ty.bits() / count < 8 || ty.class() != TypeClass::Bits {
        return wrong(Code::VectorLength, format!("`.{ty}` is not made of {count} elements"));
    }
    let part = match ty.bits() / count {
        8 => ScalarType::B8,
        16 => ScalarType::B16,
        32 => ScalarType::B32,
        _ => ScalarType::B64,
    };
    elements.iter().try_for_each(|element| value_fits(p, inst, Some(part), false, rule.role, element))
}

fn mismatch<T>(name: &str, ty: ScalarType, want: ScalarType) -> Result<T, Problem> {
    wrong(Code::OperandType, format!("`{name}` is `.{ty}`; `.{want}` is needed here"))
}

/// Whether a register of type `have` may stand where the instruction says `want` (9.2, 9.4.1).
fn agrees(have: ScalarType, want: ScalarType, at_least: bool) -> bool {
    if have == want {
        return true;
    }
    if have == ScalarType::Pred || want == ScalarType::Pred {
        return false;
    }
    let size = if at_least { have.bits() >= want.bits() } else { have.bits() == want.bits() };
    if !size {
        return false;
    }
    let bits = |ty: ScalarType| ty.class() == TypeClass::Bits;
    if bits(have) || bits(want) {
        return true;
    }
    // Formats other than .f32 and .f64 live in registers of any type of their size.
    let native = |ty: ScalarType| matches!(ty, ScalarType::F32 | ScalarType::F64);
    match (have.is_float(), want.is_float()) {
        (false, false) => true,
        (_, true) => !native(want),
        (true, false) => !native(have) && have.bits() == want.bits(),
    }
}

/// Instructions that take a variable's or function's address as a value.
fn takes_address(op: Op) -> bool {
    matches!(op, Op::Mov | Op::Cvta | Op::Isspacep | Op::Mapa | Op::Getctarank | Op::Istypep)
}

fn value_fits(
    p: &BodyParser,
    inst: &Inst,
    want: Option<ScalarType>,
    at_least: bool,
    role: Role,
    operand: &Operand,
) -> Checked {
    if role == Role::Dest
        && !matches!(operand, Operand::Reg(_) | Operand::Elem(..) | Operand::Sink | Operand::Select(..))
    {
        return wrong(Code::OperandKind, "the destination must be a register");
    }
    match operand {
        Operand::Reg(id) => {
            let name = || p.module.name(p.body.symbol(*id).name);
            match (register(p.module, p.function, &p.body, *id), want) {
                (Some((_, vector)), _) if vector > 1 => {
                    wrong(Code::VectorLength, format!("`{}` is a vector register", name()))
                }
                (Some((ty, _)), Some(want)) if !agrees(ty, want, at_least) => mismatch(name(), ty, want),
                (Some((ScalarType::Pred, _)), None) => {
                    wrong(Code::OperandType, format!("`{}` is a predicate", name()))
                }
                _ => Ok(()),
            }
        }
        Operand::Elem(id, _) | Operand::Select(id, _) => {
            match (register(p.module, p.function, &p.body, *id), want) {
                (Some((ty, _)), Some(want)) if !agrees(ty, want, at_least) => {
                    mismatch(p.module.name(p.body.symbol(*id).name), ty, want)
                }
                (None, _) => wrong(Code::OperandKind, "only a register has elements"),
                _ => Ok(()),
            }
        }
        Operand::Special(special, _) => match want {
            // Read as wide or as narrow as the instruction asks: %gridid and %clock64 have had both sizes.
            Some(want) if (want == ScalarType::Pred) != (special.row().ty == ScalarType::Pred) => {
                mismatch(special.row().name, special.row().ty, want)
            }
            Some(want) if want.is_float() => mismatch(special.row().name, special.row().ty, want),
            _ => Ok(()),
        },
        Operand::Int(_) => match want {
            Some(want) if want.is_float() => {
                wrong(Code::OperandType, format!("an integer constant cannot be a `.{want}` operand"))
            }
            _ => Ok(()),
        },
        Operand::F32(_) => match want {
            None | Some(ScalarType::F32 | ScalarType::B32) => Ok(()),
            Some(want) => {
                wrong(Code::OperandType, format!("a single-precision constant cannot be a `.{want}` operand"))
            }
        },
        Operand::F64(_) => match want {
            None | Some(ScalarType::F32 | ScalarType::F64 | ScalarType::B64) => Ok(()),
            Some(want) => {
                wrong(Code::OperandType, format!("a floating-point constant cannot be a `.{want}` operand"))
            }
        },
        Operand::Sym(id, _) => address_value_fits(p, inst, want, *id),
        Operand::Sink if role == Role::Dest => Ok(()),
        Operand::Sink => wrong(Code::OperandKind, "`_` can only be written"),
        Operand::Not(_) => wrong(Code::OperandKind, "`!` cannot stand here"),
        Operand::Addr { .. } | Operand::Bracket(_) => {
            wrong(Code::OperandKind, "an address in brackets cannot stand here")
        }
        Operand::Vector(_) => wrong(Code::OperandKind, "a vector cannot stand here"),
        Operand::Pair(_) | Operand::Args(_) => wrong(Code::OperandKind, "a list cannot stand here"),
    }
}

fn address_value_fits(p: &BodyParser, inst: &Inst, want: Option<ScalarType>, id: SymId) -> Checked {
    let symbol = p.body.symbol(id);
    let name = p.module.name(symbol.name);
    match symbol.kind {
        SymbolKind::Local(_) | SymbolKind::Global(_) | SymbolKind::Param(_) | SymbolKind::Return(_) => {}
        _ => return wrong(Code::WrongKind, format!("`{name}` has no value")),
    }
    if !takes_address(inst.form.op) {
        let message = format!("`{name}` is a variable; its address must be taken by `mov` first");
        return wrong(Code::OperandKind, message);
    }
    match want {
        Some(want) if want.is_float() || want.bits() < 32 => {
            wrong(Code::OperandType, format!("the address of `{name}` does not fit `.{want}`"))
        }
        _ => Ok(()),
    }
}

fn address_fits(p: &BodyParser, inst: &Inst, base: &AddrBase) -> Checked {
    match base {
        AddrBase::None => Ok(()),
        AddrBase::Reg(id) | AddrBase::Elem(id, _) => match register(p.module, p.function, &p.body, *id) {
            Some((ty, _)) if ty.is_float() || !matches!(ty.bits(), 32 | 64) => {
                let name = p.module.name(p.body.symbol(*id).name);
                wrong(Code::OperandType, format!("`{name}` is `.{ty}`; an address has 32 or 64 bits"))
            }
            _ => Ok(()),
        },
        AddrBase::Sym(id) => symbol_space_fits(p, inst, *id),
    }
}

fn symbol_space_fits(p: &BodyParser, inst: &Inst, id: SymId) -> Checked {
    let symbol = p.body.symbol(id);
    let name = p.module.name(symbol.name);
    let have = match symbol.kind {
        SymbolKind::Local(local) => p.body.variables[local.0 as usize].space,
        SymbolKind::Global(Global::Variable(var)) => p.module.variable(var).space,
        SymbolKind::Param(_) | SymbolKind::Return(_) => Space::Param,
        _ => return wrong(Code::WrongKind, format!("`{name}` is not a variable")),
    };
    // With several spaces (cp.async) the operands differ in which they mean; the lowering tells them apart.
    let [want] = *inst.form.spaces else { return Ok(()) };
    if plain(want) == plain(have) || inst.form.op == Op::Cvta {
        return Ok(());
    }
    wrong(Code::StateSpace, format!("`{name}` is in `.{have}`, not in `.{want}`"))
}

fn plain(space: Space) -> Space {
    match space {
        Space::SharedCta | Space::SharedCluster => Space::Shared,
        Space::ParamEntry | Space::ParamFunc => Space::Param,
        other => other,
    }
}

/// `call` (9.7.12.5): a function or a register with a prototype, and as many arguments as the callee takes.
fn call(p: &BodyParser, inst: &Inst) -> Result<(), (Option<usize>, Problem)> {
    let wrong = |code, message: String| Err((None, Problem(code, message)));
    let Some(call) = p.body.call(inst) else {
        return wrong(Code::OperandCount, "a call needs a function".to_string());
    };
    let function = |id: SymId| match p.body.symbol(id).kind {
        SymbolKind::Global(Global::Function(callee)) => Some(p.module.function(callee)),
        _ => None,
    };
    for operand in p.body.list(call.args).iter().chain(p.body.list(call.returns)) {
        if matches!(
            operand,
            Operand::Addr { .. } | Operand::Bracket(_) | Operand::Vector(_) | Operand::Args(_)
        ) {
            return wrong(
                Code::OperandKind,
                "an argument is a register, a constant or a `.param` variable".to_string(),
            );
        }
    }
    let counted = |callee: &Function| counts_fit(p, &call, callee.name, &callee.returns, &callee.params);
    match call.callee {
        Operand::Sym(id, 0) => match function(id) {
            Some(callee) if callee.kind == FuncKind::Entry => wrong(
                Code::WrongKind,
                format!("`{}` is a kernel; only functions are called", p.module.name(callee.name)),
            ),
            Some(callee) => counted(callee),
            None => {
                let name = p.module.name(p.body.symbol(id).name);
                wrong(Code::WrongKind, format!("`{name}` is not a function"))
            }
        },
        Operand::Reg(_) | Operand::Elem(..) => match call.proto.map(|id| p.body.symbol(id).kind) {
            Some(SymbolKind::Prototype(index)) => {
                let proto = &p.body.prototypes[index as usize];
                counts_fit(p, &call, proto.name, &proto.returns, &proto.params)
            }
            Some(SymbolKind::Targets(index))
                if p.body.target_lists[index as usize].kind == TargetKind::Call =>
            {
                let targets = &p.body.target_lists[index as usize].targets;
                targets.iter().filter_map(|id| function(*id)).try_for_each(counted)
            }
            _ => wrong(
                Code::CallSignature,
                "an indirect call needs a `.callprototype` or `.calltargets`".to_string(),
            ),
        },
        _ => wrong(Code::OperandKind, "a call needs a function".to_string()),
    }
}

/// As many arguments and returned values as the callee declares; an open array at the end takes any number.
fn counts_fit(
    p: &BodyParser,
    call: &Call,
    name: Span,
    returns: &[Param],
    params: &[Param],
) -> Result<(), (Option<usize>, Problem)> {
    let name = p.module.name(name);
    let variadic = params.last().is_some_and(|param| param.dims.first() == Some(&None));
    let (given, needed) = (call.args.len as usize, params.len());
    if given != needed && !(variadic && given + 1 >= needed) {
        let message = format!("`{name}` takes {needed} arguments, not {given}");
        return Err((None, Problem(Code::CallSignature, message)));
    }
    if call.returns.len as usize != returns.len() {
        let message = format!("`{name}` returns {} values, not {}", returns.len(), call.returns.len);
        return Err((None, Problem(Code::CallSignature, message)));
    }
    Ok(())
}
