// Math in kernels: every overload reaches a defined function, std:: and global, float, double and integer arguments.
#include <cmath>
#include "check.h"

__global__ void run(float *f, double *d, int *i, float x, double y) {
  int n = 0;
  f[n++] = sinf(x), f[n++] = std::sin(x), f[n++] = sin(x), f[n++] = fmax(x, 2.0f), f[n++] = std::fmax(x, 2.0f);
  f[n++] = round(x), f[n++] = std::round(x), f[n++] = trunc(x), f[n++] = cbrt(x), f[n++] = exp2(x), f[n++] = hypot(x, x);
  f[n++] = erf(x), f[n++] = tgamma(x), f[n++] = log2(x), f[n++] = fma(x, x, x), f[n++] = copysign(x, -1.0f);
  f[n++] = pow(x, 2), f[n++] = powf(x, 3.0f), f[n++] = rsqrt(x), f[n++] = max(x, 0.5f), f[n++] = min(x, 0.5f);
  f[n++] = fabs(-x), f[n++] = abs(-x), f[n++] = sqrt(x), f[n++] = nearbyint(x), f[n++] = remainder(x, 0.7f);
  n = 0;
  d[n++] = sin(y), d[n++] = std::pow(y, 2), d[n++] = pow(y, 0.5), d[n++] = sqrt(2), d[n++] = exp(y), d[n++] = floor(y);
  d[n++] = fmin(y, 1.0), d[n++] = max(y, 0.5), d[n++] = std::abs(-y), d[n++] = ldexp(y, 3), d[n++] = pow(2, 10);
  int e;
  d[n++] = frexp(y, &e);
  i[0] = e, i[1] = lround(x), i[2] = isnan(x) + 2 * isinf(y) + 4 * std::isfinite(x) + 8 * signbit(-x), i[3] = ilogb(x);
  i[4] = abs(-3) + max(4, 2) + min(-1, 5), i[5] = __float2int_rn(2.5f) + __float2int_ru(2.1f), i[6] = max(3u, 5u);
}

int main() {
  float *f, hf[26], x = 1.3f;
  double *d, hd[12], y = 0.7;
  int *i, hi[7];
  CUDA(cudaMalloc(&f, sizeof hf));
  CUDA(cudaMalloc(&d, sizeof hd));
  CUDA(cudaMalloc(&i, sizeof hi));
  run<<<1, 1>>>(f, d, i, x, y);
  CUDA(cudaMemcpy(hf, f, sizeof hf, cudaMemcpyDeviceToHost));
  CUDA(cudaMemcpy(hd, d, sizeof hd, cudaMemcpyDeviceToHost));
  CUDA(cudaMemcpy(hi, i, sizeof hi, cudaMemcpyDeviceToHost));
  const double wf[26] = {sin(x), sin(x), sin(x), 2, 2, 1, 1, 1, cbrt(x), exp2(x), hypot(x, x), erf(x), tgamma(x), log2(x),
                         (double)x * x + x, -x, (double)x * x, (double)x * x * x, 1 / sqrt(x), x, 0.5, x, x, sqrt(x), 1,
                         remainder(x, 0.7f)};
  for (int k = 0; k < 26; ++k) CHECK(fabs(hf[k] - wf[k]) <= 2e-6 * fabs(wf[k]) + 1e-7, "float %d: %.9g, not %.9g", k, hf[k], wf[k]);
  const double wd[12] = {sin(y), y * y, sqrt(y), sqrt(2.0), exp(y), 0, y, y, y, 8 * y, 1024, y};
  for (int k = 0; k < 12; ++k) CHECK(fabs(hd[k] - wd[k]) <= 1e-15 * fabs(wd[k]), "double %d: %.17g, not %.17g", k, hd[k], wd[k]);
  const int wi[7] = {0, 1, 12, 0, 6, 5, 5};
  for (int k = 0; k < 7; ++k) CHECK(hi[k] == wi[k], "int %d: %d, not %d", k, hi[k], wi[k]);
  return pass();
}
