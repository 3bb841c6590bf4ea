// cc: -lcuda
// What each call answers while a stream captures, in each mode, and whether the capture survives it.
#include "answers.h"
__global__ void k(int *p) {
    if (p) *p = 1;
}
__device__ int var;
__managed__ int mv;
static void hf(void *) {}
static void cb(cudaStream_t, cudaError_t, void *) {}
int main() {
    arm();
    setvbuf(stdout, nullptr, _IONBF, 0);
    int *d, h[4];
    cudaMalloc(&d, 4096);
    k<<<1, 1>>>(d);
    cudaDeviceSynchronize();
    cudaStream_t s, t, nb;
    cudaStreamCreate(&s);
    cudaStreamCreate(&t);
    cudaStreamCreateWithFlags(&nb, cudaStreamNonBlocking);
    cudaEvent_t e, e2;
    cudaEventCreate(&e);
    cudaEventCreate(&e2);
    cudaEventRecord(e2, t);
    void *q, *hp;
    cudaMallocHost(&hp, 64);
    cudaGraph_t g;
    size_t a, b;
    int n;
    cudaPointerAttributes pa;
    cudaFuncAttributes fa;
    float ms;
    cudaGraphExec_t gx;
    cudaGraph_t ge;
    cudaGraphCreate(&ge, 0);
    cudaGraphInstantiate(&gx, ge, 0);
    cudaStreamCaptureStatus cs;
    cudaStream_t ns;
    cudaEvent_t ne;
    for (auto mode : {cudaStreamCaptureModeGlobal, cudaStreamCaptureModeThreadLocal, cudaStreamCaptureModeRelaxed}) {
        printf("-- mode %d\n", mode);
#define C(...)                                                                              \
    do {                                                                                    \
        cudaStreamBeginCapture(s, mode);                                                    \
        cudaGetLastError();                                                                 \
        const char *r_ = "crash";                                                           \
        if (!sigsetjmp(back_, 1)) {                                                         \
            __VA_ARGS__;                                                                    \
            r_ = cudaGetErrorName(cudaGetLastError());                                      \
        }                                                                                   \
        g = nullptr;                                                                        \
        auto e_ = cudaStreamEndCapture(s, &g);                                              \
        size_t nn_ = 0;                                                                     \
        if (g) cudaGraphGetNodes(g, nullptr, &nn_);                                         \
        printf("%s: %s, end %s, %zu nodes\n", #__VA_ARGS__, r_, cudaGetErrorName(e_), nn_); \
        cudaGetLastError();                                                                 \
        if (g) cudaGraphDestroy(g);                                                         \
    } while (0)
        C(cudaMalloc(&q, 16));
        C(cudaFree(nullptr));
        C(cudaMallocHost(&q, 16));
        C(cudaMallocManaged(&q, 16));
        C(cudaMemcpy(d, h, 4, cudaMemcpyHostToDevice));
        C(cudaMemcpyAsync(d, h, 4, cudaMemcpyHostToDevice, s));
        C(cudaMemcpyAsync(d, hp, 4, cudaMemcpyHostToDevice, s));
        C(cudaMemcpyAsync(d, h, 4, cudaMemcpyHostToDevice));
        C(cudaMemcpyAsync(d, hp, 4, cudaMemcpyHostToDevice, t));
        C(cudaMemcpyAsync(d, hp, 4, cudaMemcpyHostToDevice, nb));
        C(cudaMemset(d, 0, 4));
        C(cudaMemsetAsync(d, 0, 4, s));
        C(k<<<1, 1>>>(d));
        C((k<<<1, 1, 0, s>>>(d)));
        C((k<<<1, 1, 0, t>>>(d)));
        C((k<<<1, 1, 0, nb>>>(d)));
        C(cudaDeviceSynchronize());
        C(cudaStreamSynchronize(s));
        C(cudaStreamSynchronize(t));
        C(cudaStreamSynchronize(nb));
        C(cudaStreamSynchronize(0));
        C(cudaStreamQuery(s));
        C(cudaStreamQuery(t));
        C(cudaStreamQuery(0));
        C(cudaStreamQuery(nb));
        C(cudaEventQuery(e2));
        C(cudaEventSynchronize(e2));
        C(cudaEventRecord(e, s));
        C((cudaEventRecord(e, s), cudaEventQuery(e)));
        C((cudaEventRecord(e, s), cudaEventSynchronize(e)));
        C((cudaEventRecord(e, s), cudaEventElapsedTime(&ms, e2, e)));
        C(cudaEventRecord(e, 0));
        C(cudaEventRecord(e, nb));
        C(cudaStreamWaitEvent(s, e2, 0));
        C((cudaEventRecord(e, t), cudaStreamWaitEvent(s, e, 0)));
        C((cudaEventRecord(e, s), cudaStreamWaitEvent(t, e, 0)));
        C((cudaEventRecord(e, s), cudaStreamWaitEvent(t, e, 0), cudaEventRecord(e2, t), cudaStreamWaitEvent(s, e2, 0)));
        C((cudaEventRecord(e, s), cudaStreamWaitEvent(0, e, 0)));
        C(cudaStreamAddCallback(s, cb, nullptr, 0));
        C(cudaLaunchHostFunc(s, hf, nullptr));
        C(cudaLaunchHostFunc(0, hf, nullptr));
        C(cudaStreamCreate(&ns));
        C(cudaEventCreate(&ne));
        C(cudaStreamDestroy(ns));
        C(cudaMemGetInfo(&a, &b));
        C(cudaGetDevice(&n));
        C(cudaPointerGetAttributes(&pa, d));
        C(cudaFuncGetAttributes(&fa, k));
        C(cudaMemcpyToSymbol(var, h, 4));
        C(cudaMemcpyToSymbolAsync(var, h, 4, 0, cudaMemcpyHostToDevice, s));
        C(cudaGetSymbolAddress(&q, var));
        C(cudaMallocAsync(&q, 64, s));
        C((cudaMallocAsync(&q, 64, s), cudaFreeAsync(q, s)));
        C(cudaMallocAsync(&q, 64, t));
        C(cudaGraphLaunch(gx, s));
        C(cudaGraphLaunch(gx, t));
        C(cudaGraphInstantiate(&gx, ge, 0));
        C(cudaStreamIsCapturing(s, &cs));
        C(cudaStreamIsCapturing(0, &cs));
        C(cudaStreamBeginCapture(s, mode));
        C(cudaStreamBeginCapture(t, mode));
        C(cudaStreamEndCapture(t, &g));
        cudaStreamEndCapture(t, &g);
        C(cudaHostRegister(h, 16, 0));
        cudaHostUnregister(h);
        C(cudaDeviceSetLimit(cudaLimitStackSize, 2048));
        C(cudaSetDevice(0));
        C(cudaMemset2DAsync(d, 8, 0, 4, 2, s));
        C(cudaMemcpy2DAsync(d, 8, hp, 8, 4, 2, cudaMemcpyHostToDevice, s));
    }
}
