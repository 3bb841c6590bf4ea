// Matrix products as libraries write them: tiles copied ahead by cp.async, fragments by ldmatrix, mma.sync; halves and bytes.
#include <cuda_fp16.h>

#include "testing.h"

const int N = 128, TILE = 64, DEPTH = 32, PAD = 8;

__device__ unsigned shared_address(const void *p) { return (unsigned)__cvta_generic_to_shared(p); }
__device__ void copy16(void *to, const void *from) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(to)), "l"(from));
}
__device__ void fragment_a(unsigned *r, const void *p) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(p)));
}
__device__ void fragment_b(unsigned *r, const void *p) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];"
                 : "=r"(r[0]), "=r"(r[1])
                 : "r"(shared_address(p)));
}

// A warp a quarter of the tile.
__global__ void product(const half *a, const half *b, float *c, int n) {
    __shared__ __align__(16) half as[2][TILE][DEPTH + PAD], bs[2][DEPTH][TILE + PAD];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, top = warp / 2 * 32, left = warp % 2 * 32;
    a += blockIdx.y * TILE * n;
    b += blockIdx.x * TILE;
    float sums[2][4][4] = {};
    auto fetch = [&](int stage, int k) {
        for (int i = threadIdx.x; i < TILE * DEPTH / 8; i += blockDim.x)
            copy16(&as[stage][i / 4][i % 4 * 8], a + i / 4 * n + k + i % 4 * 8);
        for (int i = threadIdx.x; i < TILE * DEPTH / 8; i += blockDim.x)
            copy16(&bs[stage][i / 8][i % 8 * 8], b + (k + i / 8) * n + i % 8 * 8);
        asm volatile("cp.async.commit_group;");
    };
    fetch(0, 0);
    for (int k = 0, stage = 0; k < n; k += DEPTH, stage ^= 1) {
        if (k + DEPTH < n) {
            fetch(stage ^ 1, k + DEPTH);
            asm volatile("cp.async.wait_group 1;");
        } else {
            asm volatile("cp.async.wait_group 0;");
        }
        __syncthreads();
        for (int step = 0; step < DEPTH; step += 16) {
            unsigned rows[2][4], columns[4][2];
            for (int i = 0; i < 2; i++)
                fragment_a(rows[i], &as[stage][top + i * 16 + lane % 16][step + lane / 16 * 8]);
            for (int j = 0; j < 4; j++) fragment_b(columns[j], &bs[stage][step + lane % 16][left + j * 8]);
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 4; j++)
                    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
                                 "{%8,%9}, {%0,%1,%2,%3};"
                                 : "+f"(sums[i][j][0]), "+f"(sums[i][j][1]), "+f"(sums[i][j][2]), "+f"(sums[i][j][3])
                                 : "r"(rows[i][0]), "r"(rows[i][1]), "r"(rows[i][2]), "r"(rows[i][3]),
                                   "r"(columns[j][0]), "r"(columns[j][1]));
        }
        __syncthreads();
    }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++)
            for (int e = 0; e < 4; e++)
                c[(blockIdx.y * TILE + top + i * 16 + lane / 4 + e / 2 * 8) * n + blockIdx.x * TILE + left + j * 8 +
                  lane % 4 * 2 + e % 2] = sums[i][j][e];
}

// A warp 16 x 8 numbers of C. A by rows and B by columns, `Signed` or not.
template <bool Signed> __global__ void product_of_bytes(const unsigned *a, const unsigned *b, int *c, int n) {
    int lane = threadIdx.x, g = lane / 4, t = lane % 4, row = blockIdx.y * 16 + g, column = blockIdx.x * 8 + g;
    int sums[4] = {1, 2, 3, 4};
    for (int k = 0; k < n / 4; k += 8) {
        unsigned r[4], s[2];
        for (int i = 0; i < 4; i++) r[i] = a[(row + i % 2 * 8) * n / 4 + k + t + i / 2 * 4];
        for (int i = 0; i < 2; i++) s[i] = b[column * n / 4 + k + t + i * 4];
        if (Signed)
            asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                         : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                         : "r"(r[0]), "r"(r[1]), "r"(r[2]), "r"(r[3]), "r"(s[0]), "r"(s[1]));
        else
            asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                         : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                         : "r"(r[0]), "r"(r[1]), "r"(r[2]), "r"(r[3]), "r"(s[0]), "r"(s[1]));
    }
    for (int e = 0; e < 4; e++) c[(row + e / 2 * 8) * n + blockIdx.x * 8 + t * 2 + e % 2] = sums[e];
}

template <bool Signed> void check_bytes() {
    Managed<unsigned> a(N * N / 4), b(N * N / 4);
    Managed<int> c(N * N);
    for (int i = 0; i < N * N / 4; i++) a[i] = i * 2654435761u + 12345, b[i] = i * 40503u * 977 + (i << 21);
    product_of_bytes<Signed><<<dim3(N / 8, N / 16), 32>>>(a, b, c, N);
    finish();
    auto at = [](unsigned *words, int i) {
        unsigned byte = words[i / 4] >> i % 4 * 8 & 255;
        return Signed ? (int)(signed char)byte : (int)byte;
    };
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int sum = i % 16 / 8 * 2 + j % 2 + 1;
            for (int k = 0; k < N; k++) sum += at(a, i * N + k) * at(b, j * N + k);
            expect(c[i * N + j], sum, Signed ? "s8" : "u8", i * N + j);
        }
}

int main() {
    Managed<half> a(N * N), b(N * N);
    Managed<float> c(N * N);
    // Sums of products of small integers are exact.
    for (int i = 0; i < N * N; i++) a[i] = __float2half(i * 7 % 23 - 11), b[i] = __float2half(i * 5 % 19 - 9);
    product<<<dim3(N / TILE, N / TILE), 128>>>(a, b, c, N);
    finish();
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0;
            for (int k = 0; k < N; k++) sum += float((i * N + k) * 7 % 23 - 11) * float((k * N + j) * 5 % 19 - 9);
            expect(c[i * N + j], sum, "f16", i * N + j);
        }
    check_bytes<true>();
    check_bytes<false>();
    return result();
}
