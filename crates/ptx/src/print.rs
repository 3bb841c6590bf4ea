//! From the syntax tree back to PTX text.
//! Invariant: the text parses to an equal tree; it depends on nothing but the tree.

use crate::ast::*;
use crate::isa::SpecialReg;
use crate::words::{ScalarType, Space};
use std::fmt::Write;

// Writing into a String cannot fail, so the results of `write!` are dropped by this macro in one place.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {{
        let _ = write!($out, $($arg)*);
    }};
}

/// Prints a module with the given bodies; a function whose body is not given is printed as written.
pub fn module(module: &Module, bodies: &dyn Fn(FuncId) -> Option<Body>) -> String {
    let mut out = String::with_capacity(module.source.text.len());
    let (major, minor) = module.version;
    put!(out, ".version {major}.{minor}\n.target sm_{}", module.sm);
    out.extend(module.sm_suffix);
    if module.texmode_independent {
        out.push_str(", texmode_independent");
    }
    if module.debug {
        out.push_str(", debug");
    }
    put!(out, "\n.address_size {}\n\n", module.address_size);
    for item in &module.items {
        match *item {
            Item::Verbatim(span) => out.push_str(module.name(span)),
            Item::Variable(id) => variable(&mut out, module, module.variable(id)),
            Item::Alias(index) => {
                let alias = module.aliases[index as usize];
                put!(out, ".alias {}, {};", module.name(alias.name), module.name(alias.target));
            }
            Item::Function(id) => {
                header(&mut out, module, module.function(id));
                match (module.function(id).body, bodies(id)) {
                    (None, _) => out.push(';'),
                    (Some(_), Some(parsed)) => {
                        out.push_str("\n{\n");
                        body(&mut out, module, &parsed);
                        out.push('}');
                    }
                    (Some(span), None) => put_verbatim(&mut out, module.name(span)),
                }
            }
        }
        out.push('\n');
    }
    out
}

fn put_verbatim(out: &mut String, text: &str) {
    put!(out, "\n{{{text}}}");
}

fn linkage(linkage: Linkage) -> &'static str {
    match linkage {
        Linkage::Internal => "",
        Linkage::Visible => ".visible ",
        Linkage::Extern => ".extern ",
        Linkage::Weak => ".weak ",
        Linkage::Common => ".common ",
    }
}

fn type_words(out: &mut String, ty: ScalarType, vector: u8, align: Option<u32>) {
    if let Some(align) = align {
        put!(out, ".align {align} ");
    }
    if vector > 1 {
        put!(out, ".v{vector} ");
    }
    put!(out, ".{ty} ");
}

fn dims(out: &mut String, dims: &[Option<u64>]) {
    for dim in dims {
        match dim {
            Some(n) => put!(out, "[{n}]"),
            None => out.push_str("[]"),
        }
    }
}

/// Prints a variable's declaration with its semicolon.
fn variable(out: &mut String, module: &Module, variable: &Variable) {
    put!(out, "{}.{} ", linkage(variable.linkage), variable.space);
    if variable.managed {
        out.push_str(".attribute(.managed) ");
    }
    type_words(out, variable.ty, variable.vector, variable.explicit_align.then_some(variable.align));
    out.push_str(module.name(variable.name));
    dims(out, &variable.dims);
    if let Some(value) = &variable.init {
        out.push_str(" = ");
        init(out, module, value);
    }
    out.push(';');
}

fn init(out: &mut String, module: &Module, value: &Init) {
    match value {
        Init::Int(value) => put!(out, "{value}"),
        Init::F32(bits) => put!(out, "0f{bits:08X}"),
        Init::F64(bits) => put!(out, "0d{bits:016X}"),
        Init::Fields(span) => put!(out, "{{{}}}", module.name(*span)),
        Init::List(items) => {
            out.push('{');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                init(out, module, item);
            }
            out.push('}');
        }
        Init::Address { name, offset, generic, mask_shift } => {
            if let Some(shift) = mask_shift {
                put!(out, "{:#x}(", 0xffu64 << shift);
            }
            let name = module.name(*name);
            if *generic {
                put!(out, "generic({name})");
            } else {
                out.push_str(name);
            }
            plus(out, *offset);
            if mask_shift.is_some() {
                out.push(')');
            }
        }
    }
}

