// Shared memory of which every access is known thread by thread, against the same code over global memory: stores that are
// read in another order, on some paths only, in loops, in part.
#include "testing.h"

constexpr int N = 256;

// Blelloch's scan of pairs; the last ones may be missing.
template <typename T> __device__ void tree(T *s, const T *in, T *out, int n) {
    int t = threadIdx.x, step = 1;
    s[2 * t] = 2 * t < n ? in[2 * t] : 0;
    s[2 * t + 1] = 2 * t + 1 < n ? in[2 * t + 1] : 0;
    for (int d = N; d > 0; d /= 2, step *= 2) {
        __syncthreads();
        if (t < d) s[step * (2 * t + 2) - 1] += s[step * (2 * t + 1) - 1];
    }
    if (t == 0) s[2 * N - 1] = 0;
    for (int d = 1; d <= N; d *= 2) {
        step /= 2;
        __syncthreads();
        if (t < d) {
            T old = s[step * (2 * t + 1) - 1];
            s[step * (2 * t + 1) - 1] = s[step * (2 * t + 2) - 1];
            s[step * (2 * t + 2) - 1] += old;
        }
    }
    __syncthreads();
    if (2 * t < n) out[2 * t] = s[2 * t];
    if (2 * t + 1 < n) out[2 * t + 1] = s[2 * t + 1];
}

// Rounds that are counted at run time: what a round stores, the next one reads.
template <typename T> __device__ void rounds(T *s, const T *in, T *out, int n) {
    int t = threadIdx.x;
    s[t] = in[t];
    s[t + N] = in[t + N];
    __syncthreads();
    for (int k = 0; k < n % 7; k++) {
        T left = s[(t + 1) % N], right = s[N + (t ^ 5)];
        __syncthreads();
        s[t] = left + right;
        if (t < 96) s[N + t] = left - right;
        __syncthreads();
    }
    out[t] = s[N - 1 - t];
    out[t + N] = s[2 * N - 1 - t];
}

// Branches on data, on parameters and on thread numbers, one inside the other.
template <typename T> __device__ void branches(T *s, const T *in, T *out, int n) {
    int t = threadIdx.x;
    T mine = in[t];
    s[t] = mine;
    s[t + N] = 1;
    if (mine > 50) s[t] = mine + mine;
    if (n & 1) {
        __syncthreads();
        T other = s[t ^ 1];
        __syncthreads();
        s[t + N] = other;
    } else if (t >= 40) {
        s[t + N] = mine + 3;
        if (in[t + N] > 30) s[t] = 7;
    }
    __syncthreads();
    if (t < 100) {
        T a = s[t + 100];
        if (n & 2) s[t] += a;
        if (t & 1) s[t + 100 + N] = a;
    }
    __syncthreads();
    for (int k = 0; k < int(mine) % 4; k++) s[t] += s[t + N] + k;
    __syncthreads();
    out[t] = s[(t * 3) % N];
    out[t + N] = s[N + (t + 17) % N];
}

// Columns in, rows out, several times over.
template <typename T> __device__ void columns(T *s, const T *in, T *out, int n) {
    int t = threadIdx.x, x = t % 16, y = t / 16;
    for (int half = 0; half < 2; half++) s[half * N + x * 16 + y] = in[half * N + t];
    __syncthreads();
    T sum = 0;
    for (int k = 0; k < 4; k++) {
        sum += s[t] * s[(t + 16 * k) % N] + s[N + (t + k) % N];
        __syncthreads();
        if (y == k) s[x * 16 + k] = sum;
        if (x == 2 * k) s[N + t] += n;
        __syncthreads();
    }
    out[t] = sum;
    out[t + N] = s[t] - s[N + (t * 7) % N];
}

enum Which { Tree, Rounds, Branches, Columns };

template <int W, bool Shared, typename T> __global__ void run(const T *in, T *out, T *scratch, int n) {
    __shared__ T tile[2 * N];
    T *s = Shared ? tile : scratch + blockIdx.x * 2 * N;
    in += blockIdx.x * 2 * N;
    out += blockIdx.x * 2 * N;
    n -= blockIdx.x;
    if (W == Tree) tree(s, in, out, n);
    if (W == Rounds) rounds(s, in, out, n);
    if (W == Branches) branches(s, in, out, n);
    if (W == Columns) columns(s, in, out, n);
}

template <int W, typename T> void check(const char *what) {
    constexpr int blocks = 5, count = blocks * 2 * N;
    Managed<T> in(count), out(count), want(count), scratch(count);
    for (int n : {2 * N + 9, 2 * N + 4, 2 * N, 401, 34, 3}) {
        for (int i = 0; i < count; i++) in[i] = T((unsigned(i) * 2654435761u >> 20) % 97), out[i] = want[i] = -1;
        run<W, true><<<blocks, N>>>(in.data, out.data, scratch.data, n);
        run<W, false><<<blocks, N>>>(in.data, want.data, scratch.data, n);
        finish();
        for (int i = 0; i < count; i++) expect(out[i], want[i], what, i);
    }
}

int main() {
    check<Tree, int>("tree of int");
    check<Tree, double>("tree of double");
    check<Rounds, int>("rounds of int");
    check<Rounds, float>("rounds of float");
    check<Branches, int>("branches of int");
    check<Branches, double>("branches of double");
    check<Columns, int>("columns of int");
    check<Columns, float>("columns of float");
    return result();
}
