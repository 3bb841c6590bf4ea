/* CUDA's part of a contender: the error check, and device copies of host arrays. */
#pragma once

#include "drive.h"

#include <cuda_runtime.h>

#define CHECK(call)                                                                                                    \
    do {                                                                                                               \
        cudaError_t status_ = (call);                                                                                  \
        if (status_ != cudaSuccess) {                                                                                  \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(status_));                \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

template <typename T> T *device_array(size_t count) {
    T *p;
    CHECK(cudaMalloc(&p, count * sizeof(T)));
    return p;
}

template <typename T> T *device_copy(const T *host, size_t count) {
    T *p = device_array<T>(count);
    CHECK(cudaMemcpy(p, host, count * sizeof(T), cudaMemcpyHostToDevice));
    return p;
}

template <typename T> void to_host(T *host, const T *device, size_t count) {
    CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost));
}

static inline void finish() {
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
}
