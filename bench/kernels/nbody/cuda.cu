#include "cuda.h"
#include "data.h"

__global__ void nbody(const float4 *pos, float4 *acc, int n) {
    __shared__ float4 tile[BLOCK];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float4 me = pos[i];
    float ax = 0, ay = 0, az = 0;
    for (int start = 0; start < n; start += BLOCK) {
        tile[threadIdx.x] = pos[start + threadIdx.x];
        __syncthreads();
        for (int k = 0; k < BLOCK; k++) {
            float4 other = tile[k];
            float dx = other.x - me.x, dy = other.y - me.y, dz = other.z - me.z;
            float inv = rsqrtf(dx * dx + dy * dy + dz * dz + SOFTENING);
            float s = other.w * inv * inv * inv;
            ax += dx * s;
            ay += dy * s;
            az += dz * s;
        }
        __syncthreads();
    }
    acc[i] = make_float4(ax, ay, az, 0);
}

static float4 *d_pos, *d_acc;
static void run() {
    nbody<<<N / BLOCK, BLOCK>>>(d_pos, d_acc, N);
    finish();
}
static double checksum() {
    to_host((float4 *)forces, d_acc, N);
    return sum_forces();
}
int main() {
    make_data();
    d_pos = device_copy((float4 *)bodies, N);
    d_acc = device_array<float4>(N);
    return bench_drive(run, checksum);
}
