// cuda::barrier, cuda::pipeline, memcpy_async, latch and semaphore as the Programming Guide uses them.
#include <cooperative_groups.h>
#include <cuda/barrier>
#include <cuda/latch>
#include <cuda/pipeline>
#include <cuda/semaphore>
#include <utility>
#include "check.h"

namespace cg = cooperative_groups;

// Arrive, do something else, wait; two phases in shared memory.
__global__ void split_arrival(int *out) {
  using barrier = cuda::barrier<cuda::thread_scope_block>;
  __shared__ barrier bar;
  __shared__ int room[64];
  auto block = cg::this_thread_block();
  if (block.thread_rank() == 0) init(&bar, block.size());
  block.sync();
  int t = threadIdx.x, sum = 0;
  for (int step = 0; step < 2; ++step) {
    room[t] = t + step;
    barrier::arrival_token token = bar.arrive();
    sum += t * 2;
    bar.wait(std::move(token));
    sum += room[63 - t];
    bar.arrive_and_wait();
  }
  out[t] = sum;
}

struct Count {
  int *phases;
  __device__ void operator()() { ++*phases; }
};
// A completion function; threads that leave.
__global__ void completion(int *out) {
  __shared__ cuda::barrier<cuda::thread_scope_block, Count> bar;
  __shared__ int phases;
  if (threadIdx.x == 0) {
    phases = 0;
    init(&bar, blockDim.x, Count{&phases});
  }
  __syncthreads();
  bar.arrive_and_wait();
  if (threadIdx.x >= 16) {
    bar.arrive_and_drop();
    return;
  }
  bar.arrive_and_wait();
  bar.arrive_and_wait();
  if (threadIdx.x == 0) *out = phases;
}

// Whole tiles by barrier, one thread's elements by its own pipeline.
__global__ void copies(const int *in, int *out, int n) {
  extern __shared__ int tile[];
  __shared__ cuda::barrier<cuda::thread_scope_block> bar;
  auto block = cg::this_thread_block();
  if (block.thread_rank() == 0) init(&bar, block.size());
  block.sync();
  cuda::memcpy_async(block, tile, in, sizeof(int) * n, bar);
  bar.arrive_and_wait();
  int sum = tile[n - 1 - threadIdx.x];
  block.sync();
  cuda::pipeline<cuda::thread_scope_thread> pipe = cuda::make_pipeline();
  const auto shape = cuda::aligned_size_t<alignof(int4)>(sizeof(int4));
  int4 *tile4 = (int4 *)tile;
  for (int stage = 0; stage < 2; ++stage) {
    pipe.producer_acquire();
    if (int(threadIdx.x) < n / 4) cuda::memcpy_async(&tile4[threadIdx.x], (const int4 *)in + threadIdx.x, shape, pipe);
    pipe.producer_commit();
  }
  cuda::pipeline_consumer_wait_prior<0>(pipe);
  block.sync();
  sum += tile[threadIdx.x];
  pipe.consumer_release();
  out[threadIdx.x] = sum;
}

// The guide's multi-stage copy: every thread produces and consumes.
__global__ void stages(const int *in, int *out, int batches) {
  constexpr int count = 3;
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, count> state;
  __shared__ int room[count][64];
  auto block = cg::this_thread_block();
  auto pipe = cuda::make_pipeline(block, &state);
  int sum = 0;
  for (int batch = 0, fetch = 0; batch < batches; ++batch) {
    for (; fetch < batches && fetch < batch + count; ++fetch) {
      pipe.producer_acquire();
      cuda::memcpy_async(block, room[fetch % count], in + fetch * 64, sizeof(int) * 64, pipe);
      pipe.producer_commit();
    }
    pipe.consumer_wait();
    sum += room[batch % count][63 - threadIdx.x];
    pipe.consumer_release();
  }
  out[threadIdx.x] = sum;
}

// One warp produces for another.
__global__ void roles(const int *in, int *out, int batches) {
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  __shared__ int room[2][32];
  auto block = cg::this_thread_block();
  const auto role = threadIdx.x < 32 ? cuda::pipeline_role::producer : cuda::pipeline_role::consumer;
  auto pipe = cuda::make_pipeline(block, &state, role);
  int sum = 0;
  for (int batch = 0; batch < batches; ++batch) {
    if (role == cuda::pipeline_role::producer) {
      pipe.producer_acquire();
      cuda::memcpy_async(&room[batch % 2][threadIdx.x], &in[batch * 32 + threadIdx.x], sizeof(int), pipe);
      pipe.producer_commit();
    } else {
      pipe.consumer_wait();
      sum += room[batch % 2][63 - threadIdx.x];
      pipe.consumer_release();
    }
  }
  if (role == cuda::pipeline_role::consumer) out[threadIdx.x - 32] = sum;
}

__global__ void counters(int *out) {
  __shared__ cuda::latch<cuda::thread_scope_block> ready;
  __shared__ cuda::binary_semaphore<cuda::thread_scope_block> lock;
  __shared__ int value;
  if (threadIdx.x == 0) {
    init(&ready, blockDim.x);
    init(&lock, 1);
    value = 0;
  }
  __syncthreads();
  ready.count_down();
  ready.wait();
  lock.acquire();
  value = value + 1;
  lock.release();
  __syncthreads();
  if (threadIdx.x == 0) *out = value;
}

int main() {
  int in[512], *out, *d;
  for (int i = 0; i < 512; ++i) in[i] = i * i % 1009;
  CUDA(cudaMalloc(&d, sizeof in));
  CUDA(cudaMallocManaged(&out, sizeof in));
  CUDA(cudaMemcpy(d, in, sizeof in, cudaMemcpyHostToDevice));
  split_arrival<<<1, 64>>>(out);
  CUDA(cudaDeviceSynchronize());
  for (int t = 0; t < 64; ++t) CHECK(out[t] == 4 * t + 2 * (63 - t) + 1, "%d: %d", t, out[t]);
  completion<<<1, 32>>>(out);
  CUDA(cudaDeviceSynchronize());
  CHECK(*out == 3, "%d", *out);
  copies<<<1, 256, 1024>>>(d, out, 256);
  CUDA(cudaDeviceSynchronize());
  for (int t = 0; t < 256; ++t) CHECK(out[t] == in[255 - t] + in[t], "%d: %d", t, out[t]);
  stages<<<1, 64>>>(d, out, 8);
  CUDA(cudaDeviceSynchronize());
  for (int t = 0; t < 64; ++t) {
    int want = 0;
    for (int b = 0; b < 8; ++b) want += in[b * 64 + 63 - t];
    CHECK(out[t] == want, "%d: %d, not %d", t, out[t], want);
  }
  roles<<<1, 64>>>(d, out, 16);
  CUDA(cudaDeviceSynchronize());
  for (int t = 0; t < 32; ++t) {
    int want = 0;
    for (int b = 0; b < 16; ++b) want += in[b * 32 + 31 - t];
    CHECK(out[t] == want, "%d: %d, not %d", t, out[t], want);
  }
  counters<<<1, 64>>>(out);
  CUDA(cudaDeviceSynchronize());
  CHECK(*out == 64, "%d", *out);
  return pass();
}
