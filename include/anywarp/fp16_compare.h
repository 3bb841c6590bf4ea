// SPDX-License-Identifier: MIT OR Apache-2.0
// Comparisons of __half and __half2 (CUDA Math API, "Half Comparison Functions").
#ifndef ANYWARP_FP16_COMPARE_H
#define ANYWARP_FP16_COMPARE_H
#include "fp16_arith.h"

#define __ANYWARP_T __half
#define __ANYWARP_T2 __half2
#define __ANYWARP_OF __ushort_as_half
#define __ANYWARP_BITS __half_as_ushort
#define __ANYWARP_ROUND __float2half_rn
#define __ANYWARP_FLOAT __half2float
#define __ANYWARP_INFINITY 0x7c00
#define __ANYWARP_PTX "f16"
#if defined(__CUDA_NO_HALF_OPERATORS__)
#define __ANYWARP_NO_OPERATORS
#endif
#if defined(__CUDA_NO_HALF2_OPERATORS__)
#define __ANYWARP_NO_OPERATORS2
#endif
#include "short_floats_compare.inc"
#endif
