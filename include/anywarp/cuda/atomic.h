// SPDX-License-Identifier: MIT OR Apache-2.0
// cuda::atomic, atomic_ref, atomic_flag and their cuda::std namesakes, which have system scope.
#ifndef ANYWARP_CUDA_ATOMIC_H
#define ANYWARP_CUDA_ATOMIC_H
#include "access.h"

namespace cuda {

namespace __anywarp {
template <class __T>
struct is_plain_integer
    : ::std::integral_constant<bool, ::std::is_integral<__T>::value && !::std::is_same<__T, bool>::value && sizeof(__T) >= 4> {};
// What the hardware adds to in one instruction.
template <class __T>
struct adds
    : ::std::integral_constant<bool, is_plain_integer<__T>::value
#if defined(__CUDA_ARCH__)
                                         || ::std::is_same<__T, float>::value || ::std::is_same<__T, double>::value
#endif
                               > {
};
template <class __T>
__ANYWARP_CUDA_HD __T add_any(__T *p, __T v, int order, thread_scope s, ::std::true_type) {
  typedef typename ::std::conditional<::std::is_integral<__T>::value, typename word<sizeof(__T)>::type, __T>::type __A;
  return (__T)add((__A *)p, (__A)v, order, s);
}
template <class __T>
__ANYWARP_CUDA_HD __T add_any(__T *p, __T v, int order, thread_scope s, ::std::false_type) {
  return update(p, order, s, [v](__T old) { return __T(old + v); });
}

// Operations on the object at `at()` of Derived.
template <class Derived, class __T, thread_scope Scope>
class atomic_operations {
  typedef typename word<sizeof(__T)>::type __W;
  __ANYWARP_CUDA_HD __T *at() const { return static_cast<const Derived *>(this)->__at(); }

 public:
  typedef __T value_type;
  static constexpr bool is_always_lock_free = true;
  __ANYWARP_CUDA_HD bool is_lock_free() const { return true; }

  __ANYWARP_CUDA_HD __T load(memory_order order = memory_order_seq_cst) const {
    return bits<__T>(__anywarp::load((const __W *)at(), (int)order, Scope));
  }
  __ANYWARP_CUDA_HD operator __T() const { return load(); }
  __ANYWARP_CUDA_HD void store(__T v, memory_order order = memory_order_seq_cst) const {
    __anywarp::store((__W *)at(), bits<__W>(v), (int)order, Scope);
  }
  __ANYWARP_CUDA_HD __T exchange(__T v, memory_order order = memory_order_seq_cst) const {
    return exchange_(v, (int)order, ::std::integral_constant<bool, sizeof(__T) >= 4>());
  }
  __ANYWARP_CUDA_HD bool compare_exchange_strong(__T &expected, __T v, memory_order success, memory_order failure) const {
    __W want = bits<__W>(expected);
    int order = success == memory_order_seq_cst || failure == memory_order_seq_cst ? __ATOMIC_SEQ_CST
                : success == memory_order_relaxed && failure == memory_order_relaxed ? __ATOMIC_RELAXED
                                                                                      : __ATOMIC_ACQ_REL;
    __W old = cas((__W *)at(), want, bits<__W>(v), order, Scope);
    if (old == want) return true;
    expected = bits<__T>(old);
    return false;
  }
  __ANYWARP_CUDA_HD bool compare_exchange_strong(__T &expected, __T v, memory_order order = memory_order_seq_cst) const {
    return compare_exchange_strong(expected, v, order, order);
  }
  __ANYWARP_CUDA_HD bool compare_exchange_weak(__T &expected, __T v, memory_order success, memory_order failure) const {
    return compare_exchange_strong(expected, v, success, failure);
  }
  __ANYWARP_CUDA_HD bool compare_exchange_weak(__T &expected, __T v, memory_order order = memory_order_seq_cst) const {
    return compare_exchange_strong(expected, v, order, order);
  }

  // Waiters spin, so there is nobody to notify.
  __ANYWARP_CUDA_HD void wait(__T old, memory_order order = memory_order_seq_cst) const {
    while (bits<__W>(load(order)) == bits<__W>(old)) {
    }
  }
  __ANYWARP_CUDA_HD void notify_one() const {}
  __ANYWARP_CUDA_HD void notify_all() const {}

