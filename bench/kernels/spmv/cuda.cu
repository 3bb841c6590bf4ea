#include "cuda.h"
#include "data.h"

__global__ void spmv(int rows, const int *starts, const int *columns, const float *values, const float *x, float *y) {
    int r = blockIdx.x * blockDim.x + threadIdx.x;
    if (r >= rows) return;
    float sum = 0.0f;
    for (int i = starts[r]; i < starts[r + 1]; i++) sum += values[i] * x[columns[i]];
    y[r] = sum;
}

static int *d_starts, *d_columns;
static float *d_values, *d_x, *d_y;
static void run() {
    spmv<<<ROWS / 256, 256>>>(ROWS, d_starts, d_columns, d_values, d_x, d_y);
    finish();
}
static double checksum() {
    to_host(y, d_y, ROWS);
    return sum_y();
}
int main() {
    make_data();
    d_starts = device_copy(starts, ROWS + 1);
    d_columns = device_copy(columns, NONZEROS);
    d_values = device_copy(values, NONZEROS);
    d_x = device_copy(x, ROWS);
    d_y = device_array<float>(ROWS);
    return bench_drive(run, checksum);
}
