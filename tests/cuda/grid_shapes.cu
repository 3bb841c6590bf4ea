// Built-in variables in grids and blocks of one, two and three dimensions, every thread exactly once; large grids.
#include "testing.h"

__global__ void mark(unsigned *seen, unsigned *sizes) {
    unsigned long long block = (blockIdx.z * (unsigned long long)gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    unsigned size = blockDim.x * blockDim.y * blockDim.z;
    atomicAdd(&seen[block * size + thread], 1u);
    unsigned lane, warp;
    asm("mov.u32 %0, %%laneid;" : "=r"(lane));
    asm("mov.u32 %0, %%warpid;" : "=r"(warp));
    if (lane != thread % 32 || warpSize != 32) atomicAdd(sizes, 1u);
}

__global__ void count(unsigned long long *total) {
    if (threadIdx.x == 0) atomicAdd(total, 1ull + blockIdx.x % 2);
}

int main() {
    const dim3 grids[] = {dim3(1), dim3(7), dim3(3, 5), dim3(2, 3, 4), dim3(1, 100), dim3(1, 1, 50)};
    const dim3 blocks[] = {dim3(1), dim3(33), dim3(8, 8), dim3(3, 4, 5), dim3(1, 77), dim3(2, 1, 64), dim3(1024)};
    for (dim3 grid : grids) {
        for (dim3 block : blocks) {
            size_t n = size_t(grid.x) * grid.y * grid.z * block.x * block.y * block.z;
            Managed<unsigned> seen(n), sizes(1);
            mark<<<grid, block>>>(seen, sizes);
            finish();
            for (size_t i = 0; i < n; i++) expect(seen[i], 1u, "seen", long(i));
            expect(sizes[0], 0u, "lanes");
        }
    }
    Managed<unsigned long long> total(1);
    count<<<1000001, 32>>>(total);
    finish();
    expect(total[0], 1000001ull + 500000, "large grid");
    return result();
}
