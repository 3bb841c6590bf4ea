// Atomics on vectors and on 16-bit types, with and without a use of the old value.
// cc: -arch=sm_90
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "testing.h"

__global__ void add_floats(float2 *two, float4 *four, float2 *old) {
    atomicAdd(two, make_float2(1, 2));
    atomicAdd_block(&two[1], make_float2(3, 4));
    atomicAdd(four, make_float4(1, 2, 3, 4));
    atomicAdd_system(&four[1], make_float4(5, 6, 7, 8));
    old[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(&two[2], make_float2(1, -1));
}

__global__ void add_halves(float *out) {
    __shared__ __half2 pair;
    __shared__ __nv_bfloat162 brain;
    __shared__ __half odd_even[2];
    __shared__ unsigned short counter[2];
    int i = threadIdx.x;
    if (i < 2) {
        pair = __floats2half2_rn(0, 0);
        brain = __floats2bfloat162_rn(0, 0);
        odd_even[i] = __float2half(0);
        counter[i] = 7;
    }
    __syncthreads();
    atomicAdd(&pair, __floats2half2_rn(1, 2));
    atomicAdd(&brain, __floats2bfloat162_rn(1, -2));
    atomicAdd(&odd_even[i & 1], __float2half(0.5f));
    unsigned short seen = counter[1], assumed;
    do {
        assumed = seen;
        seen = atomicCAS(&counter[1], assumed, (unsigned short)(assumed + 2));
    } while (seen != assumed);
    __syncthreads();
    if (i != 0) return;
    out[0] = __low2float(pair);
    out[1] = __high2float(pair);
    out[2] = __low2float(brain);
    out[3] = __high2float(brain);
    out[4] = __half2float(odd_even[1]);
    out[5] = counter[0];
    out[6] = counter[1];
}

int main() {
    Managed<float2> two(3), old(200);
    Managed<float4> four(2);
    add_floats<<<4, 50>>>(two, four, old);
    finish();
    expect(two[0].x, 200.f, "float2");
    expect(two[0].y, 400.f, "float2");
    expect(two[1].y, 800.f, "float2, block");
    expect(four[0].x, 200.f, "float4");
    expect(four[0].w, 800.f, "float4");
    expect(four[1].z, 1400.f, "float4, system");
    bool seen[200] = {};
    for (int i = 0; i < 200; i++) {
        expect(old[i].y, -old[i].x, "old value", i);
        seen[int(old[i].x)] = true;
    }
    for (int i = 0; i < 200; i++) expect(seen[i], true, "each old value once", i);

    Managed<float> out(7);
    add_halves<<<1, 100>>>(out);
    finish();
    const float want[7] = {100, 200, 100, -200, 25, 7, 207};
    for (int i = 0; i < 7; i++) expect(out[i], want[i], "halves", i);
    return result();
}
