// The driver before and after cuInit, devices, the stack of contexts, primary contexts.
#include "cuapi.h"

int main(void) {
    int version = 0, count = 0, n = 0;
    CUdevice device = -1;
    CUcontext a = NULL, b = NULL, got = NULL;
    const char *text = NULL;
    OK(cuGetErrorName(CUDA_ERROR_OUT_OF_MEMORY, &text));
    TRUE(!strcmp(text, "CUDA_ERROR_OUT_OF_MEMORY"));
    OK(cuGetErrorString(CUDA_ERROR_OUT_OF_MEMORY, &text));
    TRUE(!strcmp(text, "out of memory"));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuGetErrorName((CUresult)54321, &text));
    TRUE(text == NULL);
    OK(cuDriverGetVersion(&version));
    TRUE(version >= 12080);
    FAILS(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&count));
    FAILS(CUDA_ERROR_NOT_INITIALIZED, cuCtxGetCurrent(&got));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuInit(7));
    OK(cuInit(0));
    OK(cuDeviceGetCount(&count));
    TRUE(count >= 1);
    FAILS(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&device, count));
    FAILS(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&device, -1));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuDeviceGet(NULL, 0));
    OK(cuDeviceGet(&device, 0));
    char name[256] = "";
    OK(cuDeviceGetName(name, sizeof name, device));
    TRUE(strlen(name) > 0);
    char shortened[4] = "zzz";
    OK(cuDeviceGetName(shortened, sizeof shortened, device));
    TRUE(!strncmp(name, shortened, 3) && shortened[3] == 0);
    size_t bytes = 0;
    OK(cuDeviceTotalMem(&bytes, device));
    TRUE(bytes > 1 << 28);
    CUuuid uuid;
    OK(cuDeviceGetUuid(&uuid, device));
    int major = 0, minor = 0;
    OK(cuDeviceComputeCapability(&major, &minor, device));
    OK(cuDeviceGetAttribute(&n, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device));
    EXPECT(n, major);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuDeviceGetAttribute(&n, (CUdevice_attribute)0, device));
    FAILS(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetAttribute(&n, CU_DEVICE_ATTRIBUTE_WARP_SIZE, 77));

    // No context, no memory.
    CUdeviceptr p = 0;
    OK(cuCtxGetCurrent(&got));
    TRUE(got == NULL);
    FAILS(CUDA_ERROR_INVALID_CONTEXT, cuMemAlloc(&p, 16));
    FAILS(CUDA_ERROR_INVALID_CONTEXT, cuCtxSynchronize());
    FAILS(CUDA_ERROR_INVALID_CONTEXT, cuCtxPopCurrent(&got));

    OK(cuCtxCreate(&a, CU_CTX_SCHED_SPIN, device));
    OK(cuCtxCreate(&b, 0, device));
    OK(cuCtxGetCurrent(&got));
    TRUE(got == b && a != b);
    OK(cuCtxPopCurrent(&got));
    TRUE(got == b);
    OK(cuCtxGetCurrent(&got));
    TRUE(got == a);
    OK(cuCtxPushCurrent(b));
    OK(cuCtxGetDevice(&device));
    EXPECT(device, 0);
    unsigned flags = 0;
    OK(cuCtxSetCurrent(a));
    OK(cuCtxGetFlags(&flags));
    EXPECT(flags & CU_CTX_SCHED_MASK, CU_CTX_SCHED_SPIN);
    unsigned api = 0;
    OK(cuCtxGetApiVersion(a, &api));
    TRUE(api >= 3020);
    OK(cuMemAlloc(&p, 64));
    OK(cuCtxDestroy(a));
    OK(cuCtxDestroy(b));
    FAILS(CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy((CUcontext)0x1230));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuCtxCreate(&a, 0xff00, device));

    int active = 9;
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EXPECT(active, 0);
    OK(cuDevicePrimaryCtxRetain(&a, device));
    OK(cuDevicePrimaryCtxRetain(&b, device));
    TRUE(a == b);
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EXPECT(active, 1);
    OK(cuCtxSetCurrent(a));
    OK(cuMemAlloc(&p, 64));
    OK(cuMemFree(p));
    OK(cuDevicePrimaryCtxRelease(device));
    OK(cuDevicePrimaryCtxRelease(device));
    OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
    EXPECT(active, 0);
    FAILS(CUDA_ERROR_INVALID_CONTEXT, cuDevicePrimaryCtxRelease(device));
    return result();
}
