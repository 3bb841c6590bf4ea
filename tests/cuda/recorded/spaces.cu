// Variables with initial values, constants, shared and local memory, generic pointers, cache hints.
#include "values.h"
struct S {
    int a;
    float b;
    short c[3];
};
__constant__ S cs[3] = {{1, 2.5f, {3, 4, 5}}, {6, 7.5f, {8, 9, 10}}};
__constant__ int ci = 42;
__device__ int dv = -5;
__device__ S ds = {11, 12.5f, {13}};
__device__ int da[4] = {1, 2};
__device__ const char *str = "hello";
__device__ char buf[6] = "world";
__managed__ int mv[3] = {7, 8};
__device__ int *ptr = &dv;
__device__ double dd = 1.0 / 3;
__constant__ double cd[2] = {1e300, -0.0};
static __device__ u64 big = 0x123456789abcdef0ull;
__device__ bool flag = true;
__device__ int3 i3 = {1, 2, 3};
__constant__ const int *cp = &dv;
__device__ int fa(int x) { return x + 1; }
__device__ int fb(int x) { return x * 2; }
typedef int (*F)(int);
__device__ F table[2] = {fa, fb};
__constant__ F ctable[2] = {fb, fa};
__global__ void k(u64 *o) {
    int t = threadIdx.x, n = 0;
    auto put = [&](u64 x) {
        if (t == 0) o[n] = x;
        n++;
    };
    put(cs[1].a + cs[2].a);
    put(__float_as_uint(cs[t % 2].b));
    put(cs[0].c[2]);
    put(ci);
    put(dv);
    put(ds.a + ds.c[0]);
    put(da[1] + da[3]);
    for (int i = 0; i < 5; i++) put(str[i]);
    put(buf[4]);
    put(mv[1]);
    put(*ptr);
    put(__double_as_longlong(dd));
    put(__double_as_longlong(cd[1]));
    put(big);
    put(flag);
    put(i3.z);
    put(*cp);
    put(table[t & 1](10));
    put(ctable[1](10));
    if (t == 0) {
        dv = 99;
        mv[2] = 5;
        da[3] = 8;
        flag = false;
    }
}
extern __shared__ char dyn[];
extern __shared__ double dynd[];
__global__ void shm(u32 *o, int n) {
    int t = threadIdx.x;
    __shared__ int st[32];
    __shared__ char pad[3];
    __shared__ double al;
    double *a = (double *)dyn;
    float *b = (float *)(a + n);
    unsigned char *c = (unsigned char *)(b + n);
    if (t < n) {
        a[t] = t * 1.5;
        b[t] = t * 2.5f;
        c[t] = t * 3;
    }
    st[t % 32] = t;
    pad[t % 3] = 1;
    al = 2;
    __syncthreads();
    if (t < n) o[t] = u32(a[n - 1 - t] * 4) + u32(b[n - 1 - t]) + c[n - 1 - t];
    if (t == 0) {
        o[100] = (size_t)&al % 8;
        o[101] = (size_t)dynd % 8;
        o[102] = (char *)dynd == dyn;
        o[103] = __isShared(st) + 2 * __isGlobal(o) + 4 * __isLocal(&t) + 8 * __isConstant(&ci) + 16 * __isShared(o) +
                 32 * __isGlobal(st);
        o[104] = al + pad[1];
    }
}
__global__ void loc(u32 *o) {
    int t = threadIdx.x;
    int a[20];
    for (int i = 0; i < 20; i++) a[i] = mix(t * 20 + i) % 20;
    int p = t % 20;
    for (int i = 0; i < 30; i++) {
        int q = a[p];
        a[p] = (q + i) % 20;
        p = q;
    }
    u32 h = 0;
    for (int i = 0; i < 20; i++) h = h * 31 + a[i];
    o[t] = h;
    char s[16];
    for (int i = 0; i < 16; i++) s[i] = 'a' + (t + i) % 26;
    int *w = (int *)s;
    o[64 + t] = w[t % 4] ^ *(short *)(s + 2 * (t % 8));
    union {
        float f;
        u32 u;
        unsigned char c[4];
    } u;
    u.f = t * 1.1f;
    u.c[t % 4] ^= 0xff;
    o[128 + t] = u.u;
    S m[3] = {{t}, {t + 1}, {t + 2}};
    S *q = &m[t % 3];
    q->c[t % 2] = 7;
    o[192 + t] = m[0].c[0] + m[1].c[1] * 10 + m[2].a;
}
__global__ void gen(int *g, u32 *o) {
    __shared__ int s[64];
    int l[4] = {1, 2, 3, 4};
    int t = threadIdx.x;
    s[t] = t * 2;
    __syncthreads();
    int *p = t % 4 == 0 ? g + t : t % 4 == 1 ? s + (t ^ 1) : t % 4 == 2 ? l + t % 3 : (int *)&cs[t % 2].a;
    o[t] = *p;
    if (t % 4 != 3) *p = 1000 + t;
    __syncthreads();
    o[64 + t] = g[t] + s[t] + l[t % 4];
}
__global__ void cache(const int *__restrict__ a, int *b, u32 *o) {
    int t = threadIdx.x;
    o[t] = __ldg(a + t) + __ldcs(a + t) * 2 + __ldca(a + t) * 3 + __ldcg(a + t) * 4 + __ldlu(b + t) * 5 +
           __ldcv(b + t) * 6;
    int4 v = __ldg((const int4 *)a + t % 4);
    o[64 + t] = v.x + v.y * 10 + v.z * 100 + v.w;
    __stcs(b + t, t);
    __stcg(b + 64 + t, t * 2);
    __stwb(b + 128 + t, t * 3);
    __stwt(b + 192 + t, t * 4);
    volatile int *vb = b;
    o[128 + t] = vb[t] + vb[64 + t];
}
int main() {
    Buf<u64> o(64);
    k<<<1, 32>>>(o);
    o.show("vars", 24);
    k<<<1, 32>>>(o);
    o.show("vars2", 24);
    int h[4] = {}, x = 1234;
    printf("%d %d\n", mv[1], mv[2]);
    CK(cudaMemcpyFromSymbol(h, da, 16));
    printf("%d %d %d %d\n", h[0], h[1], h[2], h[3]);
    CK(cudaMemcpyToSymbol(ci, &x, 4));
    CK(cudaMemcpyToSymbol(da, &x, 4, 8));
    void *p;
    CK(cudaGetSymbolAddress(&p, da));
    CK(cudaMemcpy(h, p, 16, cudaMemcpyDeviceToHost));
    printf("%d %d %d %d\n", h[0], h[1], h[2], h[3]);
    size_t sz;
    CK(cudaGetSymbolSize(&sz, cs));
    printf("%zu\n", sz);
    mv[0] = 70;
    k<<<1, 32>>>(o);
    o.show("vars3", 24);
    Buf<u32> s(128);
    shm<<<1, 64, 50 * 13>>>(s, 50);
    s.show("shared", 10);
    s.show("s", 128);
    Buf<u32> l(256);
    loc<<<1, 64>>>(l);
    l.show("local", 16);
    Buf<int> g(std::vector<int>(64, 5));
    Buf<u32> q(128);
    gen<<<1, 64>>>(g, q);
    q.show("generic", 16);
    g.show("g", 16);
    std::vector<int> av(64);
    for (int i = 0; i < 64; i++) av[i] = i * i;
    Buf<int> a(av), b(256);
    cache<<<1, 64>>>(a, b, l);
    l.show("cache");
    b.show("stores");
}
