// Prints what each call returns, and what the last error then is. A call that crashes says so.
#pragma once
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cuda.h>
#include <cuda_runtime.h>
static sigjmp_buf back_;
static void crashed_(int s) { siglongjmp(back_, s); }
static void arm() {
    signal(SIGSEGV, crashed_);
    signal(SIGABRT, crashed_);
    signal(SIGFPE, crashed_);
    signal(SIGBUS, crashed_);
    setvbuf(stdout, nullptr, _IOLBF, 0);
}
static const char *n_(CUresult r) {
    const char *s = "?";
    cuGetErrorName(r, &s);
    return s ? s : "none";
}
static const char *n_(cudaError_t e) { return cudaGetErrorName(e); }
#define R(...)                                                                                              \
    do {                                                                                                    \
        if (int s_ = sigsetjmp(back_, 1)) {                                                                 \
            printf("%s: signal %d\n", #__VA_ARGS__, s_);                                                    \
        } else {                                                                                            \
            auto e_ = (__VA_ARGS__);                                                                        \
            auto p_ = cudaPeekAtLastError();                                                                \
            auto g_ = cudaGetLastError();                                                                   \
            printf("%s: %s, last %s%s\n", #__VA_ARGS__, n_(e_), n_(g_), p_ == g_ ? "" : " (peek differs)"); \
        }                                                                                                   \
    } while (0)
#define D(...)                                           \
    do {                                                 \
        if (int s_ = sigsetjmp(back_, 1)) {              \
            printf("%s: signal %d\n", #__VA_ARGS__, s_); \
        } else {                                         \
            auto e_ = (__VA_ARGS__);                     \
            printf("%s: %s\n", #__VA_ARGS__, n_(e_));    \
        }                                                \
    } while (0)
#define L(...)                                                          \
    do {                                                                \
        if (int s_ = sigsetjmp(back_, 1)) {                             \
            printf("%s: signal %d\n", #__VA_ARGS__, s_);                \
        } else {                                                        \
            __VA_ARGS__;                                                \
            auto g_ = cudaGetLastError();                               \
            auto s2_ = cudaDeviceSynchronize();                         \
            printf("%s: %s, sync %s\n", #__VA_ARGS__, n_(g_), n_(s2_)); \
        }                                                               \
    } while (0)
