// Allocation, copies of every kind and dimension, fills, host and managed memory, attributes of addresses.
#include "capi.h"

enum { N = 1000 };

static void linear(void) {
    int host[N], back[N];
    for (int i = 0; i < N; i++) host[i] = i * 7;
    int *a = NULL, *b = NULL;
    OK(cudaMalloc((void **)&a, sizeof host));
    OK(cudaMalloc((void **)&b, sizeof host));
    TRUE(a && b && a != b && (size_t)a % 256 == 0);
    OK(cudaMemcpy(a, host, sizeof host, cudaMemcpyHostToDevice));
    OK(cudaMemcpy(b, a, sizeof host, cudaMemcpyDeviceToDevice));
    OK(cudaMemcpy(back, b, sizeof host, cudaMemcpyDeviceToHost));
    TRUE(!memcmp(host, back, sizeof host));
    memset(back, 0, sizeof back);
    OK(cudaMemcpy(back, b, sizeof host, cudaMemcpyDefault));
    TRUE(!memcmp(host, back, sizeof host));
    OK(cudaMemcpy(back, host, sizeof host, cudaMemcpyHostToHost));
    OK(cudaMemcpyAsync(back, a, sizeof host, cudaMemcpyDeviceToHost, 0));
    OK(cudaStreamSynchronize(0));
    TRUE(!memcmp(host, back, sizeof host));
    OK(cudaMemcpyPeer(b, 0, a, 0, sizeof host));

    OK(cudaMemset(b, 0x5a, sizeof host));
    OK(cudaMemcpy(back, b, sizeof host, cudaMemcpyDeviceToHost));
    EXPECT(back[N - 1], 0x5a5a5a5a);
    OK(cudaMemsetAsync(b, 0, 10, 0));
    OK(cudaMemcpy(back, b, 16, cudaMemcpyDeviceToHost));
    EXPECT(back[2], 0x5a5a0000);

    // Nothing to copy is no error, whatever the pointers.
    OK(cudaMemcpy(NULL, NULL, 0, cudaMemcpyHostToDevice));
    OK(cudaMemset(NULL, 0, 0));
    // Outside of an allocation.
    FAILS(cudaErrorInvalidValue, cudaMemcpy(a, host, (size_t)1 << 50, cudaMemcpyHostToDevice));
    OK(cudaFree(a));
    OK(cudaFree(b));
    FAILS(cudaErrorInvalidValue, cudaFree(b));
    void *empty = (void *)1;
    OK(cudaMalloc(&empty, 0));
    EXPECT((size_t)empty, 0);
}

static void rectangles(void) {
    char host[6][10], back[6][10];
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 10; x++) host[y][x] = (char)(y * 10 + x);
    char *p = NULL;
    size_t pitch = 0;
    OK(cudaMallocPitch((void **)&p, &pitch, 10, 6));
    TRUE(pitch >= 10 && pitch % 32 == 0);
    OK(cudaMemset2D(p, pitch, 9, 10, 6));
    OK(cudaMemcpy2D(p, pitch, host, 10, 10, 4, cudaMemcpyHostToDevice));
    OK(cudaMemcpy2D(back, 10, p, pitch, 10, 6, cudaMemcpyDeviceToHost));
    TRUE(!memcmp(host, back, 40));
    EXPECT(back[5][9], 9);
    memset(back, 0, sizeof back);
    OK(cudaMemcpy2DAsync(back[0] + 2, 10, p + 1, pitch, 3, 2, cudaMemcpyDeviceToHost, 0));
    OK(cudaStreamSynchronize(0));
    EXPECT(back[1][2], 11);
    EXPECT(back[1][5], 0);
    OK(cudaFree(p));

    struct cudaPitchedPtr block;
    struct cudaExtent extent = {10, 3, 2};
    OK(cudaMalloc3D(&block, extent));
    EXPECT(block.xsize, 10);
    EXPECT(block.ysize, 3);
    OK(cudaMemset3D(block, 1, extent));
    struct cudaMemcpy3DParms parms;
    memset(&parms, 0, sizeof parms);
    parms.srcPtr.ptr = host, parms.srcPtr.pitch = 10, parms.srcPtr.xsize = 10, parms.srcPtr.ysize = 3;
    parms.dstPtr = block;
    parms.extent = extent;
    parms.kind = cudaMemcpyHostToDevice;
    OK(cudaMemcpy3D(&parms));
    memset(back, 0, sizeof back);
    memset(&parms, 0, sizeof parms);
    parms.srcPtr = block;
    parms.srcPos.x = 1, parms.srcPos.y = 1, parms.srcPos.z = 1;
    parms.dstPtr.ptr = back, parms.dstPtr.pitch = 10, parms.dstPtr.xsize = 10, parms.dstPtr.ysize = 3;
    parms.extent.width = 4, parms.extent.height = 2, parms.extent.depth = 1;
    parms.kind = cudaMemcpyDeviceToHost;
    OK(cudaMemcpy3D(&parms));
    EXPECT(back[0][0], host[4][1]);
    EXPECT(back[1][3], host[5][4]);
    EXPECT(back[0][4], 0);
    OK(cudaFree(block.ptr));
}

