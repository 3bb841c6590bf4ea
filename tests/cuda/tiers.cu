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

// Many points around each: code is long, and blocks of short rows run several as one in the optimised code alone.
template <int SEED>
__global__ void around(const float *in, float *out, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x < 2 || y < 2 || z < 2 || x >= n - 2 || y >= m - 2 || z >= d - 2) return;
    float sum = SEED;
    for (int a = -2; a <= 2; a++)
        for (int b = -2; b <= 2; b++)
            for (int c = -2; c <= 2; c++) sum += in[((z + a) * m + y + b) * n + x + c];
    out[(z * m + y) * n + x] += sum;
}

template <int SEED>
static void run_volume(int n, int m, int d, dim3 block, int launches) {
    size_t count = size_t(n) * m * d;
    std::vector<float> host(count), got(count);
    for (size_t i = 0; i < count; i++) host[i] = i % n + 2 * (i / n % m) + 3 * (i / n / m);
    float *in, *out;
    CHECK(cudaMalloc(&in, count * sizeof(float)));
    CHECK(cudaMalloc(&out, count * sizeof(float)));
    CHECK(cudaMemcpy(in, host.data(), count * sizeof(float), cudaMemcpyHostToDevice));
    CHECK(cudaMemset(out, 0, count * sizeof(float)));
    dim3 grid((n + block.x - 1) / block.x, (m + block.y - 1) / block.y, (d + block.z - 1) / block.z);
    for (int i = 0; i < launches; i++) around<SEED><<<grid, block>>>(in, out, n, m, d);
    CHECK(cudaMemcpy(got.data(), out, count * sizeof(float), cudaMemcpyDeviceToHost));
    for (size_t i = 0; i < count; i++) {
        int x = i % n, y = i / n % m, z = i / n / m;
        bool inner = x > 1 && y > 1 && z > 1 && x < n - 2 && y < m - 2 && z < d - 2;
        expect<float>(got[i], inner ? launches * (SEED + 125 * host[i]) : 0, "sum around", i);
    }
    CHECK(cudaFree(in));
    CHECK(cudaFree(out));
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
    run_volume<1>(251, 120, 120, dim3(8, 8, 4), 1);
    run_volume<2>(253, 120, 120, dim3(4, 4, 4), 1);
    run_volume<3>(250, 30, 30, dim3(10, 10, 5), 3);
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
