#include "cuda.h"
#include "data.h"

__global__ void scan_blocks(const int *in, int *out, int *sums, int n) {
    __shared__ int temp[PER_BLOCK];
    int t = threadIdx.x, base = blockIdx.x * PER_BLOCK;
    temp[2 * t] = base + 2 * t < n ? in[base + 2 * t] : 0;
    temp[2 * t + 1] = base + 2 * t + 1 < n ? in[base + 2 * t + 1] : 0;
    int offset = 1;
    for (int d = PER_BLOCK >> 1; d > 0; d >>= 1) {
        __syncthreads();
        if (t < d) temp[offset * (2 * t + 2) - 1] += temp[offset * (2 * t + 1) - 1];
        offset *= 2;
    }
    if (t == 0) {
        sums[blockIdx.x] = temp[PER_BLOCK - 1];
        temp[PER_BLOCK - 1] = 0;
    }
    for (int d = 1; d < PER_BLOCK; d *= 2) {
        offset >>= 1;
        __syncthreads();
        if (t < d) {
            int left = offset * (2 * t + 1) - 1, right = offset * (2 * t + 2) - 1, v = temp[left];
            temp[left] = temp[right];
            temp[right] += v;
        }
    }
    __syncthreads();
    if (base + 2 * t < n) out[base + 2 * t] = temp[2 * t];
    if (base + 2 * t + 1 < n) out[base + 2 * t + 1] = temp[2 * t + 1];
}

__global__ void add_offsets(int *out, const int *offsets) {
    int i = blockIdx.x * PER_BLOCK + threadIdx.x;
    out[i] += offsets[blockIdx.x];
    out[i + BLOCK] += offsets[blockIdx.x];
}

static int *d_in, *d_out, *d_sums, *d_sums2, *d_total;
static void run() {
    scan_blocks<<<BLOCKS, BLOCK>>>(d_in, d_out, d_sums, N);
    scan_blocks<<<BLOCKS2, BLOCK>>>(d_sums, d_sums, d_sums2, BLOCKS);
    scan_blocks<<<1, BLOCK>>>(d_sums2, d_sums2, d_total, BLOCKS2);
    add_offsets<<<BLOCKS2, BLOCK>>>(d_sums, d_sums2);
    add_offsets<<<BLOCKS, BLOCK>>>(d_out, d_sums);
    finish();
}
static double checksum() {
    to_host(out, d_out, N);
    return sum_out();
}
int main() {
    make_data();
    d_in = device_copy(in, N);
    d_out = device_array<int>(N);
    d_sums = device_array<int>(BLOCKS);
    d_sums2 = device_array<int>(BLOCKS2);
    d_total = device_array<int>(1);
    return bench_drive(run, checksum);
}
