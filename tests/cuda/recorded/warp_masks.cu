// Warp functions of some lanes: partial warps, masks of every third lane; votes, shuffles and reductions of them.
#include "values.h"
__global__ void k(u32 *o) { // partial warp: 45 threads; second warp has 13 lanes
    int t = threadIdx.x, l = t & 31;
    u32 m = __activemask();
    o[t] = m;
    u32 odd = __ballot_sync(m, t & 1);
    o[64 + t] = odd;
    if (t % 3 == 0) {
        u32 mm = __activemask();
        u32 want = 0;
        for (int i = 0; i < 32; i += 1)
            if ((t - l + i) % 3 == 0 && (m >> i & 1)) want |= 1u << i;
        __syncwarp(want);
        o[128 + t] = __ballot_sync(want, l > 7) | (u32)(__popc(want) << 0) * 0;
        o[192 + t] = __shfl_sync(want, t * 10, __ffs(want) - 1);
        o[256 + t] = __any_sync(want, t == 9) | __all_sync(want, t < 100) << 1 | __all_sync(want, t < 30) << 2;
        (void)mm;
    } else if (t % 3 == 1) {
        u32 want = 0;
        for (int i = 0; i < 32; i++)
            if ((t - l + i) % 3 == 1 && (m >> i & 1)) want |= 1u << i;
        o[128 + t] = __reduce_add_sync(want, t);
        o[192 + t] = __reduce_xor_sync(want, t * 77);
        o[256 + t] = __match_any_sync(want, t / 6);
    } else {
        u32 want = 0;
        for (int i = 0; i < 32; i++)
            if ((t - l + i) % 3 == 2 && (m >> i & 1)) want |= 1u << i;
        int p;
        o[128 + t] = __match_all_sync(want, t > 100, &p) + p;
        o[192 + t] = __match_all_sync(want, t, &p) * 2 + p;
        o[256 + t] = __reduce_min_sync(want, mix(t));
    }
}
int main() {
    Buf<u32> o(320);
    k<<<1, 45>>>(o);
    o.show("masks", 320);
}
