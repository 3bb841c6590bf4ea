// SPDX-License-Identifier: MIT OR Apache-2.0
// nvcuda::experimental::pipeline, the C++ face of the pipeline primitives, and the primitives.
#ifndef _CUDA_PIPELINE_H_
#define _CUDA_PIPELINE_H_
#include "cuda_awbarrier.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)

namespace nvcuda {
namespace experimental {
class pipeline {
  size_t committed_;

 public:
  __device__ pipeline() : committed_(0) {}
  pipeline(const pipeline &) = delete;
  pipeline &operator=(const pipeline &) = delete;
  __device__ size_t commit() {
    __pipeline_commit();
    return committed_++;
  }
  __device__ void commit_and_wait() {
    commit();
    __pipeline_wait_prior(0);
  }
  __device__ void wait(size_t) { __pipeline_wait_prior(0); }
  template <unsigned __N>
  __device__ void wait_prior() {
    __pipeline_wait_prior(__N);
  }
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  __device__ void arrive_on(awbarrier &b) { __pipeline_arrive_on(b.__native()); }
#endif
};

template <class __T>
__device__ inline void memcpy_async(__T &dst, const __T &src, pipeline &) {
  __builtin_memcpy((void *)&dst, (const void *)&src, sizeof(__T));
}
}  // namespace experimental
}  // namespace nvcuda
#endif
#endif
