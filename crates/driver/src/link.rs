//! The linker: `cuLinkCreate` to `cuLinkComplete`.
//!
//! Invariant: the finished image is a fat binary of the PTX inputs, checked to link, so that it can be loaded, kept or
//! written to a file; it lives as long as the link state.

use crate::handle::Table;
use crate::image::{self, Text};
use crate::jit::Options;
use crate::{Result, context, module};
use abi::*;
use fatbin::{Compression, Image, Kind};
use parking_lot::Mutex;
use std::sync::Arc;

struct State {
    options: Options,
    cc: u32,
    inputs: Mutex<Inputs>,
}

#[derive(Default)]
struct Inputs {
    texts: Vec<Text>,
    image: Option<Vec<u8>>,
}

// SAFETY: the log buffers in the options belong to the program, which promises that they outlive the state.
unsafe impl Send for State {}
// SAFETY: as above.
unsafe impl Sync for State {}

static STATES: Table<State> = Table::new(0x4e);

fn get(handle: CUlinkState) -> Result<Arc<State>> {
    STATES.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

/// `cuLinkCreate`
pub fn create(options: Options) -> Result<CUlinkState> {
    let context = context::usable()?;
    let cc = context.device.compute_capability();
    let (handle, _) =
        STATES.insert(|_| Arc::new(State { options, cc, inputs: Mutex::new(Inputs::default()) }));
    Ok(CUlinkState::from_addr(handle))
}

/// `cuLinkAddData`
pub fn add_data(handle: CUlinkState, kind: CUjitInputType, data: &[u8], name: &str) -> Result<()> {
    let state = get(handle)?;
    let mut texts = match kind {
        CU_JIT_INPUT_PTX
        | CU_JIT_INPUT_FATBINARY
        | CU_JIT_INPUT_CUBIN
        | CU_JIT_INPUT_OBJECT
        | CU_JIT_INPUT_LIBRARY => image::texts(data, state.cc, &state.options)?,
        CU_JIT_INPUT_NVVM => return Err(CUDA_ERROR_NOT_SUPPORTED),
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    };
    if let ([text], false) = (texts.as_mut_slice(), name.is_empty()) {
        text.name = name.to_owned();
    }
    // Bad input is reported where it is added, as CUDA does.
    for text in &texts {
        let (module, diagnostics) = ptx::parse(&text.bytes, &text.name);
        if diagnostics.iter().any(ptx::Diagnostic::is_error) {
            let log = ptx::log_lines(&diagnostics, &module.source);
            tracing::error!("link input {} is wrong:\n{}", text.name, log.trim_end());
            state.options.report_error(&log);
            return Err(CUDA_ERROR_INVALID_PTX);
        }
    }
    state.inputs.lock().texts.extend(texts);
    Ok(())
}

/// `cuLinkAddFile`
pub fn add_file(handle: CUlinkState, kind: CUjitInputType, path: &std::path::Path) -> Result<()> {
    let bytes = module::read_file(path)?;
    add_data(handle, kind, &bytes, &path.to_string_lossy())
}

/// `cuLinkComplete`: address and size of the image.
pub fn complete(handle: CUlinkState) -> Result<(u64, usize)> {
    let state = get(handle)?;
    let mut inputs = state.inputs.lock();
    if inputs.texts.is_empty() {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    image::program(&inputs.texts, &state.options)?;
    let images: Vec<Image<'_>> = inputs
        .texts
        .iter()
        .map(|text| Image {
            kind: Kind::Ptx,
            arch: state.cc,
            version: (8, 5),
            name: &text.name,
            payload: &text.bytes,
        })
        .collect();
    let image = fatbin::write(&images, Compression::None);
    let place = inputs.image.insert(image);
    Ok((place.as_ptr() as u64, place.len()))
}

/// `cuLinkDestroy`
pub fn destroy(handle: CUlinkState) -> Result<()> {
    STATES.remove(handle.addr()).map(|_| ()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}
