// Results as lines of hexadecimal: a name, a hash of all values, and the first of them (ALL=1 in the environment: all).
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cstdint>
#include <vector>
#include <cuda_runtime.h>
#define CK(c)                                                                \
    do {                                                                     \
        cudaError_t e_ = (c);                                                \
        if (e_ != cudaSuccess) {                                             \
            printf("line %d: %s: %s\n", __LINE__, #c, cudaGetErrorName(e_)); \
            exit(2);                                                         \
        }                                                                    \
    } while (0)
typedef unsigned u32;
typedef unsigned long long u64;
template <class T> inline void show(const char *name, const T *v, size_t n, int first = 12) {
    u64 h = 1469598103934665603ull;
    for (size_t i = 0; i < n * sizeof(T); i++) h = (h ^ ((const unsigned char *)v)[i]) * 1099511628211ull;
    printf("%s #%016llx:", name, h);
    if (getenv("ALL")) first = 1 << 30;
    for (size_t i = 0; i < n && i < (size_t)first; i++) {
        u64 x = 0;
        memcpy(&x, v + i, sizeof(T));
        printf(" %llx", x);
    }
    printf("\n");
}
template <class T> struct Buf {
    T *d;
    size_t n;
    explicit Buf(size_t n) : n(n) {
        CK(cudaMalloc(&d, n * sizeof(T)));
        CK(cudaMemset(d, 0, n * sizeof(T)));
    }
    explicit Buf(const std::vector<T> &v) : n(v.size()) {
        CK(cudaMalloc(&d, n * sizeof(T)));
        CK(cudaMemcpy(d, v.data(), n * sizeof(T), cudaMemcpyHostToDevice));
    }
    ~Buf() { cudaFree(d); }
    operator T *() { return d; }
    std::vector<T> get() {
        CK(cudaGetLastError());
        CK(cudaDeviceSynchronize());
        std::vector<T> v(n);
        CK(cudaMemcpy(v.data(), d, n * sizeof(T), cudaMemcpyDeviceToHost));
        return v;
    }
    void show(const char *name, int first = 12) {
        auto v = get();
        ::show(name, v.data(), n, first);
    }
};
__host__ __device__ inline u32 mix(u32 x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    x ^= x >> 16;
    return x;
}
