// A row of more than 2^31 threads, most of whose blocks end at once: the numbers of the last ones do not fit `int`, so what
// the compiler takes for granted of usual grids (that they are not negative) must not be taken for granted here. The same
// kernel runs for usual grids before and after.
#include "testing.h"

const int BLOCK = 1024, NUMBERS = 6, FIRST = 2;

// What programs do with a thread's number.
__host__ __device__ static void numbers(unsigned block, unsigned size, unsigned thread, long long *out) {
    unsigned u = block * size + thread;
    int i = (int)u;
    out[0] = i / 32;
    out[1] = i % 7;
    out[2] = i >> 5;
    out[3] = u / 32 + (i < 1000 ? 1 : 0);
    out[4] = (long long)i * 3;
    out[5] = (long long)block * size + thread - u + (i >= 0 ? 10 : 20);
}

// The first blocks of the row and the last one write.
__global__ void row(long long *out) {
    if (blockIdx.x >= FIRST && blockIdx.x != gridDim.x - 1) return;
    unsigned slot = min(blockIdx.x, FIRST) * blockDim.x + threadIdx.x;
    numbers(blockIdx.x, blockDim.x, threadIdx.x, out + slot * NUMBERS);
}

static void check(unsigned grid, const char *what) {
    Managed<long long> out((FIRST + 1) * BLOCK * NUMBERS);
    row<<<grid, BLOCK>>>(out);
    finish();
    for (int slot = 0; slot < (FIRST + 1) * BLOCK; slot++) {
        long long expected[NUMBERS];
        numbers(slot / BLOCK < FIRST ? slot / BLOCK : grid - 1, BLOCK, slot % BLOCK, expected);
        for (int k = 0; k < NUMBERS; k++) expect(out[slot * NUMBERS + k], expected[k], what, slot * NUMBERS + k);
    }
}

int main() {
    const unsigned fit = (1u << 31) / BLOCK;
    check(9, "short row");
    check(fit + 1, "numbers that do not fit");
    check(fit - 1, "numbers that just fit");
    check(9, "short row again");
    return result();
}
