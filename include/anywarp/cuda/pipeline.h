// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::pipeline. A stage of a shared pipeline has two barriers: `full`, at which producers arrive when they commit, and
// `empty`, at which consumers arrive when they release. The pipeline of one thread needs neither: copies are done.
#ifndef ANYWARP_CUDA_PIPELINE_H
#define ANYWARP_CUDA_PIPELINE_H
#include "barrier.h"
#include "copy.h"

namespace cuda {

enum class pipeline_role { producer, consumer };

template <thread_scope Scope, ::std::uint8_t Stages>
class pipeline_shared_state {
 public:
  // Trivial, so that a shared variable may be one.
  pipeline_shared_state() = default;
  pipeline_shared_state(const pipeline_shared_state &) = delete;
  barrier<Scope> __full[Stages], __empty[Stages];
  unsigned int __producers;
};

template <thread_scope Scope>
class pipeline {
  barrier<Scope> *full_, *empty_;
  unsigned int stages_, produced_, consumed_;
  bool produces_, consumes_;

  // The parity of the phase that ends when stage number n of all is committed, or released.
  __ANYWARP_CUDA_HD bool parity(unsigned int n) const { return n / stages_ & 1; }

 public:
  __ANYWARP_CUDA_HD pipeline(barrier<Scope> *full, barrier<Scope> *empty, unsigned int stages, bool produces,
                             bool consumes)
      : full_(full), empty_(empty), stages_(stages), produced_(0), consumed_(0), produces_(produces), consumes_(consumes) {}
  pipeline(pipeline &&) = default;
  pipeline(const pipeline &) = delete;
  pipeline &operator=(const pipeline &) = delete;

  __ANYWARP_CUDA_HD void producer_acquire() {
    if (produced_ >= stages_) empty_[produced_ % stages_].wait_parity(!parity(produced_));
  }
  __ANYWARP_CUDA_HD void producer_commit() {
    full_[produced_ % stages_].arrive();
    ++produced_;
  }
  __ANYWARP_CUDA_HD void consumer_wait() { full_[consumed_ % stages_].wait_parity(parity(consumed_)); }
  template <class Duration>
  __ANYWARP_CUDA_HD bool consumer_wait_for(const Duration &time) {
    return full_[consumed_ % stages_].try_wait_parity_for(parity(consumed_), time);
  }
  __ANYWARP_CUDA_HD void consumer_release() {
    empty_[consumed_ % stages_].arrive();
    ++consumed_;
  }
  // The thread takes part no longer: its share of every later phase counts as arrived.
  __ANYWARP_CUDA_HD bool quit() {
    for (unsigned int s = 0; s < stages_; ++s) {
      if (produces_) full_[s].arrive_and_drop();
      if (consumes_) empty_[s].arrive_and_drop();
    }
    return true;
  }
};

template <>
class pipeline<thread_scope_thread> {
 public:
  pipeline() = default;
  pipeline(pipeline &&) = default;
  pipeline(const pipeline &) = delete;
  pipeline &operator=(const pipeline &) = delete;
  __ANYWARP_CUDA_HD void producer_acquire() {}
  __ANYWARP_CUDA_HD void producer_commit() {}
  __ANYWARP_CUDA_HD void consumer_wait() {}
  template <class Duration>
  __ANYWARP_CUDA_HD bool consumer_wait_for(const Duration &) {
    return true;
  }
  __ANYWARP_CUDA_HD void consumer_release() {}
  __ANYWARP_CUDA_HD bool quit() { return true; }
};

__ANYWARP_CUDA_HD pipeline<thread_scope_thread> make_pipeline() { return pipeline<thread_scope_thread>(); }

namespace __anywarp {
template <class Group, thread_scope Scope, ::std::uint8_t Stages>
__ANYWARP_CUDA_HD void init_stages(const Group &g, pipeline_shared_state<Scope, Stages> *state, unsigned int producers,
                                   unsigned int consumers) {
  if (g.thread_rank() == 0)
    for (unsigned int s = 0; s < Stages; ++s) {
      init(&state->__full[s], producers);
      init(&state->__empty[s], consumers);
    }
  g.sync();
}
}  // namespace __anywarp

// Every thread of the group produces and consumes.
template <class Group, thread_scope Scope, ::std::uint8_t Stages>
__ANYWARP_CUDA_HD pipeline<Scope> make_pipeline(const Group &g, pipeline_shared_state<Scope, Stages> *state) {
  __anywarp::init_stages(g, state, g.size(), g.size());
  return pipeline<Scope>(state->__full, state->__empty, Stages, true, true);
}
// The first `producers` threads produce, the others consume.
template <class Group, thread_scope Scope, ::std::uint8_t Stages>
__ANYWARP_CUDA_HD pipeline<Scope> make_pipeline(const Group &g, pipeline_shared_state<Scope, Stages> *state,
                                                ::std::size_t producers) {
  __anywarp::init_stages(g, state, producers, g.size() - producers);
  const bool produces = g.thread_rank() < producers;
  return pipeline<Scope>(state->__full, state->__empty, Stages, produces, !produces);
}
template <class Group, thread_scope Scope, ::std::uint8_t Stages>
__ANYWARP_CUDA_HD pipeline<Scope> make_pipeline(const Group &g, pipeline_shared_state<Scope, Stages> *state,
                                                pipeline_role role) {
  if (g.thread_rank() == 0) __anywarp::store(&state->__producers, 0u, __ATOMIC_RELAXED, Scope);
  g.sync();
  if (role == pipeline_role::producer) __anywarp::add(&state->__producers, 1u, __ATOMIC_RELAXED, Scope);
  g.sync();
  const unsigned int producers = __anywarp::load(&state->__producers, __ATOMIC_RELAXED, Scope);
  __anywarp::init_stages(g, state, producers, g.size() - producers);
  const bool produces = role == pipeline_role::producer;
  return pipeline<Scope>(state->__full, state->__empty, Stages, produces, !produces);
}

// Waits for all but the last N stages that this thread committed.
template <::std::uint8_t __N>
__ANYWARP_CUDA_HD void pipeline_consumer_wait_prior(pipeline<thread_scope_thread> &) {}
template <thread_scope Scope>
__ANYWARP_CUDA_HD void pipeline_producer_commit(pipeline<thread_scope_thread> &, barrier<Scope> &) {}

__ANYWARP_MEMCPY_ASYNC(thread_scope Scope, pipeline<Scope>)

}  // namespace cuda
#endif
