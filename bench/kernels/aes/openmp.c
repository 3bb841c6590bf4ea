#include "drive.h"
#include "data.h"

static inline uint32_t turned(uint32_t v, int bits) { return v << bits | v >> (32 - bits); }

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int id = 0; id < BLOCKS; id++) {
        uint32_t x[4], y[4];
        for (int i = 0; i < 4; i++) x[i] = plain[4 * id + i] ^ round_keys[i];
        for (int round = 1; round < ROUNDS; round++) {
            for (int i = 0; i < 4; i++)
                y[i] = table[x[i] & 255] ^ turned(table[x[(i + 1) % 4] >> 8 & 255], 8) ^
                       turned(table[x[(i + 2) % 4] >> 16 & 255], 16) ^ turned(table[x[(i + 3) % 4] >> 24], 24) ^
                       round_keys[4 * round + i];
            for (int i = 0; i < 4; i++) x[i] = y[i];
        }
        for (int i = 0; i < 4; i++)
            cipher[4 * id + i] = (sbox[x[i] & 255] | sbox[x[(i + 1) % 4] >> 8 & 255] << 8 |
                                  sbox[x[(i + 2) % 4] >> 16 & 255] << 16 | sbox[x[(i + 3) % 4] >> 24] << 24) ^
                                 round_keys[4 * ROUNDS + i];
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
