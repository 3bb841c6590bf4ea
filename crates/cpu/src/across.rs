//! Blocks of a row of the grid that run across each other: the first rows of threads of all of them, then the next ones.
//!
//! The blocks of a kernel over images or grids are small rectangles. One block after the other leaps from row to row of
//! memory after a line or two, which neither the processor's prefetchers nor its page tables like; gang by gang over a
//! few dozen blocks side by side, it is read and written in order. Invariant: only kernels run so whose gangs share
//! nothing but global memory, which they do not change together, so that none can tell when another one runs.

use crate::abi::CtaContext;
use crate::order::{Columns, Walk};
use crate::run::Code;
use analysis::{Cfg, dom, natural};
use ir::{Function, Inst, Space};

/// Most bytes from a thread's element to the one of the next block's same thread.
const SIDE: i64 = 8 << 10;
/// Most blocks side by side.
pub const MOST: u64 = 32;

/// Whether blocks of a kernel may run across each other, and gain by it: all that they read and write lies side by side.
pub fn pays(func: &Function, cfg: &Cfg, block: [u32; 3]) -> bool {
    if block[1] * block[2] == 1 || !natural::compute(cfg, &dom::compute(cfg)).is_empty() {
        return false;
    }
    let columns = Columns::of(func, cfg);
    let mut some = false;
    for &inst in cfg.rpo.iter().flat_map(|b| &func.block(*b).insts) {
        let data = func.inst(inst);
        match data.inst {
            Inst::Load { space, .. } | Inst::Store { space, .. } => match space {
                Space::Global | Space::Generic => match columns.step(func, data.args[0]) {
                    Some(step) if step.abs() <= SIDE => some |= step != 0,
                    Some(_) | None => return false,
                },
                Space::Const | Space::Param | Space::Local => {}
                Space::Shared => return false,
            },
            Inst::Atomic { .. }
            | Inst::Fence(_)
            | Inst::Barrier { .. }
            | Inst::Call(_)
            | Inst::CallIndirect { .. }
            | Inst::Sys(_) => return false,
            Inst::Const { .. }
            | Inst::Pure { .. }
            | Inst::Sreg(_)
            | Inst::GlobalAddr { .. }
            | Inst::FuncAddr(_)
            | Inst::SlotAddr(_)
            | Inst::Alloca { .. }
            | Inst::ToGeneric(_)
            | Inst::FromGeneric(_)
            | Inst::IsSpace(_)
            | Inst::WarpSync
            | Inst::Shfl(_)
            | Inst::Vote(_)
            | Inst::Match { .. }
            | Inst::Redux(_)
            | Inst::SameQuotient { .. }
            | Inst::Every
            | Inst::ActiveMask
            | Inst::Elect
            | Inst::Product { .. }
            | Inst::Arrange { .. } => {}
        }
    }
    some
}

impl Code {
    /// Runs the next blocks of the row that `context` stands in, at most `left`, and goes on behind them; how many.
    pub fn run_across(&self, context: &mut CtaContext, walk: &mut Walk, left: u64, frames: *mut u8) -> u64 {
        let first = context.ctaid[0];
        let most = MOST * u64::from(self.joined);
        let count = u64::from(walk.columns_from(first)).min(left).min(most) as u32;
        let end = first + count;
        if self.joined > 1 {
            // Where threads end: those behind it are somebody else's.
            context.grid[0] = end;
        }
        let gangs = self.layout.gangs();
        let step = self.frame_bytes as usize;
        // Gangs that lie in one row of threads follow on each other in memory.
        let [x, width] = [self.layout.block[0], self.layout.width()];
        let row = x.div_ceil(width).min(gangs);
        let whole_rows = x.is_multiple_of(width);
        for start in (0..gangs).step_by(row as usize) {
            for column in (first..end).step_by(self.joined as usize) {
                context.ctaid[0] = column;
                let some = match whole_rows {
                    true => ((end - column) * (x / self.joined)).div_ceil(width).min(row),
                    false => row,
                };
                for gang in start..(start + some).min(gangs) {
                    // SAFETY: the region was compiled for this context's layout; the frame is the gang's own.
                    unsafe {
                        self.regions[0].call(&raw const *context, gang, frames.add(gang as usize * step))
                    };
                }
            }
        }
        context.ctaid[0] = first;
        walk.skip(&mut context.ctaid, count);
        count.into()
    }
}
