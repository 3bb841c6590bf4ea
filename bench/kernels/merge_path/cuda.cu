#include "cuda.h"
#include "data.h"

/* Where the path through the merge crosses a diagonal: how many of `a` are among the first `diagonal` outputs. */
__device__ int crossing(const int *a, const int *b, int n, int diagonal) {
    int low = max(0, diagonal - n), high = min(diagonal, n);
    while (low < high) {
        int middle = (low + high) / 2;
        if (a[middle] <= b[diagonal - 1 - middle])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

__global__ void merge(const int *a, const int *b, int *merged, int n) {
    int first = (blockIdx.x * blockDim.x + threadIdx.x) * EACH;
    int i = crossing(a, b, n, first), j = first - i;
    for (int k = 0; k < EACH; k++) {
        bool left = j >= n || (i < n && a[i] <= b[j]);
        merged[first + k] = left ? a[i++] : b[j++];
    }
}

static int *d_a, *d_b, *d_merged;
static void run() {
    merge<<<THREADS / BLOCK, BLOCK>>>(d_a, d_b, d_merged, N);
    finish();
}
static double checksum() {
    to_host(merged, d_merged, 2 * N);
    return weigh();
}
int main() {
    make_data();
    d_a = device_copy(a, N);
    d_b = device_copy(b, N);
    d_merged = device_array<int>(2 * N);
    return bench_drive(run, checksum);
}
