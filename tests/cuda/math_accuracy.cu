// cc: --extended-lambda
// Math functions on the device against the host in higher precision; the bounds are those of the CUDA programming guide.
#include <cfloat>
#include <cmath>

#include "testing.h"

struct Range {
    double low, high;
    bool logarithmic;
};

// Ulps between `got` and `want` correctly rounded, as the programming guide counts them.
template <typename T> static double ulps(T got, long double want) {
    if (std::isnan(want)) return std::isnan(got) ? 0 : 1e30;
    if (std::isinf(T(want)) || std::isinf(got)) return T(want) == got ? 0 : fabsl(want) > (sizeof(T) == 4 ? 0.999999L * FLT_MAX : 0.999999L * DBL_MAX) ? 0 : 1e30;
    T nearest = T(want);
    long double spacing = fabsl((long double)std::nextafter(std::fabs(nearest), T(INFINITY)) - std::fabs(nearest));
    return double(fabsl((long double)got - (long double)nearest) / spacing);
}

template <typename T, typename F> __global__ void apply(T *out, const T *in, const T *in2, int n, F f) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = f(in[i], in2[i]);
}

template <typename T, typename F, typename G> static void check(const char *name, double bound, Range range, F device, G host) {
    const int n = 20000;
    static Managed<T> in(n), in2(n), out(n);
    for (int i = 0; i < n; i++) {
        double u = (i + 0.5) / n;
        double v = range.logarithmic ? range.low * pow(range.high / range.low, u) : range.low + (range.high - range.low) * u;
        in[i] = T(v);
        in2[i] = T(1.5 + (i * 7919 % 1000) * 0.003);
    }
    apply<<<(n + 255) / 256, 256>>>(out.data, in.data, in2.data, n, device);
    finish();
    double worst = 0;
    int at = 0;
    for (int i = 0; i < n; i++) {
        double d = ulps<T>(out[i], host((long double)in[i], (long double)in2[i]));
        if (!(d <= worst)) worst = d, at = i;
    }
    if (worst > bound) {
        wrong_count++;
        fprintf(stderr, "%s: %.2f ulps at %.17g (%.17g): got %.17g, bound %.1f\n", name, worst, double(in[at]), double(in2[at]), double(out[at]), bound);
    }
}

#define UNARY(type, bound, low, high, logarithmic, device_name, host_name)                                             \
    check<type>(#device_name, bound, Range{low, high, logarithmic}, [] __device__(type a, type) { return device_name(a); },  \
                [](long double a, long double) { return host_name(a); })
#define BINARY(type, bound, low, high, logarithmic, device_name, host_name)                                            \
    check<type>(#device_name, bound, Range{low, high, logarithmic}, [] __device__(type a, type b) { return device_name(a, b); }, \
                [](long double a, long double b) { return host_name(a, b); })

static long double rsqrt_host(long double a) { return 1.0L / sqrtl(a); }
static long double rcbrt_host(long double a) { return 1.0L / cbrtl(a); }
static long double sinpi_host(long double a) { return sinl(3.14159265358979323846264338327950288L * fmodl(a, 2.0L)); }
static long double normcdf_host(long double a) { return 0.5L * erfcl(-a * 0.70710678118654752440084436210484904L); }
static long double exp10_host(long double a) { return powl(10.0L, a); }

