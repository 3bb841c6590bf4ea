#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < ROWS; r++) {
        float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
        for (int i = starts[r]; i < starts[r + 1]; i++) sum += values[i] * x[columns[i]];
        y[r] = sum;
    }
}
static double checksum(void) { return sum_y(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
