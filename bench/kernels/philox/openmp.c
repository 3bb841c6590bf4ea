#include "drive.h"
#include "data.h"
#include "draw.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int b = 0; b < GRID; b++) {
        float sum = 0.0f;
        for (int i = 0; i < DRAWS; i++) {
#pragma omp simd reduction(+ : sum)
            for (int t = 0; t < BLOCK; t++) {
                Four r = philox((uint32_t)i, (uint32_t)(b * BLOCK + t));
                sum += pay(r.x, r.y) + pay(r.z, r.w);
            }
        }
        sums[b] = sum;
    }
}
static double checksum(void) { return total(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
