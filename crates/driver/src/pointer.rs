//! What is known about an address: `cuPointerGetAttribute`.
//!
//! Invariant: an address that no allocation holds is ordinary host memory and gets CUDA's documented defaults.

use crate::{Result, context, device, require, vmm};
use ::device::{Allocation, MemoryKind, memory};
use abi::*;

/// An attribute's value, by its C type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    Int(u32),
    Long(u64),
    /// Two 64-bit words with a 32-bit one: the P2P tokens.
    Tokens,
    Byte(bool),
}

/// `cuPointerGetAttribute`. `CUDA_ERROR_INVALID_VALUE` for memory that no context knows.
pub fn attribute(attribute: CUpointer_attribute, at: u64) -> Result<Value> {
    device::devices()?;
    require(attribute.is_known())?;
    let block = memory::find(at).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    value(attribute, at, Some(block))
}

/// `cuPointerGetAttributes`: unknown memory gets null and zero.
pub fn attributes(list: &[CUpointer_attribute], at: u64) -> Result<Vec<Value>> {
    device::devices()?;
    let block = memory::find(at);
    list.iter()
        .map(|&attribute| {
            require(attribute.is_known())?;
            match value(attribute, at, block) {
                // Device memory has no host pointer: an error when asked for alone, null in a list.
                Err(_) if attribute == CU_POINTER_ATTRIBUTE_HOST_POINTER => Ok(Value::Long(0)),
                other => other,
            }
        })
        .collect()
}

fn value(attribute: CUpointer_attribute, at: u64, block: Option<Allocation>) -> Result<Value> {
    let kind = block.map(|block| block.tag.kind);
    let is_host = block.is_some_and(|block| block.is_host());
    let managed = kind == Some(MemoryKind::Managed);
    Ok(match attribute {
        CU_POINTER_ATTRIBUTE_CONTEXT => {
            let owner = block.and_then(|block| context::by_id(block.tag.owner));
            // Pool and mapped memory belong to no context.
            let without = matches!(kind, Some(MemoryKind::Pool(_) | MemoryKind::Mapped));
            Value::Long(owner.filter(|_| !without).map_or(0, |owner| owner.handle.addr() as u64))
        }
        CU_POINTER_ATTRIBUTE_MEMORY_TYPE => Value::Int(match block {
            None => 0,
            Some(_) if is_host => CU_MEMORYTYPE_HOST.0,
            Some(_) => CU_MEMORYTYPE_DEVICE.0,
        }),
        CU_POINTER_ATTRIBUTE_DEVICE_POINTER => Value::Long(block.map_or(0, |_| at)),
        CU_POINTER_ATTRIBUTE_HOST_POINTER => {
            if block.is_some() && !is_host && !managed {
                return Err(CUDA_ERROR_INVALID_VALUE);
            }
            Value::Long(block.map_or(0, |_| at))
        }
        CU_POINTER_ATTRIBUTE_P2P_TOKENS => Value::Tokens,
        CU_POINTER_ATTRIBUTE_SYNC_MEMOPS | CU_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE => {
            Value::Byte(false)
        }
        CU_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE | CU_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE => {
            Value::Byte(false)
        }
        CU_POINTER_ATTRIBUTE_BUFFER_ID => Value::Long(block.map_or(0, |block| block.tag.id)),
        CU_POINTER_ATTRIBUTE_IS_MANAGED => Value::Byte(managed),
        // CU_DEVICE_INVALID for memory of no device.
        CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL => {
            Value::Int(block.map_or(CU_DEVICE_INVALID as u32, |block| block.device))
        }
        CU_POINTER_ATTRIBUTE_RANGE_START_ADDR | CU_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR => {
            Value::Long(block.map_or(0, |block| block.base))
        }
        CU_POINTER_ATTRIBUTE_RANGE_SIZE | CU_POINTER_ATTRIBUTE_MAPPING_SIZE => {
            Value::Long(block.map_or(0, |block| block.size))
        }
        CU_POINTER_ATTRIBUTE_MAPPED => Value::Byte(block.is_some()),
        CU_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES => Value::Long(0),
        CU_POINTER_ATTRIBUTE_ACCESS_FLAGS => Value::Int(match vmm::access_at(at) {
            Some(flags) => flags.0,
            None if block.is_some() => CU_MEM_ACCESS_FLAGS_PROT_READWRITE.0,
            None => 0,
        }),
        CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE => match kind {
            Some(MemoryKind::Pool(pool)) => Value::Long(pool),
            _ => Value::Long(0),
        },
        CU_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID => Value::Long(block.map_or(0, |block| block.tag.id)),
        _ => return Err(CUDA_ERROR_INVALID_VALUE),
    })
}

/// `cuPointerSetAttribute`: only `CU_POINTER_ATTRIBUTE_SYNC_MEMOPS` can be set; copies are ordered anyway.
pub fn set_attribute(attribute: CUpointer_attribute, at: u64) -> Result<()> {
    device::devices()?;
    require(attribute == CU_POINTER_ATTRIBUTE_SYNC_MEMOPS)?;
    memory::find(at).map(|_| ()).ok_or(CUDA_ERROR_INVALID_VALUE)
}
