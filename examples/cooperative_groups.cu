// Cooperative groups: a sum with tiles of several sizes, filtering with a coalesced group, and steps of a whole grid
// that waits for itself.
// Usage: cooperative_groups [n]

#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

#include <vector>

#include "common/check.h"

namespace cg = cooperative_groups;

template <int SIZE> __global__ void sum_with_tiles(const int *in, int n, int *total) {
    cg::thread_block block = cg::this_thread_block();
    cg::thread_block_tile<SIZE> tile = cg::tiled_partition<SIZE>(block);
    int sum = 0;
    for (int i = blockIdx.x * block.size() + block.thread_rank(); i < n; i += gridDim.x * block.size()) sum += in[i];
    sum = cg::reduce(tile, sum, cg::plus<int>());
    if (tile.thread_rank() == 0) atomicAdd(total, sum);
}

// Keeps positive numbers. Only the threads that have one take part, and one of them reserves the places for all.
__global__ void keep_positive(const int *in, int n, int *out, int *count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n || in[i] <= 0) return;
    cg::coalesced_group active = cg::coalesced_threads();
    int base = 0;
    if (active.thread_rank() == 0) base = atomicAdd(count, int(active.size()));
    base = active.shfl(base, 0);
    out[base + active.thread_rank()] = in[i];
}

// Jacobi steps of a bar whose ends are held: no thread may begin a step before all have finished the last one.
__global__ void heat(float *a, float *b, int n, int steps) {
    cg::grid_group grid = cg::this_grid();
    for (int step = 0; step < steps; step++) {
        for (int i = grid.thread_rank(); i < n; i += grid.size()) b[i] = i == 0 || i == n - 1 ? a[i] : 0.5f * (a[i - 1] + a[i + 1]);
        grid.sync();
        float *t = a;
        a = b;
        b = t;
    }
}

static bool sums(const std::vector<int> &in, const int *d_in) {
    const int n = int(in.size());
    int expected = 0, got[3], *d_total;
    for (int v : in) expected += v;
    CUDA_CHECK(cudaMalloc(&d_total, 3 * sizeof(int)));
    CUDA_CHECK(cudaMemset(d_total, 0, 3 * sizeof(int)));
    sum_with_tiles<32><<<20, 256>>>(d_in, n, d_total);
    sum_with_tiles<8><<<20, 256>>>(d_in, n, d_total + 1);
    sum_with_tiles<1><<<20, 256>>>(d_in, n, d_total + 2);
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaMemcpy(got, d_total, sizeof got, cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaFree(d_total));
    printf("sum %d; tiles of 32, 8, 1 give %d, %d, %d\n", expected, got[0], got[1], got[2]);
    return got[0] == expected && got[1] == expected && got[2] == expected;
}

static bool filter(const std::vector<int> &in, const int *d_in) {
    const int n = int(in.size());
    int *d_out, *d_count, count = 0;
    CUDA_CHECK(cudaMalloc(&d_out, n * sizeof(int)));
    CUDA_CHECK(cudaMalloc(&d_count, sizeof(int)));
    CUDA_CHECK(cudaMemset(d_count, 0, sizeof(int)));
    keep_positive<<<(n + 255) / 256, 256>>>(d_in, n, d_out, d_count);
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaMemcpy(&count, d_count, sizeof count, cudaMemcpyDeviceToHost));
    std::vector<int> out(count);
    CUDA_CHECK(cudaMemcpy(out.data(), d_out, count * sizeof(int), cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaFree(d_out));
    CUDA_CHECK(cudaFree(d_count));
    int expected = 0;
    long long sum = 0, expected_sum = 0;
    for (int v : in) expected += v > 0, expected_sum += v > 0 ? v : 0;
    for (int v : out) sum += v;
    printf("%d of %d numbers are positive, %d kept\n", expected, n, count);
    return count == expected && sum == expected_sum;
}

static bool whole_grid() {
    const int n = 2000, steps = 200;
    std::vector<float> host(n, 0.0f), next(n), got(n);
    host[0] = 100.0f, host[n - 1] = 50.0f;
    float *a, *b;
    CUDA_CHECK(cudaMalloc(&a, n * sizeof(float)));
    CUDA_CHECK(cudaMalloc(&b, n * sizeof(float)));
    CUDA_CHECK(cudaMemcpy(a, host.data(), n * sizeof(float), cudaMemcpyHostToDevice));
    int size = n, count = steps;
    void *args[] = {&a, &b, &size, &count};
    CUDA_CHECK(cudaLaunchCooperativeKernel((void *)heat, dim3(4), dim3(128), args, 0, 0));
    CUDA_CHECK(cudaMemcpy(got.data(), a, n * sizeof(float), cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaFree(a));
    CUDA_CHECK(cudaFree(b));
    for (int step = 0; step < steps; step++) {
        for (int i = 0; i < n; i++) next[i] = i == 0 || i == n - 1 ? host[i] : 0.5f * (host[i - 1] + host[i + 1]);
        host.swap(next);
    }
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += got[i] != host[i];
    printf("%d steps of a whole grid: %d of %d points wrong\n", steps, wrong, n);
    return wrong == 0;
}

int main(int argc, char **argv) {
    const int n = argc > 1 ? atoi(argv[1]) : 100000;
    std::vector<int> in(n);
    for (int i = 0; i < n; i++) in[i] = (i * 7919) % 201 - 100;
    int *d_in;
    CUDA_CHECK(cudaMalloc(&d_in, n * sizeof(int)));
    CUDA_CHECK(cudaMemcpy(d_in, in.data(), n * sizeof(int), cudaMemcpyHostToDevice));
    bool summed = sums(in, d_in);
    bool filtered = filter(in, d_in);
    bool stepped = whole_grid();
    CUDA_CHECK(cudaFree(d_in));
    return verdict(summed && filtered && stepped);
}
