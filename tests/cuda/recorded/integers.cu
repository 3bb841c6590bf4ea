// Integer intrinsics and operators over edge values.
#include "values.h"
// Each expression over 512 pairs of values.
#define LIST(X)                                                                                                        \
    X(__clz(a))                                                                                                        \
    X(__clzll(A)) X(__ffs(a)) X(__ffsll(A)) X(__popc(a)) X(__popcll(A)) X(__brev(a)) X(__brevll(A)) X(__byte_perm(     \
        a, b, c)) X(__byte_perm(a, b, c & 0x7777)) X(__funnelshift_l(a, b, c)) X(__funnelshift_lc(a, b, c))            \
        X(__funnelshift_r(a, b, c)) X(__funnelshift_rc(a, b, c)) X(__funnelshift_lc(a, b, c & 63)) X(__funnelshift_rc( \
            a, b, c & 63)) X(__mulhi((int)a, (int)b)) X(__umulhi(a, b)) X(__mul64hi((long long)A, (long long)B))       \
            X(__umul64hi(A, B)) X(__mul24((int)a, (int)b)) X(__umul24(a, b)) X(__sad((int)a, (int)b, c)) X(            \
                __usad(a, b, c)) X(__hadd((int)a, (int)b)) X(__rhadd((int)a, (int)b)) X(__uhadd(a, b))                 \
                X(__urhadd(a, b)) X(__dp4a((int)a, (int)b, (int)c)) X(__dp4a(a, b, c)) X(                              \
                    __dp2a_lo((int)a, (int)b, (int)c)) X(__dp2a_hi((int)a, (int)b, (int)c)) X(__dp2a_lo(a, b, c))      \
                    X(__dp2a_hi(a, b, c)) X(__fns(a, c & 31, (int)(b % 9) - 4)) X(abs((int)a)) X(                      \
                        llabs((long long)A)) X(min((int)a, (int)b)) X(max(a, b))                                       \
                        X(min((long long)A, (long long)B)) X(umin(a, b)) X(ullmax(A, B)) X(min((int)a, b)) X(          \
                            max((long long)A, (long long)b)) X(a << (c & 31))                                          \
                            X((int)a >> (c & 31)) X(A >> (c & 63)) X((long long)A >> (c & 63)) X(a / (b | 1)) X(       \
                                (int)a / ((int)b | 1)) X(a % (b | 1))                                                  \
                                X((int)a % ((int)(b & 0xff) + 1)) X(A / (B | 1)) X((long long)A / ((long long)B | 1))  \
                                    X(A % (B | 1)) X((long long)A % ((long long)(B & 0xffff) + 1)) X(                  \
                                        (short)a / ((short)b | 1)) X((unsigned char)a % ((unsigned char)b | 1))        \
                                        X((signed char)a *(signed char)b) X((short)a >> (c & 15)) X(                   \
                                            (unsigned short)(a << 3) >>                                                \
                                            2) X(-(int)a) X(~a)                                                        \
                                            X(!a) X(__viaddmax_s32(a, b, c)) X(__viaddmin_s32(a, b, c)) X(             \
                                                __viaddmax_u32(a, b, c))                                               \
                                                X(__viaddmin_u32(a, b, c)) X(__viaddmax_s32_relu(a, b, c)) X(          \
                                                    __viaddmin_s32_relu(a, b, c)) X(__viaddmax_s16x2(a, b, c))         \
                                                    X(__viaddmin_s16x2(a, b, c)) X(__viaddmax_u16x2(a, b, c)) X(       \
                                                        __viaddmin_u16x2(a, b, c)) X(__viaddmax_s16x2_relu(a, b, c))   \
                                                        X(__viaddmin_s16x2_relu(a, b, c)) X(__vimax3_s32(a, b, c)) X(  \
                                                            __vimin3_s32(a, b, c)) X(__vimax3_u32(a, b, c))            \
                                                            X(__vimin3_u32(a, b, c)) X(__vimax3_s16x2(a, b, c)) X(     \
                                                                __vimin3_s16x2(a, b, c)) X(__vimax3_u16x2(a, b, c))    \
                                                                X(__vimin3_u16x2(a, b, c)) X(__vimax3_s32_relu(        \
                                                                    a, b, c)) X(__vimin3_s32_relu(a, b, c))            \
                                                                    X(__vimax3_s16x2_relu(                             \
                                                                        a, b, c)) X(__vimin3_s16x2_relu(a, b, c))      \
                                                                        X(__vimax_s32_relu(a, b)) X(__vimin_s32_relu(  \
                                                                            a, b)) X(__vimax_s16x2_relu(a, b))         \
                                                                            X(__vimin_s16x2_relu(a, b)) X(([&] {       \
                                                                                bool p;                                \
                                                                                int r = __vibmax_s32(a, b, &p);        \
                                                                                return r * 2 + p;                      \
                                                                            })()) X(([&] {                             \
                                                                                bool p;                                \
                                                                                u32 r = __vibmin_u32(a, b, &p);        \
                                                                                return r * 2 + p;                      \
                                                                            })()) X(([&] {                             \
                                                                                bool p, q;                             \
                                                                                u32 r = __vibmax_s16x2(a, b, &p, &q);  \
                                                                                return (u64)r * 4 + p * 2 + q;         \
                                                                            })()) X(([&] {                             \
                                                                                bool p, q;                             \
                                                                                u32 r = __vibmin_u16x2(a, b, &p, &q);  \
                                                                                return (u64)r * 4 + p * 2 + q;         \
                                                                            })())
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
