#include <stdint.h>
#define N (64 << 20)
#define BLOCK 256
#define GRID (N / (2 * BLOCK))
static float *x;
static float *partial;
static void make_data(void) {
    uint32_t state = 1;
    x = (float *)bench_alloc(N * sizeof(float));
    partial = (float *)bench_alloc(GRID * sizeof(float));
    for (int i = 0; i < N; i++) x[i] = bench_random(&state);
}
static double sum_partial(void) {
    double sum = 0.0;
    for (int i = 0; i < GRID; i++) sum += partial[i];
    return sum;
}
