//! Access of one device to another's memory.

use crate::api::{known, require};
use crate::context;
use crate::driver as cu;
use abi::*;
use core::ffi::{c_int, c_uint};

api! {
    fn cudaDeviceCanAccessPeer(answer: *mut c_int, device: c_int, peer: c_int) {
        require(answer)?;
        context::check_device(device)?;
        context::check_device(peer)?;
        cu::cuDeviceCanAccessPeer(answer, device, peer)
    }

    fn cudaDeviceEnablePeerAccess(peer: c_int, flags: c_uint) {
        context::check_device(peer)?;
        if flags != 0 {
            return Err(cudaErrorInvalidValue);
        }
        context::ensure()?;
        if peer == context::current_device()? {
            return Err(cudaErrorPeerAccessUnsupported);
        }
        cu::cuCtxEnablePeerAccess(context::primary(peer)?, flags)
    }

    fn cudaDeviceDisablePeerAccess(peer: c_int) {
        context::check_device(peer)?;
        context::ensure()?;
        if !context::is_started(peer)? {
            return Err(cudaErrorPeerAccessNotEnabled);
        }
        cu::cuCtxDisablePeerAccess(context::primary(peer)?)
    }

    fn cudaDeviceGetP2PAttribute(value: *mut c_int, attribute: cudaDeviceP2PAttr, from: c_int, to: c_int) {
        require(value)?;
        known(attribute.is_known())?;
        context::check_device(from)?;
        context::check_device(to)?;
        if from == to {
            return Err(cudaErrorInvalidDevice);
        }
        cu::cuDeviceGetP2PAttribute(value, attribute, from, to)
    }
}
