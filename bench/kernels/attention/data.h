#include <stdint.h>
#define HEADS 8
#define LENGTH 1024
#define DIM 64
#define ROWS 64 /* queries of a block, one a thread */
#define TILE 32 /* keys and values in shared memory at a time */
#define SCALE 0.125f
#define TOTAL (HEADS * LENGTH * DIM)
static float *q, *k, *v, *o;
static void make_data(void) {
    uint32_t state = 1;
    q = (float *)bench_alloc(TOTAL * sizeof(float));
    k = (float *)bench_alloc(TOTAL * sizeof(float));
    v = (float *)bench_alloc(TOTAL * sizeof(float));
    o = (float *)bench_alloc(TOTAL * sizeof(float));
    for (int i = 0; i < TOTAL; i++) {
        q[i] = 4.0f * bench_random(&state) - 2.0f;
        k[i] = 4.0f * bench_random(&state) - 2.0f;
        v[i] = bench_random(&state);
        o[i] = 0.0f;
    }
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < TOTAL; i++) sum += (double)o[i] * (1 + i % 7);
    return sum;
}
