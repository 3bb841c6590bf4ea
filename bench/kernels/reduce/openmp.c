#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int b = 0; b < GRID; b++) {
        float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
        for (int i = b * 2 * BLOCK; i < (b + 1) * 2 * BLOCK; i++) sum += x[i];
        partial[b] = sum;
    }
}
static double checksum(void) { return sum_partial(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
