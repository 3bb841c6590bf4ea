//! Large copies and fills: grids of parts, so that all workers take part and kernels of other streams run beside them.
//!
//! Invariant: only what lies in one piece on either side becomes a grid, and source and destination do not overlap, so
//! that parts may run in any order.

use crate::copy::{BoxCopy, Fill};
use crate::grid::{CostModel, KernelCode, KernelLaunch, Work};
use engine::{CtaRange, Fault, Kernel, Launch, Resources, SuspendedCta};
use smallvec::SmallVec;
use std::sync::{Arc, OnceLock};

/// Bytes that a CTA copies or fills.
const PART: u64 = 1 << 20;
/// What is smaller than this one thread does as fast.
const LARGE: u64 = 4 << 20;
/// From this size on the destination is written past the caches: it would not fit, and is not read first.
const STREAMED: u64 = 32 << 20;

/// Whether an operation on so many bytes is worth more than one thread.
pub fn is_large(bytes: u64) -> bool {
    bytes >= LARGE
}

/// The grid that does a copy. None for copies that one thread does.
pub(crate) fn of_copy(copy: &BoxCopy) -> Option<KernelLaunch> {
    static CODE: OnceLock<Arc<KernelCode>> = OnceLock::new();
    let bytes = copy.bytes();
    if !is_large(bytes) || !copy.is_dense() || copy.dst.at.abs_diff(copy.src.at) < bytes {
        return None;
    }
    let code = CODE.get_or_init(|| code("copy", Work::Copy, copy_part));
    launch(code, [copy.dst.at, copy.src.at, 0, bytes])
}

/// The grid that does a fill. None for fills that one thread does.
pub(crate) fn of_fill(fill: &Fill) -> Option<KernelLaunch> {
    static CODE: OnceLock<Arc<KernelCode>> = OnceLock::new();
    if !is_large(fill.bytes()) || fill.height != 1 {
        return None;
    }
    let code = CODE.get_or_init(|| code("fill", Work::Fill, fill_part));
    launch(code, [fill.dst, u64::from(fill.value), u64::from(fill.element), fill.bytes()])
}

fn code(name: &str, work: Work, part: Part) -> Arc<KernelCode> {
    Arc::new(KernelCode {
        name: name.into(),
        kernel: Arc::new(Parts(part)),
        globals: Arc::from([]),
        func_base: 0,
        cost: CostModel::default(),
        work,
        keep: Arc::new(()),
    })
}

/// The last parameter is the number of bytes.
fn launch(code: &Arc<KernelCode>, params: [u64; 4]) -> Option<KernelLaunch> {
    let parts = u32::try_from(params[3].div_ceil(PART)).ok()?;
    let params: SmallVec<[u8; 128]> = params.iter().flat_map(|param| param.to_ne_bytes()).collect();
    Some(KernelLaunch {
        code: code.clone(),
        grid: [parts, 1, 1],
        block: [1; 3],
        dynamic_shared: 0,
        cooperative: false,
        params,
    })
}

/// The parameters of a launch made by [`launch`].
fn params(launch: &Launch<'_>) -> [u64; 4] {
    let mut words = launch.params.chunks_exact(8).map(|bytes| {
        let mut word = [0; 8];
        word.copy_from_slice(bytes);
        u64::from_ne_bytes(word)
    });
    std::array::from_fn(|_| words.next().unwrap_or(0))
}

/// Does the part of `len` bytes at an offset, as the parameters say.
type Part = fn(params: [u64; 4], from: u64, len: usize);

/// Parts in any order.
struct Parts(Part);

impl Kernel for Parts {
    fn resources(&self) -> Resources {
        Resources::default()
    }

    fn run(
        &self,
        launch: &Launch<'_>,
        range: CtaRange,
        _: &mut dyn FnMut(Box<dyn SuspendedCta>),
    ) -> Result<(), Fault> {
        let params = params(launch);
        for cta in range.first..range.first + range.count {
            let from = cta * PART;
            (self.0)(params, from, PART.min(params[3] - from) as usize);
        }
        Ok(())
    }
}

fn copy_part([dst, src, _, bytes]: [u64; 4], from: u64, len: usize) {
    let (to, from) = ((dst + from) as *mut u8, (src + from) as *const u8);
    // SAFETY: whoever queued the copy checked both sides; they do not overlap.
    unsafe {
        match bytes >= STREAMED {
            true => stream::copy(to, from, len),
            false => std::ptr::copy_nonoverlapping(from, to, len),
        }
    }
}

fn fill_part([dst, value, element, bytes]: [u64; 4], from: u64, len: usize) {
    let line = Fill {
        dst: dst + from,
        pitch: len as u64,
        value: value as u32,
        element: element as u8,
        width: len as u64 / element,
        height: 1,
    };
    // SAFETY: whoever queued the fill checked the destination; parts begin at multiples of the element.
    unsafe {
        match bytes >= STREAMED {
            true => stream::fill(&line),
            false => line.run(),
        }
    }
}

/// Writing past the caches.
#[cfg(target_arch = "x86_64")]
mod stream {
    use crate::copy::Fill;
    use std::arch::x86_64::*;

    /// Bytes of a turn of the loops: two cache lines.
    const TURN: usize = 128;

