#include "drive.h"
#include "data.h"

static void run(void) {
    float *restrict out = y;
    const float *restrict in = x;
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < N; i++) out[i] = A * in[i] + out[i];
    runs++;
}
static double checksum(void) { return sum_of(y); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
