// SPDX-License-Identifier: MIT OR Apache-2.0
// Inclusive and exclusive scans over groups of a warp and tiles of a block.
#ifndef _CG_SCAN_H_
#define _CG_SCAN_H_
#include "reduce.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)

namespace cooperative_groups {

namespace details {
// The scan with this thread's value; `before` gets the one without it, which the group's first thread has none of.
template <class Group, class __T, class Op>
__ANYWARP_G __T scan(const Group &g, __T value, __T &before, Op &&op) {
  unsigned int n = g.num_threads(), rank = g.thread_rank();
  for (unsigned int step = 1; step < n; step *= 2) {
    __T other = g.shfl_up(value, step);
    if (rank >= step) value = op(other, value);
  }
  before = g.shfl_up(value, 1);
  return value;
}
#define __ANYWARP_SCAN(SIZE)                                                                                          \
  template <class Parent, class __T, class Op>                                                                        \
  __ANYWARP_G __T scan(const thread_block_tile<SIZE, Parent> &g, __T value, __T &before, Op &&op) {                   \
    return g.__scan(value, before, op);                                                                               \
  }
__ANYWARP_SCAN(64)
__ANYWARP_SCAN(128)
__ANYWARP_SCAN(256)
__ANYWARP_SCAN(512)
#undef __ANYWARP_SCAN
}  // namespace details

template <class Group, class __T, class Op>
__ANYWARP_G __T inclusive_scan(const Group &g, __T value, Op &&op) {
  __T before;
  return details::scan(g, value, before, op);
}
template <class Group, class __T>
__ANYWARP_G __T inclusive_scan(const Group &g, __T value) {
  return inclusive_scan(g, value, plus<__T>());
}
// The first rank gets T's default value, which the guide defines for plus and leaves open otherwise.
template <class Group, class __T, class Op>
__ANYWARP_G __T exclusive_scan(const Group &g, __T value, Op &&op) {
  __T before;
  details::scan(g, value, before, op);
  return g.thread_rank() == 0 ? __T() : before;
}
template <class Group, class __T>
__ANYWARP_G __T exclusive_scan(const Group &g, __T value) {
  return exclusive_scan(g, value, plus<__T>());
}

// The scan, on top of what `place` held; `place` then holds the total.
template <class Group, class __T, ::cuda::thread_scope Scope, class Op>
__ANYWARP_G __T inclusive_scan_update(const Group &g, ::cuda::atomic<__T, Scope> &place, __T value, Op &&op) {
  __T sum = inclusive_scan(g, value, op), before = __T();
  const unsigned int last = g.num_threads() - 1;
  if (g.thread_rank() == last) before = details::update(place, sum, op);
  return op(g.shfl(before, last), sum);
}
template <class Group, class __T, ::cuda::thread_scope Scope>
__ANYWARP_G __T inclusive_scan_update(const Group &g, ::cuda::atomic<__T, Scope> &place, __T value) {
  return inclusive_scan_update(g, place, value, plus<__T>());
}
template <class Group, class __T, ::cuda::thread_scope Scope, class Op>
__ANYWARP_G __T exclusive_scan_update(const Group &g, ::cuda::atomic<__T, Scope> &place, __T value, Op &&op) {
  __T below, sum = details::scan(g, value, below, op), before = __T();
  const unsigned int last = g.num_threads() - 1;
  if (g.thread_rank() == last) before = details::update(place, sum, op);
  before = g.shfl(before, last);
  return g.thread_rank() == 0 ? before : op(before, below);
}
template <class Group, class __T, ::cuda::thread_scope Scope>
__ANYWARP_G __T exclusive_scan_update(const Group &g, ::cuda::atomic<__T, Scope> &place, __T value) {
  return exclusive_scan_update(g, place, value, plus<__T>());
}

}  // namespace cooperative_groups
#endif
#endif
