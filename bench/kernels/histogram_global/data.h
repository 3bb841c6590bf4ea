#include <stdint.h>
#define N (16 << 20)
#define BINS 256
#define BLOCK 256
#define GRID 480
static unsigned char *data;
static unsigned bins[BINS];
static void make_data(void) {
    uint32_t state = 1;
    data = (unsigned char *)bench_alloc(N);
    for (int i = 0; i < N; i++) data[i] = (unsigned char)(256.0f * bench_random(&state) * bench_random(&state));
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < BINS; i++) sum += (double)bins[i] * (i + 1) * (1 + i % 3);
    return sum;
}
