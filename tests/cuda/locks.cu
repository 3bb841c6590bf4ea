// Threads that wait for each other: a spin lock that lanes of one warp contend for, a ticket lock, and a hand-over
// between blocks through flags.
#include "testing.h"

__device__ int lock_word;
__global__ void spin_lock(int *counter) {
    bool done = false;
    while (!done) {
        if (atomicCAS(&lock_word, 0, 1) == 0) {
            *counter = *(volatile int *)counter + 1;
            __threadfence();
            atomicExch(&lock_word, 0);
            done = true;
        }
    }
}

// The simplest form of a lock: needs threads of a warp to make progress on their own (compute capability 7.0).
__device__ unsigned next_ticket, now_serving;
__global__ void ticket_lock(int *counter) {
    unsigned mine = atomicAdd(&next_ticket, 1);
    while (atomicAdd(&now_serving, 0) != mine) {
    }
    *(volatile int *)counter = *(volatile int *)counter + 1;
    __threadfence();
    atomicAdd(&now_serving, 1);
}

// Block b waits for block b - 1: blocks must start in order and none may be starved.
__global__ void chain(volatile int *flags, int *sums) {
    __shared__ int before;
    int b = blockIdx.x;
    if (threadIdx.x == 0) {
        before = 0;
        if (b > 0) {
            while (flags[b - 1] == 0) {
            }
            before = flags[b - 1];
        }
    }
    __syncthreads();
    int total = before + __syncthreads_count(1);
    if (threadIdx.x == 0) {
        sums[b] = total;
        __threadfence();
        flags[b] = total;
    }
}

__device__ unsigned finished;
// The last block to finish adds up what the others left (threadFenceReduction's pattern).
__global__ void last_block(int *partial, int *total) {
    __shared__ bool is_last;
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = blockIdx.x + 1;
        __threadfence();
        is_last = atomicInc(&finished, gridDim.x) == gridDim.x - 1;
    }
    __syncthreads();
    if (is_last && threadIdx.x == 0) {
        int sum = 0;
        for (int i = 0; i < gridDim.x; i++) sum += ((volatile int *)partial)[i];
        *total = sum;
    }
}

int main() {
    Managed<int> counter(1);
    spin_lock<<<4, 64>>>(counter);
    finish();
    expect(counter[0], 256, "spin lock");
    counter[0] = 0;
    ticket_lock<<<4, 64>>>(counter);
    finish();
    expect(counter[0], 256, "ticket lock");

    const int blocks = 200;
    Managed<int> flags(blocks), sums(blocks), total(1);
    chain<<<blocks, 64>>>(flags, sums);
    finish();
    for (int b = 0; b < blocks; b++) expect(sums[b], 64 * (b + 1), "chain", b);
    last_block<<<blocks, 64>>>(flags, total);
    finish();
    expect(total[0], blocks * (blocks + 1) / 2, "last block");
    return result();
}
