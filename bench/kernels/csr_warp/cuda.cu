#include "cuda.h"
#include "data.h"

/* A warp a row. */
__global__ void spmv(int rows, const int *starts, const int *columns, const float *values, const float *x, float *y) {
    int r = (blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = threadIdx.x % 32;
    if (r >= rows) return;
    float sum = 0.0f;
    for (int i = starts[r] + lane; i < starts[r + 1]; i += 32) sum += values[i] * x[columns[i]];
    for (int offset = 16; offset > 0; offset /= 2) sum += __shfl_down_sync(0xffffffffu, sum, offset);
    if (lane == 0) y[r] = sum;
}

static int *d_starts, *d_columns;
static float *d_values, *d_x, *d_y;
static void run() {
    spmv<<<ROWS / (BLOCK / 32), BLOCK>>>(ROWS, d_starts, d_columns, d_values, d_x, d_y);
    finish();
}
static double checksum() {
    to_host(y, d_y, ROWS);
    return sum_y();
}
int main() {
    make_data();
    d_starts = device_copy(starts, ROWS + 1);
    d_columns = device_copy(columns, nonzeros);
    d_values = device_copy(values, nonzeros);
    d_x = device_copy(x, ROWS);
    d_y = device_array<float>(ROWS);
    return bench_drive(run, checksum);
}
