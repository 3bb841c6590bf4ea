// 8-bit floating point: all 256 values there and back, rounding, saturation, pairs and fours, on both sides.
#include <cuda_fp8.h>
#include <cmath>
#include "check.h"

// The value that the format's definition gives.
static double value(unsigned char x, __nv_fp8_interpretation_t kind) {
  const int fraction = kind == __NV_E4M3 ? 3 : 2, bias = kind == __NV_E4M3 ? 7 : 15;
  const int e = (x & 0x7f) >> fraction, m = x & ((1 << fraction) - 1);
  if (kind == __NV_E4M3 ? (x & 0x7f) == 0x7f : e == 31 && m) return NAN;
  if (kind == __NV_E5M2 && e == 31) return x & 0x80 ? -INFINITY : INFINITY;
  const double v = std::ldexp(e ? m + (1 << fraction) : m, (e ? e : 1) - bias - fraction);
  return x & 0x80 ? -v : v;
}

struct Result {
  unsigned char back[2][256], rounded[2][2][64];
  float wide[2][256], four[4];
  unsigned pair, quad;
};

static const __nv_fp8_interpretation_t kinds[2] = {__NV_E4M3, __NV_E5M2};

__host__ __device__ void convert(Result *r, const float *in) {
  const __nv_fp8_interpretation_t kind[2] = {__NV_E4M3, __NV_E5M2};
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < 256; ++i) {
      __half_raw h = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)i, kind[k]);
      r->wide[k][i] = __half2float(__half(h));
      r->back[k][i] = __nv_cvt_halfraw_to_fp8(h, __NV_NOSAT, kind[k]);
    }
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < 64; ++i) {
      r->rounded[k][0][i] = __nv_cvt_float_to_fp8(in[i], __NV_NOSAT, kind[k]);
      r->rounded[k][1][i] = __nv_cvt_float_to_fp8(in[i], __NV_SATFINITE, kind[k]);
    }
  r->pair = __nv_cvt_float2_to_fp8x2(make_float2(1, -2), __NV_SATFINITE, __NV_E4M3);
  __nv_fp8x4_e4m3 four(make_float4(0.5f, 1.5f, -3.0f, 1000.0f));
  r->quad = four.__x;
  float4 f = (float4)four;
  r->four[0] = f.x, r->four[1] = f.y, r->four[2] = f.z, r->four[3] = f.w;
}
__global__ void on_device(Result *r, const float *in) { convert(r, in); }

// The nearest value, ties to the even code; beyond the halfway point past the largest, as the mode says.
static unsigned char nearest(float f, __nv_fp8_interpretation_t kind, bool saturate) {
  const int most = kind == __NV_E4M3 ? 0x7e : 0x7b;
  if (f != f) return 0x7f;
  const unsigned char sign = std::signbit(f) ? 0x80 : 0;
  const double a = std::fabs((double)f), top = value(most, kind), step = top - value(most - 1, kind);
  if (a > top + step / 2 || (a == top + step / 2 && most % 2)) return sign | (saturate ? most : kind == __NV_E4M3 ? 0x7f : 0x7c);
  int best = 0;
  for (int c = 1; c <= most; ++c) {
    const double d = std::fabs(value(c, kind) - a), e = std::fabs(value(best, kind) - a);
    if (d < e || (d == e && c % 2 == 0)) best = c;
  }
  return sign | best;
}

static void check(const Result &r, const float *in, const char *side) {
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < 256; ++i) {
      const double want = value(i, kinds[k]);
      CHECK(r.wide[k][i] == want || (want != want && r.wide[k][i] != r.wide[k][i]), "%s %d %02x: %g", side, k, i, r.wide[k][i]);
      CHECK(r.back[k][i] == (want != want ? 0x7f : i), "%s %d %02x: back %02x", side, k, i, r.back[k][i]);
    }
  for (int k = 0; k < 2; ++k)
    for (int s = 0; s < 2; ++s)
      for (int i = 0; i < 64; ++i) {
        const unsigned char want = nearest(in[i], kinds[k], s);
        CHECK(r.rounded[k][s][i] == want, "%s %d %d %a: %02x, not %02x", side, k, s, in[i], r.rounded[k][s][i], want);
      }
  CHECK(r.pair == 0xc038, "%s %x", side, r.pair);
  CHECK(r.four[0] == 0.5f && r.four[1] == 1.5f && r.four[2] == -3 && r.four[3] == 448, "%s %x", side, r.quad);
}

int main() {
  static float in[64];
  unsigned state = 1;
  for (int i = 0; i < 64; ++i) {
    state = state * 1664525u + 1013904223u;
    const double m = 1 + (state >> 9) / double(1 << 23);
    in[i] = std::ldexp(m, int(state % 40) - 22) * (i % 2 ? 1 : -1);
  }
  const float special[] = {0.0f, -0.0f, INFINITY, -INFINITY, NAN, 448, 464, 465, 57344, 61440, 61439, 1.0625f, 1.1875f,
                           0x1p-10f, 0x1.8p-10f, 0x1p-17f, 0x1.000002p-17f, 1e-30f, 0x1p-140f};
  for (size_t i = 0; i < sizeof special / sizeof *special; ++i) in[i] = special[i];
  static Result host;
  convert(&host, in);
  check(host, in, "host");
  Result *r;
  float *d;
  CUDA(cudaMallocManaged(&r, sizeof *r));
  CUDA(cudaMallocManaged(&d, sizeof in));
  for (int i = 0; i < 64; ++i) d[i] = in[i];
  on_device<<<1, 1>>>(r, d);
  CUDA(cudaDeviceSynchronize());
  check(*r, in, "device");
  CHECK((float)__nv_fp8_e5m2(3.0f) == 3 && (int)__nv_fp8_e4m3(7) == 7 && (float)__nv_fp8_e4m3(1e9) == 448, "types");
  return pass();
}
