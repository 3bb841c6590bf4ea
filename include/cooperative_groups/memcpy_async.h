// SPDX-License-Identifier: MIT OR Apache-2.0
// memcpy_async: the threads of the group copy together; the copy is done when wait returns.
#ifndef _CG_MEMCPY_ASYNC_H_
#define _CG_MEMCPY_ASYNC_H_
#include "../cooperative_groups.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)

namespace cooperative_groups {

template <class Group, class Dst, class Src>
__ANYWARP_G void memcpy_async(const Group &g, Dst *dst, const Src *src, size_t bytes) {
  char *to = (char *)dst;
  const char *from = (const char *)src;
  size_t done = 0;
  if ((((size_t)to | (size_t)from) & 15) == 0) {
    done = bytes & ~(size_t)15;
    for (size_t i = g.thread_rank(); i < done / 16; i += g.size()) ((uint4 *)to)[i] = ((const uint4 *)from)[i];
  } else if ((((size_t)to | (size_t)from) & 3) == 0) {
    done = bytes & ~(size_t)3;
    for (size_t i = g.thread_rank(); i < done / 4; i += g.size())
      ((unsigned int *)to)[i] = ((const unsigned int *)from)[i];
  }
  for (size_t i = done + g.thread_rank(); i < bytes; i += g.size()) to[i] = from[i];
}
// In elements, at most as many as both layouts have.
template <class Group, class __T>
__ANYWARP_G void memcpy_async(const Group &g, __T *dst, size_t dst_count, const __T *src, size_t src_count) {
  memcpy_async(g, dst, src, (dst_count < src_count ? dst_count : src_count) * sizeof(__T));
}
template <class Group>
__ANYWARP_G void wait(const Group &g) {
  g.sync();
}
template <unsigned int Stages, class Group>
__ANYWARP_G void wait_prior(const Group &g) {
  g.sync();
}

}  // namespace cooperative_groups
#endif
#endif
