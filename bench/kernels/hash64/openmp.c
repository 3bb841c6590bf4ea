#include "drive.h"
#include "data.h"

static inline uint64_t rotate(uint64_t v, int bits) { return v << bits | v >> (64 - bits); }

static void run(void) {
#pragma omp parallel for simd schedule(static)
    for (int r = 0; r < RECORDS; r++) {
        uint64_t h = PRIME1 ^ (WORDS * 8);
        for (int i = 0; i < WORDS; i++) {
            h ^= rotate(records[(size_t)r * WORDS + i] * PRIME2, 31) * PRIME1;
            h = rotate(h, 27) * PRIME1 + 0x52dce729u;
        }
        h ^= h >> 33;
        h *= PRIME2;
        h ^= h >> 29;
        h *= PRIME1;
        h ^= h >> 32;
        hashes[r] = h;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
