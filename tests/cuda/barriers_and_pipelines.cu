// cc: -std=c++17 -arch=sm_80
// Barriers in odd blocks: threads that left, counts and votes, named barriers between producers and consumers, cuda::barrier,
// pipelines, cp.async, __syncwarp of half warps.
#include <vector>
#include "testing.h"
#include <cuda/barrier>
#include <cuda/pipeline>
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
namespace cg = cooperative_groups;
__global__ void early(int *o, int cut) {
    int t = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    int n = blockDim.x * blockDim.y * blockDim.z;
    o[t] = -1;
    if (t % cut == 3) return;
    __syncthreads();
    int c = __syncthreads_count(t % 3 == 0), a = __syncthreads_and(t >= 0), r = __syncthreads_or(t == n - 1);
    o[t] = c * 4 + (a != 0) * 2 + (r != 0);
}
__global__ void scan3(int *o) {
    extern __shared__ int s[];
    int t = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z),
        n = blockDim.x * blockDim.y * blockDim.z;
    s[t] = t % 7 + blockIdx.x;
    __syncthreads();
    for (int d = 1; d < n; d <<= 1) {
        int v = t >= d ? s[t - d] : 0;
        __syncthreads();
        s[t] += v;
        __syncthreads();
    }
    o[blockIdx.x * n + t] = s[t];
}
// several producers and consumers with named barriers, ring of 3
__global__ void ring(int *o, int rounds) {
    __shared__ int buf[3][64];
    int w = threadIdx.x / 32;
    if (w < 2) {  // producers
        for (int r = 0; r < rounds; r++) {
            int s = r % 3;
            if (r >= 3) asm volatile("bar.sync %0, %1;" ::"r"(4 + s), "r"(128) : "memory");  // empty
            buf[s][threadIdx.x] = r * 100 + threadIdx.x;
            __threadfence_block();
            asm volatile("bar.arrive %0, %1;" ::"r"(1 + s), "r"(128) : "memory");
        }
    } else {
        int acc = 0, t = threadIdx.x - 64;
        for (int r = 0; r < rounds; r++) {
            int s = r % 3;
            asm volatile("bar.sync %0, %1;" ::"r"(1 + s), "r"(128) : "memory");
            acc += buf[s][63 - t] * (r + 1);
            if (r + 3 < rounds) asm volatile("bar.arrive %0, %1;" ::"r"(4 + s), "r"(128) : "memory");
        }
        o[blockIdx.x * 64 + t] = acc;
    }
}
__global__ void inloops(int *o) {
    __shared__ int s[1024];
    int t = threadIdx.x, n = blockDim.x;
    s[t] = t;
    for (int i = 0; i < 5; i++) {
        __syncthreads();
        int v = s[(t + 1) % n];
        if (t & 1) {
            for (int k = 0; k < t % 7; k++) v += k;
        } else {
            if (v % 5 == 0) v *= 2;
        }
        __syncthreads();
        s[t] = v % 10007;
        if (i == 3) {
            __syncthreads();
            s[t] += s[t] & 1;
        }
    }
    __syncthreads();
    o[t] = s[t];
}
__global__ void barred(int *o) {
    int t = threadIdx.x;
    int r, p;
    asm volatile(
        "{ .reg .pred a,b; setp.lt.s32 a, %2, 40; bar.red.popc.u32 %0, 0, a; bar.red.and.pred b, 0, a; selp.s32 %1, 1, "
        "0, b; }"
        : "=r"(r), "=r"(p)
        : "r"(t)
        : "memory");
    o[t] = r * 2 + p;
    if (t < 64) {
        asm volatile(
            "{ .reg .pred a,b; setp.eq.s32 a, %2, 5; barrier.red.popc.aligned.u32 %0, 3, 64, !a; barrier.red.or.pred "
            "b, 3, 64, a; selp.s32 %1, 1, 0, b; }"
            : "=r"(r), "=r"(p)
            : "r"(t)
            : "memory");
        o[t] += 1000 * (r * 2 + p);
    }
}
__global__ void cppbar(int *o, int n) {
    using B = cuda::barrier<cuda::thread_scope_block>;
    __shared__ B bar[2];
    __shared__ int s[512];
    if (threadIdx.x == 0) {
        init(&bar[0], blockDim.x);
        init(&bar[1], blockDim.x);
    }
    __syncthreads();
    int acc = 0;
    for (int i = 0; i < n; i++) {
        s[threadIdx.x] = i * threadIdx.x;
        auto tok = bar[0].arrive();
        acc += i;
        bar[0].wait(std::move(tok));
        acc += s[(threadIdx.x + i) % blockDim.x];
        bar[1].arrive_and_wait();
    }
    o[blockIdx.x * blockDim.x + threadIdx.x] = acc;
}
template <int STAGES>
__global__ void pipe(const int *in, int *o, int batches) {
    extern __shared__ int sm[];
    auto b = cg::this_thread_block();
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, STAGES> st;
    auto p = cuda::make_pipeline(b, &st);
    int n = b.size();
    int acc = 0;
    for (int c = 0, f = 0; c < batches; c++) {
        for (; f < batches && f < c + STAGES; f++) {
            p.producer_acquire();
            cuda::memcpy_async(b, sm + (f % STAGES) * n, in + f * n, sizeof(int) * n, p);
            p.producer_commit();
        }
        p.consumer_wait();
        acc += sm[(c % STAGES) * n + (b.thread_rank() * 3 + c) % n];
        p.consumer_release();
    }
    o[b.thread_rank()] = acc;
}
__global__ void asmcopy(const int4 *in, int4 *o) {
    __shared__ int4 s[128];
    unsigned a = (unsigned)__cvta_generic_to_shared(&s[threadIdx.x]);
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(a), "l"(in + threadIdx.x) : "memory");
    asm volatile("cp.async.commit_group;" ::: "memory");
    asm volatile("cp.async.wait_group 0;" ::: "memory");
    __syncthreads();
    o[threadIdx.x] = s[127 - threadIdx.x];
    __syncthreads();
    // with a source size: the rest is zero
    asm volatile("cp.async.ca.shared.global [%0], [%1], 16, %2;" ::"r"(a), "l"(in + threadIdx.x),
                 "r"(int(threadIdx.x % 5) * 4 > 16 ? 16 : int(threadIdx.x % 5) * 4)
                 : "memory");
    asm volatile("cp.async.wait_all;" ::: "memory");
    __syncthreads();
    int4 v = s[threadIdx.x];
    o[128 + threadIdx.x] = v;
}
__global__ void warpbar(int *o) {
    __shared__ volatile int s[64];
    int t = threadIdx.x;
    s[t] = t;
    if (t % 32 < 16) {
        __syncwarp(0xffff);
        int v = s[t ^ 1];
        __syncwarp(0xffff);
        s[t] = v * 2;
        __syncwarp(0x0000ffff);
        o[t] = s[t ^ 2];
    } else {
        int v = 0;
        for (int i = 0; i < 3; i++) {
            __syncwarp(0xffff0000);
            v += s[t ^ 4];
            __syncwarp(0xffff0000);
            s[t] = v;
        }
        o[t] = v;
    }
}
int main() {
    dim3 shapes[] = {dim3(1),    dim3(31),      dim3(33),       dim3(95),     dim3(257),
                     dim3(1000), dim3(3, 5, 7), dim3(1, 1, 64), dim3(13, 17), dim3(2, 32, 16)};
    for (dim3 d : shapes) {
        int n = d.x * d.y * d.z;
        for (int cut : {4, 7, 33}) {
            Managed<int> o(n);
            early<<<1, d>>>(o, cut);
            finish();
            int c = 0;
            bool last = false;
            for (int t = 0; t < n; t++)
                if (t % cut != 3) {
                    c += t % 3 == 0;
                    last |= t == n - 1;
                }
            for (int t = 0; t < n; t++) expect(o[t], t % cut == 3 ? -1 : c * 4 + 2 + last, "early", n * 10000 + t);
        }
        Managed<int> o(n * 3);
        scan3<<<3, d, n * 4>>>(o);
        finish();
        for (int b = 0; b < 3; b++) {
            int s = 0;
            for (int t = 0; t < n; t++) {
                s += t % 7 + b;
                expect(o[b * n + t], s, "scan", n * 10000 + t);
            }
        }
        Managed<int> q(n);
        inloops<<<1, n>>>(q);
        finish();
        std::vector<int> s(n), v(n);
        for (int t = 0; t < n; t++) s[t] = t;
        for (int i = 0; i < 5; i++) {
            for (int t = 0; t < n; t++) {
                int x = s[(t + 1) % n];
                if (t & 1)
                    for (int k = 0; k < t % 7; k++) x += k;
                else if (x % 5 == 0)
                    x *= 2;
                v[t] = x % 10007;
            }
            if (i == 3)
                for (int t = 0; t < n; t++) v[t] += v[t] & 1;
            s = v;
        }
        for (int t = 0; t < n; t++) expect(q[t], s[t], "loops", n * 10000 + t);
    }
    {
        Managed<int> o(3 * 64);
        int R = 11;
        ring<<<3, 128>>>(o, R);
        finish();
        for (int i = 0; i < 192; i++) {
            int a = 0;
            for (int r = 0; r < R; r++) a += (r * 100 + 63 - i % 64) * (r + 1);
            expect(o[i], a, "ring", i);
        }
    }
    {
        Managed<int> o(96);
        barred<<<1, 96>>>(o);
        finish();
        for (int t = 0; t < 96; t++) expect(o[t], 80 + (t < 64 ? 1000 * (63 * 2 + 1) : 0), "red", t);
    }
    {
        Managed<int> o(200);
        cppbar<<<2, 100>>>(o, 9);
        finish();
        for (int t = 0; t < 200; t++) {
            int a = 0;
            for (int i = 0; i < 9; i++) a += i + i * ((t % 100 + i) % 100);
            expect(o[t], a, "cuda::barrier", t);
        }
    }
    {
        int n = 96, B = 10;
        Managed<int> in(n * B), o(n);
        for (int i = 0; i < n * B; i++) in[i] = i * 7;
        pipe<2><<<1, n, 2 * n * 4>>>(in, o, B);
        finish();
        for (int t = 0; t < n; t++) {
            int a = 0;
            for (int c = 0; c < B; c++) a += in[c * n + (t * 3 + c) % n];
            expect(o[t], a, "pipeline2", t);
        }
        pipe<4><<<1, n, 4 * n * 4>>>(in, o, B);
        finish();
        for (int t = 0; t < n; t++) {
            int a = 0;
            for (int c = 0; c < B; c++) a += in[c * n + (t * 3 + c) % n];
            expect(o[t], a, "pipeline4", t);
        }
    }
    {
        Managed<int4> in(128), o(256);
        for (int i = 0; i < 128; i++) in[i] = make_int4(i, i * 2, i * 3, i * 4);
        asmcopy<<<1, 128>>>(in, o);
        finish();
        for (int i = 0; i < 128; i++) {
            expect(o[i].z, (127 - i) * 3, "cp.async", i);
            int k = i % 5;
            expect(o[128 + i].x, k > 0 ? i : 0, "zfill", i);
            expect(o[128 + i].y, k > 1 ? 2 * i : 0, "zfill", i);
            expect(o[128 + i].w, k > 3 ? 4 * i : 0, "zfill", i);
        }
    }
    {
        Managed<int> o(64);
        warpbar<<<1, 64>>>(o);
        finish();
        for (int t = 0; t < 64; t++) {
            if (t % 32 < 16)
                expect(o[t], 2 * ((t ^ 2) ^ 1), "syncwarp", t);
            else {
                int b = t & 32, s[16], v[16] = {};
                for (int i = 0; i < 16; i++) s[i] = b + 16 + i;
                for (int i = 0; i < 3; i++) {
                    for (int k = 0; k < 16; k++) v[k] += s[k ^ 4];
                    for (int k = 0; k < 16; k++) s[k] = v[k];
                }
                expect(o[t], v[t & 15], "syncwarp hi", t);
            }
        }
    }
    return result();
}