  template <class __U = __T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_arithmetic<__U>::value, __T>::type fetch_add(
      __T v, memory_order order = memory_order_seq_cst) const {
    return add_any(at(), v, (int)order, Scope, ::std::integral_constant<bool, adds<__U>::value>());
  }
  template <class __U = __T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_arithmetic<__U>::value, __T>::type fetch_sub(
      __T v, memory_order order = memory_order_seq_cst) const {
    return add_any(at(), __T(-v), (int)order, Scope, ::std::integral_constant<bool, adds<__U>::value>());
  }
  // Pointers move by elements.
  template <class __U = __T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_pointer<__U>::value, __T>::type fetch_add(
      ::std::ptrdiff_t n, memory_order order = memory_order_seq_cst) const {
    return (__T)add((unsigned long long *)at(), (unsigned long long)(n * (::std::ptrdiff_t)sizeof(*__T())), (int)order, Scope);
  }
  template <class __U = __T>
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::is_pointer<__U>::value, __T>::type fetch_sub(
      ::std::ptrdiff_t n, memory_order order = memory_order_seq_cst) const {
    return fetch_add(-n, order);
  }
#define __ANYWARP_FETCH(NAME, __KIND, EXPRESSION)                                                   \
  template <class __U = __T>                                                                          \
  __ANYWARP_CUDA_HD typename ::std::enable_if<::std::__KIND<__U>::value, __T>::type fetch_##NAME(       \
      __T v, memory_order order = memory_order_seq_cst) const {                                     \
    return update(at(), (int)order, Scope, [v](__T old) { return __T(EXPRESSION); });                 \
  }
  __ANYWARP_FETCH(and, is_integral, old & v)
  __ANYWARP_FETCH(or, is_integral, old | v)
  __ANYWARP_FETCH(xor, is_integral, old ^ v)
  __ANYWARP_FETCH(min, is_arithmetic, v < old ? v : old)
  __ANYWARP_FETCH(max, is_arithmetic, old < v ? v : old)
#undef __ANYWARP_FETCH

  __ANYWARP_CUDA_HD __T operator++() const { return fetch_add(1) + 1; }
  __ANYWARP_CUDA_HD __T operator++(int) const { return fetch_add(1); }
  __ANYWARP_CUDA_HD __T operator--() const { return fetch_sub(1) - 1; }
  __ANYWARP_CUDA_HD __T operator--(int) const { return fetch_sub(1); }
  template <class __V>
  __ANYWARP_CUDA_HD __T operator+=(__V v) const {
    return __T(fetch_add(v) + v);
  }
  template <class __V>
  __ANYWARP_CUDA_HD __T operator-=(__V v) const {
    return __T(fetch_sub(v) - v);
  }
  __ANYWARP_CUDA_HD __T operator&=(__T v) const { return __T(fetch_and(v) & v); }
  __ANYWARP_CUDA_HD __T operator|=(__T v) const { return __T(fetch_or(v) | v); }
  __ANYWARP_CUDA_HD __T operator^=(__T v) const { return __T(fetch_xor(v) ^ v); }

 private:
  __ANYWARP_CUDA_HD __T exchange_(__T v, int order, ::std::true_type) const {
    return bits<__T>(__anywarp::exchange((__W *)at(), bits<__W>(v), order, Scope));
  }
  __ANYWARP_CUDA_HD __T exchange_(__T v, int order, ::std::false_type) const {
    return update(at(), order, Scope, [v](__T) { return v; });
  }
};
}  // namespace __anywarp

template <class __T, thread_scope Scope = thread_scope_system>
class atomic : public __anywarp::atomic_operations<atomic<__T, Scope>, __T, Scope> {
  static_assert(::std::is_trivially_copyable<__T>::value, "cuda::atomic needs a trivially copyable type");
  // The whole word is the object's own: see cas_within_word.
  alignas(sizeof(__T) < 4 ? 4 : sizeof(__T)) mutable __T value_;

 public:
  // Trivial, so that shared variables may be atomic.
  atomic() = default;
  __ANYWARP_CUDA_HD constexpr atomic(__T v) : value_(v) {}
  atomic(const atomic &) = delete;
  atomic &operator=(const atomic &) = delete;
  __ANYWARP_CUDA_HD __T operator=(__T v) const {
    this->store(v);
    return v;
  }
  __ANYWARP_CUDA_HD __T *__at() const { return &value_; }
};

template <class __T, thread_scope Scope = thread_scope_system>
class atomic_ref : public __anywarp::atomic_operations<atomic_ref<__T, Scope>, __T, Scope> {
  static_assert(::std::is_trivially_copyable<__T>::value, "cuda::atomic_ref needs a trivially copyable type");
  __T *object_;

 public:
  static constexpr ::std::size_t required_alignment = sizeof(__T);
  __ANYWARP_CUDA_HD explicit atomic_ref(__T &object) : object_(&object) {}
  atomic_ref(const atomic_ref &) = default;
  atomic_ref &operator=(const atomic_ref &) = delete;
  __ANYWARP_CUDA_HD __T operator=(__T v) const {
    this->store(v);
    return v;
  }
  __ANYWARP_CUDA_HD __T *__at() const { return object_; }
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
template <class __T>
using atomic = ::cuda::atomic<__T, thread_scope_system>;
template <class __T>
using atomic_ref = ::cuda::atomic_ref<__T, thread_scope_system>;
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
