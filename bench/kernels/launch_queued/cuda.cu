#include "cuda.h"
#include "data.h"

__global__ void nothing() {}

static void run() {
    for (int i = 0; i < LAUNCHES; i++) {
        nothing<<<BLOCKS, BLOCK>>>();
    }
    finish();
}
static double checksum() { return 0.0; }
int main() { return bench_drive(run, checksum); }
