// Arithmetic and conversions in the four rounding modes, exactly as the host has them.
#include <cfenv>
#include <cmath>

#include "testing.h"

const int MODES[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};
const int FLOATS = 6, DOUBLES = 5, CONVERSIONS = 4;

#define BY_MODE(out, rn, rz, ru, rd) (out)[0] = rn, (out)[1] = rz, (out)[2] = ru, (out)[3] = rd

__global__ void kernel(const double *in, int n, float *f, double *d, float *c) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    double x = in[i], y = in[(i * 7 + 3) % n], z = in[(i * 5 + 1) % n];
    float a = float(x), b = float(y), e = float(z);
    f += i * FLOATS * 4;
    BY_MODE(f + 0, __fadd_rn(a, b), __fadd_rz(a, b), __fadd_ru(a, b), __fadd_rd(a, b));
    BY_MODE(f + 4, __fmul_rn(a, b), __fmul_rz(a, b), __fmul_ru(a, b), __fmul_rd(a, b));
    BY_MODE(f + 8, __fdiv_rn(a, b), __fdiv_rz(a, b), __fdiv_ru(a, b), __fdiv_rd(a, b));
    BY_MODE(f + 12, __frcp_rn(a), __frcp_rz(a), __frcp_ru(a), __frcp_rd(a));
    BY_MODE(f + 16, __fsqrt_rn(a), __fsqrt_rz(a), __fsqrt_ru(a), __fsqrt_rd(a));
    BY_MODE(f + 20, __fmaf_rn(a, b, e), __fmaf_rz(a, b, e), __fmaf_ru(a, b, e), __fmaf_rd(a, b, e));
    d += i * DOUBLES * 4;
    BY_MODE(d + 0, __dadd_rn(x, y), __dadd_rz(x, y), __dadd_ru(x, y), __dadd_rd(x, y));
    BY_MODE(d + 4, __dmul_rn(x, y), __dmul_rz(x, y), __dmul_ru(x, y), __dmul_rd(x, y));
    BY_MODE(d + 8, __ddiv_rn(x, y), __ddiv_rz(x, y), __ddiv_ru(x, y), __ddiv_rd(x, y));
    BY_MODE(d + 12, __dsqrt_rn(x), __dsqrt_rz(x), __dsqrt_ru(x), __dsqrt_rd(x));
    BY_MODE(d + 16, __fma_rn(x, y, z), __fma_rz(x, y, z), __fma_ru(x, y, z), __fma_rd(x, y, z));
    long long l = __double_as_longlong(x);
    int w = int(l >> 20);
    c += i * CONVERSIONS * 4;
    BY_MODE(c + 0, __double2float_rn(x), __double2float_rz(x), __double2float_ru(x), __double2float_rd(x));
    BY_MODE(c + 4, __int2float_rn(w), __int2float_rz(w), __int2float_ru(w), __int2float_rd(w));
    BY_MODE(c + 8, __uint2float_rn(w), __uint2float_rz(w), __uint2float_ru(w), __uint2float_rd(w));
    BY_MODE(c + 12, __ll2float_rn(l), __ll2float_rz(l), __ll2float_ru(l), __ll2float_rd(l));
}

template <typename T> void same(T got, T want, const char *what, int mode, int i) {
    bool equal = (got != got && want != want) || (got == want && std::signbit(got) == std::signbit(want));
    if (!equal) expect(got, want, what, i * 10 + mode);
}

int main() {
    const int n = 512;
    Managed<double> in(n), d(n * DOUBLES * 4);
    Managed<float> f(n * FLOATS * 4), c(n * CONVERSIONS * 4);
    const double special[] = {0., -0., 1, -1, 0.5, -2.5, 3e9, 1e19, INFINITY, -INFINITY, NAN, 1e-40, -1e-310, 0x1p-149, 0x1.fffffep127,
                              0x1.fffffffffffffp1023, 0x1p-1074, 0x1p-126, 1. / 3, 1e-3};
    unsigned long long seed = 9;
    for (int i = 0; i < n; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        double unit = double(seed >> 11) / (1ull << 52) - 1;
        in[i] = i < 20 ? special[i] : unit * std::exp2(double(seed >> 7 & 63) - 32);
    }
    kernel<<<4, 128>>>(in, n, f, d, c);
    finish();
    for (int mode = 0; mode < 4; mode++) {
        fesetround(MODES[mode]);
        for (int i = 0; i < n; i++) {
            volatile double x = in[i], y = in[(i * 7 + 3) % n], z = in[(i * 5 + 1) % n];
            // The kernel rounds its inputs to nearest.
            fesetround(FE_TONEAREST);
            volatile float a = float(x), b = float(y), e = float(z);
            fesetround(MODES[mode]);
            volatile float wf[] = {a + b, a * b, a / b, 1 / a, sqrtf(a), fmaf(a, b, e)};
            for (int k = 0; k < FLOATS; k++) same<float>(f[(i * FLOATS + k) * 4 + mode], wf[k], "float", mode, i * 10 + k);
            volatile double wd[] = {x + y, x * y, x / y, sqrt(x), fma(x, y, z)};
            for (int k = 0; k < DOUBLES; k++) same<double>(d[(i * DOUBLES + k) * 4 + mode], wd[k], "double", mode, i * 10 + k);
            long long l;
            memcpy(&l, const_cast<double *>(&x), 8);
            int w = int(l >> 20);
            volatile float wc[] = {float(x), float(w), float(unsigned(w)), float(l)};
            for (int k = 0; k < CONVERSIONS; k++)
                same<float>(c[(i * CONVERSIONS + k) * 4 + mode], wc[k], "conversion", mode, i * 10 + k);
        }
    }
    fesetround(FE_TONEAREST);
    return result();
}
