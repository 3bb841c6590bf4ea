// SPDX-License-Identifier: MIT OR Apache-2.0
// The CUDA runtime for C++: the API, its templates and, when clang compiles CUDA, everything a kernel can call.
// Every .cu file includes it implicitly.
#ifndef __CUDA_RUNTIME_H__
#define __CUDA_RUNTIME_H__

#if defined(__CUDA__) && defined(__clang__)
// libstdc++ keeps __float128 out of the way when it sees __CUDACC__; clang's forward declarations must precede <cmath>.
#ifndef __CUDACC__
#define __CUDACC__ 1
#endif
#include "crt/host_defines.h"
#include <__clang_cuda_math_forward_declares.h>
#include <climits>
#include <stddef.h>
// In C++20 <cmath> leads to <new>, whose operators on the device call these; <cstdlib> gives std:: both kinds.
extern "C" __device__ void free(void *p) __attribute__((nothrow));
extern "C" __device__ void *malloc(size_t bytes) __attribute__((nothrow, malloc));
#include <cmath>
#include <cstdlib>
#include <cstring>
// Programs rely on these being there without an include of their own: printf, FILE, time.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#endif

#include "crt/host_config.h"
#include "builtin_types.h"
#include "library_types.h"
#include "channel_descriptor.h"
#include "cuda_runtime_api.h"
#include "driver_functions.h"
#include "vector_functions.h"

#if defined(__cplusplus)
#include "anywarp/rt_templates.h"
#if defined(__CUDA__) && defined(__clang__)
#include "anywarp/host_math.h"
#include "anywarp/device.h"
#include "anywarp/managed.h"
#include "anywarp/device_runtime.h"
#include <new>
#endif
#endif

#endif
