// cc: -lcuda
// What each call answers after a kernel has failed, by kind of failure.
#include "answers.h"
#include <cassert>
#include <sys/wait.h>
#include <unistd.h>
__global__ void wild(int *p) { *p = 1; }
__global__ void tr() { __trap(); }
__global__ void as(int x) { assert(x == 3 && "message"); }
__global__ void ok(int *p) { *p = 7; }
__global__ void mis(char *p) { *(volatile int *)(p + 1) = 3; }
__global__ void oobs() {
    extern __shared__ volatile int s[];
    s[1 << 20] = 1;
}
__global__ void oobl(int *p, int n) {
    volatile int a[4];
    for (int i = 0; i < n; i++) a[i * 100000] = i;
    *p = a[2];
}
__device__ int inf(int n, volatile int *p) {
    volatile int a[64];
    a[n & 63] = n;
    int r = inf(n + 1, p) + a[(n + 1) & 63];
    return r + *p;
}
__global__ void so(int *p) { *p = inf(0, p); }
typedef void (*F)();
__global__ void badpc(F f) { f(); }
__global__ void spin() { asm volatile("exit;"); }
__global__ void brk() { __brkpt(); }
__global__ void wildr(int *p, int *q) { *q = *p; }
__global__ void oob(int *p, long n) { p[n] = 1; }
__global__ void divz(int *p, int z) { *p = 5 / z; }
__global__ void atom(int *p) { atomicAdd(p, 1); }
__global__ void consts(int *o, int n);
template <class F2> void child(const char *n, F2 f) {
    fflush(stdout);
    pid_t p = fork();
    if (!p) {
        arm();
        printf("== %s\n", n);
        f();
        fflush(stdout);
        _exit(0);
    }
    int st;
    waitpid(p, &st, 0);
    if (st) printf("status %x\n", st);
}
static void after(int *d) {
    D(cudaDeviceSynchronize());
    D(cudaPeekAtLastError());
    D(cudaGetLastError());
    D(cudaGetLastError());
    void *q;
    int h;
    D(cudaMalloc(&q, 4));
    D(cudaMemcpy(&h, d, 4, cudaMemcpyDeviceToHost));
    ok<<<1, 1>>>(d);
    D(cudaGetLastError());
    cudaStream_t s;
    D(cudaStreamCreate(&s));
    cudaEvent_t e;
    D(cudaEventCreate(&e));
    D(cudaFree(d));
    D(cudaMemset(d, 0, 4));
    int n;
    D(cudaGetDeviceCount(&n));
    D(cudaSetDevice(0));
    cudaDeviceProp pr;
    D(cudaGetDeviceProperties(&pr, 0));
    size_t a, b;
    D(cudaMemGetInfo(&a, &b));
    D(cudaFuncSetCacheConfig(ok, cudaFuncCachePreferL1));
    D(cuCtxSynchronize());
}
int main() {
#define CASE(name, ...)          \
    child(name, [] {             \
        int *d;                  \
        cudaMalloc(&d, 1 << 20); \
        __VA_ARGS__;             \
        D(cudaGetLastError());   \
        after(d);                \
    })
    CASE("wild store", wild<<<1, 1>>>((int *)0x7000000000));
    CASE("null load", wildr<<<1, 1>>>(nullptr, d));
    CASE("far past the end", oob<<<1, 1>>>(d, 1l << 40));
    CASE("trap", tr<<<1, 1>>>());
    CASE("assert", as<<<1, 2>>>(2));
    CASE("misaligned", mis<<<1, 1>>>((char *)d));
    CASE("shared out of bounds", oobs<<<1, 1, 16>>>());
    CASE("exit", spin<<<1, 32>>>());
    CASE("division by zero", divz<<<1, 1>>>(d, 0));
    CASE("atomic on null", atom<<<1, 1>>>(nullptr));
    CASE("misaligned atomic", atom<<<1, 1>>>((int *)((char *)d + 2)));
    CASE("host pointer", static int h[4]; wild<<<1, 1>>>((int *)nullptr + 5));
    child("async", [] {
        int *d, h[4];
        cudaMalloc(&d, 64);
        wild<<<1, 1>>>((int *)0x7000000000);
        D(cudaMemcpy(h, d, 4, cudaMemcpyDeviceToHost));
        D(cudaGetLastError());
        D(cudaDeviceSynchronize());
    });
    child("two streams", [] {
        int *d;
        cudaMalloc(&d, 64);
        cudaStream_t s, t;
        cudaStreamCreate(&s);
        cudaStreamCreate(&t);
        tr<<<1, 1, 0, s>>>();
        D(cudaStreamSynchronize(s));
        D(cudaStreamSynchronize(t));
        cudaEvent_t e;
        D(cudaStreamQuery(t));
        D(cudaGetLastError());
    });
    child("in a thread", [] {
        cudaMalloc((void **)nullptr, 4);
        D(cudaPeekAtLastError());
        D(cudaGetLastError());
    });
}
