// Half and bfloat16 on the device against the host's conversions and arithmetic.
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cmath>
#include "check.h"

template <class H, class H2>
__global__ void run(float *out, float a, float b, float c) {
  H x(a), y(b), z(c);
  out[0] = float(x + y);
  out[1] = float(x * y);
  out[2] = float(x - y);
  out[3] = float(x / y);
  out[4] = float(__hfma(x, y, z));
  out[5] = x < y ? 1 : 0;
  out[6] = float(__hmax(x, y));
  out[7] = float(-x);
  H2 p(x, y), q(y, z), r = __hfma2(p, q, q);
  out[8] = float(r.x);
  out[9] = float(r.y);
  out[10] = float(hsqrt(y));
  out[11] = float(H((int)37));
  out[12] = (float)(int)H(-7.75f);
  p += q;
  out[13] = float(p.x);
  H cell = x;
  out[14] = float(__habs(__hneg(cell)));
  out[15] = float(__shfl_sync(1u, x, 0));
}

template <class H>
float narrow(float f) {
  return float(H(f));
}
template <class H, class H2>
void check(const char *name) {
  float a = 1.7109375f, b = 3.25f, c = -0.5f, *d, h[16];
  a = narrow<H>(a);
  CUDA(cudaMalloc(&d, sizeof h));
  run<H, H2><<<1, 1>>>(d, a, b, c);
  CUDA(cudaMemcpy(h, d, sizeof h, cudaMemcpyDeviceToHost));
  const float want[16] = {narrow<H>(a + b), narrow<H>(a * b), narrow<H>(a - b), narrow<H>(a / b), narrow<H>(a * b + c), 1, b,
                          -a, narrow<H>(a * b + b), narrow<H>(b * c + c), narrow<H>(std::sqrt(b)), 37, -7,
                          narrow<H>(a + b), a, a};
  for (int i = 0; i < 16; ++i) CHECK(h[i] == want[i], "%s %d: %g, not %g", name, i, h[i], want[i]);
}

__global__ void add_all(__half *h, __half2 *h2, __nv_bfloat16 *b, __nv_bfloat162 *b2) {
  atomicAdd(h, __float2half(1.0f));
  atomicAdd(h2, __floats2half2_rn(1.0f, 2.0f));
  atomicAdd(b, __float2bfloat16(1.0f));
  atomicAdd(b2, __floats2bfloat162_rn(1.0f, 2.0f));
}

int main() {
  check<__half, __half2>("half");
  check<__nv_bfloat16, __nv_bfloat162>("bfloat16");
  unsigned short *d, h[8];
  CUDA(cudaMalloc(&d, sizeof h));
  CUDA(cudaMemset(d, 0, sizeof h));
  add_all<<<1, 64>>>((__half *)d, (__half2 *)(d + 2), (__nv_bfloat16 *)(d + 4), (__nv_bfloat162 *)(d + 6));
  CUDA(cudaMemcpy(h, d, sizeof h, cudaMemcpyDeviceToHost));
  CHECK(__half2float(__ushort_as_half(h[0])) == 64, "%x", h[0]);
  CHECK(__half2float(__ushort_as_half(h[2])) == 64 && __half2float(__ushort_as_half(h[3])) == 128, "%x %x", h[2], h[3]);
  CHECK(__bfloat162float(__ushort_as_bfloat16(h[4])) == 64, "%x", h[4]);
  CHECK(__bfloat162float(__ushort_as_bfloat16(h[6])) == 64 && __bfloat162float(__ushort_as_bfloat16(h[7])) == 128, "%x", h[7]);
  return pass();
}
