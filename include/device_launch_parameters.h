// SPDX-License-Identifier: MIT OR Apache-2.0
// threadIdx, blockIdx, blockDim, gridDim and warpSize come with cuda_runtime.h.
#ifndef __DEVICE_LAUNCH_PARAMETERS_H__
#define __DEVICE_LAUNCH_PARAMETERS_H__
#include "vector_types.h"
#endif
