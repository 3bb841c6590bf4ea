// cc: -DCUDA_API_PER_THREAD_DEFAULT_STREAM
// The per-thread family of entry points: the null stream is the thread's own, which does not wait for other streams.
#include "kernels.h"
#include <unistd.h>

static volatile int released, waited;

static void wait_for_release(void *unused) {
    (void)unused;
    for (int i = 0; i < 2000 && !released; i++) usleep(1000);
    waited = 1;
}

int main(void) {
    register_kernels();
    int *p, back[16], got = 0;
    OK(cudaMalloc((void **)&p, sizeof back));
    cudaStream_t other;
    OK(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking));
    OK(cudaStreamSynchronize(0));
    OK(cudaLaunchHostFunc(other, wait_for_release, NULL));
    // Would not come back if the default stream waited for the other.
    OK(launch_fill(p, 16, 3, 0));
    OK(cudaMemcpy(back, p, sizeof back, cudaMemcpyDeviceToHost));
    EXPECT(back[15], 18);
    EXPECT(waited, 0);
    OK(cudaMemset(p, 0, 4));
    OK(cudaMemcpyAsync(&got, p, 4, cudaMemcpyDeviceToHost, 0));
    OK(cudaStreamSynchronize(0));
    EXPECT(got, 0);
    EXPECT(waited, 0);
    released = 1;
    OK(cudaStreamSynchronize(other));
    EXPECT(waited, 1);
    OK(cudaStreamDestroy(other));
    OK(cudaFree(p));
    return result();
}
