// Kernels whose optimised code takes a while: whatever code runs a launch, and wherever one takes over from the other, each
// block runs once and computes the same; several launches and streams at a time; and a program that ends in the middle
// of it all.
// env: ANYWARP_CACHE_DIR=0
// env: ANYWARP_TIER=auto
// stdout: ok
#include "testing.h"
#include <thread>
#include <vector>

constexpr int TILE = 16;

template <int SEED>
__global__ void product(const float *a, const float *b, float *c, int n, unsigned *runs) {
    __shared__ float as[TILE][TILE], bs[TILE][TILE];
    int x = blockIdx.x * TILE + threadIdx.x, y = blockIdx.y * TILE + threadIdx.y;
    float sum = SEED;
    for (int k = 0; k < n; k += TILE) {
        as[threadIdx.y][threadIdx.x] = a[y * n + k + threadIdx.x];
        bs[threadIdx.y][threadIdx.x] = b[(k + threadIdx.y) * n + x];
        __syncthreads();
        for (int j = 0; j < TILE; j++) sum += as[threadIdx.y][j] * bs[j][threadIdx.x];
        __syncthreads();
    }
    c[y * n + x] = sum;
    if (threadIdx.x == 0 && threadIdx.y == 0) atomicAdd(&runs[blockIdx.y * gridDim.x + blockIdx.x], 1);
}

// Small whole numbers: sums are exact in any order.
static int element(int i) { return i * 7 % 5 - 2; }

template <int SEED>
static void run(int n, int launches, cudaStream_t stream) {
    std::vector<float> host(n * n), got(n * n);
    for (int i = 0; i < n * n; i++) host[i] = element(i);
    int blocks = n / TILE * (n / TILE);
    float *a, *c;
    unsigned *runs;
    CHECK(cudaMalloc(&a, n * n * sizeof(float)));
    CHECK(cudaMalloc(&c, n * n * sizeof(float)));
    CHECK(cudaMalloc(&runs, blocks * sizeof(unsigned)));
    CHECK(cudaMemcpy(a, host.data(), n * n * sizeof(float), cudaMemcpyHostToDevice));
    CHECK(cudaMemset(runs, 0, blocks * sizeof(unsigned)));
    for (int i = 0; i < launches; i++)
        product<SEED><<<dim3(n / TILE, n / TILE), dim3(TILE, TILE), 0, stream>>>(a, a, c, n, runs);
    CHECK(cudaStreamSynchronize(stream));
    std::vector<unsigned> ran(blocks);
    CHECK(cudaMemcpy(ran.data(), runs, blocks * sizeof(unsigned), cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpy(got.data(), c, n * n * sizeof(float), cudaMemcpyDeviceToHost));
    for (int block = 0; block < blocks; block++) expect<unsigned>(ran[block], launches, "runs of a block", block);
    for (int i = 0; i < n * n; i += 37) {
        int want = SEED;
        for (int k = 0; k < n; k++) want += element(i / n * n + k) * element(k * n + i % n);
        expect<float>(got[i], want, "sum", i);
    }
    CHECK(cudaFree(a));
    CHECK(cudaFree(c));
    CHECK(cudaFree(runs));
}

int main() {
    // Small, so that the second launch comes soon; large, so that code changes in the middle of the first, wherever that is.
    run<1>(64, 1, 0);
    run<1>(64, 3, 0);
    run<2>(1024, 1, 0);
    run<2>(1024, 2, 0);
    run<9>(1024, 1, 0);
    run<10>(1024, 1, 0);
    std::vector<std::thread> threads;
    threads.emplace_back([] { run<3>(256, 2, cudaStreamPerThread); });
    threads.emplace_back([] { run<3>(384, 2, cudaStreamPerThread); });
    threads.emplace_back([] { run<4>(256, 3, cudaStreamPerThread); });
    for (auto &thread : threads) thread.join();
    // Optimised code of these is asked for and waited for by nobody.
    run<5>(128, 1, 0);
    run<6>(128, 1, 0);
    run<7>(256, 1, 0);
    run<8>(256, 1, 0);
    return result();
}
