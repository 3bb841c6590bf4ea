// Modules: PTX text, launches by parameters and by buffer, variables, options, logs, and bad images.
#include "cuapi.h"

enum { N = 300 };

static void bad_image(const char *image, CUresult code, const char *wanted) {
    char log[1024] = "";
    CUmodule module = (CUmodule)1;
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)sizeof log};
    CUresult got = cuModuleLoadDataEx(&module, image, 2, options, values);
    if (got != code) fprintf(stderr, "for %.60s\n", image);
    EXPECT(got, code);
    if (!strstr(log, wanted)) fprintf(stderr, "log lacks '%s': %s\n", wanted, log);
    TRUE(strstr(log, wanted) != NULL);
}

int main(void) {
    CUcontext context = start();
    CUmodule module;
    CUfunction add;
    CUdeviceptr p, table, step;
    size_t bytes = 0;
    int back[N] = {0};
    OK(cuModuleLoadData(&module, add_ptx));
    OK(cuModuleGetFunction(&add, module, "add"));
    FAILS(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&add, module, "sub"));
    OK(cuModuleGetFunction(&add, module, "add"));
    OK(cuModuleGetGlobal(&table, &bytes, module, "table"));
    EXPECT(bytes, 16);
    FAILS(CUDA_ERROR_NOT_FOUND, cuModuleGetGlobal(&table, &bytes, module, "chair"));
    OK(cuModuleGetGlobal(&step, &bytes, module, "step"));
    OK(cuMemcpyDtoH(back, table, 16));
    EXPECT(back[3], 40);

    int n = N, v = 5;
    OK(cuMemAlloc(&p, sizeof back));
    OK(cuMemsetD32(p, 100, N));
    void *params[] = {&p, &n, &v};
    OK(cuLaunchKernel(add, 3, 1, 1, 128, 1, 1, 0, NULL, params, NULL));
    struct {
        CUdeviceptr p;
        int n, v;
    } packed = {p, N, 7};
    size_t size = sizeof packed;
    void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &packed, CU_LAUNCH_PARAM_BUFFER_SIZE, &size, CU_LAUNCH_PARAM_END};
    OK(cuLaunchKernel(add, 3, 1, 1, 128, 1, 1, 0, NULL, NULL, extra));
    int two = 2;
    OK(cuMemcpyHtoD(step, &two, 4));
    OK(cuLaunchKernel(add, 3, 1, 1, 128, 1, 1, 0, NULL, params, NULL));
    OK(cuCtxSynchronize());
    OK(cuMemcpyDtoH(back, p, sizeof back));
    for (int i = 0; i < N; i++) EXPECT(back[i], 100 + 5 + 7 + 10);

    FAILS(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 0, 1, 1, 1, 1, 1, 0, NULL, params, NULL));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 1, 1, 1, 4096, 1, 1, 0, NULL, params, NULL));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 1, 1, 1, 1, 1, 65, 0, NULL, params, NULL));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 1, 1, 1, 1, 1, 1, 0, NULL, params, extra));
    FAILS(CUDA_ERROR_INVALID_HANDLE, cuLaunchKernel(NULL, 1, 1, 1, 1, 1, 1, 0, NULL, params, NULL));
    FAILS(CUDA_ERROR_INVALID_HANDLE, cuLaunchKernel((CUfunction)0x7777, 1, 1, 1, 1, 1, 1, 0, NULL, params, NULL));
    int value = 0;
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, add));
    TRUE(value >= 512);
    FAILS(CUDA_ERROR_INVALID_VALUE, cuFuncGetAttribute(&value, (CUfunction_attribute)99, add));

    bad_image(".version 7.0\n.target sm_50\n.address_size 64\n.entry k() { frobnicate.u32 %r1, %r2; ret; }\n",
              CUDA_ERROR_INVALID_PTX, "frobnicate");
    bad_image(".version 7.0\n.target sm_50\n.address_size 64\n.entry k() { .reg .b32 %r;\n add.u32 %r, %r, ; ret; }\n",
              CUDA_ERROR_INVALID_PTX, "5");
    bad_image(".version 7.0\n.target sm_50\n.address_size 64\n.entry k() { .reg .b32 %r", CUDA_ERROR_INVALID_PTX, "");
    bad_image(".version 99.0\n.target sm_50\n.address_size 64\n.entry k() { ret; }\n", CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
              ".version");
    // The place in the log is the line and column of the text that the program gave.
    bad_image(".version 7.0\n.target sm_50\n.address_size 64\n.entry k() {\n    ret;\n    mov.u32 %r1, 0;\n}\n",
              CUDA_ERROR_INVALID_PTX, ":6:");
    bad_image("not an image at all", CUDA_ERROR_INVALID_IMAGE, "");
    bad_image("", CUDA_ERROR_INVALID_IMAGE, "");
    // Text that ends too early is an error with a message, wherever it ends; so is text with a hole.
    size_t whole = strlen(add_ptx);
    for (size_t cut = 1; cut + 2 < whole; cut += 5) {
        CUmodule part;
        char text[8192], log[1024] = "";
        TRUE(whole < sizeof text);
        memcpy(text, add_ptx, cut);
        text[cut] = 0;
        CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
        void *values[] = {log, (void *)sizeof log};
        CUresult got = cuModuleLoadDataEx(&part, text, 2, options, values);
        TRUE(got == CUDA_SUCCESS || log[0] != 0);
        if (got == CUDA_SUCCESS) OK(cuModuleUnload(part));
        strcpy(text, add_ptx);
        text[cut] = '\1';
        got = cuModuleLoadDataEx(&part, text, 0, NULL, NULL);
        if (got == CUDA_SUCCESS) OK(cuModuleUnload(part));
    }
    FAILS(CUDA_ERROR_INVALID_VALUE, cuModuleLoadData(&module, NULL));
    FAILS(CUDA_ERROR_INVALID_VALUE, cuModuleLoadData(NULL, add_ptx));
    FAILS(CUDA_ERROR_FILE_NOT_FOUND, cuModuleLoad(&module, "/nonexistent.ptx"));
    OK(cuModuleUnload(module));
    FAILS(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(module));
    OK(cuMemFree(p));
    OK(cuCtxDestroy(context));
    return result();
}
