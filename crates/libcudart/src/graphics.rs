//! Interoperability with graphics APIs: none of them runs on the devices here.

use abi::*;
use core::ffi::{c_int, c_uint, c_void};

unsupported_api! {
    fn cudaGraphicsUnregisterResource(resource: cudaGraphicsResource_t);
    fn cudaGraphicsResourceSetMapFlags(resource: cudaGraphicsResource_t, flags: c_uint);
    fn cudaGraphicsMapResources(count: c_int, resources: *mut cudaGraphicsResource_t, stream: cudaStream_t);
    fn cudaGraphicsUnmapResources(count: c_int, resources: *mut cudaGraphicsResource_t, stream: cudaStream_t);
    fn cudaGraphicsMapResources_ptsz(count: c_int, resources: *mut cudaGraphicsResource_t, stream: cudaStream_t);
    fn cudaGraphicsUnmapResources_ptsz(count: c_int, resources: *mut cudaGraphicsResource_t, stream: cudaStream_t);
    fn cudaGraphicsResourceGetMappedPointer(
        pointer: *mut *mut c_void, size: *mut usize, resource: cudaGraphicsResource_t,
    );
    fn cudaGraphicsSubResourceGetMappedArray(
        array: *mut cudaArray_t, resource: cudaGraphicsResource_t, index: c_uint, level: c_uint,
    );
    fn cudaGraphicsResourceGetMappedMipmappedArray(array: *mut cudaMipmappedArray_t, resource: cudaGraphicsResource_t);
    fn cudaGraphicsGLRegisterBuffer(resource: *mut cudaGraphicsResource_t, buffer: c_uint, flags: c_uint);
    fn cudaGraphicsGLRegisterImage(resource: *mut cudaGraphicsResource_t, image: c_uint, target: c_uint, flags: c_uint);
    fn cudaGLGetDevices(count: *mut c_uint, devices: *mut c_int, size: c_uint, list: c_uint);
    fn cudaGLSetGLDevice(device: c_int);
    fn cudaGLRegisterBufferObject(buffer: c_uint);
    fn cudaGLUnregisterBufferObject(buffer: c_uint);
    fn cudaGLMapBufferObject(pointer: *mut *mut c_void, buffer: c_uint);
    fn cudaGLMapBufferObjectAsync(pointer: *mut *mut c_void, buffer: c_uint, stream: cudaStream_t);
    fn cudaGLUnmapBufferObject(buffer: c_uint);
    fn cudaGLUnmapBufferObjectAsync(buffer: c_uint, stream: cudaStream_t);
    fn cudaGLSetBufferObjectMapFlags(buffer: c_uint, flags: c_uint);
    fn cudaGraphicsEGLRegisterImage(resource: *mut cudaGraphicsResource_t, image: *mut c_void, flags: c_uint);
    fn cudaGraphicsResourceGetMappedEglFrame(
        frame: *mut c_void, resource: cudaGraphicsResource_t, index: c_uint, level: c_uint,
    );
    fn cudaEventCreateFromEGLSync(event: *mut cudaEvent_t, sync: *mut c_void, flags: c_uint);
    fn cudaEGLStreamConsumerConnect(connection: *mut c_void, stream: *mut c_void);
    fn cudaEGLStreamConsumerConnectWithFlags(connection: *mut c_void, stream: *mut c_void, flags: c_uint);
    fn cudaEGLStreamConsumerDisconnect(connection: *mut c_void);
    fn cudaEGLStreamConsumerAcquireFrame(
        connection: *mut c_void, resource: *mut cudaGraphicsResource_t, stream: *mut cudaStream_t, timeout: c_uint,
    );
    fn cudaEGLStreamConsumerReleaseFrame(
        connection: *mut c_void, resource: cudaGraphicsResource_t, stream: *mut cudaStream_t,
    );
    fn cudaEGLStreamProducerConnect(connection: *mut c_void, stream: *mut c_void, width: c_int, height: c_int);
    fn cudaEGLStreamProducerDisconnect(connection: *mut c_void);
    fn cudaEGLStreamProducerPresentFrame(connection: *mut c_void, frame: *const c_void, stream: *mut cudaStream_t);
    fn cudaEGLStreamProducerReturnFrame(connection: *mut c_void, frame: *mut c_void, stream: *mut cudaStream_t);
    fn cudaVDPAUGetDevice(device: *mut c_int, vdp_device: c_uint, get_proc_address: *mut c_void);
    fn cudaVDPAUSetVDPAUDevice(device: c_int, vdp_device: c_uint, get_proc_address: *mut c_void);
    fn cudaGraphicsVDPAURegisterVideoSurface(resource: *mut cudaGraphicsResource_t, surface: c_uint, flags: c_uint);
    fn cudaGraphicsVDPAURegisterOutputSurface(resource: *mut cudaGraphicsResource_t, surface: c_uint, flags: c_uint);
}
