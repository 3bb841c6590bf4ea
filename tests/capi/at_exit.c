// Static objects free what they hold after main has returned, when the main thread's local state is gone.
#include "kernels.h"
#include <unistd.h>

static int *p;

static void last(void) {
    int back = 0;
    cudaStream_t stream = NULL;
    OK(launch_fill(p, 1, 9, 0));
    OK(cudaMemcpy(&back, p, 4, cudaMemcpyDeviceToHost));
    EXPECT(back, 9);
    OK(launch_fill(p, 1, 8, cudaStreamPerThread));
    OK(cudaStreamSynchronize(cudaStreamPerThread));
    OK(cudaStreamCreate(&stream));
    OK(cudaStreamDestroy(stream));
    OK(cudaFree(p));
    if (wrong_count) _exit(1);
}

int main(void) {
    register_kernels();
    atexit(last);
    OK(cudaMalloc((void **)&p, 4));
    OK(launch_fill(p, 1, 5, 0));
    OK(cudaDeviceSynchronize());
    return result();
}
