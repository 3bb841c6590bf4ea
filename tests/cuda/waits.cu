// Threads that wait in the middle of their code for what others write: a whole grid at a barrier of its own, blocks that
// look back at those before them (decoupled look-back), lanes in a row, a word that one thread leaves for its block; and
// a wait that nothing can end, which is an error and no hang.
#include "testing.h"
#include <cooperative_groups.h>
#include <vector>
namespace cg = cooperative_groups;

__global__ void relax(int n, int steps, float *a, float *b) {
    auto grid = cg::this_grid();
    for (int step = 0; step < steps; step++) {
        for (int i = grid.thread_rank(); i < n; i += grid.size()) b[i] = i > 0 && i < n - 1 ? a[i - 1] + a[i + 1] : a[i];
        grid.sync();
        float *t = a;
        a = b;
        b = t;
    }
}

__global__ void scan(const int *in, int *out, volatile unsigned long long *state, unsigned *ticket) {
    __shared__ unsigned tile;
    __shared__ int sums[8], before;
    if (threadIdx.x == 0) tile = atomicAdd(ticket, 1);
    __syncthreads();
    const unsigned long long aggregate = 1ull << 32, prefix = 2ull << 32;
    int t = tile, i = t * 256 + threadIdx.x, lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    int value = in[i];
    for (int d = 1; d < 32; d *= 2) {
        int other = __shfl_up_sync(~0u, value, d);
        if (lane >= d) value += other;
    }
    if (lane == 31) sums[warp] = value;
    __syncthreads();
    int total = 0;
    for (int w = 0; w < 8; w++) {
        if (w < warp) value += sums[w];
        total += sums[w];
    }
    if (threadIdx.x == 0) {
        state[t] = (t == 0 ? prefix : aggregate) | unsigned(total);
        if (t == 0) before = 0;
    }
    if (warp == 0 && t > 0) {
        int sum = 0;
        for (int base = t - 1;; base -= 32) {
            int at = base - lane;
            unsigned long long seen;
            do {
                seen = at >= 0 ? state[at] : prefix;
            } while (__any_sync(~0u, seen >> 32 == 0));
            unsigned done = __ballot_sync(~0u, seen >> 32 == 2);
            int last = done ? __ffs(done) - 1 : 31, part = lane <= last ? int(unsigned(seen)) : 0;
            for (int d = 16; d; d /= 2) part += __shfl_xor_sync(~0u, part, d);
            sum += part;
            if (done) break;
        }
        if (lane == 0) {
            before = sum;
            state[t] = prefix | unsigned(sum + total);
        }
    }
    __syncthreads();
    out[i] = value + before;
}

__global__ void in_a_row(volatile int *flags) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i > 0) {
        while (flags[i - 1] == 0) {
        }
    }
    flags[i] = i + 1;
}

// The last block must go first.
__global__ void word_for_all(volatile int *turn, int *order) {
    __shared__ int now;
    int mine = gridDim.x - 1 - blockIdx.x;
    do {
        __syncthreads();
        if (threadIdx.x == 0) now = *turn;
        __syncthreads();
    } while (now != mine);
    if (threadIdx.x == 0) {
        order[mine] = blockIdx.x;
        __threadfence();
        *turn = mine + 1;
    }
}

// Warps of a block as producer and consumers, by a barrier that both name.
__global__ void warps(int *out) {
    __shared__ int box;
    int warp = threadIdx.x / 32;
    for (int round = 0; round < 10; round++) {
        if (warp == 0) {
            if (threadIdx.x == 0) box = round * 7;
            asm volatile("bar.arrive 1, 64;" ::: "memory");
            asm volatile("bar.sync 2, 64;" ::: "memory");
        } else {
            asm volatile("bar.sync 1, 64;" ::: "memory");
            out[threadIdx.x - 32] += box;
            asm volatile("bar.arrive 2, 64;" ::: "memory");
        }
    }
}

__global__ void for_ever(volatile int *flag) {
    while (*flag == 0) {
    }
}

int main() {
    setenv("ANYWARP_HANG_SECONDS", "0.3", 1);
    int n = 3000, steps = 20;
    Managed<float> a(n), b(n);
    for (int i = 0; i < n; i++) a[i] = i % 3;
    std::vector<float> x(n), y(n);
    for (int i = 0; i < n; i++) x[i] = i % 3;
    for (int s = 0; s < steps; s++, x.swap(y))
        for (int i = 0; i < n; i++) y[i] = i > 0 && i < n - 1 ? x[i - 1] + x[i + 1] : x[i];
    float *pa = a, *pb = b;
    void *args[] = {&n, &steps, &pa, &pb};
    CHECK(cudaLaunchCooperativeKernel((void *)relax, dim3(3), dim3(16, 8), args, 0, nullptr));
    finish();
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += a[i] != x[i];
    expect(wrong, 0, "grid barrier");

    const int tiles = 300;
    Managed<int> in(tiles * 256), out(tiles * 256);
    Managed<unsigned long long> state(tiles);
    Managed<unsigned> ticket(1);
    for (int i = 0; i < tiles * 256; i++) in[i] = i % 11 - 4;
    scan<<<tiles, 256>>>(in, out, state, ticket);
    finish();
    wrong = 0;
    for (int i = 0, sum = 0; i < tiles * 256; i++) wrong += out[i] != (sum += in[i]);
    expect(wrong, 0, "look-back");

    Managed<int> flags(300);
    in_a_row<<<3, 100>>>(flags);
    finish();
    expect(flags[299], 300, "lanes in a row");

    Managed<int> turn(1), order(9);
    word_for_all<<<9, 96>>>(turn, order);
    finish();
    expect(order[0] * 10 + order[8], 80, "a word for all");

    Managed<int> sums(32);
    warps<<<1, 64>>>(sums);
    finish();
    expect(sums[0] + sums[31], 2 * 7 * 45, "warps that produce and consume");

    Managed<int> never(1);
    for_ever<<<2, 64>>>(never);
    expect(int(cudaDeviceSynchronize()), int(cudaErrorLaunchTimeout), "a wait that nothing ends");
    return result();
}
