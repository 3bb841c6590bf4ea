#include "drive.h"
#include "data.h"

static void run(void) {
    const _Float16 *v = (const _Float16 *)vector;
#pragma omp parallel for schedule(static)
    for (int r = 0; r < N; r++) {
        const _Float16 *row = (const _Float16 *)matrix + (size_t)r * N;
        float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < N; i++) sum += (float)row[i] * (float)v[i];
        y[r] = sum;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
