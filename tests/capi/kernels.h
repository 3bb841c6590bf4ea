// Kernels for the C programs: PTX text in a hand-made fat binary wrapper, registered as a compiler would do it.
#pragma once
#include "capi.h"

static const char kernels_ptx[] =
    ".version 7.0\n"
    ".target sm_50\n"
    ".address_size 64\n"
    ".visible .global .align 4 .u32 counter;\n"
    ".visible .global .align 4 .u32 table[4] = {1, 2, 3, 4};\n"
    ".visible .const .align 4 .u32 factor = 3;\n"
    // fill(p, n, v): p[i] = v + i
    ".visible .entry fill(.param .u64 p, .param .u32 n, .param .u32 v) {\n"
    "  .reg .pred %q; .reg .b32 %r<6>; .reg .b64 %rd<4>;\n"
    "  mov.u32 %r0, %ctaid.x; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x; mad.lo.s32 %r3, %r0, %r1, %r2;\n"
    "  ld.param.u32 %r4, [n]; setp.ge.u32 %q, %r3, %r4; @%q bra done;\n"
    "  ld.param.u64 %rd0, [p]; mul.wide.u32 %rd1, %r3, 4; add.s64 %rd2, %rd0, %rd1;\n"
    "  ld.param.u32 %r5, [v]; add.s32 %r5, %r5, %r3; st.global.u32 [%rd2], %r5;\n"
    "done: ret;\n}\n"
    // scale(p, n): p[i] *= factor
    ".visible .entry scale(.param .u64 p, .param .u32 n) {\n"
    "  .reg .pred %q; .reg .b32 %r<8>; .reg .b64 %rd<4>;\n"
    "  mov.u32 %r0, %ctaid.x; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x; mad.lo.s32 %r3, %r0, %r1, %r2;\n"
    "  ld.param.u32 %r4, [n]; setp.ge.u32 %q, %r3, %r4; @%q bra done;\n"
    "  ld.param.u64 %rd0, [p]; mul.wide.u32 %rd1, %r3, 4; add.s64 %rd2, %rd0, %rd1;\n"
    "  ld.const.u32 %r5, [factor]; ld.global.u32 %r6, [%rd2]; mul.lo.u32 %r7, %r5, %r6; st.global.u32 [%rd2], %r7;\n"
    "done: ret;\n}\n"
    // count(): counter += 1, by every thread
    ".visible .entry count() {\n"
    "  .reg .b32 %r<2>;\n"
    "  mov.u32 %r0, 1; red.global.add.u32 [counter], %r0; ret;\n}\n"
    // reverse(p): reverses the block's elements through dynamic shared memory
    ".extern .shared .align 4 .b8 tile[];\n"
    ".visible .entry reverse(.param .u64 p) {\n"
    "  .reg .b32 %r<8>; .reg .b64 %rd<4>;\n"
    "  mov.u32 %r0, %tid.x; mov.u32 %r1, %ntid.x; ld.param.u64 %rd0, [p];\n"
    "  mul.wide.u32 %rd1, %r0, 4; add.s64 %rd2, %rd0, %rd1; ld.global.u32 %r2, [%rd2];\n"
    "  mov.u32 %r3, tile; shl.b32 %r4, %r0, 2; add.u32 %r4, %r3, %r4; st.shared.u32 [%r4], %r2;\n"
    "  bar.sync 0; sub.u32 %r5, %r1, %r0; sub.u32 %r5, %r5, 1; shl.b32 %r5, %r5, 2; add.u32 %r5, %r3, %r5;\n"
    "  ld.shared.u32 %r6, [%r5]; st.global.u32 [%rd2], %r6; ret;\n}\n"
    // wild(): stores to an address that is nobody's
    ".visible .entry wild() {\n"
    "  .reg .b32 %r<2>; .reg .b64 %rd<2>;\n"
    "  mov.u64 %rd0, 4096; mov.u32 %r0, 1; st.global.u32 [%rd0], %r0; ret;\n}\n"
    // bounded: at most 64 threads
    ".visible .entry bounded() .maxntid 64, 1, 1 { ret; }\n";

struct wrapper {
    int magic, version;
    const void *data;
    void *unused;
};
static const struct wrapper kernels_wrapper = {0x466243b1, 1, kernels_ptx, 0};

// The host's side of the kernels and variables: only their addresses count.
static void fill(void) {}
static void scale(void) { (void)fill; }
static void count(void) {}
static void reverse(void) {}
static void wild(void) {}
static void bounded(void) {}
static void missing(void) {}
static unsigned counter, table[4], factor;

static void **register_kernels(void) {
    void **handle = __cudaRegisterFatBinary((void *)&kernels_wrapper);
#define KERNEL(name) __cudaRegisterFunction(handle, (const char *)name, (char *)#name, #name, -1, 0, 0, 0, 0, 0)
    KERNEL(fill);
    KERNEL(scale);
    KERNEL(count);
    KERNEL(reverse);
    KERNEL(wild);
    KERNEL(bounded);
    KERNEL(missing);
    __cudaRegisterVar(handle, (char *)&counter, (char *)"counter", "counter", 0, sizeof counter, 0, 0);
    __cudaRegisterVar(handle, (char *)table, (char *)"table", "table", 0, sizeof table, 0, 0);
    __cudaRegisterVar(handle, (char *)&factor, (char *)"factor", "factor", 0, sizeof factor, 1, 0);
    __cudaRegisterFatBinaryEnd(handle);
    return handle;
}

static inline dim3 dim(unsigned x) {
    dim3 d;
    d.x = x, d.y = 1, d.z = 1;
    return d;
}

static inline cudaError_t launch_fill(int *p, int n, int v, cudaStream_t stream) {
    void *args[] = {&p, &n, &v};
    return cudaLaunchKernel((const void *)fill, dim((n + 127) / 128), dim(128), args, 0, stream);
}

static inline cudaError_t launch_scale(int *p, int n, cudaStream_t stream) {
    void *args[] = {&p, &n};
    return cudaLaunchKernel((const void *)scale, dim((n + 127) / 128), dim(128), args, 0, stream);
}
