#include "drive.h"
#include "data.h"

static void run(void) {
    for (int i = 0; i < LAUNCHES; i++) {
#pragma omp parallel
        __asm__ volatile("" ::: "memory");
    }
}
static double checksum(void) { return 0.0; }
int main(void) { return bench_drive(run, checksum); }
