// Inline PTX as programs write it: registers with one percent sign, several statements, labels, predicates, carries.
#include "testing.h"

__device__ unsigned smid() {
    unsigned id;
    asm volatile("mov.u32 %0, %smid;" : "=r"(id));
    return id;
}

__device__ unsigned lane() {
    unsigned id;
    asm("mov.u32 %0, %%laneid;" : "=r"(id));
    return id;
}

__device__ unsigned long long add_with_carry(unsigned long long a, unsigned long long b) {
    unsigned low, high;
    asm("{\n\t"
        ".reg .u32 a0, a1, b0, b1;\n\t"
        "mov.b64 {a0, a1}, %2;\n\t"
        "mov.b64 {b0, b1}, %3;\n\t"
        "add.cc.u32 %0, a0, b0;\n\t"
        "addc.u32 %1, a1, b1;\n\t"
        "}"
        : "=r"(low), "=r"(high)
        : "l"(a), "l"(b));
    return (unsigned long long)high << 32 | low;
}

__device__ int larger(int a, int b) {
    int r;
    asm("{ .reg .pred %p; setp.gt.s32 %p, %1, %2; @%p mov.s32 %0, %1; @!%p mov.s32 %0, %2; }"
        : "=&r"(r)
        : "r"(a), "r"(b));
    return r;
}

// 1 + 2 + … + n; %= gives each use labels of its own.
__device__ int sum_up_to(int n) {
    int sum;
    asm("{ .reg .pred done; .reg .s32 left;\n"
        "mov.s32 left, %1; mov.s32 %0, 0;\n"
        "Lagain_%=: setp.le.s32 done, left, 0; @done bra Lend_%=;\n"
        "add.s32 %0, %0, left; sub.s32 left, left, 1; bra Lagain_%=;\n"
        "Lend_%=: }"
        : "=&r"(sum)
        : "r"(n));
    return sum;
}

__global__ void kernel(int *out, int *shared_out) {
    __shared__ int cell[40];
    int i = threadIdx.x;
    unsigned address = (unsigned)__cvta_generic_to_shared(&cell[i]);
    asm volatile("st.shared.s32 [%0], %1;" ::"r"(address), "r"(i * 5) : "memory");
    __syncthreads();
    asm volatile("red.shared.add.s32 [%0], 1;" ::"r"((unsigned)__cvta_generic_to_shared(&cell[0])) : "memory");
    __syncthreads();
    shared_out[i] = cell[39 - i];
    int *o = out + i * 6;
    o[0] = int(lane());
    o[1] = smid() < 4096;
    o[2] = add_with_carry(0xffffffffull + i, 0x1ffffffffull) == 0x2fffffffeull + i;
    o[3] = larger(i, 20 - i);
    o[4] = sum_up_to(i) + sum_up_to(3);
    unsigned low, high;
    asm("mul.wide.u16 %0, %1, %1;" : "=r"(low) : "h"((unsigned short)(i + 256)));
    asm("mov.b32 {%0, %1}, %2;" : "=h"(*(unsigned short *)&high), "=h"(*((unsigned short *)&high + 1)) : "r"(low));
    o[5] = int(high);
}

int main() {
    Managed<int> out(40 * 6), shared_out(40);
    kernel<<<1, 40>>>(out, shared_out);
    finish();
    for (int i = 0; i < 40; i++) {
        expect(out[i * 6], i % 32, "lane", i);
        expect(out[i * 6 + 1], 1, "multiprocessor", i);
        expect(out[i * 6 + 2], 1, "carry", i);
        expect(out[i * 6 + 3], i > 20 - i ? i : 20 - i, "predicate", i);
        expect(out[i * 6 + 4], i * (i + 1) / 2 + 6, "loop", i);
        expect(out[i * 6 + 5], (i + 256) * (i + 256), "halves", i);
        expect(shared_out[i], i == 39 ? 40 : (39 - i) * 5, "shared", i);
    }
    return result();
}
