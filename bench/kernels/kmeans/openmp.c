#include <float.h>

#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for simd schedule(static)
    for (int p = 0; p < POINTS; p++) {
        float least = FLT_MAX;
        int best = 0;
        for (int c = 0; c < CLUSTERS; c++) {
            float distance = 0.0f;
            for (int f = 0; f < FEATURES; f++) {
                float d = points[(size_t)f * POINTS + p] - centres[c * FEATURES + f];
                distance += d * d;
            }
            best = distance < least ? c : best;
            least = distance < least ? distance : least;
        }
        nearest[p] = best;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
