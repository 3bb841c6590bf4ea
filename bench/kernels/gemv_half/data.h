#include <stdint.h>
#define N 4096
#define BLOCK 128
/* Matrix and vector as the bits of IEEE halves; values are multiples of 1/64, exact in half. */
static uint16_t *matrix, *vector;
static float *y;
static uint16_t half_bits(float v) {
    uint32_t bits;
    memcpy(&bits, &v, 4);
    if (v == 0.0f) return 0;
    return (uint16_t)((bits >> 16 & 0x8000) | ((bits >> 23 & 255) - 112) << 10 | (bits >> 13 & 1023));
}
static void make_data(void) {
    uint32_t state = 1;
    matrix = (uint16_t *)bench_alloc((size_t)N * N * 2);
    vector = (uint16_t *)bench_alloc(N * 2);
    y = (float *)bench_alloc(N * sizeof(float));
    for (size_t i = 0; i < (size_t)N * N; i++) matrix[i] = half_bits((float)((int)(bench_random(&state) * 128.0f) - 64) / 64.0f);
    for (int i = 0; i < N; i++) vector[i] = half_bits((float)((int)(bench_random(&state) * 128.0f) - 64) / 64.0f);
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i++) sum += fabs(y[i]) * (1 + i % 7);
    return sum;
}
