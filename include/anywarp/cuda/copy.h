// SPDX-License-Identifier: MIT OR Apache-2.0
// The copies behind cuda::memcpy_async. They are done when the call returns, which the guide allows: a copy may complete
// at any time before its barrier or pipeline stage.
#ifndef ANYWARP_CUDA_COPY_H
#define ANYWARP_CUDA_COPY_H
#include "scope.h"

namespace cuda {

enum class async_contract_fulfillment { none, async };

namespace __anywarp {
template <class Word>
__ANYWARP_CUDA_HD ::std::size_t copy_words(char *to, const char *from, ::std::size_t bytes, ::std::size_t rank,
                                           ::std::size_t threads) {
  const ::std::size_t count = bytes / sizeof(Word);
  for (::std::size_t i = rank; i < count; i += threads) ((Word *)to)[i] = ((const Word *)from)[i];
  return count * sizeof(Word);
}
// The share of one thread, `rank` of `threads`, of a copy at addresses of which `align` is known.
__ANYWARP_CUDA_HD void copy_share(void *dst, const void *src, ::std::size_t bytes, ::std::size_t align,
                                  ::std::size_t rank, ::std::size_t threads) {
  char *to = (char *)dst;
  const char *from = (const char *)src;
  ::std::size_t done = 0;
  const ::std::size_t places = align % 16 == 0 ? 0 : (::std::size_t)to | (::std::size_t)from;
  if (places % 16 == 0) done = copy_words<uint4>(to, from, bytes, rank, threads);
  else if (places % 8 == 0) done = copy_words<unsigned long long>(to, from, bytes, rank, threads);
  else if (places % 4 == 0) done = copy_words<unsigned int>(to, from, bytes, rank, threads);
  if (align % 16 != 0) copy_words<char>(to + done, from + done, bytes - done, rank, threads);
  else if (done != bytes) copy_words<char>(to + done, from + done, bytes - done, rank, threads);
}
// What the size's type says of the addresses.
template <::std::size_t Alignment>
__ANYWARP_CUDA_HD constexpr ::std::size_t alignment_of(aligned_size_t<Alignment>) {
  return Alignment;
}
__ANYWARP_CUDA_HD constexpr ::std::size_t alignment_of(::std::size_t) { return 1; }

template <class Group, class Size>
__ANYWARP_CUDA_HD async_contract_fulfillment copy_group(const Group &g, void *dst, const void *src, Size size) {
  copy_share(dst, src, size, alignment_of(size), g.thread_rank(), g.size());
  return async_contract_fulfillment::none;
}
template <class Size>
__ANYWARP_CUDA_HD async_contract_fulfillment copy_one(void *dst, const void *src, Size size) {
  copy_share(dst, src, size, alignment_of(size), 0, 1);
  return async_contract_fulfillment::none;
}
}  // namespace __anywarp

// memcpy_async([group,] dst, src, size, Sync): the arrival or commit that follows says that it is done.
#define __ANYWARP_CUDA_COMMA ,
#define __ANYWARP_MEMCPY_ASYNC(PARAMETER, __SYNC)                                                                          \
  template <PARAMETER>                                                                                                   \
  __ANYWARP_CUDA_HD async_contract_fulfillment memcpy_async(void *dst, const void *src, ::std::size_t size, __SYNC &) {    \
    return __anywarp::copy_one(dst, src, size);                                                                          \
  }                                                                                                                      \
  template <::std::size_t Alignment, PARAMETER>                                                                          \
  __ANYWARP_CUDA_HD async_contract_fulfillment memcpy_async(void *dst, const void *src, aligned_size_t<Alignment> size,  \
                                                            __SYNC &) {                                                    \
    return __anywarp::copy_one(dst, src, size);                                                                          \
  }                                                                                                                      \
  template <class Group, PARAMETER>                                                                                      \
  __ANYWARP_CUDA_HD async_contract_fulfillment memcpy_async(const Group &g, void *dst, const void *src,                  \
                                                            ::std::size_t size, __SYNC &) {                                \
    return __anywarp::copy_group(g, dst, src, size);                                                                     \
  }                                                                                                                      \
  template <class Group, ::std::size_t Alignment, PARAMETER>                                                             \
  __ANYWARP_CUDA_HD async_contract_fulfillment memcpy_async(const Group &g, void *dst, const void *src,                  \
                                                            aligned_size_t<Alignment> size, __SYNC &) {                    \
    return __anywarp::copy_group(g, dst, src, size);                                                                     \
  }

}  // namespace cuda
#endif
