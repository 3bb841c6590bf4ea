// Cooperative groups: tiles, coalesced groups, partitions, reductions and scans.
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
#include "check.h"

namespace cg = cooperative_groups;

__device__ int sum(cg::thread_group g, int *room, int v) {
  int rank = g.thread_rank();
  for (int i = g.size() / 2; i > 0; i /= 2) {
    room[rank] = v;
    g.sync();
    if (rank < i) v += room[rank + i];
    g.sync();
  }
  return v;
}

__global__ void within(int *bad) {
  __shared__ int room[128];
  __shared__ int copy[32];
  __shared__ int source[32];
  cg::thread_block block = cg::this_thread_block();
  int rank = block.thread_rank(), wrong = 0;
  auto warp = cg::tiled_partition<32>(block);
  auto eight = cg::tiled_partition<8>(warp);
  int lane = warp.thread_rank();
  wrong |= (cg::reduce(warp, lane, cg::plus<int>()) != 496) << 0;
  wrong |= (cg::reduce(eight, lane, cg::greater<int>()) != (lane | 7)) << 1;
  wrong |= (cg::inclusive_scan(warp, 2) != 2 * (lane + 1)) << 2;
  wrong |= (cg::exclusive_scan(eight, lane) != (lane & 7) * (lane & ~7) + (lane & 7) * ((lane & 7) - 1) / 2) << 3;
  wrong |= (eight.shfl(lane, 3) != ((lane & ~7) | 3) || eight.meta_group_rank() != lane / 8) << 4;
  wrong |= (eight.ballot(lane & 1) != 0xaa || !eight.any(lane == (lane & ~7)) || eight.all(lane & 1)) << 5;
  if (lane % 2) {
    cg::coalesced_group odd = cg::coalesced_threads();
    wrong |= (odd.size() != 16 || odd.thread_rank() != lane / 2) << 6;
    wrong |= (cg::reduce(odd, lane, cg::plus<int>()) != 256) << 7;
    wrong |= (odd.shfl(lane, 2) != 5 || odd.shfl_down(lane, 1) != (lane == 31 ? 31 : lane + 2)) << 8;
  }
  warp.sync();
  auto label = cg::labeled_partition(warp, lane % 3);
  wrong |= (label.size() != (lane % 3 == 2 ? 10 : 11) || label.meta_group_size() != 3) << 9;
  int total = sum(block, room, rank);
  if (rank == 0) wrong |= (total != 127 * 64) << 10;
  int part = sum(cg::tiled_partition(block, 16), room + rank / 16 * 16, 1);
  if (rank % 16 == 0) wrong |= (part != 16) << 11;
  if (rank < 32) source[rank] = 7 * rank;
  block.sync();
  cg::memcpy_async(block, copy, source, sizeof copy);
  cg::wait(block);
  wrong |= (copy[rank & 31] != 7 * (rank & 31)) << 12;
  // Totals and offsets that all warps share.
  __shared__ cuda::atomic<int, cuda::thread_scope_block> counter;
  __shared__ int sum_of_lanes;
  if (rank == 0) counter.store(0), sum_of_lanes = 0, room[0] = 0;
  block.sync();
  int slot = cg::exclusive_scan_update(warp, counter, lane % 2);
  if (lane % 2) room[slot] = rank;
  cg::reduce_update_async(warp, sum_of_lanes, lane, cg::plus<int>());
  block.sync();
  int among = 0;
  for (int i = 0; i < 64; ++i) among += room[i];
  wrong |= (counter.load() != 64 || among != 64 * 64 || sum_of_lanes != 4 * 496) << 13;
  block.sync();
  wrong |= (cg::inclusive_scan_update(warp, counter, 1) < 65) << 14;
  if (wrong) atomicOr(bad, wrong);
}

int main() {
  int *d, bad = 0;
  CUDA(cudaMalloc(&d, 1024));
  CUDA(cudaMemset(d, 0, 1024));
  within<<<2, 128>>>(d);
  CUDA(cudaMemcpy(&bad, d, sizeof bad, cudaMemcpyDeviceToHost));
  CHECK(bad == 0, "%x", bad);
  return pass();
}
