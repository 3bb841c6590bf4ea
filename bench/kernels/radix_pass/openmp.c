#include <omp.h>

#include "drive.h"
#include "data.h"

static uint32_t counts[256][DIGITS];

static void run(void) {
#pragma omp parallel num_threads(omp_get_max_threads() < 256 ? omp_get_max_threads() : 256)
    {
        int me = omp_get_thread_num(), threads = omp_get_num_threads();
        int from = (int)((long)N * me / threads), to = (int)((long)N * (me + 1) / threads);
        uint32_t next[DIGITS] = {0};
        for (int i = from; i < to; i++) next[keys[i] >> SHIFT & (DIGITS - 1)]++;
        memcpy(counts[me], next, sizeof(next));
#pragma omp barrier
#pragma omp single
        {
            uint32_t sum = 0;
            for (int d = 0; d < DIGITS; d++) {
                for (int t = 0; t < threads; t++) {
                    uint32_t here = counts[t][d];
                    counts[t][d] = sum;
                    sum += here;
                }
            }
        }
        memcpy(next, counts[me], sizeof(next));
        for (int i = from; i < to; i++) sorted[next[keys[i] >> SHIFT & (DIGITS - 1)]++] = keys[i];
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
