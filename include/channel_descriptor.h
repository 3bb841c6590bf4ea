// SPDX-License-Identifier: MIT OR Apache-2.0
// cudaCreateChannelDesc<T>(): the channel format of a texture element type.
#ifndef __CHANNEL_DESCRIPTOR_H__
#define __CHANNEL_DESCRIPTOR_H__
#if defined(__cplusplus)
#include "cuda_runtime_api.h"

template <class T>
static __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDesc() {
  return cudaCreateChannelDesc(0, 0, 0, 0, cudaChannelFormatKindNone);
}
#define __ANYWARP_CHANNEL(T, B, N, K)                                                             \
  template <>                                                                                     \
  __inline__ __host__ cudaChannelFormatDesc cudaCreateChannelDesc<T>() {                          \
    return cudaCreateChannelDesc(B, (N) > 1 ? B : 0, (N) > 2 ? B : 0, (N) > 3 ? B : 0, K);        \
  }
#define __ANYWARP_CHANNELS(P, B, K) \
  __ANYWARP_CHANNEL(P##1, B, 1, K)  \
  __ANYWARP_CHANNEL(P##2, B, 2, K)  \
  __ANYWARP_CHANNEL(P##3, B, 3, K)  \
  __ANYWARP_CHANNEL(P##4, B, 4, K)
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
