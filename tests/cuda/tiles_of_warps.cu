// cc: -std=c++17 -arch=sm_80
// Cooperative groups of several warps: tiles of 64 to 512 threads, all sixteen of 64 in a block, and warps within them.
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>

#include "testing.h"

namespace cg = cooperative_groups;

template <int SIZE> __global__ void tiles(int *out) {
    __shared__ cg::block_tile_memory<512> memory;
    auto block = cg::this_thread_block(memory);
    auto tile = cg::tiled_partition<SIZE>(block);
    int t = block.thread_rank();
    int *mine = out + 6 * t;
    mine[0] = cg::reduce(tile, t, cg::plus<int>());
    tile.sync();
    mine[1] = tile.shfl(t * 3, SIZE - 2);
    mine[2] = cg::inclusive_scan(tile, t + 1);
    mine[3] = tile.any(t == 70) * 2 + tile.all(t >= SIZE);
    mine[4] = tile.meta_group_rank() * 10000 + tile.meta_group_size() * 1000 + tile.thread_rank();
    mine[5] = int(cg::exclusive_scan(tile, double(t)));
}

template <int SIZE> static void check() {
    Managed<int> out(6 * 512);
    tiles<SIZE><<<1, 512>>>(out);
    finish();
    for (int t = 0; t < 512; t++) {
        int base = t / SIZE * SIZE, sum = 0, scan = 0, below = 0;
        bool any = false;
        for (int k = base; k < base + SIZE; k++) {
            sum += k, any |= k == 70;
            if (k <= t) scan += k + 1;
            if (k < t) below += k;
        }
        const int *mine = out + 6 * t;
        expect(mine[0], sum, "reduce", t);
        expect(mine[1], (base + SIZE - 2) * 3, "shfl", t);
        expect(mine[2], scan, "inclusive scan", t);
        expect(mine[3], any * 2 + (base >= SIZE), "votes", t);
        expect(mine[4], t / SIZE * 10000 + 512 / SIZE * 1000 + t - base, "ranks", t);
        expect(mine[5], below, "exclusive scan", t);
    }
}

// A block of 1024 threads has more tiles of 64 than there are named barriers.
__global__ void sixteen(int *out) {
    auto block = cg::this_thread_block();
    auto tile = cg::tiled_partition<64>(block);
    int t = block.thread_rank(), sum = 0;
    for (int k = 0; k < 5; k++) sum += cg::reduce(tile, t + k, cg::plus<int>()) - tile.shfl(sum, k * 13);
    auto warp = cg::tiled_partition<32>(tile);
    out[t] = sum + warp.meta_group_rank() * 7 + warp.meta_group_size() + cg::reduce(tile, t, cg::less<int>());
}

int main() {
    check<64>();
    check<128>();
    check<256>();
    check<512>();
    Managed<int> out(1024);
    sixteen<<<1, 1024>>>(out);
    finish();
    for (int base = 0; base < 1024; base += 64) {
        int sum[64] = {}, total = 0;
        for (int i = 0; i < 64; i++) total += base + i;
        for (int k = 0; k < 5; k++) {
            int sent = sum[k * 13];
            for (int i = 0; i < 64; i++) sum[i] += total + 64 * k - sent;
        }
        for (int i = 0; i < 64; i++) expect(out[base + i], sum[i] + i / 32 * 7 + 2 + base, "sixteen", base + i);
    }
    return result();
}
