#include "cuda.h"
#include "data.h"

__global__ void saxpy(int n, float a, const float *x, float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i];
}

static float *d_x, *d_y;
static void run() {
    saxpy<<<(N + 255) / 256, 256>>>(N, A, d_x, d_y);
    finish();
    runs++;
}
static double checksum() {
    to_host(y, d_y, N);
    return sum_of(y);
}
int main() {
    make_data();
    d_x = device_copy(x, N);
    d_y = device_copy(y, N);
    return bench_drive(run, checksum);
}