fn plus(out: &mut String, offset: i64) {
    if offset != 0 {
        put!(out, "{offset:+}");
    }
}

fn params(out: &mut String, module: &Module, params: &[Param]) {
    out.push('(');
    for (i, param) in params.iter().enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        put!(out, ".{} ", param.space);
        type_words(out, param.ty, param.vector, param.explicit_align.then_some(param.align));
        if let Some(ptr) = param.ptr {
            out.push_str(".ptr ");
            if ptr.space != Space::Generic {
                put!(out, ".{} ", ptr.space);
            }
            if let Some(align) = ptr.align {
                put!(out, ".align {align} ");
            }
        }
        out.push_str(if param.name.is_empty() { "_" } else { module.name(param.name) });
        dims(out, &param.dims);
    }
    out.push(')');
}

fn header(out: &mut String, module: &Module, function: &Function) {
    out.push_str(linkage(function.linkage));
    out.push_str(match function.kind {
        FuncKind::Entry => ".entry ",
        FuncKind::Func => ".func ",
    });
    if !function.returns.is_empty() {
        params(out, module, &function.returns);
        out.push(' ');
    }
    out.push_str(module.name(function.name));
    params(out, module, &function.params);
    if function.noreturn {
        out.push_str(" .noreturn");
    }
    tuning(out, &function.tuning);
}

fn tuning(out: &mut String, tuning: &Tuning) {
    let extents = [
        ("maxntid", tuning.maxntid),
        ("reqntid", tuning.reqntid),
        ("reqnctapercluster", tuning.reqnctapercluster),
    ];
    for (word, value) in extents {
        if let Some([x, y, z]) = value {
            put!(out, "\n.{word} {x}, {y}, {z}");
        }
    }
    let counts = [
        ("minnctapersm", tuning.minnctapersm),
        ("maxnctapersm", tuning.maxnctapersm),
        ("maxnreg", tuning.maxnreg),
        ("maxclusterrank", tuning.maxclusterrank),
        ("abi_preserve", tuning.abi_preserve),
        ("abi_preserve_control", tuning.abi_preserve_control),
    ];
    for (word, value) in counts {
        if let Some(n) = value {
            put!(out, "\n.{word} {n}");
        }
    }
    for (word, present) in
        [("explicitcluster", tuning.explicitcluster), ("blocksareclusters", tuning.blocksareclusters)]
    {
        if present {
            put!(out, "\n.{word}");
        }
    }
    for pragma in &tuning.pragmas {
        put!(out, "\n.pragma \"{pragma}\";");
    }
}

/// Prints a body's statements, one a line.
pub fn body(out: &mut String, module: &Module, body: &Body) {
    for stmt in &body.stmts {
        match stmt {
            Stmt::Inst(inst) => {
                out.push('\t');
                instruction(out, module, body, inst);
            }
            Stmt::Label(id) => put!(out, "{}:", name(module, body, *id)),
            Stmt::Open => out.push('{'),
            Stmt::Close => out.push('}'),
            Stmt::Regs(start, end) => registers(out, module, &body.reg_decls[*start as usize..*end as usize]),
            Stmt::Variable(id) => variable(out, module, &body.variables[id.0 as usize]),
            Stmt::Loc(index) => {
                let loc = body.locs[*index as usize];
                put!(out, ".loc {} {} {}", loc.file, loc.line, loc.column);
                out.push_str(loc.rest.map_or("", |rest| module.name(rest)));
            }
            Stmt::Pragma(text) => put!(out, ".pragma {};", module.name(*text)),
            Stmt::Prototype(index) => prototype(out, module, &body.prototypes[*index as usize]),
            Stmt::Targets(index) => targets(out, module, body, &body.target_lists[*index as usize]),
        }
        out.push('\n');
    }
}

fn registers(out: &mut String, module: &Module, decls: &[RegDecl]) {
    let Some(first) = decls.first() else { return };
    out.push_str(".reg ");
    type_words(out, first.ty, first.vector, None);
    for (i, decl) in decls.iter().enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        out.push_str(module.name(decl.name));
        if let Some(count) = decl.count {
            put!(out, "<{count}>");
        }
    }
    out.push(';');
}

