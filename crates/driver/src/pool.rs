//! The stream-ordered allocator and its pools.
//!
//! Invariant: memory is given when it is asked for and taken back when its stream gets there; a pool counts, for those
//! who ask, but keeps no memory of its own: freed chunks go back to the host or to the next allocation.

use crate::handle::Table;
use crate::stream::{self, Stream};
use crate::task::{AllocParams, Task};
use crate::{Result, context, device, memory, require};
use ::device::{MemoryKind, Op};
use abi::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A memory pool.
pub struct Pool {
    pub handle: CUmemoryPool,
    pub device: CUdevice,
    used: AtomicU64,
    high: AtomicU64,
    threshold: AtomicU64,
    /// The three reuse switches, as bits by their attribute number.
    switches: AtomicU64,
    default: bool,
}

static POOLS: Table<Pool> = Table::new(0x46);

/// The pool of a handle.
pub fn get(handle: CUmemoryPool) -> Result<Arc<Pool>> {
    device::devices()?;
    require(!handle.is_null())?;
    POOLS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_HANDLE)
}

fn make(device: CUdevice, default: bool) -> Arc<Pool> {
    let (_, pool) = POOLS.insert(|handle| {
        Arc::new(Pool {
            handle: CUmemoryPool::from_addr(handle),
            device,
            used: AtomicU64::new(0),
            high: AtomicU64::new(0),
            threshold: AtomicU64::new(0),
            switches: AtomicU64::new(0b1110),
            default,
        })
    });
    pool
}

/// `cuDeviceGetDefaultMemPool`
pub fn default_of(device: CUdevice) -> Result<CUmemoryPool> {
    let state = device::get(device)?;
    Ok(state.default_pool.get_or_init(|| make(device, true)).handle)
}

/// `cuDeviceGetMemPool`
pub fn current_of(device: CUdevice) -> Result<CUmemoryPool> {
    let state = device::get(device)?;
    let current = state.current_pool.lock().as_ref().map(|pool| pool.handle);
    current.map_or_else(|| default_of(device), Ok)
}

/// `cuDeviceSetMemPool`
pub fn set_current(device: CUdevice, pool: CUmemoryPool) -> Result<()> {
    let state = device::get(device)?;
    let pool = get(pool)?;
    require(pool.device == device)?;
    *state.current_pool.lock() = Some(pool);
    Ok(())
}

