// SPDX-License-Identifier: MIT OR Apache-2.0
// Warp matrix functions (Programming Guide, "Warp Matrix Functions"): nvcuda::wmma over PTX wmma instructions.
#ifndef _MMA_H_
#define _MMA_H_
#include "cuda_runtime.h"
#include "cuda_fp16.h"
#include "cuda_bf16.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#define __CUDA_MMA__ 1
#include "anywarp/wmma/fragment.h"
#include "anywarp/wmma/registers.h"
#include "anywarp/wmma/load_store.h"
#include "anywarp/wmma/multiply.h"
#include "anywarp/wmma/undefine.h"
#endif
#endif
#endif
