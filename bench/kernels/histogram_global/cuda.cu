#include "cuda.h"
#include "data.h"

__global__ void histogram(const unsigned char *data, int n, unsigned *bins) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) atomicAdd(&bins[data[i]], 1);
}

static unsigned char *d_data;
static unsigned *d_bins;
static void run() {
    CHECK(cudaMemsetAsync(d_bins, 0, sizeof bins));
    histogram<<<GRID, BLOCK>>>(d_data, N, d_bins);
    finish();
}
static double checksum() {
    to_host(bins, d_bins, BINS);
    return weigh();
}
int main() {
    make_data();
    d_data = device_copy(data, N);
    d_bins = device_array<unsigned>(BINS);
    return bench_drive(run, checksum);
}