static void host_memory(void) {
    int *pinned = NULL, *mapped = NULL, *device = NULL, *managed = NULL;
    unsigned flags = 0;
    OK(cudaMallocHost((void **)&pinned, 4096));
    pinned[0] = 42;
    OK(cudaHostGetDevicePointer((void **)&device, pinned, 0));
    TRUE(device != NULL);
    OK(cudaHostAlloc((void **)&mapped, 4096, cudaHostAllocMapped | cudaHostAllocPortable));
    OK(cudaHostGetFlags(&flags, mapped));
    TRUE(flags & cudaHostAllocMapped);
    OK(cudaMallocManaged((void **)&managed, 4096, cudaMemAttachGlobal));
    managed[5] = 5;
    int got = 0;
    OK(cudaMemcpy(&got, managed + 5, 4, cudaMemcpyDeviceToHost));
    EXPECT(got, 5);
    OK(cudaMemAdvise(managed, 4096, cudaMemAdviseSetReadMostly, 0));
    OK(cudaMemPrefetchAsync(managed, 4096, 0, 0));
    OK(cudaMemPrefetchAsync(managed, 4096, cudaCpuDeviceId, 0));
    OK(cudaDeviceSynchronize());

    struct cudaPointerAttributes at;
    OK(cudaPointerGetAttributes(&at, managed));
    EXPECT(at.type, cudaMemoryTypeManaged);
    OK(cudaPointerGetAttributes(&at, pinned + 3));
    EXPECT(at.type, cudaMemoryTypeHost);
    EXPECT((size_t)at.hostPointer, (size_t)(pinned + 3));
    OK(cudaMalloc((void **)&device, 64));
    OK(cudaPointerGetAttributes(&at, device));
    EXPECT(at.type, cudaMemoryTypeDevice);
    EXPECT(at.device, 0);
    EXPECT((size_t)at.devicePointer, (size_t)device);
    OK(cudaPointerGetAttributes(&at, &got));
    EXPECT(at.type, cudaMemoryTypeUnregistered);
    OK(cudaFree(device));

    char *plain = malloc(1 << 16);
    OK(cudaHostRegister(plain, 1 << 16, cudaHostRegisterMapped));
    OK(cudaPointerGetAttributes(&at, plain));
    EXPECT(at.type, cudaMemoryTypeHost);
    FAILS(cudaErrorHostMemoryAlreadyRegistered, cudaHostRegister(plain, 1 << 16, cudaHostRegisterDefault));
    OK(cudaHostUnregister(plain));
    FAILS(cudaErrorHostMemoryNotRegistered, cudaHostUnregister(plain));
    free(plain);
    OK(cudaFreeHost(pinned));
    OK(cudaFreeHost(mapped));
    OK(cudaFree(managed));
    OK(cudaFreeHost(NULL));
}

