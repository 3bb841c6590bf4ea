//! What all threads of a CTA see: its place in the grid and its memory windows. Decides which addresses are legal.

use crate::image::Image;
use crate::memory::Buffer;
use engine::{Access, Fault, FaultKind, Launch};
use ir::{GlobalId, Space, Sreg};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A result of something that a thread does. Boxed, because nearly all of them are good.
pub type Checked<T> = Result<T, Box<Fault>>;

pub struct Env {
    pub image: Arc<Image>,
    /// Linear index of the CTA.
    pub index: u64,
    pub ctaid: [u32; 3],
    pub block: [u32; 3],
    pub grid: [u32; 3],
    pub worker: u32,
    shared: Buffer,
    shared_bytes: u64,
    /// The local windows of all threads, one behind the other; `None` if no thread needs any.
    local: Option<Buffer>,
    local_stride: u64,
    /// Bytes of each thread's local window.
    pub local_bytes: u64,
    params: Arc<Buffer>,
    param_bytes: u64,
    start: Instant,
}

/// Bytes of a kernel's parameter buffer.
pub fn param_bytes(image: &Image, launch: &Launch<'_>) -> u64 {
    u64::from(image.resources.param_bytes).max(launch.params.len() as u64)
}

impl Env {
    pub fn new(image: Arc<Image>, launch: &Launch<'_>, index: u64, worker: u32, params: Arc<Buffer>) -> Env {
        let threads: u64 = launch.block.iter().map(|&n| u64::from(n)).product();
        let local_bytes = image.frame_bytes + u64::from(launch.stack_bytes);
        let local_stride = local_bytes.next_multiple_of(image.local_align);
        let shared_bytes = image.shared.total(launch.dynamic_shared);
        let [gx, gy, _] = launch.grid.map(u64::from);
        Env {
            index,
            ctaid: [(index % gx) as u32, (index / gx % gy) as u32, (index / gx / gy) as u32],
            block: launch.block,
            grid: launch.grid,
            worker,
            shared: Buffer::zeroed(shared_bytes, image.shared.align),
            shared_bytes,
            local: image.needs_local.then(|| Buffer::zeroed(threads * local_stride, image.local_align)),
            local_stride,
            local_bytes,
            params,
            param_bytes: param_bytes(&image, launch),
            start: Instant::now(),
            image,
        }
    }

    pub fn threads(&self) -> u32 {
        self.block.iter().product()
    }

    fn local_base(&self, thread: u32) -> u64 {
        self.local.as_ref().map_or(0, |l| l.address() + u64::from(thread) * self.local_stride)
    }

    /// Host base and size of the window of a space that has one.
    fn window(&self, space: Space, thread: u32) -> Option<(u64, u64)> {
        match space {
            Space::Shared => Some((self.shared.address(), self.shared_bytes)),
            Space::Local => {
                Some((self.local_base(thread), self.local.as_ref().map_or(0, |_| self.local_bytes)))
            }
            Space::Param => Some((self.params.address(), self.param_bytes)),
            Space::Generic | Space::Global | Space::Const => None,
        }
    }

    /// The host address of a legal access. `align` is a power of two.
    pub fn locate(
        &self,
        launch: &Launch<'_>,
        thread: u32,
        space: Space,
        addr: u64,
        bytes: u32,
        align: u32,
        access: Access,
    ) -> Checked<u64> {
        let what = match access {
            Access::Read => "read",
            Access::Write => "write",
        };
        let fault = |kind, why: String| {
            let message = format!("{what} of {bytes} bytes of {space} memory {why}");
            Err(Box::new(Fault { address: Some(addr), ..Fault::new(kind, message) }))
        };
        if addr & u64::from(align.max(1) - 1) != 0 {
            return fault(FaultKind::MisalignedAddress, format!("not aligned to {align}"));
        }
        let bytes = u64::from(bytes);
        if let Some((base, size)) = self.window(space, thread) {
            let fits = addr.checked_add(bytes).is_some_and(|end| end <= size);
            if !fits {
                return fault(FaultKind::IllegalAddress, format!("outside the window of {size} bytes"));
            }
            if space == Space::Param && access == Access::Write {
                return fault(FaultKind::IllegalAddress, "which is read-only".into());
            }
            return Ok(base + addr);
        }
        if space == Space::Generic {
            let window = [Space::Shared, Space::Local, Space::Param]
                .into_iter()
                .find(|s| self.inside(*s, thread, addr));
            if let Some(space) = window {
                let (base, size) = self.window(space, thread).expect("one of the three that have one");
                let fits = addr - base + bytes <= size && !(space == Space::Param && access == Access::Write);
                return if fits {
                    Ok(addr)
                } else {
                    fault(FaultKind::IllegalAddress, "out of bounds".into())
                };
            }
        }
        if launch.host.accessible(addr, bytes, access) {
            return Ok(addr);
        }
        fault(FaultKind::IllegalAddress, "that is not mapped".into())
    }

