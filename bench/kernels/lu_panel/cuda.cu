#include "cuda.h"
#include "data.h"

/* A block a panel, a thread a row; the panel in shared memory; partial pivoting. */
__global__ void factor(const float *panels, float *factors, int *pivots) {
    __shared__ float a[COLS][ROWS];
    __shared__ float sizes[ROWS];
    __shared__ int rows[ROWS];
    int row = threadIdx.x;
    const float *from = panels + (size_t)blockIdx.x * ENTRIES;
    for (int c = 0; c < COLS; c++) a[c][row] = from[c * ROWS + row];
    for (int c = 0; c < COLS; c++) {
        sizes[row] = row >= c ? fabsf(a[c][row]) : -1.0f;
        rows[row] = row;
        __syncthreads();
        for (int s = ROWS / 2; s > 0; s >>= 1) {
            if (row < s) {
                float other = sizes[row + s];
                if (other > sizes[row] || (other == sizes[row] && rows[row + s] < rows[row])) {
                    sizes[row] = other;
                    rows[row] = rows[row + s];
                }
            }
            __syncthreads();
        }
        int pivot = rows[0];
        if (row == 0) pivots[blockIdx.x * COLS + c] = pivot;
        if (row < COLS) {
            float swapped = a[row][pivot];
            a[row][pivot] = a[row][c];
            a[row][c] = swapped;
        }
        __syncthreads();
        if (row > c) {
            float factor = a[c][row] / a[c][c];
            a[c][row] = factor;
            for (int k = c + 1; k < COLS; k++) a[k][row] -= factor * a[k][c];
        }
        __syncthreads();
    }
    float *to = factors + (size_t)blockIdx.x * ENTRIES;
    for (int c = 0; c < COLS; c++) to[c * ROWS + row] = a[c][row];
}

static float *d_panels, *d_factors;
static int *d_pivots;
static void run() {
    factor<<<PANELS, ROWS>>>(d_panels, d_factors, d_pivots);
    finish();
}
static double checksum() {
    to_host(factors, d_factors, (size_t)PANELS * ENTRIES);
    to_host(pivots, d_pivots, PANELS * COLS);
    return weigh();
}
int main() {
    make_data();
    d_panels = device_copy(panels, (size_t)PANELS * ENTRIES);
    d_factors = device_array<float>((size_t)PANELS * ENTRIES);
    d_pivots = device_array<int>(PANELS * COLS);
    return bench_drive(run, checksum);
}
