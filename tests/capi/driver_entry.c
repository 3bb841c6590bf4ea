// cuGetProcAddress: versions, families of default streams, names that do not exist; and the runtime's way to it.
#include "cuapi.h"
#include <cuda_runtime_api.h>

int main(void) {
    OK(cuInit(0));
    void *plain = NULL, *old = NULL, *per_thread = NULL;
    CUdriverProcAddressQueryResult status;
    OK(cuGetProcAddress("cuMemAlloc", &plain, 12080, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    EXPECT(status, CU_GET_PROC_ADDRESS_SUCCESS);
    EXPECT((size_t)plain, (size_t)&cuMemAlloc);
    OK(cuGetProcAddress("cuMemcpyAsync", &old, 12000, CU_GET_PROC_ADDRESS_LEGACY_STREAM, &status));
    OK(cuGetProcAddress("cuMemcpyAsync", &per_thread, 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, &status));
    TRUE(old && per_thread && old != per_thread);
    plain = (void *)1;
    OK(cuGetProcAddress("cuNoSuchThing", &plain, 12080, 0, &status));
    EXPECT(status, CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
    TRUE(plain == NULL);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuGetProcAddress(NULL, &plain, 12080, 0, &status));

    enum cudaDriverEntryPointQueryResult found;
    EXPECT(cudaGetDriverEntryPoint("cuMemAlloc", &plain, cudaEnableDefault, &found), cudaSuccess);
    EXPECT(found, cudaDriverEntryPointSuccess);
    EXPECT((size_t)plain, (size_t)&cuMemAlloc);
    cudaGetDriverEntryPoint("cuNoSuchThing", &plain, cudaEnableDefault, &found);
    EXPECT(found, cudaDriverEntryPointSymbolNotFound);
    TRUE(plain == NULL);
    cudaGetLastError();

    // The two APIs share the primary context.
    CUcontext context = NULL, primary = NULL;
    CUdeviceptr p = 0;
    EXPECT(cudaFree(NULL), cudaSuccess);
    OK(cuCtxGetCurrent(&context));
    OK(cuDevicePrimaryCtxRetain(&primary, 0));
    TRUE(context != NULL && context == primary);
    OK(cuMemAlloc(&p, 64));
    EXPECT(cudaMemset((void *)p, 1, 64), cudaSuccess);
    EXPECT(cudaFree((void *)p), cudaSuccess);
    OK(cuDevicePrimaryCtxRelease(0));
    // A context that the program made is the one that the runtime then uses.
    OK(cuCtxCreate(&context, 0, 0));
    EXPECT(cudaMalloc((void **)&p, 64), cudaSuccess);
    CUcontext owner = NULL;
    OK(cuPointerGetAttribute(&owner, CU_POINTER_ATTRIBUTE_CONTEXT, p));
    TRUE(owner == context);
    OK(cuCtxDestroy(context));
    return result();
}
