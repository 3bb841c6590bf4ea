#include "cuda.h"
#include "data.h"

__device__ float warp_sum(float value) {
    for (int offset = 16; offset > 0; offset /= 2) value += __shfl_xor_sync(0xffffffffu, value, offset);
    return value;
}

__device__ float block_sum(float value) {
    __shared__ float warps[32];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    value = warp_sum(value);
    if (lane == 0) warps[warp] = value;
    __syncthreads();
    value = lane < blockDim.x / 32 ? warps[lane] : 0.0f;
    value = warp_sum(value);
    __syncthreads();
    return value;
}

__global__ void layer_norm(const float *in, float *out, const float *scales, const float *shifts, int cols) {
    const float *row = in + (size_t)blockIdx.x * cols;
    float *result = out + (size_t)blockIdx.x * cols;
    float sum = 0.0f;
    for (int i = threadIdx.x; i < cols; i += blockDim.x) sum += row[i];
    float mean = block_sum(sum) / cols;
    float squares = 0.0f;
    for (int i = threadIdx.x; i < cols; i += blockDim.x) {
        float d = row[i] - mean;
        squares += d * d;
    }
    float inverse = rsqrtf(block_sum(squares) / cols + EPSILON);
    for (int i = threadIdx.x; i < cols; i += blockDim.x)
        result[i] = (row[i] - mean) * inverse * scales[i] + shifts[i];
}

static float *d_in, *d_out, *d_scales, *d_shifts;
static void run() {
    layer_norm<<<ROWS, BLOCK>>>(d_in, d_out, d_scales, d_shifts, COLS);
    finish();
}
static double checksum() {
    to_host(out, d_out, (size_t)ROWS * COLS);
    return weigh();
}
int main() {
    make_data();
    d_in = device_copy(in, (size_t)ROWS * COLS);
    d_out = device_array<float>((size_t)ROWS * COLS);
    d_scales = device_copy(scales, COLS);
    d_shifts = device_copy(shifts, COLS);
    return bench_drive(run, checksum);
}
