#include <stdint.h>
#define ROWS 4096
#define COLS 4096
static float *in, *out;
static void make_data(void) {
    uint32_t state = 1;
    in = (float *)bench_alloc((size_t)ROWS * COLS * sizeof(float));
    out = (float *)bench_alloc((size_t)ROWS * COLS * sizeof(float));
    for (size_t i = 0; i < (size_t)ROWS * COLS; i++) in[i] = 8.0f * bench_random(&state) - 4.0f, out[i] = 0.0f;
}
static double weigh(void) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)ROWS * COLS; i++) sum += (double)out[i] * (double)(i % 11);
    return sum;
}
