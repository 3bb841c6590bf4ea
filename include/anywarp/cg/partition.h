// SPDX-License-Identifier: MIT OR Apache-2.0
// Partitions of groups: tiles of a fixed size, and groups by label or predicate.
#ifndef ANYWARP_CG_PARTITION_H
#define ANYWARP_CG_PARTITION_H
#include "grid.h"

namespace cooperative_groups {

template <unsigned int Size>
__ANYWARP_G thread_block_tile<Size, thread_block> tiled_partition(const thread_block &g) {
  return thread_block_tile<Size, thread_block>(g.thread_rank() / Size, (g.size() + Size - 1) / Size);
}
template <unsigned int Size, unsigned int Outer, class Parent>
__ANYWARP_G thread_block_tile<Size, thread_block_tile<Outer, Parent>> tiled_partition(
    const thread_block_tile<Outer, Parent> &g) {
  static_assert(Size <= Outer, "tiled_partition: a tile is not larger than its parent");
  return thread_block_tile<Size, thread_block_tile<Outer, Parent>>(g.thread_rank() / Size, Outer / Size);
}
template <unsigned int Size>
__ANYWARP_G thread_block_tile<Size> tiled_partition(const thread_group &g) {
  return thread_block_tile<Size>(g.thread_rank() / Size, (g.num_threads() + Size - 1) / Size);
}

// A tile whose size is known at run time: a power of two up to 32.
__ANYWARP_G coalesced_group tiled_partition(const coalesced_group &g, unsigned int size) {
  unsigned int first = g.thread_rank() / size * size, mask = 0;
  for (unsigned int rank = first; rank < first + size && rank < g.num_threads(); ++rank)
    mask |= 1u << details::lane_of_rank(g.__mask(), rank);
  return coalesced_group(mask, first / size, (g.num_threads() + size - 1) / size);
}
__ANYWARP_G thread_group tiled_partition(const thread_block &g, unsigned int size) {
  if (size > 32) __trap();
  unsigned int base = details::lane_id() & ~(size - 1);
  unsigned int mask = size == 32 ? 0xffffffffu : ((1u << size) - 1) << base;
  return thread_group(coalesced_group(mask, g.thread_rank() / size, (g.size() + size - 1) / size));
}
__ANYWARP_G thread_group tiled_partition(const thread_group &g, unsigned int size) {
  if (g.__is_block()) return tiled_partition(thread_block(), size);
  return thread_group(tiled_partition(coalesced_group(g.__mask()), size));
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
namespace details {
// The group of the lanes in `same`, one of those that the leaders' ballot counts.
__ANYWARP_G coalesced_group labeled(unsigned int parent, unsigned int same) {
  unsigned int leader = __builtin_ctz(same);
  unsigned int leaders = __ballot_sync(parent, lane_id() == leader);
  return coalesced_group(same, __builtin_popcount(leaders & ((1u << leader) - 1)), __builtin_popcount(leaders));
}
}  // namespace details
template <class Group, class Label>
__ANYWARP_G coalesced_group labeled_partition(const Group &g, Label label) {
  return details::labeled(g.__mask(), __match_any_sync(g.__mask(), label));
}
template <class Group>
__ANYWARP_G coalesced_group binary_partition(const Group &g, bool pred) {
  unsigned int yes = __ballot_sync(g.__mask(), pred) & g.__mask();
  // Of the two groups, that of the lanes where the predicate holds comes second.
  return coalesced_group(pred ? yes : g.__mask() & ~yes, pred, 2);
}
#endif

}  // namespace cooperative_groups
#endif
