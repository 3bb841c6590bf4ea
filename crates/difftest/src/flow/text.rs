//! A program as a filetest: PTX, with the expected results in its comments.

use super::{
    AFFINE, Binary, COUNTERS, Cond, DEPTH, FLOATS, FUEL, FUEL_OF_FUNCTIONS, INPUTS, Meeting, Memory, Node,
    Program, Red, SLOTS, Stmt, UNIFORM, Unary, VARYING, WIDES, WORDS, Word,
};
use crate::flow::eval::Results;
use crate::graph::{End, Fuel};
use std::fmt::Write;

/// The text of a program with these results.
pub fn text(program: &Program, results: &Results) -> String {
    let mut p = Printer { program, out: String::new(), fresh: 0 };
    p.header(results);
    p.declarations();
    for f in 0..program.functions.len() {
        p.function(f);
    }
    p.kernel();
    p.out
}

/// Declarations of the registers of a kernel or function.
fn registers() -> String {
    format!(
        "    .reg .b32 %w<{WORDS}>, %x<8>, %fuel, %depth, %id, %my, %round, %result, %seed; .reg .f32 %f<{FLOATS}>, %g;\n    \
         .reg .b64 %d<{WIDES}>, %e, %l, %in, %o, %cnt; .reg .pred %p, %q, %c;\n    .local .align 8 .b8 array[32];\n"
    )
}

struct Printer<'a> {
    program: &'a Program,
    out: String,
    fresh: u32,
}

fn word(w: Word) -> String {
    match w {
        Word::Reg(r) => format!("%w{r}"),
        Word::Number(n) => n.to_string(),
    }
}

