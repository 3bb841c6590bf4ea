// Evaluates each expression of LIST over 512 pairs of values: `a`, `b` of 32 bits, `A`, `B` of 64, and `c` made from them.
#pragma once
#include "values.h"
__global__ void k(const u64 *av, const u64 *bv, u64 *o) {
    int i = threadIdx.x + blockIdx.x * blockDim.x, n = 0;
    u64 A = av[i], B = bv[i];
    u32 a = A, b = B, c = mix(a ^ b ^ i);
    auto put = [&](u64 x) { o[n++ * 512 + i] = x; };
#define X(...) put((u64)(__VA_ARGS__));
    LIST(X)
}
int main() {
    static const u64 e[] = {0,
                            1,
                            2,
                            0x7f,
                            0x80,
                            0xff,
                            0x100,
                            0x7fff,
                            0x8000,
                            0xffff,
                            0x7fffffff,
                            0x80000000,
                            0xffffffff,
                            0xfffffffe,
                            0x80000001,
                            0x8000000000000000ull,
                            0x7fffffffffffffffull,
                            ~0ull,
                            0x100000000ull,
                            0x00ff00ff00ff00ffull,
                            0x123456789abcdef0ull,
                            0x8080808080808080ull};
    std::vector<u64> a(512), b(512);
    for (u32 i = 0; i < 512; i++) {
        a[i] = i % 2 ? e[(i / 2) % 22] : (u64)mix(i) << 32 | mix(i + 9999);
        b[i] = i % 3 ? e[(i / 3) % 22] : (u64)mix(i * 7) << 32 | mix(i * 5 + 1);
    }
    Buf<u64> da(a), db(b);
    static const char *names[] = {
#undef X
#define X(...) #__VA_ARGS__,
        LIST(X)};
    size_t n = sizeof names / sizeof *names;
    Buf<u64> o(512 * n);
    k<<<4, 128>>>(da, db, o);
    auto v = o.get();
    for (size_t i = 0; i < n; i++) show(names[i], &v[i * 512], 512, 6);
}
