// Parallel algorithms as textbooks write them: two scans, a reduction that ends in one warp without barriers, bitonic and
// radix sort, odd-even transposition, merge path; in blocks of odd sizes too.
#include <algorithm>
#include <numeric>
#include <vector>

#include "testing.h"

// Hillis and Steele, with two buffers.
__global__ void scan_doubling(const int *in, int *out, int n) {
    extern __shared__ int buffer[];
    int i = threadIdx.x, to = 0, from = 1;
    buffer[i] = i > 0 ? in[i - 1] : 0;
    __syncthreads();
    for (int step = 1; step < n; step *= 2) {
        to = 1 - to;
        from = 1 - to;
        buffer[to * n + i] = buffer[from * n + i] + (i >= step ? buffer[from * n + i - step] : 0);
        __syncthreads();
    }
    out[i] = buffer[to * n + i];
}

// Blelloch, padded against bank conflicts.
__device__ int padded(int i) { return i + (i >> 5); }

__global__ void scan_tree(const int *in, int *out, int n) {
    extern __shared__ int tree[];
    int i = threadIdx.x, step = 1;
    tree[padded(i)] = in[i];
    tree[padded(i + n / 2)] = in[i + n / 2];
    for (int d = n / 2; d > 0; d /= 2, step *= 2) {
        __syncthreads();
        if (i < d) tree[padded(step * (2 * i + 2) - 1)] += tree[padded(step * (2 * i + 1) - 1)];
    }
    if (i == 0) tree[padded(n - 1)] = 0;
    for (int d = 1; d < n; d *= 2) {
        step /= 2;
        __syncthreads();
        if (i < d) {
            int a = padded(step * (2 * i + 1) - 1), b = padded(step * (2 * i + 2) - 1), t = tree[a];
            tree[a] = tree[b];
            tree[b] += t;
        }
    }
    __syncthreads();
    out[i] = tree[padded(i)];
    out[i + n / 2] = tree[padded(i + n / 2)];
}

template <int Size> __global__ void reduce(const int *in, int n, int *out) {
    __shared__ int sums[Size];
    int t = threadIdx.x;
    sums[t] = 0;
    for (int i = blockIdx.x * Size * 2 + t; i < n; i += Size * 2 * gridDim.x) sums[t] += in[i] + (i + Size < n ? in[i + Size] : 0);
    __syncthreads();
    for (int d = Size / 2; d > 32; d /= 2) {
        if (t < d) sums[t] += sums[t + d];
        __syncthreads();
    }
    if (t < 32) {
        int v = sums[t] + (Size > 32 ? sums[t + 32] : 0);
        for (int d = 16; d; d /= 2) v += __shfl_down_sync(0xffffffffu, v, d);
        if (t == 0) atomicAdd(out, v);
    }
}

__global__ void bitonic_sort(int *data) {
    extern __shared__ int s[];
    int t = threadIdx.x, n = blockDim.x;
    s[t] = data[blockIdx.x * n + t];
    __syncthreads();
    for (int k = 2; k <= n; k *= 2)
        for (int j = k / 2; j; j /= 2) {
            int other = t ^ j;
            if (other > t && (s[t] > s[other]) == ((t & k) == 0)) {
                int v = s[t];
                s[t] = s[other];
                s[other] = v;
            }
            __syncthreads();
        }
    data[blockIdx.x * n + t] = s[t];
}

// A block of 256: each thread places the keys of one digit.
__global__ void radix_sort(unsigned *from, unsigned *to, int n) {
    __shared__ unsigned count[256], before[256];
    int t = threadIdx.x;
    for (int shift = 0; shift < 32; shift += 8) {
        count[t] = 0;
        __syncthreads();
        for (int i = t; i < n; i += 256) atomicAdd(&count[from[i] >> shift & 255], 1u);
        __syncthreads();
        before[t] = count[t];
        __syncthreads();
        for (int d = 1; d < 256; d *= 2) {
            unsigned v = t >= d ? before[t - d] : 0;
            __syncthreads();
            before[t] += v;
            __syncthreads();
        }
        unsigned place = before[t] - count[t];
        for (int i = 0; i < n; i++)
            if ((from[i] >> shift & 255) == t) to[place++] = from[i];
        __syncthreads();
        unsigned *other = from;
        from = to;
        to = other;
    }
}

