#include <cfloat>

#include "cuda.h"
#include "data.h"

/* Softmax is kept up tile by tile: largest score, sum of exponentials, weighted sum of values. */
__global__ void attention(const float *q, const float *k, const float *v, float *o, int length) {
    __shared__ float keys[TILE][DIM], values[TILE][DIM];
    size_t head = (size_t)blockIdx.y * length * DIM;
    int row = blockIdx.x * ROWS + threadIdx.x;
    float query[DIM], sums[DIM], largest = -FLT_MAX, total = 0.0f;
    for (int d = 0; d < DIM; d++) {
        query[d] = q[head + row * DIM + d] * SCALE;
        sums[d] = 0.0f;
    }
    for (int start = 0; start < length; start += TILE) {
        for (int i = threadIdx.x; i < TILE * DIM; i += ROWS) {
            keys[i / DIM][i % DIM] = k[head + start * DIM + i];
            values[i / DIM][i % DIM] = v[head + start * DIM + i];
        }
        __syncthreads();
        float scores[TILE], tile_largest = largest;
        for (int j = 0; j < TILE; j++) {
            float score = 0.0f;
            for (int d = 0; d < DIM; d++) score += query[d] * keys[j][d];
            scores[j] = score;
            tile_largest = fmaxf(tile_largest, score);
        }
        float correction = expf(largest - tile_largest);
        largest = tile_largest;
        total *= correction;
        for (int d = 0; d < DIM; d++) sums[d] *= correction;
        for (int j = 0; j < TILE; j++) {
            float p = expf(scores[j] - largest);
            total += p;
            for (int d = 0; d < DIM; d++) sums[d] += p * values[j][d];
        }
        __syncthreads();
    }
    for (int d = 0; d < DIM; d++) o[head + row * DIM + d] = sums[d] / total;
}

static float *d_q, *d_k, *d_v, *d_o;
static void run() {
    attention<<<dim3(LENGTH / ROWS, HEADS), ROWS>>>(d_q, d_k, d_v, d_o, LENGTH);
    finish();
}
static double checksum() {
    to_host(o, d_o, TOTAL);
    return weigh();
}
int main() {
    make_data();
    d_q = device_copy(q, TOTAL);
    d_k = device_copy(k, TOTAL);
    d_v = device_copy(v, TOTAL);
    d_o = device_array<float>(TOTAL);
    return bench_drive(run, checksum);
}
