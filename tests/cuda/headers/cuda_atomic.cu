// cuda::atomic, atomic_ref and atomic_flag on both sides: every operation, sizes of 1 to 8 bytes, shared objects.
#include <cuda/atomic>
#include <cuda/std/atomic>
#include "check.h"

struct Pair {
  short a, b;
};

template <class T>
__host__ __device__ int operations(T *p) {
  int bad = 0;
  cuda::atomic_ref<T, cuda::thread_scope_device> r(*p);
  r.store(5, cuda::memory_order_release);
  bad |= r.load(cuda::std::memory_order_acquire) != T(5);
  bad |= (r.exchange(9) != T(5)) << 1;
  T seen = 5;
  bad |= (r.compare_exchange_strong(seen, T(1)) || seen != T(9)) << 2;
  bad |= (!r.compare_exchange_weak(seen, T(12), cuda::memory_order_acq_rel, cuda::memory_order_relaxed)) << 3;
  bad |= (r.fetch_add(3, cuda::memory_order_relaxed) != T(12) || r.fetch_sub(1) != T(15)) << 4;
  bad |= (r.fetch_max(20) != T(14) || r.fetch_min(6) != T(20) || r.load() != T(6)) << 5;
  bad |= (++r != T(7) || r++ != T(7) || --r != T(7) || (r += 2) != T(9) || (r -= 4) != T(5)) << 6;
  r = T(3);
  bad |= (T(r) != T(3)) << 7;
  return bad;
}
template <class T>
__host__ __device__ int bits(T *p) {
  cuda::atomic_ref<T> r(*p);
  r = 12;
  int bad = r.fetch_and(10) != T(12) || r.fetch_or(3) != T(8) || r.fetch_xor(1) != T(11) || r.load() != T(10);
  return bad | ((r |= 1) != T(11) || (r &= 3) != T(3) || (r ^= 2) != T(1)) << 1;
}

template <class Room>
__host__ __device__ int all(Room *room) {
  int bad = operations(&room->i) | operations(&room->u) | operations(&room->l) | operations(&room->f) |
            operations(&room->d) | operations(&room->s) | operations(&room->c) | operations(&room->ull);
  bad |= (bits(&room->i) | bits(&room->ull) | bits(&room->c) | bits(&room->s)) << 10;
  cuda::atomic_ref<Pair> pair(room->pair);
  pair.store(Pair{1, 2});
  Pair was = pair.exchange(Pair{3, 4});
  bad |= (was.a != 1 || was.b != 2 || pair.load().b != 4) << 12;
  cuda::atomic_ref<int *> pointer(room->pointer);
  pointer.store(room->array);
  bad |= (pointer.fetch_add(2) != room->array || pointer.load() != room->array + 2) << 13;
  cuda::std::atomic<int> x(4);
  bad |= (x.fetch_add(1) != 4 || x != 5) << 14;
  cuda::atomic_flag<cuda::thread_scope_block> flag(false);
  bad |= (flag.test_and_set() || !flag.test_and_set() || !flag.test()) << 15;
  flag.clear();
  bad |= flag.test() << 16;
  cuda::atomic_thread_fence(cuda::memory_order_seq_cst, cuda::thread_scope_device);
  return bad;
}

struct Room {
  int i;
  unsigned u;
  long l;
  float f;
  double d;
  short s;
  unsigned char before, c, after;
  unsigned long long ull;
  Pair pair;
  int *pointer;
  int array[4];
};

__device__ cuda::atomic<int, cuda::thread_scope_device> total(0);
__device__ cuda::atomic<float> ftotal;

__global__ void count(int *bad, Room *room) {
  __shared__ cuda::atomic<unsigned, cuda::thread_scope_block> arrived;
  __shared__ cuda::atomic<unsigned char, cuda::thread_scope_block> byte;
  if (threadIdx.x == 0) arrived.store(0), byte.store(0);
  __syncthreads();
  arrived.fetch_add(1, cuda::memory_order_relaxed);
  byte.fetch_add(1);
  total++;
  ftotal.fetch_add(0.5f);
  __syncthreads();
  if (arrived.load() != blockDim.x || byte.load() != (unsigned char)blockDim.x) atomicOr(bad, 1 << 20);
  if (blockIdx.x == 0 && threadIdx.x == 0) atomicOr(bad, all(room));
}

int main() {
  Room host = {};
  host.before = host.after = 0x5a;
  CHECK(all(&host) == 0, "%x", all(&host));
  int *bad, result, sum;
  float fsum;
  Room *room;
  CUDA(cudaMalloc(&bad, 4));
  CUDA(cudaMemset(bad, 0, 4));
  CUDA(cudaMalloc(&room, sizeof *room));
  CUDA(cudaMemcpy(room, &host, sizeof host, cudaMemcpyHostToDevice));
  count<<<10, 96>>>(bad, room);
  CUDA(cudaMemcpy(&result, bad, 4, cudaMemcpyDeviceToHost));
  CHECK(result == 0, "%x", result);
  CUDA(cudaMemcpyFromSymbol(&sum, total, 4));
  CUDA(cudaMemcpyFromSymbol(&fsum, ftotal, 4));
  CHECK(sum == 960 && fsum == 480, "%d %g", sum, fsum);
  CUDA(cudaMemcpy(&host, room, sizeof host, cudaMemcpyDeviceToHost));
  CHECK(host.before == 0x5a && host.after == 0x5a, "neighbours of a byte changed");
  return pass();
}
