// Launches, symbols, attributes and occupancy of registered kernels.
#include "kernels.h"

enum { N = 1000 };

int main(void) {
    void **handle = register_kernels();
    int *p, back[N];
    OK(cudaMalloc((void **)&p, sizeof back));
    OK(launch_fill(p, N, 5, 0));
    OK(launch_scale(p, N, 0));
    OK(cudaMemcpy(back, p, sizeof back, cudaMemcpyDeviceToHost));
    for (int i = 0; i < N; i++) EXPECT(back[i], (i + 5) * 3);

    // The launch syntax's two halves.
    dim3 grid, block;
    size_t shared;
    cudaStream_t stream = (cudaStream_t)1;
    EXPECT(__cudaPushCallConfiguration(dim(2), dim(4), 16, 0), 0);
    OK(__cudaPopCallConfiguration(&grid, &block, &shared, &stream));
    EXPECT(grid.x * 100 + block.x * 10, 240);
    EXPECT(shared, 16);
    TRUE(stream == NULL);

    // Dynamic shared memory and a barrier.
    void *args[] = {&p};
    OK(launch_fill(p, 256, 0, 0));
    OK(cudaLaunchKernel((void *)reverse, dim(1), dim(256), args, 256 * 4, 0));
    OK(cudaMemcpy(back, p, 1024, cudaMemcpyDeviceToHost));
    for (int i = 0; i < 256; i++) EXPECT(back[i], 255 - i);

    // Shapes that do not fit.
    FAILS(cudaErrorInvalidConfiguration, cudaLaunchKernel((void *)count, dim(1), dim(2048), NULL, 0, 0));
    FAILS(cudaErrorInvalidConfiguration, cudaLaunchKernel((void *)count, dim(0), dim(1), NULL, 0, 0));
    FAILS(cudaErrorInvalidConfiguration, cudaLaunchKernel((void *)count, dim(1), dim(0), NULL, 0, 0));
    FAILS(cudaErrorInvalidValue, cudaLaunchKernel((void *)count, dim(1), dim(1), NULL, 1 << 30, 0));
    FAILS(cudaErrorInvalidDeviceFunction, cudaLaunchKernel((void *)missing, dim(1), dim(1), NULL, 0, 0));
    OK(cudaLaunchKernel((void *)bounded, dim(1), dim(64), NULL, 0, 0));
    // More threads than .maxntid: the manual only says that the launch fails.
    TRUE(cudaLaunchKernel((void *)bounded, dim(1), dim(65), NULL, 0, 0) != cudaSuccess);
    cudaGetLastError();

    // Symbols.
    unsigned value = 100, four[4], *address = NULL;
    size_t size = 0;
    OK(cudaMemcpyToSymbol(&counter, &value, 4, 0, cudaMemcpyHostToDevice));
    OK(cudaLaunchKernel((void *)count, dim(7), dim(33), NULL, 0, 0));
    OK(cudaMemcpyFromSymbol(&value, &counter, 4, 0, cudaMemcpyDeviceToHost));
    EXPECT(value, 100 + 7 * 33);
    OK(cudaGetSymbolSize(&size, table));
    EXPECT(size, 16);
    OK(cudaGetSymbolAddress((void **)&address, table));
    OK(cudaMemcpy(four, address, 16, cudaMemcpyDeviceToHost));
    EXPECT(four[0] * 1000 + four[3], 1004);
    value = 77;
    OK(cudaMemcpyToSymbolAsync(table, &value, 4, 8, cudaMemcpyHostToDevice, 0));
    OK(cudaMemcpyFromSymbol(four, table, 16, 0, cudaMemcpyDeviceToHost));
    EXPECT(four[2], 77);
    FAILS(cudaErrorInvalidValue, cudaMemcpyToSymbol(table, four, 16, 4, cudaMemcpyHostToDevice));
    FAILS(cudaErrorInvalidMemcpyDirection, cudaMemcpyToSymbol(table, four, 16, 0, cudaMemcpyDeviceToHost));
    value = 10;
    OK(cudaMemcpyToSymbol(&factor, &value, 4, 0, cudaMemcpyHostToDevice));
    OK(launch_fill(p, 4, 1, 0));
    OK(launch_scale(p, 4, 0));
    OK(cudaMemcpy(back, p, 16, cudaMemcpyDeviceToHost));
    EXPECT(back[3], 40);

    // Attributes and occupancy.
    struct cudaFuncAttributes at;
    OK(cudaFuncGetAttributes(&at, (void *)fill));
    TRUE(at.maxThreadsPerBlock >= 512 && at.numRegs > 0 && at.ptxVersion >= 50 && at.binaryVersion >= 50);
    OK(cudaFuncGetAttributes(&at, (void *)bounded));
    EXPECT(at.maxThreadsPerBlock, 64);
    FAILS(cudaErrorInvalidDeviceFunction, cudaFuncGetAttributes(&at, &value));
    OK(cudaFuncSetAttribute((void *)reverse, cudaFuncAttributeMaxDynamicSharedMemorySize, 64 << 10));
    OK(cudaFuncGetAttributes(&at, (void *)reverse));
    EXPECT(at.maxDynamicSharedSizeBytes, 64 << 10);
    OK(cudaFuncSetCacheConfig((void *)fill, cudaFuncCachePreferShared));
    int blocks = 0;
    OK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, (void *)fill, 256, 0));
    TRUE(blocks >= 1);
    OK(cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, (void *)fill, 256, 0, 0));

    // Other ways to launch.
    OK(cudaLaunchCooperativeKernel((void *)reverse, dim(1), dim(32), args, 128, 0));
    int n = 10, v = 1;
    void *fill_args[] = {&p, &n, &v};
    cudaLaunchConfig_t config;
    memset(&config, 0, sizeof config);
    config.gridDim = dim(1), config.blockDim = dim(32);
    OK(cudaLaunchKernelExC(&config, (void *)fill, fill_args));
    OK(cudaMemcpy(back, p, 40, cudaMemcpyDeviceToHost));
    EXPECT(back[9], 10);
    cudaFunction_t function = NULL;
    OK(cudaGetFuncBySymbol(&function, (void *)fill));
    TRUE(function != NULL);

    // A reset unloads; the next launch loads again, with fresh variables.
    OK(cudaDeviceReset());
    OK(cudaMemcpyFromSymbol(four, table, 16, 0, cudaMemcpyDeviceToHost));
    EXPECT(four[2], 3);
    OK(cudaLaunchKernel((void *)count, dim(1), dim(1), NULL, 0, 0));
    OK(cudaDeviceSynchronize());

    __cudaUnregisterFatBinary(handle);
    FAILS(cudaErrorInvalidDeviceFunction, cudaLaunchKernel((void *)count, dim(1), dim(1), NULL, 0, 0));
    return result();
}
