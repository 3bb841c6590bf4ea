#include <stdint.h>
#define RECORDS (2 << 20)
#define WORDS 4 /* 64-bit words of a record */
#define BLOCK 256
#define PRIME1 0x9e3779b185ebca87ull
#define PRIME2 0xc2b2ae3d27d4eb4full
static uint64_t *records, *hashes;
static void make_data(void) {
    uint64_t state = 1;
    records = (uint64_t *)bench_alloc((size_t)RECORDS * WORDS * sizeof(uint64_t));
    hashes = (uint64_t *)bench_alloc(RECORDS * sizeof(uint64_t));
    for (size_t i = 0; i < (size_t)RECORDS * WORDS; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        records[i] = state;
    }
    memset(hashes, 0, RECORDS * sizeof(uint64_t));
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < RECORDS; i++) sum += (double)(uint32_t)hashes[i] + (double)(hashes[i] >> 32) * (1 + i % 7);
    return sum;
}
