#include "drive.h"
#include "data.h"

static float *a, *b;

static void step(const float *restrict in, float *restrict out) {
#pragma omp parallel for collapse(2) schedule(static)
    for (int z = 1; z < N - 1; z++) {
        for (int y = 1; y < N - 1; y++) {
            size_t row = ((size_t)z * N + y) * N;
#pragma omp simd
            for (int x = 1; x < N - 1; x++) {
                size_t i = row + x;
                out[i] = CENTRE * in[i] +
                         SIDE * (in[i - 1] + in[i + 1] + in[i - N] + in[i + N] + in[i - N * N] + in[i + N * N]);
            }
        }
    }
}
static void run(void) {
    for (int s = 0; s < STEPS; s += 2) {
        step(a, b);
        step(b, a);
    }
}
static double checksum(void) {
    double sum = weigh(a);
    memcpy(a, first, (size_t)N * N * N * sizeof(float));
    return sum;
}
int main(void) {
    size_t bytes = (size_t)N * N * N * sizeof(float);
    make_data();
    a = (float *)bench_alloc(bytes);
    b = (float *)bench_alloc(bytes);
    memcpy(a, first, bytes);
    memcpy(b, first, bytes);
    return bench_drive(run, checksum);
}
