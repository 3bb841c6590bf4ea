#include <stdint.h>
#define N 1024
#define TILE 16
#define WARPS 4 /* of a block, a tile of C each */
/* The bits of IEEE halves; values are multiples of 1/64, exact in half, and so are their products and sums in float. */
static uint16_t *a, *b;
static float *c;
static uint16_t half_bits(float v) {
    uint32_t bits;
    memcpy(&bits, &v, 4);
    if (v == 0.0f) return 0;
    return (uint16_t)((bits >> 16 & 0x8000) | ((bits >> 23 & 255) - 112) << 10 | (bits >> 13 & 1023));
}
static void make_data(void) {
    uint32_t state = 1;
    a = (uint16_t *)bench_alloc(N * N * 2);
    b = (uint16_t *)bench_alloc(N * N * 2);
    c = (float *)bench_alloc(N * N * sizeof(float));
    for (int i = 0; i < N * N; i++) {
        a[i] = half_bits((float)((int)(bench_random(&state) * 128.0f) - 64) / 64.0f);
        b[i] = half_bits((float)((int)(bench_random(&state) * 128.0f) - 64) / 64.0f);
        c[i] = 0.0f;
    }
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N * N; i++) sum += fabs(c[i]) * (1 + i % 7);
    return sum;
}
