#include <stdint.h>
#define N 1024
#define BM 64 /* rows and columns of C that a block computes */
#define BN 64
#define BK 16
#define TM 4 /* of these, what a thread keeps in registers */
#define TN 4
static float *a, *b, *c;
static void make_data(void) {
    uint32_t state = 1;
    a = (float *)bench_alloc(N * N * sizeof(float));
    b = (float *)bench_alloc(N * N * sizeof(float));
    c = (float *)bench_alloc(N * N * sizeof(float));
    for (int i = 0; i < N * N; i++) a[i] = bench_random(&state), b[i] = bench_random(&state) - 0.5f, c[i] = 0.0f;
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N * N; i++) sum += fabs(c[i]) * (1 + i % 7);
    return sum;
}
