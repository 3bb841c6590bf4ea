// Names, texts, the last error, and nonsense arguments.
#include "capi.h"

int main(void) {
    TRUE(!strcmp(cudaGetErrorName(cudaErrorMemoryAllocation), "cudaErrorMemoryAllocation"));
    TRUE(!strcmp(cudaGetErrorString(cudaErrorMemoryAllocation), "out of memory"));
    TRUE(!strcmp(cudaGetErrorString((cudaError_t)123456), "unrecognized error code"));
    TRUE(!strcmp(cudaGetErrorName((cudaError_t)123456), "unrecognized error code"));

    // The last error is kept until it is asked for; success does not displace it.
    OK(cudaPeekAtLastError());
    cudaMalloc(NULL, 4);
    EXPECT(cudaPeekAtLastError(), cudaErrorInvalidValue);
    OK(cudaFree(NULL));
    EXPECT(cudaGetLastError(), cudaErrorInvalidValue);
    OK(cudaGetLastError());

    int n = 0;
    void *p = NULL;
    FAILS(cudaErrorInvalidValue, cudaGetDeviceCount(NULL));
    FAILS(cudaErrorInvalidValue, cudaGetDevice(NULL));
    FAILS(cudaErrorInvalidDevice, cudaSetDevice(-1));
    FAILS(cudaErrorInvalidDevice, cudaSetDevice(100));
    FAILS(cudaErrorInvalidDevice, cudaDeviceGetAttribute(&n, cudaDevAttrWarpSize, 99));
    FAILS(cudaErrorInvalidValue, cudaDeviceGetAttribute(&n, (enum cudaDeviceAttr)9999, 0));
    FAILS(cudaErrorInvalidValue, cudaDeviceGetAttribute(NULL, cudaDevAttrWarpSize, 0));
    FAILS(cudaErrorInvalidValue, cudaGetDeviceProperties(NULL, 0));
    FAILS(cudaErrorMemoryAllocation, cudaMalloc(&p, (size_t)1 << 60));
    FAILS(cudaErrorInvalidValue, cudaFree((void *)0x12345));
    FAILS(cudaErrorInvalidValue, cudaFreeHost((void *)0x12345));
    FAILS(cudaErrorInvalidMemcpyDirection, cudaMemcpy(&n, &n, 4, (enum cudaMemcpyKind)17));
    FAILS(cudaErrorInvalidValue, cudaMemcpy(NULL, &n, 4, cudaMemcpyHostToHost));
    FAILS(cudaErrorInvalidPitchValue, cudaMemcpy2D(&n, 4, &n, 4, 8, 2, cudaMemcpyHostToHost));
    OK(cudaMallocManaged(&p, 0, cudaMemAttachGlobal));
    TRUE(p == NULL);
    FAILS(cudaErrorInvalidValue, cudaMallocManaged(&p, 16, 99));
    FAILS(cudaErrorInvalidValue, cudaHostAlloc(&p, 16, 0x100));
    FAILS(cudaErrorInvalidResourceHandle, cudaStreamDestroy(NULL));
    FAILS(cudaErrorInvalidValue, cudaStreamCreateWithFlags(NULL, 0));
    FAILS(cudaErrorInvalidResourceHandle, cudaEventRecord(NULL, 0));
    FAILS(cudaErrorInvalidResourceHandle, cudaEventDestroy(NULL));
    cudaEvent_t event;
    FAILS(cudaErrorInvalidValue, cudaEventCreateWithFlags(&event, 0xff0));
    FAILS(cudaErrorInvalidDeviceFunction, cudaLaunchKernel(NULL, (dim3){1, 1, 1}, (dim3){1, 1, 1}, NULL, 0, 0));
    FAILS(cudaErrorInvalidDeviceFunction, cudaLaunchKernel((void *)main, (dim3){1, 1, 1}, (dim3){1, 1, 1}, NULL, 0, 0));
    FAILS(cudaErrorInvalidSymbol, cudaMemcpyToSymbol(&n, &n, 4, 0, cudaMemcpyHostToDevice));
    FAILS(cudaErrorInvalidSymbol, cudaGetSymbolAddress(&p, NULL));
    FAILS(cudaErrorInvalidValue, cudaDeviceSetLimit((enum cudaLimit)99, 1));
    FAILS(cudaErrorInvalidValue, cudaDeviceSetCacheConfig((enum cudaFuncCache)99));
    FAILS(cudaErrorMissingConfiguration, __cudaPopCallConfiguration(&(dim3){0}, &(dim3){0}, &(size_t){0}, &p));
    FAILS(cudaErrorInvalidValue, cudaGraphInstantiate(NULL, NULL, 0));
    FAILS(cudaErrorInvalidValue, cudaGraphCreate(NULL, 0));
    return result();
}
