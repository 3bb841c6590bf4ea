#include "drive.h"
#include "data.h"

/* Each thread sums its part, the parts' offsets are added up, each thread scans its part. */
#define PARTS 64
static void run(void) {
    long offsets[PARTS];
#pragma omp parallel for schedule(static)
    for (int p = 0; p < PARTS; p++) {
        int sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int i = p * (N / PARTS); i < (p + 1) * (N / PARTS); i++) sum += in[i];
        offsets[p] = sum;
    }
    long total = 0;
    for (int p = 0; p < PARTS; p++) {
        long sum = offsets[p];
        offsets[p] = total;
        total += sum;
    }
#pragma omp parallel for schedule(static)
    for (int p = 0; p < PARTS; p++) {
        int sum = (int)offsets[p];
        for (int i = p * (N / PARTS); i < (p + 1) * (N / PARTS); i++) {
            out[i] = sum;
            sum += in[i];
        }
    }
}
static double checksum(void) { return sum_out(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
