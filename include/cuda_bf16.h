// SPDX-License-Identifier: MIT OR Apache-2.0
// Bfloat16 precision: types, conversions, arithmetic, comparisons, and what kernels have besides.
#ifndef __CUDA_BF16_H__
#define __CUDA_BF16_H__
#include "cuda_runtime_api.h"
#include "anywarp/bf16_types.h"
#if defined(__cplusplus)
#include "anywarp/bf16_convert.h"
#include "anywarp/bf16_arith.h"
#include "anywarp/bf16_compare.h"
#include "anywarp/bf16_device.h"
#include "anywarp/fp16_bf16.h"
#define CUDART_INF_BF16 __ushort_as_bfloat16((unsigned short)0x7f80U)
#define CUDART_NAN_BF16 __ushort_as_bfloat16((unsigned short)0x7FFFU)
#define CUDART_MIN_DENORM_BF16 __ushort_as_bfloat16((unsigned short)0x0001U)
#define CUDART_MAX_NORMAL_BF16 __ushort_as_bfloat16((unsigned short)0x7F7FU)
#define CUDART_NEG_ZERO_BF16 __ushort_as_bfloat16((unsigned short)0x8000U)
#define CUDART_ZERO_BF16 __ushort_as_bfloat16((unsigned short)0x0000U)
#define CUDART_ONE_BF16 __ushort_as_bfloat16((unsigned short)0x3F80U)
#endif
#endif
