#include <stdint.h>
#define N (4 << 20) /* of each input */
#define EACH 32     /* outputs of a thread */
#define BLOCK 128
#define THREADS (2 * N / EACH)
static int *a, *b, *merged;
static void make_data(void) {
    uint32_t state = 1;
    a = (int *)bench_alloc(N * sizeof(int));
    b = (int *)bench_alloc(N * sizeof(int));
    merged = (int *)bench_alloc(2 * N * sizeof(int));
    int x = 0, y = 0;
    for (int i = 0; i < N; i++) {
        a[i] = x += (int)(bench_random(&state) * 16.0f);
        b[i] = y += (int)(bench_random(&state) * 16.0f);
        merged[i] = merged[N + i] = 0;
    }
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < 2 * N; i++) sum += (double)merged[i] * (1 + i % 7);
    return sum;
}
