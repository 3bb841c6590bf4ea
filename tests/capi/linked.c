// Two images of which one calls a function and uses a variable of the other: they are linked at the first use.
#include "capi.h"

static const char caller_ptx[] =
    ".version 7.0\n.target sm_50\n.address_size 64\n"
    ".extern .func (.param .b32 result) square(.param .b32 x);\n"
    ".extern .global .align 4 .u32 total;\n"
    ".visible .entry caller(.param .u32 x) {\n"
    "  .reg .b32 %r<3>;\n"
    "  ld.param.u32 %r0, [x];\n"
    "  { .param .b32 a; .param .b32 r; st.param.b32 [a], %r0; call (r), square, (a); ld.param.b32 %r1, [r]; }\n"
    "  st.global.u32 [total], %r1; ret;\n}\n";
static const char callee_ptx[] =
    ".version 7.0\n.target sm_50\n.address_size 64\n"
    ".visible .global .align 4 .u32 total;\n"
    ".visible .func (.param .b32 result) square(.param .b32 x) {\n"
    "  .reg .b32 %r<2>;\n"
    "  ld.param.u32 %r0, [x]; mul.lo.u32 %r1, %r0, %r0; st.param.u32 [result], %r1; ret;\n}\n";

struct wrapper {
    int magic, version;
    const void *data;
    void *unused;
};
static const struct wrapper caller_wrapper = {0x466243b1, 1, caller_ptx, 0};
static const struct wrapper callee_wrapper = {0x466243b1, 1, callee_ptx, 0};
static void caller(void) {}
static unsigned total;

int main(void) {
    void **callee_image = __cudaRegisterFatBinary((void *)&callee_wrapper);
    __cudaRegisterVar(callee_image, (char *)&total, (char *)"total", "total", 0, 4, 0, 0);
    __cudaRegisterFatBinaryEnd(callee_image);
    void **caller_image = __cudaRegisterFatBinary((void *)&caller_wrapper);
    __cudaRegisterFunction(caller_image, (const char *)caller, (char *)"caller", "caller", -1, 0, 0, 0, 0, 0);
    __cudaRegisterFatBinaryEnd(caller_image);

    unsigned x = 12, got = 1;
    void *args[] = {&x};
    dim3 one;
    one.x = one.y = one.z = 1;
    OK(cudaMemcpyFromSymbol(&got, &total, 4, 0, cudaMemcpyDeviceToHost));
    EXPECT(got, 0);
    OK(cudaLaunchKernel((void *)caller, one, one, args, 0, 0));
    OK(cudaMemcpyFromSymbol(&got, &total, 4, 0, cudaMemcpyDeviceToHost));
    EXPECT(got, 144);
    __cudaUnregisterFatBinary(caller_image);
    __cudaUnregisterFatBinary(callee_image);
    return result();
}
