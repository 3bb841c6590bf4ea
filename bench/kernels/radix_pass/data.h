#include <stdint.h>
#define N (4 << 20)
#define BITS 4
#define DIGITS (1 << BITS)
#define SHIFT 8 /* the digit of this pass */
#define BLOCK 256
#define ITEMS 8 /* keys of a thread */
#define CHUNK (BLOCK * ITEMS)
#define GRID (N / CHUNK)
static uint32_t *keys, *sorted;
static void make_data(void) {
    uint32_t state = 1;
    keys = (uint32_t *)bench_alloc(N * sizeof(uint32_t));
    sorted = (uint32_t *)bench_alloc(N * sizeof(uint32_t));
    for (int i = 0; i < N; i++) {
        state = state * 1664525u + 1013904223u;
        keys[i] = state ^ state >> 16;
        sorted[i] = 0;
    }
}
/* The pass is stable, so the sum over places is one number. */
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i++) sum += (double)sorted[i] * (double)(1 + i % 1009);
    return sum;
}