__global__ void odd_even_sort(int *data, int n) {
    for (int round = 0; round < n; round++) {
        for (int i = 2 * threadIdx.x + (round & 1); i + 1 < n; i += 2 * blockDim.x)
            if (data[i] > data[i + 1]) {
                int v = data[i];
                data[i] = data[i + 1];
                data[i + 1] = v;
            }
        __syncthreads();
    }
}

__global__ void merge(const int *a, int na, const int *b, int nb, int *out) {
    const int each = 7;
    int first = (blockIdx.x * blockDim.x + threadIdx.x) * each;
    if (first >= na + nb) return;
    int low = max(0, first - nb), high = min(first, na);
    while (low < high) {
        int middle = (low + high) / 2;
        if (a[middle] <= b[first - 1 - middle])
            low = middle + 1;
        else
            high = middle;
    }
    int i = low, j = first - low;
    for (int k = first; k < min(first + each, na + nb); k++) out[k] = j >= nb || (i < na && a[i] <= b[j]) ? a[i++] : b[j++];
}

static unsigned seed = 1;

static int draw(int n) {
    seed = seed * 1664525u + 1013904223u;
    return int((seed >> 8) % n);
}

template <typename T> void expect_all(const T *got, const std::vector<T> &want, const char *what) {
    for (size_t i = 0; i < want.size(); i++) expect(got[i], want[i], what, i);
}

int main() {
    Managed<int> in(4096), out(4096);
    for (int n : {32, 128, 1024}) {
        for (int i = 0; i < n; i++) in[i] = draw(100);
        std::vector<int> want(n);
        std::exclusive_scan(in.data, in.data + n, want.begin(), 0);
        scan_doubling<<<1, n, 2 * n * sizeof(int)>>>(in, out, n);
        finish();
        expect_all(out.data, want, "scan by doubling");
        scan_tree<<<1, n / 2, (n + n / 32) * sizeof(int)>>>(in, out, n);
        finish();
        expect_all(out.data, want, "scan by a tree");
    }
    for (int n : {1, 1000, 4096}) {
        for (int i = 0; i < n; i++) in[i] = draw(100);
        out[0] = out[1] = 0;
        reduce<256><<<3, 256>>>(in, n, out);
        reduce<32><<<5, 32>>>(in, n, out + 1);
        finish();
        int want = std::accumulate(in.data, in.data + n, 0);
        expect(out[0], want, "sum, blocks of 256", n);
        expect(out[1], want, "sum, blocks of 32", n);
    }

    std::vector<int> sorted(3 * 512);
    for (int i = 0; i < 3 * 512; i++) in[i] = sorted[i] = draw(1000);
    bitonic_sort<<<3, 512, 512 * sizeof(int)>>>(in);
    finish();
    for (int b = 0; b < 3; b++) std::sort(&sorted[b * 512], &sorted[b * 512] + 512);
    expect_all(in.data, sorted, "bitonic");

    sorted.resize(301);
    for (int &v : sorted) v = draw(1000);
    std::copy(sorted.begin(), sorted.end(), in.data);
    odd_even_sort<<<1, 97>>>(in, 301);
    finish();
    std::sort(sorted.begin(), sorted.end());
    expect_all(in.data, sorted, "odd-even");

    Managed<unsigned> keys(2000), spare(2000);
    std::vector<unsigned> sorted_keys(2000);
    for (int i = 0; i < 2000; i++) keys[i] = sorted_keys[i] = unsigned(draw(1 << 16)) << 16 | draw(1 << 16);
    radix_sort<<<1, 256>>>(keys, spare, 2000);
    finish();
    std::sort(sorted_keys.begin(), sorted_keys.end());
    expect_all(keys.data, sorted_keys, "radix");

    std::vector<int> a(777), b(1234), merged(2011);
    for (int &v : a) v = draw(500);
    for (int &v : b) v = draw(500);
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), merged.begin());
    std::copy(a.begin(), a.end(), in.data);
    std::copy(b.begin(), b.end(), in.data + 777);
    merge<<<5, 64>>>(in, 777, in + 777, 1234, out);
    finish();
    expect_all(out.data, merged, "merge path");
    return result();
}
