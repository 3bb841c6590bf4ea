// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::latch and cuda::counting_semaphore: atomic counters that threads wait at.
#ifndef ANYWARP_CUDA_COUNTERS_H
#define ANYWARP_CUDA_COUNTERS_H
#include "atomic.h"

namespace cuda {

template <thread_scope Scope = thread_scope_system>
class latch {
  atomic<::std::ptrdiff_t, Scope> count_;

 public:
  __ANYWARP_CUDA_HD constexpr explicit latch(::std::ptrdiff_t expected) : count_(expected) {}
  latch() = default;
  latch(const latch &) = delete;
  latch &operator=(const latch &) = delete;
  __ANYWARP_CUDA_HD void count_down(::std::ptrdiff_t n = 1) { count_.fetch_sub(n, memory_order_release); }
  __ANYWARP_CUDA_HD bool try_wait() const { return count_.load(memory_order_acquire) == 0; }
  __ANYWARP_CUDA_HD void wait() const {
    while (!try_wait()) {
    }
  }
  __ANYWARP_CUDA_HD void arrive_and_wait(::std::ptrdiff_t n = 1) {
    count_down(n);
    wait();
  }
  static constexpr ::std::ptrdiff_t max() { return PTRDIFF_MAX; }
  friend __ANYWARP_CUDA_HD void init(latch *l, ::std::ptrdiff_t expected) { l->count_.store(expected); }
};

template <thread_scope Scope = thread_scope_system, ::std::ptrdiff_t Most = PTRDIFF_MAX>
class counting_semaphore {
  atomic<::std::ptrdiff_t, Scope> count_;

 public:
  __ANYWARP_CUDA_HD constexpr explicit counting_semaphore(::std::ptrdiff_t count) : count_(count) {}
  counting_semaphore() = default;
  counting_semaphore(const counting_semaphore &) = delete;
  counting_semaphore &operator=(const counting_semaphore &) = delete;
  __ANYWARP_CUDA_HD void release(::std::ptrdiff_t n = 1) { count_.fetch_add(n, memory_order_release); }
  __ANYWARP_CUDA_HD bool try_acquire() {
    ::std::ptrdiff_t seen = count_.load(memory_order_relaxed);
    while (seen > 0)
      if (count_.compare_exchange_weak(seen, seen - 1, memory_order_acquire, memory_order_relaxed)) return true;
    return false;
  }
  __ANYWARP_CUDA_HD void acquire() {
    while (!try_acquire()) {
    }
  }
  static constexpr ::std::ptrdiff_t max() { return Most; }
  friend __ANYWARP_CUDA_HD void init(counting_semaphore *s, ::std::ptrdiff_t count) { s->count_.store(count); }
};
template <thread_scope Scope = thread_scope_system>
using binary_semaphore = counting_semaphore<Scope, 1>;

namespace std {
using latch = ::cuda::latch<thread_scope_system>;
template <::std::ptrdiff_t Most = PTRDIFF_MAX>
using counting_semaphore = ::cuda::counting_semaphore<thread_scope_system, Most>;
using binary_semaphore = ::cuda::binary_semaphore<thread_scope_system>;
}  // namespace std

}  // namespace cuda
#endif
