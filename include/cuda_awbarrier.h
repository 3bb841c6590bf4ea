// SPDX-License-Identifier: MIT OR Apache-2.0
// nvcuda::experimental::awbarrier, the C++ face of the arrive-wait barrier primitives, from sm_80 on.
#ifndef _CUDA_AWBARRIER_H_
#define _CUDA_AWBARRIER_H_
#include <stdint.h>
#include "cuda_awbarrier_primitives.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

namespace nvcuda {
namespace experimental {
class awbarrier {
  __mbarrier_t word_;

 public:
  class arrival_token {
    __mbarrier_token_t token_;
    friend class awbarrier;

   public:
    arrival_token() = default;
    __device__ arrival_token(__mbarrier_token_t token) : token_(token) {}
    __device__ unsigned pending_count() const { return __mbarrier_token_pending_count(token_); }
  };
  // Trivial, so that a shared variable may be one.
  awbarrier() = default;
  awbarrier(const awbarrier &) = delete;
  awbarrier &operator=(const awbarrier &) = delete;
  __device__ __mbarrier_t *__native() { return &word_; }
  __device__ arrival_token arrive() { return arrival_token(__mbarrier_arrive(&word_)); }
  __device__ arrival_token arrive_and_drop() { return arrival_token(__mbarrier_arrive_and_drop(&word_)); }
  __device__ bool timed_wait(arrival_token token, uint32_t) { return __mbarrier_test_wait(&word_, token.token_); }
  __device__ void wait(arrival_token token) {
    while (!__mbarrier_test_wait(&word_, token.token_)) {
    }
  }
  __device__ void arrive_and_wait() { wait(arrive()); }
  __device__ static constexpr uint32_t max() { return (1u << 20) - 1; }
  friend __device__ inline void init(awbarrier *b, uint32_t expected) { __mbarrier_init(&b->word_, expected); }
};
}  // namespace experimental
}  // namespace nvcuda
#endif
#endif
#endif
