/* What the kernels of softmax.cu compute. */
#include <math.h>
#include <stddef.h>

namespace reference {

void softmax(const float *__restrict x, float *__restrict y, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        float *o = y + (size_t)r * n, m = p[0], sum = 0;
#pragma omp simd reduction(max : m)
        for (int i = 0; i < n; i++) m = p[i] > m ? p[i] : m;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < n; i++) {
            float e = expf(p[i] - m);
            o[i] = e;
            sum += e;
        }
        float scale = 1 / sum;
#pragma omp simd
        for (int i = 0; i < n; i++) o[i] *= scale;
    }
}

void softmax_backward(const float *__restrict y, const float *__restrict dy, float *__restrict dx, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        size_t o = (size_t)r * n;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < n; i++) sum += y[o + i] * dy[o + i];
#pragma omp simd
        for (int i = 0; i < n; i++) dx[o + i] = y[o + i] * (dy[o + i] - sum);
    }
}

void argmax(const float *__restrict x, int *__restrict out, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        int at = 0;
        for (int i = 1; i < n; i++)
            if (p[i] > p[at]) at = i;
        out[r] = at;
    }
}

void cross_entropy(const float *__restrict x, const int *__restrict labels, float *__restrict loss, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        float m = p[0], sum = 0;
#pragma omp simd reduction(max : m)
        for (int i = 0; i < n; i++) m = p[i] > m ? p[i] : m;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < n; i++) sum += expf(p[i] - m);
        loss[r] = logf(sum) + m - p[labels[r]];
    }
}

void top_4(const float *__restrict x, float *__restrict out, int rows, int n) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *p = x + (size_t)r * n;
        float *best = out + 4 * r;
        for (int k = 0; k < 4; k++) best[k] = -INFINITY;
        for (int i = 0; i < n; i++) {
            if (p[i] <= best[3]) continue;
            int k = 3;
            for (; k > 0 && best[k - 1] < p[i]; k--) best[k] = best[k - 1];
            best[k] = p[i];
        }
    }
}

} // namespace reference
