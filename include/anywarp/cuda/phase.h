// SPDX-License-Identifier: MIT OR Apache-2.0
// A barrier's word: arrivals pending in this phase (bits 0 to 19), arrivals expected in each (20 to 39), the phase (from 40).
// The arrival that ends a phase, of which there is one, writes the next phase's word; nobody may arrive in between.
// In shared memory from sm_80 on, and without a completion function, the word is an mbarrier of PTX instead.
#ifndef ANYWARP_CUDA_PHASE_H
#define ANYWARP_CUDA_PHASE_H
#include "access.h"

namespace cuda {
namespace __anywarp {

typedef unsigned long long phase_word;
constexpr phase_word arrivals_mask = 0xfffff;
constexpr int phase_shift = 40;

struct no_completion {
  __ANYWARP_CUDA_HD void operator()() const {}
};

// Whether the barrier at p is an mbarrier.
template <thread_scope Scope, class Completion>
__ANYWARP_CUDA_HD bool is_mbarrier(const phase_word *p) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  return Scope == thread_scope_block && ::std::is_same<Completion, no_completion>::value && __isShared(p);
#else
  (void)p;
  return false;
#endif
}
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
__ANYWARP_CUDA_D unsigned int shared_address(const phase_word *p) { return (unsigned int)__cvta_generic_to_shared(p); }
#endif

template <thread_scope Scope, class Completion>
__ANYWARP_CUDA_HD void phase_init(phase_word *p, unsigned int expected) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  if (is_mbarrier<Scope, Completion>(p)) {
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(shared_address(p)), "r"(expected) : "memory");
    return;
  }
#endif
  store(p, (phase_word)expected << 20 | expected, __ATOMIC_RELEASE, Scope);
}

// Counts n arrivals, for good if `drop`. Returns the state in which they were counted.
template <thread_scope Scope, class Completion>
__ANYWARP_CUDA_HD phase_word phase_arrive(phase_word *p, unsigned int n, bool drop, Completion &completion) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  if (is_mbarrier<Scope, Completion>(p)) {
    phase_word state;
    // With a count, sm_80 has the form without completion only; arrivals one by one are always right.
    for (unsigned int i = 0; i < n; ++i) {
      if (drop)
        asm volatile("mbarrier.arrive_drop.shared.b64 %0, [%1];" : "=l"(state) : "r"(shared_address(p)) : "memory");
      else
        asm volatile("mbarrier.arrive.shared.b64 %0, [%1];" : "=l"(state) : "r"(shared_address(p)) : "memory");
    }
    return state;
  }
#endif
  phase_word gone = drop ? (phase_word)n << 20 | n : n;
  phase_word old = add(p, (phase_word)0 - gone, __ATOMIC_ACQ_REL, Scope);
  if ((old & arrivals_mask) == n) {
    completion();
    phase_word now = old - gone, expected = now >> 20 & arrivals_mask;
    store(p, ((now >> phase_shift) + 1) << phase_shift | expected << 20 | expected, __ATOMIC_RELEASE, Scope);
  }
  return old;
}

// Whether the phase of `state` is over.
template <thread_scope Scope, class Completion>
__ANYWARP_CUDA_HD bool phase_is_over(phase_word *p, phase_word state) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  if (is_mbarrier<Scope, Completion>(p)) {
    unsigned int over;
    asm volatile("{ .reg .pred p; mbarrier.test_wait.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                 : "=r"(over)
                 : "r"(shared_address(p)), "l"(state)
                 : "memory");
    return over;
  }
#endif
  return load(p, __ATOMIC_ACQUIRE, Scope) >> phase_shift != state >> phase_shift;
}
// As above by the phase's parity: 0 for the first phase.
template <thread_scope Scope, class Completion>
__ANYWARP_CUDA_HD bool phase_is_over_parity(phase_word *p, unsigned int parity) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  if (is_mbarrier<Scope, Completion>(p)) {
    unsigned int over;
    asm volatile("{ .reg .pred p; mbarrier.test_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                 : "=r"(over)
                 : "r"(shared_address(p)), "r"(parity)
                 : "memory");
    return over;
  }
#endif
  return (load(p, __ATOMIC_ACQUIRE, Scope) >> phase_shift & 1) != parity;
}

// Asks until `over` says yes or the time is up.
template <class Over, class Duration>
__ANYWARP_CUDA_HD bool wait_for(Over over, const Duration &time) {
#if defined(__CUDA_ARCH__)
  unsigned long long start, now;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(start));
  // A duration counts ticks of Duration::period seconds.
  const unsigned long long nanoseconds =
      (unsigned long long)((double)time.count() * Duration::period::num * 1e9 / Duration::period::den);
  do {
    if (over()) return true;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
  } while (now - start < nanoseconds);
#else
  (void)time;
  while (!over()) {
  }
  return true;
#endif
  return over();
}

}  // namespace __anywarp
}  // namespace cuda
#endif
