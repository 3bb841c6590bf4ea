#include "drive.h"
#include "data.h"

static void run(void) {
    const _Float16 *left = (const _Float16 *)a, *right = (const _Float16 *)b;
#pragma omp parallel for schedule(static)
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) c[i * N + j] = 0.0f;
        for (int k = 0; k < N; k++) {
            float s = (float)left[i * N + k];
#pragma omp simd
            for (int j = 0; j < N; j++) c[i * N + j] += s * (float)right[k * N + j];
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
