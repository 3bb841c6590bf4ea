// Votes, matches, warp reductions and active masks, also in partial warps and in branches.
#include "testing.h"

struct Out {
    unsigned ballot, active, any_match, all_match, add, min, max, and_, or_, xor_;
    int all, any, pred, smin, smax;
};

__global__ void votes(Out *out, const int *value, unsigned skip) {
    int t = threadIdx.x, lane = t & 31;
    unsigned warp_mask = __activemask(); // the last warp may be partial
    if (skip >> lane & 1) return;
    unsigned mask = warp_mask & ~skip;
    int v = value[t];
    Out &o = out[t];
    o.ballot = __ballot_sync(mask, v > 2);
    o.all = __all_sync(mask, v >= 0);
    o.any = __any_sync(mask, v == 5);
    o.any_match = __match_any_sync(mask, v);
    int pred = -1;
    o.all_match = __match_all_sync(mask, v / 100, &pred);
    o.pred = pred;
    o.add = __reduce_add_sync(mask, unsigned(v));
    o.min = __reduce_min_sync(mask, unsigned(v));
    o.max = __reduce_max_sync(mask, unsigned(v));
    o.smin = __reduce_min_sync(mask, v - 3);
    o.smax = __reduce_max_sync(mask, v - 3);
    o.and_ = __reduce_and_sync(mask, unsigned(v | 8));
    o.or_ = __reduce_or_sync(mask, unsigned(v));
    o.xor_ = __reduce_xor_sync(mask, unsigned(v));
    __syncwarp(mask);
    o.active = mask;
}

// The same vote in both sides of a branch, and in a loop that lanes leave one by one.
__global__ void in_branches(unsigned *both, unsigned *loop) {
    int lane = threadIdx.x;
    unsigned odd = 0xaaaaaaaau;
    if (lane & 1)
        both[lane] = __ballot_sync(odd, lane > 8);
    else
        both[lane] = __ballot_sync(~odd, lane > 16);
    unsigned seen = 0, mask = 0xffffffffu;
    for (int i = 0; i <= lane; i++) {
        // Lanes i.. are still here.
        mask = 0xffffffffu << i;
        seen += __popc(__ballot_sync(mask, (lane + i) % 3 == 0));
    }
    loop[lane] = seen;
}

int main() {
    for (int threads : {32, 64, 1, 17, 33, 77, 96}) {
        for (unsigned skip : {0u, 1u, 0x55555555u, 0x80000001u, 0x0ffffff0u}) {
            Managed<Out> out(threads);
            Managed<int> value(threads);
            for (int t = 0; t < threads; t++) value[t] = (t * 7 + 3) % 6;
            votes<<<1, threads>>>(out, value, skip);
            finish();
            for (int t = 0; t < threads; t++) {
                if (skip >> (t & 31) & 1) continue;
                unsigned mask = 0, ballot = 0, match = 0, add = 0, umin = ~0u, umax = 0, and_ = ~0u, or_ = 0, xor_ = 0;
                int any = 0, smin = 1 << 30, smax = -(1 << 30);
                for (int l = 0; l < 32; l++) {
                    int u = t / 32 * 32 + l;
                    if (u >= threads || (skip >> l & 1)) continue;
                    int v = value[u];
                    mask |= 1u << l;
                    ballot |= unsigned(v > 2) << l;
                    match |= unsigned(v == value[t]) << l;
                    any |= v == 5;
                    add += v, and_ &= v | 8, or_ |= v, xor_ ^= v;
                    umin = v < int(umin & 0x7fffffff) ? v : umin, umax = v > int(umax) ? v : umax;
                    smin = v - 3 < smin ? v - 3 : smin, smax = v - 3 > smax ? v - 3 : smax;
                }
                const Out &o = out[t];
                expect(o.active, mask, "mask", t);
                expect(o.ballot, ballot, "ballot", t);
                expect(o.all, 1, "all", t);
                expect(o.any, any, "any", t);
                expect(o.any_match, match, "match_any", t);
                expect(o.all_match, mask, "match_all", t);
                expect(o.pred, 1, "match_all predicate", t);
                expect(o.add, add, "reduce_add", t);
                expect(o.min, umin, "reduce_min", t);
                expect(o.max, umax, "reduce_max", t);
                expect(o.smin, smin, "reduce_min signed", t);
                expect(o.smax, smax, "reduce_max signed", t);
                expect(o.and_, and_, "reduce_and", t);
                expect(o.or_, or_, "reduce_or", t);
                expect(o.xor_, xor_, "reduce_xor", t);
            }
        }
    }
    Managed<unsigned> both(32), loop(32);
    in_branches<<<1, 32>>>(both, loop);
    finish();
    for (int lane = 0; lane < 32; lane++) {
        unsigned want = 0, seen = 0;
        for (int l = 0; l < 32; l++)
            if ((l & 1) == (lane & 1)) want |= unsigned(l & 1 ? l > 8 : l > 16) << l;
        for (int i = 0; i <= lane; i++)
            for (int l = i; l < 32; l++) seen += (l + i) % 3 == 0;
        expect(both[lane], want, "ballot in a branch", lane);
        expect(loop[lane], seen, "ballot in a loop", lane);
    }
    return result();
}
