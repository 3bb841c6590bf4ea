//! Attributes of streams. The runtime's numbers and values are the driver's.

use crate::api::{known, require};
use crate::context;
use crate::driver as cu;
use abi::*;

stream_api! {
    fn cudaStreamGetAttribute, cudaStreamGetAttribute_ptsz(
        default; stream: cudaStream_t, attribute: cudaLaunchAttributeID, value: *mut cudaLaunchAttributeValue,
    ) {
        require(value)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuStreamGetAttribute(default.stream(stream), attribute, value)
    }

    fn cudaStreamSetAttribute, cudaStreamSetAttribute_ptsz(
        default; stream: cudaStream_t, attribute: cudaLaunchAttributeID, value: *const cudaLaunchAttributeValue,
    ) {
        require(value)?;
        known(attribute.is_known())?;
        context::ensure()?;
        cu::cuStreamSetAttribute(default.stream(stream), attribute, value)
    }

    fn cudaStreamCopyAttributes, cudaStreamCopyAttributes_ptsz(default; dst: cudaStream_t, src: cudaStream_t) {
        context::ensure()?;
        cu::cuStreamCopyAttributes(default.stream(dst), default.stream(src))
    }
}