    /// # Safety
    /// `src` is readable and `dst` writable for `len` bytes, and they do not overlap.
    pub unsafe fn copy(dst: *mut u8, src: *const u8, len: usize) {
        // SAFETY: the caller's promise, and the processor has AVX.
        unsafe {
            match is_x86_feature_detected!("avx") {
                true => copy_avx(dst, src, len),
                false => std::ptr::copy_nonoverlapping(src, dst, len),
            }
        }
    }

    /// # Safety
    /// As [`copy`]; the processor has AVX.
    #[target_feature(enable = "avx")]
    unsafe fn copy_avx(dst: *mut u8, src: *const u8, len: usize) {
        let head = dst.align_offset(64).min(len);
        let body = (len - head) / TURN * TURN;
        // SAFETY: all offsets are below `len`; the streamed stores are aligned, because `head` made them so.
        unsafe {
            std::ptr::copy_nonoverlapping(src, dst, head);
            for at in (head..head + body).step_by(TURN) {
                let (to, from) = (dst.add(at).cast::<__m256i>(), src.add(at).cast::<__m256i>());
                _mm_prefetch::<_MM_HINT_T0>(from.cast::<i8>().wrapping_add(1024));
                _mm_prefetch::<_MM_HINT_T0>(from.cast::<i8>().wrapping_add(1024 + 64));
                let four = [0, 1, 2, 3].map(|n| _mm256_loadu_si256(from.add(n)));
                for (n, part) in four.into_iter().enumerate() {
                    _mm256_stream_si256(to.add(n), part);
                }
            }
            // What the streamed stores wrote is seen before anything that follows.
            _mm_sfence();
            let done = head + body;
            std::ptr::copy_nonoverlapping(src.add(done), dst.add(done), len - done);
        }
    }

    /// # Safety
    /// As [`Fill::run`].
    pub unsafe fn fill(fill: &Fill) {
        // SAFETY: the caller's promise, and the processor has AVX.
        unsafe {
            match is_x86_feature_detected!("avx") && fill.height == 1 {
                true => fill_avx(fill),
                false => fill.run(),
            }
        }
    }

    /// # Safety
    /// As [`Fill::run`]; the processor has AVX and there is one line.
    #[target_feature(enable = "avx")]
    unsafe fn fill_avx(fill: &Fill) {
        let (dst, len) = (fill.dst as *mut u8, fill.bytes() as usize);
        let head = dst.align_offset(64).min(len);
        let body = (len - head) / TURN * TURN;
        let ends = |from: usize, to: usize| Fill {
            dst: fill.dst + from as u64,
            width: (to - from) as u64 / u64::from(fill.element),
            ..*fill
        };
        let pattern = match fill.element {
            1 => _mm256_set1_epi8(fill.value as i8),
            2 => _mm256_set1_epi16(fill.value as i16),
            _ => _mm256_set1_epi32(fill.value as i32),
        };
        // SAFETY: all offsets are below `len`, and multiples of the element because the line begins at one.
        unsafe {
            ends(0, head).run();
            for at in (head..head + body).step_by(TURN) {
                let to = dst.add(at).cast::<__m256i>();
                for n in 0..4 {
                    _mm256_stream_si256(to.add(n), pattern);
                }
            }
            _mm_sfence();
            ends(head + body, len).run();
        }
    }
}

/// Other machines: what the C library does is best.
#[cfg(not(target_arch = "x86_64"))]
mod stream {
    use crate::copy::Fill;

    /// # Safety
    /// `src` is readable and `dst` writable for `len` bytes, and they do not overlap.
    pub unsafe fn copy(dst: *mut u8, src: *const u8, len: usize) {
        // SAFETY: the caller's promise.
        unsafe { std::ptr::copy_nonoverlapping(src, dst, len) };
    }

    /// # Safety
    /// As [`Fill::run`].
    pub unsafe fn fill(fill: &Fill) {
        // SAFETY: the caller's promise.
        unsafe { fill.run() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(len: usize) -> Vec<u8> {
        (0..len).map(|n| (n * 7 + n / 251) as u8).collect()
    }

    #[test]
    fn streamed_copies_of_every_alignment_and_length() {
        let from = numbers(2048);
        for (offset, len) in (0..70).zip((0..1500).step_by(37)) {
            let mut to = vec![0xee; 2048];
            // SAFETY: both lie inside their vectors.
            unsafe { stream::copy(to.as_mut_ptr().add(offset), from.as_ptr().add(3), len) };
            assert_eq!(to[offset..offset + len], from[3..3 + len]);
            assert!(to[..offset].iter().chain(&to[offset + len..]).all(|&byte| byte == 0xee));
        }
    }

    #[test]
    fn streamed_fills_of_every_element_and_length() {
        for element in [1u8, 2, 4] {
            for width in [0, 1, 31, 32, 33, 200, 501] {
                let mut to = vec![0xeeu8; 4096];
                let at = to.as_mut_ptr() as u64 + 64 + u64::from(element);
                let fill = Fill { dst: at, pitch: 0, value: 0x0403_0201, element, width, height: 1 };
                // SAFETY: the line lies inside the vector.
                unsafe { stream::fill(&fill) };
                let first = 64 + usize::from(element);
                let end = first + fill.bytes() as usize;
                let wanted = |n: usize| 1 + ((n - first) % usize::from(element)) as u8;
                assert!((first..end).all(|n| to[n] == wanted(n)));
                assert!(to[..first].iter().chain(&to[end..]).all(|&byte| byte == 0xee));
            }
        }
    }
}
