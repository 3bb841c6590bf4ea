// Execution graphs: built by hand, captured from streams, changed, launched again.
#include "kernels.h"

enum { N = 256 };
static int host_calls;

static void host_node(void *data) { host_calls += *(int *)data; }

static struct cudaKernelNodeParams kernel(void *func, void **args) {
    struct cudaKernelNodeParams k;
    memset(&k, 0, sizeof k);
    k.func = func;
    k.gridDim = dim(2), k.blockDim = dim(128);
    k.kernelParams = args;
    return k;
}

static void by_hand(int *p, int *back, cudaStream_t stream) {
    cudaGraph_t graph, clone;
    cudaGraphNode_t clear, filled, scaled, copied, called;
    OK(cudaGraphCreate(&graph, 0));
    struct cudaMemsetParams zero;
    memset(&zero, 0, sizeof zero);
    zero.dst = p, zero.elementSize = 4, zero.width = N, zero.height = 1;
    OK(cudaGraphAddMemsetNode(&clear, graph, NULL, 0, &zero));
    int n = N - 1, v = 1, step = 1;
    void *fill_args[] = {&p, &n, &v}, *scale_args[] = {&p, &n};
    struct cudaKernelNodeParams k = kernel((void *)fill, fill_args);
    OK(cudaGraphAddKernelNode(&filled, graph, &clear, 1, &k));
    k = kernel((void *)scale, scale_args);
    OK(cudaGraphAddKernelNode(&scaled, graph, &filled, 1, &k));
    OK(cudaGraphAddMemcpyNode1D(&copied, graph, &scaled, 1, back, p, N * 4, cudaMemcpyDeviceToHost));
    struct cudaHostNodeParams h = {host_node, &step};
    OK(cudaGraphAddHostNode(&called, graph, &copied, 1, &h));

    size_t count = 0;
    OK(cudaGraphGetNodes(graph, NULL, &count));
    EXPECT(count, 5);
    OK(cudaGraphGetEdges(graph, NULL, NULL, &count));
    EXPECT(count, 4);
    cudaGraphNode_t root;
    count = 1;
    OK(cudaGraphGetRootNodes(graph, &root, &count));
    EXPECT((size_t)root, (size_t)clear);
    enum cudaGraphNodeType type;
    OK(cudaGraphNodeGetType(copied, &type));
    EXPECT(type, cudaGraphNodeTypeMemcpy);
    struct cudaKernelNodeParams got;
    OK(cudaGraphKernelNodeGetParams(filled, &got));
    EXPECT((size_t)got.func, (size_t)(void *)fill);
    EXPECT(got.blockDim.x, 128);

    // Parameters are copied when the node is made.
    n = 0, v = 99;
    cudaGraphExec_t exec;
    OK(cudaGraphInstantiate(&exec, graph, 0));
    for (int round = 0; round < 3; round++) {
        back[0] = back[N - 1] = -1;
        OK(cudaGraphLaunch(exec, stream));
        OK(cudaStreamSynchronize(stream));
        EXPECT(back[0], 3);
        EXPECT(back[N - 2], (N - 1) * 3);
        EXPECT(back[N - 1], 0);
    }
    EXPECT(host_calls, 3);

    // One node's parameters change in the executable graph only.
    n = N - 1, v = 10;
    k = kernel((void *)fill, fill_args);
    OK(cudaGraphExecKernelNodeSetParams(exec, filled, &k));
    OK(cudaGraphLaunch(exec, stream));
    OK(cudaStreamSynchronize(stream));
    EXPECT(back[0], 30);

    OK(cudaGraphClone(&clone, graph));
    cudaGraphNode_t twin;
    OK(cudaGraphNodeFindInClone(&twin, filled, clone));
    v = 20;
    k = kernel((void *)fill, fill_args);
    OK(cudaGraphKernelNodeSetParams(twin, &k));
    cudaGraphExecUpdateResultInfo info;
    OK(cudaGraphExecUpdate(exec, clone, &info));
    OK(cudaGraphLaunch(exec, stream));
    OK(cudaStreamSynchronize(stream));
    EXPECT(back[0], 60);
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(clone));

    // A cycle is refused.
    TRUE(cudaGraphAddDependencies(graph, &called, &clear, 1) != cudaSuccess ||
         cudaGraphInstantiate(&exec, graph, 0) != cudaSuccess);
    cudaGetLastError();
    OK(cudaGraphDestroy(graph));
}

static void captured(int *p, int *back) {
    cudaStream_t a, b;
    cudaEvent_t fork, join;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    OK(cudaStreamCreate(&a));
    OK(cudaStreamCreate(&b));
    OK(cudaEventCreateWithFlags(&fork, cudaEventDisableTiming));
    OK(cudaEventCreateWithFlags(&join, cudaEventDisableTiming));
    enum cudaStreamCaptureStatus status;
    OK(cudaStreamBeginCapture(a, cudaStreamCaptureModeGlobal));
    OK(cudaStreamIsCapturing(a, &status));
    EXPECT(status, cudaStreamCaptureStatusActive);
    OK(launch_fill(p, N, 1, a));
    OK(cudaEventRecord(fork, a));
    OK(cudaStreamWaitEvent(b, fork, 0));
    OK(launch_scale(p, N / 2, a));
    OK(launch_scale(p + N / 2, N / 2, b));
    OK(cudaEventRecord(join, b));
    OK(cudaStreamWaitEvent(a, join, 0));
    OK(cudaMemcpyAsync(back, p, N * 4, cudaMemcpyDeviceToHost, a));
    OK(cudaStreamEndCapture(a, &graph));
    OK(cudaStreamIsCapturing(a, &status));
    EXPECT(status, cudaStreamCaptureStatusNone);
    size_t count = 0;
    OK(cudaGraphGetNodes(graph, NULL, &count));
    EXPECT(count, 4);
    OK(cudaGraphInstantiateWithFlags(&exec, graph, 0));
    back[0] = 0;
    OK(cudaGraphLaunch(exec, a));
    OK(cudaStreamSynchronize(a));
    EXPECT(back[0], 3);
    EXPECT(back[N - 1], N * 3);
    // Synchronizing with a capturing stream is an error and spoils the capture.
    OK(cudaStreamBeginCapture(a, cudaStreamCaptureModeRelaxed));
    EXPECT(cudaStreamSynchronize(a), cudaErrorStreamCaptureUnsupported);
    cudaGraph_t spoilt = NULL;
    EXPECT(cudaStreamEndCapture(a, &spoilt), cudaErrorStreamCaptureInvalidated);
    cudaGetLastError();
    FAILS(cudaErrorIllegalState, cudaStreamEndCapture(a, &spoilt));
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(graph));
    OK(cudaEventDestroy(fork));
    OK(cudaEventDestroy(join));
    OK(cudaStreamDestroy(a));
    OK(cudaStreamDestroy(b));
}

int main(void) {
    register_kernels();
    int *p, *back;
    cudaStream_t stream;
    OK(cudaMalloc((void **)&p, N * 4));
    OK(cudaMallocHost((void **)&back, N * 4));
    OK(cudaStreamCreate(&stream));
    by_hand(p, back, stream);
    captured(p, back);
    OK(cudaStreamDestroy(stream));
    OK(cudaFree(p));
    OK(cudaFreeHost(back));
    return result();
}
