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

template <class __T>
__ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_move_constructible<__T>::value>::type swap(__T &a, __T &b) {
  __T t = static_cast<__T &&>(a);
  a = static_cast<__T &&>(b);
  b = static_cast<__T &&>(t);
}
template <class __T, ::std::size_t __N>
__ANYWARP_CUDA_HD constexpr void swap(__T (&a)[__N], __T (&b)[__N]) {
  for (::std::size_t i = 0; i < __N; ++i) ::cuda::std::swap(a[i], b[i]);
}
template <class __T, class __U = __T>
__ANYWARP_CUDA_HD constexpr __T exchange(__T &object, __U &&value) {
  __T old = static_cast<__T &&>(object);
  object = static_cast<__U &&>(value);
  return old;
}

// C++20's, in every version.
struct identity {
  typedef void is_transparent;
  template <class __T>
  __ANYWARP_CUDA_HD constexpr __T &&operator()(__T &&t) const noexcept {
    return static_cast<__T &&>(t);
  }
};
template <class To, class From>
__ANYWARP_CUDA_HD constexpr To bit_cast(const From &from) noexcept {
  static_assert(sizeof(To) == sizeof(From), "bit_cast between types of one size");
  return __builtin_bit_cast(To, from);
}
template <class __T>
struct remove_cvref {
  typedef typename ::std::remove_cv<typename ::std::remove_reference<__T>::type>::type type;
};
template <class __T>
using remove_cvref_t = typename remove_cvref<__T>::type;

#define __ANYWARP_BITS(NAME, RESULT, EXPRESSION)                                                        \
  template <class __T>                                                                                    \
  __ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_unsigned<__T>::value, RESULT>::type NAME(__T x) noexcept { \
    return EXPRESSION;                                                                                  \
  }
__ANYWARP_BITS(popcount, int, __builtin_popcountll(x))
__ANYWARP_BITS(countl_zero, int,
               x == 0 ? int(sizeof(__T) * 8) : __builtin_clzll(x) - int(64 - sizeof(__T) * 8))
__ANYWARP_BITS(countr_zero, int, x == 0 ? int(sizeof(__T) * 8) : __builtin_ctzll(x))
__ANYWARP_BITS(countl_one, int, ::cuda::std::countl_zero(__T(~x)))
__ANYWARP_BITS(countr_one, int, ::cuda::std::countr_zero(__T(~x)))
__ANYWARP_BITS(bit_width, int, int(sizeof(__T) * 8) - ::cuda::std::countl_zero(x))
__ANYWARP_BITS(has_single_bit, bool, x != 0 && (x & __T(x - 1)) == 0)
__ANYWARP_BITS(bit_floor, __T, x == 0 ? __T(0) : __T(__T(1) << (::cuda::std::bit_width(x) - 1)))
__ANYWARP_BITS(bit_ceil, __T, x <= 1 ? __T(1) : __T(__T(1) << ::cuda::std::bit_width(__T(x - 1))))
#undef __ANYWARP_BITS
template <class __T>
__ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_unsigned<__T>::value, __T>::type rotl(__T x, int n) noexcept {
  constexpr int bits = sizeof(__T) * 8;
  return (n %= bits) == 0 ? x : n > 0 ? __T(x << n | x >> (bits - n)) : __T(x >> -n | x << (bits + n));
}
template <class __T>
__ANYWARP_CUDA_HD constexpr typename ::std::enable_if<::std::is_unsigned<__T>::value, __T>::type rotr(__T x, int n) noexcept {
  return ::cuda::std::rotl(x, -n);
}
}  // namespace std
}  // namespace cuda
#endif
