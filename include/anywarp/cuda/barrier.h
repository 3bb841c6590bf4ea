// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::barrier. Its default constructor is trivial, so that a shared variable may be one; init() makes it a barrier.
#ifndef ANYWARP_CUDA_BARRIER_H
#define ANYWARP_CUDA_BARRIER_H
#include "phase.h"

namespace cuda {

template <thread_scope Scope = thread_scope_system, class Completion = __anywarp::no_completion>
class barrier;

namespace __anywarp {
// The completion function, which takes no room if it has no state.
template <class Completion, bool Empty = ::std::is_empty<Completion>::value>
struct completion_holder {
  Completion completion_;
  __ANYWARP_CUDA_HD Completion &completion() { return completion_; }
  __ANYWARP_CUDA_HD void hold(const Completion &c) { completion_ = c; }
};
template <class Completion>
struct completion_holder<Completion, true> : Completion {
  __ANYWARP_CUDA_HD Completion &completion() { return *this; }
  __ANYWARP_CUDA_HD void hold(const Completion &) {}
};
template <>
struct completion_holder<no_completion, true> {
  __ANYWARP_CUDA_HD no_completion &completion() { return *(no_completion *)this; }
  __ANYWARP_CUDA_HD void hold(const no_completion &) {}
};
}  // namespace __anywarp

template <thread_scope Scope, class Completion>
class barrier : __anywarp::completion_holder<Completion> {
  __anywarp::phase_word word_;

 public:
  class arrival_token {
    __anywarp::phase_word state_;
    friend class barrier;
    __ANYWARP_CUDA_HD explicit arrival_token(__anywarp::phase_word state) : state_(state) {}

   public:
    arrival_token() = default;
  };

  barrier() = default;
  __ANYWARP_CUDA_HD barrier(::std::ptrdiff_t expected, Completion completion = Completion()) {
    __init(expected, completion);
  }
  barrier(const barrier &) = delete;
  barrier &operator=(const barrier &) = delete;

  __ANYWARP_CUDA_HD void __init(::std::ptrdiff_t expected, Completion completion = Completion()) {
    this->hold(completion);
    __anywarp::phase_init<Scope, Completion>(&word_, (unsigned int)expected);
  }
  __ANYWARP_CUDA_HD __anywarp::phase_word *__native() { return &word_; }

  __ANYWARP_CUDA_HD arrival_token arrive(::std::ptrdiff_t n = 1) {
    return arrival_token(__anywarp::phase_arrive<Scope>(&word_, (unsigned int)n, false, this->completion()));
  }
  __ANYWARP_CUDA_HD bool try_wait(const arrival_token &token) const {
    return __anywarp::phase_is_over<Scope, Completion>(const_cast<__anywarp::phase_word *>(&word_), token.state_);
  }
  __ANYWARP_CUDA_HD void wait(const arrival_token &token) const {
    while (!try_wait(token)) {
    }
  }
  __ANYWARP_CUDA_HD bool try_wait_parity(bool parity) const {
    return __anywarp::phase_is_over_parity<Scope, Completion>(const_cast<__anywarp::phase_word *>(&word_), parity);
  }
  __ANYWARP_CUDA_HD void wait_parity(bool parity) const {
    while (!try_wait_parity(parity)) {
    }
  }
  template <class Duration>
  __ANYWARP_CUDA_HD bool try_wait_for(const arrival_token &token, const Duration &time) const {
    return __anywarp::wait_for([&] { return try_wait(token); }, time);
  }
  template <class Duration>
  __ANYWARP_CUDA_HD bool try_wait_parity_for(bool parity, const Duration &time) const {
    return __anywarp::wait_for([&] { return try_wait_parity(parity); }, time);
  }
  __ANYWARP_CUDA_HD void arrive_and_wait() { wait(arrive()); }
  __ANYWARP_CUDA_HD void arrive_and_drop() {
    __anywarp::phase_arrive<Scope>(&word_, 1, true, this->completion());
  }
  static constexpr ::std::ptrdiff_t max() { return 0xfffff; }

  friend __ANYWARP_CUDA_HD void init(barrier *b, ::std::ptrdiff_t expected) { b->__init(expected); }
  friend __ANYWARP_CUDA_HD void init(barrier *b, ::std::ptrdiff_t expected, Completion completion) {
    b->__init(expected, completion);
  }
};

namespace device {
// The mbarrier, for PTX of the program's own.
template <thread_scope Scope, class Completion>
__ANYWARP_CUDA_HD ::std::uint64_t *barrier_native_handle(barrier<Scope, Completion> &b) {
  return (::std::uint64_t *)b.__native();
}
}  // namespace device

namespace std {
template <class Completion = ::cuda::__anywarp::no_completion>
using barrier = ::cuda::barrier<thread_scope_system, Completion>;
}

}  // namespace cuda
#endif
