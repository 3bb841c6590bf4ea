// What the C programs against the driver API share.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cuda.h>

static int wrong_count = 0;

static inline const char *name_(CUresult code) {
    const char *name = NULL;
    return cuGetErrorName(code, &name) == CUDA_SUCCESS ? name : "no such code";
}

static inline void want_(CUresult got, CUresult want, const char *what, int line) {
    if (got == want) return;
    if (wrong_count++ < 20) fprintf(stderr, "line %d: %s: got %s, want %s\n", line, what, name_(got), name_(want));
}

static inline void expect_(long long got, long long want, const char *what, int line) {
    if (got == want) return;
    if (wrong_count++ < 20) fprintf(stderr, "line %d: %s: got %lld, want %lld\n", line, what, got, want);
}

#define OK(call) want_((call), CUDA_SUCCESS, #call, __LINE__)
#define FAILS(code, call) want_((call), (code), #call, __LINE__)
#define EXPECT(got, want) expect_((long long)(got), (long long)(want), #got, __LINE__)
#define TRUE(condition) expect_(!!(condition), 1, #condition, __LINE__)

static inline int result(void) {
    if (wrong_count == 0) printf("ok\n");
    return wrong_count != 0;
}

// add(p, n, v): p[i] += v; stuck in one text with a constant, a table and an extern shared array.
static const char add_ptx[] =
    ".version 7.0\n.target sm_50\n.address_size 64\n"
    ".visible .global .align 4 .u32 table[4] = {10, 20, 30, 40};\n"
    ".visible .const .align 4 .u32 step = 1;\n"
    ".visible .entry add(.param .u64 p, .param .u32 n, .param .u32 v) {\n"
    "  .reg .pred %q; .reg .b32 %r<8>; .reg .b64 %rd<4>;\n"
    "  mov.u32 %r0, %ctaid.x; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x; mad.lo.s32 %r3, %r0, %r1, %r2;\n"
    "  ld.param.u32 %r4, [n]; setp.ge.u32 %q, %r3, %r4; @%q bra done;\n"
    "  ld.param.u64 %rd0, [p]; mul.wide.u32 %rd1, %r3, 4; add.s64 %rd2, %rd0, %rd1;\n"
    "  ld.param.u32 %r5, [v]; ld.const.u32 %r6, [step]; mul.lo.u32 %r5, %r5, %r6;\n"
    "  ld.global.u32 %r7, [%rd2]; add.s32 %r7, %r7, %r5; st.global.u32 [%rd2], %r7;\n"
    "done: ret;\n}\n";

static inline CUcontext start(void) {
    CUcontext context = NULL;
    CUdevice device = -1;
    OK(cuInit(0));
    OK(cuDeviceGet(&device, 0));
    OK(cuCtxCreate(&context, 0, device));
    return context;
}