fn prototype(out: &mut String, module: &Module, proto: &Prototype) {
    put!(out, "{}: .callprototype ", module.name(proto.name));
    if !proto.returns.is_empty() {
        params(out, module, &proto.returns);
        out.push(' ');
    }
    out.push_str("_ ");
    params(out, module, &proto.params);
    out.push_str(if proto.noreturn { " .noreturn;" } else { ";" });
}

fn targets(out: &mut String, module: &Module, body: &Body, list: &TargetList) {
    let word = match list.kind {
        TargetKind::Branch => "branchtargets",
        TargetKind::Call => "calltargets",
    };
    put!(out, "{}: .{word} ", module.name(list.name));
    for (i, id) in list.targets.iter().enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        out.push_str(name(module, body, *id));
    }
    out.push(';');
}

/// Prints an instruction with its semicolon.
pub fn instruction(out: &mut String, module: &Module, body: &Body, inst: &Inst) {
    if let Some(guard) = inst.guard {
        put!(out, "@{}{} ", if guard.negated { "!" } else { "" }, name(module, body, guard.pred));
    }
    out.push_str(&inst.form.text);
    if inst.operands.len > 0 {
        out.push(' ');
        list(out, module, body, inst.operands);
    }
    out.push(';');
}

fn name<'m>(module: &'m Module, body: &Body, id: SymId) -> &'m str {
    module.name(body.symbol(id).name)
}

fn list(out: &mut String, module: &Module, body: &Body, operands: OperandList) {
    for (i, item) in body.list(operands).iter().enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        operand(out, module, body, item);
    }
}

fn operand(out: &mut String, module: &Module, body: &Body, item: &Operand) {
    match *item {
        Operand::Reg(id) => out.push_str(name(module, body, id)),
        Operand::Not(id) => put!(out, "!{}", name(module, body, id)),
        Operand::Elem(id, element) => put!(out, "{}{}", name(module, body, id), letter(element)),
        Operand::Select(id, select) => {
            put!(out, "{}.{}", name(module, body, id), if select.half { 'h' } else { 'b' });
            for digit in &select.digits[..select.len as usize] {
                put!(out, "{digit}");
            }
        }
        Operand::Special(special, element) => special_register(out, special, element),
        Operand::Int(value) => put!(out, "{value}"),
        Operand::F32(bits) => put!(out, "0f{bits:08X}"),
        Operand::F64(bits) => put!(out, "0d{bits:016X}"),
        Operand::Sym(id, offset) => {
            out.push_str(name(module, body, id));
            plus(out, offset);
        }
        Operand::Addr { .. } => {
            out.push('[');
            address(out, module, body, item);
            out.push(']');
        }
        Operand::Vector(items) => {
            out.push('{');
            list(out, module, body, items);
            out.push('}');
        }
        Operand::Pair(items) => {
            for (i, item) in body.list(items).iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "|" });
                operand(out, module, body, item);
            }
        }
        Operand::Bracket(items) => {
            out.push('[');
            for (i, item) in body.list(items).iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                match item {
                    Operand::Addr { .. } => address(out, module, body, item),
                    _ => operand(out, module, body, item),
                }
            }
            out.push(']');
        }
        Operand::Args(items) => {
            out.push('(');
            list(out, module, body, items);
            out.push(')');
        }
        Operand::Sink => out.push('_'),
    }
}

/// What stands between the brackets of an address.
fn address(out: &mut String, module: &Module, body: &Body, item: &Operand) {
    let Operand::Addr { base, offset } = *item else { return };
    match base {
        AddrBase::Reg(id) | AddrBase::Sym(id) => out.push_str(name(module, body, id)),
        AddrBase::Elem(id, element) => put!(out, "{}{}", name(module, body, id), letter(element)),
        AddrBase::None => {
            put!(out, "{offset}");
            return;
        }
    }
    plus(out, offset);
}

fn letter(element: u8) -> &'static str {
    [".x", ".y", ".z", ".w"][element as usize & 3]
}

fn special_register(out: &mut String, special: SpecialReg, element: u8) {
    out.push_str(special.row().name);
    if special.row().vector {
        out.push_str(letter(element));
    }
}
