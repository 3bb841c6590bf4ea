/* What the kernels of elementwise.cu compute. */
#include <math.h>
#include <stddef.h>
#include <string.h>

typedef unsigned char byte;

namespace reference {

template <typename T> static inline T cumulative(T d) {
    const T A1 = 0.31938153, A2 = -0.356563782, A3 = 1.781477937, A4 = -1.821255978, A5 = 1.330274429;
    const T K = T(1.0) / (T(1.0) + T(0.2316419) * (d < 0 ? -d : d));
    T gauss = sizeof(T) == 4 ? (T)expf(T(-0.5) * d * d) : (T)exp(T(-0.5) * d * d);
    T c = T(0.39894228040143267793994605993438) * gauss * (K * (A1 + K * (A2 + K * (A3 + K * (A4 + K * A5)))));
    return d > 0 ? T(1.0) - c : c;
}

void options(const float *__restrict s, const float *__restrict x, const float *__restrict t, float *__restrict call,
             float *__restrict put, int n) {
    const float r = 0.02f, v = 0.3f;
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float root = sqrtf(t[i]), d1 = (logf(s[i] / x[i]) + (r + 0.5f * v * v) * t[i]) / (v * root), d2 = d1 - v * root;
        float c1 = cumulative(d1), c2 = cumulative(d2), e = expf(-r * t[i]);
        call[i] = s[i] * c1 - x[i] * e * c2;
        put[i] = x[i] * e * (1 - c2) - s[i] * (1 - c1);
    }
}

void options(const double *__restrict s, const double *__restrict x, const double *__restrict t,
             double *__restrict call, double *__restrict put, int n) {
    const double r = 0.02, v = 0.3;
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        double root = sqrt(t[i]), d1 = (log(s[i] / x[i]) + (r + 0.5 * v * v) * t[i]) / (v * root), d2 = d1 - v * root;
        double c1 = cumulative(d1), c2 = cumulative(d2), e = exp(-r * t[i]);
        call[i] = s[i] * c1 - x[i] * e * c2;
        put[i] = x[i] * e * (1 - c2) - s[i] * (1 - c1);
    }
}

void options_erfc(const float *__restrict s, const float *__restrict x, const float *__restrict t,
                  float *__restrict call, float *__restrict put, int n) {
    const float r = 0.02f, v = 0.3f;
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float q = v * sqrtf(t[i]), d1 = (logf(s[i] / x[i]) + (r + 0.5f * v * v) * t[i]) / q, d2 = d1 - q;
        float c1 = 0.5f * erfcf(-d1 * 0.70710678f), c2 = 0.5f * erfcf(-d2 * 0.70710678f), e = expf(-r * t[i]);
        call[i] = s[i] * c1 - x[i] * e * c2;
        put[i] = x[i] * e * (1 - c2) - s[i] * (1 - c1);
    }
}

void options_structures(const float *__restrict o, float *__restrict prices, int n) {
    const float r = 0.02f, v = 0.3f;
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float s = o[3 * i], x = o[3 * i + 1], t = o[3 * i + 2];
        float root = sqrtf(t), d1 = (logf(s / x) + (r + 0.5f * v * v) * t) / (v * root), d2 = d1 - v * root;
        float c1 = cumulative(d1), c2 = cumulative(d2), e = expf(-r * t);
        prices[2 * i] = s * c1 - x * e * c2;
        prices[2 * i + 1] = x * e * (1 - c2) - s * (1 - c1);
    }
}

#define MAP(NAME, T, EXPRESSION)                                                                                       \
    void NAME(const T *__restrict x, T *__restrict y, int n) {                                                         \
        _Pragma("omp parallel for simd schedule(static)") for (int i = 0; i < n; i++) {                                \
            T v = x[i];                                                                                                \
            y[i] = EXPRESSION;                                                                                         \
        }                                                                                                              \
    }
MAP(gelu_tanh, float, 0.5f * v * (1.0f + tanhf(0.7978845608f * (v + 0.044715f * v * v * v))))
MAP(gelu_erf, float, v * 0.5f * (1.0f + erff(v * 0.70710678f)))
MAP(silu, float, v / (1.0f + expf(-v)))
MAP(sine_power, float, sinf(v) * cosf(v * 1.5f) + powf(fabsf(v) + 0.1f, 1.7f))
MAP(sigmoid_sine, double, 1.0 / (1.0 + exp(-v)) + sin(v))

void haversine(const float *__restrict p, float *__restrict d, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float x = p[4 * i], y = p[4 * i + 1], z = p[4 * i + 2], w = p[4 * i + 3];
        float dl = (z - x) * 0.5f, dm = (w - y) * 0.5f;
        float a = sinf(dl) * sinf(dl) + cosf(x) * cosf(z) * sinf(dm) * sinf(dm);
        d[i] = 2.f * 6371.f * atan2f(sqrtf(a), sqrtf(1.f - a));
    }
}

