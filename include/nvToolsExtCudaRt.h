// SPDX-License-Identifier: MIT OR Apache-2.0
// Names for objects of the CUDA runtime.
#ifndef NVTOOLSEXT_CUDART_H_
#define NVTOOLSEXT_CUDART_H_
#include "nvToolsExt.h"
#include "driver_types.h"
NVTX_INLINE_STATIC void nvtxNameCudaDeviceA(int device, const char *name) { (void)device, (void)name; }
NVTX_INLINE_STATIC void nvtxNameCudaStreamA(cudaStream_t stream, const char *name) { (void)stream, (void)name; }
NVTX_INLINE_STATIC void nvtxNameCudaEventA(cudaEvent_t event, const char *name) { (void)event, (void)name; }
#define nvtxNameCudaDevice nvtxNameCudaDeviceA
#define nvtxNameCudaStream nvtxNameCudaStreamA
#define nvtxNameCudaEvent nvtxNameCudaEventA
#endif
