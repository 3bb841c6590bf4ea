// Cooperative groups inside a warp: tiles of every size, groups by label, coalesced threads, votes of each tile.
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>

#include "testing.h"

namespace cg = cooperative_groups;

template <int Size> __global__ void tile(int *sums, int *ranks, unsigned *ballots, int *any, unsigned *same) {
    auto block = cg::this_thread_block();
    auto tile = cg::tiled_partition<Size>(block);
    int i = block.thread_rank(), sum = i * 3 + 1;
    for (int step = tile.size() / 2; step > 0; step /= 2) sum += tile.shfl_down(sum, step);
    sums[i] = tile.shfl(sum, 0);
    ranks[i] = tile.meta_group_rank() * 100 + tile.thread_rank();
    ballots[i] = tile.ballot(i % 3 == 0);
    any[i] = tile.any(i == 17) * 2 + tile.all(i < 64);
    same[i] = tile.match_any(i % 5);
}

template <int Size> void check_tile() {
    const int n = 128;
    Managed<int> sums(n), ranks(n), any(n);
    Managed<unsigned> ballots(n), same(n);
    tile<Size><<<1, n>>>(sums, ranks, ballots, any, same);
    finish();
    for (int i = 0; i < n; i++) {
        int first = i / Size * Size, sum = 0;
        unsigned ballot = 0, equal = 0;
        for (int k = 0; k < Size; k++) {
            sum += (first + k) * 3 + 1;
            ballot |= unsigned((first + k) % 3 == 0) << k;
            equal |= unsigned((first + k) % 5 == i % 5) << k;
        }
        expect(sums[i], sum, "sum of a tile", i);
        expect(ranks[i], i / Size * 100 + i % Size, "rank", i);
        expect(ballots[i], ballot, "ballot of a tile", i);
        expect(any[i], (first <= 17 && 17 < first + Size) * 2 + (first + Size <= 64), "any, all", i);
        expect(same[i], equal, "match of a tile", i);
    }
}

__global__ void labels(int *by_label, int *size, int *largest) {
    auto warp = cg::tiled_partition<32>(cg::this_thread_block());
    int i = threadIdx.x;
    auto same = cg::labeled_partition(warp, i % 3);
    by_label[i] = cg::reduce(same, i, cg::plus<int>());
    auto half = cg::binary_partition(warp, i % 4 == 1);
    size[i] = half.size();
    largest[i] = cg::reduce(half, i, cg::greater<int>());
}

void check_labels() {
    Managed<int> by_label(64), size(64), largest(64);
    labels<<<1, 64>>>(by_label, size, largest);
    finish();
    for (int i = 0; i < 64; i++) {
        int sum = 0, count = 0, top = 0;
        for (int k = i / 32 * 32; k < i / 32 * 32 + 32; k++) {
            if (k % 3 == i % 3) sum += k;
            if ((k % 4 == 1) == (i % 4 == 1)) count++, top = k;
        }
        expect(by_label[i], sum, "labelled sum", i);
        expect(size[i], count, "size of a part", i);
        expect(largest[i], top, "largest of a part", i);
    }
}

// Threads that pass a filter take places in a list, one atomic for all of them.
__global__ void append(int n, int *count, int *list, int *group_size) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n || i * 7 % 5 >= 2) return;
    auto active = cg::coalesced_threads();
    int base = 0;
    if (active.thread_rank() == 0) base = atomicAdd(count, int(active.size()));
    list[active.shfl(base, 0) + active.thread_rank()] = i;
    group_size[i] = active.size();
}

void check_append() {
    const int n = 1000;
    Managed<int> count(1), list(n), group_size(n), seen(n);
    append<<<8, 128>>>(n, count, list, group_size);
    finish();
    int want = 0;
    for (int i = 0; i < n; i++) want += i * 7 % 5 < 2;
    expect(count[0], want, "appended");
    for (int k = 0; k < count[0]; k++) seen[list[k]]++;
    for (int i = 0; i < n; i++) {
        bool in = i * 7 % 5 < 2;
        expect(seen[i], int(in), "appended once", i);
        int others = 0;
        for (int k = i / 32 * 32; k < i / 32 * 32 + 32 && k < n; k++) others += k * 7 % 5 < 2;
        if (in) expect(group_size[i], others, "coalesced threads", i);
    }
}

__global__ void scans(int *before, int *upto) {
    auto tile = cg::tiled_partition<8>(cg::this_thread_block());
    int i = threadIdx.x;
    before[i] = cg::exclusive_scan(tile, i + 1);
    upto[i] = cg::inclusive_scan(tile, i + 1, cg::plus<int>());
}

void check_scans() {
    Managed<int> before(64), upto(64);
    scans<<<1, 64>>>(before, upto);
    finish();
    for (int i = 0, sum = 0; i < 64; i++) {
        if (i % 8 == 0) sum = 0;
        expect(before[i], sum, "exclusive scan", i);
        sum += i + 1;
        expect(upto[i], sum, "inclusive scan", i);
    }
}

int main() {
    check_tile<1>();
    check_tile<2>();
    check_tile<4>();
    check_tile<8>();
    check_tile<16>();
    check_tile<32>();
    check_labels();
    check_append();
    check_scans();
    return result();
}