fn list(values: &[u32]) -> String {
    values.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

impl Printer<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.out, "    {}", line.as_ref());
    }

    fn label(&mut self) -> String {
        self.fresh += 1;
        format!("L{}", self.fresh)
    }

    fn header(&mut self, results: &Results) {
        let n = self.program.threads;
        let _ = writeln!(self.out, "//@ run: kernel=flow block={n}");
        let _ = writeln!(self.out, "//@ in in: u32[{INPUTS}] = {{(i * 2654435761) & 0xffffffff}}");
        let _ = writeln!(self.out, "//@ in out: u32[{}]", n as usize * SLOTS);
        let _ = writeln!(self.out, "//@ in counters: u32[{}]", COUNTERS.len());
        let _ = writeln!(self.out, "//@ out counters: {}", list(&results.counters));
        for (i, row) in results.out.chunks(2 * SLOTS).enumerate() {
            let first = i * 2 * SLOTS;
            let _ = writeln!(self.out, "//@ out out[{first}..{}]: {}", first + row.len(), list(row));
        }
    }

    fn declarations(&mut self) {
        let _ = writeln!(self.out, ".version 8.0\n.target sm_80\n.address_size 64");
        let _ = writeln!(self.out, ".shared .align 4 .b8 slots[{}];", 4 * self.program.threads);
        let _ = writeln!(self.out, ".shared .align 4 .b8 tally[{}];", 4 * COUNTERS.len());
        for f in 0..self.program.functions.len() {
            let _ = writeln!(self.out, "{};", prototype(f));
        }
    }

    fn kernel(&mut self) {
        let _ = writeln!(
            self.out,
            ".visible .entry flow(.param .u64 in, .param .u64 out, .param .u64 counters)\n{{"
        );
        self.out += &registers();
        self.line("ld.param.u64 %in, [in]; ld.param.u64 %o, [out]; ld.param.u64 %cnt, [counters];");
        self.line("mov.u32 %id, %tid.x;");
        self.line(format!("mul.wide.u32 %e, %id, {}; add.u64 %o, %o, %e;", 4 * SLOTS));
        self.own_word();
        self.line("mov.u32 %x0, 0; st.shared.u32 [%my], %x0;");
        for k in 0..COUNTERS.len() {
            self.line(format!("st.shared.u32 [tally+{}], %x0;", 4 * k));
        }
        self.line("bar.sync 0;");
        self.line(format!("mov.u32 %depth, {DEPTH}; mov.u32 %seed, %id;"));
        self.start();
        self.line("mov.u32 %round, 0;");
        let _ = writeln!(self.out, "ROUND:");
        self.line(format!("mov.u32 %w{VARYING}, %round;"));
        for (s, segment) in self.program.segments.iter().enumerate() {
            self.graph(&segment.nodes, &format!("S{s}"), FUEL);
            self.meeting(segment.meeting);
        }
        self.line("add.u32 %round, %round, 1;");
        self.line(format!("setp.lt.u32 %p, %round, {}; @%p bra ROUND;", self.program.rounds));
        self.line("mov.u32 %x0, 0;");
        for i in 0..WORDS {
            self.line(format!("mad.lo.u32 %x0, %x0, 31, %w{i};"));
        }
        self.line(format!("st.global.u32 [%o+{}], %x0;", 4 * (SLOTS - 1)));
        self.line("xor.b64 %e, %d0, %d1; shr.u64 %l, %e, 32; xor.b64 %e, %e, %l; cvt.u32.u64 %x0, %e;");
        self.line(format!("st.global.u32 [%o+{}], %x0;", 4 * (SLOTS - 2)));
        for f in 0..FLOATS {
            self.line(format!("cvt.rzi.s32.f32 %x0, %f{f};"));
            self.line(format!("st.global.u32 [%o+{}], %x0;", 4 * (SLOTS - 3 - f)));
        }
        self.line("ret;");
        let _ = writeln!(self.out, "}}");
    }

    fn own_word(&mut self) {
        self.line("mov.u32 %my, slots; mad.lo.u32 %my, %id, 4, %my;");
    }

    fn function(&mut self, f: usize) {
        let _ = writeln!(self.out, "{}\n{{", prototype(f));
        self.out += &registers();
        self.line("ld.param.u32 %seed, [a]; ld.param.u32 %depth, [depth]; ld.param.u64 %in, [in];");
        self.line("ld.param.u64 %o, [out]; ld.param.u64 %cnt, [counters]; mov.u32 %id, %tid.x;");
        self.own_word();
        self.start();
        self.graph(&self.program.functions[f], &format!("F{f}_"), FUEL_OF_FUNCTIONS);
        self.line("mov.u32 %x0, 0;");
        for i in 0..VARYING {
            self.line(format!("mul.lo.u32 %x0, %x0, 31; xor.b32 %x0, %x0, %w{i};"));
        }
        self.line("st.param.u32 [result], %x0; ret;");
        let _ = writeln!(self.out, "}}");
    }

    /// First values of the registers, from `%seed` and `%id`.
    fn start(&mut self) {
        for i in 0..WORDS {
            self.line(match i {
                _ if i < VARYING => format!(
                    "add.u32 %x0, %seed, {i}; mul.lo.u32 %x0, %x0, {}; shr.u32 %w{i}, %x0, {};",
                    0x9e37_79b9u32,
                    3 * i
                ),
                _ if i < VARYING + UNIFORM => format!("mov.u32 %w{i}, {i};"),
                _ => format!("mul.lo.u32 %w{i}, %id, {};", i - VARYING - UNIFORM + AFFINE),
            });
        }
        self.line(
            "mov.f32 %f0, 0f3fc00000; mov.f32 %f1, 0fc0000000; mov.u64 %d0, 1; cvt.u64.u32 %d1, %seed;",
        );
        self.line("mov.u64 %e, 0;");
        for i in 0..4 {
            self.line(format!("st.local.u64 [array+{}], %e;", 8 * i));
        }
    }

    /// Nodes that can be reached; control goes on behind them.
    fn graph(&mut self, nodes: &[Node], name: &str, fuel: u32) {
        let mut reached = vec![false; nodes.len()];
        let mut work = vec![0];
        while let Some(n) = work.pop() {
            if !std::mem::replace(&mut reached[n], true) {
                work.extend(nodes[n].end.targets());
            }
        }
        self.line(format!("mov.u32 %fuel, {fuel};"));
        for (n, node) in nodes.iter().enumerate().filter(|(n, _)| reached[*n]) {
            let _ = writeln!(self.out, "{name}N{n}:");
            for stmt in &node.stmts {
                self.stmt(*stmt);
            }
            match &node.end {
                End::Jump(to) => self.line(format!("bra {name}N{to};")),
                End::Branch { then, els, fuel } => {
                    self.cond(node.cond, "%p");
                    if *fuel == Fuel::Needed {
                        self.line(
                            "setp.ne.u32 %q, %fuel, 0; and.pred %p, %p, %q; @%p sub.u32 %fuel, %fuel, 1;",
                        );
                    }
                    self.line(format!("@%p bra {name}N{then}; bra {name}N{els};"));
                }
                End::Table(targets) => {
                    let labels: Vec<String> = targets.iter().map(|t| format!("{name}N{t}")).collect();
                    let table = self.label();
                    self.line(format!("{table}: .branchtargets {};", labels.join(", ")));
                    self.line(format!(
                        "rem.u32 %x0, %w{}, {}; brx.idx %x0, {table};",
                        node.index,
                        targets.len()
                    ));
                }
                End::Leave => self.line(format!("bra {name}END;")),
                End::Exit => self.line("ret;"),
            }
        }
        let _ = writeln!(self.out, "{name}END:");
    }

    fn cond(&mut self, cond: Cond, to: &str) {
        self.line(match cond {
            Cond::LtU(a, b) => format!("setp.lt.u32 {to}, %w{a}, {};", word(b)),
            Cond::LtS(a, b) => match b {
                Word::Reg(b) => format!("setp.lt.s32 {to}, %w{a}, %w{b};"),
                Word::Number(n) => format!("setp.lt.s32 {to}, %w{a}, {};", n as i32),
            },
            Cond::Bits(a, bits) => format!("and.b32 %x7, %w{a}, {bits}; setp.ne.u32 {to}, %x7, 0;"),
            Cond::Float(a, b) => format!("setp.lt.f32 {to}, %f{a}, %f{b};"),
            Cond::Wide(a, b) => format!("setp.lt.u64 {to}, %d{a}, %d{b};"),
            Cond::Lane(bit) => format!("and.b32 %x7, %id, {}; setp.ne.u32 {to}, %x7, 0;", 1 << bit),
        });
    }

    fn stmt(&mut self, stmt: Stmt) {
        let element = |i: Word| {
            format!(
                "and.b32 %x0, {}, 7; shl.b32 %x0, %x0, 2; cvt.u64.u32 %e, %x0; mov.u64 %l, array; add.u64 %l, %l, %e;",
                word(i)
            )
        };
        let line = match stmt {
            Stmt::Binary(op, d, a, b) => format!("{} %w{d}, %w{a}, {};", binary(op), number(op, b)),
            Stmt::Unary(op, d, a) => unary(op, d, a),
            Stmt::Select(c, d, a, b) => {
                self.cond(c, "%c");
                format!("selp.b32 %w{d}, {}, {}, %c;", word(a), word(b))
            }
            Stmt::Guarded(c, op, d, a, b) => {
                self.cond(c, "%c");
                format!("@%c {} %w{d}, %w{a}, {};", binary(op), number(op, b))
            }
            Stmt::FloatOfS32(d, a) => format!("cvt.rn.f32.s32 %f{d}, %w{a};"),
            Stmt::FloatOfU32(d, a) => format!("cvt.rn.f32.u32 %f{d}, %w{a};"),
            Stmt::S32OfFloat(d, a) => format!("cvt.rzi.s32.f32 %w{d}, %f{a};"),
            Stmt::U32OfFloat(d, a) => format!("cvt.rzi.u32.f32 %w{d}, %f{a};"),
            Stmt::FloatAdd(d, a, b) => format!("add.rn.f32 %f{d}, %f{a}, %f{b};"),
            Stmt::FloatFma(d, a, b) => format!("fma.rn.f32 %f{d}, %f{a}, %f{b}, %f{d};"),
            Stmt::WideOfU32(d, a) => format!("cvt.u64.u32 %d{d}, %w{a};"),
            Stmt::WideOfS32(d, a) => format!("cvt.s64.s32 %d{d}, %w{a};"),
            Stmt::WideMul(d, a, b) => format!("mul.wide.u32 %d{d}, %w{a}, %w{b};"),
            Stmt::WideAdd(d, a, b) => format!("add.u64 %d{d}, %d{a}, %d{b};"),
            Stmt::WordOfWide(d, a, by) => format!("shr.u64 %e, %d{a}, {by}; cvt.u32.u64 %w{d}, %e;"),
            Stmt::Input(d, a) => format!(
                "and.b32 %x0, %w{a}, 63; mul.wide.u32 %e, %x0, 4; add.u64 %e, %e, %in; ld.global.u32 %w{d}, [%e];"
            ),
            Stmt::LoadLocal(d, i) => format!("{} ld.local.u32 %w{d}, [%l];", element(i)),
            Stmt::StoreLocal(i, a) => format!("{} st.local.u32 [%l], %w{a};", element(i)),
            Stmt::LoadShared(d) => format!("ld.shared.u32 %w{d}, [%my];"),
            Stmt::StoreShared(a) => format!("st.shared.u32 [%my], %w{a};"),
            Stmt::Output(slot, a) => format!("st.global.u32 [%o+{}], %w{a};", 4 * slot),
            Stmt::Reduce(memory, k, a) => {
                let op = match COUNTERS[k] {
                    Red::Add => "add.u32",
                    Red::Xor => "xor.b32",
                    Red::MaxU => "max.u32",
                    Red::MinS => "min.s32",
                };
                match memory {
                    Memory::Global => format!("red.global.{op} [%cnt+{}], %w{a};", 4 * k),
                    Memory::Shared => format!("red.shared.{op} [tally+{}], %w{a};", 4 * k),
                }
            }
            Stmt::Call(f, d, a, b) => {
                let skip = self.label();
                self.line(format!("setp.eq.u32 %p, %depth, 0; @%p bra {skip};"));
                self.line(format!("{{ .param .b32 a; .param .b32 b; .param .b64 i; .param .b64 o; .param .b64 c; .param .b32 r; add.u32 %x0, %w{a}, {};", word(b)));
                self.line("st.param.b32 [a], %x0; sub.u32 %x0, %depth, 1; st.param.b32 [b], %x0;");
                self.line("st.param.b64 [i], %in; st.param.b64 [o], %o; st.param.b64 [c], %cnt;");
                self.line(format!("call.uni (r), f{f}, (a, b, i, o, c); ld.param.b32 %w{d}, [r]; }}"));
                let _ = writeln!(self.out, "{skip}:");
                return;
            }
        };
        self.line(line);
    }

    fn meeting(&mut self, meeting: Meeting) {
        const ALL: &str = "0xffffffff";
        match meeting {
            Meeting::Nothing => {}
            Meeting::Barrier => self.line("bar.sync 0;"),
            Meeting::Exchange(from, by, to) => {
                let n = self.program.threads;
                self.line(format!("bar.sync 0; st.shared.u32 [%my], %w{from}; bar.sync 0;"));
                self.line(format!("add.u32 %x0, %id, {by}; rem.u32 %x0, %x0, {n}; mov.u32 %x1, slots;"));
                self.line(format!("mad.lo.u32 %x0, %x0, 4, %x1; ld.shared.u32 %w{to}, [%x0]; bar.sync 0;"));
            }
            Meeting::Counter(k, to) => {
                self.line(format!("bar.sync 0; ld.shared.u32 %w{to}, [tally+{}]; bar.sync 0;", 4 * k));
            }
            Meeting::Ballot(c, to) => {
                self.cond(c, "%c");
                self.line(format!("vote.sync.ballot.b32 %w{to}, %c, {ALL};"));
            }
            Meeting::Butterfly(from, by, to) => {
                self.line(format!("shfl.sync.bfly.b32 %w{to}, %w{from}, {by}, 31, {ALL};"));
            }
            Meeting::Among(c, from, to) => {
                let on = self.label();
                self.cond(c, "%c");
                self.line(format!("vote.sync.ballot.b32 %x0, %c, {ALL}; @!%c bra {on};"));
                self.line(format!("redux.sync.add.u32 %w{to}, %w{from}, %x0;"));
                let _ = writeln!(self.out, "{on}:");
            }
            Meeting::Rounds(from, to) => {
                let (head, on) = (self.label(), self.label());
                self.line(format!(
                    "and.b32 %x2, %w{from}, 7; mov.u32 %x1, {ALL}; mov.u32 %x3, 0; mov.u32 %x4, 0;"
                ));
                let _ = writeln!(self.out, "{head}:");
                self.line("setp.lt.u32 %p, %x3, %x2; vote.sync.ballot.b32 %x1, %p, %x1;");
                self.line(format!("@!%p bra {on}; mov.u32 %x5, 1; redux.sync.add.u32 %x5, %x5, %x1;"));
                self.line(format!("mad.lo.u32 %x4, %x4, 3, %x5; add.u32 %x3, %x3, 1; bra {head};"));
                let _ = writeln!(self.out, "{on}:");
                self.line(format!("mov.u32 %w{to}, %x4;"));
            }
        }
    }
}

