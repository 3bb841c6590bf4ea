#include "cuda.h"
#include "data.h"

__constant__ uint32_t keys[4 * (ROUNDS + 1)];

__device__ uint32_t turned(uint32_t v, int bits) { return __funnelshift_l(v, v, bits); }

/* A thread a block of 16 bytes; the tables in shared memory. */
__global__ void encrypt(const uint4 *plain, uint4 *cipher, const uint32_t *table, const uint32_t *sbox) {
    __shared__ uint32_t t[256], s[256];
    for (int i = threadIdx.x; i < 256; i += blockDim.x) t[i] = table[i], s[i] = sbox[i];
    __syncthreads();
    int id = blockIdx.x * blockDim.x + threadIdx.x;
    uint4 in = plain[id];
    uint32_t x[4] = {in.x ^ keys[0], in.y ^ keys[1], in.z ^ keys[2], in.w ^ keys[3]};
    for (int round = 1; round < ROUNDS; round++) {
        uint32_t y[4];
#pragma unroll
        for (int i = 0; i < 4; i++)
            y[i] = t[x[i] & 255] ^ turned(t[x[(i + 1) % 4] >> 8 & 255], 8) ^ turned(t[x[(i + 2) % 4] >> 16 & 255], 16) ^
                   turned(t[x[(i + 3) % 4] >> 24], 24) ^ keys[4 * round + i];
#pragma unroll
        for (int i = 0; i < 4; i++) x[i] = y[i];
    }
    uint32_t y[4];
#pragma unroll
    for (int i = 0; i < 4; i++)
        y[i] = (s[x[i] & 255] | s[x[(i + 1) % 4] >> 8 & 255] << 8 | s[x[(i + 2) % 4] >> 16 & 255] << 16 |
                s[x[(i + 3) % 4] >> 24] << 24) ^
               keys[4 * ROUNDS + i];
    cipher[id] = make_uint4(y[0], y[1], y[2], y[3]);
}

static uint4 *d_plain, *d_cipher;
static uint32_t *d_table, *d_sbox;
static void run() {
    encrypt<<<BLOCKS / BLOCK, BLOCK>>>(d_plain, d_cipher, d_table, d_sbox);
    finish();
}
static double checksum() {
    to_host((uint4 *)cipher, d_cipher, BLOCKS);
    return weigh();
}
int main() {
    make_data();
    CHECK(cudaMemcpyToSymbol(keys, round_keys, sizeof(round_keys)));
    d_plain = device_copy((uint4 *)plain, BLOCKS);
    d_cipher = device_array<uint4>(BLOCKS);
    d_table = device_copy(table, 256);
    d_sbox = device_copy(sbox, 256);
    return bench_drive(run, checksum);
}
