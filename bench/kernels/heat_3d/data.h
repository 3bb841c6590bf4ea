#include <stdint.h>
#define N 256
#define STEPS 4
#define TX 32
#define TY 8
#define CENTRE 0.4f
#define SIDE 0.1f
static float *first;
static void make_data(void) {
    uint32_t state = 1;
    first = (float *)bench_alloc((size_t)N * N * N * sizeof(float));
    for (size_t i = 0; i < (size_t)N * N * N; i++) first[i] = bench_random(&state);
}
static double weigh(const float *last) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)N * N * N; i++) sum += (double)last[i] * (double)(i % 11);
    return sum;
}
