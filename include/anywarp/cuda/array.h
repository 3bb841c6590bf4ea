// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::std::array and cuda::std::span, whose members are for both sides in every C++ version.
#ifndef ANYWARP_CUDA_ARRAY_H
#define ANYWARP_CUDA_ARRAY_H
#include "std.h"
#include <array>
#include <initializer_list>
#include <iterator>

namespace cuda {
namespace std {

#define __ANYWARP_ACCESS(QUALIFIER, CONST, __DATA, __SIZE)                                                     \
  __ANYWARP_CUDA_HD constexpr CONST __T *data() QUALIFIER noexcept { return __DATA; }                          \
  __ANYWARP_CUDA_HD constexpr CONST __T *begin() QUALIFIER noexcept { return __DATA; }                         \
  __ANYWARP_CUDA_HD constexpr CONST __T *end() QUALIFIER noexcept { return __DATA + __SIZE; }                    \
  __ANYWARP_CUDA_HD constexpr CONST __T &operator[](::std::size_t i) QUALIFIER noexcept { return __DATA[i]; }  \
  __ANYWARP_CUDA_HD constexpr CONST __T &front() QUALIFIER noexcept { return __DATA[0]; }                      \
  __ANYWARP_CUDA_HD constexpr CONST __T &back() QUALIFIER noexcept { return __DATA[__SIZE - 1]; }

template <class __T, ::std::size_t __N>
struct array {
  typedef __T value_type;
  typedef __T &reference;
  typedef const __T &const_reference;
  typedef __T *pointer;
  typedef const __T *const_pointer;
  typedef __T *iterator;
  typedef const __T *const_iterator;
  typedef ::std::size_t size_type;
  typedef ::std::ptrdiff_t difference_type;

  // Public, so that the array is an aggregate.
  __T __elements[__N == 0 ? 1 : __N];

