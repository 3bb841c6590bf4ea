// cc: --extended-lambda
// Virtual calls, new and delete, placement, function pointers in tables, lambdas.
#include "values.h"
#include <new>
struct B {
    int v;
    __device__ B(int v) : v(v) {}
    __device__ virtual ~B() {
        if (cnt) atomicAdd(cnt, v);
    }
    __device__ virtual int f(int x) const { return x + v; }
    __device__ virtual int g() { return 1; }
    int *cnt = nullptr;
};
struct C : B {
    int w;
    __device__ C(int v, int w) : B(v), w(w) {}
    __device__ int f(int x) const override { return x * w + B::f(x); }
    __device__ ~C() override {
        if (cnt) atomicAdd(cnt, 1000);
    }
};
struct I {
    __device__ virtual int h() = 0;
    __device__ virtual ~I() {}
};
struct M : C, I {
    __device__ M(int v) : C(v, 3) {}
    __device__ int h() override { return v + w; }
    __device__ int g() override { return 5; }
};
template <int N> struct T : B {
    __device__ T() : B(N) {}
    __device__ int f(int x) const override { return x % (N + 1); }
};
__global__ void k(int *o, int *cnt) {
    int t = threadIdx.x;
    B *b;
    switch (t % 5) {
    case 0: b = new B(t); break;
    case 1: b = new C(t, 2); break;
    case 2: b = new M(t); break;
    case 3: b = new T<7>; break;
    default: b = new T<3>;
    }
    b->cnt = cnt;
    o[t] = b->f(100 + t) * 10 + b->g();
    if (t % 5 == 2) {
        M *m = static_cast<M *>(b);
        I *i = m;
        o[t] += i->h() * 100000;
    }
    delete b;
    alignas(16) char mem[64];
    C *c = new (mem) C(t, 4);
    o[256 + t] = c->f(1);
    c->~C();
    int *a = new int[t % 7 + 1];
    for (int i = 0; i <= t % 7; i++) a[i] = i;
    o[512 + t] = a[t % 7];
    delete[] a;
    void *p = malloc(t * 8);
    o[512 + t] += p != nullptr ? ((size_t)p % 16 == 0 ? 100 : 200) : 300;
    free(p);
}
template <class F> __global__ void ap(int *o, F f) { o[threadIdx.x] = f(threadIdx.x); }
__device__ int f0(int a, int b) { return a + b; }
__device__ int f1(int a, int b) { return a - b; }
__device__ int f2(int a, int b) { return a * b; }
__device__ int f3(int a, int b) { return b ? a / b : -1; }
typedef int (*F)(int, int);
__device__ F tab[4] = {f0, f1, f2, f3};
__global__ void fp(int *o, F *given) {
    int t = threadIdx.x;
    F f = tab[mix(t) % 4];
    o[t] = f(t, 3);
    F local[3] = {f2, t & 1 ? f0 : f1, f3};
    o[64 + t] = local[t % 3](t, t & 3);
    *given = f3;
    __syncthreads();
    o[128 + t] = (*given)(t * 10, 7);
}
int main() {
    Buf<int> o(1024), c(1);
    k<<<1, 200>>>(o, c);
    o.show("virtual", 20);
    c.show("destroyed");
    int m = 7;
    ap<<<1, 64>>>(o.d, [=] __device__(int i) {
        int s = 0;
        auto in = [&](int k) {
            s += k * m;
            return s;
        };
        in(i);
        return in(2);
    });
    o.show("lambda");
    Buf<F> g(1);
    fp<<<1, 64>>>(o, g);
    o.show("pointers", 20);
}
