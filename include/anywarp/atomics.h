// SPDX-License-Identifier: MIT OR Apache-2.0
// The atomic functions of the Programming Guide, section "Atomic Functions": every type, and the _block and _system
// scopes. All are relaxed, as the guide says. The built-ins become PTX atom instructions.
#ifndef ANYWARP_ATOMICS_H
#define ANYWARP_ATOMICS_H

// enable_if makes these signatures distinct, so that a program that brings its own overload (older ones do, for
// double) still compiles; ours is preferred.
template <bool __B, class __T>
struct __anywarp_if {};
template <class __T>
struct __anywarp_if<true, __T> {
  typedef __T type;
};

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused, enable_if(true, "")))

// Scope: device
__ANYWARP_D int atomicAdd(int *p, int v) { return __nvvm_atom_add_gen_i(p, v); }
__ANYWARP_D unsigned int atomicAdd(unsigned int *p, unsigned int v) { return (unsigned int)__nvvm_atom_add_gen_i((int *)p, (int)v); }
__ANYWARP_D unsigned long long atomicAdd(unsigned long long *p, unsigned long long v) { return (unsigned long long)__nvvm_atom_add_gen_ll((long long *)p, (long long)v); }
__ANYWARP_D float atomicAdd(float *p, float v) { return __nvvm_atom_add_gen_f(p, v); }
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 600
__ANYWARP_D double atomicAdd(double *p, double v) { return __nvvm_atom_add_gen_d(p, v); }
#endif
__ANYWARP_D int atomicSub(int *p, int v) { return __nvvm_atom_add_gen_i(p, (int)(0u - (unsigned)v)); }
__ANYWARP_D unsigned int atomicSub(unsigned int *p, unsigned int v) { return (unsigned int)__nvvm_atom_add_gen_i((int *)p, (int)(0u - v)); }
__ANYWARP_D int atomicExch(int *p, int v) { return __nvvm_atom_xchg_gen_i(p, v); }
__ANYWARP_D unsigned int atomicExch(unsigned int *p, unsigned int v) { return (unsigned int)__nvvm_atom_xchg_gen_i((int *)p, (int)v); }
__ANYWARP_D unsigned long long atomicExch(unsigned long long *p, unsigned long long v) { return (unsigned long long)__nvvm_atom_xchg_gen_ll((long long *)p, (long long)v); }
__ANYWARP_D float atomicExch(float *p, float v) { return __builtin_bit_cast(float, __nvvm_atom_xchg_gen_i((int *)p, __builtin_bit_cast(int, v))); }
__ANYWARP_D int atomicMin(int *p, int v) { return __nvvm_atom_min_gen_i(p, v); }
__ANYWARP_D unsigned int atomicMin(unsigned int *p, unsigned int v) { return __nvvm_atom_min_gen_ui(p, v); }
__ANYWARP_D long long atomicMin(long long *p, long long v) { return __nvvm_atom_min_gen_ll(p, v); }
__ANYWARP_D unsigned long long atomicMin(unsigned long long *p, unsigned long long v) { return __nvvm_atom_min_gen_ull(p, v); }
__ANYWARP_D int atomicMax(int *p, int v) { return __nvvm_atom_max_gen_i(p, v); }
__ANYWARP_D unsigned int atomicMax(unsigned int *p, unsigned int v) { return __nvvm_atom_max_gen_ui(p, v); }
__ANYWARP_D long long atomicMax(long long *p, long long v) { return __nvvm_atom_max_gen_ll(p, v); }
__ANYWARP_D unsigned long long atomicMax(unsigned long long *p, unsigned long long v) { return __nvvm_atom_max_gen_ull(p, v); }
__ANYWARP_D unsigned int atomicInc(unsigned int *p, unsigned int v) { return __nvvm_atom_inc_gen_ui(p, v); }
__ANYWARP_D unsigned int atomicDec(unsigned int *p, unsigned int v) { return __nvvm_atom_dec_gen_ui(p, v); }
__ANYWARP_D int atomicAnd(int *p, int v) { return __nvvm_atom_and_gen_i(p, v); }
__ANYWARP_D unsigned int atomicAnd(unsigned int *p, unsigned int v) { return (unsigned int)__nvvm_atom_and_gen_i((int *)p, (int)v); }
__ANYWARP_D unsigned long long atomicAnd(unsigned long long *p, unsigned long long v) { return (unsigned long long)__nvvm_atom_and_gen_ll((long long *)p, (long long)v); }
__ANYWARP_D long long atomicAnd(long long *p, long long v) { return __nvvm_atom_and_gen_ll(p, v); }
__ANYWARP_D int atomicOr(int *p, int v) { return __nvvm_atom_or_gen_i(p, v); }
__ANYWARP_D unsigned int atomicOr(unsigned int *p, unsigned int v) { return (unsigned int)__nvvm_atom_or_gen_i((int *)p, (int)v); }
__ANYWARP_D unsigned long long atomicOr(unsigned long long *p, unsigned long long v) { return (unsigned long long)__nvvm_atom_or_gen_ll((long long *)p, (long long)v); }
__ANYWARP_D long long atomicOr(long long *p, long long v) { return __nvvm_atom_or_gen_ll(p, v); }
__ANYWARP_D int atomicXor(int *p, int v) { return __nvvm_atom_xor_gen_i(p, v); }
__ANYWARP_D unsigned int atomicXor(unsigned int *p, unsigned int v) { return (unsigned int)__nvvm_atom_xor_gen_i((int *)p, (int)v); }
__ANYWARP_D unsigned long long atomicXor(unsigned long long *p, unsigned long long v) { return (unsigned long long)__nvvm_atom_xor_gen_ll((long long *)p, (long long)v); }
__ANYWARP_D long long atomicXor(long long *p, long long v) { return __nvvm_atom_xor_gen_ll(p, v); }
__ANYWARP_D int atomicCAS(int *p, int c, int v) { return __nvvm_atom_cas_gen_i(p, c, v); }
__ANYWARP_D unsigned int atomicCAS(unsigned int *p, unsigned int c, unsigned int v) { return (unsigned int)__nvvm_atom_cas_gen_i((int *)p, (int)c, (int)v); }
__ANYWARP_D unsigned long long atomicCAS(unsigned long long *p, unsigned long long c, unsigned long long v) { return (unsigned long long)__nvvm_atom_cas_gen_ll((long long *)p, (long long)c, (long long)v); }
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
__ANYWARP_D unsigned short int atomicCAS(unsigned short int *p, unsigned short int c, unsigned short int v) {
  unsigned short int old;
  asm volatile("atom.cas.b16 %0, [%1], %2, %3;" : "=h"(old) : "l"(p), "h"(c), "h"(v) : "memory");
  return old;
}
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
template <class __T>
__ANYWARP_D typename __anywarp_if<sizeof(__T) == 16, __T>::type atomicCAS(__T *p, __T c, __T v) {
  unsigned long long w[6];
  __builtin_memcpy(w, &c, 16), __builtin_memcpy(w + 2, &v, 16);
  asm volatile("{ .reg .b128 c, v, o; mov.b128 c, {%3, %4}; mov.b128 v, {%5, %6};\n\t"
               "atom.cas.b128 o, [%2], c, v; mov.b128 {%0, %1}, o; }"
               : "=l"(w[4]), "=l"(w[5])
               : "l"(p), "l"(w[0]), "l"(w[1]), "l"(w[2]), "l"(w[3])
               : "memory");
  __T old;
  __builtin_memcpy(&old, w + 4, 16);
  return old;
}
template <class __T>
__ANYWARP_D typename __anywarp_if<sizeof(__T) == 16, __T>::type atomicExch(__T *p, __T v) {
  unsigned long long w[4];
  __builtin_memcpy(w, &v, 16);
  asm volatile("{ .reg .b128 v, o; mov.b128 v, {%3, %4};\n\t"
               "atom.exch.b128 o, [%2], v; mov.b128 {%0, %1}, o; }"
               : "=l"(w[2]), "=l"(w[3])
               : "l"(p), "l"(w[0]), "l"(w[1])
               : "memory");
  __T old;
  __builtin_memcpy(&old, w + 2, 16);
  return old;
}
// Each element on its own, in global memory only. clang's header has these without volatile, so that calls whose result
// nobody reads vanish; enable_if makes these preferred.
#define __ANYWARP_VECTOR_ADD(NAME, __SCOPE)                                                          \
  __ANYWARP_D float2 NAME(float2 *p, float2 v) {                                                   \
    float2 old;                                                                                    \
    asm volatile("atom" __SCOPE ".global.add.v2.f32 {%0, %1}, [%2], {%3, %4};"                       \
                 : "=f"(old.x), "=f"(old.y)                                                        \
                 : "l"(__cvta_generic_to_global(p)), "f"(v.x), "f"(v.y)                            \
                 : "memory");                                                                      \
    return old;                                                                                    \
  }                                                                                                \
  __ANYWARP_D float4 NAME(float4 *p, float4 v) {                                                   \
    float4 old;                                                                                    \
    asm volatile("atom" __SCOPE ".global.add.v4.f32 {%0, %1, %2, %3}, [%4], {%5, %6, %7, %8};"       \
                 : "=f"(old.x), "=f"(old.y), "=f"(old.z), "=f"(old.w)                              \
                 : "l"(__cvta_generic_to_global(p)), "f"(v.x), "f"(v.y), "f"(v.z), "f"(v.w)        \
                 : "memory");                                                                      \
    return old;                                                                                    \
  }
__ANYWARP_VECTOR_ADD(atomicAdd, "")
__ANYWARP_VECTOR_ADD(atomicAdd_block, ".cta")
__ANYWARP_VECTOR_ADD(atomicAdd_system, ".sys")
#undef __ANYWARP_VECTOR_ADD
#endif

#define __ANYWARP_SCOPED(name) name##_block
#define __ANYWARP_NVVM(op) __nvvm_atom_cta_##op
#define __ANYWARP_SCOPE ".cta"
#include "atomics_scoped.inc"

#define __ANYWARP_SCOPED(name) name##_system
#define __ANYWARP_NVVM(op) __nvvm_atom_sys_##op
#define __ANYWARP_SCOPE ".sys"
#include "atomics_scoped.inc"

#undef __ANYWARP_D
#endif