static void pools(void) {
    cudaStream_t stream;
    OK(cudaStreamCreate(&stream));
    int *p = NULL, got = 0;
    OK(cudaMallocAsync((void **)&p, 1 << 16, stream));
    OK(cudaMemsetAsync(p, 1, 1 << 16, stream));
    OK(cudaMemcpyAsync(&got, p, 4, cudaMemcpyDeviceToHost, stream));
    OK(cudaFreeAsync(p, stream));
    OK(cudaStreamSynchronize(stream));
    EXPECT(got, 0x01010101);
    cudaMemPool_t pool, current;
    OK(cudaDeviceGetDefaultMemPool(&pool, 0));
    OK(cudaDeviceGetMemPool(&current, 0));
    EXPECT((size_t)pool, (size_t)current);
    unsigned long long threshold = 1 << 20, read = 0;
    OK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold));
    OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &read));
    EXPECT(read, threshold);
    OK(cudaMemPoolTrimTo(pool, 0));
    struct cudaMemPoolProps props;
    memset(&props, 0, sizeof props);
    props.allocType = cudaMemAllocationTypePinned;
    props.location.type = cudaMemLocationTypeDevice;
    OK(cudaMemPoolCreate(&pool, &props));
    OK(cudaMallocFromPoolAsync((void **)&p, 256, pool, stream));
    OK(cudaFreeAsync(p, stream));
    OK(cudaStreamSynchronize(stream));
    OK(cudaMemPoolDestroy(pool));
    OK(cudaStreamDestroy(stream));
}

/* Sources that are read before the call returns may change at once. */
static void batch(void) {
    int first[4] = {1, 2, 3, 4}, second[2] = {5, 6}, back[8] = {0};
    int *a = NULL;
    cudaStream_t stream;
    OK(cudaStreamCreate(&stream));
    OK(cudaMalloc((void **)&a, sizeof back));
    OK(cudaMemset(a, 0, sizeof back));
    void *to[3] = {a, a + 4, back}, *from[3] = {first, second, a};
    size_t sizes[3] = {sizeof first, sizeof second, sizeof back}, begins[2] = {0, 2}, failed = 9;
    struct cudaMemcpyAttributes how[2] = {{.srcAccessOrder = cudaMemcpySrcAccessOrderDuringApiCall},
                                          {.srcAccessOrder = cudaMemcpySrcAccessOrderStream}};
    OK(cudaMemcpyBatchAsync(to, from, sizes, 3, how, begins, 2, &failed, stream));
    first[0] = second[0] = 0;
    OK(cudaStreamSynchronize(stream));
    for (int i = 0; i < 8; i++) EXPECT(back[i], i < 6 ? i + 1 : 0);
    begins[0] = 1;
    FAILS(cudaErrorInvalidValue, cudaMemcpyBatchAsync(to, from, sizes, 3, how, begins, 2, &failed, stream));
    begins[0] = 0, begins[1] = 0;
    FAILS(cudaErrorInvalidValue, cudaMemcpyBatchAsync(to, from, sizes, 3, how, begins, 2, &failed, stream));
    begins[1] = 3;
    FAILS(cudaErrorInvalidValue, cudaMemcpyBatchAsync(to, from, sizes, 3, how, begins, 2, &failed, stream));
    begins[1] = 2, how[1].srcAccessOrder = cudaMemcpySrcAccessOrderInvalid;
    FAILS(cudaErrorInvalidValue, cudaMemcpyBatchAsync(to, from, sizes, 3, how, begins, 2, &failed, stream));
    FAILS(cudaErrorInvalidValue, cudaMemcpyBatchAsync(to, from, sizes, 3, how, begins, 2, &failed, NULL));
    OK(cudaFree(a));
    OK(cudaStreamDestroy(stream));
}

int main(void) {
    linear();
    batch();
    rectangles();
    host_memory();
    pools();
    return result();
}