/// `cuMemPoolCreate`
pub fn create(props: &CUmemPoolProps) -> Result<CUmemoryPool> {
    device::devices()?;
    require(props.allocType == CU_MEM_ALLOCATION_TYPE_PINNED)?;
    require(props.location.r#type == CU_MEM_LOCATION_TYPE_DEVICE)?;
    if props.handleTypes != CU_MEM_HANDLE_TYPE_NONE {
        return Err(CUDA_ERROR_NOT_SUPPORTED);
    }
    device::get(props.location.id).map_err(|_| CUDA_ERROR_INVALID_VALUE)?;
    Ok(make(props.location.id, false).handle)
}

/// `cuMemPoolDestroy`
pub fn destroy(handle: CUmemoryPool) -> Result<()> {
    let pool = get(handle)?;
    if pool.default {
        return Err(CUDA_ERROR_INVALID_VALUE);
    }
    POOLS.remove(handle.addr());
    let mut current = device::get(pool.device)?.current_pool.lock();
    current.take_if(|current| Arc::ptr_eq(current, &pool));
    Ok(())
}

/// `cuMemPoolTrimTo`: nothing is kept.
pub fn trim(handle: CUmemoryPool) -> Result<()> {
    get(handle).map(|_| ())
}

/// `cuMemPoolGetAttribute`; the first three are C ints.
pub fn attribute(handle: CUmemoryPool, attribute: CUmemPool_attribute) -> Result<u64> {
    let pool = get(handle)?;
    Ok(match attribute {
        CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES
        | CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC
        | CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES => {
            pool.switches.load(Ordering::Relaxed) >> attribute.0 & 1
        }
        CU_MEMPOOL_ATTR_RELEASE_THRESHOLD => pool.threshold.load(Ordering::Relaxed),
        CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT | CU_MEMPOOL_ATTR_USED_MEM_CURRENT => {
            pool.used.load(Ordering::Relaxed)
        }
        CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH | CU_MEMPOOL_ATTR_USED_MEM_HIGH => {
            pool.high.load(Ordering::Relaxed)
        }
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    })
}

/// Whether an attribute is a C int; others are 64 bits wide.
pub fn is_int(attribute: CUmemPool_attribute) -> bool {
    attribute.0 <= CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES.0
}

/// `cuMemPoolSetAttribute`
pub fn set_attribute(handle: CUmemoryPool, attribute: CUmemPool_attribute, value: u64) -> Result<()> {
    let pool = get(handle)?;
    match attribute {
        CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES
        | CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC
        | CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES => {
            let bit = 1 << attribute.0;
            if value == 0 {
                pool.switches.fetch_and(!bit, Ordering::Relaxed);
            } else {
                pool.switches.fetch_or(bit, Ordering::Relaxed);
            }
        }
        CU_MEMPOOL_ATTR_RELEASE_THRESHOLD => pool.threshold.store(value, Ordering::Relaxed),
        CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH | CU_MEMPOOL_ATTR_USED_MEM_HIGH => {
            // Only resetting is allowed.
            require(value == 0)?;
            pool.high.store(pool.used.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    }
    Ok(())
}

/// `cuMemAllocAsync` and `cuMemAllocFromPoolAsync` (`pool` null: the device's current one).
pub fn alloc(size: usize, pool: CUmemoryPool, stream: CUstream) -> Result<CUdeviceptr> {
    let stream = stream::of_current(stream)?;
    require(size > 0)?;
    if !stream.is_capturing() {
        crate::capture::check_call()?;
    }
    let pool = if pool.is_null() { current_of(stream.context.device.ordinal)? } else { pool };
    let pool = get(pool)?;
    let kind = MemoryKind::Pool(pool.handle.addr() as u64);
    let at = match memory::allocate_in(&stream.context, size, kind) {
        // Frees that are queued may make room.
        Err(CUDA_ERROR_OUT_OF_MEMORY) => {
            stream.context.core.synchronize();
            memory::allocate_in(&stream.context, size, kind)?
        }
        other => other?,
    };
    let used = pool.used.fetch_add(size as u64, Ordering::Relaxed) + size as u64;
    pool.high.fetch_max(used, Ordering::Relaxed);
    if stream.is_capturing() {
        let props = CUmemPoolProps { allocType: CU_MEM_ALLOCATION_TYPE_PINNED, ..CUmemPoolProps::zeroed() };
        stream.enqueue(Task::Alloc(Box::new(AllocParams { props, size, at })))?;
    }
    Ok(at)
}

/// `cuMemFreeAsync`
pub fn free(at: CUdeviceptr, stream: CUstream) -> Result<()> {
    let stream = stream::of_current(stream)?;
    if at == 0 {
        return Ok(());
    }
    let block =
        ::device::memory::find(at).filter(|block| block.base == at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    match block.tag.kind {
        MemoryKind::Pool(pool) => free_in(&stream, at, pool, block.size),
        // Memory of cuMemAlloc may be freed in stream order too.
        MemoryKind::Device | MemoryKind::Managed => stream.enqueue(Task::Free(at)),
        _ => Err(CUDA_ERROR_INVALID_VALUE),
    }
}

fn free_in(stream: &Arc<Stream>, at: u64, pool: u64, size: u64) -> Result<()> {
    if stream.is_capturing() {
        return stream.enqueue(Task::Free(at));
    }
    // A second free in the queue must fail: the block stops being the pool's now.
    ::device::memory::set_kind(at, MemoryKind::Internal);
    note_free(pool, size);
    if stream.core.is_clear() {
        ::device::memory::free(at);
    } else {
        stream.core.submit(Op::Internal(Box::new(move || {
            ::device::memory::free(at);
        })));
    }
    Ok(())
}

/// Counts memory out of its pool.
pub(crate) fn note_free(pool: u64, size: u64) {
    if let Some(pool) = POOLS.get(pool as usize) {
        pool.used.fetch_sub(size, Ordering::Relaxed);
    }
}

/// `cuMemPoolGetAccess`: every device reaches all memory.
pub fn access(handle: CUmemoryPool, location: &CUmemLocation) -> Result<CUmemAccess_flags> {
    get(handle)?;
    require(location.r#type == CU_MEM_LOCATION_TYPE_DEVICE)?;
    device::get(location.id)?;
    Ok(CU_MEM_ACCESS_FLAGS_PROT_READWRITE)
}

/// `cuMemPoolSetAccess`
pub fn set_access(handle: CUmemoryPool, list: &[CUmemAccessDesc]) -> Result<()> {
    let pool = get(handle)?;
    for desc in list {
        require(desc.location.r#type == CU_MEM_LOCATION_TYPE_DEVICE && desc.flags.is_known())?;
        device::get(desc.location.id)?;
        // CUDA Driver API: access of the pool's own device cannot be taken away.
        require(desc.location.id != pool.device || desc.flags == CU_MEM_ACCESS_FLAGS_PROT_READWRITE)?;
    }
    Ok(())
}

/// Memory of graphs is not cached, so all four attributes of `cuDeviceGetGraphMemAttribute` are zero.
pub fn graph_attribute(device: CUdevice, attribute: CUgraphMem_attribute) -> Result<u64> {
    device::get(device)?;
    require(attribute.is_known())?;
    context::current().map(|_| 0).or(Ok(0))
}
