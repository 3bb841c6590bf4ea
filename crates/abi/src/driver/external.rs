//! Memory and semaphores of other APIs.

use super::{CUDA_ARRAY3D_DESCRIPTOR, CUexternalSemaphore};
use core::ffi::{c_int, c_uint, c_ulonglong, c_void};

c_enum! {
    CUexternalMemoryHandleType {
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD = 1,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32 = 2,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_KMT = 3,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_D3D12_HEAP = 4,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_D3D12_RESOURCE = 5,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_D3D11_RESOURCE = 6,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_D3D11_RESOURCE_KMT = 7,
        CU_EXTERNAL_MEMORY_HANDLE_TYPE_NVSCIBUF = 8,
    }
}

c_enum! {
    CUexternalSemaphoreHandleType {
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_FD = 1,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_WIN32 = 2,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_WIN32_KMT = 3,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_D3D12_FENCE = 4,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_D3D11_FENCE = 5,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_NVSCISYNC = 6,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_D3D11_KEYED_MUTEX = 7,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_D3D11_KEYED_MUTEX_KMT = 8,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_TIMELINE_SEMAPHORE_FD = 9,
        CU_EXTERNAL_SEMAPHORE_HANDLE_TYPE_TIMELINE_SEMAPHORE_WIN32 = 10,
    }
}

c_structs! {
    pub struct CUexternalWin32Handle { pub handle: *mut c_void, pub name: *const c_void }
    pub struct CUDA_EXTERNAL_MEMORY_HANDLE_DESC {
        pub r#type: CUexternalMemoryHandleType,
        pub handle: CUexternalHandle,
        pub size: c_ulonglong,
        pub flags: c_uint,
        pub reserved: [c_uint; 16],
    }
    pub struct CUDA_EXTERNAL_MEMORY_BUFFER_DESC {
        pub offset: c_ulonglong,
        pub size: c_ulonglong,
        pub flags: c_uint,
        pub reserved: [c_uint; 16],
    }
    pub struct CUDA_EXTERNAL_MEMORY_MIPMAPPED_ARRAY_DESC {
        pub offset: c_ulonglong,
        pub arrayDesc: CUDA_ARRAY3D_DESCRIPTOR,
        pub numLevels: c_uint,
        pub reserved: [c_uint; 16],
    }
    pub struct CUDA_EXTERNAL_SEMAPHORE_HANDLE_DESC {
        pub r#type: CUexternalSemaphoreHandleType,
        pub handle: CUexternalHandle,
        pub flags: c_uint,
        pub reserved: [c_uint; 16],
    }
    pub struct CUexternalKeyedMutexWait { pub key: c_ulonglong, pub timeoutMs: c_uint }
    pub struct CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS {
        pub fence: c_ulonglong,
        pub nvSciSync: c_ulonglong,
        pub keyedMutexKey: c_ulonglong,
        pub reserved0: [c_uint; 12],
        pub flags: c_uint,
        pub reserved: [c_uint; 16],
    }
    pub struct CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS {
        pub fence: c_ulonglong,
        pub nvSciSync: c_ulonglong,
        pub keyedMutex: CUexternalKeyedMutexWait,
        pub reserved0: [c_uint; 10],
        pub flags: c_uint,
        pub reserved: [c_uint; 16],
    }
    pub struct CUDA_EXT_SEM_SIGNAL_NODE_PARAMS {
        pub extSemArray: *mut CUexternalSemaphore,
        pub paramsArray: *const CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS,
        pub numExtSems: c_uint,
    }
    pub struct CUDA_EXT_SEM_WAIT_NODE_PARAMS {
        pub extSemArray: *mut CUexternalSemaphore,
        pub paramsArray: *const CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS,
        pub numExtSems: c_uint,
    }
}

c_unions! {
    pub union CUexternalHandle {
        pub fd: c_int,
        pub win32: CUexternalWin32Handle,
        pub nvSciObject: *const c_void,
    }
}

const _: () = assert!(size_of::<CUDA_EXTERNAL_MEMORY_HANDLE_DESC>() == 104);
const _: () = assert!(size_of::<CUDA_EXTERNAL_SEMAPHORE_HANDLE_DESC>() == 96);
const _: () = assert!(size_of::<CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS>() == 144);
const _: () = assert!(size_of::<CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS>() == 144);
