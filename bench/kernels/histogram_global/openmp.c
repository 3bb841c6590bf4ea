#include "drive.h"
#include "data.h"

static void run(void) {
    memset(bins, 0, sizeof bins);
#pragma omp parallel for schedule(static)
    for (int i = 0; i < N; i++) {
#pragma omp atomic
        bins[data[i]]++;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
