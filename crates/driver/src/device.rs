//! Initialisation and devices.
//!
//! Invariant: devices are made once, by the first `cuInit`; a child of `fork` gets `CUDA_ERROR_NOT_INITIALIZED`, as on
//! CUDA, because the parent's threads are not there.

use crate::context::Primary;
use crate::pool::Pool;
use crate::{Result, require};
use abi::*;
use device_core::profile;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use ::device as device_core;

/// A device of the driver.
pub struct DeviceState {
    pub ordinal: CUdevice,
    pub core: Arc<device_core::Device>,
    attributes: [i32; CU_DEVICE_ATTRIBUTE_MAX as usize],
    pub(crate) primary: Mutex<Primary>,
    pub(crate) default_pool: OnceLock<Arc<Pool>>,
    pub(crate) current_pool: Mutex<Option<Arc<Pool>>>,
}

static DEVICES: OnceLock<Result<Vec<DeviceState>>> = OnceLock::new();
static STATE: AtomicU8 = AtomicU8::new(0);

const READY: u8 = 1;
const FORKED: u8 = 2;

/// `cuInit`
pub fn init(flags: u32) -> Result<()> {
    require(flags == 0)?;
    match STATE.load(Ordering::Acquire) {
        READY => return Ok(()),
        FORKED => return Err(CUDA_ERROR_NOT_INITIALIZED),
        _ => {}
    }
    DEVICES.get_or_init(make_devices).as_ref().map_err(|error| *error)?;
    // SAFETY: the handler only stores to an atomic, which is async-signal-safe.
    unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
    STATE.store(READY, Ordering::Release);
    Ok(())
}

extern "C" fn after_fork() {
    STATE.store(FORKED, Ordering::Release);
}

fn make_devices() -> Result<Vec<DeviceState>> {
    let profiles = profile::from_environment().map_err(|error| {
        tracing::error!("{error}");
        CUDA_ERROR_NO_DEVICE
    })?;
    if profiles.is_empty() {
        return Err(CUDA_ERROR_NO_DEVICE);
    }
    (0..).zip(profiles).map(|(ordinal, profile)| make_device(ordinal, profile)).collect()
}

fn make_device(ordinal: u32, profile: device_core::Profile) -> Result<DeviceState> {
    let mut attributes = [0; CU_DEVICE_ATTRIBUTE_MAX as usize];
    for (name, value) in &profile.attributes {
        let full = format!("CU_DEVICE_ATTRIBUTE_{}", name.to_uppercase());
        let Some((attribute, _)) = CUdevice_attribute::ALL.iter().find(|(_, known)| *known == full) else {
            tracing::error!("device profile of {}: unknown attribute {name}", profile.name);
            return Err(CUDA_ERROR_NO_DEVICE);
        };
        attributes[attribute.0 as usize] = i32::try_from(*value).unwrap_or(i32::MAX);
    }
    let core = device_core::Device::new(ordinal, profile).map_err(|_| CUDA_ERROR_OUT_OF_MEMORY)?;
    Ok(DeviceState {
        ordinal: ordinal as CUdevice,
        core: Arc::new(core),
        attributes,
        primary: Mutex::new(Primary::default()),
        default_pool: OnceLock::new(),
        current_pool: Mutex::new(None),
    })
}

/// All devices. `CUDA_ERROR_NOT_INITIALIZED` before `cuInit`.
pub fn devices() -> Result<&'static [DeviceState]> {
    if STATE.load(Ordering::Acquire) != READY {
        return Err(CUDA_ERROR_NOT_INITIALIZED);
    }
    match DEVICES.get() {
        Some(Ok(devices)) => Ok(devices),
        _ => Err(CUDA_ERROR_NOT_INITIALIZED),
    }
}

/// A device by its ordinal.
pub fn get(device: CUdevice) -> Result<&'static DeviceState> {
    usize::try_from(device).ok().and_then(|n| devices().map(|list| list.get(n)).transpose()).unwrap_or_else(
        || {
            devices()?;
            Err(CUDA_ERROR_INVALID_DEVICE)
        },
    )
}

