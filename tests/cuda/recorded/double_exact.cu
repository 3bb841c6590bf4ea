// Functions of double whose results are defined to the last bit, in every rounding. NaNs are shown as one.
#include "values.h"
#include <cmath>
__global__ void k(const double *xs, double *o, int N) {
    int i = threadIdx.x + blockIdx.x * blockDim.x, n = 0;
    if (i >= N) return;
    double x = xs[i], y = xs[(i * 7 + 3) % N], z = xs[(i * 11 + 5) % N];
    auto put = [&](double v) { o[n++ * N + i] = v; };
    put(__dsqrt_rn(x));
    put(__dsqrt_rz(x));
    put(__dsqrt_ru(x));
    put(__dsqrt_rd(x));
    put(__drcp_rn(x));
    put(__drcp_rz(x));
    put(__drcp_ru(x));
    put(__drcp_rd(x));
    put(__dadd_rn(x, y));
    put(__dadd_rz(x, y));
    put(__dadd_ru(x, y));
    put(__dadd_rd(x, y));
    put(__dsub_rn(x, y));
    put(__dsub_rz(x, y));
    put(__dsub_ru(x, y));
    put(__dsub_rd(x, y));
    put(__dmul_rn(x, y));
    put(__dmul_rz(x, y));
    put(__dmul_ru(x, y));
    put(__dmul_rd(x, y));
    put(__ddiv_rn(x, y));
    put(__ddiv_rz(x, y));
    put(__ddiv_ru(x, y));
    put(__ddiv_rd(x, y));
    put(__fma_rn(x, y, z));
    put(__fma_rz(x, y, z));
    put(__fma_ru(x, y, z));
    put(__fma_rd(x, y, z));
    put(sqrt(x));
    put(ceil(x));
    put(floor(x));
    put(trunc(x));
    put(round(x));
    put(rint(x));
    put(nearbyint(x));
    put(fabs(x));
    put(logb(x));
    put(fmod(x, y));
    put(remainder(x, y));
    put(fdim(x, y));
    put(fmax(x, y));
    put(fmin(x, y));
    put(copysign(x, y));
    put(nextafter(x, y));
    put(x + y);
    put(x * y - z);
    put(x / y);
}
int main() {
    std::vector<double> x = {
        0.,        -0.,       1.,         -1.,        0.5,      -0.5,       2.,         3.,          -2.,
        10.,       0.1,       1.5,        2.5,        -2.5,     3.14159274, 1.57079637, 0.785398185, 1e-10,
        1e10,      1e30,      1e38,       1.7e308,    -1.7e308, 1e-38,      1e-45,      -1e-45,      1.17549435e-38,
        88.,       89.,       -87.,       -104.,      127.,     128.,       -126.,      -150.,       16777216.,
        8388607.5, 4194303.5, 0.99999994, 1.00000012, INFINITY, -INFINITY,  NAN,        35.,         36.,
        -36.,      170.,      5.,         7.,         100.,     1000.,      105615.,    0.9,         -0.9,
        4.};
    for (u32 i = 0; i < 200; i++) {
        x.push_back(double(int(mix(i)) / 2147483648.0 * (i % 4 == 0 ? 1 : i % 4 == 1 ? 10 : i % 4 == 2 ? 100 : 1e4)));
        u64 b = (u64)mix(i + 500) << (sizeof(b) == 8 ? 32 : 0) | mix(i + 900);
        double f;
        memcpy(&f, &b, sizeof b);
        x.push_back(f);
    }
    int N = x.size();
    static const char *names[] = {
        "__dsqrt_rn", "__dsqrt_rz", "__dsqrt_ru", "__dsqrt_rd", "__drcp_rn", "__drcp_rz", "__drcp_ru", "__drcp_rd",
        "__dadd_rn",  "__dadd_rz",  "__dadd_ru",  "__dadd_rd",  "__dsub_rn", "__dsub_rz", "__dsub_ru", "__dsub_rd",
        "__dmul_rn",  "__dmul_rz",  "__dmul_ru",  "__dmul_rd",  "__ddiv_rn", "__ddiv_rz", "__ddiv_ru", "__ddiv_rd",
        "__fma_rn",   "__fma_rz",   "__fma_ru",   "__fma_rd",   "sqrt",      "ceil",      "floor",     "trunc",
        "round",      "rint",       "nearbyint",  "fabs",       "logb",      "fmod",      "remainder", "fdim",
        "fmax",       "fmin",       "copysign",   "nextafter",  "add",       "mulsub",    "div"};
    int n = sizeof names / sizeof *names;
    Buf<double> d(x), o((size_t)N * n);
    k<<<(N + 127) / 128, 128>>>(d, o, N);
    auto v = o.get();
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < N; i++)
            if (v[(size_t)j * N + i] != v[(size_t)j * N + i]) v[(size_t)j * N + i] = double(NAN);
        show(names[j], &v[(size_t)j * N], N, N);
    }
}
