// SPDX-License-Identifier: MIT OR Apache-2.0
// What kernels would call to launch kernels (Programming Guide, "CUDA Dynamic Parallelism"). Launches from kernels are
// not supported; libraries such as CUB name these functions in code that only the host runs, and get the error if not.
#ifndef ANYWARP_DEVICE_RUNTIME_H
#define ANYWARP_DEVICE_RUNTIME_H

static __device__ inline cudaError_t __cudaDeviceSynchronizeDeprecationAvoidance() {
  return cudaErrorNotSupported;
}
static __device__ inline void *cudaGetParameterBuffer(size_t, size_t) { return nullptr; }
static __device__ inline void *cudaGetParameterBufferV2(void *, dim3, dim3, unsigned int) { return nullptr; }
static __device__ inline cudaError_t cudaLaunchDevice(void *, void *, dim3, dim3, unsigned int, cudaStream_t) {
  return cudaErrorNotSupported;
}
static __device__ inline cudaError_t cudaLaunchDeviceV2(void *, cudaStream_t) { return cudaErrorNotSupported; }

#endif
