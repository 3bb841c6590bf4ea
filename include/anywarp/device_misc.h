// SPDX-License-Identifier: MIT OR Apache-2.0
// Device functions that stand alone: address space queries and conversions, dot products, sleeping, the profiler trigger,
// and the system calls of the device C library.
#ifndef ANYWARP_DEVICE_MISC_H
#define ANYWARP_DEVICE_MISC_H

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
__ANYWARP_D void __nanosleep(unsigned int ns) { asm volatile("nanosleep.u32 %0;" ::"r"(ns) : "memory"); }
#endif
__ANYWARP_D unsigned long long __globaltimer() {
  unsigned long long t;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(t));
  return t;
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 610
// Dot products of packed bytes (CUDA Math API, "Integer Intrinsics"): PTX dp4a and dp2a.
#define __ANYWARP_DP(NAME, PTX, __R, __A, __B)                                                                       \
  __ANYWARP_D __R NAME(__A a, __B b, __R c) {                                                                          \
    __R d;                                                                                                       \
    asm(PTX " %0, %1, %2, %3;" : "=r"(d)                                                                       \
        : "r"(__builtin_bit_cast(unsigned int, a)), "r"(__builtin_bit_cast(unsigned int, b)), "r"(c));         \
    return d;                                                                                                  \
  }
__ANYWARP_DP(__dp4a, "dp4a.s32.s32", int, int, int)
__ANYWARP_DP(__dp4a, "dp4a.u32.u32", unsigned int, unsigned int, unsigned int)
__ANYWARP_DP(__dp4a, "dp4a.s32.s32", int, char4, char4)
__ANYWARP_DP(__dp4a, "dp4a.u32.u32", unsigned int, uchar4, uchar4)
__ANYWARP_DP(__dp2a_lo, "dp2a.lo.s32.s32", int, int, int)
__ANYWARP_DP(__dp2a_lo, "dp2a.lo.u32.u32", unsigned int, unsigned int, unsigned int)
__ANYWARP_DP(__dp2a_lo, "dp2a.lo.s32.s32", int, short2, char4)
__ANYWARP_DP(__dp2a_lo, "dp2a.lo.u32.u32", unsigned int, ushort2, uchar4)
__ANYWARP_DP(__dp2a_hi, "dp2a.hi.s32.s32", int, int, int)
__ANYWARP_DP(__dp2a_hi, "dp2a.hi.u32.u32", unsigned int, unsigned int, unsigned int)
__ANYWARP_DP(__dp2a_hi, "dp2a.hi.s32.s32", int, short2, char4)
__ANYWARP_DP(__dp2a_hi, "dp2a.hi.u32.u32", unsigned int, ushort2, uchar4)
#undef __ANYWARP_DP
#endif

__ANYWARP_D void *memmove(void *d, const void *s, size_t n) { return __builtin_memmove(d, s, n); }
__ANYWARP_D int memcmp(const void *a, const void *b, size_t n) {
  const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
  for (size_t i = 0; i < n; ++i)
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  return 0;
}
__ANYWARP_D size_t strlen(const char *s) {
  size_t n = 0;
  while (s[n]) ++n;
  return n;
}
__ANYWARP_D int strcmp(const char *a, const char *b) {
  while (*a && *a == *b) ++a, ++b;
  return (int)(unsigned char)*a - (int)(unsigned char)*b;
}
__ANYWARP_D char *strcpy(char *d, const char *s) {
  char *r = d;
  while ((*d++ = *s++)) {
  }
  return r;
}
namespace std {
using ::memcmp;
using ::memcpy;
using ::memmove;
using ::memset;
}  // namespace std

#undef __ANYWARP_D
#endif
