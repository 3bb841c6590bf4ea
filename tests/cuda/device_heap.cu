// malloc in kernels: what cannot be had is null, memory lasts from kernel to kernel, and a loop ends when the heap is full.
#include "testing.h"

__global__ void too_much(int *out) {
    void *p = malloc(1ull << 45);
    if (p == nullptr) {
        out[threadIdx.x] = 1;
    } else {
        out[threadIdx.x] = 2;
        free(p);
    }
}

__global__ void allocate(int **kept) {
    int i = threadIdx.x;
    kept[i] = static_cast<int *>(malloc(16 * sizeof(int)));
    for (int k = 0; k < 16; k++) kept[i][k] = i * k;
}

__global__ void use_and_free(int **kept, int *out) {
    int i = threadIdx.x;
    for (int k = 0; k < 16; k++) out[i] += kept[i][k];
    free(kept[i]);
}

// Nobody reads what is allocated: the calls count all the same.
__global__ void until_full(int *out) {
    while (malloc(1 << 20) != nullptr) out[0]++;
    out[1] = malloc(8 << 20) == nullptr;
}

int main() {
    CHECK(cudaDeviceSetLimit(cudaLimitMallocHeapSize, 32 << 20));
    Managed<int> out(64);
    too_much<<<1, 64>>>(out);
    finish();
    for (int i = 0; i < 64; i++) expect(out[i], 1, "too much", i);

    memset(out.data, 0, 64 * sizeof(int));
    Managed<int *> kept(64);
    allocate<<<1, 64>>>(kept);
    use_and_free<<<1, 64>>>(kept, out);
    finish();
    for (int i = 0; i < 64; i++) expect(out[i], i * 120, "kept", i);

    memset(out.data, 0, 64 * sizeof(int));
    until_full<<<1, 1>>>(out);
    finish();
    expect(out[0] >= 20 && out[0] <= 32, true, "megabytes in the heap");
    expect(out[1], 1, "full");
    return result();
}
