// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::atomic, atomic_ref, atomic_flag and their cuda::std namesakes, which have system scope.
#ifndef ANYWARP_CUDA_ATOMIC_H
#define ANYWARP_CUDA_ATOMIC_H
#include "access.h"

namespace cuda {

namespace __anywarp {
template <class T>
struct is_plain_integer
    : ::std::integral_constant<bool, ::std::is_integral<T>::value && !::std::is_same<T, bool>::value && sizeof(T) >= 4> {};
// What the hardware adds to in one instruction.
template <class T>
struct adds
    : ::std::integral_constant<bool, is_plain_integer<T>::value
#if defined(__CUDA_ARCH__)
                                         || ::std::is_same<T, float>::value || ::std::is_same<T, double>::value
#endif
                               > {
};
template <class T>
__ANYWARP_CUDA_HD T add_any(T *p, T v, int order, thread_scope s, ::std::true_type) {
  typedef typename ::std::conditional<::std::is_integral<T>::value, typename word<sizeof(T)>::type, T>::type A;
  return (T)add((A *)p, (A)v, order, s);
}
template <class T>
__ANYWARP_CUDA_HD T add_any(T *p, T v, int order, thread_scope s, ::std::false_type) {
  return update(p, order, s, [v](T old) { return T(old + v); });
}

// Operations on the object at `at()` of Derived.
template <class Derived, class T, thread_scope Scope>
class atomic_operations {
  typedef typename word<sizeof(T)>::type W;
  __ANYWARP_CUDA_HD T *at() const { return static_cast<const Derived *>(this)->__at(); }

 public:
  typedef T value_type;
  static constexpr bool is_always_lock_free = true;
  __ANYWARP_CUDA_HD bool is_lock_free() const { return true; }

  __ANYWARP_CUDA_HD T load(memory_order order = memory_order_seq_cst) const {
    return bits<T>(__anywarp::load((const W *)at(), (int)order, Scope));
  }
  __ANYWARP_CUDA_HD operator T() const { return load(); }
  __ANYWARP_CUDA_HD void store(T v, memory_order order = memory_order_seq_cst) const {
    __anywarp::store((W *)at(), bits<W>(v), (int)order, Scope);
  }
  __ANYWARP_CUDA_HD T exchange(T v, memory_order order = memory_order_seq_cst) const {
    return exchange_(v, (int)order, ::std::integral_constant<bool, sizeof(T) >= 4>());
  }
  __ANYWARP_CUDA_HD bool compare_exchange_strong(T &expected, T v, memory_order success, memory_order failure) const {
    W want = bits<W>(expected);
    int order = success == memory_order_seq_cst || failure == memory_order_seq_cst ? __ATOMIC_SEQ_CST
                : success == memory_order_relaxed && failure == memory_order_relaxed ? __ATOMIC_RELAXED
                                                                                      : __ATOMIC_ACQ_REL;
    W old = cas((W *)at(), want, bits<W>(v), order, Scope);
    if (old == want) return true;
    expected = bits<T>(old);
    return false;
  }
  __ANYWARP_CUDA_HD bool compare_exchange_strong(T &expected, T v, memory_order order = memory_order_seq_cst) const {
    return compare_exchange_strong(expected, v, order, order);
  }
  __ANYWARP_CUDA_HD bool compare_exchange_weak(T &expected, T v, memory_order success, memory_order failure) const {
    return compare_exchange_strong(expected, v, success, failure);
  }
  __ANYWARP_CUDA_HD bool compare_exchange_weak(T &expected, T v, memory_order order = memory_order_seq_cst) const {
    return compare_exchange_strong(expected, v, order, order);
  }

  // Waiters spin, so there is nobody to notify.
  __ANYWARP_CUDA_HD void wait(T old, memory_order order = memory_order_seq_cst) const {
    while (bits<W>(load(order)) == bits<W>(old)) {
    }
  }
  __ANYWARP_CUDA_HD void notify_one() const {}
  __ANYWARP_CUDA_HD void notify_all() const {}

  template <class U = T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_arithmetic<U>::value, T>::type fetch_add(
      T v, memory_order order = memory_order_seq_cst) const {
    return add_any(at(), v, (int)order, Scope, ::std::integral_constant<bool, adds<U>::value>());
  }
  template <class U = T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_arithmetic<U>::value, T>::type fetch_sub(
      T v, memory_order order = memory_order_seq_cst) const {
    return add_any(at(), T(-v), (int)order, Scope, ::std::integral_constant<bool, adds<U>::value>());
  }
  // Pointers move by elements.
  template <class U = T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_pointer<U>::value, T>::type fetch_add(
      ::std::ptrdiff_t n, memory_order order = memory_order_seq_cst) const {
    return (T)add((unsigned long long *)at(), (unsigned long long)(n * (::std::ptrdiff_t)sizeof(*T())), (int)order, Scope);
  }
  template <class U = T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_pointer<U>::value, T>::type fetch_sub(
      ::std::ptrdiff_t n, memory_order order = memory_order_seq_cst) const {
    return fetch_add(-n, order);
  }
#define __ANYWARP_FETCH(NAME, KIND, EXPRESSION)                                                   \
  template <class U = T>                                                                          \
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::KIND<U>::value, T>::type fetch_##NAME(       \
      T v, memory_order order = memory_order_seq_cst) const {                                     \
    return update(at(), (int)order, Scope, [v](T old) { return T(EXPRESSION); });                 \
  }
  __ANYWARP_FETCH(and, is_integral, old & v)
  __ANYWARP_FETCH(or, is_integral, old | v)
  __ANYWARP_FETCH(xor, is_integral, old ^ v)
  __ANYWARP_FETCH(min, is_arithmetic, v < old ? v : old)
  __ANYWARP_FETCH(max, is_arithmetic, old < v ? v : old)
#undef __ANYWARP_FETCH

