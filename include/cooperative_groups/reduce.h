// SPDX-License-Identifier: MIT OR Apache-2.0
// cooperative_groups::reduce for groups of a warp and tiles of a block, and the function objects.
#ifndef _CG_REDUCE_H_
#define _CG_REDUCE_H_
#include "../cooperative_groups.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)
#include "../anywarp/cuda/atomic.h"

namespace cooperative_groups {

#define __ANYWARP_FUNCTOR(NAME, EXPR)                                \
  template <class __T>                                                 \
  struct NAME {                                                      \
    __ANYWARP_G __T operator()(__T a, __T b) const { return EXPR; }        \
  };
__ANYWARP_FUNCTOR(plus, a + b)
__ANYWARP_FUNCTOR(less, b < a ? b : a)
__ANYWARP_FUNCTOR(greater, a < b ? b : a)
__ANYWARP_FUNCTOR(bit_and, a & b)
__ANYWARP_FUNCTOR(bit_or, a | b)
__ANYWARP_FUNCTOR(bit_xor, a ^ b)
#undef __ANYWARP_FUNCTOR

template <unsigned int Size, class Parent, class __T, class Op>
__ANYWARP_G __T reduce(const thread_block_tile<Size, Parent> &g, __T value, Op &&op) {
  return g.__reduce(value, op);
}
template <class __T, class Op>
__ANYWARP_G __T reduce(const coalesced_group &g, __T value, Op &&op) {
  unsigned int n = g.num_threads(), rank = g.thread_rank();
  for (unsigned int step = 1; step < n; step *= 2) {
    __T other = g.shfl_down(value, step);
    if (rank + step < n) value = op(value, other);
  }
  return g.shfl(value, 0);
}
namespace details {
// Applies op to an atomic of any scope; returns what was there.
template <class Atomic, class __T, class Op>
__ANYWARP_G __T update(Atomic &place, __T value, Op &op) {
  __T seen = place.load(::cuda::memory_order_relaxed);
  while (!place.compare_exchange_weak(seen, op(seen, value), ::cuda::memory_order_relaxed)) {
  }
  return seen;
}
}  // namespace details
// `place`: a cuda::atomic or atomic_ref, or a plain object.
template <class Group, class __T, ::cuda::thread_scope Scope, class Op>
__ANYWARP_G void reduce_update_async(const Group &g, ::cuda::atomic<__T, Scope> &place, __T value, Op &&op) {
  __T total = reduce(g, value, op);
  if (g.thread_rank() == 0) details::update(place, total, op);
}
template <class Group, class __T, ::cuda::thread_scope Scope, class Op>
__ANYWARP_G void reduce_update_async(const Group &g, const ::cuda::atomic_ref<__T, Scope> &place, __T value, Op &&op) {
  __T total = reduce(g, value, op);
  if (g.thread_rank() == 0) details::update(place, total, op);
}
template <class Group, class __T, class Op>
__ANYWARP_G void reduce_update_async(const Group &g, __T &place, __T value, Op &&op) {
  reduce_update_async(g, ::cuda::atomic_ref<__T, ::cuda::thread_scope_device>(place), value, op);
}
template <class Group, class __T, class Op>
__ANYWARP_G void reduce_store_async(const Group &g, __T *destination, __T value, Op &&op) {
  __T total = reduce(g, value, op);
  if (g.thread_rank() == 0) *destination = total;
}

}  // namespace cooperative_groups
#endif
#endif
