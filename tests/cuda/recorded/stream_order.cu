// env: CUDA_MODULE_LOADING=EAGER
// Streams, events, callbacks, captures and updates of graphs: order and answers.
#include "values.h"
#include <unistd.h>
__global__ void slow(volatile int *flag, int *o, int v) {
    while (*flag == 0) {}
    *o = v;
}
__global__ void add(int *o, int v) { *o = *o * 10 + v; }
static void cb(cudaStream_t, cudaError_t e, void *p) { ((int *)p)[0] = ((int *)p)[0] * 10 + 1 + e; }
static void hf(void *p) { ((int *)p)[0] = ((int *)p)[0] * 10 + 2; }
#define P(x) printf("%s: %s\n", #x, cudaGetErrorName(x))
int main() {
    int *flag, *o;
    CK(cudaHostAlloc(&flag, 4, cudaHostAllocMapped));
    *flag = 0;
    CK(cudaMalloc(&o, 64));
    CK(cudaMemset(o, 0, 64));
    cudaStream_t s, t, nb;
    CK(cudaStreamCreate(&s));
    CK(cudaStreamCreate(&t));
    CK(cudaStreamCreateWithFlags(&nb, cudaStreamNonBlocking));
    cudaEvent_t a, b;
    CK(cudaEventCreate(&a));
    CK(cudaEventCreate(&b));
    CK(cudaDeviceSynchronize());
    slow<<<1, 1, 0, s>>>(flag, o, 3);
    CK(cudaEventRecord(a, s));
    P(cudaStreamQuery(s));
    P(cudaEventQuery(a));
    P(cudaStreamQuery(t));
    P(cudaStreamQuery(nb));
    P(cudaGetLastError());
    float ms;
    P(cudaEventElapsedTime(&ms, a, a));
    CK(cudaStreamWaitEvent(t, a, 0));
    add<<<1, 1, 0, t>>>(o, 4);
    P(cudaStreamQuery(t));
    add<<<1, 1, 0, nb>>>(o + 1, 1);
    CK(cudaStreamSynchronize(nb));
    P(cudaStreamQuery(nb));
    int host = 0;
    CK(cudaStreamAddCallback(t, cb, &host, 0));
    CK(cudaLaunchHostFunc(t, hf, &host));
    printf("host %d\n", host);
    *flag = 1;
    CK(cudaStreamSynchronize(t));
    printf("host %d\n", host);
    CK(cudaDeviceSynchronize());
    P(cudaEventQuery(a));
    int h[2];
    CK(cudaMemcpy(h, o, 8, cudaMemcpyDeviceToHost));
    printf("%d %d\n", h[0], h[1]);
    CK(cudaEventRecord(b, t));
    CK(cudaEventSynchronize(b));
    P(cudaEventElapsedTime(&ms, a, b));
    printf("%d\n", ms >= 0);
    P(cudaEventElapsedTime(&ms, b, a));
    printf("%d\n", ms <= 0);
    *flag = 0;
    slow<<<1, 1, 0, s>>>(flag, o, 5);
    add<<<1, 1>>>(o, 6);
    P(cudaStreamQuery(0));
    P(cudaStreamQuery(cudaStreamPerThread));
    *flag = 1;
    CK(cudaMemcpy(h, o, 4, cudaMemcpyDeviceToHost));
    printf("%d\n", h[0]);
    int lo, hi;
    CK(cudaDeviceGetStreamPriorityRange(&lo, &hi));
    printf("%d %d\n", lo, hi);
    cudaStream_t p;
    CK(cudaStreamCreateWithPriority(&p, 0, hi));
    int pr;
    CK(cudaStreamGetPriority(p, &pr));
    printf("%d\n", pr);
    CK(cudaStreamCreateWithPriority(&p, 0, -100));
    CK(cudaStreamGetPriority(p, &pr));
    printf("%d\n", pr);
    CK(cudaStreamCreateWithPriority(&p, 0, 100));
    CK(cudaStreamGetPriority(p, &pr));
    printf("%d\n", pr);
    unsigned f;
    CK(cudaStreamGetFlags(nb, &f));
    printf("%u\n", f);
    cudaGraph_t g;
    cudaGraphExec_t x;
    CK(cudaStreamBeginCapture(s, cudaStreamCaptureModeGlobal));
    CK(cudaMemsetAsync(o, 0, 4, s));
    add<<<1, 1, 0, s>>>(o, 1);
    CK(cudaEventRecord(a, s));
    CK(cudaStreamWaitEvent(t, a, 0));
    add<<<1, 1, 0, t>>>(o, 2);
    CK(cudaLaunchHostFunc(t, hf, &host));
    CK(cudaEventRecord(b, t));
    CK(cudaStreamWaitEvent(s, b, 0));
    add<<<1, 1, 0, s>>>(o, 3);
    CK(cudaMemcpyAsync(h, o, 4, cudaMemcpyDeviceToHost, s));
    CK(cudaStreamEndCapture(s, &g));
    size_t n;
    CK(cudaGraphGetNodes(g, nullptr, &n));
    printf("nodes %zu", n);
    CK(cudaGraphGetRootNodes(g, nullptr, &n));
    printf(" roots %zu", n);
    std::vector<cudaGraphNode_t> v(20);
    n = 20;
    CK(cudaGraphGetNodes(g, v.data(), &n));
    for (size_t i = 0; i < n; i++) {
        cudaGraphNodeType ty;
        cudaGraphNodeGetType(v[i], &ty);
        printf(" t%d", ty);
    }
    printf("\n");
    CK(cudaGraphInstantiate(&x, g, 0));
    for (int i = 0; i < 3; i++) {
        h[0] = 0;
        CK(cudaGraphLaunch(x, s));
        CK(cudaStreamSynchronize(s));
        printf("%d %d\n", h[0], host);
    }
    int v9 = 9;
    void *args[] = {&o, &v9};
    for (size_t i = 0; i < n; i++) {
        cudaGraphNodeType ty;
        cudaGraphNodeGetType(v[i], &ty);
        if (ty == cudaGraphNodeTypeKernel) {
            cudaKernelNodeParams kp;
            CK(cudaGraphKernelNodeGetParams(v[i], &kp));
            printf("%u %u %d\n", kp.gridDim.x, kp.blockDim.x, *(int *)kp.kernelParams[1]);
            kp.kernelParams = args;
            CK(cudaGraphExecKernelNodeSetParams(x, v[i], &kp));
        }
    }
    CK(cudaGraphLaunch(x, s));
    CK(cudaStreamSynchronize(s));
    printf("%d\n", h[0]);
    cudaGraph_t g2;
    CK(cudaStreamBeginCapture(s, cudaStreamCaptureModeGlobal));
    CK(cudaMemsetAsync(o, 0, 4, s));
    add<<<1, 1, 0, s>>>(o, 7);
    CK(cudaStreamEndCapture(s, &g2));
    cudaGraphExecUpdateResultInfo info;
    P(cudaGraphExecUpdate(x, g2, &info));
    printf("%d\n", info.result);
    cudaGetLastError();
    cudaGraph_t g3;
    CK(cudaGraphClone(&g3, g));
    P(cudaGraphExecUpdate(x, g3, &info));
    printf("%d\n", info.result);
    CK(cudaGraphLaunch(x, s));
    CK(cudaStreamSynchronize(s));
    printf("%d\n", h[0]);
}
