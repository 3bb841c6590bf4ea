// Launches without <<<>>>, function attributes, occupancy, large dynamic shared memory, device properties.
#include "testing.h"

__global__ void scale(float *data, int n, float factor) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] *= factor;
}

__global__ void big_shared(int *out, int count) {
    extern __shared__ int values[];
    for (int i = threadIdx.x; i < count; i += blockDim.x) values[i] = i;
    __syncthreads();
    int sum = 0;
    for (int i = threadIdx.x; i < count; i += blockDim.x) sum += values[count - 1 - i];
    atomicAdd(out, sum);
}

__global__ void __launch_bounds__(128, 2) bounded(int *out) {
    __shared__ int local[100];
    local[threadIdx.x % 100] = threadIdx.x;
    __syncthreads();
    *out = local[5];
}

int main() {
    const int n = 1000;
    Managed<float> data(n);
    for (int i = 0; i < n; i++) data[i] = float(i);
    float *pointer = data, factor = 2.5f;
    int count = n;
    void *args[] = {&pointer, &count, &factor};
    CHECK(cudaLaunchKernel(reinterpret_cast<const void *>(scale), dim3(8), dim3(128), args, 0, 0));
    finish();
    for (int i = 0; i < n; i++) expect(data[i], i * 2.5f, "cudaLaunchKernel", i);

    cudaFuncAttributes attributes;
    CHECK(cudaFuncGetAttributes(&attributes, bounded));
    expect(attributes.sharedSizeBytes, size_t(400), "static shared");
    expect(attributes.maxThreadsPerBlock, 128, "launch bounds");
    Managed<int> out(1);
    bounded<<<1, 256>>>(out);
    expect(cudaGetLastError() != cudaSuccess, true, "more threads than the bounds");

    const int large = 90000;
    big_shared<<<1, 64, large>>>(out, large / 4);
    expect(cudaGetLastError() != cudaSuccess, true, "not opted in");
    CHECK(cudaFuncSetAttribute(big_shared, cudaFuncAttributeMaxDynamicSharedMemorySize, large));
    out[0] = 0;
    big_shared<<<1, 64, large>>>(out, large / 4);
    finish();
    expect(out[0], (large / 4) * (large / 4 - 1) / 2, "90000 bytes of shared memory");

    int blocks = 0, min_grid = 0, block_size = 0;
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, scale, 256, 0));
    expect(blocks >= 1 && blocks <= 32, true, "occupancy");
    CHECK(cudaOccupancyMaxPotentialBlockSize(&min_grid, &block_size, scale, 0, 0));
    expect(block_size >= 32 && block_size <= 1024 && block_size % 32 == 0 && min_grid >= 1, true, "block size");

    int devices = 0, device = -1, value = 0;
    CHECK(cudaGetDeviceCount(&devices));
    CHECK(cudaGetDevice(&device));
    expect(devices >= 1 && device == 0, true, "devices");
    cudaDeviceProp prop;
    CHECK(cudaGetDeviceProperties(&prop, 0));
    expect(prop.warpSize, 32, "warp size");
    expect(prop.maxThreadsPerBlock, 1024, "threads a block");
    expect(prop.name[0] != 0 && prop.totalGlobalMem > (64u << 20) && prop.multiProcessorCount >= 1, true, "properties");
    CHECK(cudaDeviceGetAttribute(&value, cudaDevAttrComputeCapabilityMajor, 0));
    expect(value, prop.major, "attribute");
    int driver = 0, runtime = 0;
    CHECK(cudaDriverGetVersion(&driver));
    CHECK(cudaRuntimeGetVersion(&runtime));
    expect(driver >= runtime && runtime >= 12000, true, "versions");
    expect(strcmp(cudaGetErrorName(cudaErrorMemoryAllocation), "cudaErrorMemoryAllocation"), 0, "error name");
    CHECK(cudaDeviceReset());
    return result();
}
