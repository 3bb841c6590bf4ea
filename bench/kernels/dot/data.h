#include <stdint.h>
#define N (64 << 20)
#define BLOCK 256
#define GRID 480
static float *x, *y;
static void make_data(void) {
    uint32_t state = 1;
    x = (float *)bench_alloc(N * sizeof(float));
    y = (float *)bench_alloc(N * sizeof(float));
    for (int i = 0; i < N; i++) x[i] = bench_random(&state) - 0.25f, y[i] = bench_random(&state) - 0.25f;
}
