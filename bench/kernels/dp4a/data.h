#include <stdint.h>
#define N 1024
#define TILE 16
static int8_t *a, *b; /* a by rows, b by columns: both are read along k */
static int *c;
static void make_data(void) {
    uint32_t state = 1;
    a = (int8_t *)bench_alloc(N * N);
    b = (int8_t *)bench_alloc(N * N);
    c = (int *)bench_alloc(N * N * sizeof(int));
    for (int i = 0; i < N * N; i++) {
        a[i] = (int8_t)(bench_random(&state) * 255.0f - 127.0f);
        b[i] = (int8_t)(bench_random(&state) * 255.0f - 127.0f);
        c[i] = 0;
    }
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N * N; i++) sum += fabs((double)c[i]) * (1 + i % 7);
    return sum;
}
