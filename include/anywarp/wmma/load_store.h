// SPDX-License-Identifier: MIT OR Apache-2.0
// load_matrix_sync and store_matrix_sync. `ld` counts elements between rows (row-major) or columns.
namespace nvcuda {
namespace wmma {

// USE letter, shape, element type in C++, element type in memory, in PTX, registers: number and constraint letter.
#define __ANYWARP_LOAD1(__U, FRAGMENT, __SHAPE, __LAYOUT, __MEMORY, PTX, __N, __R)                                                  \
  __ANYWARP_W void load_matrix_sync(FRAGMENT &f, const __MEMORY *p, unsigned int ld) {                                    \
    __ANYWARP_TYPE_##__R r[__N];                                                                                            \
    asm volatile("wmma.load." __U ".sync.aligned." __LAYOUT "." __SHAPE "." PTX " " __ANYWARP_TEXT##__N("r") ", [%[p]], %[ld];" \
                 : __ANYWARP_BIND##__N(r, "=" __ANYWARP_LETTER_##__R, r)                                                    \
                 : [p] "l"(p), [ld] "r"(ld)                                                                             \
                 : "memory");                                                                                           \
    static_assert(sizeof r == sizeof f.x, "registers and elements of a fragment");                                      \
    __builtin_memcpy((void *)f.x, r, sizeof r);                                                                         \
  }
#define __ANYWARP_COMMA ,
#define __ANYWARP_LOAD(__U, __USE, __M, __NN, __K, __T, __MEMORY, PTX, __N, __R)                                                          \
  __ANYWARP_LOAD1(__U, fragment<__USE __ANYWARP_COMMA __M __ANYWARP_COMMA __NN __ANYWARP_COMMA __K __ANYWARP_COMMA __T __ANYWARP_COMMA row_major>, \
                  "m" #__M "n" #__NN "k" #__K, "row", __MEMORY, PTX, __N, __R)                                                      \
  __ANYWARP_LOAD1(__U, fragment<__USE __ANYWARP_COMMA __M __ANYWARP_COMMA __NN __ANYWARP_COMMA __K __ANYWARP_COMMA __T __ANYWARP_COMMA col_major>, \
                  "m" #__M "n" #__NN "k" #__K, "col", __MEMORY, PTX, __N, __R)
#define __ANYWARP_LOAD_AB(__M, __NN, __K, __T, __MEMORY, PTX, __NA, __NB, __R)          \
  __ANYWARP_LOAD("a", matrix_a, __M, __NN, __K, __T, __MEMORY, PTX, __NA, __R)        \
  __ANYWARP_LOAD("b", matrix_b, __M, __NN, __K, __T, __MEMORY, PTX, __NB, __R)

__ANYWARP_LOAD_AB(16, 16, 16, __half, __half, "f16", 8, 8, r)
__ANYWARP_LOAD_AB(32, 8, 16, __half, __half, "f16", 8, 8, r)
__ANYWARP_LOAD_AB(8, 32, 16, __half, __half, "f16", 8, 8, r)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 720
#define __ANYWARP_LOAD_BYTES(__T, PTX)                      \
  __ANYWARP_LOAD_AB(16, 16, 16, __T, __T, PTX, 2, 2, r)       \
  __ANYWARP_LOAD_AB(32, 8, 16, __T, __T, PTX, 4, 1, r)        \
  __ANYWARP_LOAD_AB(8, 32, 16, __T, __T, PTX, 1, 4, r)
__ANYWARP_LOAD_BYTES(signed char, "s8")
__ANYWARP_LOAD_BYTES(unsigned char, "u8")
#undef __ANYWARP_LOAD_BYTES
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 750
// Elements below a byte: A is row-major and B column-major only.
#define __ANYWARP_LOAD_SUB(__K, __T, PTX)                                                                                   \
  __ANYWARP_LOAD1("a", fragment<matrix_a __ANYWARP_COMMA 8 __ANYWARP_COMMA 8 __ANYWARP_COMMA __K __ANYWARP_COMMA __T __ANYWARP_COMMA row_major>, \
                  "m8n8k" #__K, "row", void, PTX, 1, r)                                                                   \
  __ANYWARP_LOAD1("b", fragment<matrix_b __ANYWARP_COMMA 8 __ANYWARP_COMMA 8 __ANYWARP_COMMA __K __ANYWARP_COMMA __T __ANYWARP_COMMA col_major>, \
                  "m8n8k" #__K, "col", void, PTX, 1, r)
__ANYWARP_LOAD_SUB(32, experimental::precision::u4, "u4")
__ANYWARP_LOAD_SUB(32, experimental::precision::s4, "s4")
__ANYWARP_LOAD_SUB(128, experimental::precision::b1, "b1")
#undef __ANYWARP_LOAD_SUB
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
__ANYWARP_LOAD_AB(16, 16, 16, __nv_bfloat16, __nv_bfloat16, "bf16", 4, 4, r)
__ANYWARP_LOAD_AB(32, 8, 16, __nv_bfloat16, __nv_bfloat16, "bf16", 8, 2, r)
__ANYWARP_LOAD_AB(8, 32, 16, __nv_bfloat16, __nv_bfloat16, "bf16", 2, 8, r)
__ANYWARP_LOAD_AB(16, 16, 8, precision::tf32, float, "tf32", 4, 4, r)
__ANYWARP_LOAD_AB(8, 8, 4, double, double, "f64", 1, 1, d)
#endif
#undef __ANYWARP_LOAD_AB
#undef __ANYWARP_LOAD

// Accumulators: the layout is an argument.
#define __ANYWARP_C_LOAD(__LAYOUT, __SHAPE, PTX, __N, __R)                                                                       \
  asm volatile("wmma.load.c.sync.aligned." __LAYOUT "." __SHAPE "." PTX " " __ANYWARP_TEXT##__N("r") ", [%[p]], %[ld];"        \
               : __ANYWARP_BIND##__N(r, "=" __ANYWARP_LETTER_##__R, r)                                                       \
               : [p] "l"(p), [ld] "r"(ld)                                                                                \
               : "memory")
#define __ANYWARP_C_STORE(__LAYOUT, __SHAPE, PTX, __N, __R)                                                                      \
  asm volatile("wmma.store.d.sync.aligned." __LAYOUT "." __SHAPE "." PTX " [%[p]], " __ANYWARP_TEXT##__N("r") ", %[ld];"       \
               :: __ANYWARP_BIND##__N(r, __ANYWARP_LETTER_##__R, r), [p] "l"(p), [ld] "r"(ld)                                \
               : "memory")
#define __ANYWARP_C(__M, __NN, __K, __T, PTX, __N, __R)                                                                              \
  __ANYWARP_W void load_matrix_sync(fragment<accumulator, __M, __NN, __K, __T> &f, const __T *p, unsigned int ld, layout_t layout) { \
    __ANYWARP_TYPE_##__R r[__N];                                                                                             \
    static_assert(sizeof r == sizeof f.x, "registers and elements of a fragment");                                       \
    if (layout == mem_row_major)                                                                                         \
      __ANYWARP_C_LOAD("row", "m" #__M "n" #__NN "k" #__K, PTX, __N, __R);                                                         \
    else                                                                                                                 \
      __ANYWARP_C_LOAD("col", "m" #__M "n" #__NN "k" #__K, PTX, __N, __R);                                                         \
    __builtin_memcpy((void *)f.x, r, sizeof r);                                                                          \
  }                                                                                                                      \
  __ANYWARP_W void store_matrix_sync(__T *p, const fragment<accumulator, __M, __NN, __K, __T> &f, unsigned int ld, layout_t layout) { \
    __ANYWARP_TYPE_##__R r[__N];                                                                                             \
    __builtin_memcpy(r, (const void *)f.x, sizeof r);                                                                    \
    if (layout == mem_row_major)                                                                                         \
      __ANYWARP_C_STORE("row", "m" #__M "n" #__NN "k" #__K, PTX, __N, __R);                                                        \
    else                                                                                                                 \
      __ANYWARP_C_STORE("col", "m" #__M "n" #__NN "k" #__K, PTX, __N, __R);                                                        \
  }
__ANYWARP_C(16, 16, 16, __half, "f16", 4, r)
__ANYWARP_C(32, 8, 16, __half, "f16", 4, r)
__ANYWARP_C(8, 32, 16, __half, "f16", 4, r)
__ANYWARP_C(16, 16, 16, float, "f32", 8, f)
__ANYWARP_C(32, 8, 16, float, "f32", 8, f)
__ANYWARP_C(8, 32, 16, float, "f32", 8, f)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 720
__ANYWARP_C(16, 16, 16, int, "s32", 8, r)
__ANYWARP_C(32, 8, 16, int, "s32", 8, r)
__ANYWARP_C(8, 32, 16, int, "s32", 8, r)
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 750
__ANYWARP_C(8, 8, 32, int, "s32", 2, r)
__ANYWARP_C(8, 8, 128, int, "s32", 2, r)
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
__ANYWARP_C(16, 16, 8, float, "f32", 8, f)
__ANYWARP_C(8, 8, 4, double, "f64", 2, d)
#endif

}  // namespace wmma
}  // namespace nvcuda
