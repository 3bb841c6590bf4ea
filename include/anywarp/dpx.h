// SPDX-License-Identifier: MIT OR Apache-2.0
// DPX: fused add, minimum and maximum of integers and pairs of 16-bit integers (CUDA Math API, "SIMD Intrinsics").
// Host and device, as the manual has them.
#ifndef ANYWARP_DPX_H
#define ANYWARP_DPX_H

#define __ANYWARP_X static __inline__ __host__ __device__ __attribute__((always_inline, unused))

namespace __anywarp_dpx {
template <class __T>
__ANYWARP_X __T most(__T a, __T b) { return a > b ? a : b; }
template <class __T>
__ANYWARP_X __T least(__T a, __T b) { return a < b ? a : b; }
template <class __T>
__ANYWARP_X __T lane(unsigned int v, int i) { return (__T)(v >> (16 * i)); }
template <class __T>
__ANYWARP_X unsigned int pack(__T lo, __T hi) { return (unsigned int)(unsigned short)lo | (unsigned int)(unsigned short)hi << 16; }
}  // namespace __anywarp_dpx

__ANYWARP_X int __viaddmax_s32(int a, int b, int c) { return __anywarp_dpx::most<int>((int)((unsigned int)a + (unsigned int)b), c); }
__ANYWARP_X int __vimax3_s32(int a, int b, int c) {
  return __anywarp_dpx::most<int>(__anywarp_dpx::most<int>(a, b), c);
}
__ANYWARP_X int __vibmax_s32(int a, int b, bool *pred) {
  *pred = a >= b;
  return *pred ? a : b;
}
__ANYWARP_X int __vimax_s32_relu(int a, int b) { return __anywarp_dpx::most<int>(__anywarp_dpx::most<int>(a, b), 0); }
__ANYWARP_X int __viaddmax_s32_relu(int a, int b, int c) { return __anywarp_dpx::most<int>(__viaddmax_s32(a, b, c), 0); }
__ANYWARP_X int __vimax3_s32_relu(int a, int b, int c) { return __anywarp_dpx::most<int>(__vimax3_s32(a, b, c), 0); }
__ANYWARP_X int __viaddmin_s32(int a, int b, int c) { return __anywarp_dpx::least<int>((int)((unsigned int)a + (unsigned int)b), c); }
__ANYWARP_X int __vimin3_s32(int a, int b, int c) {
  return __anywarp_dpx::least<int>(__anywarp_dpx::least<int>(a, b), c);
}
__ANYWARP_X int __vibmin_s32(int a, int b, bool *pred) {
  *pred = a <= b;
  return *pred ? a : b;
}
__ANYWARP_X int __vimin_s32_relu(int a, int b) { return __anywarp_dpx::most<int>(__anywarp_dpx::least<int>(a, b), 0); }
__ANYWARP_X int __viaddmin_s32_relu(int a, int b, int c) { return __anywarp_dpx::most<int>(__viaddmin_s32(a, b, c), 0); }
__ANYWARP_X int __vimin3_s32_relu(int a, int b, int c) { return __anywarp_dpx::most<int>(__vimin3_s32(a, b, c), 0); }
__ANYWARP_X unsigned int __viaddmax_u32(unsigned int a, unsigned int b, unsigned int c) { return __anywarp_dpx::most<unsigned int>(a + b, c); }
__ANYWARP_X unsigned int __vimax3_u32(unsigned int a, unsigned int b, unsigned int c) {
  return __anywarp_dpx::most<unsigned int>(__anywarp_dpx::most<unsigned int>(a, b), c);
}
__ANYWARP_X unsigned int __vibmax_u32(unsigned int a, unsigned int b, bool *pred) {
  *pred = a >= b;
  return *pred ? a : b;
}
__ANYWARP_X unsigned int __viaddmin_u32(unsigned int a, unsigned int b, unsigned int c) { return __anywarp_dpx::least<unsigned int>(a + b, c); }
__ANYWARP_X unsigned int __vimin3_u32(unsigned int a, unsigned int b, unsigned int c) {
  return __anywarp_dpx::least<unsigned int>(__anywarp_dpx::least<unsigned int>(a, b), c);
}
__ANYWARP_X unsigned int __vibmin_u32(unsigned int a, unsigned int b, bool *pred) {
  *pred = a <= b;
  return *pred ? a : b;
}
__ANYWARP_X unsigned int __viaddmax_s16x2(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::most<short>((short)(x + y), z);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::most<short>((short)(x + y), z);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vimax3_s16x2(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>(x, y), z);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>(x, y), z);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __viaddmax_s16x2_relu(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>((short)(x + y), z), 0);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>((short)(x + y), z), 0);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vimax3_s16x2_relu(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>(__anywarp_dpx::most<short>(x, y), z), 0);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>(__anywarp_dpx::most<short>(x, y), z), 0);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vimax_s16x2_relu(unsigned int a, unsigned int b) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>(x, y), 0);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::most<short>(x, y), 0);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vibmax_s16x2(unsigned int a, unsigned int b, bool *pred_hi, bool *pred_lo) {
  short al = __anywarp_dpx::lane<short>(a, 0), bl = __anywarp_dpx::lane<short>(b, 0);
  short ah = __anywarp_dpx::lane<short>(a, 1), bh = __anywarp_dpx::lane<short>(b, 1);
  *pred_lo = al >= bl, *pred_hi = ah >= bh;
  return __anywarp_dpx::pack<short>(*pred_lo ? al : bl, *pred_hi ? ah : bh);
}
__ANYWARP_X unsigned int __viaddmin_s16x2(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::least<short>((short)(x + y), z);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::least<short>((short)(x + y), z);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vimin3_s16x2(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::least<short>(__anywarp_dpx::least<short>(x, y), z);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::least<short>(__anywarp_dpx::least<short>(x, y), z);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __viaddmin_s16x2_relu(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::least<short>((short)(x + y), z), 0);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::least<short>((short)(x + y), z), 0);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vimin3_s16x2_relu(unsigned int a, unsigned int b, unsigned int c) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0), z = __anywarp_dpx::lane<short>(c, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::least<short>(__anywarp_dpx::least<short>(x, y), z), 0);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1), z = __anywarp_dpx::lane<short>(c, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::least<short>(__anywarp_dpx::least<short>(x, y), z), 0);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vimin_s16x2_relu(unsigned int a, unsigned int b) {
  short lo, hi;
  {
    short x = __anywarp_dpx::lane<short>(a, 0), y = __anywarp_dpx::lane<short>(b, 0);
    lo = __anywarp_dpx::most<short>(__anywarp_dpx::least<short>(x, y), 0);
  }
  {
    short x = __anywarp_dpx::lane<short>(a, 1), y = __anywarp_dpx::lane<short>(b, 1);
    hi = __anywarp_dpx::most<short>(__anywarp_dpx::least<short>(x, y), 0);
  }
  return __anywarp_dpx::pack<short>(lo, hi);
}
__ANYWARP_X unsigned int __vibmin_s16x2(unsigned int a, unsigned int b, bool *pred_hi, bool *pred_lo) {
  short al = __anywarp_dpx::lane<short>(a, 0), bl = __anywarp_dpx::lane<short>(b, 0);
  short ah = __anywarp_dpx::lane<short>(a, 1), bh = __anywarp_dpx::lane<short>(b, 1);
  *pred_lo = al <= bl, *pred_hi = ah <= bh;
  return __anywarp_dpx::pack<short>(*pred_lo ? al : bl, *pred_hi ? ah : bh);
}
__ANYWARP_X unsigned int __viaddmax_u16x2(unsigned int a, unsigned int b, unsigned int c) {
  unsigned short lo, hi;
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 0), y = __anywarp_dpx::lane<unsigned short>(b, 0), z = __anywarp_dpx::lane<unsigned short>(c, 0);
    lo = __anywarp_dpx::most<unsigned short>((unsigned short)(x + y), z);
  }
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 1), y = __anywarp_dpx::lane<unsigned short>(b, 1), z = __anywarp_dpx::lane<unsigned short>(c, 1);
    hi = __anywarp_dpx::most<unsigned short>((unsigned short)(x + y), z);
  }
  return __anywarp_dpx::pack<unsigned short>(lo, hi);
}
__ANYWARP_X unsigned int __vimax3_u16x2(unsigned int a, unsigned int b, unsigned int c) {
  unsigned short lo, hi;
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 0), y = __anywarp_dpx::lane<unsigned short>(b, 0), z = __anywarp_dpx::lane<unsigned short>(c, 0);
    lo = __anywarp_dpx::most<unsigned short>(__anywarp_dpx::most<unsigned short>(x, y), z);
  }
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 1), y = __anywarp_dpx::lane<unsigned short>(b, 1), z = __anywarp_dpx::lane<unsigned short>(c, 1);
    hi = __anywarp_dpx::most<unsigned short>(__anywarp_dpx::most<unsigned short>(x, y), z);
  }
  return __anywarp_dpx::pack<unsigned short>(lo, hi);
}
__ANYWARP_X unsigned int __vibmax_u16x2(unsigned int a, unsigned int b, bool *pred_hi, bool *pred_lo) {
  unsigned short al = __anywarp_dpx::lane<unsigned short>(a, 0), bl = __anywarp_dpx::lane<unsigned short>(b, 0);
  unsigned short ah = __anywarp_dpx::lane<unsigned short>(a, 1), bh = __anywarp_dpx::lane<unsigned short>(b, 1);
  *pred_lo = al >= bl, *pred_hi = ah >= bh;
  return __anywarp_dpx::pack<unsigned short>(*pred_lo ? al : bl, *pred_hi ? ah : bh);
}
__ANYWARP_X unsigned int __viaddmin_u16x2(unsigned int a, unsigned int b, unsigned int c) {
  unsigned short lo, hi;
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 0), y = __anywarp_dpx::lane<unsigned short>(b, 0), z = __anywarp_dpx::lane<unsigned short>(c, 0);
    lo = __anywarp_dpx::least<unsigned short>((unsigned short)(x + y), z);
  }
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 1), y = __anywarp_dpx::lane<unsigned short>(b, 1), z = __anywarp_dpx::lane<unsigned short>(c, 1);
    hi = __anywarp_dpx::least<unsigned short>((unsigned short)(x + y), z);
  }
  return __anywarp_dpx::pack<unsigned short>(lo, hi);
}
__ANYWARP_X unsigned int __vimin3_u16x2(unsigned int a, unsigned int b, unsigned int c) {
  unsigned short lo, hi;
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 0), y = __anywarp_dpx::lane<unsigned short>(b, 0), z = __anywarp_dpx::lane<unsigned short>(c, 0);
    lo = __anywarp_dpx::least<unsigned short>(__anywarp_dpx::least<unsigned short>(x, y), z);
  }
  {
    unsigned short x = __anywarp_dpx::lane<unsigned short>(a, 1), y = __anywarp_dpx::lane<unsigned short>(b, 1), z = __anywarp_dpx::lane<unsigned short>(c, 1);
    hi = __anywarp_dpx::least<unsigned short>(__anywarp_dpx::least<unsigned short>(x, y), z);
  }
  return __anywarp_dpx::pack<unsigned short>(lo, hi);
}
__ANYWARP_X unsigned int __vibmin_u16x2(unsigned int a, unsigned int b, bool *pred_hi, bool *pred_lo) {
  unsigned short al = __anywarp_dpx::lane<unsigned short>(a, 0), bl = __anywarp_dpx::lane<unsigned short>(b, 0);
  unsigned short ah = __anywarp_dpx::lane<unsigned short>(a, 1), bh = __anywarp_dpx::lane<unsigned short>(b, 1);
  *pred_lo = al <= bl, *pred_hi = ah <= bh;
  return __anywarp_dpx::pack<unsigned short>(*pred_lo ? al : bl, *pred_hi ? ah : bh);
}
#undef __ANYWARP_X
#endif
