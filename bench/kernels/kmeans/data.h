#include <stdint.h>
#define POINTS (1 << 20)
#define FEATURES 16
#define CLUSTERS 32
#define BLOCK 256
static float *points, *centres; /* points: a feature of all points after another; centres: one after another */
static int *nearest;
static void make_data(void) {
    uint32_t state = 1;
    points = (float *)bench_alloc((size_t)POINTS * FEATURES * sizeof(float));
    centres = (float *)bench_alloc(CLUSTERS * FEATURES * sizeof(float));
    nearest = (int *)bench_alloc(POINTS * sizeof(int));
    for (size_t i = 0; i < (size_t)POINTS * FEATURES; i++) points[i] = bench_random(&state);
    for (int i = 0; i < CLUSTERS * FEATURES; i++) centres[i] = bench_random(&state);
    for (int i = 0; i < POINTS; i++) nearest[i] = -1;
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < POINTS; i++) sum += nearest[i] * (double)(1 + i % 7);
    return sum;
}
