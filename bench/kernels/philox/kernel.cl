#define BLOCK 256
#define DRAWS 16
#define STRIKE 105.0f
#define SPOT 100.0f
#define DRIFT 0.03f
#define VOLATILITY 0.2f
uint4 philox(uint counter, uint stream) {
    uint4 c = (uint4)(counter, stream, 0, 0);
    uint key0 = 0x1234567u, key1 = 0x89abcdefu;
    for (int round = 0; round < 10; round++) {
        ulong left = (ulong)0xd2511f53u * c.x, right = (ulong)0xcd9e8d57u * c.z;
        c = (uint4)((uint)(right >> 32) ^ c.y ^ key0, (uint)right, (uint)(left >> 32) ^ c.w ^ key1, (uint)left);
        key0 += 0x9e3779b9u;
        key1 += 0xbb67ae85u;
    }
    return c;
}
float pay(uint a, uint b) {
    float u = ((float)(a >> 8) + 0.5f) * (1.0f / 16777216.0f), angle = (float)(b >> 8) * (6.2831853f / 16777216.0f);
    float radius = sqrt(-2.0f * log(u));
    float base = DRIFT - 0.5f * VOLATILITY * VOLATILITY;
    float one = SPOT * exp(base + VOLATILITY * radius * cos(angle)) - STRIKE;
    float two = SPOT * exp(base + VOLATILITY * radius * sin(angle)) - STRIKE;
    return (one > 0.0f ? one : 0.0f) + (two > 0.0f ? two : 0.0f);
}
kernel void price(global float *sums) {
    local float cache[BLOCK];
    int t = get_local_id(0);
    float sum = 0.0f;
    for (int i = 0; i < DRAWS; i++) {
        uint4 r = philox(i, get_global_id(0));
        sum += pay(r.x, r.y) + pay(r.z, r.w);
    }
    cache[t] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int s = BLOCK / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (t == 0) sums[get_group_id(0)] = cache[0];
}
