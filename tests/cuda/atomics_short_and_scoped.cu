// cc: -std=c++17 -arch=sm_90
// Atomics of half, bfloat16, 16 bits, float2 and float4, of every scope, through atomic_ref and generic pointers.
#include <vector>
#include <algorithm>
#include "testing.h"
#include <cuda_fp16.h>
#include <cuda_bf16.h>
#include <cuda/atomic>
struct Pair {
    int a;
    float b;
};
__global__ void halves(__half *h, __half2 *h2, __nv_bfloat16 *b, __nv_bfloat162 *b2, __half *old) {
    int t = threadIdx.x + blockIdx.x * blockDim.x;
    old[t] = atomicAdd(h, __float2half(1.0f));
    atomicAdd(h2, __floats2half2_rn(1.0f, -2.0f));
    if (t < 128) {
        atomicAdd(b, __float2bfloat16(1.0f));
        atomicAdd(b2, __floats2bfloat162_rn(0.5f, 1.0f));
    }
}
__global__ void cas16(unsigned short *p, int n) {  // 16-bit maximum and counter by CAS
    unsigned short v = (threadIdx.x * 7919 + blockIdx.x) % n, old = p[0], as;
    do {
        as = old;
        if (as >= v) break;
        old = atomicCAS(p, as, v);
    } while (old != as);
    old = p[1];
    do {
        as = old;
        old = atomicCAS(p + 1, as, (unsigned short)(as + 1));
    } while (old != as);
}
__global__ void f4(float2 *a, float4 *b) {
    float2 r = atomicAdd(a, make_float2(1, 2));
    float4 s = atomicAdd(b, make_float4(1, 2, 3, 4));
    if (r.y != 2 * r.x || s.w != 4 * s.x) atomicAdd(&a[1].x, 1.f);
}
template <typename T>
__global__ void rest(T *p) {
    T v = T((threadIdx.x * 2654435761u + blockIdx.x * 40503u) >> 3);
    atomicMin(p, v);
    atomicMax(p + 1, v);
    atomicAnd(p + 2, v | T(0xff00));
    atomicOr(p + 3, v);
    atomicXor(p + 4, v);
    atomicExch(p + 5, v);
    __shared__ T s[6];
    if (threadIdx.x < 6) s[threadIdx.x] = p[8 + threadIdx.x];
    __syncthreads();
    atomicMin(s, v);
    atomicMax(s + 1, v);
    atomicAnd(s + 2, v | T(0xff00));
    atomicOr(s + 3, v);
    atomicXor(s + 4, v);
    T o = atomicExch(s + 5, v);
    if (o == T(12345)) s[5] = v;
    __syncthreads();
    if (threadIdx.x < 5) p[16 + blockIdx.x * 8 + threadIdx.x] = s[threadIdx.x];
}
template <typename T>
void check_rest(const char *n) {
    Managed<T> p(16 + 8 * 4);
    T init[6] = {T(~0ull >> (sizeof(T) * 8 == 32 ? 33 : 1)), 0, T(~0ull), 0, 0, 0};
    for (int i = 0; i < 6; i++) p[i] = p[8 + i] = init[i];
    rest<T><<<4, 77>>>(p);
    finish();
    T w[5] = {init[0], 0, T(~0ull), 0, 0};
    for (int b = 0; b < 4; b++) {
        T u[5] = {init[0], 0, T(~0ull), 0, 0};
        for (int t = 0; t < 77; t++) {
            T v = T((t * 2654435761u + b * 40503u) >> 3);
            for (T *x : {w, u}) {
                x[0] = std::min(x[0], v);
                x[1] = std::max(x[1], v);
                x[2] &= v | T(0xff00);
                x[3] |= v;
                x[4] ^= v;
            }
        }
        for (int i = 0; i < 5; i++) expect(p[16 + b * 8 + i], u[i], n, b * 10 + i);
    }
    for (int i = 0; i < 5; i++) expect(p[i], w[i], n, 100 + i);
}
__global__ void subs(int *a, unsigned *b, unsigned long long *c, double *d, float *f) {
    atomicSub(a, int(threadIdx.x));
    atomicSub(b, 3u);
    atomicAdd(c, ~0ull);
    atomicAdd_block(d, 0.25);
    atomicAdd_system(f, -0.5f);
    atomicInc_block(b + 1, 9u);
    atomicDec_system(b + 2, 9u);
    atomicCAS_block(a + 1, 0, 7);
    atomicExch_system(a + 2, 9);
    atomicOr_block(b + 3, 1u << (threadIdx.x & 31));
    atomicMin_block(a + 3, -int(threadIdx.x));
    atomicXor_system(c + 1, 1ull << threadIdx.x);
}
__global__ void refs(int *p, double *d, unsigned char *flag, Pair *pr) {
    cuda::atomic_ref<int, cuda::thread_scope_device> r(*p);
    r.fetch_add(2, cuda::memory_order_relaxed);
    r++;
    --r;
    r.fetch_max(int(threadIdx.x));
    cuda::atomic_ref<double> dd(*d);
    dd.fetch_add(0.5);
    __shared__ cuda::atomic<int, cuda::thread_scope_block> c;
    if (threadIdx.x == 0) new (&c) cuda::atomic<int, cuda::thread_scope_block>(0);
    __syncthreads();
    c.fetch_or(1 << (threadIdx.x % 31));
    int e = 5;
    c.compare_exchange_strong(e, 6);
    __syncthreads();
    if (threadIdx.x == 0) p[1] = c.load(cuda::std::memory_order_acquire);
    cuda::atomic_ref<unsigned char, cuda::thread_scope_device> f(*flag);
    f.fetch_add(1);
    cuda::atomic_ref<Pair, cuda::thread_scope_device> q(*pr);
    Pair as = q.load(), ne;
    do {
        ne = Pair{as.a + 1, as.b + 0.5f};
    } while (!q.compare_exchange_weak(as, ne));
    cuda::atomic_thread_fence(cuda::memory_order_seq_cst, cuda::thread_scope_device);
}
__device__ int counter;
__device__ unsigned last_block;
__global__ void lastone(const int *in, int *out, int *partial, int n) {  // threadFenceReduction
    __shared__ int s;
    __shared__ bool last;
    if (threadIdx.x == 0) s = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&s, in[i]);
    __syncthreads();
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = s;
        __threadfence();
        last = atomicInc(&last_block, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (last) {
        int v = 0;
        for (int i = threadIdx.x; i < gridDim.x; i += blockDim.x) v += partial[i];
        atomicAdd(&counter, v);
        __syncthreads();
        if (threadIdx.x == 0) {
            *out = counter;
            counter = 0;
        }
    }
}
__global__ void generic(int *g, int which) {
    __shared__ int s;
    int l = 5;
    if (threadIdx.x == 0) s = 100;
    __syncthreads();
    int *p = which == 0 ? g : which == 1 ? &s : (threadIdx.x & 1 ? g : &s);
    atomicAdd(p, 1);
    int *q = threadIdx.x % 3 == 0 ? &l : g + 1;
    if (q != &l)
        atomicAdd(q, 2);
    else
        *q += 2;
    __syncthreads();
    if (threadIdx.x == 0) g[2] = s, g[3] = l;
}
int main() {
    {
        Managed<__half> h(1), old(2048);
        Managed<__half2> h2(1);
        Managed<__nv_bfloat16> b(1);
        Managed<__nv_bfloat162> b2(1);
        halves<<<8, 128>>>(h, h2, b, b2, old);
        finish();
        expect(__half2float(h[0]), 1024.f, "half");
        expect(__low2float(h2[0]), 1024.f, "half2 lo");
        expect(__high2float(h2[0]), -2048.f, "half2 hi");
        expect(__bfloat162float(b[0]), 128.f, "bf");
        expect(__high2float(b2[0]), 128.f, "bf2");
        expect(__low2float(b2[0]), 64.f, "bf2");
        std::vector<float> o;
        for (int i = 0; i < 1024; i++) o.push_back(__half2float(old[i]));
        std::sort(o.begin(), o.end());
        for (int i = 0; i < 1024; i++) expect(o[i], float(i), "half old", i);
    }
    {
        Managed<unsigned short> p(2);
        cas16<<<3, 100>>>(p, 60000);
        finish();
        unsigned short m = 0;
        for (int b = 0; b < 3; b++)
            for (int t = 0; t < 100; t++) m = std::max<int>(m, (t * 7919 + b) % 60000);
        expect(p[0], m, "cas16 max");
        expect(p[1], (unsigned short)300, "cas16 count");
    }
    {
        Managed<float2> a(2);
        Managed<float4> b(1);
        f4<<<4, 50>>>(a, b);
        finish();
        expect(a[0].y, 400.f, "float2");
        expect(b[0].w, 800.f, "float4");
        expect(a[1].x, 0.f, "float2 old");
    }
    check_rest<int>("int");
    check_rest<unsigned>("unsigned");
    check_rest<unsigned long long>("ull");
    {
        Managed<int> a(4);
        Managed<unsigned> b(4);
        Managed<unsigned long long> c(2);
        Managed<double> d(1);
        Managed<float> f(1);
        b[2] = 50;
        subs<<<1, 45>>>(a, b, c, d, f);
        finish();
        expect(a[0], -990, "sub");
        expect(b[0], -135u, "subu");
        expect(c[0], -45ull, "add -1");
        expect(d[0], 11.25, "block d");
        expect(f[0], -22.5f, "system f");
        expect(b[1], 5u, "inc");
        {
            unsigned x = 50;
            for (int i = 0; i < 45; i++) x = x == 0 || x > 9 ? 9 : x - 1;
            expect(b[2], x, "dec");
        }
        expect(a[1], 7, "cas");
        expect(a[2], 9, "exch");
        expect(b[3], ~0u, "or");
        expect(a[3], -44, "min");
        expect(c[1], (1ull << 45) - 1, "xor");
    }
    {
        Managed<int> p(2);
        Managed<double> d(1);
        Managed<unsigned char> f(4);
        Managed<Pair> pr(1);
        refs<<<1, 60>>>(p, d, f, pr);
        finish();
        expect(d[0], 30.0, "ref double");
        expect(p[1], 0x7fffffff, "atomic or");
        expect(int(f[0]), 60, "ref char");
        expect(int(f[1]), 0, "ref char spill");
        expect(pr[0].a, 60, "ref struct");
        expect(pr[0].b, 30.f, "ref struct");
        if (p[0] < 59) wrong_count++;
    }
    {
        int n = 10007;
        Managed<int> in(n), out(1), part(33);
        int s = 0;
        for (int i = 0; i < n; i++) s += in[i] = i % 113;
        for (int k = 0; k < 3; k++) {
            lastone<<<33, 65>>>(in, out, part, n);
            finish();
            expect(out[0], s, "last block", k);
        }
    }
    for (int w = 0; w < 3; w++) {
        Managed<int> g(4);
        generic<<<1, 70>>>(g, w);
        finish();
        expect(g[0], w == 0 ? 70 : w == 1 ? 0 : 35, "gen", w);
        expect(g[2], 100 + (w == 0 ? 0 : w == 1 ? 70 : 35), "gen s", w);
        expect(g[1], 2 * 46, "gen 2", w);
        expect(g[3], 7, "gen l", w);
    }
    return result();
}
