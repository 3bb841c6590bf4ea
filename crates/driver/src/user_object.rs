//! User objects: things of the program that a graph keeps alive.
//!
//! Invariant: the destructor runs once, when the last reference is released.

use crate::handle::Table;
use crate::task::HostCall;
use crate::{Result, device, graph, require};
use abi::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

struct Object {
    destroy: HostCall,
    references: AtomicU32,
}

static OBJECTS: Table<Object> = Table::new(0x52);

fn get(handle: CUuserObject) -> Result<Arc<Object>> {
    device::devices()?;
    OBJECTS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuUserObjectCreate`
pub fn create(destroy: HostCall, references: u32) -> Result<CUuserObject> {
    device::devices()?;
    let (handle, _) =
        OBJECTS.insert(|_| Arc::new(Object { destroy, references: AtomicU32::new(references) }));
    Ok(CUuserObject::from_addr(handle))
}

/// `cuUserObjectRetain`
pub fn retain(handle: CUuserObject, count: u32) -> Result<()> {
    require(count > 0)?;
    get(handle)?.references.fetch_add(count, Ordering::AcqRel);
    Ok(())
}

/// `cuUserObjectRelease`
pub fn release(handle: CUuserObject, count: u32) -> Result<()> {
    let object = get(handle)?;
    let held = object.references.load(Ordering::Acquire);
    require(count > 0 && count <= held)?;
    if object.references.fetch_sub(count, Ordering::AcqRel) == count {
        OBJECTS.remove(handle.addr());
        object.destroy.call();
    }
    Ok(())
}

/// `cuGraphRetainUserObject`: the graph holds references until it is destroyed; `moved` ones are the caller's.
pub fn give_to_graph(graph: CUgraph, handle: CUuserObject, count: u32, moved: bool) -> Result<()> {
    let graph = graph::get(graph)?;
    require(count > 0)?;
    if moved {
        get(handle)?;
    } else {
        retain(handle, count)?;
    }
    graph.hold(handle, count);
    Ok(())
}
