#include <float.h>

#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < HEADS * LENGTH; r++) {
        const float *query = q + r * DIM, *keys = k + r / LENGTH * LENGTH * DIM, *values = v + r / LENGTH * LENGTH * DIM;
        float scores[LENGTH], sums[DIM] = {0.0f}, largest = -FLT_MAX, total = 0.0f;
        for (int j = 0; j < LENGTH; j++) {
            float score = 0.0f;
#pragma omp simd reduction(+ : score)
            for (int d = 0; d < DIM; d++) score += query[d] * keys[j * DIM + d];
            scores[j] = score * SCALE;
            largest = scores[j] > largest ? scores[j] : largest;
        }
#pragma omp simd reduction(+ : total)
        for (int j = 0; j < LENGTH; j++) {
            scores[j] = expf(scores[j] - largest);
            total += scores[j];
        }
        for (int j = 0; j < LENGTH; j++) {
#pragma omp simd
            for (int d = 0; d < DIM; d++) sums[d] += scores[j] * values[j * DIM + d];
        }
        for (int d = 0; d < DIM; d++) o[r * DIM + d] = sums[d] / total;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
