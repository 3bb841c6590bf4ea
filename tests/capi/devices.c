// Devices: count, properties, attributes, limits, flags, names on the bus.
#include "capi.h"

int main(void) {
    int count = 0, device = -1, version = 0, n = 0;
    OK(cudaGetDeviceCount(&count));
    TRUE(count >= 1);
    OK(cudaGetDevice(&device));
    EXPECT(device, 0);
    OK(cudaSetDevice(0));
    OK(cudaRuntimeGetVersion(&version));
    EXPECT(version, CUDART_VERSION);
    OK(cudaDriverGetVersion(&version));
    TRUE(version >= CUDART_VERSION);

    struct cudaDeviceProp prop;
    memset(&prop, 0xcc, sizeof prop);
    EXPECT(sizeof prop, 1032);
    OK(cudaGetDeviceProperties(&prop, 0));
    TRUE(strlen(prop.name) > 0 && strlen(prop.name) < 256);
    TRUE(prop.major >= 5);
    EXPECT(prop.warpSize, 32);
    TRUE(prop.maxThreadsPerBlock >= 1024);
    TRUE(prop.multiProcessorCount > 0 && prop.clockRate > 0 && prop.totalGlobalMem > (1u << 28));
    TRUE(prop.sharedMemPerBlock >= 48 << 10);
    EXPECT(prop.unifiedAddressing, 1);
    EXPECT(prop.maxThreadsDim[0], 1024);
    EXPECT(prop.maxThreadsDim[2], 64);
    EXPECT(prop.maxGridSize[0], 0x7fffffff);
    EXPECT(prop.totalConstMem, 65536);
#define SAME(field, attribute)                                                                                         \
    do {                                                                                                               \
        OK(cudaDeviceGetAttribute(&n, attribute, 0));                                                                  \
        EXPECT(n, prop.field);                                                                                         \
    } while (0)
    SAME(major, cudaDevAttrComputeCapabilityMajor);
    SAME(minor, cudaDevAttrComputeCapabilityMinor);
    SAME(multiProcessorCount, cudaDevAttrMultiProcessorCount);
    SAME(maxThreadsPerBlock, cudaDevAttrMaxThreadsPerBlock);
    SAME(regsPerBlock, cudaDevAttrMaxRegistersPerBlock);
    SAME(clockRate, cudaDevAttrClockRate);
    SAME(l2CacheSize, cudaDevAttrL2CacheSize);
    SAME(maxThreadsPerMultiProcessor, cudaDevAttrMaxThreadsPerMultiProcessor);
    SAME(sharedMemPerMultiprocessor, cudaDevAttrMaxSharedMemoryPerMultiprocessor);
    SAME(concurrentKernels, cudaDevAttrConcurrentKernels);
    SAME(cooperativeLaunch, cudaDevAttrCooperativeLaunch);
    SAME(memoryBusWidth, cudaDevAttrGlobalMemoryBusWidth);
    // Every documented attribute has an answer.
    for (int a = 1; a <= 130; a++) {
        int status = cudaDeviceGetAttribute(&n, (enum cudaDeviceAttr)a, 0);
        if (status != cudaSuccess) fprintf(stderr, "attribute %d\n", a);
        EXPECT(status, cudaSuccess);
    }

    char id[64] = "";
    OK(cudaDeviceGetPCIBusId(id, sizeof id, 0));
    TRUE(strlen(id) >= 12);
    device = -1;
    OK(cudaDeviceGetByPCIBusId(&device, id));
    EXPECT(device, 0);

    size_t limit = 0;
    OK(cudaDeviceSetLimit(cudaLimitStackSize, 4096));
    OK(cudaDeviceGetLimit(&limit, cudaLimitStackSize));
    TRUE(limit >= 4096);
    OK(cudaDeviceGetLimit(&limit, cudaLimitMallocHeapSize));
    TRUE(limit >= 1 << 20);
    OK(cudaDeviceGetLimit(&limit, cudaLimitPrintfFifoSize));
    TRUE(limit >= 4096);

    unsigned flags = 0;
    OK(cudaGetDeviceFlags(&flags));
    TRUE(flags & cudaDeviceMapHost);
    enum cudaFuncCache cache;
    OK(cudaDeviceSetCacheConfig(cudaFuncCachePreferL1));
    OK(cudaDeviceGetCacheConfig(&cache));
    int least = 7, greatest = 7;
    OK(cudaDeviceGetStreamPriorityRange(&least, &greatest));
    TRUE(least >= greatest);

    struct cudaDeviceProp wish;
    memset(&wish, 0, sizeof wish);
    OK(cudaChooseDevice(&device, &wish));
    TRUE(device >= 0 && device < count);
    OK(cudaDeviceCanAccessPeer(&n, 0, 0));
    EXPECT(n, 0);
    FAILS(cudaErrorPeerAccessUnsupported, cudaDeviceEnablePeerAccess(0, 0));

    size_t available = 0, total = 0;
    OK(cudaMemGetInfo(&available, &total));
    TRUE(available > 0 && available <= total);
    EXPECT(total, prop.totalGlobalMem);

    // A reset forgets memory and starts anew.
    void *p;
    OK(cudaMalloc(&p, 1 << 20));
    OK(cudaDeviceReset());
    OK(cudaMalloc(&p, 1 << 20));
    OK(cudaMemset(p, 0, 1 << 20));
    OK(cudaFree(p));
    OK(cudaDeviceSynchronize());
    return result();
}
