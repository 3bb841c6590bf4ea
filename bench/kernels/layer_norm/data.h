#include <stdint.h>
#define ROWS 8192
#define COLS 1024
#define BLOCK 256
#define EPSILON 1e-5f
static float *in, *out, *scales, *shifts;
static void make_data(void) {
    uint32_t state = 1;
    in = (float *)bench_alloc((size_t)ROWS * COLS * sizeof(float));
    out = (float *)bench_alloc((size_t)ROWS * COLS * sizeof(float));
    scales = (float *)bench_alloc(COLS * sizeof(float));
    shifts = (float *)bench_alloc(COLS * sizeof(float));
    for (size_t i = 0; i < (size_t)ROWS * COLS; i++) in[i] = 3.0f * bench_random(&state), out[i] = 0.0f;
    for (int i = 0; i < COLS; i++) scales[i] = bench_random(&state), shifts[i] = bench_random(&state);
}
static double weigh(void) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)ROWS * COLS; i++) sum += fabs(out[i]) * (double)(1 + i % 11);
    return sum;
}
