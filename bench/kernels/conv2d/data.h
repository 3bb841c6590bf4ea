#include <stdint.h>
#define N 4096
#define TILE 16
#define RADIUS 3
#define WIDTH (2 * RADIUS + 1)
static float *in, *out;
static float filter[WIDTH * WIDTH];
static void make_data(void) {
    uint32_t state = 1;
    in = (float *)bench_alloc((size_t)N * N * sizeof(float));
    out = (float *)bench_alloc((size_t)N * N * sizeof(float));
    for (size_t i = 0; i < (size_t)N * N; i++) in[i] = bench_random(&state), out[i] = 0.0f;
    for (int i = 0; i < WIDTH * WIDTH; i++) filter[i] = bench_random(&state) - 0.25f;
}
static double weigh(void) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)N * N; i++) sum += (double)out[i] * (double)(1 + i % 11);
    return sum;
}