fn prototype(f: usize) -> String {
    format!(
        ".func (.param .b32 result) f{f}(.param .b32 a, .param .b32 depth, .param .b64 in, .param .b64 out, .param .b64 counters)"
    )
}

fn binary(op: Binary) -> &'static str {
    match op {
        Binary::Add => "add.u32",
        Binary::Sub => "sub.u32",
        Binary::Mul => "mul.lo.u32",
        Binary::And => "and.b32",
        Binary::Or => "or.b32",
        Binary::Xor => "xor.b32",
        Binary::MinS => "min.s32",
        Binary::MaxU => "max.u32",
        Binary::Shl => "shl.b32",
        Binary::ShrU => "shr.u32",
        Binary::ShrS => "shr.s32",
    }
}

/// A number in the form of the operation's type.
fn number(op: Binary, w: Word) -> String {
    match (op, w) {
        (Binary::MinS, Word::Number(n)) => (n as i32).to_string(),
        _ => word(w),
    }
}

fn unary(op: Unary, d: usize, a: usize) -> String {
    match op {
        Unary::Not => format!("not.b32 %w{d}, %w{a};"),
        Unary::Neg => format!("neg.s32 %w{d}, %w{a};"),
        Unary::Popc => format!("popc.b32 %w{d}, %w{a};"),
        Unary::Clz => format!("clz.b32 %w{d}, %w{a};"),
        Unary::Brev => format!("brev.b32 %w{d}, %w{a};"),
        Unary::Sext8 => format!("cvt.s32.s8 %w{d}, %w{a};"),
        Unary::Sext16 => format!("cvt.s32.s16 %w{d}, %w{a};"),
        Unary::Zext8 => format!("cvt.u32.u8 %w{d}, %w{a};"),
    }
}
