// Barriers in blocks of odd sizes and shapes, in loops, in uniform branches and after early exits; barriers that count.
#include "testing.h"

// Rotates values through shared memory: every round reads what a neighbour wrote in the last one.
__global__ void rotate(int *out, int rounds) {
    extern __shared__ int ring[];
    int size = blockDim.x * blockDim.y * blockDim.z;
    int t = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    ring[t] = t;
    __syncthreads();
    for (int r = 0; r < rounds; r++) {
        int v = ring[(t + 1) % size];
        __syncthreads();
        ring[t] = v;
        __syncthreads();
    }
    out[blockIdx.x * size + t] = ring[t];
}

// Whether to wait depends on the block, and on a value in shared memory that all threads read alike.
__global__ void uniform_branches(int *out) {
    __shared__ int shared[128], turns;
    int t = threadIdx.x;
    if (t == 0) turns = blockIdx.x % 5;
    __syncthreads();
    int sum = 0;
    for (int i = 0; i < turns; i++) {
        shared[t] = t + i;
        if (blockIdx.x & 1) {
            __syncthreads();
            sum += shared[(t + 7) % blockDim.x];
        } else {
            __syncthreads();
            sum += shared[blockDim.x - 1 - t];
        }
        __syncthreads();
        if (sum < 0) return;
    }
    out[blockIdx.x * blockDim.x + t] = sum;
}

// Threads that have left no longer count.
__global__ void early_exit(int *out, int stay) {
    __shared__ int total;
    int t = threadIdx.x;
    if (t == 0) total = 0;
    __syncthreads();
    if (t >= stay) return;
    atomicAdd(&total, t);
    __syncthreads();
    out[t] = total;
}

__global__ void counting(int *count, int *all, int *any) {
    int t = threadIdx.x;
    count[t] = __syncthreads_count(t % 3 == 0);
    all[t] = __syncthreads_and(t < 1000) + 2 * __syncthreads_and(t != 5);
    any[t] = __syncthreads_or(t == 5) + 2 * __syncthreads_or(t > 1000);
}

// Producer and consumer warps meet at numbered barriers.
__global__ void named(int *out) {
    __shared__ int box[32];
    int lane = threadIdx.x & 31;
    for (int i = 0; i < 10; i++) {
        if (threadIdx.x < 32) {
            box[lane] = i * 100 + lane;
            asm volatile("bar.arrive 1, 64;" ::: "memory");
            asm volatile("bar.sync 2, 64;" ::: "memory");
        } else {
            asm volatile("bar.sync 1, 64;" ::: "memory");
            out[i * 32 + lane] = box[31 - lane];
            asm volatile("bar.arrive 2, 64;" ::: "memory");
        }
    }
}

int main() {
    const dim3 shapes[] = {dim3(1), dim3(2), dim3(31), dim3(32), dim3(33), dim3(77), dim3(1000), dim3(1024), dim3(3, 5, 7), dim3(16, 16), dim3(5, 33), dim3(1, 1, 64)};
    for (dim3 shape : shapes) {
        int size = shape.x * shape.y * shape.z, blocks = 3;
        Managed<int> out(size * blocks);
        for (int rounds : {0, 1, 5}) {
            rotate<<<blocks, shape, size * sizeof(int)>>>(out, rounds);
            finish();
            for (int i = 0; i < size * blocks; i++) expect(out[i], (i % size + rounds) % size, "rotate", size * 10000 + i);
        }
    }
    {
        const int threads = 77, blocks = 20;
        Managed<int> out(threads * blocks);
        uniform_branches<<<blocks, threads>>>(out);
        finish();
        for (int b = 0; b < blocks; b++) {
            for (int t = 0; t < threads; t++) {
                int sum = 0;
                for (int i = 0; i < b % 5; i++) sum += (b & 1 ? (t + 7) % threads : threads - 1 - t) + i;
                expect(out[b * threads + t], sum, "uniform branch", b * 1000 + t);
            }
        }
    }
    for (int stay : {1, 31, 32, 50, 128}) {
        Managed<int> out(128);
        early_exit<<<1, 128>>>(out, stay);
        finish();
        for (int t = 0; t < stay; t++) expect(out[t], stay * (stay - 1) / 2, "early exit", stay * 1000 + t);
    }
    for (int threads : {4, 77, 1024}) {
        Managed<int> count(threads), all(threads), any(threads);
        counting<<<1, threads>>>(count, all, any);
        finish();
        for (int t = 0; t < threads; t++) {
            expect(count[t], (threads + 2) / 3, "count", t);
            expect(all[t], (threads <= 1000) + 2 * (threads <= 5), "and", t);
            expect(any[t], (threads > 5) + 2 * (threads > 1001), "or", t);
        }
    }
    {
        Managed<int> out(320);
        named<<<1, 64>>>(out);
        finish();
        for (int i = 0; i < 320; i++) expect(out[i], i / 32 * 100 + 31 - i % 32, "named", i);
    }
    return result();
}
