// Functions of float whose results are defined to the last bit, in every rounding. NaNs are shown as one.
#include "values.h"
#include <cmath>
__global__ void k(const float *xs, float *o, int N) {
    int i = threadIdx.x + blockIdx.x * blockDim.x, n = 0;
    if (i >= N) return;
    float x = xs[i], y = xs[(i * 7 + 3) % N], z = xs[(i * 11 + 5) % N];
    auto put = [&](float v) { o[n++ * N + i] = v; };
    put(__fsqrt_rn(x));
    put(__fsqrt_rz(x));
    put(__fsqrt_ru(x));
    put(__fsqrt_rd(x));
    put(__frcp_rn(x));
    put(__frcp_rz(x));
    put(__frcp_ru(x));
    put(__frcp_rd(x));
    put(__frsqrt_rn(x));
    put(__fadd_rn(x, y));
    put(__fadd_rz(x, y));
    put(__fadd_ru(x, y));
    put(__fadd_rd(x, y));
    put(__fsub_rn(x, y));
    put(__fsub_rz(x, y));
    put(__fsub_ru(x, y));
    put(__fsub_rd(x, y));
    put(__fmul_rn(x, y));
    put(__fmul_rz(x, y));
    put(__fmul_ru(x, y));
    put(__fmul_rd(x, y));
    put(__fdiv_rn(x, y));
    put(__fdiv_rz(x, y));
    put(__fdiv_ru(x, y));
    put(__fdiv_rd(x, y));
    put(__fmaf_rn(x, y, z));
    put(__fmaf_rz(x, y, z));
    put(__fmaf_ru(x, y, z));
    put(__fmaf_rd(x, y, z));
    put(sqrtf(x));
    put(ceilf(x));
    put(floorf(x));
    put(truncf(x));
    put(roundf(x));
    put(rintf(x));
    put(nearbyintf(x));
    put(fabsf(x));
    put(logbf(x));
    put(fmodf(x, y));
    put(remainderf(x, y));
    put(fdimf(x, y));
    put(fmaxf(x, y));
    put(fminf(x, y));
    put(copysignf(x, y));
    put(nextafterf(x, y));
    put(x + y);
    put(x * y - z);
    put(x / y);
}
int main() {
    std::vector<float> x = {0.f,         -0.f,         1.f,
                            -1.f,        0.5f,         -0.5f,
                            2.f,         3.f,          -2.f,
                            10.f,        0.1f,         1.5f,
                            2.5f,        -2.5f,        3.14159274f,
                            1.57079637f, 0.785398185f, 1e-10f,
                            1e10f,       1e30f,        1e38f,
                            3.4e38f,     -3.4e38f,     1e-38f,
                            1e-45f,      -1e-45f,      1.17549435e-38f,
                            88.f,        89.f,         -87.f,
                            -104.f,      127.f,        128.f,
                            -126.f,      -150.f,       16777216.f,
                            8388607.5f,  4194303.5f,   0.99999994f,
                            1.00000012f, INFINITY,     -INFINITY,
                            NAN,         35.f,         36.f,
                            -36.f,       170.f,        5.f,
                            7.f,         100.f,        1000.f,
                            105615.f,    0.9f,         -0.9f,
                            4.f};
    for (u32 i = 0; i < 200; i++) {
        x.push_back(float(int(mix(i)) / 2147483648.0 * (i % 4 == 0 ? 1 : i % 4 == 1 ? 10 : i % 4 == 2 ? 100 : 1e4)));
        u32 b = (u32)mix(i + 500) << (sizeof(b) == 8 ? 32 : 0) | mix(i + 900);
        float f;
        memcpy(&f, &b, sizeof b);
        x.push_back(f);
    }
    int N = x.size();
    static const char *names[] = {
        "__fsqrt_rn",  "__fsqrt_rz", "__fsqrt_ru", "__fsqrt_rd", "__frcp_rn",  "__frcp_rz", "__frcp_ru", "__frcp_rd",
        "__frsqrt_rn", "__fadd_rn",  "__fadd_rz",  "__fadd_ru",  "__fadd_rd",  "__fsub_rn", "__fsub_rz", "__fsub_ru",
        "__fsub_rd",   "__fmul_rn",  "__fmul_rz",  "__fmul_ru",  "__fmul_rd",  "__fdiv_rn", "__fdiv_rz", "__fdiv_ru",
        "__fdiv_rd",   "__fmaf_rn",  "__fmaf_rz",  "__fmaf_ru",  "__fmaf_rd",  "sqrtf",     "ceilf",     "floorf",
        "truncf",      "roundf",     "rintf",      "nearbyintf", "fabsf",      "logbf",     "fmodf",     "remainderf",
        "fdimf",       "fmaxf",      "fminf",      "copysignf",  "nextafterf", "add",       "mulsub",    "div"};
    int n = sizeof names / sizeof *names;
    Buf<float> d(x), o((size_t)N * n);
    k<<<(N + 127) / 128, 128>>>(d, o, N);
    auto v = o.get();
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < N; i++)
            if (v[(size_t)j * N + i] != v[(size_t)j * N + i]) v[(size_t)j * N + i] = float(NAN);
        show(names[j], &v[(size_t)j * N], N, N);
    }
}
