// SPDX-License-Identifier: MIT OR Apache-2.0
// wmma::fragment: one lane's share of a matrix, for the shapes and element types of the guide's table. Which element lies
// where is unspecified; two accumulators of one shape agree.
#ifndef ANYWARP_WMMA_FRAGMENT_H
#define ANYWARP_WMMA_FRAGMENT_H

#define __ANYWARP_W static __device__ __inline__ __attribute__((always_inline, unused))

namespace nvcuda {
namespace wmma {

enum layout_t { mem_row_major, mem_col_major };
struct row_major {};
struct col_major {};
struct matrix_a {};
struct matrix_b {};
struct accumulator {};

namespace precision {
struct tf32 {};
}  // namespace precision

namespace experimental {
namespace precision {
struct u4 {};
struct s4 {};
struct b1 {};
}  // namespace precision
enum bmmaBitOp { bmmaBitOpXOR = 1, bmmaBitOpAND = 2 };
enum bmmaAccumulateOp { bmmaAccumulateOpPOPC = 1 };
}  // namespace experimental

// What holds an element of type T, and how many elements that holds.
namespace details {
template <class __T>
struct storage {
  typedef __T type;
  static constexpr int packed = 1;
};
template <>
struct storage<precision::tf32> {
  typedef float type;
  static constexpr int packed = 1;
};
template <>
struct storage<experimental::precision::u4> {
  typedef unsigned int type;
  static constexpr int packed = 8;
};
template <>
struct storage<experimental::precision::s4> {
  typedef int type;
  static constexpr int packed = 8;
};
template <>
struct storage<experimental::precision::b1> {
  typedef unsigned int type;
  static constexpr int packed = 32;
};

template <class __T, int Count>
struct __align__(8) share {
  enum { num_elements = Count * storage<__T>::packed, num_storage_elements = Count };
  typedef __T element_type;
  typedef typename storage<__T>::type storage_element_type;
  storage_element_type x[Count];
};
}  // namespace details

// Other combinations of use, shape and type do not exist.
template <typename Use, int m, int n, int k, typename __T, typename Layout = void>
class fragment;

#define __ANYWARP_FRAGMENT(__USE, __M, __N, __K, __T, __COUNT)                                               \
  template <typename Layout>                                                                     \
  class fragment<__USE, __M, __N, __K, __T, Layout> : public details::share<__T, __COUNT> {};
__ANYWARP_FRAGMENT(matrix_a, 16, 16, 16, __half, 16)
__ANYWARP_FRAGMENT(matrix_b, 16, 16, 16, __half, 16)
__ANYWARP_FRAGMENT(matrix_a, 32, 8, 16, __half, 16)
__ANYWARP_FRAGMENT(matrix_b, 32, 8, 16, __half, 16)
__ANYWARP_FRAGMENT(matrix_a, 8, 32, 16, __half, 16)
__ANYWARP_FRAGMENT(matrix_b, 8, 32, 16, __half, 16)
__ANYWARP_FRAGMENT(matrix_a, 16, 16, 16, __nv_bfloat16, 8)
__ANYWARP_FRAGMENT(matrix_b, 16, 16, 16, __nv_bfloat16, 8)
__ANYWARP_FRAGMENT(matrix_a, 32, 8, 16, __nv_bfloat16, 16)
__ANYWARP_FRAGMENT(matrix_b, 32, 8, 16, __nv_bfloat16, 4)
__ANYWARP_FRAGMENT(matrix_a, 8, 32, 16, __nv_bfloat16, 4)
__ANYWARP_FRAGMENT(matrix_b, 8, 32, 16, __nv_bfloat16, 16)
#define __ANYWARP_FRAGMENT_BYTES(__T)             \
  __ANYWARP_FRAGMENT(matrix_a, 16, 16, 16, __T, 8) \
  __ANYWARP_FRAGMENT(matrix_b, 16, 16, 16, __T, 8) \
  __ANYWARP_FRAGMENT(matrix_a, 32, 8, 16, __T, 16) \
  __ANYWARP_FRAGMENT(matrix_b, 32, 8, 16, __T, 4)  \
  __ANYWARP_FRAGMENT(matrix_a, 8, 32, 16, __T, 4)  \
  __ANYWARP_FRAGMENT(matrix_b, 8, 32, 16, __T, 16)
__ANYWARP_FRAGMENT_BYTES(signed char)
__ANYWARP_FRAGMENT_BYTES(unsigned char)
#undef __ANYWARP_FRAGMENT_BYTES
__ANYWARP_FRAGMENT(matrix_a, 16, 16, 8, precision::tf32, 4)
__ANYWARP_FRAGMENT(matrix_b, 16, 16, 8, precision::tf32, 4)
__ANYWARP_FRAGMENT(matrix_a, 8, 8, 4, double, 1)
__ANYWARP_FRAGMENT(matrix_b, 8, 8, 4, double, 1)
__ANYWARP_FRAGMENT(matrix_a, 8, 8, 32, experimental::precision::u4, 1)
__ANYWARP_FRAGMENT(matrix_b, 8, 8, 32, experimental::precision::u4, 1)
__ANYWARP_FRAGMENT(matrix_a, 8, 8, 32, experimental::precision::s4, 1)
__ANYWARP_FRAGMENT(matrix_b, 8, 8, 32, experimental::precision::s4, 1)
__ANYWARP_FRAGMENT(matrix_a, 8, 8, 128, experimental::precision::b1, 1)
__ANYWARP_FRAGMENT(matrix_b, 8, 8, 128, experimental::precision::b1, 1)
#undef __ANYWARP_FRAGMENT

#define __ANYWARP_ACCUMULATOR(__M, __N, __K, __T, __COUNT) \
  template <>                                    \
  class fragment<accumulator, __M, __N, __K, __T, void> : public details::share<__T, __COUNT> {};
#define __ANYWARP_ACCUMULATORS(__T)          \
  __ANYWARP_ACCUMULATOR(16, 16, 16, __T, 8) \
  __ANYWARP_ACCUMULATOR(32, 8, 16, __T, 8)  \
  __ANYWARP_ACCUMULATOR(8, 32, 16, __T, 8)
__ANYWARP_ACCUMULATORS(__half)
__ANYWARP_ACCUMULATORS(float)
__ANYWARP_ACCUMULATORS(int)
#undef __ANYWARP_ACCUMULATORS
__ANYWARP_ACCUMULATOR(16, 16, 8, float, 8)
__ANYWARP_ACCUMULATOR(8, 8, 4, double, 2)
__ANYWARP_ACCUMULATOR(8, 8, 32, int, 2)
__ANYWARP_ACCUMULATOR(8, 8, 128, int, 2)
#undef __ANYWARP_ACCUMULATOR

template <typename Use, int m, int n, int k, typename __T, typename Layout, typename __V>
__ANYWARP_W void fill_fragment(fragment<Use, m, n, k, __T, Layout> &f, const __V &value) {
#pragma unroll
  for (int i = 0; i < f.num_storage_elements; ++i)
    f.x[i] = (typename fragment<Use, m, n, k, __T, Layout>::storage_element_type)value;
}

// The value with its mantissa rounded to the ten bits of tf32.
__ANYWARP_W float __float_to_tf32(float v) {
  float r;
  asm("{ .reg .b32 t; cvt.rna.tf32.f32 t, %1; mov.b32 %0, t; }" : "=f"(r) : "f"(v));
  return r;
}

}  // namespace wmma
}  // namespace nvcuda
#endif
