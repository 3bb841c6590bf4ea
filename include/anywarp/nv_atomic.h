// SPDX-License-Identifier: MIT OR Apache-2.0
// The __nv_atomic functions of CUDA 12.8 (Programming Guide, "Atomic Built-in Functions"): generic atomics with an order
// and a scope. clang 19's back end cannot order loads and stores, nor does it keep the order of read-modify-writes, so
// every access is PTX. Order and scope must be constants, as the guide demands.
#ifndef ANYWARP_NV_ATOMIC_H
#define ANYWARP_NV_ATOMIC_H

#define __NV_ATOMIC_RELAXED 0
#define __NV_ATOMIC_CONSUME 1
#define __NV_ATOMIC_ACQUIRE 2
#define __NV_ATOMIC_RELEASE 3
#define __NV_ATOMIC_ACQ_REL 4
#define __NV_ATOMIC_SEQ_CST 5
#define __NV_THREAD_SCOPE_THREAD 0
#define __NV_THREAD_SCOPE_BLOCK 1
#define __NV_THREAD_SCOPE_CLUSTER 2
#define __NV_THREAD_SCOPE_DEVICE 3
#define __NV_THREAD_SCOPE_SYSTEM 4

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))
namespace __anywarp_atomic {
template <int Bytes>
struct Word;
template <>
struct Word<1> {
  typedef unsigned char type;
};
template <>
struct Word<2> {
  typedef unsigned short type;
};
template <>
struct Word<4> {
  typedef unsigned int type;
};
template <>
struct Word<8> {
  typedef unsigned long long type;
};
template <class To, class From>
__ANYWARP_D To cast(From f) {
  To t;
  __builtin_memcpy(&t, &f, sizeof(To));
  return t;
}
template <class __A, class __B>
struct Same {
  static const bool value = false;
};
template <class __A>
struct Same<__A, __A> {
  static const bool value = true;
};

__ANYWARP_D void fence(int order, int scope) {
  if (order == __NV_ATOMIC_RELAXED || scope == __NV_THREAD_SCOPE_THREAD) return;
  if (order == __NV_ATOMIC_SEQ_CST) {
    if (scope == __NV_THREAD_SCOPE_BLOCK) asm volatile("fence.sc.cta;" ::: "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("fence.sc.sys;" ::: "memory");
    else asm volatile("fence.sc.gpu;" ::: "memory");
  } else {
    if (scope == __NV_THREAD_SCOPE_BLOCK) asm volatile("fence.acq_rel.cta;" ::: "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("fence.acq_rel.sys;" ::: "memory");
    else asm volatile("fence.acq_rel.gpu;" ::: "memory");
  }
}
// What a read-modify-write or access needs around it: PTX has no .sc access, so seq_cst is a fence and an acq_rel access.
__ANYWARP_D void before(int order, int scope) {
  if (order == __NV_ATOMIC_SEQ_CST) fence(order, scope);
}
__ANYWARP_D unsigned char load(const unsigned char *p, int order, int scope) {
  unsigned short v;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.relaxed.cta.b8 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.relaxed.sys.b8 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else asm volatile("ld.relaxed.gpu.b8 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.acquire.cta.b8 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.acquire.sys.b8 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else asm volatile("ld.acquire.gpu.b8 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
  }
  return (unsigned char)v;
}
__ANYWARP_D void store(unsigned char *p, unsigned char value, int order, int scope) {
  unsigned short v = value;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.relaxed.cta.b8 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.relaxed.sys.b8 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else asm volatile("st.relaxed.gpu.b8 [%0], %1;" ::"l"(p), "h"(v) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.release.cta.b8 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.release.sys.b8 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else asm volatile("st.release.gpu.b8 [%0], %1;" ::"l"(p), "h"(v) : "memory");
  }
}
__ANYWARP_D unsigned short load(const unsigned short *p, int order, int scope) {
  unsigned short v;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.relaxed.cta.b16 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.relaxed.sys.b16 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else asm volatile("ld.relaxed.gpu.b16 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.acquire.cta.b16 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.acquire.sys.b16 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
    else asm volatile("ld.acquire.gpu.b16 %0, [%1];" : "=h"(v) : "l"(p) : "memory");
  }
  return (unsigned short)v;
}
__ANYWARP_D void store(unsigned short *p, unsigned short value, int order, int scope) {
  unsigned short v = value;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.relaxed.cta.b16 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.relaxed.sys.b16 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else asm volatile("st.relaxed.gpu.b16 [%0], %1;" ::"l"(p), "h"(v) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.release.cta.b16 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.release.sys.b16 [%0], %1;" ::"l"(p), "h"(v) : "memory");
    else asm volatile("st.release.gpu.b16 [%0], %1;" ::"l"(p), "h"(v) : "memory");
  }
}
__ANYWARP_D unsigned int load(const unsigned int *p, int order, int scope) {
  unsigned int v;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.relaxed.cta.b32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.relaxed.sys.b32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
    else asm volatile("ld.relaxed.gpu.b32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.acquire.cta.b32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.acquire.sys.b32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
    else asm volatile("ld.acquire.gpu.b32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
  }
  return (unsigned int)v;
}
__ANYWARP_D void store(unsigned int *p, unsigned int value, int order, int scope) {
  unsigned int v = value;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.relaxed.cta.b32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.relaxed.sys.b32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
    else asm volatile("st.relaxed.gpu.b32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.release.cta.b32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.release.sys.b32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
    else asm volatile("st.release.gpu.b32 [%0], %1;" ::"l"(p), "r"(v) : "memory");
  }
}
__ANYWARP_D unsigned long long load(const unsigned long long *p, int order, int scope) {
  unsigned long long v;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.relaxed.cta.b64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.relaxed.sys.b64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
    else asm volatile("ld.relaxed.gpu.b64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("ld.acquire.cta.b64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("ld.acquire.sys.b64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
    else asm volatile("ld.acquire.gpu.b64 %0, [%1];" : "=l"(v) : "l"(p) : "memory");
  }
  return (unsigned long long)v;
}
__ANYWARP_D void store(unsigned long long *p, unsigned long long value, int order, int scope) {
  unsigned long long v = value;
  before(order, scope);
  if (order == __NV_ATOMIC_RELAXED) {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.relaxed.cta.b64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.relaxed.sys.b64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
    else asm volatile("st.relaxed.gpu.b64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
  } else {
    if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("st.release.cta.b64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
    else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("st.release.sys.b64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
    else asm volatile("st.release.gpu.b64 [%0], %1;" ::"l"(p), "l"(v) : "memory");
  }
}

#define __ANYWARP_RMW_SCOPES(SEM, OP, __C)                                                                             \
  if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("atom" SEM ".cta." OP " %0, [%1], %2;" : "=" __C(old) : "l"(p), __C(v) : "memory"); \
  else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("atom" SEM ".sys." OP " %0, [%1], %2;" : "=" __C(old) : "l"(p), __C(v) : "memory"); \
  else asm volatile("atom" SEM ".gpu." OP " %0, [%1], %2;" : "=" __C(old) : "l"(p), __C(v) : "memory");
#define __ANYWARP_RMW(NAME, __T, OP, __C)                                                                                \
  __ANYWARP_D __T NAME(__T *p, __T v, int order, int scope) {                                                              \
    __T old;                                                                                                           \
    before(order, scope);                                                                                            \
    if (order == __NV_ATOMIC_RELAXED) {                                                                              \
      __ANYWARP_RMW_SCOPES(".relaxed", OP, __C)                                                                        \
    } else if (order == __NV_ATOMIC_ACQUIRE || order == __NV_ATOMIC_CONSUME) {                                       \
      __ANYWARP_RMW_SCOPES(".acquire", OP, __C)                                                                        \
    } else if (order == __NV_ATOMIC_RELEASE) {                                                                       \
      __ANYWARP_RMW_SCOPES(".release", OP, __C)                                                                        \
    } else {                                                                                                         \
      __ANYWARP_RMW_SCOPES(".acq_rel", OP, __C)                                                                        \
    }                                                                                                                \
    return old;                                                                                                      \
  }
__ANYWARP_RMW(add, int, "add.u32", "r")
__ANYWARP_RMW(min, int, "min.s32", "r")
__ANYWARP_RMW(max, int, "max.s32", "r")
__ANYWARP_RMW(land, int, "and.b32", "r")
__ANYWARP_RMW(lor, int, "or.b32", "r")
__ANYWARP_RMW(lxor, int, "xor.b32", "r")
__ANYWARP_RMW(exch, int, "exch.b32", "r")
__ANYWARP_RMW(add, unsigned int, "add.u32", "r")
__ANYWARP_RMW(min, unsigned int, "min.u32", "r")
__ANYWARP_RMW(max, unsigned int, "max.u32", "r")
__ANYWARP_RMW(land, unsigned int, "and.b32", "r")
__ANYWARP_RMW(lor, unsigned int, "or.b32", "r")
__ANYWARP_RMW(lxor, unsigned int, "xor.b32", "r")
__ANYWARP_RMW(exch, unsigned int, "exch.b32", "r")
__ANYWARP_RMW(add, long long, "add.u64", "l")
__ANYWARP_RMW(min, long long, "min.s64", "l")
__ANYWARP_RMW(max, long long, "max.s64", "l")
__ANYWARP_RMW(land, long long, "and.b64", "l")
__ANYWARP_RMW(lor, long long, "or.b64", "l")
__ANYWARP_RMW(lxor, long long, "xor.b64", "l")
__ANYWARP_RMW(exch, long long, "exch.b64", "l")
__ANYWARP_RMW(add, unsigned long long, "add.u64", "l")
__ANYWARP_RMW(min, unsigned long long, "min.u64", "l")
__ANYWARP_RMW(max, unsigned long long, "max.u64", "l")
__ANYWARP_RMW(land, unsigned long long, "and.b64", "l")
__ANYWARP_RMW(lor, unsigned long long, "or.b64", "l")
__ANYWARP_RMW(lxor, unsigned long long, "xor.b64", "l")
__ANYWARP_RMW(exch, unsigned long long, "exch.b64", "l")
__ANYWARP_RMW(add, float, "add.f32", "f")
__ANYWARP_RMW(add, double, "add.f64", "d")
#undef __ANYWARP_RMW
#undef __ANYWARP_RMW_SCOPES

#define __ANYWARP_CAS_SCOPES(SEM, __B, __C)                                                                                 \
  if (scope <= __NV_THREAD_SCOPE_BLOCK) asm volatile("atom" SEM ".cta.cas." __B " %0, [%1], %2, %3;" : "=" __C(old) : "l"(p), __C(c), __C(v) : "memory"); \
  else if (scope == __NV_THREAD_SCOPE_SYSTEM) asm volatile("atom" SEM ".sys.cas." __B " %0, [%1], %2, %3;" : "=" __C(old) : "l"(p), __C(c), __C(v) : "memory"); \
  else asm volatile("atom" SEM ".gpu.cas." __B " %0, [%1], %2, %3;" : "=" __C(old) : "l"(p), __C(c), __C(v) : "memory");
#define __ANYWARP_CAS(__T, __B, __C)                                                                   \
  __ANYWARP_D __T cas(__T *p, __T c, __T v, int order, int scope) {                                      \
    __T old;                                                                                       \
    before(order, scope);                                                                        \
    if (order == __NV_ATOMIC_RELAXED) {                                                          \
      __ANYWARP_CAS_SCOPES(".relaxed", __B, __C)                                                     \
    } else {                                                                                     \
      __ANYWARP_CAS_SCOPES(".acq_rel", __B, __C)                                                     \
    }                                                                                            \
    return old;                                                                                  \
  }
__ANYWARP_CAS(unsigned short, "b16", "h")
__ANYWARP_CAS(unsigned int, "b32", "r")
__ANYWARP_CAS(unsigned long long, "b64", "l")
#undef __ANYWARP_CAS
#undef __ANYWARP_CAS_SCOPES

// The type that PTX's arithmetic atomics know for T: long has the size of long long.
template <class __T>
struct Arith {
  typedef __T type;
};
template <>
struct Arith<long> {
  typedef long long type;
};
template <>
struct Arith<unsigned long> {
  typedef unsigned long long type;
};
}  // namespace __anywarp_atomic

__ANYWARP_D void __nv_atomic_thread_fence(int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  __anywarp_atomic::fence(order, scope);
}
template <class __T>
__ANYWARP_D __T __nv_atomic_load_n(const __T *p, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  typedef typename __anywarp_atomic::Word<sizeof(__T)>::type __W;
  return __anywarp_atomic::cast<__T>(__anywarp_atomic::load((const __W *)p, order, scope));
}
template <class __T>
__ANYWARP_D void __nv_atomic_load(const __T *p, __T *out, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  *out = __nv_atomic_load_n(p, order, scope);
}
template <class __T, class __V>
__ANYWARP_D void __nv_atomic_store_n(__T *p, __V v, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  typedef typename __anywarp_atomic::Word<sizeof(__T)>::type __W;
  __anywarp_atomic::store((__W *)p, __anywarp_atomic::cast<__W>((__T)v), order, scope);
}
template <class __T>
__ANYWARP_D void __nv_atomic_store(__T *p, __T *v, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  __nv_atomic_store_n(p, *v, order, scope);
}
template <class __T, class __V>
__ANYWARP_D __T __nv_atomic_exchange_n(__T *p, __V v, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  typedef typename __anywarp_atomic::Word<sizeof(__T)>::type __W;
  return __anywarp_atomic::cast<__T>(__anywarp_atomic::exch((__W *)p, __anywarp_atomic::cast<__W>((__T)v), order, scope));
}
template <class __T>
__ANYWARP_D void __nv_atomic_exchange(__T *p, __T *v, __T *out, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  *out = __nv_atomic_exchange_n(p, *v, order, scope);
}
template <class __T, class __V>
__ANYWARP_D bool __nv_atomic_compare_exchange_n(__T *p, __T *expected, __V desired, bool, int success, int failure,
                                                int scope = __NV_THREAD_SCOPE_SYSTEM) {
  typedef typename __anywarp_atomic::Word<sizeof(__T)>::type __W;
  int order = success == __NV_ATOMIC_SEQ_CST || failure == __NV_ATOMIC_SEQ_CST ? __NV_ATOMIC_SEQ_CST
              : success == __NV_ATOMIC_RELAXED && failure == __NV_ATOMIC_RELAXED ? __NV_ATOMIC_RELAXED
                                                                                 : __NV_ATOMIC_ACQ_REL;
  __W want = __anywarp_atomic::cast<__W>(*expected);
  __W old = __anywarp_atomic::cas((__W *)p, want, __anywarp_atomic::cast<__W>((__T)desired), order, scope);
  if (old == want) return true;
  *expected = __anywarp_atomic::cast<__T>(old);
  return false;
}
template <class __T>
__ANYWARP_D bool __nv_atomic_compare_exchange(__T *p, __T *expected, __T *desired, bool weak, int success, int failure,
                                              int scope = __NV_THREAD_SCOPE_SYSTEM) {
  return __nv_atomic_compare_exchange_n(p, expected, *desired, weak, success, failure, scope);
}
#define __ANYWARP_FETCH(NAME, OP)                                                                          \
  template <class __T, class __V>                                                                              \
  __ANYWARP_D __T __nv_atomic_fetch_##NAME(__T *p, __V v, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {     \
    typedef typename __anywarp_atomic::Arith<__T>::type __A;                                                   \
    return (__T)__anywarp_atomic::OP((__A *)p, (__A)v, order, scope);                                            \
  }
__ANYWARP_FETCH(add, add)
__ANYWARP_FETCH(min, min)
__ANYWARP_FETCH(max, max)
__ANYWARP_FETCH(and, land)
__ANYWARP_FETCH(or, lor)
__ANYWARP_FETCH(xor, lxor)
#undef __ANYWARP_FETCH
template <class __T, class __V>
__ANYWARP_D __T __nv_atomic_fetch_sub(__T *p, __V v, int order, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  typedef typename __anywarp_atomic::Arith<__T>::type __A;
  return (__T)__anywarp_atomic::add((__A *)p, (__A)(0 - (__A)v), order, scope);
}
#undef __ANYWARP_D
#endif
#endif
