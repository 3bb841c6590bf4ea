// SPDX-License-Identifier: MIT OR Apache-2.0
// What the cuda:: headers share: thread scopes, memory orders and the markers of functions for both sides. Works with host
// compilers too, where every scope is the whole process.
#ifndef ANYWARP_CUDA_SCOPE_H
#define ANYWARP_CUDA_SCOPE_H
#include "../../cuda_runtime.h"
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(__CUDA__) && defined(__clang__)
#define __ANYWARP_CUDA_HD __host__ __device__ inline __attribute__((always_inline))
#define __ANYWARP_CUDA_D __device__ inline __attribute__((always_inline))
#else
#define __ANYWARP_CUDA_HD inline
#define __ANYWARP_CUDA_D inline
#endif

namespace cuda {
namespace std {
using ::std::memory_order;
using ::std::memory_order_acq_rel;
using ::std::memory_order_acquire;
using ::std::memory_order_consume;
using ::std::memory_order_relaxed;
using ::std::memory_order_release;
using ::std::memory_order_seq_cst;
}  // namespace std
using ::std::memory_order;
using ::std::memory_order_acq_rel;
using ::std::memory_order_acquire;
using ::std::memory_order_consume;
using ::std::memory_order_relaxed;
using ::std::memory_order_release;
using ::std::memory_order_seq_cst;

// The values are the toolkit's own; code may print or switch on them.
enum thread_scope { thread_scope_system = 0, thread_scope_device = 1, thread_scope_block = 2, thread_scope_thread = 10 };

// A size that is known to be, and at addresses known to be, a multiple of Alignment.
template <::std::size_t Alignment>
struct aligned_size_t {
  static constexpr ::std::size_t align = Alignment;
  ::std::size_t value;
  __ANYWARP_CUDA_HD constexpr explicit aligned_size_t(::std::size_t size) : value(size) {}
  __ANYWARP_CUDA_HD constexpr operator ::std::size_t() const { return value; }
};
}  // namespace cuda
#endif
