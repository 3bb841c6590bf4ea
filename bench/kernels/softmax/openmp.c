#include <float.h>

#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < ROWS; r++) {
        const float *restrict row = in + (size_t)r * COLS;
        float *restrict result = out + (size_t)r * COLS;
        float largest = -FLT_MAX, sum = 0.0f;
#pragma omp simd reduction(max : largest)
        for (int i = 0; i < COLS; i++) largest = row[i] > largest ? row[i] : largest;
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < COLS; i++) {
            float e = expf(row[i] - largest);
            result[i] = e;
            sum += e;
        }
        float scale = 1.0f / sum;
#pragma omp simd
        for (int i = 0; i < COLS; i++) result[i] *= scale;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
