// What the test programs share: error checks and the verdict.
#pragma once
#include <cstdio>
#include <cstdlib>

#define CUDA(call)                                                                      \
  do {                                                                                  \
    cudaError_t e_ = (call);                                                            \
    if (e_ != cudaSuccess) {                                                            \
      printf("FAIL %s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(e_)); \
      exit(1);                                                                          \
    }                                                                                   \
  } while (0)

#define CHECK(cond, ...)                                    \
  do {                                                      \
    if (!(cond)) {                                          \
      printf("FAIL %s:%d: %s: ", __FILE__, __LINE__, #cond); \
      printf(__VA_ARGS__);                                  \
      printf("\n");                                         \
      exit(1);                                              \
    }                                                       \
  } while (0)

inline int pass() {
  CUDA(cudaDeviceSynchronize());
  puts("PASS");
  return 0;
}
