// cc: -lcuda
// What the runtime answers to wrong uses of pools, arrays and managed memory.
#include "answers.h"
__global__ void k(int *p) {
    if (p) *p = 1;
}
__global__ void tex(cudaTextureObject_t t, float *o) { o[0] = tex1Dfetch<float>(t, 0); }
int main() {
    arm();
    int *d, n;
    cudaMalloc(&d, 4096);
    void *q;
    size_t z;
    cudaMemPool_t pool, p2;
    unsigned long long v;
    cudaStream_t s;
    cudaStreamCreate(&s);
    puts("-- pools");
    R(cudaDeviceGetDefaultMemPool(nullptr, 0));
    R(cudaDeviceGetDefaultMemPool(&pool, 9));
    R(cudaDeviceGetDefaultMemPool(&pool, 0));
    R(cudaDeviceGetMemPool(&p2, 0));
    printf("%d\n", pool == p2);
    R(cudaMallocAsync(nullptr, 4, s));
    R(cudaMallocAsync(&q, 0, s));
    R(cudaMallocAsync(&q, (size_t)1 << 60, s));
    R(cudaMallocAsync(&q, 100, s));
    R(cudaFreeAsync(nullptr, s));
    R(cudaFreeAsync((void *)0x1234, s));
    R(cudaMallocAsync(&q, 100, s));
    R(cudaFree(q));
    R(cudaFreeAsync(q, s));
    R(cudaMemPoolSetAttribute(pool, (cudaMemPoolAttr)99, &v));
    R(cudaMemPoolGetAttribute(pool, (cudaMemPoolAttr)99, &v));
    R(cudaMemPoolGetAttribute(nullptr, cudaMemPoolAttrReleaseThreshold, &v));
    R(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReleaseThreshold, nullptr));
    R(cudaMemPoolTrimTo(pool, 0));
    R(cudaMemPoolTrimTo(nullptr, 0));
    R(cudaMemPoolDestroy(pool));
    R(cudaMemPoolDestroy(nullptr));
    R(cudaMemPoolCreate(&p2, nullptr));
    cudaMemPoolProps pr = {};
    R(cudaMemPoolCreate(&p2, &pr));
    pr.allocType = cudaMemAllocationTypePinned;
    pr.location.type = cudaMemLocationTypeDevice;
    R(cudaMemPoolCreate(&p2, &pr));
    pr.location.id = 5;
    R(cudaMemPoolCreate(&p2, &pr));
    pr.location.id = 0;
    cudaMemPoolCreate(&p2, &pr);
    R(cudaMallocFromPoolAsync(&q, 64, p2, s));
    R(cudaDeviceSetMemPool(0, p2));
    R(cudaDeviceSetMemPool(0, nullptr));
    R(cudaMemPoolDestroy(p2));
    R(cudaFreeAsync(q, s));
    v = 5;
    R(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &v));
    v = 0;
    R(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &v));
    R(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &v));
    puts("-- arrays");
    cudaArray_t a = nullptr;
    cudaChannelFormatDesc f = cudaCreateChannelDesc<float>(),
                          bad = cudaCreateChannelDesc(7, 0, 0, 0, cudaChannelFormatKindFloat),
                          f3 = cudaCreateChannelDesc(32, 32, 32, 0, cudaChannelFormatKindFloat);
    R(cudaMallocArray(&a, &f, 0, 0));
    R(cudaMallocArray(&a, &f, 16, 0));
    R(cudaMallocArray(nullptr, &f, 16, 0));
    R(cudaMallocArray(&a, nullptr, 16, 0));
    R(cudaMallocArray(&a, &bad, 16, 0));
    R(cudaMallocArray(&a, &f3, 16, 0));
    R(cudaFreeArray(nullptr));
    R(cudaMallocArray(&a, &f, 16, 16));
    R(cudaMemcpy2DToArray(a, 0, 0, d, 64, 64, 17, cudaMemcpyDeviceToDevice));
    R(cudaMemcpy2DToArray(a, 4, 0, d, 64, 64, 1, cudaMemcpyDeviceToDevice));
    R(cudaMemcpy2DToArray(a, 2, 0, d, 64, 4, 1, cudaMemcpyDeviceToDevice));
    R(cudaMemcpy2DToArray(nullptr, 0, 0, d, 64, 64, 1, cudaMemcpyDeviceToDevice));
    R(cudaMemcpy2DToArray(a, 0, 0, d, 64, 64, 2, cudaMemcpyDeviceToDevice));
    R(cudaMalloc3DArray(&a, &f, make_cudaExtent(8, 8, 8), 0));
    R(cudaMalloc3DArray(&a, &f, make_cudaExtent(8, 8, 7), cudaArrayCubemap));
    R(cudaMalloc3DArray(&a, &f, make_cudaExtent(8, 4, 6), cudaArrayCubemap));
    R(cudaMalloc3DArray(&a, &f, make_cudaExtent(8, 8, 6), cudaArrayCubemap));
    R(cudaMalloc3DArray(&a, &f, make_cudaExtent(8, 0, 8), 0));
    R(cudaMalloc3DArray(&a, &f, make_cudaExtent(8, 0, 8), cudaArrayLayered));
    R(cudaFreeArray(a));
    cudaMipmappedArray_t mm;
    R(cudaMallocMipmappedArray(&mm, &f, make_cudaExtent(8, 8, 0), 0));
    R(cudaMallocMipmappedArray(&mm, &f, make_cudaExtent(8, 8, 0), 9));
    R(cudaMallocMipmappedArray(&mm, &f, make_cudaExtent(8, 8, 0), 3));
    R(cudaGetMipmappedArrayLevel(&a, mm, 5));
    R(cudaGetMipmappedArrayLevel(&a, mm, 2));
    R(cudaFreeMipmappedArray(nullptr));
    puts("-- managed");
    int *m;
    cudaMallocManaged(&m, 4096);
