//! Images: what `cuModuleLoadData` is given, and the PTX in it.
//!
//! Invariant: a pointer without a size is read only as far as its own header says or to its NUL; sized input is never
//! read beyond its end.

use crate::Result;
use crate::jit::Options;
use abi::*;
use fatbin::Kind;
use std::ffi::CStr;
use std::sync::Arc;

/// PTX text with a name for messages.
#[derive(Clone, Debug)]
pub struct Text {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A program made of an image.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub program: Arc<lower::Program>,
    /// `.target`: 80 for sm_80.
    pub target: u32,
}

/// What an image turned out to be.
enum Recognised<'a> {
    Ptx(&'a [u8]),
    Fat(&'a [u8]),
    Elf,
}

/// Finds the PTX texts of an image without a size.
///
/// # Safety
/// `image` points to a fat binary, a wrapper of one, an ELF image, or NUL-terminated text.
pub unsafe fn texts_unsized(image: *const u8, cc: u32, options: &Options) -> Result<Vec<Text>> {
    if image.is_null() {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    // SAFETY: bytes are read in order until one differs, so never beyond a NUL of shorter text.
    let starts_with = |magic: [u8; 4]| (0..4).all(|i| unsafe { *image.add(i) } == magic[i]);
    if starts_with(fatbin::WRAPPER_MAGIC.to_le_bytes()) {
        // SAFETY: the wrapper is magic, version, data pointer, unused pointer.
        let data = unsafe { image.add(8).cast::<*const u8>().read_unaligned() };
        if data.is_null() {
            return Err(CUDA_ERROR_INVALID_IMAGE);
        }
        // SAFETY: the wrapper's pointer leads to a fat binary.
        return unsafe { texts_unsized(data, cc, options) };
    }
    if starts_with(fatbin::MAGIC.to_le_bytes()) {
        // SAFETY: the header is there, as the magic number says; it gives the extent.
        let header = unsafe { std::slice::from_raw_parts(image, fatbin::HEADER_LEN) };
        let len = fatbin::total_len(header).map_err(|error| bad_image(&error.to_string(), options))?;
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(image, len) };
        return texts(bytes, cc, options);
    }
    if starts_with(*b"\x7fELF") {
        // SAFETY: an ELF header is longer than this.
        return Err(elf(unsafe { std::slice::from_raw_parts(image, ELF_MACHINE.end) }, options));
    }
    // SAFETY: what is nothing else is text with a NUL at its end.
    let text = unsafe { CStr::from_ptr(image.cast()) };
    texts(text.to_bytes(), cc, options)
}

/// Finds the PTX texts of an image: of a fat binary the best for compute capability `cc`.
pub fn texts(image: &[u8], cc: u32, options: &Options) -> Result<Vec<Text>> {
    match recognise(image) {
        Recognised::Elf => Err(elf(image, options)),
        Recognised::Ptx(text) => Ok(vec![Text { name: "module.ptx".into(), bytes: text.to_vec() }]),
        Recognised::Fat(bytes) => {
            let fat = fatbin::parse(bytes).map_err(|error| bad_image(&error.to_string(), options))?;
            let mut chosen = fatbin::select_ptx(&fat, cc);
            if chosen.is_empty() {
                // PTX for later devices only: it may use nothing that is missing here, so it is tried.
                let lowest = fat.entries.iter().filter(|e| e.kind == Kind::Ptx).map(|e| e.arch).min();
                chosen =
                    fat.entries.iter().filter(|e| e.kind == Kind::Ptx && Some(e.arch) == lowest).collect();
            }
            if chosen.is_empty() {
                return Err(no_binary(options));
            }
            let text = |(index, entry): (usize, &&fatbin::Entry<'_>)| {
                let payload = entry.payload().map_err(|error| bad_image(&error.to_string(), options))?;
                let name = entry.name.clone().filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| {
                    if index == 0 { "module.ptx".into() } else { format!("module{index}.ptx") }
                });
                Ok(Text { name, bytes: payload.into_owned() })
            };
            chosen.iter().enumerate().map(text).collect()
        }
    }
}

fn recognise(image: &[u8]) -> Recognised<'_> {
    if image.starts_with(&fatbin::MAGIC.to_le_bytes()) {
        Recognised::Fat(image)
    } else if image.starts_with(b"\x7fELF") {
        Recognised::Elf
    } else {
        let end = image.iter().position(|&byte| byte == 0).unwrap_or(image.len());
        Recognised::Ptx(&image[..end])
    }
}

