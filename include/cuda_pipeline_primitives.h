// SPDX-License-Identifier: MIT OR Apache-2.0
// The pipeline primitives (Programming Guide, "Pipeline Primitives Interface"): one thread's copies to shared memory.
#ifndef _CUDA_PIPELINE_PRIMITIVES_H_
#define _CUDA_PIPELINE_PRIMITIVES_H_
#include "cuda_runtime.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)

typedef unsigned long long __mbarrier_t;
typedef unsigned long long __mbarrier_token_t;

// size: 4, 8 or 16 bytes, of which the last `zfill` are zeroed instead of read.
static __device__ __inline__ __attribute__((always_inline)) void __pipeline_memcpy_async(void *__restrict__ dst,
                                                                                         const void *__restrict__ src,
                                                                                         size_t size, size_t zfill = 0) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  if (__builtin_constant_p(size) && __builtin_constant_p(zfill) && zfill == 0) {
    const unsigned int to = (unsigned int)__cvta_generic_to_shared(dst);
    const size_t from = __cvta_generic_to_global(src);
    if (size == 16) {
      asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
      return;
    }
    if (size == 8) {
      asm volatile("cp.async.ca.shared.global [%0], [%1], 8;" ::"r"(to), "l"(from) : "memory");
      return;
    }
    if (size == 4) {
      asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(to), "l"(from) : "memory");
      return;
    }
  }
#endif
  const unsigned int *from = (const unsigned int *)src;
  unsigned int *to = (unsigned int *)dst;
  for (size_t i = 0; i < size / 4; ++i) {
    const size_t at = i * 4, real = size - zfill;
    unsigned int word = 0;
    if (at + 4 <= real) word = from[i];
    else
      for (size_t b = at; b < real; ++b) word |= (unsigned int)((const unsigned char *)src)[b] << (b - at) * 8;
    to[i] = word;
  }
}
static __device__ __inline__ __attribute__((always_inline)) void __pipeline_commit() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}
// All copies but those of the last n commits. Here copies are done at once, so that n may be any number.
static __device__ __inline__ __attribute__((always_inline)) void __pipeline_wait_prior(size_t) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
static __device__ __inline__ unsigned int __mbarrier_maximum_count() { return (1u << 20) - 1; }
static __device__ __inline__ void __mbarrier_init(__mbarrier_t *b, unsigned int expected) {
  asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"((unsigned int)__cvta_generic_to_shared(b)), "r"(expected) : "memory");
}
static __device__ __inline__ void __mbarrier_inval(__mbarrier_t *b) {
  asm volatile("mbarrier.inval.shared.b64 [%0];" ::"r"((unsigned int)__cvta_generic_to_shared(b)) : "memory");
}
static __device__ __inline__ __mbarrier_token_t __mbarrier_arrive(__mbarrier_t *b) {
  __mbarrier_token_t token;
  asm volatile("mbarrier.arrive.shared.b64 %0, [%1];" : "=l"(token) : "r"((unsigned int)__cvta_generic_to_shared(b)) : "memory");
  return token;
}
static __device__ __inline__ __mbarrier_token_t __mbarrier_arrive_and_drop(__mbarrier_t *b) {
  __mbarrier_token_t token;
  asm volatile("mbarrier.arrive_drop.shared.b64 %0, [%1];"
               : "=l"(token)
               : "r"((unsigned int)__cvta_generic_to_shared(b))
               : "memory");
  return token;
}
static __device__ __inline__ bool __mbarrier_test_wait(__mbarrier_t *b, __mbarrier_token_t token) {
  unsigned int over;
  asm volatile("{ .reg .pred p; mbarrier.test_wait.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
               : "=r"(over)
               : "r"((unsigned int)__cvta_generic_to_shared(b)), "l"(token)
               : "memory");
  return over;
}
static __device__ __inline__ bool __mbarrier_test_wait_parity(__mbarrier_t *b, bool parity) {
  unsigned int over;
  asm volatile("{ .reg .pred p; mbarrier.test_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
               : "=r"(over)
               : "r"((unsigned int)__cvta_generic_to_shared(b)), "r"((unsigned int)parity)
               : "memory");
  return over;
}
static __device__ __inline__ unsigned int __mbarrier_token_pending_count(__mbarrier_token_t token) {
  unsigned int n;
  asm("mbarrier.pending_count.b64 %0, %1;" : "=r"(n) : "l"(token));
  return n;
}
static __device__ __inline__ void __pipeline_arrive_on(__mbarrier_t *b) {
  asm volatile("cp.async.mbarrier.arrive.shared.b64 [%0];" ::"r"((unsigned int)__cvta_generic_to_shared(b)) : "memory");
}
#endif

#endif
#endif
