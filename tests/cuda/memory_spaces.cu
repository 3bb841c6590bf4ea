// Memory: local arrays with computed indices, generic pointers into every space, constants, unions, vectors, unaligned
// structures, static and dynamic shared memory together.
#include "testing.h"

struct Odd {
    char a;
    short b;
    double c;
    char d[5];
    float4 e;
};
__constant__ Odd constant_odd = {1, 2, 3.5, {4, 5, 6, 7, 8}, {9, 10, 11, 12}};
__constant__ int constant_table[64];
__device__ int device_table[64] = {100, 101, 102};
__device__ const char *const names[] = {"zero", "one", "two", "three"};

__device__ int sum_through(const int *p, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) sum += p[i];
    return sum;
}

// One pointer, four spaces, chosen by the thread.
__global__ void generic(int *out, const int *global) {
    __shared__ int shared[64];
    int local[64];
    int t = threadIdx.x;
    shared[t] = t * 2;
    for (int i = 0; i < 64; i++) local[(i * 5) % 64] = i + t;
    __syncthreads();
    const int *p;
    switch (t % 5) {
    case 0: p = shared; break;
    case 1: p = local; break;
    case 2: p = constant_table; break;
    case 3: p = device_table; break;
    default: p = global; break;
    }
    out[t] = sum_through(p, 64);
}

// A stack in local memory, as an iterative quicksort keeps it.
__global__ void local_stack(int *out) {
    int data[32], stack[64], top = 0;
    unsigned s = threadIdx.x * 747796405u + 1;
    for (int i = 0; i < 32; i++) s = s * 1664525u + 1013904223u, data[i] = s >> 20;
    stack[top++] = 0;
    stack[top++] = 31;
    while (top > 0) {
        int high = stack[--top], low = stack[--top];
        if (low >= high) continue;
        int pivot = data[high], at = low;
        for (int i = low; i < high; i++) {
            if (data[i] < pivot) {
                int v = data[i];
                data[i] = data[at];
                data[at++] = v;
            }
        }
        data[high] = data[at];
        data[at] = pivot;
        stack[top++] = low;
        stack[top++] = at - 1;
        stack[top++] = at + 1;
        stack[top++] = high;
    }
    int bad = 0;
    for (int i = 1; i < 32; i++) bad += data[i - 1] > data[i];
    out[threadIdx.x] = bad;
}

template <typename V> __global__ void copy_vectors(V *out, const V *in, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[n - 1 - i] = in[i];
}

template <typename V> static void check_vectors(const char *name) {
    const int n = 100;
    Managed<V> in(n), out(n);
    unsigned char *bytes = reinterpret_cast<unsigned char *>(in.data);
    for (size_t i = 0; i < n * sizeof(V); i++) bytes[i] = (unsigned char)(i * 37 + 11);
    copy_vectors<V><<<2, 64>>>(out, in, n);
    finish();
    for (int i = 0; i < n; i++) expect(memcmp(&out[n - 1 - i], &in[i], sizeof(V)), 0, name, i);
}

__global__ void structures(Odd *out, const Odd *in) {
    extern __shared__ unsigned char raw[];
    __shared__ Odd fixed[8];
    int t = threadIdx.x;
    Odd *dynamic = reinterpret_cast<Odd *>(raw);
    fixed[t] = in[t];
    fixed[t].d[t % 5] += 1;
    __syncthreads();
    dynamic[t] = fixed[(t + 1) % 8];
    dynamic[t].c += constant_odd.c;
    dynamic[t].e.z = constant_odd.e.w;
    __syncthreads();
    out[t] = dynamic[(t + 1) % 8];
}

union Bits {
    double d;
    unsigned long long u;
    unsigned w[2];
    unsigned char b[8];
};
__global__ void unions(unsigned *out, double v) {
    Bits bits;
    bits.d = v;
    bits.b[threadIdx.x] ^= 0xff;
    out[2 * threadIdx.x] = bits.w[0];
    out[2 * threadIdx.x + 1] = bits.w[1];
}

__global__ void strings(char *out) {
    const char *name = names[threadIdx.x];
    int i = 0;
    while ((out[threadIdx.x * 8 + i] = name[i])) i++;
}

int main() {
    int table[64];
    for (int i = 0; i < 64; i++) table[i] = i * i;
    CHECK(cudaMemcpyToSymbol(constant_table, table, sizeof table));
    CHECK(cudaMemcpyToSymbol(device_table, table, sizeof(int), 3 * sizeof(int)));
    Managed<int> out(64), global(64);
    for (int i = 0; i < 64; i++) global[i] = -i;
    generic<<<1, 64>>>(out, global);
    finish();
    for (int t = 0; t < 64; t++) {
        int want[] = {64 * 63, 64 * 63 / 2 + 64 * t, 63 * 64 * 127 / 6, 303, -64 * 63 / 2};
        expect(out[t], want[t % 5], "generic", t);
    }
    local_stack<<<1, 64>>>(out);
    finish();
    for (int t = 0; t < 64; t++) expect(out[t], 0, "local stack", t);

    check_vectors<char2>("char2");
    check_vectors<uchar3>("uchar3");
    check_vectors<char4>("char4");
    check_vectors<short3>("short3");
    check_vectors<ushort4>("ushort4");
    check_vectors<int2>("int2");
    check_vectors<int3>("int3");
    check_vectors<uint4>("uint4");
    check_vectors<float2>("float2");
    check_vectors<float3>("float3");
    check_vectors<float4>("float4");
    check_vectors<longlong2>("longlong2");
    check_vectors<double2>("double2");
    check_vectors<double3>("double3");
    check_vectors<double4>("double4");

    Managed<Odd> odd_in(8), odd_out(8);
    for (int i = 0; i < 8; i++) {
        odd_in[i] = {char(i), short(i * 300), i * 0.5, {0, 1, 2, 3, 4}, {1.0f * i, 2, 3, 4}};
    }
    structures<<<1, 8, 8 * sizeof(Odd)>>>(odd_out, odd_in);
    finish();
    for (int t = 0; t < 8; t++) {
        int from = (t + 2) % 8;
        Odd want = odd_in[from];
        want.d[from % 5] += 1;
        expect(odd_out[t].b, want.b, "structure b", t);
        expect(odd_out[t].c, want.c + 3.5, "structure c", t);
        expect(odd_out[t].e.z, 12.0f, "structure e.z", t);
        expect(odd_out[t].e.x, want.e.x, "structure e.x", t);
        expect(memcmp(odd_out[t].d, want.d, 5), 0, "structure d", t);
    }
    Managed<unsigned> words(16);
    unions<<<1, 8>>>(words, 1.2345);
    finish();
    for (int t = 0; t < 8; t++) {
        Bits bits;
        bits.d = 1.2345;
        bits.b[t] ^= 0xff;
        expect(words[2 * t], bits.w[0], "union low", t);
        expect(words[2 * t + 1], bits.w[1], "union high", t);
    }
    Managed<char> text(32);
    strings<<<1, 4>>>(text);
    finish();
    const char *want[] = {"zero", "one", "two", "three"};
    for (int t = 0; t < 4; t++) expect(strcmp(text.data + 8 * t, want[t]), 0, "string", t);
    return result();
}
