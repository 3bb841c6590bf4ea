// Sums of matrix products that live through loops, are looked at on the way, and leave loops in several ways; fragments from
// memory by rows and by columns, of one turn or loaded ahead.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "testing.h"

const int DEPTH = 64, ROWS = 32;

enum Form {
    PLAIN,
    A_BY_COLUMNS,
    B_BY_COLUMNS,
    // Each turn doubles the sums.
    DOUBLED,
    // The loop may end in its middle.
    TWO_ENDS,
    // The next turn's A is loaded before this one's products.
    AHEAD,
    // Every other warp multiplies, the others count.
    SOME_WARPS,
    // Several tiles, one after the other.
    TWICE,
};

__device__ unsigned shared_address(const void *p) { return (unsigned)__cvta_generic_to_shared(p); }
template <bool By> __device__ void load(unsigned *r, const void *p) {
    if (By)
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                     : "r"(shared_address(p)));
    else
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                     : "r"(shared_address(p)));
}

__device__ void multiply(float *c, const unsigned *a, const unsigned *b, half) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
__device__ void multiply(float *c, const unsigned *a, const unsigned *b, __nv_bfloat16) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
__device__ void multiply(unsigned *c, const unsigned *a, const unsigned *b, half) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%0,%1}, {%2,%3,%4,%5}, {%6,%7}, {%0,%1};"
                 : "+r"(c[0]), "+r"(c[1])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
__device__ float number(const float *c, int e) { return c[e]; }
__device__ float number(const unsigned *c, int e) { return __half2float(((const half *)c)[e]); }

// A warp 32 x 8 * TILES numbers; blocks of two warps, each with its own half of A's rows.
template <typename T, typename Sum, int REGISTERS, int TILES, Form FORM>
__global__ void product(const T *a, const T *b, float *c, int *count, int end) {
    const int COLUMNS = 8 * TILES, PAD = 8, WIDE = (COLUMNS + 15) / 16 * 16;
    __shared__ __align__(16) T as[2 * ROWS][DEPTH + PAD], at[DEPTH][2 * ROWS + PAD], bs[DEPTH][WIDE + PAD], bt[WIDE][DEPTH + PAD];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, top = warp * ROWS;
    for (int i = threadIdx.x; i < 2 * ROWS * DEPTH; i += blockDim.x)
        as[i / DEPTH][i % DEPTH] = at[i % DEPTH][i / DEPTH] = a[i];
    for (int i = threadIdx.x; i < DEPTH * WIDE; i += blockDim.x) {
        T one = i % WIDE < COLUMNS ? b[i / WIDE * COLUMNS + i % WIDE] : T(0.0f);
        bs[i / WIDE][i % WIDE] = bt[i % WIDE][i / WIDE] = one;
    }
    __syncthreads();
    if (FORM == SOME_WARPS && warp == 1) {
        for (int i = 0; i < lane; i++) atomicAdd(count, 1);
        return;
    }
    auto rows = [&](unsigned (*r)[4], int k) {
        for (int i = 0; i < 2; i++)
            if (FORM == A_BY_COLUMNS)
                load<true>(r[i], &at[k + lane % 8 + lane / 16 * 8][top + i * 16 + lane / 8 % 2 * 8]);
            else
                load<false>(r[i], &as[top + i * 16 + lane % 16][k + lane / 16 * 8]);
    };
    for (int time = 0; time < (FORM == TWICE ? 2 : 1); time++) {
        Sum sums[2][TILES][REGISTERS] = {};
        unsigned r[2][4], s[TILES + 1][2];
        if (FORM == AHEAD) rows(r, 0);
        for (int k = 0; k < DEPTH; k += 16) {
            if (FORM != AHEAD) rows(r, k);
            for (int j = 0; j < TILES; j += 2) {
                unsigned four[4];
                if (FORM == B_BY_COLUMNS)
                    load<false>(four, &bt[j * 8 + lane % 8 + lane / 16 * 8][k + lane / 8 % 2 * 8]);
                else
                    load<true>(four, &bs[k + lane % 16][j * 8 + lane / 16 * 8]);
                s[j][0] = four[0], s[j][1] = four[1], s[j + 1][0] = four[2], s[j + 1][1] = four[3];
            }
            unsigned next[2][4] = {};
            if (FORM == AHEAD && k + 16 < DEPTH) rows(next, k + 16);
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < TILES; j++) multiply(sums[i][j], r[i], s[j], T());
            if (FORM == AHEAD)
                for (int i = 0; i < 8; i++) r[i / 4][i % 4] = next[i / 4][i % 4];
            if (FORM == DOUBLED)
                for (int i = 0; i < 2 * TILES * REGISTERS; i++) sums[i / REGISTERS / TILES][i / REGISTERS % TILES][i % REGISTERS] *= 2;
            if (FORM == TWO_ENDS && k == end) break;
        }
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < TILES; j++)
                for (int e = 0; e < 4; e++)
                    c[(top + i * 16 + lane / 4 + e / 2 * 8) * COLUMNS + j * 8 + lane % 4 * 2 + e % 2] +=
                        number(sums[i][j], e);
    }
}

template <typename T, typename Sum, int TILES, Form FORM> void check(const char *what) {
    const int COLUMNS = 8 * TILES, REGISTERS = Sum(0.5f) != Sum(0) ? 4 : 2;
    Managed<T> a(2 * ROWS * DEPTH), b(DEPTH * COLUMNS);
    Managed<float> c(2 * ROWS * COLUMNS);
    Managed<int> count(1);
    auto left = [](int i) { return float(i * 7 % 23 % 5 - 2); };
    auto right = [](int i) { return float(i * 5 % 19 % 7 - 3); };
    for (int i = 0; i < 2 * ROWS * DEPTH; i++) a[i] = T(left(i));
    for (int i = 0; i < DEPTH * COLUMNS; i++) b[i] = T(right(i));
    product<T, Sum, REGISTERS, TILES, FORM><<<1, 64>>>(a, b, c, count, 32);
    finish();
    for (int i = 0; i < 2 * ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            float sum = 0;
            for (int k = 0; k < DEPTH; k++) {
                sum += left(i * DEPTH + k) * right(k * COLUMNS + j);
                if (FORM == DOUBLED && k % 16 == 15) sum *= 2;
                if (FORM == TWO_ENDS && k == 47) break;
            }
            if (FORM == TWICE) sum *= 2;
            if (FORM == SOME_WARPS && i >= ROWS) sum = 0;
            expect(c[i * COLUMNS + j], sum, what, i * COLUMNS + j);
        }
    expect(count[0], FORM == SOME_WARPS ? 31 * 16 : 0, what);
}

template <typename T, typename Sum, int TILES> void check_all(const char *what) {
    check<T, Sum, TILES, PLAIN>(what);
    check<T, Sum, TILES, A_BY_COLUMNS>(what);
    check<T, Sum, TILES, B_BY_COLUMNS>(what);
    check<T, Sum, TILES, TWO_ENDS>(what);
    check<T, Sum, TILES, AHEAD>(what);
    check<T, Sum, TILES, SOME_WARPS>(what);
    check<T, Sum, TILES, TWICE>(what);
}

int main() {
    check_all<half, float, 4>("f16, four tiles");
    check_all<half, float, 3>("f16, three tiles");
    check_all<__nv_bfloat16, float, 2>("bf16, two tiles");
    check_all<half, unsigned, 4>("f16 sums, four tiles");
    check<half, float, 4, DOUBLED>("doubled");
    check<__nv_bfloat16, float, 8, DOUBLED>("doubled, bf16");
    return result();
}
