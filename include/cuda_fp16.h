// SPDX-License-Identifier: MIT OR Apache-2.0
// Half precision: types, conversions, arithmetic, comparisons, and what kernels have besides.
#ifndef __CUDA_FP16_H__
#define __CUDA_FP16_H__
#include "cuda_runtime_api.h"
#include "anywarp/fp16_types.h"
#if defined(__cplusplus)
#include "anywarp/fp16_convert.h"
#include "anywarp/fp16_arith.h"
#include "anywarp/fp16_compare.h"
#include "anywarp/fp16_device.h"
#include "anywarp/fp16_bf16.h"
#define CUDART_INF_FP16 __ushort_as_half((unsigned short)0x7c00U)
#define CUDART_NAN_FP16 __ushort_as_half((unsigned short)0x7FFFU)
#define CUDART_MIN_DENORM_FP16 __ushort_as_half((unsigned short)0x0001U)
#define CUDART_MAX_NORMAL_FP16 __ushort_as_half((unsigned short)0x7BFFU)
#define CUDART_NEG_ZERO_FP16 __ushort_as_half((unsigned short)0x8000U)
#define CUDART_ZERO_FP16 __ushort_as_half((unsigned short)0x0000U)
#define CUDART_ONE_FP16 __ushort_as_half((unsigned short)0x3C00U)
#endif
#endif
