// What the C programs here share: each statement says which result it wants; the first surprises are printed.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cuda_runtime_api.h>

static int wrong_count = 0;

static inline void want_(cudaError_t got, cudaError_t want, const char *what, int line) {
    if (got == want) return;
    if (wrong_count++ < 20)
        fprintf(stderr, "line %d: %s: got %s, want %s\n", line, what, cudaGetErrorName(got), cudaGetErrorName(want));
}

static inline void expect_(long long got, long long want, const char *what, int line) {
    if (got == want) return;
    if (wrong_count++ < 20) fprintf(stderr, "line %d: %s: got %lld, want %lld\n", line, what, got, want);
}

// The call succeeds.
#define OK(call) want_((call), cudaSuccess, #call, __LINE__)
// The call fails with this code, which then is the last error.
#define FAILS(code, call)                                                                                              \
    do {                                                                                                               \
        want_((call), (code), #call, __LINE__);                                                                        \
        want_(cudaGetLastError(), (code), "last error of " #call, __LINE__);                                           \
    } while (0)
#define EXPECT(got, want) expect_((long long)(got), (long long)(want), #got, __LINE__)
#define TRUE(condition) expect_(!!(condition), 1, #condition, __LINE__)

static inline int result(void) {
    OK(cudaGetLastError());
    if (wrong_count == 0) printf("ok\n");
    return wrong_count != 0;
}
