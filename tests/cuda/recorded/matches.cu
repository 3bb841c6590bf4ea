// __match_any_sync and __match_all_sync of every type, in partial warps and in halves of a branch.
#include "values.h"
__global__ void k(u64 *o, int seed) {
    int t = threadIdx.x, n = 0;
    auto put = [&](u64 x) { o[n++ * blockDim.x + t] = x; };
    int p;
    u32 m = __activemask();
    put(__match_any_sync(m, t / 3));
    put(__match_any_sync(m, float(t & 3) * 0.5f));
    put(__match_any_sync(m, double(t % 5)));
    put(__match_any_sync(m, (long long)(t % 2) << 40));
    put(__match_any_sync(m, mix(t + seed) % 7));
    put(__match_any_sync(m, t == 3 ? -0.0f : 0.0f));
    put(__match_any_sync(m, t % 2 ? __int_as_float(0x7fc00000) : 1.0f));
    put(__match_all_sync(m, 5, &p));
    put(p);
    put(__match_all_sync(m, t == 7, &p));
    put(p);
    put(__match_all_sync(m, 2.5, &p));
    put(p);
    if (t & 4) {
        u32 mm = 0xf0f0f0f0 & m;
        put(__match_any_sync(mm, t & 9));
        put(__match_all_sync(mm, t & 4, &p));
        put(p);
    } else {
        u32 mm = 0x0f0f0f0f & m;
        put(__match_any_sync(mm, t & 10));
        put(__match_all_sync(mm, t & 4, &p));
        put(p);
    }
    for (int i = 0; i < 3; i++) {
        u32 a = __match_any_sync(m, mix(t * 3 + i) & 3);
        put(__ffs(a) - 1 == (t & 31));
        put(__popc(a));
    }
}
int main() {
    for (int b : {1, 31, 32, 50, 97}) {
        Buf<u64> o(30 * b);
        k<<<1, b>>>(o, b);
        o.show("match", 20);
    }
}
