// SPDX-License-Identifier: MIT OR Apache-2.0
// cudaCreateChannelDesc<T>(): the channel format of a texture element type.
#ifndef __CHANNEL_DESCRIPTOR_H__
#define __CHANNEL_DESCRIPTOR_H__
#if defined(__cplusplus)
#include "cuda_runtime_api.h"

template <class __T>
static __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDesc() {
  return cudaCreateChannelDesc(0, 0, 0, 0, cudaChannelFormatKindNone);
}
#define __ANYWARP_CHANNEL(__T, __B, __N, __K)                                                             \
  template <>                                                                                     \
  __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDesc<__T>() {                          \
    return cudaCreateChannelDesc(__B, (__N) > 1 ? __B : 0, (__N) > 2 ? __B : 0, (__N) > 3 ? __B : 0, __K);        \
  }
#define __ANYWARP_CHANNELS(__P, __B, __K) \
  __ANYWARP_CHANNEL(__P##1, __B, 1, __K)  \
  __ANYWARP_CHANNEL(__P##2, __B, 2, __K)  \
  __ANYWARP_CHANNEL(__P##3, __B, 3, __K)  \
  __ANYWARP_CHANNEL(__P##4, __B, 4, __K)
__ANYWARP_CHANNEL(char, 8, 1, cudaChannelFormatKindSigned)
__ANYWARP_CHANNEL(signed char, 8, 1, cudaChannelFormatKindSigned)
__ANYWARP_CHANNEL(unsigned char, 8, 1, cudaChannelFormatKindUnsigned)
__ANYWARP_CHANNEL(short, 16, 1, cudaChannelFormatKindSigned)
__ANYWARP_CHANNEL(unsigned short, 16, 1, cudaChannelFormatKindUnsigned)
__ANYWARP_CHANNEL(int, 32, 1, cudaChannelFormatKindSigned)
__ANYWARP_CHANNEL(unsigned int, 32, 1, cudaChannelFormatKindUnsigned)
__ANYWARP_CHANNEL(float, 32, 1, cudaChannelFormatKindFloat)
__ANYWARP_CHANNELS(char, 8, cudaChannelFormatKindSigned)
__ANYWARP_CHANNELS(uchar, 8, cudaChannelFormatKindUnsigned)
__ANYWARP_CHANNELS(short, 16, cudaChannelFormatKindSigned)
__ANYWARP_CHANNELS(ushort, 16, cudaChannelFormatKindUnsigned)
__ANYWARP_CHANNELS(int, 32, cudaChannelFormatKindSigned)
__ANYWARP_CHANNELS(uint, 32, cudaChannelFormatKindUnsigned)
__ANYWARP_CHANNELS(float, 32, cudaChannelFormatKindFloat)
#undef __ANYWARP_CHANNELS
#undef __ANYWARP_CHANNEL

static __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDescHalf() {
  return cudaCreateChannelDesc(16, 0, 0, 0, cudaChannelFormatKindFloat);
}
static __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDescHalf1() { return cudaCreateChannelDescHalf(); }
static __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDescHalf2() {
  return cudaCreateChannelDesc(16, 16, 0, 0, cudaChannelFormatKindFloat);
}
static __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDescHalf4() {
  return cudaCreateChannelDesc(16, 16, 16, 16, cudaChannelFormatKindFloat);
}
#endif
#endif