    fn inside(&self, space: Space, thread: u32, addr: u64) -> bool {
        self.window(space, thread).is_some_and(|(base, size)| addr >= base && addr - base < size)
    }

    pub fn generic_of(&self, space: Space, thread: u32, addr: u64) -> u64 {
        self.window(space, thread).map_or(addr, |(base, _)| base.wrapping_add(addr))
    }

    pub fn window_offset(&self, space: Space, thread: u32, addr: u64) -> u64 {
        self.window(space, thread).map_or(addr, |(base, _)| addr.wrapping_sub(base))
    }

    /// `isspacep`: what is in no other window is global.
    pub fn is_space(&self, launch: &Launch<'_>, space: Space, thread: u32, addr: u64) -> bool {
        let constant = || {
            self.image.constants.iter().any(|&(global, size)| {
                let base = launch.globals.get(global).copied().unwrap_or(0);
                base != 0 && addr >= base && addr - base < size
            })
        };
        match space {
            Space::Generic => true,
            Space::Const => constant(),
            Space::Shared | Space::Local | Space::Param => self.inside(space, thread, addr),
            Space::Global => {
                !constant()
                    && ![Space::Shared, Space::Local, Space::Param]
                        .into_iter()
                        .any(|s| self.inside(s, thread, addr))
            }
        }
    }

    /// Address of a variable in its own space.
    pub fn global_addr(&self, launch: &Launch<'_>, global: GlobalId) -> Checked<u64> {
        if let Some(offset) = self.image.shared.offset(global) {
            return Ok(offset);
        }
        match launch.globals.get(global.index()) {
            Some(&addr) if addr != 0 => Ok(addr),
            _ => Err(Fault::new(FaultKind::Internal, format!("variable {global} has no address")).into()),
        }
    }

    pub fn tid(&self, thread: u32) -> [u32; 3] {
        let [x, y, _] = self.block;
        [thread % x, thread / x % y, thread / x / y]
    }

    /// Value of a special register (PTX ISA chapter 10). Clocks tick in nanoseconds.
    pub fn sreg(&self, launch: &Launch<'_>, thread: u32, reg: Sreg) -> u64 {
        let lane = thread % 32;
        let clock = || self.start.elapsed().as_nanos() as u64;
        let timer = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        let value = match reg {
            Sreg::TidX => self.tid(thread)[0].into(),
            Sreg::TidY => self.tid(thread)[1].into(),
            Sreg::TidZ => self.tid(thread)[2].into(),
            Sreg::NtidX => self.block[0].into(),
            Sreg::NtidY => self.block[1].into(),
            Sreg::NtidZ => self.block[2].into(),
            Sreg::CtaidX => self.ctaid[0].into(),
            Sreg::CtaidY => self.ctaid[1].into(),
            Sreg::CtaidZ => self.ctaid[2].into(),
            Sreg::NctaidX => self.grid[0].into(),
            Sreg::NctaidY => self.grid[1].into(),
            Sreg::NctaidZ => self.grid[2].into(),
            Sreg::LaneId => lane.into(),
            Sreg::WarpId => (thread / 32).into(),
            Sreg::NwarpId => self.threads().div_ceil(32).into(),
            Sreg::SmId => self.worker.into(),
            Sreg::NsmId => launch.sm_count.into(),
            Sreg::GridId => launch.grid_id,
            Sreg::LanemaskEq => 1 << lane,
            Sreg::LanemaskLe => (2 << lane) - 1,
            Sreg::LanemaskLt => (1 << lane) - 1,
            Sreg::LanemaskGe => u64::MAX << lane,
            Sreg::LanemaskGt => u64::MAX << lane << 1,
            Sreg::Clock | Sreg::Clock64 => clock(),
            Sreg::ClockHi => clock() >> 32,
            Sreg::GlobalTimer | Sreg::GlobalTimerLo => timer(),
            Sreg::GlobalTimerHi => timer() >> 32,
            Sreg::DynamicSmemSize => launch.dynamic_shared.into(),
            Sreg::TotalSmemSize => self.shared_bytes,
        };
        value & reg.ty().mask()
    }
}