int main() {
    UNARY(float, 2, -100, 88, false, expf, expl);
    UNARY(float, 2, -120, 127, false, exp2f, exp2l);
    UNARY(float, 2, -30, 38, false, exp10f, exp10_host);
    UNARY(float, 1, -20, 80, false, expm1f, expm1l);
    UNARY(float, 1, 1e-37, 1e38, true, logf, logl);
    UNARY(float, 1, 1e-37, 1e38, true, log2f, log2l);
    UNARY(float, 2, 1e-37, 1e38, true, log10f, log10l);
    UNARY(float, 1, -0.9, 100, false, log1pf, log1pl);
    UNARY(float, 2, -100, 100, false, sinf, sinl);
    UNARY(float, 2, -100000, 100000, false, cosf, cosl);
    UNARY(float, 4, -1.5, 1.5, false, tanf, tanl);
    UNARY(float, 2, -1, 1, false, asinf, asinl);
    UNARY(float, 2, -1, 1, false, acosf, acosl);
    UNARY(float, 2, -50, 50, false, atanf, atanl);
    UNARY(float, 3, -80, 80, false, sinhf, sinhl);
    UNARY(float, 2, -80, 80, false, coshf, coshl);
    UNARY(float, 2, -9, 9, false, tanhf, tanhl);
    UNARY(float, 3, -1000, 1000, false, asinhf, asinhl);
    UNARY(float, 4, 1, 1000, false, acoshf, acoshl);
    UNARY(float, 3, -0.99, 0.99, false, atanhf, atanhl);
    UNARY(float, 1, 1e-30, 1e30, true, sqrtf, sqrtl);
    UNARY(float, 2, 1e-30, 1e30, true, rsqrtf, rsqrt_host);
    UNARY(float, 1, 1e-30, 1e30, true, cbrtf, cbrtl);
    UNARY(float, 2, 1e-30, 1e30, true, rcbrtf, rcbrt_host);
    UNARY(float, 2, -4, 4, false, erff, erfl);
    UNARY(float, 4, -3, 9, false, erfcf, erfcl);
    UNARY(float, 6, 0.1, 33, false, tgammaf, tgammal);
    UNARY(float, 2, -100, 100, false, sinpif, sinpi_host);
    UNARY(float, 5, -5, 5, false, normcdff, normcdf_host);
    BINARY(float, 4, 1e-5, 1e5, true, powf, powl);
    BINARY(float, 3, -100, 100, false, atan2f, atan2l);
    BINARY(float, 3, 1e-5, 1e5, true, hypotf, hypotl);
    BINARY(float, 0, -1000, 1000, false, fmodf, fmodl);
    BINARY(float, 0, -1000, 1000, false, remainderf, remainderl);

    UNARY(double, 1, -700, 700, false, exp, expl);
    UNARY(double, 1, -1000, 1000, false, exp2, exp2l);
    UNARY(double, 1, -300, 300, false, exp10, exp10_host);
    UNARY(double, 1, -20, 700, false, expm1, expm1l);
    UNARY(double, 1, 1e-300, 1e300, true, log, logl);
    UNARY(double, 1, 1e-300, 1e300, true, log2, log2l);
    UNARY(double, 1, 1e-300, 1e300, true, log10, log10l);
    UNARY(double, 1, -0.9, 100, false, log1p, log1pl);
    UNARY(double, 2, -100, 100, false, sin, sinl);
    UNARY(double, 2, -100000, 100000, false, cos, cosl);
    UNARY(double, 2, -1.5, 1.5, false, tan, tanl);
    UNARY(double, 2, -1, 1, false, asin, asinl);
    UNARY(double, 2, -1, 1, false, acos, acosl);
    UNARY(double, 2, -50, 50, false, atan, atanl);
    UNARY(double, 2, -700, 700, false, sinh, sinhl);
    UNARY(double, 1, -700, 700, false, cosh, coshl);
    UNARY(double, 1, -20, 20, false, tanh, tanhl);
    UNARY(double, 0.51, 1e-300, 1e300, true, sqrt, sqrtl);
    UNARY(double, 1, 1e-300, 1e300, true, rsqrt, rsqrt_host);
    UNARY(double, 1, 1e-300, 1e300, true, cbrt, cbrtl);
    UNARY(double, 2, -5, 5, false, erf, erfl);
    UNARY(double, 5, -3, 20, false, erfc, erfcl);
    UNARY(double, 10, 0.1, 100, false, tgamma, tgammal);
    BINARY(double, 2, 1e-50, 1e50, true, pow, powl);
    BINARY(double, 2, -100, 100, false, atan2, atan2l);
    BINARY(double, 2, 1e-50, 1e50, true, hypot, hypotl);
    BINARY(double, 0, -1000, 1000, false, fmod, fmodl);

    UNARY(float, 0, -1000, 1000, false, floorf, floorl);
    UNARY(float, 0, -1000, 1000, false, ceilf, ceill);
    UNARY(float, 0, -1000, 1000, false, truncf, truncl);
    UNARY(float, 0, -1000, 1000, false, roundf, roundl);
    UNARY(float, 0, -1000, 1000, false, rintf, rintl);
    UNARY(double, 0, -1000, 1000, false, floor, floorl);
    UNARY(double, 0, -1000, 1000, false, rint, rintl);
    return result();
}
