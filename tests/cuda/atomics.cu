// cc: -arch=sm_80
// Atomics of every operation and type, in global and shared memory: final values, and old values that must be a
// permutation of the states in between.
#include <algorithm>
#include <vector>

#include "testing.h"

using u64 = unsigned long long;
constexpr int THREADS = 300, BLOCKS = 7, N = THREADS * BLOCKS;

template <typename T> __global__ void add_all(T *global, T *old) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    old[i] = atomicAdd(global, T(1));
}

template <typename T> __global__ void add_shared(T *sums) {
    __shared__ T sum;
    if (threadIdx.x == 0) sum = T(0);
    __syncthreads();
    atomicAdd(&sum, T(threadIdx.x));
    __syncthreads();
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

template <typename T> static void check_add(const char *name) {
    Managed<T> global(1), old(N), sums(BLOCKS);
    add_all<T><<<BLOCKS, THREADS>>>(global, old);
    add_shared<T><<<BLOCKS, THREADS>>>(sums);
    finish();
    expect(global[0], T(N), name);
    std::sort(old.data, old.data + N);
    for (int i = 0; i < N; i++) expect(old[i], T(i), name, i);
    for (int b = 0; b < BLOCKS; b++) expect(sums[b], T(THREADS * (THREADS - 1) / 2), name, -1 - b);
}

template <typename T> struct Results {
    T min, max, and_, or_, xor_, exch, sum_of_exchanged, cas[64];
};

template <typename T> __global__ void others(Results<T> *r) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    T v = T(u64(i) * 2654435761u - 1 - N);
    atomicMin(&r->min, v);
    atomicMax(&r->max, v);
    atomicAnd(&r->and_, v | T(0x10));
    atomicOr(&r->or_, v & ~T(0x20));
    atomicXor(&r->xor_, v);
    T before = atomicExch(&r->exch, T(i + 1));
    atomicAdd(&r->sum_of_exchanged, before);
    // Few threads retry at a time: with all of them on one word, the retries are the square of their number.
    T *counter = &r->cas[i % 64], seen = *counter, assumed;
    do {
        assumed = seen;
        seen = atomicCAS(counter, assumed, assumed * T(3) + T(1) - assumed * T(2)); // + 1 the long way
    } while (seen != assumed);
}

template <> __global__ void others<long long>(Results<long long> *r) {
    // Only min and max have signed 64-bit forms.
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    long long v = (long long)i * 2654435761ll - 1000000000000ll;
    atomicMin(&r->min, v);
    atomicMax(&r->max, v);
}

template <typename T> static void check_others(const char *name) {
    Results<T> want = {T(5), T(5), T(~T(0))}, got, *device;
    // Memory of the device: atomics on managed pages that the host has touched may cross the bus, one by one.
    CHECK(cudaMalloc(&device, sizeof got));
    CHECK(cudaMemcpy(device, &want, sizeof want, cudaMemcpyHostToDevice));
    others<T><<<BLOCKS, THREADS>>>(device);
    finish();
    CHECK(cudaMemcpy(&got, device, sizeof got, cudaMemcpyDeviceToHost));
    CHECK(cudaFree(device));
    T total = 0;
    for (int i = 0; i < N; i++) {
        T v = T(u64(i) * 2654435761u - 1 - N);
        want.min = std::min(want.min, v), want.max = std::max(want.max, v);
        want.and_ &= v | T(0x10), want.or_ |= v & ~T(0x20), want.xor_ ^= v;
        total += T(i + 1);
    }
    expect(got.min, want.min, name, 1);
    expect(got.max, want.max, name, 2);
    expect(got.and_, want.and_, name, 3);
    expect(got.or_, want.or_, name, 4);
    expect(got.xor_, want.xor_, name, 5);
    expect(T(got.sum_of_exchanged + got.exch), total, name, 6); // every value was handed on once
    for (int k = 0; k < 64; k++) expect(got.cas[k], T((N - k + 63) / 64), name, 7 + k);
}

__global__ void wrap_around(unsigned *inc, unsigned *dec, unsigned limit) {
    atomicInc(inc, limit);
    atomicDec(dec, limit);
}

// A float maximum by compare-and-swap on its bits, as programs write it.
__global__ void float_max(float *largest, const float *values) {
    float v = values[blockIdx.x * blockDim.x + threadIdx.x];
    int *address = reinterpret_cast<int *>(largest);
    int old = *address, assumed;
    do {
        assumed = old;
        if (__int_as_float(assumed) >= v) break;
        old = atomicCAS(address, assumed, __float_as_int(v));
    } while (assumed != old);
}

__global__ void scoped(int *counter) {
    atomicAdd_block(counter, 1);
    atomicAdd_system(counter + 1, 2);
    atomicMax_system(counter + 2, int(threadIdx.x));
}

int main() {
    check_add<int>("add int");
    check_add<unsigned>("add unsigned");
    check_add<unsigned long long>("add unsigned long long");
    check_add<float>("add float");
    check_add<double>("add double");
    check_others<int>("int");
    check_others<unsigned>("unsigned");
    check_others<unsigned long long>("unsigned long long");

    Managed<Results<long long>> wide(1);
    others<long long><<<BLOCKS, THREADS>>>(wide);
    finish();
    expect(wide[0].min, -1000000000000ll, "min long long");
    expect(wide[0].max, std::max(0ll, (N - 1) * 2654435761ll - 1000000000000ll), "max long long");

    Managed<unsigned> inc(1), dec(1);
    wrap_around<<<BLOCKS, THREADS>>>(inc, dec, 10);
    finish();
    expect(inc[0], unsigned(N % 11), "inc");
    expect(dec[0], unsigned((11 - N % 11) % 11), "dec");

    Managed<float> largest(1), values(N);
    for (int i = 0; i < N; i++) values[i] = float((i * 7919) % 10007) / 3.0f;
    float_max<<<BLOCKS, THREADS>>>(largest, values);
    finish();
    expect(largest[0], *std::max_element(values.data, values.data + N), "float max");

    Managed<int> counters(3);
    scoped<<<1, THREADS>>>(counters);
    finish();
    expect(counters[0], THREADS, "block scope");
    expect(counters[1], 2 * THREADS, "system scope");
    expect(counters[2], THREADS - 1, "system max");
    return result();
}
