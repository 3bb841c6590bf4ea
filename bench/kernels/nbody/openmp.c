#include "drive.h"
#include "data.h"

static float xs[N], ys[N], zs[N], masses[N];
static void run(void) {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < N; i++) {
        float ax = 0, ay = 0, az = 0, x = xs[i], y = ys[i], z = zs[i];
#pragma omp simd reduction(+ : ax, ay, az)
        for (int j = 0; j < N; j++) {
            float dx = xs[j] - x, dy = ys[j] - y, dz = zs[j] - z;
            float inv = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + SOFTENING);
            float s = masses[j] * inv * inv * inv;
            ax += dx * s;
            ay += dy * s;
            az += dz * s;
        }
        forces[4 * i] = ax, forces[4 * i + 1] = ay, forces[4 * i + 2] = az;
    }
}
static double checksum(void) { return sum_forces(); }
int main(void) {
    make_data();
    for (int i = 0; i < N; i++) xs[i] = bodies[4 * i], ys[i] = bodies[4 * i + 1], zs[i] = bodies[4 * i + 2], masses[i] = bodies[4 * i + 3];
    return bench_drive(run, checksum);
}
