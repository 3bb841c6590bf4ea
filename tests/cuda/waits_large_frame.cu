// A kernel that waits for other blocks while it holds thousands of values: more than a usual stack has room for.
// env: ANYWARP_GANG=64
#include "testing.h"

constexpr int held = 1080;

__global__ void hold_and_wait(const volatile int *in, int *out, int *arrived) {
    int v[held];
#pragma unroll
    for (int i = 0; i < held; i++) v[i] = in[(i + int(threadIdx.x) * 37) % held];
    if (threadIdx.x == 0) {
        atomicAdd(arrived, 1);
        while (atomicAdd(arrived, 0) < int(gridDim.x)) {}
    }
    __syncwarp();
    unsigned sum = 0;
#pragma unroll
    for (int i = 0; i < held; i++) sum = sum * 31 + unsigned(v[i]);
    out[blockIdx.x * blockDim.x + threadIdx.x] = int(sum);
}

int main() {
    constexpr int blocks = 3, threads = 64;
    int *in, *out, *arrived;
    CHECK(cudaMallocManaged(&in, held * sizeof(int)));
    CHECK(cudaMallocManaged(&out, blocks * threads * sizeof(int)));
    CHECK(cudaMallocManaged(&arrived, sizeof(int)));
    *arrived = 0;
    for (int i = 0; i < held; i++) in[i] = i * i;
    hold_and_wait<<<blocks, threads>>>(in, out, arrived);
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
    for (int t = 0; t < blocks * threads; t++) {
        unsigned sum = 0;
        for (int i = 0; i < held; i++) sum = sum * 31 + unsigned(in[(i + t % threads * 37) % held]);
        expect(out[t], int(sum), "value");
    }
    return result();
}