impl DeviceState {
    /// An attribute; 0 for those that no profile names.
    pub fn attribute(&self, attribute: CUdevice_attribute) -> i32 {
        self.attributes.get(attribute.0 as usize).copied().unwrap_or(0)
    }

    /// 80 for compute capability 8.0.
    pub fn compute_capability(&self) -> u32 {
        let major = self.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        (major * 10 + self.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)) as u32
    }
}

/// `cuDeviceGetAttribute`
pub fn attribute(attribute: CUdevice_attribute, device: CUdevice) -> Result<i32> {
    let device = get(device)?;
    require(attribute.0 > 0 && attribute.0 < CU_DEVICE_ATTRIBUTE_MAX)?;
    Ok(device.attribute(attribute))
}

/// `cuDeviceGetPCIBusId`: `0000:01:00.0`.
pub fn pci_bus_id(device: CUdevice) -> Result<String> {
    let device = get(device)?;
    let part = |attribute| device.attribute(attribute);
    Ok(format!(
        "{:04x}:{:02x}:{:02x}.0",
        part(CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID),
        part(CU_DEVICE_ATTRIBUTE_PCI_BUS_ID),
        part(CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID)
    ))
}

/// `cuDeviceGetByPCIBusId`: `domain:bus:device.function`, `domain:bus:device` or `bus:device.function`, in hex.
pub fn by_pci_bus_id(text: &str) -> Result<CUdevice> {
    let list = devices()?;
    let hex = |text: &str| u32::from_str_radix(text, 16).map_err(|_| CUDA_ERROR_INVALID_VALUE);
    let parts: Vec<&str> = text.split(':').collect();
    let (domain, bus, device) = match parts[..] {
        [domain, bus, device] => (hex(domain)?, hex(bus)?, device),
        [bus, device] => (0, hex(bus)?, device),
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    };
    let number = hex(device.split('.').next().unwrap_or_default())?;
    let found = list.iter().find(|state| {
        let part = |attribute| state.attribute(attribute) as u32;
        part(CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID) == domain
            && part(CU_DEVICE_ATTRIBUTE_PCI_BUS_ID) == bus
            && part(CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID) == number
    });
    found.map(|state| state.ordinal).ok_or(CUDA_ERROR_INVALID_DEVICE)
}

/// `cuDeviceGetProperties`
pub fn properties(device: CUdevice) -> Result<CUdevprop> {
    let device = get(device)?;
    let part = |attribute| device.attribute(attribute);
    Ok(CUdevprop {
        maxThreadsPerBlock: part(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
        maxThreadsDim: [
            part(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X),
            part(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y),
            part(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z),
        ],
        maxGridSize: [
            part(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X),
            part(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y),
            part(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z),
        ],
        sharedMemPerBlock: part(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
        totalConstantMemory: part(CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY),
        SIMDWidth: part(CU_DEVICE_ATTRIBUTE_WARP_SIZE),
        memPitch: part(CU_DEVICE_ATTRIBUTE_MAX_PITCH),
        regsPerBlock: part(CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK),
        clockRate: part(CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
        textureAlign: part(CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT),
    })
}

/// `cuDeviceCanAccessPeer`: all devices share one memory.
pub fn can_access_peer(device: CUdevice, peer: CUdevice) -> Result<bool> {
    get(device)?;
    get(peer)?;
    Ok(device != peer)
}

/// `cuDeviceGetP2PAttribute`
pub fn p2p_attribute(attribute: CUdevice_P2PAttribute, source: CUdevice, peer: CUdevice) -> Result<i32> {
    require(attribute.is_known())?;
    get(source)?;
    get(peer)?;
    if source == peer {
        return Err(CUDA_ERROR_INVALID_DEVICE);
    }
    Ok(i32::from(attribute != CU_DEVICE_P2P_ATTRIBUTE_PERFORMANCE_RANK))
}
