// Neighbouring elements, each under a guard of its own, against the same with volatile accesses, which are done one by one:
// arrays that end between two of a thread's elements, reads of what was just written, one array as result and operand.
#include "testing.h"

constexpr int N = 1000, BLOCK = 64;

enum Which { Pairs, Swapped, Chained, Triples, Reversed, Windows, Between };

template <typename T> __device__ void pairs(T in, T out, int i, int n) {
    if (2 * i < n) out[2 * i] = in[2 * i] * 3;
    if (2 * i + 1 < n) out[2 * i + 1] = in[2 * i + 1] - 1;
}

template <typename T, typename Element> __device__ void swapped(T, T out, int i, int n) {
    Element x = 2 * i < n ? out[2 * i] : Element(5), y = 2 * i + 1 < n ? out[2 * i + 1] : Element(6);
    if (2 * i < n) out[2 * i] = y;
    if (2 * i + 1 < n) out[2 * i + 1] = x;
}

template <typename T> __device__ void chained(T in, T out, int i, int n) {
    if (2 * i < n) out[2 * i] = in[i] + 2;
    if (2 * i + 1 < n) out[2 * i + 1] = out[2 * i] + 1;
}

template <typename T> __device__ void triples(T in, T out, int i, int n) {
    if (3 * i < n) out[3 * i] = in[3 * i] + 1;
    if (3 * i + 1 < n) out[3 * i + 1] = in[3 * i + 1] + 2;
    if (3 * i + 2 < n) out[3 * i + 2] = in[3 * i + 2] + 3;
}

template <typename T> __device__ void reversed(T in, T out, int i, int n) {
    int m = n - 37;
    if (!(2 * i + 1 >= n)) out[2 * i + 1] = in[2 * i];
    if (2 * i <= m) out[2 * i] = in[2 * i + 1];
}

template <typename T, typename Element> __device__ void windows(T in, T out, int i, int n) {
    Element a = i < n ? in[i] : Element(0), b = i + 1 < n ? in[i + 1] : Element(0);
    out[i] = a * b;
}

template <typename T, typename Element> __device__ void between(T in, T out, int i, int n) {
    Element sum = 0;
    if (2 * i < n) sum += in[2 * i];
    Element middle = out[i] + sum;
    out[i] = middle;
    if (2 * i + 1 < n) sum += in[2 * i + 1];
    out[N / 2 + i] = sum + middle;
}

template <int W, typename T, typename Element> __device__ void one(T in, T out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= N / 2 - 12) return;
    if (W == Pairs) pairs(in, out, i, n);
    if (W == Swapped) swapped<T, Element>(in, out, i, n);
    if (W == Chained) chained(in, out, i, n);
    if (W == Triples) triples(in, out, i, n);
    if (W == Reversed) reversed(in, out, i, n);
    if (W == Windows) windows<T, Element>(in, out, i, n);
    if (W == Between) between<T, Element>(in, out, i, n);
}

template <int W, typename T> __global__ void joined(const T *in, T *out, int n) { one<W, T *, T>((T *)in, out, n); }
template <int W, typename T> __global__ void apart(const T *in, T *out, int n) {
    one<W, volatile T *, T>((volatile T *)in, out, n);
}

template <int W, typename T> void check(const char *what) {
    Managed<T> in(N + 8), out(N + 8), want(N + 8);
    // Vectors that begin anywhere, and arrays that end anywhere.
    for (int shift = 0; shift < 3; shift++) {
        for (int n : {N, N - 100, 517, 256, 129, 128, 40, 33, 2, 1, 0, -3}) {
            for (int i = 0; i < N + 8; i++) in[i] = T(unsigned(i) * 2654435761u >> 22), out[i] = want[i] = T(i % 13);
            joined<W><<<(N / 2 + BLOCK - 1) / BLOCK, BLOCK>>>(in.data + shift, out.data + shift, n);
            apart<W><<<(N / 2 + BLOCK - 1) / BLOCK, BLOCK>>>(in.data + shift, want.data + shift, n);
            finish();
            for (int i = 0; i < N + 8; i++) expect(out[i], want[i], what, i);
        }
    }
}

template <typename T> void check_all(const char *what) {
    check<Pairs, T>(what);
    check<Swapped, T>(what);
    check<Chained, T>(what);
    check<Triples, T>(what);
    check<Reversed, T>(what);
    check<Windows, T>(what);
    check<Between, T>(what);
}

int main() {
    check_all<int>("int");
    check_all<float>("float");
    check_all<double>("double");
    check_all<short>("short");
    return result();
}
