#include <cfloat>

#include "cuda.h"
#include "data.h"

__global__ void assign(const float *points, const float *centres, int *nearest, int n) {
    __shared__ float cache[CLUSTERS * FEATURES];
    for (int i = threadIdx.x; i < CLUSTERS * FEATURES; i += blockDim.x) cache[i] = centres[i];
    __syncthreads();
    int p = blockIdx.x * blockDim.x + threadIdx.x;
    if (p >= n) return;
    float mine[FEATURES];
    for (int f = 0; f < FEATURES; f++) mine[f] = points[f * n + p];
    float least = FLT_MAX;
    int best = 0;
    for (int c = 0; c < CLUSTERS; c++) {
        float distance = 0.0f;
        for (int f = 0; f < FEATURES; f++) {
            float d = mine[f] - cache[c * FEATURES + f];
            distance += d * d;
        }
        if (distance < least) {
            least = distance;
            best = c;
        }
    }
    nearest[p] = best;
}

static float *d_points, *d_centres;
static int *d_nearest;
static void run() {
    assign<<<POINTS / BLOCK, BLOCK>>>(d_points, d_centres, d_nearest, POINTS);
    finish();
}
static double checksum() {
    to_host(nearest, d_nearest, POINTS);
    return weigh();
}
int main() {
    make_data();
    d_points = device_copy(points, (size_t)POINTS * FEATURES);
    d_centres = device_copy(centres, CLUSTERS * FEATURES);
    d_nearest = device_array<int>(POINTS);
    return bench_drive(run, checksum);
}
