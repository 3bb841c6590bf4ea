#include "drive.h"
#include "data.h"

static int reversed[N];

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int f = 0; f < BATCH; f++) {
        const float *from = in + (size_t)f * N * 2;
        float *to = out + (size_t)f * N * 2;
        float re[N], im[N];
        for (int i = 0; i < N; i++) re[i] = from[2 * reversed[i]], im[i] = from[2 * reversed[i] + 1];
        for (int stage = 0; stage < LOG_N; stage++) {
            int half = 1 << stage;
            for (int first = 0; first < N; first += 2 * half) {
#pragma omp simd
                for (int k = 0; k < half; k++) {
                    int i = first + k, w = k << (LOG_N - 1 - stage);
                    float wx = twiddles[2 * w], wy = twiddles[2 * w + 1];
                    float x = re[i + half] * wx - im[i + half] * wy, y = re[i + half] * wy + im[i + half] * wx;
                    re[i + half] = re[i] - x, im[i + half] = im[i] - y;
                    re[i] += x, im[i] += y;
                }
            }
        }
        for (int i = 0; i < N; i++) to[2 * i] = re[i], to[2 * i + 1] = im[i];
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    for (int i = 0; i < N; i++)
        for (int b = 0; b < LOG_N; b++) reversed[i] |= (i >> b & 1) << (LOG_N - 1 - b);
    return bench_drive(run, checksum);
}
