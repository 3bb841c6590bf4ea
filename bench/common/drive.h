/* What every contender does, in C and CUDA alike: set up, say that it is ready, then one timed repetition for each line
 * on standard input, answered by one line of JSON. The harness alternates contenders that way, all of them alive. */
#ifndef BENCH_DRIVE_H
#define BENCH_DRIVE_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/* Page-aligned memory, or the end of the program. */
static void *bench_alloc(size_t bytes) {
    void *p = NULL;
    if (posix_memalign(&p, 4096, bytes) != 0) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(1);
    }
    return p;
}

/* A repeatable sequence of numbers in [0, 1). */
static inline float bench_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) * (1.0f / 16777216.0f);
}

/* `run` is timed and must have finished its work when it returns; `checksum` is not timed. */
static int bench_drive(void (*run)(void), double (*checksum)(void)) {
    char line[64];
    double first = now_ms();
    run();
    first = now_ms() - first;
    printf("{\"first_ms\": %.6f, \"checksum\": %.17g}\n", first, checksum());
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        double start = now_ms();
        run();
        double ms = now_ms() - start;
        printf("{\"ms\": %.6f, \"checksum\": %.17g}\n", ms, checksum());
        fflush(stdout);
    }
    return 0;
}

#endif
