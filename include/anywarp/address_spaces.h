// SPDX-License-Identifier: MIT OR Apache-2.0
// Address space predicate and conversion functions (Programming Guide). clang's __clang_cuda_intrinsics.h uses some of
// them, so this comes before it.
#ifndef ANYWARP_ADDRESS_SPACES_H
#define ANYWARP_ADDRESS_SPACES_H

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused, const))
__ANYWARP_D unsigned int __isGlobal(const void *p) { return __nvvm_isspacep_global(p); }
__ANYWARP_D unsigned int __isShared(const void *p) { return __nvvm_isspacep_shared(p); }
__ANYWARP_D unsigned int __isConstant(const void *p) { return __nvvm_isspacep_const(p); }
__ANYWARP_D unsigned int __isLocal(const void *p) { return __nvvm_isspacep_local(p); }
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
__ANYWARP_D unsigned int __isGridConstant(const void *p) {
  unsigned int r;
  asm("{ .reg .pred p; isspacep.param p, %1; selp.u32 %0, 1, 0, p; }" : "=r"(r) : "l"(p));
  return r;
}
#endif
#define __ANYWARP_CVTA(NAME, __N)                                                                               \
  __ANYWARP_D size_t __cvta_generic_to_##NAME(const void *p) {                                                \
    return (size_t)(const void __attribute__((address_space(__N))) *)p;                                         \
  }                                                                                                           \
  __ANYWARP_D void *__cvta_##NAME##_to_generic(size_t p) { return (void *)(void __attribute__((address_space(__N))) *)p; }
__ANYWARP_CVTA(global, 1)
__ANYWARP_CVTA(shared, 3)
__ANYWARP_CVTA(constant, 4)
__ANYWARP_CVTA(local, 5)
#undef __ANYWARP_CVTA
#undef __ANYWARP_D
#endif
