#include <stdint.h>
#define THREADS (1 << 17)
#define BLOCK 256
#define GRID (THREADS / BLOCK)
#define DRAWS 16 /* of four numbers, a thread */
#define STRIKE 105.0f
#define SPOT 100.0f
#define DRIFT 0.03f
#define VOLATILITY 0.2f
static float *sums;
static void make_data(void) {
    sums = (float *)bench_alloc(GRID * sizeof(float));
    for (int i = 0; i < GRID; i++) sums[i] = 0.0f;
}
static double total(void) {
    double sum = 0.0;
    for (int i = 0; i < GRID; i++) sum += sums[i];
    return sum;
}
