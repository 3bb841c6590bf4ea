// SPDX-License-Identifier: MIT OR Apache-2.0
// The CUDA 12.8 driver API for C and C++.
#ifndef __cuda_cuda_h__
#define __cuda_cuda_h__
#define CUDA_VERSION 12080
#define __CUDA_API_VERSION CUDA_VERSION
#define CUDA_DRIVER_API
#ifndef CUDAAPI
#define CUDAAPI
#endif
#ifndef CUDA_CB
#define CUDA_CB
#endif
#if defined(CUDA_API_PER_THREAD_DEFAULT_STREAM) || defined(__CUDA_API_PER_THREAD_DEFAULT_STREAM)
#include "anywarp/cu_per_thread.h"
#endif
#include "anywarp/cu_renames.h"
#include "anywarp/cu_graph_types.h"
#include "anywarp/cu_api_core.h"
#include "anywarp/cu_api_memory.h"
#include "anywarp/cu_api_graph.h"
#endif
