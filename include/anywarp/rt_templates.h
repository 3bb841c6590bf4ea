// SPDX-License-Identifier: MIT OR Apache-2.0
// The C++ side of the runtime API: typed overloads of the C functions for kernels, symbols and pointers.
#ifndef ANYWARP_RT_TEMPLATES_H
#define ANYWARP_RT_TEMPLATES_H
#include "../cuda_runtime_api.h"
#include <utility>

#define __ANYWARP_T static __inline__ __host__

template <class __T>
__ANYWARP_T cudaError_t cudaMalloc(__T **devPtr, size_t size) {
  return ::cudaMalloc((void **)(void *)devPtr, size);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMallocHost(__T **ptr, size_t size, unsigned int flags = 0) {
  return ::cudaHostAlloc((void **)(void *)ptr, size, flags);
}
__ANYWARP_T cudaError_t cudaMallocHost(void **ptr, size_t size, unsigned int flags) {
  return ::cudaHostAlloc(ptr, size, flags);
}
template <class __T>
__ANYWARP_T cudaError_t cudaHostAlloc(__T **ptr, size_t size, unsigned int flags) {
  return ::cudaHostAlloc((void **)(void *)ptr, size, flags);
}
template <class __T>
__ANYWARP_T cudaError_t cudaHostGetDevicePointer(__T **pDevice, void *pHost, unsigned int flags) {
  return ::cudaHostGetDevicePointer((void **)(void *)pDevice, pHost, flags);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMallocManaged(__T **devPtr, size_t size, unsigned int flags = cudaMemAttachGlobal) {
  return ::cudaMallocManaged((void **)(void *)devPtr, size, flags);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMallocPitch(__T **devPtr, size_t *pitch, size_t width, size_t height) {
  return ::cudaMallocPitch((void **)(void *)devPtr, pitch, width, height);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMallocAsync(__T **ptr, size_t size, cudaStream_t stream) {
  return ::cudaMallocAsync((void **)(void *)ptr, size, stream);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMallocAsync(__T **ptr, size_t size, cudaMemPool_t pool, cudaStream_t stream) {
  return ::cudaMallocFromPoolAsync((void **)(void *)ptr, size, pool, stream);
}
__ANYWARP_T cudaError_t cudaMallocAsync(void **ptr, size_t size, cudaMemPool_t pool, cudaStream_t stream) {
  return ::cudaMallocFromPoolAsync(ptr, size, pool, stream);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMallocFromPoolAsync(__T **ptr, size_t size, cudaMemPool_t pool, cudaStream_t stream) {
  return ::cudaMallocFromPoolAsync((void **)(void *)ptr, size, pool, stream);
}
template <class __T>
__ANYWARP_T cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, __T *devPtr, size_t length = 0,
                                                 unsigned int flags = cudaMemAttachSingle) {
  return ::cudaStreamAttachMemAsync(stream, (void *)devPtr, length, flags);
}

// Symbols: the host shadow of a __device__ or __constant__ variable stands for it.
template <class __T>
__ANYWARP_T cudaError_t cudaMemcpyToSymbol(const __T &symbol, const void *src, size_t count, size_t offset = 0,
                                           enum cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
  return ::cudaMemcpyToSymbol((const void *)&symbol, src, count, offset, kind);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMemcpyToSymbolAsync(const __T &symbol, const void *src, size_t count, size_t offset = 0,
                                                enum cudaMemcpyKind kind = cudaMemcpyHostToDevice,
                                                cudaStream_t stream = 0) {
  return ::cudaMemcpyToSymbolAsync((const void *)&symbol, src, count, offset, kind, stream);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMemcpyFromSymbol(void *dst, const __T &symbol, size_t count, size_t offset = 0,
                                             enum cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
  return ::cudaMemcpyFromSymbol(dst, (const void *)&symbol, count, offset, kind);
}
template <class __T>
__ANYWARP_T cudaError_t cudaMemcpyFromSymbolAsync(void *dst, const __T &symbol, size_t count, size_t offset = 0,
                                                  enum cudaMemcpyKind kind = cudaMemcpyDeviceToHost,
                                                  cudaStream_t stream = 0) {
  return ::cudaMemcpyFromSymbolAsync(dst, (const void *)&symbol, count, offset, kind, stream);
}
template <class __T>
__ANYWARP_T cudaError_t cudaGetSymbolAddress(void **devPtr, const __T &symbol) {
  return ::cudaGetSymbolAddress(devPtr, (const void *)&symbol);
}
template <class __T>
__ANYWARP_T cudaError_t cudaGetSymbolSize(size_t *size, const __T &symbol) {
  return ::cudaGetSymbolSize(size, (const void *)&symbol);
}
template <class __T>
__ANYWARP_T cudaError_t cudaGraphAddMemcpyNodeToSymbol(cudaGraphNode_t *node, cudaGraph_t graph,
                                                       const cudaGraphNode_t *deps, size_t numDeps, const __T &symbol,
                                                       const void *src, size_t count, size_t offset,
                                                       enum cudaMemcpyKind kind) {
  return ::cudaGraphAddMemcpyNodeToSymbol(node, graph, deps, numDeps, (const void *)&symbol, src, count, offset, kind);
}
template <class __T>
__ANYWARP_T cudaError_t cudaGraphAddMemcpyNodeFromSymbol(cudaGraphNode_t *node, cudaGraph_t graph,
                                                         const cudaGraphNode_t *deps, size_t numDeps, void *dst,
                                                         const __T &symbol, size_t count, size_t offset,
                                                         enum cudaMemcpyKind kind) {
  return ::cudaGraphAddMemcpyNodeFromSymbol(node, graph, deps, numDeps, dst, (const void *)&symbol, count, offset,
                                            kind);
}

// Kernels
template <class __T>
__ANYWARP_T cudaError_t cudaLaunchKernel(__T *func, dim3 gridDim, dim3 blockDim, void **args, size_t sharedMem = 0,
                                         cudaStream_t stream = 0) {
  return ::cudaLaunchKernel((const void *)func, gridDim, blockDim, args, sharedMem, stream);
}
template <class __T>
__ANYWARP_T cudaError_t cudaLaunchCooperativeKernel(__T *func, dim3 gridDim, dim3 blockDim, void **args,
                                                    size_t sharedMem = 0, cudaStream_t stream = 0) {
  return ::cudaLaunchCooperativeKernel((const void *)func, gridDim, blockDim, args, sharedMem, stream);
}
#if __cplusplus >= 201103L
template <class... Expected, class... Actual>
__ANYWARP_T cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, void (*kernel)(Expected...),
                                           Actual &&...args) {
  return [&](Expected... coerced) {
    void *pointers[sizeof...(Expected) + 1] = {(void *)&coerced..., nullptr};
    return ::cudaLaunchKernelExC(config, (const void *)kernel, pointers);
  }(std::forward<Actual>(args)...);
}
#endif
template <class __T>
__ANYWARP_T cudaError_t cudaFuncSetCacheConfig(__T *func, enum cudaFuncCache cacheConfig) {
  return ::cudaFuncSetCacheConfig((const void *)func, cacheConfig);
}
template <class __T>
__ANYWARP_T cudaError_t cudaFuncSetSharedMemConfig(__T *func, enum cudaSharedMemConfig config) {
  return ::cudaFuncSetSharedMemConfig((const void *)func, config);
}
template <class __T>
__ANYWARP_T cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes *attr, __T *func) {
  return ::cudaFuncGetAttributes(attr, (const void *)func);
}
template <class __T>
__ANYWARP_T cudaError_t cudaFuncSetAttribute(__T *func, enum cudaFuncAttribute attr, int value) {
  return ::cudaFuncSetAttribute((const void *)func, attr, value);
}
template <class __T>
__ANYWARP_T cudaError_t cudaFuncGetName(const char **name, __T *func) {
  return ::cudaFuncGetName(name, (const void *)func);
}
template <class __T>
__ANYWARP_T cudaError_t cudaGetFuncBySymbol(cudaFunction_t *f, __T *symbol) {
  return ::cudaGetFuncBySymbol(f, (const void *)symbol);
}
template <class __T>
__ANYWARP_T cudaError_t cudaGetKernel(cudaKernel_t *k, __T *func) {
  return ::cudaGetKernel(k, (const void *)func);
}

// Events, graphs, version-dependent signatures
__ANYWARP_T cudaError_t cudaEventCreate(cudaEvent_t *event, unsigned int flags) {
  return ::cudaEventCreateWithFlags(event, flags);
}
__ANYWARP_T cudaError_t cudaGraphInstantiate(cudaGraphExec_t *exec, cudaGraph_t graph, cudaGraphNode_t *, char *,
                                             size_t) {
  return ::cudaGraphInstantiate(exec, graph, 0);
}
__ANYWARP_T cudaError_t cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph, cudaGraphNode_t *errorNode,
                                            enum cudaGraphExecUpdateResult *result) {
  cudaGraphExecUpdateResultInfo info;
  cudaError_t status = ::cudaGraphExecUpdate(exec, graph, &info);
  if (errorNode) *errorNode = info.errorNode;
  if (result) *result = info.result;
  return status;
}
__ANYWARP_T cudaError_t cudaMemPrefetchAsync(const void *devPtr, size_t count, struct cudaMemLocation location,
                                             unsigned int flags, cudaStream_t stream = 0) {
  return ::cudaMemPrefetchAsync_v2(devPtr, count, location, flags, stream);
}
__ANYWARP_T cudaError_t cudaMemAdvise(const void *devPtr, size_t count, enum cudaMemoryAdvise advice,
                                      struct cudaMemLocation location) {
  return ::cudaMemAdvise_v2(devPtr, count, advice, location);
}

#include "rt_occupancy.h"

#undef __ANYWARP_T
#endif
