//! Special registers, addresses of variables, address-space casts, runtime calls.

use super::window::Window;
use super::{Emitter, Repr};
use crate::abi::{call, fault_code, field, wait_code};
use analysis::Shape;
use ir::{GlobalId, InstData, Space, Sreg, SysCall, Type, Value};

impl Emitter<'_> {
    /// Linear index of a chunk's first thread, i32.
    pub fn chunk_thread(&mut self, chunk: usize) -> String {
        if self.window == Some(Window::Each) {
            return self.thread_of_chunk();
        }
        let at = (self.first_chunk() + chunk) as u32 * self.lanes();
        if at == 0 {
            return "%first".into();
        }
        self.ins(format!("add i32 %first, {at}"))
    }

    fn udiv(&mut self, a: &str, by: u32) -> String {
        if by == 1 { a.to_string() } else { self.ins(format!("udiv i32 {a}, {by}")) }
    }

    fn urem(&mut self, a: &str, by: u32) -> String {
        if by == 1 { "0".into() } else { self.ins(format!("urem i32 {a}, {by}")) }
    }

    /// What a register that depends on the thread is for linear thread index `t`, as scalars.
    fn thread_register(&mut self, reg: Sreg, t: &str) -> String {
        let [bx, by, bz] = self.unit.layout.block;
        match reg {
            Sreg::TidX if by * bz == 1 => t.to_string(),
            Sreg::TidX => self.urem(t, bx),
            Sreg::TidY => {
                let row = self.udiv(t, bx);
                if bz == 1 { row } else { self.urem(&row, by) }
            }
            Sreg::TidZ => self.udiv(t, bx * by),
            Sreg::LaneId => self.ins(format!("and i32 {t}, 31")),
            Sreg::WarpId => self.ins(format!("lshr i32 {t}, 5")),
            other => {
                self.refuse(format!("internal: %{} is not a thread register", other.name()));
                "0".into()
            }
        }
    }

    pub fn emit_sreg(&mut self, reg: Sreg, result: Value) {
        let [bx, by, bz] = self.unit.layout.block;
        let threads = self.unit.layout.threads();
        let scalar = match reg {
            Sreg::NtidX => bx.to_string(),
            Sreg::NtidY => by.to_string(),
            Sreg::NtidZ => bz.to_string(),
            Sreg::NwarpId => threads.div_ceil(32).to_string(),
            Sreg::CtaidX => self.context_field(field::CTAID, "i32"),
            Sreg::CtaidY => self.context_field(field::CTAID + 4, "i32"),
            Sreg::CtaidZ => self.context_field(field::CTAID + 8, "i32"),
            Sreg::NctaidX => self.context_field(field::GRID, "i32"),
            Sreg::NctaidY => self.context_field(field::GRID + 4, "i32"),
            Sreg::NctaidZ => self.context_field(field::GRID + 8, "i32"),
            Sreg::SmId => self.context_field(field::SMID, "i32"),
            Sreg::NsmId => self.context_field(field::NSMID, "i32"),
            Sreg::GridId => self.context_field(field::GRID_ID, "i64"),
            Sreg::DynamicSmemSize => self.context_field(field::DYNAMIC_SHARED, "i32"),
            Sreg::TotalSmemSize => self.context_field(field::TOTAL_SHARED, "i32"),
            Sreg::Clock64 => self.cycles(),
            Sreg::Clock => {
                let c = self.cycles();
                self.ins(format!("trunc i64 {c} to i32"))
            }
            Sreg::ClockHi => {
                let c = self.cycles();
                let c = self.ins(format!("lshr i64 {c}, 32"));
                self.ins(format!("trunc i64 {c} to i32"))
            }
            Sreg::GlobalTimer => self.timer(),
            Sreg::GlobalTimerLo => {
                let c = self.timer();
                self.ins(format!("trunc i64 {c} to i32"))
            }
            Sreg::GlobalTimerHi => {
                let c = self.timer();
                let c = self.ins(format!("lshr i64 {c}, 32"));
                self.ins(format!("trunc i64 {c} to i32"))
            }
            Sreg::TidX | Sreg::TidY | Sreg::TidZ | Sreg::LaneId | Sreg::WarpId => {
                self.emit_thread_register(reg, result);
                return;
            }
            Sreg::LanemaskEq | Sreg::LanemaskLe | Sreg::LanemaskLt | Sreg::LanemaskGe | Sreg::LanemaskGt => {
                self.emit_lanemask(reg, result);
                return;
            }
        };
        self.define(result, Repr::Scalar(scalar));
    }

    fn emit_thread_register(&mut self, reg: Sreg, result: Value) {
        let repr = match self.shape(result) {
            Shape::Unknown | Shape::Uniform => Repr::Scalar(self.thread_register(reg, "%first")),
            Shape::Affine { stride, deltas } => {
                let base = self.thread_register(reg, "%first");
                Repr::Affine { base, stride, deltas }
            }
            Shape::Chunked(s) => {
                let bases = (0..self.chunks())
                    .map(|c| {
                        let t = self.chunk_thread(c);
                        self.thread_register(reg, &t)
                    })
                    .collect();
                Repr::Bases(bases, s)
            }
            Shape::Varying => {
                let vectors = (0..self.chunks())
                    .map(|c| {
                        let t = self.chunk_thread(c);
                        let v = self.affine_vector(Type::I32, &t, 1);
                        self.thread_register_vector(reg, &v)
                    })
                    .collect();
                Repr::Vectors(vectors)
            }
        };
        self.define(result, repr);
    }

    fn thread_register_vector(&mut self, reg: Sreg, t: &str) -> String {
        let [bx, by, bz] = self.unit.layout.block;
        let vt = self.vector_type(Type::I32);
        let by_const = |e: &mut Self, opcode: &str, a: &str, n: u32| {
            e.ins(format!("{opcode} {vt} {a}, splat (i32 {n})"))
        };
        match reg {
            Sreg::TidX => by_const(self, "urem", t, bx),
            Sreg::TidY => {
                let row = by_const(self, "udiv", t, bx);
                if bz == 1 { row } else { by_const(self, "urem", &row, by) }
            }
            Sreg::TidZ => by_const(self, "udiv", t, bx * by),
            Sreg::LaneId => by_const(self, "and", t, 31),
            _ => by_const(self, "lshr", t, 5),
        }
    }

    fn emit_lanemask(&mut self, reg: Sreg, result: Value) {
        let vt = self.vector_type(Type::I32);
        let vectors = (0..self.chunks())
            .map(|c| {
                let t = self.chunk_thread(c);
                let t = self.affine_vector(Type::I32, &t, 1);
                let lane = self.ins(format!("and {vt} {t}, splat (i32 31)"));
                let eq = self.ins(format!("shl {vt} splat (i32 1), {lane}"));
                let lt = self.ins(format!("sub {vt} {eq}, splat (i32 1)"));
                let le = self.ins(format!("or {vt} {lt}, {eq}"));
                match reg {
                    Sreg::LanemaskEq => eq,
                    Sreg::LanemaskLt => lt,
                    Sreg::LanemaskLe => le,
                    Sreg::LanemaskGe => self.ins(format!("xor {vt} {lt}, splat (i32 -1)")),
                    _ => self.ins(format!("xor {vt} {le}, splat (i32 -1)")),
                }
            })
            .collect::<Vec<_>>();
        // With one thread per gang every value is a scalar.
        let repr = if self.shape(result) == Shape::Uniform {
            Repr::Scalar(self.ins(format!("extractelement {vt} {}, i64 0", vectors[0])))
        } else {
            Repr::Vectors(vectors)
        };
        self.define(result, repr);
    }

    fn cycles(&mut self) -> String {
        self.declare("declare i64 @llvm.readcyclecounter()".into());
        self.ins("call i64 @llvm.readcyclecounter()")
    }

    fn timer(&mut self) -> String {
        let f = self.runtime_call(call::TIMER);
        self.ins(format!("call i64 {f}(ptr %ctx)"))
    }

    pub fn emit_global_addr(&mut self, global: GlobalId, offset: i64, result: Value) {
        let scalar = match self.unit.module.global(global).space {
            Space::Shared => match self.unit.shared.offset(global) {
                Some(at) => (at as i64).wrapping_add(offset).to_string(),
                None => {
                    self.refuse(format!("internal: {global} has no place in shared memory"));
                    "0".into()
                }
            },
            _ => {
                let table = self.context_field(field::GLOBALS, "ptr");
                let p = self.ins(format!("getelementptr i64, ptr {table}, i64 {}", global.0));
                let base = self.ins(format!("load i64, ptr {p}, align 8, !invariant.load !0"));
                if offset == 0 { base } else { self.ins(format!("add i64 {base}, {offset}")) }
            }
        };
        self.define(result, Repr::Scalar(scalar));
    }

    pub fn emit_func_addr(&mut self, func: ir::FuncId, result: Value) {
        let base = self.context_field(field::FUNC_BASE, "i64");
        let v = self.ins(format!("add i64 {base}, {}", 16 * func.0 as u64));
        self.define(result, Repr::Scalar(v));
    }

    /// Address of the base of a space as generic address, i64; `None` where addresses are the same.
    fn space_base(&mut self, space: Space) -> Option<String> {
        match space {
            Space::Generic | Space::Global | Space::Const => None,
            Space::Shared => Some(self.ins("ptrtoint ptr %shared to i64")),
            Space::Local => Some(self.ins("ptrtoint ptr %local to i64")),
            Space::Param => Some(self.context_field(field::PARAMS, "i64")),
        }
    }

    /// `cvta` in both directions.
    pub fn emit_space_cast(&mut self, space: Space, to_generic: bool, arg: Value, result: Value) {
        let Some(base) = self.space_base(space) else {
            let repr = self.get(arg);
            self.define(result, repr);
            return;
        };
        let opcode = if to_generic { "add" } else { "sub" };
        let window = if space == Space::Local { self.unit.layout.local_bytes as i64 } else { 0 };
        let repr = self.get(arg);
        let add = |e: &mut Self, v: &str, by: &str| e.ins(format!("{opcode} i64 {v}, {by}"));
        let out = match (repr, space) {
            (Repr::Scalar(s), Space::Shared | Space::Param) => Repr::Scalar(add(self, &s, &base)),
            (Repr::Vectors(v), _) => {
                let vt = self.vector_type(Type::I64);
                let list = (0..self.chunks())
                    .map(|c| {
                        let own = match space {
                            Space::Local => {
                                let w = self.window_base(c);
                                let w = self.ins(format!("add i64 {w}, {base}"));
                                self.affine_vector(Type::I64, &w, window)
                            }
                            _ => self.splat(Type::I64, &base),
                        };
                        self.ins(format!("{opcode} {vt} {}, {own}", v[c]))
                    })
                    .collect();
                Repr::Vectors(list)
            }
            (Repr::Affine { base: b, stride, deltas }, Space::Shared | Space::Param) => {
                Repr::Affine { base: add(self, &b, &base), stride, deltas }
            }
            (Repr::Scalar(b) | Repr::Affine { base: b, .. }, Space::Local)
                if matches!(self.shape(result), Shape::Affine { .. } | Shape::Uniform) =>
            {
                let b = add(self, &b, &base);
                // The gang's first thread; the chunks' are in the deltas.
                let w = self.ins("zext i32 %first to i64");
                let w = self.ins(format!("mul i64 {w}, {window}"));
                let b = add(self, &b, &w);
                match self.shape(result) {
                    Shape::Affine { stride, deltas } => Repr::Affine { base: b, stride, deltas },
                    _ => Repr::Scalar(b),
                }
            }
            (repr, _) => {
                let stride = match &repr {
                    Repr::Bases(_, s) => *s,
                    Repr::Affine { stride, .. } => *stride,
                    Repr::Scalar(_) | Repr::Vectors(_) => 0,
                };
                let bases = self.repr_bases(&repr, Type::I64);
                let list = (0..self.chunks())
                    .map(|c| {
                        let b = add(self, &bases[c], &base);
                        if space == Space::Local {
                            let w = self.window_base(c);
                            add(self, &b, &w)
                        } else {
                            b
                        }
                    })
                    .collect();
                let stride =
                    if to_generic { stride.wrapping_add(window) } else { stride.wrapping_sub(window) };
                if self.unit.layout.width() == 1 {
                    let list: Vec<String> = list;
                    Repr::Scalar(list[0].clone())
                } else {
                    Repr::Bases(list, stride)
                }
            }
        };
        self.define(result, out);
    }

    /// Bases and sizes of what makes up a space: the CTA's windows, the module's constants.
    fn ranges(&mut self, space: Space) -> Vec<(String, String)> {
        let base = self.space_base(space).unwrap_or_default();
        match space {
            Space::Shared => {
                let bytes = self.context_field(field::TOTAL_SHARED, "i32");
                vec![(base, self.ins(format!("zext i32 {bytes} to i64")))]
            }
            Space::Local => {
                let bytes = self.unit.layout.local_bytes as u64 * self.unit.layout.threads() as u64;
                vec![(base, bytes.to_string())]
            }
            Space::Param => vec![(base, self.context_field(field::PARAM_BYTES, "i64"))],
            Space::Const => {
                let module = self.unit.module;
                let constants = module.globals.iter().enumerate().filter(|(_, g)| g.space == Space::Const);
                constants
                    .map(|(i, g)| {
                        let table = self.context_field(field::GLOBALS, "ptr");
                        let p = self.ins(format!("getelementptr i64, ptr {table}, i64 {i}"));
                        let base = self.ins(format!("load i64, ptr {p}, align 8, !invariant.load !0"));
                        (base, g.size.to_string())
                    })
                    .collect()
            }
            // What is in no other space.
            Space::Global | Space::Generic => [Space::Shared, Space::Local, Space::Param, Space::Const]
                .into_iter()
                .flat_map(|s| self.ranges(s))
                .collect(),
        }
    }

    /// Whether a generic address lies in a space.
    pub fn emit_is_space(&mut self, space: Space, arg: Value, result: Value) {
        let ranges = self.ranges(space);
        let vectors = self.vectors(arg);
        let n = self.lanes();
        let out: Vec<String> = (0..self.chunks())
            .map(|c| {
                let mut inside = "zeroinitializer".to_string();
                for (base, len) in &ranges {
                    let b = self.splat(Type::I64, base);
                    let l = self.splat(Type::I64, len);
                    let off = self.ins(format!("sub <{n} x i64> {}, {b}", vectors[c]));
                    let here = self.ins(format!("icmp ult <{n} x i64> {off}, {l}"));
                    inside = self.ins(format!("or <{n} x i1> {inside}, {here}"));
                }
                match space {
                    Space::Shared | Space::Local | Space::Param | Space::Const => inside,
                    Space::Global | Space::Generic => {
                        self.ins(format!("xor <{n} x i1> {inside}, splat (i1 true)"))
                    }
                }
            })
            .collect();
        let repr = match self.shape(result) {
            Shape::Varying => Repr::Vectors(out),
            Shape::Uniform | Shape::Unknown => {
                Repr::Scalar(self.ins(format!("extractelement <{n} x i1> {}, i64 0", out[0])))
            }
            Shape::Affine { .. } | Shape::Chunked(_) => Repr::Bases(
                out.iter().map(|v| self.ins(format!("extractelement <{n} x i1> {v}, i64 0"))).collect(),
                0,
            ),
        };
        self.define(result, repr);
    }

    /// The linear thread index of a lane of this gang, i32.
    fn lane_thread(&mut self, lane: &str) -> String {
        let lane = self.ins(format!("trunc i64 {lane} to i32"));
        self.ins(format!("add i32 %first, {lane}"))
    }

    pub fn emit_sys(&mut self, call_kind: SysCall, data: &InstData) {
        match call_kind {
            SysCall::WaitBegins => return self.emit_poll(wait_code::BEGIN, data.loc),
            SysCall::WaitGoesOn => return self.emit_poll(wait_code::GOES_ON, data.loc),
            SysCall::Nanosleep if self.unit.fibers => return self.emit_poll(wait_code::GOES_ON, data.loc),
            SysCall::Nanosleep
            | SysCall::Vprintf
            | SysCall::Malloc
            | SysCall::Free
            | SysCall::AssertFail
            | SysCall::Breakpoint => {}
        }
        let inputs: Vec<(Vec<String>, Type)> =
            data.args.iter().map(|&a| (self.vectors(a), self.func.ty(a))).collect();
        let results: Vec<Type> = data.results.iter().map(|&r| self.func.ty(r)).collect();
        let fence = ir::MemSem { order: ir::MemOrder::Volatile, scope: ir::Scope::Cta };
        self.compiler_fence(fence);
        let out = self.lane_loop(&inputs, &results, &mut |e, lane, a| match call_kind {
            SysCall::Vprintf => {
                let f = e.runtime_call(call::VPRINTF);
                vec![e.ins(format!("call i32 {f}(ptr %ctx, i64 {}, i64 {})", a[0], a[1]))]
            }
            SysCall::Malloc => {
                let f = e.runtime_call(call::MALLOC);
                vec![e.ins(format!("call i64 {f}(ptr %ctx, i64 {})", a[0]))]
            }
            SysCall::Free => {
                let f = e.runtime_call(call::FREE);
                e.stmt(format!("call void {f}(ptr %ctx, i64 {})", a[0]));
                vec![]
            }
            SysCall::AssertFail => {
                let f = e.runtime_call(call::ASSERT_FAIL);
                let thread = e.lane_thread(lane);
                e.stmt(format!(
                    "call void {f}(ptr %ctx, i64 {}, i64 {}, i32 {}, i64 {}, i32 {thread})",
                    a[0], a[1], a[2], a[3]
                ));
                vec![]
            }
            SysCall::Nanosleep => {
                let f = e.runtime_call(call::NANOSLEEP);
                e.stmt(format!("call void {f}(ptr %ctx, i32 {})", a[0]));
                vec![]
            }
            SysCall::Breakpoint | SysCall::WaitBegins | SysCall::WaitGoesOn => vec![],
        });
        self.compiler_fence(fence);
        for (&r, v) in data.results.iter().zip(out) {
            let repr = self.narrow(r, v);
            self.define(r, repr);
        }
    }

    /// Vectors as the representation that the result's shape asks for; with one thread per gang that is a scalar.
    pub fn narrow(&mut self, result: Value, v: Vec<String>) -> Repr {
        let vt = self.vector_type(self.func.ty(result));
        match self.shape(result) {
            Shape::Varying => Repr::Vectors(v),
            Shape::Uniform | Shape::Unknown => {
                Repr::Scalar(self.ins(format!("extractelement {vt} {}, i64 0", v[0])))
            }
            Shape::Affine { .. } | Shape::Chunked(_) => Repr::Bases(
                v.iter().map(|x| self.ins(format!("extractelement {vt} {x}, i64 0"))).collect(),
                0,
            ),
        }
    }

    /// Ends the launch with a fault of the first running lane. Does not return.
    pub fn raise(&mut self, kind: u32, loc: ir::SrcLoc) {
        let f = self.runtime_call(call::FAULT);
        let thread = match self.exec.clone() {
            super::Exec::All => "%first".to_string(),
            super::Exec::Masks(m) => {
                // The first chunk with a running lane decides.
                let n = self.lanes();
                let mut first = "%first".to_string();
                for c in (0..self.chunks()).rev() {
                    let bits = self.mask_bits(&m[c]);
                    self.declare(format!("declare i{n} @llvm.cttz.i{n}(i{n}, i1)"));
                    let tz = self.ins(format!("call i{n} @llvm.cttz.i{n}(i{n} {bits}, i1 false)"));
                    let tz = if n == 32 {
                        tz
                    } else if n < 32 {
                        self.ins(format!("zext i{n} {tz} to i32"))
                    } else {
                        self.ins(format!("trunc i{n} {tz} to i32"))
                    };
                    let base = self.chunk_thread(c);
                    let here = self.ins(format!("add i32 {base}, {tz}"));
                    let any = self.ins(format!("icmp ne i{n} {bits}, 0"));
                    first = self.ins(format!("select i1 {any}, i32 {here}, i32 {first}"));
                }
                first
            }
        };
        self.stmt(format!(
            "call void {f}(ptr %ctx, i32 {kind}, i32 {thread}, i32 {}, i32 {})",
            loc.file, loc.line
        ));
    }

    pub fn raise_unreachable(&mut self, loc: ir::SrcLoc) {
        self.raise(fault_code::UNREACHABLE, loc);
    }
}
