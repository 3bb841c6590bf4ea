// Conversions between integers and floats: rounding modes, saturation, NaN and infinities, halves as bits.
#include <cfenv>
#include <cmath>
#include <cstdint>

#include "testing.h"

#ifndef __CUDA_ARCH__
#pragma STDC FENV_ACCESS ON
#endif

__global__ void from_float(const float *in, int n, int *i, unsigned *u, long long *l, unsigned long long *ul) {
    int t = threadIdx.x;
    if (t >= n) return;
    float v = in[t];
    i[4 * t] = __float2int_rn(v), i[4 * t + 1] = __float2int_rz(v), i[4 * t + 2] = __float2int_ru(v), i[4 * t + 3] = __float2int_rd(v);
    u[4 * t] = __float2uint_rn(v), u[4 * t + 1] = __float2uint_rz(v), u[4 * t + 2] = __float2uint_ru(v), u[4 * t + 3] = __float2uint_rd(v);
    l[t] = __float2ll_rn(v);
    ul[t] = __float2ull_rn(v);
}

__global__ void to_float(const long long *in, int n, float *f, double *d) {
    int t = threadIdx.x;
    if (t >= n) return;
    long long v = in[t];
    f[4 * t] = __ll2float_rn(v), f[4 * t + 1] = __ll2float_rz(v), f[4 * t + 2] = __ll2float_ru(v), f[4 * t + 3] = __ll2float_rd(v);
    d[4 * t] = __ll2double_rn(v), d[4 * t + 1] = __ll2double_rz(v), d[4 * t + 2] = __ll2double_ru(v), d[4 * t + 3] = __ll2double_rd(v);
}

__global__ void arithmetic(const float *a, const float *b, int n, float *out) {
    int t = threadIdx.x;
    if (t >= n) return;
    float x = a[t], y = b[t];
    float *o = out + 12 * t;
    o[0] = __fadd_rn(x, y), o[1] = __fadd_rz(x, y), o[2] = __fadd_ru(x, y), o[3] = __fadd_rd(x, y);
    o[4] = __fmul_rn(x, y), o[5] = __fmul_rz(x, y), o[6] = __fmul_ru(x, y), o[7] = __fmul_rd(x, y);
    o[8] = __fdiv_rn(x, y), o[9] = __fdiv_rz(x, y), o[10] = __fdiv_ru(x, y), o[11] = __fdiv_rd(x, y);
}

static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};


static bool same(float a, float b) { return memcmp(&a, &b, 4) == 0 || (std::isnan(a) && std::isnan(b)); }

int main() {
    const float edges[] = {0.0f, -0.0f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 0.49999997f, 1e9f, 2147483520.0f, 2147483648.0f, -2147483648.0f, -3e9f,
                           4294967040.0f, 5e9f, 1e20f, -1e20f, INFINITY, -INFINITY, 1e-40f, 3.7f, -3.7f};
    const int n = sizeof edges / sizeof *edges;
    Managed<float> in(n);
    Managed<int> i(4 * n);
    Managed<unsigned> u(4 * n);
    Managed<long long> l(n);
    Managed<unsigned long long> ul(n);
    memcpy(in.data, edges, sizeof edges);
    from_float<<<1, 32>>>(in, n, i, u, l, ul);
    finish();
    for (int t = 0; t < n; t++) {
        for (int m = 0; m < 4; m++) {
            fesetround(modes[m]);
            double r = std::nearbyint(double(in[t]));
            fesetround(FE_TONEAREST);
            int wi = r >= 2147483647.0 ? 2147483647 : r <= -2147483648.0 ? -2147483647 - 1 : int(r);
            unsigned wu = r >= 4294967295.0 ? 4294967295u : r <= 0 ? 0u : unsigned(r);
            expect(i[4 * t + m], wi, "float to int", t * 10 + m);
            expect(u[4 * t + m], wu, "float to unsigned", t * 10 + m);
        }
        double r = std::nearbyint(double(in[t]));
        long long wl = r >= 9223372036854775807.0 ? INT64_MAX : r <= -9223372036854775808.0 ? INT64_MIN : (long long)r;
        unsigned long long wul = r >= 18446744073709551615.0 ? UINT64_MAX : r <= 0 ? 0 : (unsigned long long)r;
        expect(l[t], wl, "float to long long", t);
        expect(ul[t], wul, "float to unsigned long long", t);
    }

    const long long integers[] = {0, 1, -1, 16777217, -16777219, 9007199254740993, -9007199254740995, INT64_MAX, INT64_MIN, 123456789012345678};
    const int k = sizeof integers / sizeof *integers;
    Managed<long long> li(k);
    Managed<float> f(4 * k);
    Managed<double> d(4 * k);
    memcpy(li.data, integers, sizeof integers);
    to_float<<<1, 32>>>(li, k, f, d);
    finish();
    for (int t = 0; t < k; t++) {
        for (int m = 0; m < 4; m++) {
            fesetround(modes[m]);
            volatile long long v = li[t];
            volatile float wf = float(v);
            volatile double wd = double(v);
            fesetround(FE_TONEAREST);
            expect(f[4 * t + m], float(wf), "long long to float", t * 10 + m);
            expect(d[4 * t + m], double(wd), "long long to double", t * 10 + m);
        }
    }

    const float more[] = {1.0f, 3.0f, 0.1f, -0.3f, 1e30f, 1e-30f, 1e38f, 1e-38f, 16777216.0f, 1.0000001f, INFINITY, -7.0f, 1e-42f, NAN};
    const int q = sizeof more / sizeof *more;
    Managed<float> a(q * q), b(q * q), out(12 * q * q);
    for (int t = 0; t < q * q; t++) a[t] = more[t / q], b[t] = more[t % q];
    arithmetic<<<1, q * q>>>(a, b, q * q, out);
    finish();
    for (int t = 0; t < q * q; t++) {
        for (int m = 0; m < 4; m++) {
            fesetround(modes[m]);
            volatile float x = a[t], y = b[t];
            volatile float sum = x + y, product = x * y, quotient = x / y;
            fesetround(FE_TONEAREST);
            const float want[] = {sum, product, quotient};
            for (int op = 0; op < 3; op++) {
                float got = out[12 * t + 4 * op + m];
                if (same(got, want[op]) || wrong_count++ >= 20) continue;
                fprintf(stderr, "operation %d, mode %d of %g and %g: got %.9g, want %.9g\n", op, m, a[t], b[t], got, want[op]);
            }
        }
    }
    return result();
}