#if CUDART_VERSION >= 13000
#define DEV(i) \
    cudaMemLocation { cudaMemLocationTypeDevice, i }
#define PF(p, c, dv) cudaMemPrefetchAsync(p, c, DEV(dv), 0, s)
#else
#define DEV(i) i
#define PF(p, c, dv) cudaMemPrefetchAsync(p, c, dv, s)
#endif
    R(PF(m, 4096, 0));
    R(PF(m, 0, 0));
    R(PF(m, 8192, 0));
    R(PF(d, 4096, 0));
    R(PF(nullptr, 4096, 0));
    R(PF(m, 4096, 7));
    R(cudaMemAdvise(m, 4096, cudaMemAdviseSetReadMostly, DEV(0)));
    R(cudaMemAdvise(m, 4096, (cudaMemoryAdvise)99, DEV(0)));
    R(cudaMemAdvise(m, 0, cudaMemAdviseSetReadMostly, DEV(0)));
    R(cudaMemAdvise(d, 4096, cudaMemAdviseSetReadMostly, DEV(0)));
    R(cudaMemRangeGetAttribute(&n, 4, cudaMemRangeAttributePreferredLocation, m, 4096));
    printf("%d\n", n);
    R(cudaMemRangeGetAttribute(&n, 4, cudaMemRangeAttributeReadMostly, d, 4096));
    R(cudaStreamAttachMemAsync(s, m));
    R(cudaStreamAttachMemAsync(s, m, 100));
    R(cudaStreamAttachMemAsync(s, m, 4096));
    R(cudaStreamAttachMemAsync(s, m, 0, cudaMemAttachHost));
    R(cudaStreamAttachMemAsync(s, m + 4));
    R(cudaStreamAttachMemAsync(0, m));
    int x;
    R(cudaStreamAttachMemAsync(s, &x));
}
