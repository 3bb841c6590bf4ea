// What the programs here share: stop on a CUDA error, count what is wrong, print the first few of them.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <cuda_runtime.h>

#define CHECK(call)                                                                                                    \
    do {                                                                                                               \
        cudaError_t status_ = (call);                                                                                  \
        if (status_ != cudaSuccess) {                                                                                  \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(status_));                \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static int wrong_count = 0;

// Counts a difference; prints the first ones.
template <typename T> inline void expect(T got, T want, const char *what, long index = 0) {
    if (got == want) return;
    if (wrong_count++ < 20) fprintf(stderr, "%s [%ld]: got %.17g, want %.17g\n", what, index, double(got), double(want));
}

inline int result() {
    printf(wrong_count == 0 ? "ok\n" : "%d wrong\n", wrong_count);
    return wrong_count != 0;
}

// Device memory that the host reads and writes directly, zeroed.
template <typename T> struct Managed {
    T *data;
    size_t count;
    explicit Managed(size_t n) : count(n) {
        CHECK(cudaMallocManaged(&data, n * sizeof(T)));
        memset(static_cast<void *>(data), 0, n * sizeof(T));
    }
    Managed(const Managed &) = delete;
    ~Managed() { cudaFree(data); }
    T &operator[](size_t i) { return data[i]; }
    operator T *() { return data; }
};

inline void finish() {
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
}
