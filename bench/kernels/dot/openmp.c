#include "drive.h"
#include "data.h"

static double result;
static void run(void) {
    /* Partial sums of a few thousand elements each, so that float rounding stays small, as it does in blocks. */
    double total = 0.0;
#pragma omp parallel for schedule(static) reduction(+ : total)
    for (int start = 0; start < N; start += 4096) {
        float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
        for (int i = start; i < start + 4096; i++) sum += x[i] * y[i];
        total += sum;
    }
    result = total;
}
static double checksum(void) { return result; }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
