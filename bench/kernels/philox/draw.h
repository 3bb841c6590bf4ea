/* Philox 4x32-10 and the pay-off of a call option at two normal numbers, for C and CUDA. */
#ifdef __CUDACC__
#define ANY __device__
#else
#define ANY
#endif

typedef struct {
    uint32_t x, y, z, w;
} Four;

ANY static inline Four philox(uint32_t counter, uint32_t stream) {
    Four c = {counter, stream, 0, 0};
    uint32_t key0 = 0x1234567u, key1 = 0x89abcdefu;
    for (int round = 0; round < 10; round++) {
        uint64_t left = (uint64_t)0xd2511f53u * c.x, right = (uint64_t)0xcd9e8d57u * c.z;
        Four next = {(uint32_t)(right >> 32) ^ c.y ^ key0, (uint32_t)right, (uint32_t)(left >> 32) ^ c.w ^ key1, (uint32_t)left};
        c = next;
        key0 += 0x9e3779b9u;
        key1 += 0xbb67ae85u;
    }
    return c;
}

/* Box and Muller: two uniform numbers, two normal ones, two prices. */
ANY static inline float pay(uint32_t a, uint32_t b) {
    float u = ((float)(a >> 8) + 0.5f) * (1.0f / 16777216.0f), angle = (float)(b >> 8) * (6.2831853f / 16777216.0f);
    float radius = sqrtf(-2.0f * logf(u));
    float base = DRIFT - 0.5f * VOLATILITY * VOLATILITY;
    float one = SPOT * expf(base + VOLATILITY * radius * cosf(angle)) - STRIKE;
    float two = SPOT * expf(base + VOLATILITY * radius * sinf(angle)) - STRIKE;
    return (one > 0.0f ? one : 0.0f) + (two > 0.0f ? two : 0.0f);
}
