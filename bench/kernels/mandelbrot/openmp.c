#include "drive.h"
#include "data.h"

static inline void pixel(int px, int py) {
    float cx = -2.0f + px * (3.0f / SIZE), cy = -1.5f + py * (3.0f / SIZE);
    float x = 0.0f, y = 0.0f;
    int n = 0;
    while (n < LIMIT && x * x + y * y <= 4.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        n++;
    }
    image[py * SIZE + px] = n;
}

static void run(void) {
#pragma omp parallel for schedule(dynamic, 8)
    for (int py = 0; py < SIZE; py++) {
        for (int px = 0; px < SIZE; px++) pixel(px, py);
    }
}
static double checksum(void) { return sum_image(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
