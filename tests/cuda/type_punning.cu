// Memory written as one type and read as another, as kernels do to move data in wide words: C++ promises nothing, CUDA
// programs rely on it.
#include <cstdio>
#include <cuda_fp16.h>

__global__ void wide_copy(const __half *in, __half *out) {
    __shared__ __half tile[64];
    int t = threadIdx.x;
    tile[t] = in[t];
    tile[t + 32] = in[t + 32];
    __syncwarp();
    __half before = tile[t];
    __syncwarp();
    if (t < 8) reinterpret_cast<uint4 *>(tile)[t] = reinterpret_cast<const uint4 *>(in)[7 - t];
    __syncwarp();
    out[t] = tile[t];
    out[t + 32] = before;
}

__device__ __noinline__ int bits(int *words, float *floats) {
    *words = 1;
    *floats = 2.0f;
    return *words;
}

__device__ __noinline__ float own_tile(float4 *row, float *parts) {
    *row = make_float4(0, 0, 0, 0);
    for (int k = 0; k < 4; k++) parts[k] += k + 1;
    return row->x + 10 * row->y + 100 * row->z + 1000 * row->w;
}

__global__ void words(int *w, float4 *row, int *out) {
    out[0] = bits(w, reinterpret_cast<float *>(w));
    out[1] = own_tile(row, reinterpret_cast<float *>(row));
}

int main() {
    __half host[64], back[64];
    for (int i = 0; i < 64; i++) host[i] = __float2half(i);
    __half *in, *out;
    int *w, *r, results[2];
    float4 *row;
    cudaMalloc(&in, sizeof host);
    cudaMalloc(&out, sizeof host);
    cudaMalloc(&w, 4);
    cudaMalloc(&r, 8);
    cudaMalloc(&row, 16);
    cudaMemcpy(in, host, sizeof host, cudaMemcpyHostToDevice);
    wide_copy<<<1, 32>>>(in, out);
    words<<<1, 1>>>(w, row, r);
    cudaMemcpy(back, out, sizeof back, cudaMemcpyDeviceToHost);
    cudaMemcpy(results, r, 8, cudaMemcpyDeviceToHost);
    int bad = (results[0] != 0x40000000) + (results[1] != 4321);
    for (int i = 0; i < 32; i++) {
        bad += __half2float(back[i]) != (7 - i / 8) * 8 + i % 8;
        bad += __half2float(back[i + 32]) != i;
    }
    printf("%s\n", bad ? "FAIL" : "ok");
    return bad != 0;
}
