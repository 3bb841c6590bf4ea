// Ballots in loops that lanes leave at different times, and lanes that elect leaders by value.
#include "values.h"
__global__ void k(u32 *o, int lim) {
    int t = threadIdx.x;
    u32 acc = 0;
    int i = 0, n = mix(t) % lim;
    u32 m = __activemask();
    for (;;) {
        u32 b = __ballot_sync(m, i < n);
        if (i >= n) {
            acc ^= __popc(b) << 16;
            break;
        }
        m = b;
        acc = acc * 31 + b;
        i++;
        if (i % 5 == 4) {
            acc += __shfl_xor_sync(m, acc, 1) & (m >> ((t & 31) ^ 1) & 1 ? ~0u : 0);
            __syncwarp(m);
        }
    }
    o[t] = acc;
    __syncwarp();
    u32 left = __activemask();
    o[blockDim.x + t] = __popc(left);
    u32 v = t;
    while (true) {
        u32 a = __activemask();
        int leader = __ffs(a) - 1;
        (void)leader;
        v = v * 5 + 1;
        if ((v & 7) == 3) break;
        if (v > 100000) break;
    }
    o[2 * blockDim.x + t] = v;
    // leader election by value, each round one group
    u32 todo = 1;
    u32 key = mix(t) % 6, rounds = 0, full = __ballot_sync(left, 1);
    u32 mine = full;
    while (todo) {
        int lead = __ffs(mine) - 1;
        u32 lk = __shfl_sync(mine, key, lead);
        bool hit = lk == key;
        u32 h = __ballot_sync(mine, hit);
        rounds++;
        if (hit) {
            o[3 * blockDim.x + t] = h;
            todo = 0;
        } else mine &= ~h;
    }
    o[4 * blockDim.x + t] = rounds;
}
int main() {
    for (int b : {5, 32, 61, 96})
        for (int lim : {1, 3, 20}) {
            Buf<u32> o(5 * b);
            k<<<1, b>>>(o, lim);
            o.show("loop", 20);
        }
}
