// A kernel's wild store: the right code, sticky until the device is reset, and the process lives.
#include "kernels.h"

int main(void) {
    register_kernels();
    int *p, got[4] = {0};
    OK(cudaMalloc((void **)&p, 64));
    OK(cudaLaunchKernel((void *)wild, dim(1), dim(1), NULL, 0, 0));
    EXPECT(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
    EXPECT(cudaGetLastError(), cudaErrorIllegalAddress);
    // Forgotten once it was asked for; each later call says it anew.
    EXPECT(cudaGetLastError(), cudaSuccess);
    EXPECT(cudaMalloc((void **)&p, 64), cudaErrorIllegalAddress);
    EXPECT(launch_fill(p, 4, 1, 0), cudaErrorIllegalAddress);
    EXPECT(cudaMemcpy(got, p, 16, cudaMemcpyDeviceToHost), cudaErrorIllegalAddress);
    OK(cudaDeviceReset());
    OK(cudaGetLastError());
    OK(cudaMalloc((void **)&p, 64));
    OK(launch_fill(p, 4, 1, 0));
    OK(cudaMemcpy(got, p, 16, cudaMemcpyDeviceToHost));
    EXPECT(got[3], 4);
    return result();
}
