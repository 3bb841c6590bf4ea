// SPDX-License-Identifier: MIT OR Apache-2.0
// One atomic access of an object of up to eight bytes, on the device at a scope and on the host. Below sm_70, PTX has no
// ordered accesses: there, fences stand around relaxed ones.
#ifndef ANYWARP_CUDA_ACCESS_H
#define ANYWARP_CUDA_ACCESS_H
#include "scope.h"

namespace cuda {
namespace __anywarp {

template <::std::size_t Bytes>
struct word;
template <>
struct word<1> {
  typedef unsigned char type;
};
template <>
struct word<2> {
  typedef unsigned short type;
};
template <>
struct word<4> {
  typedef unsigned int type;
};
template <>
struct word<8> {
  typedef unsigned long long type;
};
template <class To, class From>
__ANYWARP_CUDA_HD To bits(const From &from) {
  static_assert(sizeof(To) == sizeof(From), "atomic objects have 1, 2, 4 or 8 bytes");
  To to;
  __builtin_memcpy((void *)&to, (const void *)&from, sizeof(To));
  return to;
}

#if defined(__CUDA_ARCH__)
#if __CUDA_ARCH__ >= 700
__ANYWARP_CUDA_D constexpr int nv_scope(thread_scope s) {
  return s == thread_scope_system   ? __NV_THREAD_SCOPE_SYSTEM
         : s == thread_scope_device ? __NV_THREAD_SCOPE_DEVICE
         : s == thread_scope_block  ? __NV_THREAD_SCOPE_BLOCK
                                    : __NV_THREAD_SCOPE_THREAD;
}
__ANYWARP_CUDA_D void fence(int order, thread_scope s) { __nv_atomic_thread_fence(order, nv_scope(s)); }
template <class __W>
__ANYWARP_CUDA_D __W load(const __W *p, int order, thread_scope s) {
  return __nv_atomic_load_n(p, order, nv_scope(s));
}
template <class __W>
__ANYWARP_CUDA_D void store(__W *p, __W v, int order, thread_scope s) {
  __nv_atomic_store_n(p, v, order, nv_scope(s));
}
template <class __W>
__ANYWARP_CUDA_D __W cas(__W *p, __W want, __W v, int order, thread_scope s) {
  __nv_atomic_compare_exchange_n(p, &want, v, false, order, order, nv_scope(s));
  return want;
}
template <class __T>
__ANYWARP_CUDA_D __T add(__T *p, __T v, int order, thread_scope s) {
  return __nv_atomic_fetch_add(p, v, order, nv_scope(s));
}
template <class __W>
__ANYWARP_CUDA_D __W exchange(__W *p, __W v, int order, thread_scope s) {
  return __nv_atomic_exchange_n(p, v, order, nv_scope(s));
}
#else
__ANYWARP_CUDA_D void fence(int order, thread_scope s) {
  if (order == __ATOMIC_RELAXED || s == thread_scope_thread) return;
  if (s == thread_scope_block) __threadfence_block();
  else if (s == thread_scope_device) __threadfence();
  else __threadfence_system();
}
template <class __W>
__ANYWARP_CUDA_D __W load(const __W *p, int order, thread_scope s) {
  if (order == __ATOMIC_SEQ_CST) fence(order, s);
  __W v = *(const volatile __W *)p;
  fence(order, s);
  return v;
}
template <class __W>
__ANYWARP_CUDA_D void store(__W *p, __W v, int order, thread_scope s) {
  fence(order, s);
  *(volatile __W *)p = v;
}
template <class __W>
__ANYWARP_CUDA_D __W cas(__W *p, __W want, __W v, int order, thread_scope s) {
  fence(order, s);
  __W old = s == thread_scope_system ? atomicCAS_system(p, want, v) : atomicCAS(p, want, v);
  fence(order, s);
  return old;
}
template <class __T>
__ANYWARP_CUDA_D __T add(__T *p, __T v, int order, thread_scope s) {
  fence(order, s);
  __T old = s == thread_scope_system ? atomicAdd_system(p, v) : atomicAdd(p, v);
  fence(order, s);
  return old;
}
template <class __W>
__ANYWARP_CUDA_D __W exchange(__W *p, __W v, int order, thread_scope s) {
  fence(order, s);
  __W old = s == thread_scope_system ? atomicExch_system(p, v) : atomicExch(p, v);
  fence(order, s);
  return old;
}
#endif
// PTX compares and swaps no single bytes, and halves of a word only from sm_70: a word that holds them stands in.
template <class __W>
__ANYWARP_CUDA_D __W cas_within_word(__W *p, __W want, __W v, int order, thread_scope s) {
  unsigned int *whole = (unsigned int *)((unsigned long long)p & ~3ull);
  int shift = int((unsigned long long)p & 3) * 8;
  const unsigned int mask = unsigned(__W(~__W(0))) << shift;
  unsigned int seen = *(volatile unsigned int *)whole;
  for (;;) {
    if (__W(seen >> shift) != want) return __W(seen >> shift);
    unsigned int old = cas(whole, seen, (seen & ~mask) | (unsigned(v) << shift), order, s);
    if (old == seen) return want;
    seen = old;
  }
}
__ANYWARP_CUDA_D unsigned char cas(unsigned char *p, unsigned char want, unsigned char v, int order, thread_scope s) {
  return cas_within_word(p, want, v, order, s);
}
#if __CUDA_ARCH__ < 700
__ANYWARP_CUDA_D unsigned short cas(unsigned short *p, unsigned short want, unsigned short v, int order, thread_scope s) {
  return cas_within_word(p, want, v, order, s);
}
#endif
#else
__ANYWARP_CUDA_HD void fence(int order, thread_scope) { __atomic_thread_fence(order); }
template <class __W>
__ANYWARP_CUDA_HD __W load(const __W *p, int order, thread_scope) {
  return __atomic_load_n(p, order);
}
template <class __W>
__ANYWARP_CUDA_HD void store(__W *p, __W v, int order, thread_scope) {
  __atomic_store_n(p, v, order);
}
template <class __W>
__ANYWARP_CUDA_HD __W cas(__W *p, __W want, __W v, int order, thread_scope) {
  int failure = order == __ATOMIC_ACQ_REL ? __ATOMIC_ACQUIRE : order == __ATOMIC_RELEASE ? __ATOMIC_RELAXED : order;
  __atomic_compare_exchange_n(p, &want, v, false, order, failure);
  return want;
}
template <class __T>
__ANYWARP_CUDA_HD __T add(__T *p, __T v, int order, thread_scope) {
  return __atomic_fetch_add(p, v, order);
}
template <class __W>
__ANYWARP_CUDA_HD __W exchange(__W *p, __W v, int order, thread_scope) {
  return __atomic_exchange_n(p, v, order);
}
#endif

// Any update, by comparing and swapping until nobody was in between.
template <class __T, class __F>
__ANYWARP_CUDA_HD __T update(__T *p, int order, thread_scope s, __F f) {
  typedef typename word<sizeof(__T)>::type __W;
  __W seen = load((const __W *)p, __ATOMIC_RELAXED, s);
  for (;;) {
    __W old = cas((__W *)p, seen, bits<__W>(f(bits<__T>(seen))), order, s);
    if (old == seen) return bits<__T>(old);
    seen = old;
  }
}

}  // namespace __anywarp
}  // namespace cuda
#endif
