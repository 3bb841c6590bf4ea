// Half precision without implicit conversions and operators, as PyTorch compiles its extensions.
#define __CUDA_NO_HALF_OPERATORS__
#define __CUDA_NO_HALF_CONVERSIONS__
#define __CUDA_NO_HALF2_OPERATORS__
#define __CUDA_NO_BFLOAT16_CONVERSIONS__
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#include <mma.h>
#include <type_traits>
#include "check.h"

template <class A, class B>
constexpr bool apart() {
  return !std::is_convertible<A, B>::value && !std::is_convertible<B, A>::value && std::is_constructible<A, B>::value;
}
static_assert(apart<__half, __nv_bfloat16>(), "from one to the other");
static_assert(apart<__half, float>() && apart<__half, double>() && apart<__half, int>(), "half");
static_assert(apart<__nv_bfloat16, float>() && apart<__nv_bfloat16, int>(), "bfloat16");

__global__ void compute(__half *h, __nv_bfloat16 *b, float f) {
  h[0] = __hadd(__float2half(f), __float2half(1.0f));
  h[1] = hsqrt(h[0]);
  h[2] = static_cast<__half>(__float2bfloat16(3.140625f));
  b[1] = static_cast<__nv_bfloat16>(__float2half(1.00390625f));
  b[0] = __hmul(__float2bfloat16(f), __float2bfloat16(2.0f));
}

int main() {
  __half *h;
  __nv_bfloat16 *b;
  CUDA(cudaMallocManaged(&h, 64));
  CUDA(cudaMallocManaged(&b, 64));
  compute<<<1, 1>>>(h, b, 3.0f);
  CUDA(cudaDeviceSynchronize());
  CHECK(__half2float(h[0]) == 4 && __half2float(h[1]) == 2 && __bfloat162float(b[0]) == 6, "%g", __half2float(h[0]));
  CHECK(__half2float(h[2]) == 3.140625f && __bfloat162float(b[1]) == 1, "%g", __half2float(h[2]));
  return pass();
}
