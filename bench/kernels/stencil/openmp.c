#include "drive.h"
#include "data.h"

static void step(const float *restrict in, float *restrict out) {
#pragma omp parallel for schedule(static)
    for (int y = 1; y < N - 1; y++) {
#pragma omp simd
        for (int x = 1; x < N - 1; x++)
            out[y * N + x] = 0.2f * (in[y * N + x] + in[y * N + x - 1] + in[y * N + x + 1] + in[(y - 1) * N + x] + in[(y + 1) * N + x]);
    }
}
static void run(void) {
    for (int s = 0; s < STEPS; s += 2) {
        step(grid_a, grid_b);
        step(grid_b, grid_a);
    }
}
static double checksum(void) { return sum_grid(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
