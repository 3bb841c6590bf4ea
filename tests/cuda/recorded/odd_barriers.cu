// Barriers in odd blocks: counting ones, named ones, threads that left, warps in halves.
#include "values.h"
__global__ void counts(int *o) {
    int t = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z),
        n = blockDim.x * blockDim.y * blockDim.z, k = 0;
    auto put = [&](int x) { o[k++ * n + t] = x; };
    for (int r = 0; r < 4; r++) {
        put(__syncthreads_count(mix(t + r) % 3 == 0));
        put(__syncthreads_and(t + r < 1000));
        put(__syncthreads_or(t == 17 + r));
        put(__syncthreads_count(t));
    }
}
__global__ void rev(int *o) {
    extern __shared__ int s[];
    int t = threadIdx.x, n = blockDim.x;
    s[t] = t * t;
    __syncthreads();
    for (int d = 1; d < n; d *= 2) {
        int v = t >= d ? s[t - d] : 0;
        __syncthreads();
        s[t] += v;
        __syncthreads();
    }
    o[t] = s[n - 1 - t];
}
__global__ void early(int *o, int live) {
    __shared__ int s[1024];
    int t = threadIdx.x;
    if (t >= live) return;
    s[t] = t;
    __syncthreads();
    o[t] = s[live - 1 - t] + s[(t + 32) % live];
    __syncthreads();
    s[t] = o[t] * 2;
    __syncthreads();
    o[t] += s[(t * 7) % live];
}
__global__ void named(int *o) {
    __shared__ int s[128];
    int t = threadIdx.x, w = t / 32;
    s[t] = 0;
    __syncthreads();
    if (w < 2) {
        s[t] = t + 1;
        asm volatile("bar.sync 1, 64;" ::: "memory");
        o[t] = s[63 - t];
    } else {
        s[t] = t * 3;
        asm volatile("barrier.sync 2, 64;" ::: "memory");
        o[t] = s[191 - t];
    }
    __syncthreads();
    int x;
    asm volatile("{.reg .pred p, q; setp.gt.s32 q, %1, 50; barrier.red.or.pred p, 3, 128, q; selp.s32 %0, 1, 0, p;}"
                 : "=r"(x)
                 : "r"(t)
                 : "memory");
    o[128 + t] = x;
    asm volatile("{.reg .pred q; setp.gt.s32 q, %1, 50; barrier.red.popc.u32 %0, 4, q;}" : "=r"(x) : "r"(t) : "memory");
    o[256 + t] = x;
}
__global__ void loopbar(int *o) {
    __shared__ int s[97];
    int t = threadIdx.x;
    s[t] = t;
    __syncthreads();
    for (int i = 0; i < 10; i++) {
        int v = s[(t + 1) % 97];
        __syncthreads();
        if (i & 1) s[t] = v + i;
        else if (i % 4 == 0) s[t] = v * 2 % 1001;
        __syncthreads();
    }
    o[t] = s[t];
}
__global__ void warpbar(int *o) {
    __shared__ int s[64];
    int t = threadIdx.x;
    s[t] = t;
    if (t % 2) {
        __syncwarp(0xaaaaaaaa);
        int next = s[(t & 32) + ((t + 2) % 32 | 1)];
        __syncwarp(0xaaaaaaaa);
        s[t] = next;
        __syncwarp(0xaaaaaaaa);
    } else {
        __syncwarp(0x55555555);
        s[t] += 100;
        __syncwarp(0x55555555);
    }
    __syncwarp();
    o[t] = s[t ^ 1];
}
int main() {
    for (dim3 b : {dim3(1), dim3(31), dim3(33), dim3(97), dim3(1023), dim3(1024), dim3(7, 5), dim3(3, 3, 3),
                   dim3(1, 1, 64), dim3(17, 11, 2)}) {
        int n = b.x * b.y * b.z;
        Buf<int> o(16 * n);
        counts<<<2, b>>>(o);
        o.show("counts", 8);
        Buf<int> q(n);
        rev<<<1, n, n * 4>>>(q);
        q.show("rev");
    }
    for (int live : {1, 31, 32, 33, 100, 255}) {
        Buf<int> o(256);
        early<<<1, 256>>>(o, live);
        o.show("early");
    }
    Buf<int> o(384);
    named<<<1, 128>>>(o);
    o.show("named", 10);
    Buf<int> p(97);
    loopbar<<<1, 97>>>(p);
    p.show("loop");
    Buf<int> w(64);
    warpbar<<<1, 64>>>(w);
    w.show("warpbar", 64);
}