  __ANYWARP_ACCESS(, , __elements, __N)
  __ANYWARP_ACCESS(const, const, __elements, __N)
  __ANYWARP_CUDA_HD constexpr const __T *cbegin() const noexcept { return __elements; }
  __ANYWARP_CUDA_HD constexpr const __T *cend() const noexcept { return __elements + __N; }
  __ANYWARP_CUDA_HD constexpr __T &at(::std::size_t i) { return __elements[i]; }
  __ANYWARP_CUDA_HD constexpr const __T &at(::std::size_t i) const { return __elements[i]; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t size() const noexcept { return __N; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t max_size() const noexcept { return __N; }
  __ANYWARP_CUDA_HD constexpr bool empty() const noexcept { return __N == 0; }
  __ANYWARP_CUDA_HD constexpr void fill(const __T &v) {
    for (::std::size_t i = 0; i < __N; ++i) __elements[i] = v;
  }
  __ANYWARP_CUDA_HD constexpr void swap(array &o) {
    for (::std::size_t i = 0; i < __N; ++i) ::cuda::std::swap(__elements[i], o.__elements[i]);
  }
};
template <class __T, ::std::size_t __N>
__ANYWARP_CUDA_HD constexpr bool operator==(const array<__T, __N> &a, const array<__T, __N> &b) {
  for (::std::size_t i = 0; i < __N; ++i)
    if (!(a[i] == b[i])) return false;
  return true;
}
template <class __T, ::std::size_t __N>
__ANYWARP_CUDA_HD constexpr bool operator!=(const array<__T, __N> &a, const array<__T, __N> &b) {
  return !(a == b);
}
template <class __T, ::std::size_t __N>
__ANYWARP_CUDA_HD constexpr bool operator<(const array<__T, __N> &a, const array<__T, __N> &b) {
  for (::std::size_t i = 0; i < __N; ++i) {
    if (a[i] < b[i]) return true;
    if (b[i] < a[i]) return false;
  }
  return false;
}
template <::std::size_t __I, class __T, ::std::size_t __N>
__ANYWARP_CUDA_HD constexpr __T &get(array<__T, __N> &a) noexcept {
  return a[__I];
}
template <::std::size_t __I, class __T, ::std::size_t __N>
__ANYWARP_CUDA_HD constexpr const __T &get(const array<__T, __N> &a) noexcept {
  return a[__I];
}
using ::std::get;
#if __cplusplus >= 201703L
template <class __T, class... Rest>
__host__ __device__ array(__T, Rest...) -> array<__T, 1 + sizeof...(Rest)>;
#endif

constexpr ::std::size_t dynamic_extent = ~::std::size_t(0);

template <class __T, ::std::size_t Extent = dynamic_extent>
class span {
  __T *data_;
  ::std::size_t size_;

 public:
  typedef __T element_type;
  typedef typename ::std::remove_cv<__T>::type value_type;
  typedef ::std::size_t size_type;
  typedef ::std::ptrdiff_t difference_type;
  typedef __T *pointer;
  typedef __T &reference;
  typedef __T *iterator;
  static constexpr ::std::size_t extent = Extent;

  __ANYWARP_CUDA_HD constexpr span() noexcept : data_(nullptr), size_(0) {}
  __ANYWARP_CUDA_HD constexpr span(__T *data, ::std::size_t size) : data_(data), size_(size) {}
  __ANYWARP_CUDA_HD constexpr span(__T *first, __T *last) : data_(first), size_(last - first) {}
  template <::std::size_t __N>
  __ANYWARP_CUDA_HD constexpr span(__T (&a)[__N]) noexcept : data_(a), size_(__N) {}
  // Whatever has data() and size(): arrays, vectors, other spans.
  template <class Range, class = typename ::std::enable_if<::std::is_convertible<
                             typename ::std::remove_pointer<decltype(::std::declval<Range &>().data())>::type (*)[], __T (*)[]>::value>::type>
  constexpr span(Range &&r) : data_(r.data()), size_(r.size()) {}

  __ANYWARP_CUDA_HD constexpr __T *data() const noexcept { return data_; }
  __ANYWARP_CUDA_HD constexpr __T *begin() const noexcept { return data_; }
  __ANYWARP_CUDA_HD constexpr __T *end() const noexcept { return data_ + size_; }
  __ANYWARP_CUDA_HD constexpr __T &operator[](::std::size_t i) const { return data_[i]; }
  __ANYWARP_CUDA_HD constexpr __T &front() const { return data_[0]; }
  __ANYWARP_CUDA_HD constexpr __T &back() const { return data_[size_ - 1]; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t size() const noexcept { return size_; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t size_bytes() const noexcept { return size_ * sizeof(__T); }
  __ANYWARP_CUDA_HD constexpr bool empty() const noexcept { return size_ == 0; }
  __ANYWARP_CUDA_HD constexpr span<__T> first(::std::size_t n) const { return span<__T>(data_, n); }
  __ANYWARP_CUDA_HD constexpr span<__T> last(::std::size_t n) const { return span<__T>(data_ + size_ - n, n); }
  __ANYWARP_CUDA_HD constexpr span<__T> subspan(::std::size_t from, ::std::size_t n = dynamic_extent) const {
    return span<__T>(data_ + from, n == dynamic_extent ? size_ - from : n);
  }
};
#if __cplusplus >= 201703L
template <class __T, ::std::size_t __N>
__host__ __device__ span(__T (&)[__N]) -> span<__T, __N>;
template <class Range>
__host__ __device__ span(Range &&r) -> span<typename ::std::remove_pointer<decltype(r.data())>::type>;
#endif
#undef __ANYWARP_ACCESS

}  // namespace std
}  // namespace cuda

namespace std {
template <class __T, size_t __N>
struct tuple_size<::cuda::std::array<__T, __N>> : integral_constant<size_t, __N> {};
template <size_t __I, class __T, size_t __N>
struct tuple_element<__I, ::cuda::std::array<__T, __N>> {
  typedef __T type;
};
}  // namespace std
#endif
