// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::std: the names of std, for both sides as far as they are constexpr, and device versions of common ones that are not
// (before C++20). A header below cuda/std includes its namesake and this.
#ifndef ANYWARP_CUDA_STD_H
#define ANYWARP_CUDA_STD_H
#include "scope.h"
#include <climits>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace cuda {
namespace std {
// A name that is not declared here is std's.
using namespace ::std;

template <class T>
__ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_move_constructible<T>::value>::type swap(T &a, T &b) {
  T t = static_cast<T &&>(a);
  a = static_cast<T &&>(b);
  b = static_cast<T &&>(t);
}
template <class T, ::std::size_t N>
__ANYWARP_CUDA_HD constexpr void swap(T (&a)[N], T (&b)[N]) {
  for (::std::size_t i = 0; i < N; ++i) ::cuda::std::swap(a[i], b[i]);
}
template <class T, class U = T>
__ANYWARP_CUDA_HD constexpr T exchange(T &object, U &&value) {
  T old = static_cast<T &&>(object);
  object = static_cast<U &&>(value);
  return old;
}

// C++20's, in every version.
struct identity {
  typedef void is_transparent;
  template <class T>
  __ANYWARP_CUDA_HD constexpr T &&operator()(T &&t) const noexcept {
    return static_cast<T &&>(t);
  }
};
template <class To, class From>
__ANYWARP_CUDA_HD constexpr To bit_cast(const From &from) noexcept {
  static_assert(sizeof(To) == sizeof(From), "bit_cast between types of one size");
  return __builtin_bit_cast(To, from);
}
template <class T>
struct remove_cvref {
  typedef typename ::std::remove_cv<typename ::std::remove_reference<T>::type>::type type;
};
template <class T>
using remove_cvref_t = typename remove_cvref<T>::type;

#define __ANYWARP_BITS(NAME, RESULT, EXPRESSION)                                                        \
  template <class T>                                                                                    \
  __ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_unsigned<T>::value, RESULT>::type NAME(T x) noexcept { \
    return EXPRESSION;                                                                                  \
  }
__ANYWARP_BITS(popcount, int, __builtin_popcountll(x))
__ANYWARP_BITS(countl_zero, int,
               x == 0 ? int(sizeof(T) * 8) : __builtin_clzll(x) - int(64 - sizeof(T) * 8))
__ANYWARP_BITS(countr_zero, int, x == 0 ? int(sizeof(T) * 8) : __builtin_ctzll(x))
__ANYWARP_BITS(countl_one, int, ::cuda::std::countl_zero(T(~x)))
__ANYWARP_BITS(countr_one, int, ::cuda::std::countr_zero(T(~x)))
__ANYWARP_BITS(bit_width, int, int(sizeof(T) * 8) - ::cuda::std::countl_zero(x))
__ANYWARP_BITS(has_single_bit, bool, x != 0 && (x & T(x - 1)) == 0)
__ANYWARP_BITS(bit_floor, T, x == 0 ? T(0) : T(T(1) << (::cuda::std::bit_width(x) - 1)))
__ANYWARP_BITS(bit_ceil, T, x <= 1 ? T(1) : T(T(1) << ::cuda::std::bit_width(T(x - 1))))
#undef __ANYWARP_BITS
template <class T>
__ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_unsigned<T>::value, T>::type rotl(T x, int n) noexcept {
  constexpr int bits = sizeof(T) * 8;
  return (n %= bits) == 0 ? x : n > 0 ? T(x << n | x >> (bits - n)) : T(x >> -n | x << (bits + n));
}
template <class T>
__ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_unsigned<T>::value, T>::type rotr(T x, int n) noexcept {
  return ::cuda::std::rotl(x, -n);
}
}  // namespace std
}  // namespace cuda
#endif
