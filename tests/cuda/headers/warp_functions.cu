// Shuffles of every type, votes, matches, reductions, the active mask, with full, partial and odd masks.
#include "check.h"

template <class T>
__device__ bool shuffles(T mine, T (*of)(int)) {
  int lane = threadIdx.x & 31;
  bool ok = __shfl_sync(~0u, mine, 5) == of(5);
  ok &= __shfl_sync(~0u, mine, lane + 1, 8) == of((lane & ~7) | ((lane + 1) & 7));
  ok &= __shfl_up_sync(~0u, mine, 3) == of(lane < 3 ? lane : lane - 3);
  ok &= __shfl_up_sync(~0u, mine, 2, 16) == of((lane & 15) < 2 ? lane : lane - 2);
  ok &= __shfl_down_sync(~0u, mine, 4) == of(lane + 4 > 31 ? lane : lane + 4);
  ok &= __shfl_xor_sync(~0u, mine, 9) == of(lane ^ 9);
  return ok;
}
template <class T>
__device__ T value(int lane) {
  return (T)(lane * 3 + 1);
}
template <>
__device__ long long value(int lane) {
  return ((long long)lane << 40) + lane;
}
template <>
__device__ double value(int lane) {
  return lane * 1.25e100;
}

__global__ void run(int *bad) {
  int lane = threadIdx.x & 31, wrong = 0;
  wrong |= !shuffles<int>(value<int>(lane), value<int>) << 0;
  wrong |= !shuffles<unsigned>(value<unsigned>(lane), value<unsigned>) << 1;
  wrong |= !shuffles<long long>(value<long long>(lane), value<long long>) << 2;
  wrong |= !shuffles<float>(value<float>(lane), value<float>) << 3;
  wrong |= !shuffles<double>(value<double>(lane), value<double>) << 4;
  wrong |= (__ballot_sync(~0u, lane & 1) != 0xaaaaaaaau) << 5;
  wrong |= (__any_sync(~0u, lane == 7) != 1 || __all_sync(~0u, lane < 31) != 0) << 6;
  if (lane % 3 == 0) {
    unsigned third = 0x49249249u;
    wrong |= (__activemask() != third) << 7;
    wrong |= (__ballot_sync(third, lane > 12) != (third & 0xffffe000u)) << 8;
    wrong |= (__shfl_sync(third, lane, 9) != 9) << 9;
  }
  __syncwarp();
  unsigned same = __match_any_sync(~0u, lane / 5);
  wrong |= (same != ((lane / 5 == 6 ? 3u : 31u) << (lane / 5 * 5))) << 10;
  int pred;
  wrong |= (__match_all_sync(~0u, 42ll, &pred) != ~0u || pred != 1) << 11;
  wrong |= (__match_all_sync(~0u, lane, &pred) != 0 || pred != 0) << 12;
#if __CUDA_ARCH__ >= 800
  wrong |= (__reduce_add_sync(~0u, (unsigned)lane) != 496) << 13;
  wrong |= (__reduce_min_sync(~0u, lane - 40) != -40 || __reduce_max_sync(~0u, lane - 40) != -9) << 14;
  wrong |= (__reduce_or_sync(~0u, 1u << lane) != ~0u || __reduce_xor_sync(~0u, 3u) != 0) << 15;
#endif
  wrong |= (__syncthreads_count(lane & 1) != blockDim.x / 2) << 16;
  wrong |= (__syncthreads_and(1) == 0 || __syncthreads_or(0) != 0) << 17;
  if (wrong) atomicOr(bad, wrong);
}

int main() {
  int *d, bad = 0;
  CUDA(cudaMalloc(&d, sizeof bad));
  CUDA(cudaMemset(d, 0, sizeof bad));
  run<<<2, 64>>>(d);
  CUDA(cudaMemcpy(&bad, d, sizeof bad, cudaMemcpyDeviceToHost));
  CHECK(bad == 0, "%x", bad);
  return pass();
}
