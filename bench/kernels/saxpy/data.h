#include <stdint.h>
#define N (64 << 20)
#define A 1.0009765625f
static float *x, *y;
static void make_data(void) {
    uint32_t state = 1;
    x = (float *)bench_alloc(N * sizeof(float));
    y = (float *)bench_alloc(N * sizeof(float));
    for (int i = 0; i < N; i++) x[i] = bench_random(&state), y[i] = 0.0f;
}
/* y grows by each run: its sum divided by the number of runs is the same for all. */
static int runs = 0;
static double sum_of(const float *v) {
    double sum = 0.0;
    for (int i = 0; i < N; i += 1021) sum += v[i];
    return sum / runs;
}
