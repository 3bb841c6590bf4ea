// SPDX-License-Identifier: MIT OR Apache-2.0
// From each short float to the other, where a program includes both: one rounding, as a float holds either exactly.
#if defined(__CUDA_FP16_H__) && defined(__CUDA_BF16_H__) && !defined(ANYWARP_FP16_BF16_H)
#define ANYWARP_FP16_BF16_H
__ANYWARP_HDM __half::__half(const __nv_bfloat16 &f) { *this = __float2half(__bfloat162float(f)); }
__ANYWARP_HDM __nv_bfloat16::__nv_bfloat16(const __half &f) { *this = __float2bfloat16(__half2float(f)); }
#endif
