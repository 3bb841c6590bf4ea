// Recursion of several kinds, each thread with its own depth.
#include "values.h"
__device__ int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
__device__ __noinline__ int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__device__ bool odd(int n);
__device__ __noinline__ bool even(int n) { return n == 0 || odd(n - 1); }
__device__ __noinline__ bool odd(int n) { return n != 0 && even(n - 1); }
__device__ void perm(int *a, int k, int n, int &c, u32 &h) {
    if (k == n) {
        c++;
        for (int i = 0; i < n; i++) h = h * 31 + a[i];
        return;
    }
    for (int i = k; i < n; i++) {
        int t = a[k];
        a[k] = a[i];
        a[i] = t;
        perm(a, k + 1, n, c, h);
        t = a[k];
        a[k] = a[i];
        a[i] = t;
    }
}
__device__ int queens(int n, u32 c, u32 l, u32 r) {
    u32 full = (1u << n) - 1;
    if (c == full) return 1;
    int s = 0;
    u32 p = full & ~(c | l | r);
    while (p) {
        u32 b = p & -p;
        p ^= b;
        s += queens(n, c | b, (l | b) << 1, (r | b) >> 1);
    }
    return s;
}
struct N {
    int v;
    N *l, *r;
};
__device__ int depth(N *n) { return n ? 1 + max(depth(n->l), depth(n->r)) : 0; }
__device__ long sum(N *n) { return n ? n->v + sum(n->l) * 2 + sum(n->r) : 1; }
__device__ void hanoi(int n, int a, int b, int c, u32 &h) {
    if (!n) return;
    hanoi(n - 1, a, c, b, h);
    h = h * 17 + a * 4 + b;
    hanoi(n - 1, c, b, a, h);
}
__global__ void k(u32 *o) {
    int t = threadIdx.x, n = 0;
    auto put = [&](u32 x) { o[n++ * blockDim.x + t] = x; };
    put(ack(2, t % 4));
    put(fib(t % 13));
    put(even(t));
    int a[5] = {t, 1, 2, 3, 4}, c = 0;
    u32 h = 0;
    perm(a, 0, 1 + t % 5, c, h);
    put(c);
    put(h);
    put(queens(4 + t % 3, 0, 0, 0));
    h = 0;
    hanoi(t % 7, 0, 1, 2, h);
    put(h);
    N nodes[12];
    N *root = nullptr;
    for (int i = 0; i < 12; i++) {
        nodes[i] = {int(mix(t * 12 + i) % 100), nullptr, nullptr};
        N **p = &root;
        while (*p) p = nodes[i].v < (*p)->v ? &(*p)->l : &(*p)->r;
        *p = &nodes[i];
    }
    put(depth(root));
    put(u32(sum(root)));
}
int main() {
    CK(cudaDeviceSetLimit(cudaLimitStackSize, 16384));
    for (int b : {1, 31, 40, 64}) {
        Buf<u32> o(9 * b);
        k<<<1, b>>>(o);
        auto v = o.get();
        for (int i = 0; i < 9; i++) show("rec", &v[i * b], b);
    }
}
