// Warp code as programs have it: places in a list for those who pass, one value after the other, leaders of equal keys,
// loops that lanes leave one by one, sorting in registers, and warp functions in calls, recursion and both sides of a branch.
#include <algorithm>
#include <vector>

#include "testing.h"

const unsigned ALL = 0xffffffffu;

__device__ int append_place(int *count) {
    unsigned active = __activemask();
    int lane = threadIdx.x & 31, leader = __ffs(active) - 1, base = 0;
    if (lane == leader) base = atomicAdd(count, __popc(active));
    return __shfl_sync(active, base, leader) + __popc(active & ((1u << lane) - 1));
}

__global__ void filter(const int *in, int n, int *out, int *count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && in[i] > 50) out[append_place(count)] = in[i];
}

__global__ void histogram(const int *in, int n, int *bins) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int key = in[i] % 17;
        unsigned same = __match_any_sync(__activemask(), key);
        if ((threadIdx.x & 31) == __ffs(same) - 1) atomicAdd(&bins[key], __popc(same));
    }
}

// Each round serves the lanes that have the first remaining value.
__global__ void waterfall(const int *in, int *round_of, int *served_with) {
    int value = in[threadIdx.x], round = 0;
    for (unsigned todo = ALL; todo; round++) {
        int first = __shfl_sync(ALL, value, __ffs(todo) - 1);
        unsigned same = __ballot_sync(ALL, value == first);
        if (value == first) {
            round_of[threadIdx.x] = round;
            served_with[threadIdx.x] = __popc(same);
        }
        todo &= ~same;
    }
}

// The mask shrinks as lanes come to their end.
__global__ void shrinking(const int *trips, int *out) {
    int lane = threadIdx.x, sum = 0;
    for (int k = 0;; k++) {
        unsigned left = __ballot_sync(ALL, k < trips[lane]);
        if (!left) break;
        if (k < trips[lane]) sum += __popc(left) + __shfl_sync(left, lane, __ffs(left) - 1);
    }
    out[lane] = sum;
}

__global__ void sort_warps(int *data) {
    int lane = threadIdx.x & 31, v = data[threadIdx.x];
    for (int k = 2; k <= 32; k *= 2)
        for (int j = k / 2; j; j /= 2) {
            int other = __shfl_xor_sync(ALL, v, j);
            bool rising = (lane & k) == 0, low = (lane & j) == 0;
            v = rising == low ? min(v, other) : max(v, other);
        }
    data[threadIdx.x] = v;
}

__device__ __noinline__ int warp_sum(int v, unsigned mask) {
    for (int d = 16; d; d /= 2) v += __shfl_xor_sync(mask, v, d);
    return v;
}

__device__ int add_neighbours(int v, int depth) {
    if (depth == 0) return __shfl_sync(ALL, v, 5);
    int below = add_neighbours(v + 1, depth - 1);
    return below + __shfl_xor_sync(ALL, below, 1);
}

typedef int (*Sum)(int, unsigned);
__device__ Sum indirect = warp_sum;

__global__ void calls(int *out) {
    int lane = threadIdx.x;
    out[lane] = warp_sum(lane, ALL) + add_neighbours(lane, 3) + indirect(lane * 2, ALL);
}

__global__ void branches(int *out) {
    int lane = threadIdx.x, v;
    if (lane < 16)
        v = __shfl_sync(0x0000ffffu, lane, 3);
    else
        v = __shfl_sync(0xffff0000u, lane, 19);
    if (lane % 2)
        v += 100 * __all_sync(0xaaaaaaaau, lane < 31) + 200 * __any_sync(0xaaaaaaaau, lane == 31);
    else if (lane % 4 == 0)
        v += 1000 * __popc(__ballot_sync(0x11111111u, lane > 10));
    __syncwarp();
    out[lane] = v + 10000 * (__activemask() == ALL);
}

int main() {
    unsigned seed = 1;
    auto draw = [&](int n) { return int((seed = seed * 1664525u + 1013904223u) >> 8) % n; };

    const int n = 3000;
    Managed<int> in(n), out(n), count(1), bins(17);
    std::vector<int> passed, counted(17);
    for (int i = 0; i < n; i++) {
        in[i] = draw(100);
        if (in[i] > 50) passed.push_back(in[i]);
        counted[in[i] % 17]++;
    }
    filter<<<24, 129>>>(in, n, out, count);
    histogram<<<3, 95>>>(in, n, bins);
    finish();
    expect(size_t(count[0]), passed.size(), "passed");
    std::sort(out.data, out.data + count[0]);
    std::sort(passed.begin(), passed.end());
    for (size_t i = 0; i < passed.size(); i++) expect(out[i], passed[i], "passed value", i);
    for (int k = 0; k < 17; k++) expect(bins[k], counted[k], "bin", k);

    std::vector<int> order;
    for (int i = 0; i < 32; i++) {
        in[i] = draw(6);
        if (std::find(order.begin(), order.end(), in[i]) == order.end()) order.push_back(in[i]);
    }
    waterfall<<<1, 32>>>(in, out, out + 32);
    finish();
    for (int i = 0; i < 32; i++) {
        expect(out[i], int(std::find(order.begin(), order.end(), in[i]) - order.begin()), "round", i);
        expect(out[32 + i], int(std::count(in.data, in.data + 32, in[i])), "served", i);
    }

    int want[32] = {};
    for (int i = 0; i < 32; i++) in[i] = draw(9);
    for (int k = 0; k < 9; k++) {
        int left = 0, first = -1;
        for (int i = 31; i >= 0; i--)
            if (k < in[i]) left++, first = i;
        for (int i = 0; i < 32; i++)
            if (k < in[i]) want[i] += left + first;
    }
    shrinking<<<1, 32>>>(in, out);
    finish();
    for (int i = 0; i < 32; i++) expect(out[i], want[i], "shrinking", i);

    std::vector<int> data(96);
    for (int i = 0; i < 96; i++) data[i] = in[i] = draw(1000);
    sort_warps<<<1, 96>>>(in);
    finish();
    for (int w = 0; w < 96; w += 32) std::sort(&data[w], &data[w] + 32);
    for (int i = 0; i < 96; i++) expect(in[i], data[i], "sorted", i);

    calls<<<1, 32>>>(out);
    branches<<<1, 32>>>(out + 32);
    finish();
    for (int i = 0; i < 32; i++) {
        expect(out[i], 496 + 8 * (5 + 3) + 992, "calls", i);
        int v = (i < 16 ? 3 : 19) + (i % 2 ? 200 : i % 4 == 0 ? 5000 : 0) + 10000;
        expect(out[32 + i], v, "branches", i);
    }
    return result();
}
