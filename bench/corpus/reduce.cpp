/* What the kernels of reduce.cu compute. */
#include <stddef.h>

namespace reference {

template <typename T> static void add(const T *__restrict x, T *out, size_t n) {
    T sum = 0;
#pragma omp parallel for simd reduction(+ : sum) schedule(static)
    for (size_t i = 0; i < n; i++) sum += x[i];
    *out = sum;
}
void sum(const float *x, float *out, size_t n) { add(x, out, n); }
void sum(const double *x, double *out, size_t n) { add(x, out, n); }
void sum(const long long *x, long long *out, size_t n) { add(x, out, n); }
void sum(const int *x, int *out, size_t n) { add(x, out, n); }

void dot(const float *__restrict x, const float *__restrict y, float *out, size_t n) {
    float sum = 0;
#pragma omp parallel for simd reduction(+ : sum) schedule(static)
    for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
    *out = sum;
}

void largest(const int *__restrict x, int *out, size_t n) {
    int best = x[0];
#pragma omp parallel for simd reduction(max : best) schedule(static)
    for (size_t i = 0; i < n; i++) best = best > x[i] ? best : x[i];
    *out = best;
}

void where_largest(const float *__restrict x, int *out, size_t n) {
    float best = x[0];
    size_t at = 0;
#pragma omp parallel
    {
        float mine = x[0];
        size_t place = 0;
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < n; i++)
            if (x[i] > mine) {
                mine = x[i];
                place = i;
            }
#pragma omp critical
        if (mine > best || (mine == best && place < at)) {
            best = mine;
            at = place;
        }
    }
    *out = (int)at;
}

void sum_rows(const float *__restrict a, float *__restrict out, int rows, int columns) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < rows; i++) {
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < columns; j++) sum += a[(size_t)i * columns + j];
        out[i] = sum;
    }
}

void sum_columns(const float *__restrict a, float *__restrict out, int rows, int columns) {
    const int PART = 512;
#pragma omp parallel for schedule(static)
    for (int first = 0; first < columns; first += PART) {
        int end = first + PART < columns ? first + PART : columns;
        for (int j = first; j < end; j++) out[j] = 0;
        for (int i = 0; i < rows; i++)
            for (int j = first; j < end; j++) out[j] += a[(size_t)i * columns + j];
    }
}

} // namespace reference