void gated(const float *__restrict gate, const float *__restrict up, float *__restrict y, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) y[i] = gate[i] / (1.f + expf(-gate[i])) * up[i];
}

void bias_relu(const float *__restrict x, const float *__restrict bias, float *__restrict y, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < n; c++) {
            float v = x[(size_t)r * n + c] + bias[c];
            y[(size_t)r * n + c] = v > 0 ? v : 0;
        }
}

void embed(const int *__restrict tokens, const float *__restrict table, float *__restrict out, int count, int width) {
#pragma omp parallel for schedule(static)
    for (int t = 0; t < count; t++)
        memcpy(out + (size_t)t * width, table + (size_t)tokens[t] * width, width * sizeof(float));
}

void rotate_pairs(const float *__restrict x, float *__restrict y, int tokens, int heads, int width) {
#pragma omp parallel for schedule(static)
    for (int t = 0; t < tokens; t++)
        for (int h = 0; h < heads; h++) {
            const float *p = x + ((size_t)t * heads + h) * width;
            float *q = y + ((size_t)t * heads + h) * width;
#pragma omp simd
            for (int i = 0; i < width / 2; i++) {
                float angle = t * powf(10000.f, -2.f * i / width), c = cosf(angle), s = sinf(angle);
                q[2 * i] = p[2 * i] * c - p[2 * i + 1] * s;
                q[2 * i + 1] = p[2 * i] * s + p[2 * i + 1] * c;
            }
        }
}

void adam(float *__restrict w, float *__restrict m, float *__restrict v, const float *__restrict g, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        m[i] = .9f * m[i] + (1 - .9f) * g[i];
        v[i] = .999f * v[i] + (1 - .999f) * g[i] * g[i];
        w[i] -= 1e-3f * m[i] / (sqrtf(v[i]) + 1e-8f);
    }
}

void move(float *p, int n, float dt) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float *q = p + 6 * (size_t)i;
        q[0] += q[3] * dt;
        q[1] += q[4] * dt;
        q[2] += q[5] * dt;
        if (q[0] < 0 || q[0] > 1) q[3] = -q[3];
        if (q[1] < 0 || q[1] > 1) q[4] = -q[4];
    }
}

void fall(float *p, int n, float dt) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float *q = p + 8 * (size_t)i;
        q[5] -= q[0] * dt;
        q[1] += q[4] * dt;
        q[2] += q[5] * dt;
        q[3] += q[6] * dt;
    }
}

void add(const float *__restrict a, const float *__restrict b, float *__restrict c, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) c[i] = a[i] + b[i];
}

void scale(const double *__restrict x, double *__restrict y, int n, double a) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) y[i] = a * x[i] + 0.5;
}

void matrix_vectors(const float *__restrict m, const float *__restrict v, float *__restrict out, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        float x = v[3 * i], y = v[3 * i + 1], z = v[3 * i + 2];
        for (int r = 0; r < 3; r++) out[3 * i + r] = m[3 * r] * x + m[3 * r + 1] * y + m[3 * r + 2] * z;
    }
}

void multiply_complex(const float *__restrict a, const float *__restrict b, float *__restrict c, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        c[2 * i] = a[2 * i] * b[2 * i] - a[2 * i + 1] * b[2 * i + 1];
        c[2 * i + 1] = a[2 * i] * b[2 * i + 1] + a[2 * i + 1] * b[2 * i];
    }
}

void xorshift(unsigned *__restrict out, int n, int steps) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        unsigned s = i * 2654435761u + 1, sum = 0;
        for (int k = 0; k < steps; k++) {
            s ^= s << 13;
            s ^= s >> 17;
            s ^= s << 5;
            sum += s;
        }
        out[i] = sum;
    }
}

void congruential(unsigned *__restrict out, int n, int steps) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) {
        unsigned long long s = i + 88172645463325252ull;
        unsigned sum = 0;
        for (int k = 0; k < steps; k++) {
            s = s * 6364136223846793005ull + 1442695040888963407ull;
            sum += (unsigned)(s >> 33);
        }
        out[i] = sum;
    }
}

void crc32(const byte *__restrict data, unsigned *__restrict out, int n, int length) {
    unsigned table[256];
    for (unsigned i = 0; i < 256; i++) {
        unsigned c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
        unsigned c = ~0u;
        for (int k = 0; k < length; k++) c = table[(c ^ data[(size_t)i * length + k]) & 255] ^ (c >> 8);
        out[i] = ~c;
    }
}

void collatz(int *out, int n) {
#pragma omp parallel for schedule(dynamic, 4096)
    for (int i = 0; i < n; i++) {
        unsigned long long v = i + 1;
        int steps = 0;
        while (v != 1) {
            v = (v & 1) ? 3 * v + 1 : v >> 1;
            steps++;
        }
        out[i] = steps;
    }
}

} // namespace reference
