#include "drive.h"
#include "data.h"

static void run(void) {
    memset(bins, 0, sizeof bins);
#pragma omp parallel
    {
        unsigned local[BINS] = {0};
#pragma omp for schedule(static) nowait
        for (int i = 0; i < N; i++) local[data[i]]++;
#pragma omp critical
        for (int b = 0; b < BINS; b++) bins[b] += local[b];
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
