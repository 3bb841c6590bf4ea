// cc: -std=c++17
// Cooperative groups: tiles, coalesced, labeled and binary partitions; shuffles, votes, reductions, scans.
#include "values.h"
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
namespace cg = cooperative_groups;
__global__ void k(u32 *o) {
    int t = threadIdx.x, n = 0;
    auto put = [&](u32 x) { o[n++ * blockDim.x + t] = x; };
    auto block = cg::this_thread_block();
    put(block.thread_rank() + block.size() * 1000 + block.group_index().x);
    auto w = cg::tiled_partition<32>(block);
    put(w.thread_rank());
    put(w.meta_group_rank() * 100 + w.meta_group_size());
    put(w.ballot(t & 1));
    put(w.shfl(t, 3));
    put(w.shfl_down(t, 5));
    put(w.shfl_up(t, 5));
    put(w.shfl_xor(t, 9));
    put(w.any(t == 40));
    put(w.all(t >= 0));
    put(w.match_any(t / 5));
    int p;
    put(w.match_all(1, p));
    put(p);
    auto t4 = cg::tiled_partition<4>(w);
    put(t4.meta_group_rank() * 100 + t4.thread_rank());
    put(cg::reduce(t4, t, cg::plus<int>()));
    put(cg::inclusive_scan(t4, t));
    put(cg::exclusive_scan(t4, t));
    put(t4.ballot(t & 1));
    put(t4.shfl(t, 7));
    put(t4.match_any(t & 1));
    auto t16 = cg::tiled_partition<16>(block);
    put(cg::reduce(t16, mix(t), cg::less<u32>()));
    put(cg::reduce(t16, mix(t), cg::greater<u32>()));
    put(cg::reduce(t16, mix(t), cg::bit_and<u32>()));
    put(cg::reduce(t16, mix(t), cg::bit_or<u32>()));
    put(cg::reduce(t16, mix(t), cg::bit_xor<u32>()));
    put(__float_as_uint(cg::reduce(t16, float(t) * 0.5f, cg::plus<float>())));
    put(cg::exclusive_scan(t16, t, [](int a, int b) { return a > b ? a : b; }));
    put(cg::inclusive_scan(t16, u32(t + 1), cg::bit_xor<u32>()));
    auto t1 = cg::tiled_partition<1>(block);
    put(t1.size() + cg::reduce(t1, t, cg::plus<int>()));
    auto dyn = cg::tiled_partition(block, 8);
    put(dyn.size() * 100 + dyn.thread_rank());
    if (mix(t) % 3) {
        auto c = cg::coalesced_threads();
        put(c.size());
        put(c.thread_rank());
        put(c.shfl(t, 0));
        put(c.shfl_down(t, 1));
        put(c.shfl_up(t, 2));
        put(c.ballot(t & 1));
        put(c.any(t == 5) + 2 * c.all(t < 30));
        put(c.match_any(t & 3));
        put(cg::reduce(c, t, cg::plus<int>()));
        put(cg::exclusive_scan(c, t));
        put(cg::inclusive_scan(c, t));
        put(c.meta_group_rank() * 10 + c.meta_group_size());
        auto lp = cg::labeled_partition(c, t % 4);
        put(lp.size() * 100 + lp.thread_rank());
        put(cg::reduce(lp, t, cg::plus<int>()));
        put(lp.meta_group_size() * 100 + lp.meta_group_rank());
        auto bp = cg::binary_partition(c, t & 2);
        put(bp.size() * 100 + bp.thread_rank());
        put(bp.shfl(t, bp.size() - 1));
    } else {
        for (int i = 0; i < 17; i++) put(0);
    }
    auto l2 = cg::labeled_partition(w, mix(t) % 5);
    put(l2.size() * 100 + l2.thread_rank());
    put(cg::reduce(l2, t, cg::plus<int>()));
    put(l2.shfl(t, 0));
    put(cg::inclusive_scan(l2, t));
    auto b2 = cg::binary_partition(w, t % 3 == 0);
    put(b2.size() * 100 + b2.thread_rank());
    put(cg::reduce(b2, t, cg::greater<int>()));
    put(b2.meta_group_rank());
    b2.sync();
    w.sync();
    put(cg::invoke_one_broadcast(w, [&] { return 7; }));
    block.sync();
    put(block.dim_threads().x);
}
int main() {
    for (int b : {32, 64, 96}) {
        Buf<u32> o(70 * b);
        k<<<1, b>>>(o);
        auto v = o.get();
        for (int i = 0; i < 66; i++) {
            char s[32];
            sprintf(s, "g%d.%d", b, i);
            show(s, &v[i * b], b, 12);
        }
    }
}
