#include <stdint.h>
#define N (4 << 20)
static int *original, *keys;
static void make_data(void) {
    uint32_t state = 1;
    original = (int *)bench_alloc(N * sizeof(int));
    keys = (int *)bench_alloc(N * sizeof(int));
    for (int i = 0; i < N; i++) {
        state = state * 1664525u + 1013904223u;
        original[i] = keys[i] = (int)(state >> 1);
    }
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i += 3) sum += (double)keys[i] * (i % 5 + 1);
    return sum;
}
