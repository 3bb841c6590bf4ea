// A misaligned access is an error of its own, and stays with the context (PTX ISA, ld and st: addresses are naturally
// aligned).
#include "testing.h"

__global__ void misaligned(char *p) { *reinterpret_cast<volatile double *>(p + 1) = 1.0; }
__global__ void nothing() {}

int main() {
    char *d;
    CHECK(cudaMalloc(&d, 64));
    misaligned<<<1, 1>>>(d);
    expect(int(cudaDeviceSynchronize()), int(cudaErrorMisalignedAddress), "misaligned store");
    nothing<<<1, 1>>>();
    expect(int(cudaGetLastError()), int(cudaErrorMisalignedAddress), "launch after it");
    return result();
}
