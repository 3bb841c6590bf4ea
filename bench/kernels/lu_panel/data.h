#include <stdint.h>
#define ROWS 256 /* of a panel, by columns in memory */
#define COLS 32
#define PANELS 512
#define ENTRIES (ROWS * COLS)
static float *panels, *factors;
static int *pivots;
static void make_data(void) {
    uint32_t state = 1;
    panels = (float *)bench_alloc((size_t)PANELS * ENTRIES * sizeof(float));
    factors = (float *)bench_alloc((size_t)PANELS * ENTRIES * sizeof(float));
    pivots = (int *)bench_alloc(PANELS * COLS * sizeof(int));
    for (size_t i = 0; i < (size_t)PANELS * ENTRIES; i++) panels[i] = bench_random(&state) - 0.5f, factors[i] = 0.0f;
    memset(pivots, 0, PANELS * COLS * sizeof(int));
}
static double weigh(void) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)PANELS * ENTRIES; i++) sum += fabs(factors[i]);
    for (int i = 0; i < PANELS * COLS; i++) sum += pivots[i];
    return sum;
}
