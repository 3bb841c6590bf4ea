/* The machine's limits: fused multiply-adds on all processors, and a read-dominated sweep over memory, best of several. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef float vec __attribute__((vector_size(64)));

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Twelve independent chains of multiply-adds hide the latency. */
static float multiply_add(long rounds) {
    vec sum[12], a, b;
    for (int i = 0; i < 16; i++) a[i] = 1.0f + 1e-7f * (float)i, b[i] = 1e-9f;
    for (int c = 0; c < 12; c++) sum[c] = b;
    for (long r = 0; r < rounds; r++)
        for (int c = 0; c < 12; c++) sum[c] = sum[c] * a + b;
    float total = 0.0f;
    for (int c = 0; c < 12; c++)
        for (int i = 0; i < 16; i++) total += sum[c][i];
    return total;
}

int main(void) {
    const long rounds = 4000000;
    double gflops = 0.0, bandwidth = 0.0;
    volatile float sink = 0.0f;
    for (int rep = 0; rep < 5; rep++) {
        int threads = 0;
        double start = now();
#pragma omp parallel reduction(+ : threads)
        {
            sink = multiply_add(rounds);
            threads += 1;
        }
        double rate = 2.0 * 16 * 12 * rounds * threads / (now() - start) * 1e-9;
        if (rate > gflops) gflops = rate;
    }
    const long count = 64l << 20;
    float *x = aligned_alloc(4096, count * sizeof(float));
    if (!x) return 1;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < count; i++) x[i] = 1.0f;
    for (int rep = 0; rep < 7; rep++) {
        float sum = 0.0f;
        double start = now();
#pragma omp parallel for simd schedule(static) reduction(+ : sum)
        for (long i = 0; i < count; i++) sum += x[i];
        double rate = count * sizeof(float) / (now() - start) * 1e-9;
        if (rate > bandwidth) bandwidth = rate;
        sink = sum;
    }
    printf("{\"gflops\": %.1f, \"gbytes_per_s\": %.2f, \"sink\": %g}\n", gflops, bandwidth, (double)sink * 0.0);
    return 0;
}
