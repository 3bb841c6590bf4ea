//! Values that a generated instruction may use, and how float results are kept comparable.

use crate::ops::edges;
use crate::tape::Tape;
use ir::eval::canonical_nan;
use ir::ops::Ftz;
use ir::{Builder, FloatCc, Op, Type, Value};
use std::sync::LazyLock;

/// Whether a value is the same for all threads of the CTA.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    Uniform,
    Varying,
}

impl Shape {
    pub fn and(self, other: Shape) -> Shape {
        if self == Shape::Uniform { other } else { self }
    }
}

/// Values that dominate the place where the next instruction goes.
#[derive(Clone, Default)]
pub struct Scope {
    values: Vec<(Value, Type, Shape)>,
}

impl Scope {
    pub fn add(&mut self, value: Value, ty: Type, shape: Shape) {
        self.values.push((value, ty, shape));
    }

    /// A value of the type, mostly a late one, or a constant.
    pub fn pick(&self, b: &mut Builder, tape: &mut Tape, ty: Type) -> (Value, Shape) {
        self.pick_where(b, tape, ty, |_| true)
    }

    /// The same, uniform.
    pub fn pick_uniform(&self, b: &mut Builder, tape: &mut Tape, ty: Type) -> Value {
        self.pick_where(b, tape, ty, |shape| shape == Shape::Uniform).0
    }

    fn pick_where(
        &self,
        b: &mut Builder,
        tape: &mut Tape,
        ty: Type,
        fits: impl Fn(Shape) -> bool,
    ) -> (Value, Shape) {
        let list: Vec<(Value, Shape)> =
            self.values.iter().filter(|(_, t, s)| *t == ty && fits(*s)).map(|(v, _, s)| (*v, *s)).collect();
        if list.is_empty() || tape.one_in(6) {
            return (constant(b, tape, ty), Shape::Uniform);
        }
        // Of two draws the later value: recent results are used more.
        let index = tape.below(list.len()).max(tape.below(list.len()));
        list[index]
    }
}

fn constant(b: &mut Builder, tape: &mut Tape, ty: Type) -> Value {
    let list = edges(ty);
    let bits = list[tape.below(list.len())];
    let value = b.iconst(ty, bits);
    settle(b, value)
}

/// A float with any NaN made the canonical one: the payload of a NaN is nobody's business, but its bits could be
/// looked at later. Other values are themselves.
pub fn settle(b: &mut Builder, value: Value) -> Value {
    let ty = b.func.ty(value);
    if !ty.is_float() {
        return value;
    }
    let nan = b.op(Op::FCmp(FloatCc::Nan, Ftz::No), ty, &[value, value]);
    let canonical = b.iconst(ty, canonical_nan(ty));
    b.select(nan, canonical, value)
}

/// The variants of each op, grouped by name: a name is drawn first, so that conversions with their many modifiers do
/// not drown the rest.
static TABLE: LazyLock<Vec<Vec<(Op, Type)>>> = LazyLock::new(|| {
    let mut groups: std::collections::BTreeMap<&str, Vec<(Op, Type)>> = Default::default();
    for (op, ty) in Op::all() {
        groups.entry(op.row().name).or_default().push((op, ty));
    }
    groups.into_values().collect()
});

/// Appends a random pure op and adds its result to the scope.
pub fn pure_op(b: &mut Builder, tape: &mut Tape, scope: &mut Scope) {
    let group = &TABLE[tape.below(TABLE.len())];
    let (op, ty) = group[tape.below(group.len())];
    let mut shape = Shape::Uniform;
    let mut args = Vec::new();
    for operand in op.row().operands {
        let (value, its) = scope.pick(b, tape, operand.resolve(ty));
        shape = shape.and(its);
        args.push(value);
    }
    let value = b.op(op, ty, &args);
    let value = settle(b, value);
    scope.add(value, op.result(ty), shape);
}
