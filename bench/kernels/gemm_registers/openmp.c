#include "drive.h"
#include "data.h"

/* Four rows by BN columns of sums, small enough for registers or the first-level cache. */
static void run(void) {
#pragma omp parallel for collapse(2) schedule(static)
    for (int row = 0; row < N; row += TM) {
        for (int col = 0; col < N; col += BN) {
            float sums[TM][BN] = {{0.0f}};
            for (int k = 0; k < N; k++) {
                for (int i = 0; i < TM; i++) {
                    float left = a[(row + i) * N + k];
#pragma omp simd
                    for (int j = 0; j < BN; j++) sums[i][j] += left * b[k * N + col + j];
                }
            }
            for (int i = 0; i < TM; i++) memcpy(c + (row + i) * N + col, sums[i], sizeof(sums[i]));
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
