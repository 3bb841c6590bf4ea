// __reduce_*_sync of whole, partial and parted warps.
#include "values.h"
__global__ void k(u32 *o) {
    int t = threadIdx.x, l = t & 31, n = 0;
    auto put = [&](u32 x) { o[n++ * blockDim.x + t] = x; };
    u32 m = __activemask(), v = mix(t);
    int s = int(v) >> 3;
    put(__reduce_add_sync(m, v));
    put(__reduce_min_sync(m, v));
    put(__reduce_max_sync(m, v));
    put(__reduce_add_sync(m, s));
    put(__reduce_min_sync(m, s));
    put(__reduce_max_sync(m, s));
    put(__reduce_and_sync(m, v | 0xff));
    put(__reduce_or_sync(m, v & 0xff0));
    put(__reduce_xor_sync(m, v));
    for (int i = 0; i < 5; i++) {
        bool b = (v >> i) & 1;
        u32 mm = __ballot_sync(m, b);
        if (b) put(__reduce_add_sync(mm, l) + (__reduce_max_sync(mm, s) << 8));
        else put(__reduce_min_sync(m & ~mm, s) ^ __reduce_xor_sync(m & ~mm, v));
    }
}
int main() {
    for (int b : {1, 7, 31, 32, 33, 97, 128}) {
        Buf<u32> o(20 * b);
        k<<<1, b>>>(o);
        o.show("reduce", 16);
    }
}
