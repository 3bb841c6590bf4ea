// cuLink*: two texts become one module; what stays unresolved is named.
#include "cuapi.h"

static const char caller_ptx[] =
    ".version 7.0\n.target sm_50\n.address_size 64\n"
    ".extern .func (.param .b32 result) square(.param .b32 x);\n"
    ".visible .entry caller(.param .u64 p, .param .u32 x) {\n"
    "  .reg .b32 %r<3>; .reg .b64 %rd;\n"
    "  ld.param.u32 %r0, [x]; ld.param.u64 %rd, [p];\n"
    "  { .param .b32 a; .param .b32 r; st.param.b32 [a], %r0; call (r), square, (a); ld.param.b32 %r1, [r]; }\n"
    "  st.global.u32 [%rd], %r1; ret;\n}\n";
static const char callee_ptx[] =
    ".version 7.0\n.target sm_50\n.address_size 64\n"
    ".visible .func (.param .b32 result) square(.param .b32 x) {\n"
    "  .reg .b32 %r<2>;\n"
    "  ld.param.u32 %r0, [x]; mul.lo.u32 %r1, %r0, %r0; st.param.u32 [result], %r1; ret;\n}\n";

int main(void) {
    CUcontext context = start();
    CUlinkState state;
    void *image = NULL;
    size_t size = 0;
    CUmodule module;
    CUfunction caller;
    CUdeviceptr p;
    int x = 11, got = 0;
    OK(cuLinkCreate(0, NULL, NULL, &state));
    OK(cuLinkAddData(state, CU_JIT_INPUT_PTX, (void *)caller_ptx, sizeof caller_ptx, "caller", 0, NULL, NULL));
    OK(cuLinkAddData(state, CU_JIT_INPUT_PTX, (void *)callee_ptx, sizeof callee_ptx, "callee", 0, NULL, NULL));
    OK(cuLinkComplete(state, &image, &size));
    TRUE(image != NULL && size > 0);
    OK(cuModuleLoadData(&module, image));
    OK(cuLinkDestroy(state));
    OK(cuModuleGetFunction(&caller, module, "caller"));
    OK(cuMemAlloc(&p, 4));
    void *params[] = {&p, &x};
    OK(cuLaunchKernel(caller, 1, 1, 1, 1, 1, 1, 0, NULL, params, NULL));
    OK(cuMemcpyDtoH(&got, p, 4));
    EXPECT(got, 121);

    char log[1024] = "";
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)sizeof log};
    OK(cuLinkCreate(2, options, values, &state));
    OK(cuLinkAddData(state, CU_JIT_INPUT_PTX, (void *)caller_ptx, sizeof caller_ptx, "caller", 0, NULL, NULL));
    TRUE(cuLinkComplete(state, &image, &size) != CUDA_SUCCESS);
    TRUE(strstr(log, "square") != NULL);
    OK(cuLinkDestroy(state));
    FAILS(CUDA_ERROR_INVALID_HANDLE, cuLinkDestroy((CUlinkState)0x7777));
    OK(cuMemFree(p));
    OK(cuCtxDestroy(context));
    return result();
}
