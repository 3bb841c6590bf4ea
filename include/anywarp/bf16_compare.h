// SPDX-License-Identifier: MIT OR Apache-2.0
// Comparisons of __nv_bfloat16 and __nv_bfloat162 (CUDA Math API, "Bfloat16 Comparison Functions").
#ifndef ANYWARP_BF16_COMPARE_H
#define ANYWARP_BF16_COMPARE_H
#include "bf16_arith.h"

#define __ANYWARP_T __nv_bfloat16
#define __ANYWARP_T2 __nv_bfloat162
#define __ANYWARP_OF __ushort_as_bfloat16
#define __ANYWARP_BITS __bfloat16_as_ushort
#define __ANYWARP_ROUND __float2bfloat16_rn
#define __ANYWARP_FLOAT __bfloat162float
#define __ANYWARP_INFINITY 0x7f80
#define __ANYWARP_PTX "bf16"
#if defined(__CUDA_NO_BFLOAT16_OPERATORS__)
#define __ANYWARP_NO_OPERATORS
#endif
#if defined(__CUDA_NO_BFLOAT162_OPERATORS__)
#define __ANYWARP_NO_OPERATORS2
#endif
#include "short_floats_compare.inc"
#endif
