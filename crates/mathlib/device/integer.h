//! Integer functions: bit counts, halving adds, high products, SIMD within a word. Invariant: no shift by the word's
//! width or more, no signed overflow.
#pragma once
#include "core.h"

namespace aw {

AW_IN i32 clz(u32 x) { return x ? __builtin_clz(x) : 32; }
AW_IN i32 clz(u64 x) { return x ? __builtin_clzll(x) : 64; }
AW_IN u32 brev(u32 x) { return __builtin_bitreverse32(x); }
AW_IN u64 brev(u64 x) { return __builtin_bitreverse64(x); }

}  // namespace aw

AW_API i32 __nv_abs(i32 a) { return a < 0 ? (i32)(0u - (u32)a) : a; }
AW_API i64 __nv_llabs(i64 a) { return a < 0 ? (i64)(0ull - (u64)a) : a; }
AW_API i32 __nv_min(i32 a, i32 b) { return a < b ? a : b; }
AW_API i32 __nv_max(i32 a, i32 b) { return a > b ? a : b; }
AW_API u32 __nv_umin(u32 a, u32 b) { return a < b ? a : b; }
AW_API u32 __nv_umax(u32 a, u32 b) { return a > b ? a : b; }
AW_API i64 __nv_llmin(i64 a, i64 b) { return a < b ? a : b; }
AW_API i64 __nv_llmax(i64 a, i64 b) { return a > b ? a : b; }
AW_API u64 __nv_ullmin(u64 a, u64 b) { return a < b ? a : b; }
AW_API u64 __nv_ullmax(u64 a, u64 b) { return a > b ? a : b; }
AW_API i32 __nv_clz(i32 a) { return aw::clz((u32)a); }
AW_API i32 __nv_clzll(i64 a) { return aw::clz((u64)a); }
AW_API i32 __nv_popc(i32 a) { return __builtin_popcount((u32)a); }
AW_API i32 __nv_popcll(i64 a) { return __builtin_popcountll((u64)a); }
AW_API i32 __nv_ffs(i32 a) { return 32 - aw::clz((u32)a & (0u - (u32)a)); }
AW_API i32 __nv_ffsll(i64 a) { return 64 - aw::clz((u64)a & (0ull - (u64)a)); }
AW_API i32 __nv_brev(i32 a) { return (i32)aw::brev((u32)a); }
AW_API i64 __nv_brevll(i64 a) { return (i64)aw::brev((u64)a); }
AW_API i32 __nv_mul24(i32 a, i32 b) { return (i32)((u32)((i32)((u32)a << 8) >> 8) * (u32)((i32)((u32)b << 8) >> 8)); }
AW_API u32 __nv_umul24(u32 a, u32 b) { return (a & 0xffffffu) * (b & 0xffffffu); }
AW_API i32 __nv_mulhi(i32 a, i32 b) { return (i32)(((i64)a * b) >> 32); }
AW_API u32 __nv_umulhi(u32 a, u32 b) { return (u32)(((u64)a * b) >> 32); }
AW_API i64 __nv_mul64hi(i64 a, i64 b) { return (i64)(((__int128)a * b) >> 64); }
AW_API u64 __nv_umul64hi(u64 a, u64 b) { return (u64)(((unsigned __int128)a * b) >> 64); }
AW_API i32 __nv_hadd(i32 a, i32 b) { return (a & b) + ((a ^ b) >> 1); }
AW_API i32 __nv_rhadd(i32 a, i32 b) { return (a | b) - ((a ^ b) >> 1); }
AW_API u32 __nv_uhadd(u32 a, u32 b) { return (a & b) + ((a ^ b) >> 1); }
AW_API u32 __nv_urhadd(u32 a, u32 b) { return (a | b) - ((a ^ b) >> 1); }
AW_API i32 __nv_sad(i32 a, i32 b, i32 c) { return (i32)((a > b ? (u32)a - (u32)b : (u32)b - (u32)a) + (u32)c); }
AW_API u32 __nv_usad(u32 a, u32 b, u32 c) { return (a > b ? a - b : b - a) + c; }
/// The byte selectors are those of `prmt.b32`: a set fourth bit replicates the byte's sign.
AW_API i32 __nv_byte_perm(i32 a, i32 b, i32 s) {
#if AW_DEVICE
  i32 r;
  __asm__("prmt.b32 %0, %1, %2, %3;" : "=r"(r) : "r"(a), "r"(b), "r"(s));
  return r;
#else
  u64 bytes = (u64)(u32)b << 32 | (u32)a;
  u32 r = 0;
  for (i32 i = 0; i < 4; i++) {
    u32 sel = (u32)s >> (4 * i) & 15;
    u32 byte = (u32)(bytes >> (8 * (sel & 7))) & 255;
    r |= (sel & 8 ? (byte & 128 ? 255u : 0u) : byte) << (8 * i);
  }
  return (i32)r;
#endif
}
