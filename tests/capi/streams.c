// Streams and events: order, waiting, time, callbacks, and the default streams.
#include "kernels.h"
#include <pthread.h>
#include <unistd.h>

enum { N = 4096 };
static int called, call_order[4];

static void slow_host(void *data) {
    usleep(50000);
    call_order[called++] = *(int *)data;
}

static void callback(cudaStream_t stream, cudaError_t status, void *data) {
    (void)stream;
    EXPECT(status, cudaSuccess);
    call_order[called++] = *(int *)data;
}

static void *worker(void *unused) {
    int *p, back[64], device = -1;
    (void)unused;
    OK(cudaGetDevice(&device));
    EXPECT(device, 0);
    OK(cudaPeekAtLastError());
    OK(cudaMalloc((void **)&p, sizeof back));
    for (int round = 0; round < 20; round++) {
        OK(launch_fill(p, 64, round, cudaStreamPerThread));
        OK(cudaMemcpyAsync(back, p, sizeof back, cudaMemcpyDeviceToHost, cudaStreamPerThread));
        OK(cudaStreamSynchronize(cudaStreamPerThread));
        EXPECT(back[63], round + 63);
    }
    OK(cudaFree(p));
    return NULL;
}

int main(void) {
    register_kernels();
    int *p, *back, one = 1, two = 2, three = 3;
    OK(cudaMalloc((void **)&p, N * sizeof *p));
    OK(cudaMallocHost((void **)&back, N * sizeof *back));
    cudaStream_t a, b, low;
    cudaEvent_t start, end, plain;
    OK(cudaStreamCreate(&a));
    OK(cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking));
    OK(cudaStreamCreateWithPriority(&low, cudaStreamNonBlocking, 0));
    OK(cudaEventCreate(&start));
    OK(cudaEventCreate(&end));
    OK(cudaEventCreateWithFlags(&plain, cudaEventDisableTiming));

    // Work of one stream happens in order, and the host sees what is not done.
    OK(cudaEventRecord(start, a));
    OK(cudaLaunchHostFunc(a, slow_host, &one));
    OK(launch_fill(p, N, 7, a));
    OK(cudaMemcpyAsync(back, p, N * sizeof *p, cudaMemcpyDeviceToHost, a));
    OK(cudaStreamAddCallback(a, callback, &two, 0));
    OK(cudaEventRecord(end, a));
    EXPECT(cudaStreamQuery(a), cudaErrorNotReady);
    EXPECT(cudaEventQuery(end), cudaErrorNotReady);
    OK(cudaGetLastError());

    // Another stream waits for it by an event; the host for the event.
    OK(cudaStreamWaitEvent(b, end, 0));
    OK(cudaLaunchHostFunc(b, slow_host, &three));
    OK(cudaEventSynchronize(end));
    EXPECT(back[N - 1], N + 6);
    OK(cudaStreamSynchronize(b));
    EXPECT(called, 3);
    EXPECT(call_order[0] * 100 + call_order[1] * 10 + call_order[2], 123);
    OK(cudaStreamQuery(a));
    OK(cudaEventQuery(end));
    float ms = -1;
    OK(cudaEventElapsedTime(&ms, start, end));
    TRUE(ms >= 45 && ms < 5000);
    OK(cudaEventRecord(plain, a));
    OK(cudaEventSynchronize(plain));
    FAILS(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&ms, start, plain));

    // The legacy default stream waits for blocking streams, and they for it.
    called = 0;
    OK(cudaLaunchHostFunc(a, slow_host, &one));
    OK(cudaMemset(p, 0, 4));
    OK(cudaMemcpy(back, p, 4, cudaMemcpyDeviceToHost));
    EXPECT(called, 1);
    OK(cudaLaunchHostFunc(0, slow_host, &two));
    OK(cudaStreamSynchronize(cudaStreamLegacy));
    EXPECT(called, 2);

    unsigned flags = 9;
    int priority = 9;
    OK(cudaStreamGetFlags(a, &flags));
    EXPECT(flags, cudaStreamDefault);
    OK(cudaStreamGetFlags(b, &flags));
    EXPECT(flags, cudaStreamNonBlocking);
    OK(cudaStreamGetPriority(low, &priority));
    EXPECT(priority, 0);
    unsigned long long id_a = 0, id_b = 0;
    OK(cudaStreamGetId(a, &id_a));
    OK(cudaStreamGetId(b, &id_b));
    TRUE(id_a != id_b);

    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, worker, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);

    OK(cudaEventDestroy(start));
    OK(cudaEventDestroy(end));
    OK(cudaEventDestroy(plain));
    OK(cudaStreamDestroy(a));
    OK(cudaStreamDestroy(b));
    OK(cudaStreamDestroy(low));
    FAILS(cudaErrorInvalidResourceHandle, cudaEventQuery((cudaEvent_t)0x1234567));
    OK(cudaFree(p));
    OK(cudaFreeHost(back));
    return result();
}
