// The intrinsics on two halfwords or four bytes of a word.
#include "values.h"
// Each expression over 512 pairs of values.
#define LIST(X)                                                                                                       \
    X(__vabs2(a))                                                                                                     \
    X(__vabsss2(a)) X(__vneg2(a)) X(__vnegss2(a)) X(__vabs4(a)) X(__vabsss4(a)) X(__vneg4(a)) X(__vnegss4(a))         \
        X(__vadd2(a, b)) X(__vaddss2(a, b)) X(__vaddus2(a, b)) X(__vsub2(a, b)) X(__vsubss2(a, b)) X(__vsubus2(a, b)) \
            X(__vabsdiffs2(a, b)) X(__vabsdiffu2(a, b)) X(__vavgs2(a, b)) X(__vavgu2(a, b)) X(__vhaddu2(a, b))        \
                X(__vmaxs2(a, b)) X(__vmaxu2(a, b)) X(__vmins2(a, b)) X(__vminu2(a, b)) X(__vsads2(a, b))             \
                    X(__vsadu2(a, b)) X(__vseteq2(a, b)) X(__vsetges2(a, b)) X(__vsetgeu2(a, b)) X(__vsetgts2(a, b))  \
                        X(__vsetgtu2(a, b)) X(__vsetles2(a, b)) X(__vsetleu2(a, b)) X(__vsetlts2(a, b)) X(__vsetltu2( \
                            a, b)) X(__vsetne2(a, b)) X(__vcmpeq2(a, b)) X(__vcmpges2(a, b)) X(__vcmpgeu2(a, b))      \
                            X(__vcmpgts2(a, b)) X(__vcmpgtu2(a, b)) X(__vcmples2(a, b)) X(__vcmpleu2(a, b))           \
                                X(__vcmplts2(a, b)) X(__vcmpltu2(a, b)) X(__vcmpne2(a, b)) X(__vadd4(a, b))           \
                                    X(__vaddss4(a, b)) X(__vaddus4(a, b)) X(__vsub4(a, b)) X(__vsubss4(a, b))         \
                                        X(__vsubus4(a, b)) X(__vabsdiffs4(a, b)) X(__vabsdiffu4(a, b))                \
                                            X(__vavgs4(a, b)) X(__vavgu4(a, b)) X(__vhaddu4(a, b)) X(__vmaxs4(a, b))  \
                                                X(__vmaxu4(a, b)) X(__vmins4(a, b)) X(__vminu4(a, b))                 \
                                                    X(__vsads4(a, b)) X(__vsadu4(a, b)) X(__vseteq4(a, b))            \
                                                        X(__vsetges4(a, b)) X(__vsetgeu4(a, b)) X(__vsetgts4(a, b))   \
                                                            X(__vsetgtu4(a, b)) X(__vsetles4(a, b))                   \
                                                                X(__vsetleu4(a, b)) X(__vsetlts4(a, b))               \
                                                                    X(__vsetltu4(a, b)) X(__vsetne4(a, b))            \
                                                                        X(__vcmpeq4(a, b)) X(__vcmpges4(a, b))        \
                                                                            X(__vcmpgeu4(a, b)) X(__vcmpgts4(a, b))   \
                                                                                X(__vcmpgtu4(a, b))                   \
                                                                                    X(__vcmples4(a, b))               \
                                                                                        X(__vcmpleu4(a, b))           \
                                                                                            X(__vcmplts4(a, b))       \
                                                                                                X(__vcmpltu4(a, b))   \
                                                                                                    X(__vcmpne4(a, b))
#define X(...) __VA_ARGS__,
__global__ void k(const u64 *av, const u64 *bv, u64 *o) {
    int i = threadIdx.x + blockIdx.x * blockDim.x, n = 0;
    u64 A = av[i], B = bv[i];
    u32 a = A, b = B, c = mix(a ^ b ^ i);
    auto put = [&](u64 x) { o[n++ * 512 + i] = x; };
#undef X
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
