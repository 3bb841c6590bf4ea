// Lanes that are done with an iteration early go on to the next: the others still have to see their own counters.
#include "testing.h"

__host__ __device__ unsigned run(const int *in, int t, int n) {
    unsigned sum = 0, seen = 0;
    for (int i = 0; i < n; i++) {
        int v = in[i];
        if ((v ^ t) & 1) continue;
        sum += v * i + t;
        if (v % 3 == t % 3) continue;
        seen = seen * 3 + in[(i + seen) & 15];
        for (int k = i; k < n; k++) {
            if (in[k] % 5 == t % 5) goto next;
            if (in[k] % 7 == t % 7) break;
            sum ^= in[k] + k;
        }
        sum += i;
    next:
        sum = sum * 5 + 1;
    }
    return sum + seen;
}

__global__ void skip(const int *in, unsigned *out, int n) { out[threadIdx.x] = run(in, threadIdx.x, n); }

int main() {
    const int n = 16, threads = 64;
    Managed<int> in(n);
    Managed<unsigned> out(threads);
    for (int i = 0; i < n; i++) in.data[i] = i * 37 % 101;
    skip<<<1, threads>>>(in.data, out.data, n);
    CHECK(cudaDeviceSynchronize());
    for (int t = 0; t < threads; t++) expect(out.data[t], run(in.data, t, n), "skip", t);
    return result();
}
