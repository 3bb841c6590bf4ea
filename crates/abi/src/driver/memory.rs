//! Memory pools and virtual memory management.

use super::{CUarrayOrMipmap, CUmemGenericAllocationHandle};
use core::ffi::{c_int, c_uchar, c_ushort, c_void};

c_enum! {
    CUmemLocationType {
        CU_MEM_LOCATION_TYPE_INVALID = 0,
        CU_MEM_LOCATION_TYPE_DEVICE = 1,
        CU_MEM_LOCATION_TYPE_HOST = 2,
        CU_MEM_LOCATION_TYPE_HOST_NUMA = 3,
        CU_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT = 4,
    }
}

c_enum! {
    CUmemAllocationType {
        CU_MEM_ALLOCATION_TYPE_INVALID = 0,
        CU_MEM_ALLOCATION_TYPE_PINNED = 1,
    }
}

c_enum! {
    CUmemAllocationHandleType {
        CU_MEM_HANDLE_TYPE_NONE = 0,
        CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR = 1,
        CU_MEM_HANDLE_TYPE_WIN32 = 2,
        CU_MEM_HANDLE_TYPE_WIN32_KMT = 4,
        CU_MEM_HANDLE_TYPE_FABRIC = 8,
    }
}

c_enum! {
    CUmemAccess_flags {
        CU_MEM_ACCESS_FLAGS_PROT_NONE = 0,
        CU_MEM_ACCESS_FLAGS_PROT_READ = 1,
        CU_MEM_ACCESS_FLAGS_PROT_READWRITE = 3,
    }
}

c_enum! {
    CUmemAllocationGranularity_flags {
        CU_MEM_ALLOC_GRANULARITY_MINIMUM = 0,
        CU_MEM_ALLOC_GRANULARITY_RECOMMENDED = 1,
    }
}

c_enum! {
    CUmemRangeHandleType {
        CU_MEM_RANGE_HANDLE_TYPE_DMA_BUF_FD = 1,
    }
}

c_enum! {
    CUmemAllocationCompType {
        CU_MEM_ALLOCATION_COMP_NONE = 0,
        CU_MEM_ALLOCATION_COMP_GENERIC = 1,
    }
}

c_enum! {
    CUmemPool_attribute {
        CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES = 1,
        CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC = 2,
        CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES = 3,
        CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4,
        CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT = 5,
        CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH = 6,
        CU_MEMPOOL_ATTR_USED_MEM_CURRENT = 7,
        CU_MEMPOOL_ATTR_USED_MEM_HIGH = 8,
    }
}

c_enum! {
    CUgraphMem_attribute {
        CU_GRAPH_MEM_ATTR_USED_MEM_CURRENT = 0,
        CU_GRAPH_MEM_ATTR_USED_MEM_HIGH = 1,
        CU_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT = 2,
        CU_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH = 3,
    }
}

c_structs! {
    pub struct CUmemLocation { pub r#type: CUmemLocationType, pub id: c_int }
    pub struct CUmemAccessDesc { pub location: CUmemLocation, pub flags: CUmemAccess_flags }
    pub struct CUmemAllocFlags {
        pub compressionType: c_uchar,
        pub gpuDirectRDMACapable: c_uchar,
        pub usage: c_ushort,
        pub reserved: [c_uchar; 4],
    }
    pub struct CUmemAllocationProp {
        pub r#type: CUmemAllocationType,
        pub requestedHandleTypes: CUmemAllocationHandleType,
        pub location: CUmemLocation,
        pub win32HandleMetaData: *mut c_void,
        pub allocFlags: CUmemAllocFlags,
    }
    pub struct CUmemPoolProps {
        pub allocType: CUmemAllocationType,
        pub handleTypes: CUmemAllocationHandleType,
        pub location: CUmemLocation,
        pub win32SecurityAttributes: *mut c_void,
        pub maxSize: usize,
        pub usage: c_ushort,
        pub reserved: [c_uchar; 54],
    }
    pub struct CUmemPoolPtrExportData { pub reserved: [c_uchar; 64] }
    pub struct CUmulticastObjectProp { pub numDevices: u32, pub size: usize, pub handleTypes: u64, pub flags: u64 }
    pub struct CUarrayMapSparseLevel { pub level: u32, pub layer: u32, pub offset: [u32; 3], pub extent: [u32; 3] }
    pub struct CUarrayMapMiptail { pub layer: u32, pub offset: u64, pub size: u64 }
    pub struct CUarrayMapInfo {
        pub resourceType: u32,
        pub resource: CUarrayOrMipmap,
        pub subresourceType: u32,
        pub subresource: CUarrayMapSubresource,
        pub memOperationType: u32,
        pub memHandleType: u32,
        pub memHandle: CUmemGenericAllocationHandle,
        pub offset: u64,
        pub deviceBitMask: u32,
        pub flags: u32,
        pub reserved: [u32; 2],
    }
}

c_unions! {
    pub union CUarrayMapSubresource { pub sparseLevel: CUarrayMapSparseLevel, pub miptail: CUarrayMapMiptail }
}

const _: () = assert!(size_of::<CUmemAllocationProp>() == 32);
const _: () = assert!(size_of::<CUmemPoolProps>() == 88);
const _: () = assert!(size_of::<CUarrayMapInfo>() == 96);
