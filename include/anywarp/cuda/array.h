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

#define __ANYWARP_ACCESS(QUALIFIER, CONST, DATA, SIZE)                                                     \
  __ANYWARP_CUDA_HD constexpr CONST T *data() QUALIFIER noexcept { return DATA; }                          \
  __ANYWARP_CUDA_HD constexpr CONST T *begin() QUALIFIER noexcept { return DATA; }                         \
  __ANYWARP_CUDA_HD constexpr CONST T *end() QUALIFIER noexcept { return DATA + SIZE; }                    \
  __ANYWARP_CUDA_HD constexpr CONST T &operator[](::std::size_t i) QUALIFIER noexcept { return DATA[i]; }  \
  __ANYWARP_CUDA_HD constexpr CONST T &front() QUALIFIER noexcept { return DATA[0]; }                      \
  __ANYWARP_CUDA_HD constexpr CONST T &back() QUALIFIER noexcept { return DATA[SIZE - 1]; }

template <class T, ::std::size_t N>
struct array {
  typedef T value_type;
  typedef T &reference;
  typedef const T &const_reference;
  typedef T *pointer;
  typedef const T *const_pointer;
  typedef T *iterator;
  typedef const T *const_iterator;
  typedef ::std::size_t size_type;
  typedef ::std::ptrdiff_t difference_type;

  // Public, so that the array is an aggregate.
  T __elements[N == 0 ? 1 : N];

  __ANYWARP_ACCESS(, , __elements, N)
  __ANYWARP_ACCESS(const, const, __elements, N)
  __ANYWARP_CUDA_HD constexpr const T *cbegin() const noexcept { return __elements; }
  __ANYWARP_CUDA_HD constexpr const T *cend() const noexcept { return __elements + N; }
  __ANYWARP_CUDA_HD constexpr T &at(::std::size_t i) { return __elements[i]; }
  __ANYWARP_CUDA_HD constexpr const T &at(::std::size_t i) const { return __elements[i]; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t size() const noexcept { return N; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t max_size() const noexcept { return N; }
  __ANYWARP_CUDA_HD constexpr bool empty() const noexcept { return N == 0; }
  __ANYWARP_CUDA_HD constexpr void fill(const T &v) {
    for (::std::size_t i = 0; i < N; ++i) __elements[i] = v;
  }
  __ANYWARP_CUDA_HD constexpr void swap(array &o) {
    for (::std::size_t i = 0; i < N; ++i) ::cuda::std::swap(__elements[i], o.__elements[i]);
  }
};
template <class T, ::std::size_t N>
__ANYWARP_CUDA_HD constexpr bool operator==(const array<T, N> &a, const array<T, N> &b) {
  for (::std::size_t i = 0; i < N; ++i)
    if (!(a[i] == b[i])) return false;
  return true;
}
template <class T, ::std::size_t N>
__ANYWARP_CUDA_HD constexpr bool operator!=(const array<T, N> &a, const array<T, N> &b) {
  return !(a == b);
}
template <class T, ::std::size_t N>
__ANYWARP_CUDA_HD constexpr bool operator<(const array<T, N> &a, const array<T, N> &b) {
  for (::std::size_t i = 0; i < N; ++i) {
    if (a[i] < b[i]) return true;
    if (b[i] < a[i]) return false;
  }
  return false;
}
template <::std::size_t I, class T, ::std::size_t N>
__ANYWARP_CUDA_HD constexpr T &get(array<T, N> &a) noexcept {
  return a[I];
}
template <::std::size_t I, class T, ::std::size_t N>
__ANYWARP_CUDA_HD constexpr const T &get(const array<T, N> &a) noexcept {
  return a[I];
}
using ::std::get;
#if __cplusplus >= 201703L
template <class T, class... Rest>
__host__ __device__ array(T, Rest...) -> array<T, 1 + sizeof...(Rest)>;
#endif

constexpr ::std::size_t dynamic_extent = ~::std::size_t(0);

template <class T, ::std::size_t Extent = dynamic_extent>
class span {
  T *data_;
  ::std::size_t size_;

 public:
  typedef T element_type;
  typedef typename ::std::remove_cv<T>::type value_type;
  typedef ::std::size_t size_type;
  typedef ::std::ptrdiff_t difference_type;
  typedef T *pointer;
  typedef T &reference;
  typedef T *iterator;
  static constexpr ::std::size_t extent = Extent;

  __ANYWARP_CUDA_HD constexpr span() noexcept : data_(nullptr), size_(0) {}
  __ANYWARP_CUDA_HD constexpr span(T *data, ::std::size_t size) : data_(data), size_(size) {}
  __ANYWARP_CUDA_HD constexpr span(T *first, T *last) : data_(first), size_(last - first) {}
  template <::std::size_t N>
  __ANYWARP_CUDA_HD constexpr span(T (&a)[N]) noexcept : data_(a), size_(N) {}
  // Whatever has data() and size(): arrays, vectors, other spans.
  template <class Range, class = typename ::std::enable_if<::std::is_convertible<
                             typename ::std::remove_pointer<decltype(::std::declval<Range &>().data())>::type (*)[], T (*)[]>::value>::type>
  constexpr span(Range &&r) : data_(r.data()), size_(r.size()) {}

  __ANYWARP_CUDA_HD constexpr T *data() const noexcept { return data_; }
  __ANYWARP_CUDA_HD constexpr T *begin() const noexcept { return data_; }
  __ANYWARP_CUDA_HD constexpr T *end() const noexcept { return data_ + size_; }
  __ANYWARP_CUDA_HD constexpr T &operator[](::std::size_t i) const { return data_[i]; }
  __ANYWARP_CUDA_HD constexpr T &front() const { return data_[0]; }
  __ANYWARP_CUDA_HD constexpr T &back() const { return data_[size_ - 1]; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t size() const noexcept { return size_; }
  __ANYWARP_CUDA_HD constexpr ::std::size_t size_bytes() const noexcept { return size_ * sizeof(T); }
  __ANYWARP_CUDA_HD constexpr bool empty() const noexcept { return size_ == 0; }
  __ANYWARP_CUDA_HD constexpr span<T> first(::std::size_t n) const { return span<T>(data_, n); }
  __ANYWARP_CUDA_HD constexpr span<T> last(::std::size_t n) const { return span<T>(data_ + size_ - n, n); }
  __ANYWARP_CUDA_HD constexpr span<T> subspan(::std::size_t from, ::std::size_t n = dynamic_extent) const {
    return span<T>(data_ + from, n == dynamic_extent ? size_ - from : n);
  }
};
#if __cplusplus >= 201703L
template <class T, ::std::size_t N>
__host__ __device__ span(T (&)[N]) -> span<T, N>;
template <class Range>
__host__ __device__ span(Range &&r) -> span<typename ::std::remove_pointer<decltype(r.data())>::type>;
#endif
#undef __ANYWARP_ACCESS

}  // namespace std
}  // namespace cuda

namespace std {
template <class T, size_t N>
struct tuple_size<::cuda::std::array<T, N>> : integral_constant<size_t, N> {};
template <size_t I, class T, size_t N>
struct tuple_element<I, ::cuda::std::array<T, N>> {
  typedef T type;
};
}  // namespace std
#endif