  __ANYWARP_CUDA_HD T operator++() const { return fetch_add(1) + 1; }
  __ANYWARP_CUDA_HD T operator++(int) const { return fetch_add(1); }
  __ANYWARP_CUDA_HD T operator--() const { return fetch_sub(1) - 1; }
  __ANYWARP_CUDA_HD T operator--(int) const { return fetch_sub(1); }
  template <class V>
  __ANYWARP_CUDA_HD T operator+=(V v) const {
    return T(fetch_add(v) + v);
  }
  template <class V>
  __ANYWARP_CUDA_HD T operator-=(V v) const {
    return T(fetch_sub(v) - v);
  }
  __ANYWARP_CUDA_HD T operator&=(T v) const { return T(fetch_and(v) & v); }
  __ANYWARP_CUDA_HD T operator|=(T v) const { return T(fetch_or(v) | v); }
  __ANYWARP_CUDA_HD T operator^=(T v) const { return T(fetch_xor(v) ^ v); }

 private:
  __ANYWARP_CUDA_HD T exchange_(T v, int order, ::std::true_type) const {
    return bits<T>(__anywarp::exchange((W *)at(), bits<W>(v), order, Scope));
  }
  __ANYWARP_CUDA_HD T exchange_(T v, int order, ::std::false_type) const {
    return update(at(), order, Scope, [v](T) { return v; });
  }
};
}  // namespace __anywarp

template <class T, thread_scope Scope = thread_scope_system>
class atomic : public __anywarp::atomic_operations<atomic<T, Scope>, T, Scope> {
  static_assert(::std::is_trivially_copyable<T>::value, "cuda::atomic needs a trivially copyable type");
  // The whole word is the object's own: see cas_within_word.
  alignas(sizeof(T) < 4 ? 4 : sizeof(T)) mutable T value_;

 public:
  // Trivial, so that shared variables may be atomic.
  atomic() = default;
  __ANYWARP_CUDA_HD constexpr atomic(T v) : value_(v) {}
  atomic(const atomic &) = delete;
  atomic &operator=(const atomic &) = delete;
  __ANYWARP_CUDA_HD T operator=(T v) const {
    this->store(v);
    return v;
  }
  __ANYWARP_CUDA_HD T *__at() const { return &value_; }
};

template <class T, thread_scope Scope = thread_scope_system>
class atomic_ref : public __anywarp::atomic_operations<atomic_ref<T, Scope>, T, Scope> {
  static_assert(::std::is_trivially_copyable<T>::value, "cuda::atomic_ref needs a trivially copyable type");
  T *object_;

 public:
  static constexpr ::std::size_t required_alignment = sizeof(T);
  __ANYWARP_CUDA_HD explicit atomic_ref(T &object) : object_(&object) {}
  atomic_ref(const atomic_ref &) = default;
  atomic_ref &operator=(const atomic_ref &) = delete;
  __ANYWARP_CUDA_HD T operator=(T v) const {
    this->store(v);
    return v;
  }
  __ANYWARP_CUDA_HD T *__at() const { return object_; }
};

template <thread_scope Scope = thread_scope_system>
class atomic_flag {
  unsigned int value_;

 public:
  atomic_flag() = default;
  __ANYWARP_CUDA_HD constexpr atomic_flag(bool set) : value_(set) {}
  atomic_flag(const atomic_flag &) = delete;
  __ANYWARP_CUDA_HD bool test_and_set(memory_order order = memory_order_seq_cst) {
    return __anywarp::exchange(&value_, 1u, (int)order, Scope) != 0;
  }
  __ANYWARP_CUDA_HD bool test(memory_order order = memory_order_seq_cst) const {
    return __anywarp::load(&value_, (int)order, Scope) != 0;
  }
  __ANYWARP_CUDA_HD void clear(memory_order order = memory_order_seq_cst) {
    __anywarp::store(&value_, 0u, (int)order, Scope);
  }
  __ANYWARP_CUDA_HD void wait(bool old, memory_order order = memory_order_seq_cst) const {
    while (test(order) == old) {
    }
  }
  __ANYWARP_CUDA_HD void notify_one() {}
  __ANYWARP_CUDA_HD void notify_all() {}
};

__ANYWARP_CUDA_HD void atomic_thread_fence(memory_order order, thread_scope scope = thread_scope_system) {
  __anywarp::fence((int)order, scope);
}
__ANYWARP_CUDA_HD void atomic_signal_fence(memory_order order) {
  if (order != memory_order_relaxed) asm volatile("" ::: "memory");
}

namespace std {
template <class T>
using atomic = ::cuda::atomic<T, thread_scope_system>;
template <class T>
using atomic_ref = ::cuda::atomic_ref<T, thread_scope_system>;
using atomic_flag = ::cuda::atomic_flag<thread_scope_system>;
typedef atomic<bool> atomic_bool;
typedef atomic<int> atomic_int;
typedef atomic<unsigned int> atomic_uint;
typedef atomic<long> atomic_long;
typedef atomic<unsigned long> atomic_ulong;
typedef atomic<long long> atomic_llong;
typedef atomic<unsigned long long> atomic_ullong;
typedef atomic<::std::size_t> atomic_size_t;
typedef atomic<::std::int32_t> atomic_int32_t;
typedef atomic<::std::uint32_t> atomic_uint32_t;
typedef atomic<::std::int64_t> atomic_int64_t;
typedef atomic<::std::uint64_t> atomic_uint64_t;
__ANYWARP_CUDA_HD void atomic_thread_fence(memory_order order) { ::cuda::atomic_thread_fence(order); }
}  // namespace std

}  // namespace cuda
#endif
