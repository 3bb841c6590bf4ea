// SPDX-License-Identifier: MIT OR Apache-2.0
// Loads and stores with cache hints (Programming Guide, "Load/Store Functions Using Cache Hints"). The hints never change
// a result; they are kept in the PTX (PTX ISA, "Cache Operators") because .cg and .cv loads may not be merged or moved.
#ifndef ANYWARP_CACHE_HINTS_H
#define ANYWARP_CACHE_HINTS_H

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))

#define __ANYWARP_LD1(OP, PTX, __T, __C, __W)                                \
  __ANYWARP_D __T OP(const __T *p) {                                       \
    __W w;                                                               \
    asm volatile(PTX " %0, [%1];" : "=" __C(w) : "l"(p) : "memory");     \
    return (__T)w;                                                       \
  }
#define __ANYWARP_LD2(OP, PTX, __T, __C, __W, __E)                                                \
  __ANYWARP_D __T OP(const __T *p) {                                                          \
    __W a, b;                                                                               \
    asm volatile(PTX " {%0, %1}, [%2];" : "=" __C(a), "=" __C(b) : "l"(p) : "memory");        \
    __T r;                                                                                  \
    r.x = (__E)a, r.y = (__E)b;                                                               \
    return r;                                                                             \
  }
#define __ANYWARP_LD4(OP, PTX, __T, __C, __W, __E)                                                                          \
  __ANYWARP_D __T OP(const __T *p) {                                                                                    \
    __W a, b, c, d;                                                                                                   \
    asm volatile(PTX " {%0, %1, %2, %3}, [%4];" : "=" __C(a), "=" __C(b), "=" __C(c), "=" __C(d) : "l"(p) : "memory");      \
    __T r;                                                                                                            \
    r.x = (__E)a, r.y = (__E)b, r.z = (__E)c, r.w = (__E)d;                                                                 \
    return r;                                                                                                       \
  }
#define __ANYWARP_ST1(OP, PTX, __T, __C, __W) \
  __ANYWARP_D void OP(__T *p, __T v) { asm volatile(PTX " [%0], %1;" ::"l"(p), __C((__W)v) : "memory"); }
#define __ANYWARP_ST2(OP, PTX, __T, __C, __W, __E) \
  __ANYWARP_D void OP(__T *p, __T v) { asm volatile(PTX " [%0], {%1, %2};" ::"l"(p), __C((__W)v.x), __C((__W)v.y) : "memory"); }
#define __ANYWARP_ST4(OP, PTX, __T, __C, __W, __E)                                                                          \
  __ANYWARP_D void OP(__T *p, __T v) {                                                                                  \
    asm volatile(PTX " [%0], {%1, %2, %3, %4};" ::"l"(p), __C((__W)v.x), __C((__W)v.y), __C((__W)v.z), __C((__W)v.w) : "memory");   \
  }

#define __ANYWARP_HINT(__M, OP, PTX)                                                   \
  __M##1(OP, PTX "." "s8", char, "h", short) \
  __M##1(OP, PTX "." "s8", signed char, "h", short) \
  __M##1(OP, PTX "." "u8", unsigned char, "h", unsigned short) \
  __M##1(OP, PTX "." "s16", short, "h", short) \
  __M##1(OP, PTX "." "u16", unsigned short, "h", unsigned short) \
  __M##1(OP, PTX "." "s32", int, "r", int) \
  __M##1(OP, PTX "." "u32", unsigned int, "r", unsigned int) \
  __M##1(OP, PTX "." "s64", long, "l", long) \
  __M##1(OP, PTX "." "u64", unsigned long, "l", unsigned long) \
  __M##1(OP, PTX "." "s64", long long, "l", long long) \
  __M##1(OP, PTX "." "u64", unsigned long long, "l", unsigned long long) \
  __M##1(OP, PTX "." "f32", float, "f", float) \
  __M##1(OP, PTX "." "f64", double, "d", double) \
  __M##2(OP, PTX ".v2." "s8", char2, "h", short, signed char) \
  __M##2(OP, PTX ".v2." "u8", uchar2, "h", unsigned short, unsigned char) \
  __M##2(OP, PTX ".v2." "s16", short2, "h", short, short) \
  __M##2(OP, PTX ".v2." "u16", ushort2, "h", unsigned short, unsigned short) \
  __M##2(OP, PTX ".v2." "s32", int2, "r", int, int) \
  __M##2(OP, PTX ".v2." "u32", uint2, "r", unsigned int, unsigned int) \
  __M##2(OP, PTX ".v2." "s64", longlong2, "l", long long, long long) \
  __M##2(OP, PTX ".v2." "u64", ulonglong2, "l", unsigned long long, unsigned long long) \
  __M##2(OP, PTX ".v2." "f32", float2, "f", float, float) \
  __M##2(OP, PTX ".v2." "f64", double2, "d", double, double) \
  __M##4(OP, PTX ".v4." "s8", char4, "h", short, signed char) \
  __M##4(OP, PTX ".v4." "u8", uchar4, "h", unsigned short, unsigned char) \
  __M##4(OP, PTX ".v4." "s16", short4, "h", short, short) \
  __M##4(OP, PTX ".v4." "u16", ushort4, "h", unsigned short, unsigned short) \
  __M##4(OP, PTX ".v4." "s32", int4, "r", int, int) \
  __M##4(OP, PTX ".v4." "u32", uint4, "r", unsigned int, unsigned int) \
  __M##4(OP, PTX ".v4." "f32", float4, "f", float, float)

__ANYWARP_HINT(__ANYWARP_LD, __ldcg, "ld.global.cg")
__ANYWARP_HINT(__ANYWARP_LD, __ldca, "ld.global.ca")
__ANYWARP_HINT(__ANYWARP_LD, __ldcs, "ld.global.cs")
__ANYWARP_HINT(__ANYWARP_LD, __ldlu, "ld.global.lu")
__ANYWARP_HINT(__ANYWARP_LD, __ldcv, "ld.global.cv")
__ANYWARP_HINT(__ANYWARP_ST, __stwb, "st.global.wb")
__ANYWARP_HINT(__ANYWARP_ST, __stcg, "st.global.cg")
__ANYWARP_HINT(__ANYWARP_ST, __stcs, "st.global.cs")
__ANYWARP_HINT(__ANYWARP_ST, __stwt, "st.global.wt")
#undef __ANYWARP_LD1
#undef __ANYWARP_LD2
#undef __ANYWARP_LD4
#undef __ANYWARP_ST1
#undef __ANYWARP_ST2
#undef __ANYWARP_ST4
#undef __ANYWARP_HINT
#undef __ANYWARP_D
#endif
