// Atomics of every type and scope, in shared and global memory, and what they return.
#include "values.h"
#include <cuda_fp16.h>
#include <cuda_bf16.h>
template <class T> __global__ void ints(T *g) {
    __shared__ T s[12];
    int t = threadIdx.x;
    if (t < 12) s[t] = t == 4 || t == 2 ? ~T(0) : 0;
    __syncthreads();
    T v = T(mix(t));
    atomicAdd(s, v);
    atomicMax(s + 1, v);
    atomicMin(s + 2, v);
    atomicOr(s + 3, v & T(0x1111));
    atomicAnd(s + 4, v | T(0xf0f0));
    atomicXor(s + 5, v);
    if (t == 5) atomicExch(s + 6, T(77));
    if (t % 3 == 0) atomicCAS(s + 7, T(0), T(9));
    __syncthreads();
    T *p = g;
    atomicAdd(p, v);
    atomicMax(p + 1, v);
    atomicMin(p + 2, v);
    atomicOr(p + 3, v);
    atomicAnd(p + 4, ~v);
    atomicXor(p + 5, v);
    __syncthreads();
    if (t < 12) g[12 + t] = s[t];
}
__global__ void others(u32 *g, int *i, u64 *l, float *f, double *d, __half *h, __half2 *h2, __nv_bfloat16 *b,
                       __nv_bfloat162 *b2, unsigned short *us, long long *ll) {
    int t = threadIdx.x + blockIdx.x * blockDim.x;
    atomicInc(g, 6);
    atomicDec(g + 1, 9);
    atomicSub(g + 2, 3u);
    atomicSub(i, 5);
    atomicAdd(f, 0.25f);
    atomicExch(f + 1, 2.5f);
    atomicAdd(d, 0.125);
    atomicAdd(h, __float2half(0.5f));
    atomicAdd(h2, __floats2half2_rn(1.f, 0.25f));
    atomicAdd(b, __float2bfloat16(1.f));
    atomicAdd(b2, __floats2bfloat162_rn(1.f, 0.5f));
    atomicCAS(us + (t & 1), (unsigned short)0, (unsigned short)(500));
    atomicMin(ll, (long long)(t) * -1000003);
    atomicMax(ll + 1, (long long)t << 33);
    atomicAdd_system(g + 3, 2u);
    atomicAdd_block(g + 4, 1u);
    atomicMax_system(i + 1, t);
    atomicMin_block(i + 2, -t);
    atomicExch_system(l, 5ull);
    atomicCAS_system(l + 1, 0ull, 8ull);
    atomicOr_block(l + 2, 1ull << (t & 63));
    atomicXor_system(l + 3, 1ull << (t % 64));
    atomicAnd_system(l + 4, ~(1ull << (t % 33)));
    atomicAdd_system(d + 1, 1.0);
    atomicAdd_block(f + 2, 1.0f);
}
__global__ void olds(u32 *o) {
    __shared__ u32 c;
    int t = threadIdx.x;
    if (!t) c = 0;
    __syncthreads();
    u32 x = atomicInc(&c, 9);
    __syncthreads();
    atomicAdd(o + x, 1u);
    __syncthreads();
    if (!t) c = 3;
    __syncthreads();
    x = atomicDec(&c, 5);
    atomicAdd(o + 16 + x, 1);
    __syncthreads();
    if (t == 0) {
        c = 10;
        o[32] = atomicInc(&c, 5);
        o[33] = c;
        c = 0;
        o[34] = atomicDec(&c, 5);
        o[35] = c;
        c = 9;
        o[36] = atomicDec(&c, 5);
        o[37] = c;
        o[38] = atomicAdd(&c, ~0u);
        o[39] = atomicSub(&c, 10u);
        o[40] = c;
        o[41] = atomicMin((int *)&c, -3);
        o[42] = atomicMax(&c, 4u);
        o[43] = c;
        float f = 1;
        __shared__ float sf;
        sf = f;
        o[44] = __float_as_uint(atomicAdd(&sf, 1e-9f));
        o[45] = __float_as_uint(sf);
        sf = 3.4e38f;
        atomicAdd(&sf, 3e38f);
        o[46] = __float_as_uint(sf);
        sf = __uint_as_float(1);
        atomicAdd(&sf, __uint_as_float(3));
        o[47] = __float_as_uint(sf);
        __shared__ double sd;
        sd = 5e-324;
        atomicAdd(&sd, 5e-324);
        o[48] = (u32)__double_as_longlong(sd);
    }
}
int main() {
    {
        Buf<int> g(24);
        ints<<<3, 100>>>(g.d);
        g.show("int", 24);
    }
    {
        Buf<u32> g(24);
        ints<<<3, 100>>>(g.d);
        g.show("uint", 24);
    }
    {
        Buf<u64> g(24);
        ints<<<3, 100>>>(g.d);
        g.show("ull", 24);
    }
    Buf<u32> g(8);
    Buf<int> i(4);
    Buf<u64> l(std::vector<u64>{0, 0, 0, 0, ~0ull});
    Buf<float> f(4);
    Buf<double> d(2);
    Buf<__half> h(2);
    Buf<__half2> h2(1);
    Buf<__nv_bfloat16> b(2);
    Buf<__nv_bfloat162> b2(1);
    Buf<unsigned short> us(4);
    Buf<long long> ll(2);
    others<<<2, 50>>>(g, i, l, f, d, h, h2, b, b2, us, ll);
    g.show("g");
    i.show("i");
    l.show("l");
    f.show("f");
    d.show("d");
    h.show("h");
    h2.show("h2");
    b.show("b");
    b2.show("b2");
    us.show("us");
    ll.show("ll");
    Buf<u32> o(64);
    olds<<<1, 64>>>(o);
    o.show("olds", 64);
}
