#include <stdint.h>
#define N 16384
#define BLOCK 256
#define SOFTENING 1e-3f
static float *bodies, *forces; /* x y z mass; x y z 0 */
static void make_data(void) {
    uint32_t state = 1;
    bodies = (float *)bench_alloc(4 * N * sizeof(float));
    forces = (float *)bench_alloc(4 * N * sizeof(float));
    for (int i = 0; i < 4 * N; i++) bodies[i] = bench_random(&state);
}
static double sum_forces(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i++) sum += fabs(forces[4 * i]) + fabs(forces[4 * i + 1]) + fabs(forces[4 * i + 2]);
    return sum;
}
