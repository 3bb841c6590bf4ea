#include "cuda.h"
#include "data.h"

__device__ uint64_t rotate(uint64_t v, int bits) { return v << bits | v >> (64 - bits); }

__global__ void hash(const uint64_t *records, uint64_t *hashes, int n) {
    int r = blockIdx.x * blockDim.x + threadIdx.x;
    if (r >= n) return;
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

static uint64_t *d_records, *d_hashes;
static void run() {
    hash<<<RECORDS / BLOCK, BLOCK>>>(d_records, d_hashes, RECORDS);
    finish();
}
static double checksum() {
    to_host(hashes, d_hashes, RECORDS);
    return weigh();
}
int main() {
    make_data();
    d_records = device_copy(records, (size_t)RECORDS * WORDS);
    d_hashes = device_array<uint64_t>(RECORDS);
    return bench_drive(run, checksum);
}
