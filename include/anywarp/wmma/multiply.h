// SPDX-License-Identifier: MIT OR Apache-2.0
// mma_sync: D = A * B + C, and bmma_sync for single bits. `satf` keeps results finite (half) or saturates (integers).
namespace nvcuda {
namespace wmma {

#define __ANYWARP_MMA_ASM(OPERATION, SUFFIX, __ND, __RD, __NA, __RA, __NB, __NC, __RC)                                              \
  asm volatile(OPERATION SUFFIX " " __ANYWARP_TEXT##__ND("d") ", " __ANYWARP_TEXT##__NA("a") ", " __ANYWARP_TEXT##__NB("b") \
               ", " __ANYWARP_TEXT##__NC("c") ";"                                                                       \
               : __ANYWARP_BIND##__ND(d, "=" __ANYWARP_LETTER_##__RD, rd)                                                 \
               : __ANYWARP_BIND##__NA(a, __ANYWARP_LETTER_##__RA, ra), __ANYWARP_BIND##__NB(b, __ANYWARP_LETTER_##__RA, rb),  \
                 __ANYWARP_BIND##__NC(c, __ANYWARP_LETTER_##__RC, rc))
#define __ANYWARP_MMA_IN(__ND, __RD, __NA, __RA, __NB, __NC, __RC)   \
  __ANYWARP_TYPE_##__RD rd[__ND];                          \
  __ANYWARP_TYPE_##__RA ra[__NA], rb[__NB];                  \
  __ANYWARP_TYPE_##__RC rc[__NC];                          \
  static_assert(sizeof ra == sizeof a.x && sizeof rb == sizeof b.x && sizeof rc == sizeof c.x && sizeof rd == sizeof d.x, \
                "registers and elements of a fragment"); \
  __builtin_memcpy(ra, (const void *)a.x, sizeof ra);  \
  __builtin_memcpy(rb, (const void *)b.x, sizeof rb);  \
  __builtin_memcpy(rc, (const void *)c.x, sizeof rc)

// One function for each pair of layouts.
#define __ANYWARP_MMA_LAYOUT(__LA, __TA, __LB, __TB, __M, __N, __K, __T, __ND, __TD, __PD, __RD, __NA, __RA, __NB, __PAB, __NC, __TC, __PC, __RC, SAT)            \
  __ANYWARP_W void mma_sync(fragment<accumulator, __M, __N, __K, __TD> &d, const fragment<matrix_a, __M, __N, __K, __T, __TA> &a,           \
                            const fragment<matrix_b, __M, __N, __K, __T, __TB> &b, const fragment<accumulator, __M, __N, __K, __TC> &c,     \
                            bool satf = false) {                                                                          \
    __ANYWARP_MMA_IN(__ND, __RD, __NA, __RA, __NB, __NC, __RC);                                                                         \
    if (satf)                                                                                                             \
      __ANYWARP_MMA_ASM("wmma.mma.sync.aligned." __LA "." __LB ".m" #__M "n" #__N "k" #__K "." __PD __PAB "." __PC, SAT, __ND, __RD, __NA, __RA, __NB, __NC, __RC); \
    else                                                                                                                  \
      __ANYWARP_MMA_ASM("wmma.mma.sync.aligned." __LA "." __LB ".m" #__M "n" #__N "k" #__K "." __PD __PAB "." __PC, "", __ND, __RD, __NA, __RA, __NB, __NC, __RC); \
    __builtin_memcpy((void *)d.x, rd, sizeof rd);                                                                         \
  }
#define __ANYWARP_MMA(...)                                                    \
  __ANYWARP_MMA_LAYOUT("row", row_major, "row", row_major, __VA_ARGS__)       \
  __ANYWARP_MMA_LAYOUT("row", row_major, "col", col_major, __VA_ARGS__)       \
  __ANYWARP_MMA_LAYOUT("col", col_major, "row", row_major, __VA_ARGS__)       \
  __ANYWARP_MMA_LAYOUT("col", col_major, "col", col_major, __VA_ARGS__)

#define __ANYWARP_MMA_HALF(__M, __N, __K)                                                                            \
  __ANYWARP_MMA(__M, __N, __K, __half, 4, __half, "f16", r, 8, r, 8, "", 4, __half, "f16", r, ".satfinite")          \
  __ANYWARP_MMA(__M, __N, __K, __half, 8, float, "f32", f, 8, r, 8, "", 4, __half, "f16", r, ".satfinite")           \
  __ANYWARP_MMA(__M, __N, __K, __half, 4, __half, "f16", r, 8, r, 8, "", 8, float, "f32", f, ".satfinite")           \
  __ANYWARP_MMA(__M, __N, __K, __half, 8, float, "f32", f, 8, r, 8, "", 8, float, "f32", f, ".satfinite")
__ANYWARP_MMA_HALF(16, 16, 16)
__ANYWARP_MMA_HALF(32, 8, 16)
__ANYWARP_MMA_HALF(8, 32, 16)
#undef __ANYWARP_MMA_HALF

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 720
#define __ANYWARP_MMA_BYTES(__T, __P)                                                                                      \
  __ANYWARP_MMA(16, 16, 16, __T, 8, int, "s32", r, 2, r, 2, "." __P "." __P, 8, int, "s32", r, ".satfinite")                 \
  __ANYWARP_MMA(32, 8, 16, __T, 8, int, "s32", r, 4, r, 1, "." __P "." __P, 8, int, "s32", r, ".satfinite")                  \
  __ANYWARP_MMA(8, 32, 16, __T, 8, int, "s32", r, 1, r, 4, "." __P "." __P, 8, int, "s32", r, ".satfinite")
__ANYWARP_MMA_BYTES(signed char, "s8")
__ANYWARP_MMA_BYTES(unsigned char, "u8")
#undef __ANYWARP_MMA_BYTES
#endif

// Floating point beyond half has no saturating form: satf changes nothing.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
__ANYWARP_MMA(16, 16, 16, __nv_bfloat16, 8, float, "f32", f, 4, r, 4, ".bf16.bf16", 8, float, "f32", f, "")
__ANYWARP_MMA(32, 8, 16, __nv_bfloat16, 8, float, "f32", f, 8, r, 2, ".bf16.bf16", 8, float, "f32", f, "")
__ANYWARP_MMA(8, 32, 16, __nv_bfloat16, 8, float, "f32", f, 2, r, 8, ".bf16.bf16", 8, float, "f32", f, "")
__ANYWARP_MMA(16, 16, 8, precision::tf32, 8, float, "f32", f, 4, r, 4, ".tf32.tf32", 8, float, "f32", f, "")
__ANYWARP_MMA(8, 8, 4, double, 2, double, "f64", d, 1, d, 1, ".f64.f64", 2, double, "f64", d, "")
#endif

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 750
__ANYWARP_MMA_LAYOUT("row", row_major, "col", col_major, 8, 8, 32, experimental::precision::u4, 2, int, "s32", r, 1, r, 1,
                     ".u4.u4", 2, int, "s32", r, ".satfinite")
__ANYWARP_MMA_LAYOUT("row", row_major, "col", col_major, 8, 8, 32, experimental::precision::s4, 2, int, "s32", r, 1, r, 1,
                     ".s4.s4", 2, int, "s32", r, ".satfinite")

__ANYWARP_W void bmma_sync(fragment<accumulator, 8, 8, 128, int> &d,
                           const fragment<matrix_a, 8, 8, 128, experimental::precision::b1, row_major> &a,
                           const fragment<matrix_b, 8, 8, 128, experimental::precision::b1, col_major> &b,
                           const fragment<accumulator, 8, 8, 128, int> &c,
                           experimental::bmmaBitOp op = experimental::bmmaBitOpXOR,
                           experimental::bmmaAccumulateOp = experimental::bmmaAccumulateOpPOPC) {
  __ANYWARP_MMA_IN(2, r, 1, r, 1, 2, r);
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  if (op == experimental::bmmaBitOpAND)
    __ANYWARP_MMA_ASM("wmma.mma.and.popc.sync.aligned.row.col.m8n8k128.s32.b1.b1.s32", "", 2, r, 1, r, 1, 2, r);
  else
#endif
    __ANYWARP_MMA_ASM("wmma.mma.xor.popc.sync.aligned.row.col.m8n8k128.s32.b1.b1.s32", "", 2, r, 1, r, 1, 2, r);
  __builtin_memcpy((void *)d.x, rd, sizeof rd);
}
namespace experimental {
using wmma::bmma_sync;
}
#endif

}  // namespace wmma
}  // namespace nvcuda
