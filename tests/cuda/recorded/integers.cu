// Integer intrinsics and operators over edge values.
#define LIST(X) \
    X(__clz(a)) \
    X(__clzll(A)) \
    X(__ffs(a)) \
    X(__ffsll(A)) \
    X(__popc(a)) \
    X(__popcll(A)) \
    X(__brev(a)) \
    X(__brevll(A)) \
    X(__byte_perm(a, b, c)) \
    X(__byte_perm(a, b, c & 0x7777)) \
    X(__funnelshift_l(a, b, c)) \
    X(__funnelshift_lc(a, b, c)) \
    X(__funnelshift_r(a, b, c)) \
    X(__funnelshift_rc(a, b, c)) \
    X(__funnelshift_lc(a, b, c & 63)) \
    X(__funnelshift_rc(a, b, c & 63)) \
    X(__mulhi((int)a, (int)b)) \
    X(__umulhi(a, b)) \
    X(__mul64hi((long long)A, (long long)B)) \
    X(__umul64hi(A, B)) \
    X(__mul24((int)a, (int)b)) \
    X(__umul24(a, b)) \
    X(__sad((int)a, (int)b, c)) \
    X(__usad(a, b, c)) \
    X(__hadd((int)a, (int)b)) \
    X(__rhadd((int)a, (int)b)) \
    X(__uhadd(a, b)) \
    X(__urhadd(a, b)) \
    X(__dp4a((int)a, (int)b, (int)c)) \
    X(__dp4a(a, b, c)) \
    X(__dp2a_lo((int)a, (int)b, (int)c)) \
    X(__dp2a_hi((int)a, (int)b, (int)c)) \
    X(__dp2a_lo(a, b, c)) \
    X(__dp2a_hi(a, b, c)) \
    X(__fns(a, c & 31, (int)(b % 9) - 4)) \
    X(abs((int)a)) \
    X(llabs((long long)A)) \
    X(min((int)a, (int)b)) \
    X(max(a, b)) \
    X(min((long long)A, (long long)B)) \
    X(umin(a, b)) \
    X(ullmax(A, B)) \
    X(min((int)a, b)) \
    X(max((long long)A, (long long)b)) \
    X(a << (c & 31)) \
    X((int)a >> (c & 31)) \
    X(A >> (c & 63)) \
    X((long long)A >> (c & 63)) \
    X(a / (b | 1)) \
    X((int)a / ((int)b | 1)) \
    X(a % (b | 1)) \
    X((int)a % ((int)(b & 0xff) + 1)) \
    X(A / (B | 1)) \
    X((long long)A / ((long long)B | 1)) \
    X(A % (B | 1)) \
    X((long long)A % ((long long)(B & 0xffff) + 1)) \
    X((short)a / ((short)b | 1)) \
    X((unsigned char)a % ((unsigned char)b | 1)) \
    X((signed char)a *(signed char)b) \
    X((short)a >> (c & 15)) \
    X((unsigned short)(a << 3) >> 2) \
    X(-(int)a) \
    X(~a) \
    X(!a) \
    X(__viaddmax_s32(a, b, c)) \
    X(__viaddmin_s32(a, b, c)) \
    X(__viaddmax_u32(a, b, c)) \
    X(__viaddmin_u32(a, b, c)) \
    X(__viaddmax_s32_relu(a, b, c)) \
    X(__viaddmin_s32_relu(a, b, c)) \
    X(__viaddmax_s16x2(a, b, c)) \
    X(__viaddmin_s16x2(a, b, c)) \
    X(__viaddmax_u16x2(a, b, c)) \
    X(__viaddmin_u16x2(a, b, c)) \
    X(__viaddmax_s16x2_relu(a, b, c)) \
    X(__viaddmin_s16x2_relu(a, b, c)) \
    X(__vimax3_s32(a, b, c)) \
    X(__vimin3_s32(a, b, c)) \
    X(__vimax3_u32(a, b, c)) \
    X(__vimin3_u32(a, b, c)) \
    X(__vimax3_s16x2(a, b, c)) \
    X(__vimin3_s16x2(a, b, c)) \
    X(__vimax3_u16x2(a, b, c)) \
    X(__vimin3_u16x2(a, b, c)) \
    X(__vimax3_s32_relu(a, b, c)) \
    X(__vimin3_s32_relu(a, b, c)) \
    X(__vimax3_s16x2_relu(a, b, c)) \
    X(__vimin3_s16x2_relu(a, b, c)) \
    X(__vimax_s32_relu(a, b)) \
    X(__vimin_s32_relu(a, b)) \
    X(__vimax_s16x2_relu(a, b)) \
    X(__vimin_s16x2_relu(a, b)) \
    X(([&] { bool p; int r = __vibmax_s32(a, b, &p); return r * 2 + p; })()) \
    X(([&] { bool p; u32 r = __vibmin_u32(a, b, &p); return r * 2 + p; })()) \
    X(([&] { bool p, q; u32 r = __vibmax_s16x2(a, b, &p, &q); return (u64)r * 4 + p * 2 + q; })()) \
    X(([&] { bool p, q; u32 r = __vibmin_u16x2(a, b, &p, &q); return (u64)r * 4 + p * 2 + q; })())
#include "expressions.h"
