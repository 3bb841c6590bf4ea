// Warps that hand values on through shared memory: ordered by __syncwarp alone, by volatile and nothing else, by moving
// together; and lanes that meet at __syncwarp on both sides of a branch. Long code makes narrow gangs attractive.
#include <cmath>

#include "testing.h"

__host__ __device__ float heavy(float x) {
    float r = 0;
#pragma unroll
    for (int i = 0; i < 60; i++) {
        r += x * (i + 1) / (r + 2 + i);
        r = fabsf(r) + sqrtf(x + i) * .125f;
    }
    return r;
}

__global__ void with_syncwarp(float *out) {
    __shared__ float s[256];
    int t = threadIdx.x, lane = t & 31, base = t & ~31;
    s[t] = heavy(t);
    __syncwarp();
    float v = s[base + 31 - lane];
    __syncwarp();
    s[t] = v + heavy(v) * 0;
    __syncwarp();
    out[t] = s[base + (lane ^ 9)];
}

__device__ __noinline__ void last_warp(volatile int *s, int t) {
    s[t] += s[t + 32];
    s[t] += s[t + 16];
    s[t] += s[t + 8];
    s[t] += s[t + 4];
    s[t] += s[t + 2];
    s[t] += s[t + 1];
}

__global__ void volatile_reduction(int *out, const int *in) {
    extern __shared__ int s[];
    int t = threadIdx.x;
    s[t] = in[blockIdx.x * 256 + t] + int(heavy(t) * 0);
    __syncthreads();
    for (int k = 128; k > 32; k >>= 1) {
        if (t < k) s[t] += s[t + k];
        __syncthreads();
    }
    if (t < 32) last_warp(s, t);
    if (t == 0) out[blockIdx.x] = s[0];
}

// Seventeen columns are summed by as many threads of one warp; the first then reads all of them.
__global__ void columns(int *out) {
    extern __shared__ int s[];
    int own[17];
    for (int i = 0; i < 17; i++) own[i] = 0;
    for (int k = threadIdx.x; k < 4000; k += blockDim.x) own[k * 5 % 17] += k;
    for (int i = 0; i < 17; i++) s[17 * threadIdx.x + i] = own[i];
    __syncthreads();
    if (threadIdx.x < 17) {
        int sum = 0;
        for (int i = threadIdx.x; i < 17 * blockDim.x; i += 17) sum += s[i];
        s[threadIdx.x] = sum;
    }
    if (threadIdx.x == 0) {
        int total = int(heavy(s[0]) * 0);
        for (int i = 0; i < 17; i++) total += s[i];
        *out = total;
    }
}

__global__ void both_sides(int *out, int rounds) {
    __shared__ int s[128];
    int t = threadIdx.x, lane = t & 31, base = t & ~31, sum = 0;
    for (int i = 0; i < rounds; i++) {
        if (lane < 10) {
            s[t] = t * i;
            __syncwarp();
            sum += s[base + 31 - lane];
            __syncwarp();
        } else {
            s[t] = t + i;
            __syncwarp();
            sum -= s[base + 31 - lane];
            __syncwarp();
        }
    }
    out[t] = sum;
}

__global__ void roles(int *out) {
    __shared__ int s[128];
    int t = threadIdx.x, lane = t & 31;
    switch (t / 32) {
    case 0:
        s[t] = t;
        __syncwarp();
        out[t] = s[lane ^ 1];
        break;
    case 1:
        s[t] = 2 * t;
        __syncwarp();
        out[t] = s[32 + (lane ^ 2)];
        break;
    default:
        out[t] = -1;
    }
}

int main() {
    Managed<float> values(256);
    with_syncwarp<<<1, 256>>>(values);
    finish();
    for (int t = 0; t < 256; t++) {
        float want = heavy((t & ~31) + 31 - ((t & 31) ^ 9));
        if (fabsf(values[t] - want) > 1e-3f * want) expect(values[t], want, "__syncwarp", t);
    }

    Managed<int> in(1024), sums(4);
    for (int i = 0; i < 1024; i++) in[i] = i * 3 % 101;
    volatile_reduction<<<4, 256, 1024>>>(sums, in);
    finish();
    for (int b = 0; b < 4; b++) {
        int want = 0;
        for (int i = 0; i < 256; i++) want += in[b * 256 + i];
        expect(sums[b], want, "volatile", b);
    }

    columns<<<1, 64, 17 * 64 * sizeof(int)>>>(sums);
    finish();
    expect(sums[0], 3999 * 2000, "columns");

    Managed<int> out(128);
    both_sides<<<1, 128>>>(out, 7);
    finish();
    for (int t = 0; t < 128; t++) {
        int want = 0, lane = t & 31, partner = (t & ~31) + 31 - lane;
        for (int i = 0; i < 7; i++) {
            int v = (partner & 31) < 10 ? partner * i : partner + i;
            want += lane < 10 ? v : -v;
        }
        expect(out[t], want, "both sides", t);
    }
    roles<<<1, 128>>>(out);
    finish();
    for (int t = 0; t < 128; t++) expect(out[t], t < 32 ? t ^ 1 : t < 64 ? 2 * (t ^ 2) : -1, "roles", t);
    return result();
}
