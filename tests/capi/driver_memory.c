// Memory of the driver API: allocation, copies, fills, ranges, attributes, reserved addresses.
#include "cuapi.h"

static void linear(void) {
    CUdeviceptr p = 0, base = 0, q = 0;
    size_t size = 0, available = 0, total = 0;
    unsigned char back[64];
    OK(cuMemAlloc(&p, 1000));
    OK(cuMemGetAddressRange(&base, &size, p + 10));
    EXPECT(base, p);
    TRUE(size >= 1000);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemAlloc(&q, 0));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemAlloc(NULL, 16));
    FAILS(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(&q, (size_t)1 << 60));
    OK(cuMemGetInfo(&available, &total));
    TRUE(available <= total && total > 0);
    OK(cuMemsetD8(p, 1, 1000));
    OK(cuMemsetD16(p, 0x0203, 4));
    OK(cuMemsetD32(p + 8, 0x04050607, 2));
    OK(cuMemcpyDtoH(back, p, 20));
    EXPECT(back[0] * 256 + back[1], 0x0302);
    EXPECT(back[8], 7);
    EXPECT(back[16], 1);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemsetD32(p + 1, 0, 1));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD(p, NULL, 4));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD(0, back, 4));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoH(back, p, (size_t)1 << 50));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemFree(p + 4));
    OK(cuMemFree(p));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemFree(p));
}

static void rectangles(void) {
    CUdeviceptr p = 0;
    size_t pitch = 0;
    unsigned char host[4][8], back[4][8];
    for (int i = 0; i < 32; i++) host[i / 8][i % 8] = (unsigned char)i;
    OK(cuMemAllocPitch(&p, &pitch, 8, 4, 4));
    TRUE(pitch >= 8);
    CUDA_MEMCPY2D copy;
    memset(&copy, 0, sizeof copy);
    copy.srcMemoryType = CU_MEMORYTYPE_HOST, copy.srcHost = host, copy.srcPitch = 8;
    copy.dstMemoryType = CU_MEMORYTYPE_DEVICE, copy.dstDevice = p, copy.dstPitch = pitch;
    copy.WidthInBytes = 8, copy.Height = 4;
    OK(cuMemcpy2D(&copy));
    memset(&copy, 0, sizeof copy);
    memset(back, 0, sizeof back);
    copy.srcMemoryType = CU_MEMORYTYPE_DEVICE, copy.srcDevice = p, copy.srcPitch = pitch;
    copy.srcXInBytes = 2, copy.srcY = 1;
    copy.dstMemoryType = CU_MEMORYTYPE_HOST, copy.dstHost = back, copy.dstPitch = 8;
    copy.WidthInBytes = 3, copy.Height = 2;
    OK(cuMemcpy2DUnaligned(&copy));
    EXPECT(back[1][2], host[2][4]);
    EXPECT(back[0][3], 0);
    copy.srcMemoryType = (CUmemorytype)77;
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemcpy2D(&copy));
    OK(cuMemFree(p));
}

static void host_memory(void) {
    int *host = NULL, type = 0, managed = 0;
    CUdeviceptr p = 0, q = 0;
    OK(cuMemHostAlloc((void **)&host, 4096, CU_MEMHOSTALLOC_DEVICEMAP));
    host[0] = 3;
    OK(cuMemHostGetDevicePointer(&p, host, 0));
    OK(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, p));
    EXPECT(type, CU_MEMORYTYPE_HOST);
    OK(cuMemAllocManaged(&q, 4096, CU_MEM_ATTACH_GLOBAL));
    OK(cuPointerGetAttribute(&managed, CU_POINTER_ATTRIBUTE_IS_MANAGED, q));
    EXPECT(managed, 1);
    *(int *)q = 9;
    OK(cuMemcpy(p, q, 4));
    EXPECT(host[0], 9);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, (CUdeviceptr)&type));
    OK(cuMemFree(q));
    OK(cuMemFreeHost(host));
}

static void reserved(void) {
    CUmemAllocationProp prop;
    memset(&prop, 0, sizeof prop);
    prop.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    prop.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    size_t granularity = 0;
    OK(cuMemGetAllocationGranularity(&granularity, &prop, CU_MEM_ALLOC_GRANULARITY_MINIMUM));
    TRUE(granularity >= 4096 && (granularity & (granularity - 1)) == 0);
    CUdeviceptr p = 0;
    CUmemGenericAllocationHandle memory;
    OK(cuMemAddressReserve(&p, 4 * granularity, 0, 0, 0));
    OK(cuMemCreate(&memory, granularity, &prop, 0));
    OK(cuMemMap(p + granularity, granularity, 0, memory, 0));
    CUmemAccessDesc access = {{CU_MEM_LOCATION_TYPE_DEVICE, 0}, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
    OK(cuMemSetAccess(p + granularity, granularity, &access, 1));
    int got = 0;
    OK(cuMemsetD32(p + granularity, 77, 4));
    OK(cuMemcpyDtoH(&got, p + granularity + 12, 4));
    EXPECT(got, 77);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuMemCreate(&memory, 100, &prop, 0));
    OK(cuMemUnmap(p + granularity, granularity));
    OK(cuMemRelease(memory));
    OK(cuMemAddressFree(p, 4 * granularity));
}

int main(void) {
    CUcontext context = start();
    linear();
    rectangles();
    host_memory();
    reserved();
    OK(cuCtxDestroy(context));
    return result();
}
