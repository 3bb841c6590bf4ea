// SPDX-License-Identifier: MIT OR Apache-2.0
// The arrive-wait barrier primitives (Programming Guide, "Memory Barrier Primitives Interface").
#ifndef _CUDA_AWBARRIER_PRIMITIVES_H_
#define _CUDA_AWBARRIER_PRIMITIVES_H_
#include "cuda_pipeline_primitives.h"
#endif