/// The field of an ELF header that says for which processor its code is, and the number of NVIDIA's GPUs there.
const ELF_MACHINE: std::ops::Range<usize> = 18..20;
const EM_CUDA: u16 = 190;

/// The error for an ELF image: machine code of a GPU, or none of it.
fn elf(header: &[u8], options: &Options) -> CUresult {
    let machine = header.get(ELF_MACHINE).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
    match machine {
        Some(EM_CUDA) => no_binary(options),
        other => bad_image(&format!("the image is an ELF file for no GPU (machine {other:?})"), options),
    }
}

fn bad_image(message: &str, options: &Options) -> CUresult {
    tracing::error!("{message}");
    options.report_error(&format!("{message}\n"));
    CUDA_ERROR_INVALID_IMAGE
}

fn no_binary(options: &Options) -> CUresult {
    let message = "the image holds machine code of NVIDIA GPUs but no PTX; build it with PTX (nvcc: -gencode \
                   arch=compute_80,code=compute_80) to run it here";
    tracing::error!("{message}");
    options.report_error(&format!("{message}\n"));
    CUDA_ERROR_NO_BINARY_FOR_GPU
}

/// Parses, checks and links PTX texts. The error log gets every finding, the result code that of the first.
pub fn program(texts: &[Text], options: &Options) -> Result<Loaded> {
    let mut modules = Vec::new();
    let mut target = 0;
    let mut log = String::new();
    let mut code = None;
    for text in texts {
        if let Some(result) = obviously_wrong(&text.bytes) {
            log +=
                &format!("{}:1:1: error E0111: this is not PTX: it has no .version directive\n", text.name);
            code.get_or_insert(result);
            continue;
        }
        let (module, diagnostics) = ptx::parse(&text.bytes, &text.name);
        log += &ptx::log_lines(&diagnostics, &module.source);
        if diagnostics.iter().any(ptx::Diagnostic::is_error) {
            code.get_or_insert(CUDA_ERROR_INVALID_PTX);
        }
        if is_future(&text.bytes) {
            log += &format!(
                "{}:1:1: error E0112: .version is later than {}.{}, the newest PTX that is read here\n",
                text.name, NEWEST.0, NEWEST.1
            );
            code = Some(CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
        }
        target = target.max(module.sm);
        modules.push(module);
    }
    let result = match code {
        Some(code) => Err(code),
        None => lower::Program::new(modules).map_err(|errors| {
            for error in &errors {
                log += &format!("{error}\n");
            }
            // Valid PTX that is not supported is CUDA_ERROR_INVALID_PTX too: the log tells them apart.
            CUDA_ERROR_INVALID_PTX
        }),
    };
    if result.is_err() {
        tracing::error!("module load failed:\n{}", log.trim_end());
        options.report_error(&log);
    } else {
        options.report_error("");
        options.report_info(&log);
    }
    result.map(|program| Loaded { program: Arc::new(program), target })
}

/// Newest PTX version that is read: that of CUDA 12.9, and what LLVM 19 emits.
const NEWEST: (u32, u32) = (8, 8);

/// Whether the text's `.version` is of a later PTX than any this library reads.
fn is_future(text: &[u8]) -> bool {
    let at = text.windows(9).position(|window| window == b".version ");
    let rest = at.map_or(&[][..], |at| &text[at + 9..]);
    let line = String::from_utf8_lossy(&rest[..rest.len().min(32)]).into_owned();
    let number = line.split_whitespace().next().unwrap_or_default();
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    match (major.parse::<u32>(), minor.parse::<u32>()) {
        (Ok(major), Ok(minor)) => (major, minor) > NEWEST,
        _ => false,
    }
}

/// Input that cannot be meant as PTX at all: PTX begins with `.version`, behind blanks and comments.
fn obviously_wrong(text: &[u8]) -> Option<CUresult> {
    // CUDA answers CUDA_ERROR_INVALID_IMAGE for what is no known kind of image, CUDA_ERROR_INVALID_PTX for bad PTX.
    let mut rest = text.trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'/', b'/', ..] => b"\n",
            [b'/', b'*', ..] => b"*/",
            _ => break,
        };
        let found = rest.windows(end.len()).position(|window| window == end);
        rest = found.map_or(&[][..], |at| &rest[at + end.len()..]).trim_ascii_start();
    }
    (!rest.starts_with(b".version")).then_some(CUDA_ERROR_INVALID_IMAGE)
}
