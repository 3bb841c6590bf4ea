// Every shuffle of every type and width, with sources outside the width and negative ones.
#include "values.h"
#include <cuda_fp16.h>
#include <cuda_bf16.h>
template <class T> __device__ u64 bits(T v) {
    u64 x = 0;
    memcpy(&x, &v, sizeof v);
    return x;
}
template <class T> __global__ void k(u64 *o, int w) {
    int t = threadIdx.x;
    T v = T(float(t * 3 + 1));
    int n = 0;
    auto put = [&](T x) { o[n++ * 32 + t] = bits(x); };
    for (int a : {0, 1, 3, 7, 15, 16, 31, 32, 33, -1, -5}) {
        put(__shfl_sync(~0u, v, a, w));
        put(__shfl_xor_sync(~0u, v, a, w));
        if (a >= 0) {
            put(__shfl_up_sync(~0u, v, a, w));
            put(__shfl_down_sync(~0u, v, a, w));
        }
    }
    put(__shfl_sync(~0u, v, t * 7, w));
    put(__shfl_up_sync(~0u, v, t % 5, w));
    put(__shfl_down_sync(~0u, v, t % 6, w));
    put(__shfl_xor_sync(~0u, v, t % 4, w));
}
template <class T> void run(const char *n) {
    for (int w : {1, 2, 4, 8, 16, 32}) {
        Buf<u64> o(48 * 32);
        k<T><<<1, 32>>>(o, w);
        char b[64];
        sprintf(b, "%s w%d", n, w);
        o.show(b, 40);
    }
}
int main() {
    run<int>("int");
    run<unsigned>("unsigned");
    run<long>("long");
    run<unsigned long>("ulong");
    run<long long>("ll");
    run<unsigned long long>("ull");
    run<float>("float");
    run<double>("double");
    run<__half>("half");
    run<__nv_bfloat16>("bf16");
}
