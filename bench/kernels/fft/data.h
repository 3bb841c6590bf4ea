#include <stdint.h>
#define N 1024 /* points of a transform */
#define LOG_N 10
#define BATCH 4096
static float *in, *out, *twiddles; /* pairs of real and imaginary part */
static void make_data(void) {
    uint32_t state = 1;
    in = (float *)bench_alloc((size_t)BATCH * N * 2 * sizeof(float));
    out = (float *)bench_alloc((size_t)BATCH * N * 2 * sizeof(float));
    twiddles = (float *)bench_alloc(N * sizeof(float));
    for (size_t i = 0; i < (size_t)BATCH * N * 2; i++) in[i] = bench_random(&state) - 0.5f, out[i] = 0.0f;
    for (int i = 0; i < N / 2; i++) {
        double angle = -2.0 * 3.14159265358979323846 * i / N;
        twiddles[2 * i] = (float)cos(angle), twiddles[2 * i + 1] = (float)sin(angle);
    }
}
static double weigh(void) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)BATCH * N * 2; i++) sum += fabs(out[i]) * (double)(1 + i % 11);
    return sum;
}
