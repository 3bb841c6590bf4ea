// SPDX-License-Identifier: MIT OR Apache-2.0
// Names for objects of the CUDA driver.
#ifndef NVTOOLSEXT_CUDA_H_
#define NVTOOLSEXT_CUDA_H_
#include "nvToolsExt.h"
#include "cuda.h"
NVTX_INLINE_STATIC void nvtxNameCuDeviceA(CUdevice device, const char *name) { (void)device, (void)name; }
NVTX_INLINE_STATIC void nvtxNameCuContextA(CUcontext context, const char *name) { (void)context, (void)name; }
NVTX_INLINE_STATIC void nvtxNameCuStreamA(CUstream stream, const char *name) { (void)stream, (void)name; }
NVTX_INLINE_STATIC void nvtxNameCuEventA(CUevent event, const char *name) { (void)event, (void)name; }
#define nvtxNameCuDevice nvtxNameCuDeviceA
#define nvtxNameCuContext nvtxNameCuContextA
#define nvtxNameCuStream nvtxNameCuStreamA
#define nvtxNameCuEvent nvtxNameCuEventA
#endif
