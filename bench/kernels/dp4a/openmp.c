#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            int sum = 0;
#pragma omp simd reduction(+ : sum)
            for (int k = 0; k < N; k++) sum += a[i * N + k] * b[j * N + k];
            c[i * N + j] = sum;
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
