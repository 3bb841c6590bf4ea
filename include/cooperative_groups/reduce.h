// SPDX-License-Identifier: MIT OR Apache-2.0
// cooperative_groups::reduce for groups within a warp, and the function objects.
#ifndef _CG_REDUCE_H_
#define _CG_REDUCE_H_
#include "../cooperative_groups.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)
#include "../anywarp/cuda/atomic.h"

namespace cooperative_groups {

#define __ANYWARP_FUNCTOR(NAME, EXPR)                                \
  template <class T>                                                 \
  struct NAME {                                                      \
    __ANYWARP_G T operator()(T a, T b) const { return EXPR; }        \
  };
__ANYWARP_FUNCTOR(plus, a + b)
__ANYWARP_FUNCTOR(less, b < a ? b : a)
__ANYWARP_FUNCTOR(greater, a < b ? b : a)
__ANYWARP_FUNCTOR(bit_and, a & b)
__ANYWARP_FUNCTOR(bit_or, a | b)
__ANYWARP_FUNCTOR(bit_xor, a ^ b)
#undef __ANYWARP_FUNCTOR

template <unsigned int Size, class Parent, class T, class Op>
__ANYWARP_G T reduce(const thread_block_tile<Size, Parent> &g, T value, Op &&op) {
#pragma unroll
  for (unsigned int step = Size / 2; step > 0; step /= 2) value = op(value, g.shfl_xor(value, step));
  return value;
}
template <class T, class Op>
__ANYWARP_G T reduce(const coalesced_group &g, T value, Op &&op) {
  unsigned int n = g.num_threads(), rank = g.thread_rank();
  for (unsigned int step = 1; step < n; step *= 2) {
    T other = g.shfl_down(value, step);
    if (rank + step < n) value = op(value, other);
  }
  return g.shfl(value, 0);
}
namespace details {
// Applies op to an atomic of any scope; returns what was there.
template <class Atomic, class T, class Op>
__ANYWARP_G T update(Atomic &place, T value, Op &op) {
  T seen = place.load(::cuda::memory_order_relaxed);
  while (!place.compare_exchange_weak(seen, op(seen, value), ::cuda::memory_order_relaxed)) {
  }
  return seen;
}
}  // namespace details
// `place`: a cuda::atomic or atomic_ref, or a plain object.
template <class Group, class T, ::cuda::thread_scope Scope, class Op>
__ANYWARP_G void reduce_update_async(const Group &g, ::cuda::atomic<T, Scope> &place, T value, Op &&op) {
  T total = reduce(g, value, op);
  if (g.thread_rank() == 0) details::update(place, total, op);
}
template <class Group, class T, ::cuda::thread_scope Scope, class Op>
__ANYWARP_G void reduce_update_async(const Group &g, const ::cuda::atomic_ref<T, Scope> &place, T value, Op &&op) {
  T total = reduce(g, value, op);
  if (g.thread_rank() == 0) details::update(place, total, op);
}
template <class Group, class T, class Op>
__ANYWARP_G void reduce_update_async(const Group &g, T &place, T value, Op &&op) {
  reduce_update_async(g, ::cuda::atomic_ref<T, ::cuda::thread_scope_device>(place), value, op);
}
template <class Group, class T, class Op>
__ANYWARP_G void reduce_store_async(const Group &g, T *destination, T value, Op &&op) {
  T total = reduce(g, value, op);
  if (g.thread_rank() == 0) *destination = total;
}

}  // namespace cooperative_groups
#endif
#endif
