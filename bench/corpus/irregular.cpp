/* What the kernels of irregular.cu compute. */
#include <math.h>
#include <stddef.h>
#include <string.h>

typedef unsigned char byte;

namespace reference {

template <typename T>
static void product(int rows, const int *__restrict starts, const int *__restrict columns, const T *__restrict values,
                    const T *__restrict x, T *__restrict y) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int j = starts[r]; j < starts[r + 1]; j++) sum += values[j] * x[columns[j]];
        y[r] = sum;
    }
}
void sparse(int rows, const int *starts, const int *columns, const float *values, const float *x, float *y) {
    product(rows, starts, columns, values, x, y);
}
void sparse(int rows, const int *starts, const int *columns, const double *values, const double *x, double *y) {
    product(rows, starts, columns, values, x, y);
}

void ellpack(int rows, int width, const int *__restrict columns, const float *__restrict values,
             const float *__restrict x, float *__restrict y) {
#pragma omp parallel for simd schedule(static)
    for (int r = 0; r < rows; r++) {
        float sum = 0;
        for (int k = 0; k < width; k++) sum += values[(size_t)rows * k + r] * x[columns[(size_t)rows * k + r]];
        y[r] = sum;
    }
}

void gather(const float *__restrict in, const int *__restrict index, float *__restrict out, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) out[i] = in[index[i]];
}

void scatter(const float *__restrict in, const int *__restrict index, float *__restrict out, int n) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) out[index[i]] = in[i];
}

void scatter_add(const float *__restrict in, const int *__restrict index, float *__restrict out, int n, int places) {
    memset(out, 0, places * sizeof(float));
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++) {
#pragma omp atomic
        out[index[i]] += in[i];
    }
}

void histogram(const byte *__restrict in, unsigned *bins, size_t n) {
    memset(bins, 0, 256 * sizeof(unsigned));
#pragma omp parallel
    {
        unsigned mine[256] = {0};
#pragma omp for schedule(static)
        for (size_t i = 0; i < n; i++) mine[in[i]]++;
#pragma omp critical
        for (int i = 0; i < 256; i++) bins[i] += mine[i];
    }
}

void histogram(const int *__restrict in, int *bins, size_t n, int count) {
    memset(bins, 0, count * sizeof(int));
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++) {
#pragma omp atomic
        bins[in[i]]++;
    }
}

void weighted_histogram(const float *__restrict x, const float *__restrict w, float *bins, int n, int count) {
    memset(bins, 0, count * sizeof(float));
#pragma omp parallel
    {
        float mine[64] = {0};
#pragma omp for schedule(static)
        for (int i = 0; i < n; i++) mine[(int)(x[i] * count)] += w[i];
#pragma omp critical
        for (int i = 0; i < count; i++) bins[i] += mine[i];
    }
}

template <typename T> static void bitonic(T *__restrict keys, int n) {
    for (int k = 2; k <= n; k <<= 1)
        for (int j = k >> 1; j > 0; j >>= 1) {
#pragma omp parallel for schedule(static)
            for (int b = 0; b < n / 2; b++) {
                int i = 2 * b - (b & (j - 1)), partner = i + j;
                bool up = (i & k) == 0;
                T p = keys[i], q = keys[partner], low = p < q ? p : q, high = p < q ? q : p;
                keys[i] = up ? low : high;
                keys[partner] = up ? high : low;
            }
        }
}
void sort(unsigned *keys, int n) { bitonic(keys, n); }
void sort(float *keys, int n) { bitonic(keys, n); }

void floyd(int *d, int n) {
    for (int k = 0; k < n; k++) {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                int over = d[i * n + k] + d[k * n + j];
                if (over < d[i * n + j]) d[i * n + j] = over;
            }
    }
}

void distances(const float *__restrict a, const float *__restrict b, float *__restrict out, int n, int d) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (int k = 0; k < d; k++) {
                float t = a[i * d + k] - b[j * d + k];
                sum += t * t;
            }
            out[i * n + j] = sqrtf(sum);
        }
}

void square_roots(const float *__restrict in, float *__restrict out, size_t n) {
#pragma omp parallel for simd schedule(static)
    for (size_t i = 0; i < n; i++) out[i] = sqrtf(in[i]);
}

} // namespace reference
