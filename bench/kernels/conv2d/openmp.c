#include "drive.h"
#include "data.h"

#define PITCH (N + 2 * RADIUS)
static float *padded; /* the picture with a border of zeros */

static void run(void) {
    float w[WIDTH * WIDTH];
    memcpy(w, filter, sizeof(w));
#pragma omp parallel for schedule(static)
    for (int y = 0; y < N; y++) {
        const float *restrict from = padded + (size_t)y * PITCH;
        float *restrict to = out + (size_t)y * N;
#pragma omp simd
        for (int x = 0; x < N; x++) {
            float sum = 0.0f;
            for (int dy = 0; dy < WIDTH; dy++)
                for (int dx = 0; dx < WIDTH; dx++) sum += w[dy * WIDTH + dx] * from[dy * PITCH + x + dx];
            to[x] = sum;
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    padded = (float *)bench_alloc((size_t)PITCH * PITCH * sizeof(float));
    memset(padded, 0, (size_t)PITCH * PITCH * sizeof(float));
    for (int y = 0; y < N; y++) memcpy(padded + (size_t)(y + RADIUS) * PITCH + RADIUS, in + (size_t)y * N, N * sizeof(float));
    return bench_drive(run, checksum);
}
