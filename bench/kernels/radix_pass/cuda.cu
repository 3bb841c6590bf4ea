#include "cuda.h"
#include "data.h"

__device__ unsigned digit_of(unsigned key) { return key >> SHIFT & (DIGITS - 1); }

__global__ void count(const unsigned *keys, unsigned *counts) {
    __shared__ unsigned mine[DIGITS];
    if (threadIdx.x < DIGITS) mine[threadIdx.x] = 0;
    __syncthreads();
    for (int i = 0; i < ITEMS; i++)
        atomicAdd(&mine[digit_of(keys[blockIdx.x * CHUNK + i * BLOCK + threadIdx.x])], 1u);
    __syncthreads();
    if (threadIdx.x < DIGITS) counts[threadIdx.x * gridDim.x + blockIdx.x] = mine[threadIdx.x];
}

/* One block: exclusive sums of all counts, digit by digit and in these block by block. */
__global__ void scan(unsigned *counts, int n) {
    __shared__ unsigned sums[1024];
    int t = threadIdx.x, each = n / blockDim.x;
    unsigned sum = 0;
    for (int i = 0; i < each; i++) sum += counts[t * each + i];
    sums[t] = sum;
    __syncthreads();
    for (int step = 1; step < blockDim.x; step *= 2) {
        unsigned other = t >= step ? sums[t - step] : 0;
        __syncthreads();
        sums[t] += other;
        __syncthreads();
    }
    unsigned before = t ? sums[t - 1] : 0;
    for (int i = 0; i < each; i++) {
        unsigned here = counts[t * each + i];
        counts[t * each + i] = before;
        before += here;
    }
}

/* A key's place: its digit's start in the block, and the keys of that digit before it, counted by votes of the warps. */
__global__ void scatter(const unsigned *keys, unsigned *sorted, const unsigned *starts) {
    __shared__ unsigned next[DIGITS], warps[BLOCK / 32][DIGITS];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    if (threadIdx.x < DIGITS) next[threadIdx.x] = starts[threadIdx.x * gridDim.x + blockIdx.x];
    for (int i = 0; i < ITEMS; i++) {
        unsigned key = keys[blockIdx.x * CHUNK + i * BLOCK + threadIdx.x], digit = digit_of(key);
        if (threadIdx.x < BLOCK / 32 * DIGITS) warps[threadIdx.x / DIGITS][threadIdx.x % DIGITS] = 0;
        __syncthreads();
        unsigned same = 0xffffffffu;
        for (int b = 0; b < BITS; b++) {
            bool one = digit >> b & 1;
            unsigned vote = __ballot_sync(0xffffffffu, one);
            same &= one ? vote : ~vote;
        }
        unsigned rank = __popc(same & ((1u << lane) - 1));
        if (rank == 0) warps[warp][digit] = __popc(same);
        __syncthreads();
        if (threadIdx.x < DIGITS) {
            unsigned sum = next[threadIdx.x];
            for (int w = 0; w < BLOCK / 32; w++) {
                unsigned here = warps[w][threadIdx.x];
                warps[w][threadIdx.x] = sum;
                sum += here;
            }
            next[threadIdx.x] = sum;
        }
        __syncthreads();
        sorted[warps[warp][digit] + rank] = key;
        __syncthreads();
    }
}

static unsigned *d_keys, *d_sorted, *d_counts;
static void run() {
    count<<<GRID, BLOCK>>>(d_keys, d_counts);
    scan<<<1, 1024>>>(d_counts, GRID * DIGITS);
    scatter<<<GRID, BLOCK>>>(d_keys, d_sorted, d_counts);
    finish();
}
static double checksum() {
    to_host(sorted, d_sorted, N);
    return weigh();
}
int main() {
    make_data();
    d_keys = device_copy(keys, N);
    d_sorted = device_array<unsigned>(N);
    d_counts = device_array<unsigned>(GRID * DIGITS);
    return bench_drive(run, checksum);
}
