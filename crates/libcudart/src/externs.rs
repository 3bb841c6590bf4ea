//! Whether an image refers to device functions or variables of other images, and how long it is.
//!
//! Invariant: reads only as far as the image's own header or terminating NUL says.

use abi::*;
use core::ffi::CStr;

/// The first word of a fat binary container, whose header is magic, version, header size, payload size.
const CONTAINER: u32 = 0xba55_ed50;
const ELF: u32 = u32::from_le_bytes(*b"\x7fELF");

/// Names that the driver itself supplies: no other image has to.
const SUPPLIED: &[&[u8]] = &[b"vprintf", b"malloc", b"free", b"__assertfail"];
const SUPPLIED_PREFIXES: &[&[u8]] = &[b"__nv_", b"__cuda", b"cuda", b"__internal_"];

/// What an image is and its bytes, for the linker.
///
/// # Safety
/// `image` points to a fat binary container, an ELF file or NUL-terminated PTX text.
pub unsafe fn measure(image: *const u8) -> (CUjitInputType, usize) {
    // SAFETY: each form's own length is read as its format lays it out.
    unsafe {
        match image.cast::<u32>().read_unaligned() {
            CONTAINER => {
                let header = image.add(6).cast::<u16>().read_unaligned();
                let payload = image.add(8).cast::<u64>().read_unaligned();
                (CU_JIT_INPUT_FATBINARY, usize::from(header) + payload as usize)
            }
            ELF => (CU_JIT_INPUT_CUBIN, elf_length(image)),
            _ => (CU_JIT_INPUT_PTX, CStr::from_ptr(image.cast()).to_bytes_with_nul().len()),
        }
    }
}

/// The end of an ELF file's section header table, which linkers place last.
unsafe fn elf_length(image: *const u8) -> usize {
    // SAFETY: an ELF64 header has 64 bytes: e_shoff at 40, e_shentsize at 58, e_shnum at 60.
    unsafe {
        let offset = image.add(40).cast::<u64>().read_unaligned() as usize;
        let size = usize::from(image.add(58).cast::<u16>().read_unaligned());
        let count = usize::from(image.add(60).cast::<u16>().read_unaligned());
        offset + size * count
    }
}

/// Whether the image's PTX declares functions or variables that another image must define.
///
/// # Safety
/// As for `measure`. Null is an image without content.
pub unsafe fn refers_to_others(image: *const u8) -> bool {
    if image.is_null() {
        return false;
    }
    // SAFETY: the image is as long as it says. A text shorter than a word is its own terminator.
    let bytes = unsafe {
        if *image == 0 {
            return false;
        }
        let (_, length) = measure(image);
        core::slice::from_raw_parts(image, length)
    };
    declares_extern(bytes)
}

fn declares_extern(text: &[u8]) -> bool {
    const WORD: &[u8] = b".extern";
    let mut at = 0;
    while let Some(found) = text[at..].windows(WORD.len()).position(|window| window == WORD) {
        at += found + WORD.len();
        let rest = &text[at..];
        let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
        if needs_definition(rest[..end].trim_ascii_start()) {
            return true;
        }
    }
    false
}

/// Whether the declaration after `.extern` names something that another image has to define.
fn needs_definition(declaration: &[u8]) -> bool {
    if let Some(function) = declaration.strip_prefix(b".func") {
        let name = function_name(function);
        return !SUPPLIED.contains(&name) && !SUPPLIED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    }
    // `.extern .shared` is dynamic shared memory; global and constant variables live in another image.
    declaration.starts_with(b".global") || declaration.starts_with(b".const")
}

/// The name in ` (.param .b32 result) name (…` or ` name (…`.
fn function_name(function: &[u8]) -> &[u8] {
    let mut rest = function.trim_ascii_start();
    if rest.first() == Some(&b'(') {
        let end = rest.iter().position(|byte| *byte == b')').map_or(rest.len(), |end| end + 1);
        rest = rest[end..].trim_ascii_start();
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'%');
    let end = rest.iter().position(|byte| !is_name(byte)).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extern_declarations() {
        let check =
            |text: &str, expected: bool| assert_eq!(declares_extern(text.as_bytes()), expected, "{text}");
        check(".visible .entry k() { ret; }", false);
        check(".extern .func (.param .b32 func_retval0) vprintf\n(\n.param .b64 a\n)\n;", false);
        check(".extern .func (.param .b32 r) __nv_sinf (.param .b32 a);", false);
        check(".extern .shared .align 4 .b8 tile[];", false);
        check(".extern .func (.param .b32 r) _Z6squaref\n(.param .b32 a);", true);
        check(".extern .func helper();", true);
        check(".extern .global .align 4 .u32 counter;", true);
        check(".extern .const .align 4 .f32 table[4];", true);
        check(".extern", false);
    }

    #[test]
    fn containers_and_text_are_measured() {
        let mut container = Vec::new();
        container.extend(CONTAINER.to_le_bytes());
        container.extend([1, 0, 16, 0]);
        container.extend(8u64.to_le_bytes());
        container.extend([0; 8]);
        // SAFETY: the container holds what its header says; the text is NUL-terminated.
        unsafe {
            assert_eq!(measure(container.as_ptr()), (CU_JIT_INPUT_FATBINARY, 24));
            assert_eq!(measure(c".version".as_ptr().cast()), (CU_JIT_INPUT_PTX, 9));
            assert!(!refers_to_others(container.as_ptr()));
            assert!(!refers_to_others(core::ptr::null()));
        }
    }
}
