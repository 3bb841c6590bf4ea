//! Copies and fills: of lines, and of boxes with pitches.
//!
//! Invariant: whoever submits one has checked that both sides are mapped; nothing here validates addresses.

/// A box of memory: `at` is its first byte, lines are `pitch` bytes apart, slices `slice` bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Boxed {
    pub at: u64,
    pub pitch: u64,
    pub slice: u64,
}

/// A copy of `depth` slices of `height` lines of `width` bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BoxCopy {
    pub dst: Boxed,
    pub src: Boxed,
    pub width: u64,
    pub height: u64,
    pub depth: u64,
}

/// A fill with a 1-, 2- or 4-byte element; `width` counts elements, `pitch` bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fill {
    pub dst: u64,
    pub pitch: u64,
    pub value: u32,
    pub element: u8,
    pub width: u64,
    pub height: u64,
}

impl BoxCopy {
    /// A copy of one line.
    pub fn line(dst: u64, src: u64, len: u64) -> BoxCopy {
        let side = |at| Boxed { at, pitch: len, slice: len };
        BoxCopy { dst: side(dst), src: side(src), width: len, height: 1, depth: 1 }
    }

    /// Bytes moved, one direction.
    pub fn bytes(&self) -> u64 {
        self.width * self.height * self.depth
    }

    /// Whether both sides lie in one piece.
    pub fn is_dense(&self) -> bool {
        let dense =
            |b: &Boxed| b.pitch == self.width && (self.depth == 1 || b.slice == self.width * self.height);
        dense(&self.dst) && dense(&self.src)
    }

    /// Runs the copy on the calling thread.
    ///
    /// # Safety
    /// Both boxes are mapped, the source readable and the destination writable.
    pub unsafe fn run(&self) {
        if self.is_dense() {
            // SAFETY: the caller's promise; overlapping copies are allowed by `copy`.
            unsafe { copy(self.dst.at, self.src.at, self.bytes()) };
            return;
        }
        for z in 0..self.depth {
            for y in 0..self.height {
                let dst = self.dst.at + z * self.dst.slice + y * self.dst.pitch;
                let src = self.src.at + z * self.src.slice + y * self.src.pitch;
                // SAFETY: as above, a line of the boxes.
                unsafe { copy(dst, src, self.width) };
            }
        }
    }
}

/// # Safety
/// `src` is readable and `dst` writable for `len` bytes.
unsafe fn copy(dst: u64, src: u64, len: u64) {
    // SAFETY: the caller's promise.
    unsafe { std::ptr::copy(src as *const u8, dst as *mut u8, len as usize) };
}

impl Fill {
    /// Bytes written.
    pub fn bytes(&self) -> u64 {
        self.width * u64::from(self.element) * self.height
    }

    /// Runs the fill on the calling thread.
    ///
    /// # Safety
    /// All lines are mapped and writable, and aligned to the element.
    pub unsafe fn run(&self) {
        for y in 0..self.height {
            let at = self.dst + y * self.pitch;
            let count = self.width as usize;
            // SAFETY: the caller's promise.
            unsafe {
                match self.element {
                    1 => std::ptr::write_bytes(at as *mut u8, self.value as u8, count),
                    2 => std::slice::from_raw_parts_mut(at as *mut u16, count).fill(self.value as u16),
                    _ => std::slice::from_raw_parts_mut(at as *mut u32, count).fill(self.value),
                }
            }
        }
    }
}
