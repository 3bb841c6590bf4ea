// Gravity among n bodies, tiles of positions in shared memory; checked by the momentum that must not change and by
// forces computed on the host.
// Usage: nbody [n steps]

#include <cmath>
#include <vector>

#include "common/check.h"

constexpr int BLOCK = 128;
constexpr float SOFTENING = 1e-3f;

__device__ float3 pull(float4 me, float4 other, float3 acc) {
    float dx = other.x - me.x, dy = other.y - me.y, dz = other.z - me.z;
    float dist2 = dx * dx + dy * dy + dz * dz + SOFTENING;
    float inv = rsqrtf(dist2);
    float s = other.w * inv * inv * inv;
    return make_float3(acc.x + dx * s, acc.y + dy * s, acc.z + dz * s);
}

// Positions carry the mass in w.
__global__ void accelerate(const float4 *pos, float4 *acc, int n) {
    __shared__ float4 tile[BLOCK];
    const int i = blockIdx.x * BLOCK + threadIdx.x;
    const float4 me = i < n ? pos[i] : make_float4(0, 0, 0, 0);
    float3 sum = make_float3(0, 0, 0);
    for (int start = 0; start < n; start += BLOCK) {
        int j = start + threadIdx.x;
        tile[threadIdx.x] = j < n ? pos[j] : make_float4(0, 0, 0, 0);
        __syncthreads();
#pragma unroll 8
        for (int k = 0; k < BLOCK; k++) sum = pull(me, tile[k], sum);
        __syncthreads();
    }
    if (i < n) acc[i] = make_float4(sum.x, sum.y, sum.z, 0);
}

__global__ void advance(float4 *pos, float4 *vel, const float4 *acc, int n, float dt) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float4 v = vel[i], a = acc[i], p = pos[i];
    v.x += a.x * dt;
    v.y += a.y * dt;
    v.z += a.z * dt;
    p.x += v.x * dt;
    p.y += v.y * dt;
    p.z += v.z * dt;
    vel[i] = v;
    pos[i] = p;
}

static float uniform(unsigned &state) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) * (1.0f / (1 << 24));
}

int main(int argc, char **argv) {
    const int n = argc > 2 ? atoi(argv[1]) : 4000;
    const int steps = argc > 2 ? atoi(argv[2]) : 10;
    std::vector<float4> pos(n), vel(n), acc(n), first(n);
    unsigned state = 42;
    for (int i = 0; i < n; i++) {
        pos[i] = make_float4(uniform(state) - 0.5f, uniform(state) - 0.5f, uniform(state) - 0.5f, (0.5f + uniform(state)) / n);
        vel[i] = make_float4(0, 0, 0, 0);
    }
    first = pos;

    float4 *d_pos, *d_vel, *d_acc;
    const size_t bytes = n * sizeof(float4);
    CUDA_CHECK(cudaMalloc(&d_pos, bytes));
    CUDA_CHECK(cudaMalloc(&d_vel, bytes));
    CUDA_CHECK(cudaMalloc(&d_acc, bytes));
    CUDA_CHECK(cudaMemcpy(d_pos, pos.data(), bytes, cudaMemcpyHostToDevice));
    CUDA_CHECK(cudaMemcpy(d_vel, vel.data(), bytes, cudaMemcpyHostToDevice));

    const int grid = (n + BLOCK - 1) / BLOCK;
    accelerate<<<grid, BLOCK>>>(d_pos, d_acc, n);
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaMemcpy(acc.data(), d_acc, bytes, cudaMemcpyDeviceToHost));

    double worst = 0.0;
    for (int i = 0; i < n; i += 97) {
        double ax = 0, ay = 0, az = 0;
        for (int j = 0; j < n; j++) {
            double dx = double(first[j].x) - first[i].x, dy = double(first[j].y) - first[i].y, dz = double(first[j].z) - first[i].z;
            double d2 = dx * dx + dy * dy + dz * dz + SOFTENING;
            double s = first[j].w / (d2 * sqrt(d2));
            ax += dx * s, ay += dy * s, az += dz * s;
        }
        double size = sqrt(ax * ax + ay * ay + az * az);
        worst = fmax(worst, (fabs(ax - acc[i].x) + fabs(ay - acc[i].y) + fabs(az - acc[i].z)) / size);
    }

    Timer timer;
    timer.start();
    for (int step = 0; step < steps; step++) {
        accelerate<<<grid, BLOCK>>>(d_pos, d_acc, n);
        advance<<<grid, BLOCK>>>(d_pos, d_vel, d_acc, n, 0.01f);
    }
    CUDA_CHECK(cudaGetLastError());
    float ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(pos.data(), d_pos, bytes, cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaMemcpy(vel.data(), d_vel, bytes, cudaMemcpyDeviceToHost));

    double momentum = 0.0, moved = 0.0, px = 0, py = 0, pz = 0;
    for (int i = 0; i < n; i++) {
        px += double(pos[i].w) * vel[i].x, py += double(pos[i].w) * vel[i].y, pz += double(pos[i].w) * vel[i].z;
        moved += fabs(pos[i].x - first[i].x);
    }
    momentum = fabs(px) + fabs(py) + fabs(pz);
    printf("%d bodies, %d steps in %.3f ms (%.2f billion pairs/s)\n", n, steps, ms, 1e-6 * n * n * steps / ms);
    printf("largest relative error of a force %.2e, momentum %.2e, mean move %.4f\n", worst, momentum, moved / n);

    CUDA_CHECK(cudaFree(d_pos));
    CUDA_CHECK(cudaFree(d_vel));
    CUDA_CHECK(cudaFree(d_acc));
    return verdict(worst < 1e-3 && momentum < 1e-4 && moved > 0);
}
