// SPDX-License-Identifier: MIT OR Apache-2.0
// cuRAND's device API: generators that each thread keeps for itself (cuRAND guide, "Device API"). Without MTGP32, Sobol
// sequences and discrete distributions, whose tables come from cuRAND's host library.
#ifndef CURAND_KERNEL_H_
#define CURAND_KERNEL_H_
#include "cuda_runtime.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)
#include "anywarp/curand/states.h"
#include "anywarp/curand/distributions.h"
#endif
#endif
