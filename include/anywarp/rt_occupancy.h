// SPDX-License-Identifier: MIT OR Apache-2.0
// Occupancy calculators of the C++ runtime API. Included by rt_templates.h only.
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *numBlocks, __T func, int blockSize,
                                                                      size_t dynamicSMemSize) {
  return ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(numBlocks, (const void *)func, blockSize,
                                                                  dynamicSMemSize, cudaOccupancyDefault);
}
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *numBlocks, __T func, int blockSize,
                                                                               size_t dynamicSMemSize,
                                                                               unsigned int flags) {
  return ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(numBlocks, (const void *)func, blockSize,
                                                                  dynamicSMemSize, flags);
}
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t *bytes, __T *func, int numBlocks,
                                                                  int blockSize) {
  return ::cudaOccupancyAvailableDynamicSMemPerBlock(bytes, (const void *)func, numBlocks, blockSize);
}
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxPotentialClusterSize(int *clusterSize, __T *func,
                                                             const cudaLaunchConfig_t *config) {
  return ::cudaOccupancyMaxPotentialClusterSize(clusterSize, (const void *)func, config);
}
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxActiveClusters(int *numClusters, __T *func, const cudaLaunchConfig_t *config) {
  return ::cudaOccupancyMaxActiveClusters(numClusters, (const void *)func, config);
}

// The block size, a multiple of the warp size, with the most resident threads; the largest one among equals.
template <class BlockToSMem, class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(int *minGridSize, int *blockSize,
                                                                                __T func, BlockToSMem blockToSMem,
                                                                                int blockSizeLimit = 0,
                                                                                unsigned int flags = 0) {
  if (!minGridSize || !blockSize || !func) return cudaErrorInvalidValue;
  int device = 0, sms = 0, warp = 32, threadsPerSm = 0, deviceLimit = 0;
  cudaFuncAttributes attr;
  cudaError_t e = ::cudaGetDevice(&device);
  if (e == cudaSuccess) e = ::cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, device);
  if (e == cudaSuccess) e = ::cudaDeviceGetAttribute(&warp, cudaDevAttrWarpSize, device);
  if (e == cudaSuccess) e = ::cudaDeviceGetAttribute(&threadsPerSm, cudaDevAttrMaxThreadsPerMultiProcessor, device);
  if (e == cudaSuccess) e = ::cudaDeviceGetAttribute(&deviceLimit, cudaDevAttrMaxThreadsPerBlock, device);
  if (e == cudaSuccess) e = ::cudaFuncGetAttributes(&attr, (const void *)func);
  if (e != cudaSuccess) return e;
  int limit = attr.maxThreadsPerBlock < deviceLimit ? attr.maxThreadsPerBlock : deviceLimit;
  if (blockSizeLimit > 0 && blockSizeLimit < limit) limit = blockSizeLimit;
  int bestThreads = 0, bestSize = 0, bestBlocks = 0;
  for (int size = (limit + warp - 1) / warp * warp; size > 0; size -= warp) {
    int tried = size < limit ? size : limit, blocks = 0;
    e = ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, (const void *)func, tried,
                                                                 blockToSMem(tried), flags);
    if (e != cudaSuccess) return e;
    if (blocks * tried > bestThreads) bestThreads = blocks * tried, bestSize = tried, bestBlocks = blocks;
    if (bestThreads >= threadsPerSm) break;
  }
  *minGridSize = bestBlocks * sms;
  *blockSize = bestSize;
  return cudaSuccess;
}
template <class BlockToSMem, class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMem(int *minGridSize, int *blockSize, __T func,
                                                                       BlockToSMem blockToSMem,
                                                                       int blockSizeLimit = 0) {
  return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(minGridSize, blockSize, func, blockToSMem,
                                                                 blockSizeLimit, cudaOccupancyDefault);
}
struct __anywarp_constant_smem {
  size_t bytes;
  size_t operator()(int) const { return bytes; }
};
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxPotentialBlockSizeWithFlags(int *minGridSize, int *blockSize, __T func,
                                                                    size_t dynamicSMemSize = 0, int blockSizeLimit = 0,
                                                                    unsigned int flags = 0) {
  __anywarp_constant_smem bytes = {dynamicSMemSize};
  return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(minGridSize, blockSize, func, bytes, blockSizeLimit,
                                                                 flags);
}
template <class __T>
__ANYWARP_T cudaError_t cudaOccupancyMaxPotentialBlockSize(int *minGridSize, int *blockSize, __T func,
                                                           size_t dynamicSMemSize = 0, int blockSizeLimit = 0) {
  return cudaOccupancyMaxPotentialBlockSizeWithFlags(minGridSize, blockSize, func, dynamicSMemSize, blockSizeLimit,
                                                     cudaOccupancyDefault);
}
