// SPDX-License-Identifier: MIT OR Apache-2.0
// Texture fetches from texture objects (Programming Guide, "Texture Functions"), over clang's texture built-ins.
#ifndef ANYWARP_TEXTURE_H
#define ANYWARP_TEXTURE_H
#if __cplusplus >= 201103L
// clang's header names template parameters N and T, which programs define on the command line (-DN=1024).
#pragma push_macro("N")
#pragma push_macro("T")
#undef N
#undef T
#include <__clang_cuda_texture_intrinsics.h>
#pragma pop_macro("T")
#pragma pop_macro("N")

// The value form, and the older form that returns through a pointer.
#define __ANYWARP_TEX(NAME, OP, PARAMS, ...)                                                          \
  template <class __T>                                                                                  \
  static __device__ __forceinline__ __T NAME PARAMS {                                                   \
    __T r;                                                                                              \
    __nv_tex_surf_handler(OP, &r, __VA_ARGS__);                                                       \
    return r;                                                                                         \
  }
__ANYWARP_TEX(tex1Dfetch, "__itex1Dfetch", (cudaTextureObject_t tex, int x), tex, x)
__ANYWARP_TEX(tex1D, "__itex1D", (cudaTextureObject_t tex, float x), tex, x)
__ANYWARP_TEX(tex2D, "__itex2D", (cudaTextureObject_t tex, float x, float y), tex, x, y)
__ANYWARP_TEX(tex3D, "__itex3D", (cudaTextureObject_t tex, float x, float y, float z), tex, x, y, z)
__ANYWARP_TEX(tex1DLayered, "__itex1DLayered", (cudaTextureObject_t tex, float x, int layer), tex, x, layer)
__ANYWARP_TEX(tex2DLayered, "__itex2DLayered", (cudaTextureObject_t tex, float x, float y, int layer), tex, x, y, layer)
__ANYWARP_TEX(texCubemap, "__itexCubemap", (cudaTextureObject_t tex, float x, float y, float z), tex, x, y, z)
__ANYWARP_TEX(texCubemapLayered, "__itexCubemapLayered", (cudaTextureObject_t tex, float x, float y, float z, int layer), tex, x, y, z, layer)
__ANYWARP_TEX(tex2Dgather, "__itex2Dgather", (cudaTextureObject_t tex, float x, float y, int comp = 0), tex, x, y, comp)
__ANYWARP_TEX(tex1DLod, "__itex1DLod", (cudaTextureObject_t tex, float x, float level), tex, x, level)
__ANYWARP_TEX(tex2DLod, "__itex2DLod", (cudaTextureObject_t tex, float x, float y, float level), tex, x, y, level)
__ANYWARP_TEX(tex3DLod, "__itex3DLod", (cudaTextureObject_t tex, float x, float y, float z, float level), tex, x, y, z, level)
__ANYWARP_TEX(tex1DLayeredLod, "__itex1DLayeredLod", (cudaTextureObject_t tex, float x, int layer, float level), tex, x, layer, level)
__ANYWARP_TEX(tex2DLayeredLod, "__itex2DLayeredLod", (cudaTextureObject_t tex, float x, float y, int layer, float level), tex, x, y, layer, level)
__ANYWARP_TEX(texCubemapLod, "__itexCubemapLod", (cudaTextureObject_t tex, float x, float y, float z, float level), tex, x, y, z, level)
__ANYWARP_TEX(texCubemapLayeredLod, "__itexCubemapLayeredLod", (cudaTextureObject_t tex, float x, float y, float z, int layer, float level), tex, x, y, z, layer, level)
__ANYWARP_TEX(tex1DGrad, "__itex1DGrad", (cudaTextureObject_t tex, float x, float dPdx, float dPdy), tex, x, dPdx, dPdy)
__ANYWARP_TEX(tex1DLayeredGrad, "__itex1DLayeredGrad", (cudaTextureObject_t tex, float x, int layer, float dPdx, float dPdy), tex, x, layer, dPdx, dPdy)
__ANYWARP_TEX(tex2DGrad, "__itex2DGrad_v2", (cudaTextureObject_t tex, float x, float y, float2 dPdx, float2 dPdy), tex, x, y, &dPdx, &dPdy)
__ANYWARP_TEX(tex2DLayeredGrad, "__itex2DLayeredGrad_v2", (cudaTextureObject_t tex, float x, float y, int layer, float2 dPdx, float2 dPdy), tex, x, y, layer, &dPdx, &dPdy)
__ANYWARP_TEX(tex3DGrad, "__itex3DGrad_v2", (cudaTextureObject_t tex, float x, float y, float z, float4 dPdx, float4 dPdy), tex, x, y, z, &dPdx, &dPdy)
#undef __ANYWARP_TEX

#define __ANYWARP_TEXP(NAME, PARAMS, ...)                             \
  template <class __T>                                                  \
  static __device__ __forceinline__ void NAME PARAMS {                \
    *p = NAME<__T>(__VA_ARGS__);                                        \
  }
__ANYWARP_TEXP(tex1Dfetch, (__T * p, cudaTextureObject_t tex, int x), tex, x)
__ANYWARP_TEXP(tex1D, (__T * p, cudaTextureObject_t tex, float x), tex, x)
__ANYWARP_TEXP(tex2D, (__T * p, cudaTextureObject_t tex, float x, float y), tex, x, y)
__ANYWARP_TEXP(tex3D, (__T * p, cudaTextureObject_t tex, float x, float y, float z), tex, x, y, z)
__ANYWARP_TEXP(tex1DLayered, (__T * p, cudaTextureObject_t tex, float x, int layer), tex, x, layer)
__ANYWARP_TEXP(tex2DLayered, (__T * p, cudaTextureObject_t tex, float x, float y, int layer), tex, x, y, layer)
__ANYWARP_TEXP(texCubemap, (__T * p, cudaTextureObject_t tex, float x, float y, float z), tex, x, y, z)
__ANYWARP_TEXP(texCubemapLayered, (__T * p, cudaTextureObject_t tex, float x, float y, float z, int layer), tex, x, y, z, layer)
__ANYWARP_TEXP(tex2Dgather, (__T * p, cudaTextureObject_t tex, float x, float y, int comp = 0), tex, x, y, comp)
__ANYWARP_TEXP(tex1DLod, (__T * p, cudaTextureObject_t tex, float x, float level), tex, x, level)
__ANYWARP_TEXP(tex2DLod, (__T * p, cudaTextureObject_t tex, float x, float y, float level), tex, x, y, level)
__ANYWARP_TEXP(tex3DLod, (__T * p, cudaTextureObject_t tex, float x, float y, float z, float level), tex, x, y, z, level)
__ANYWARP_TEXP(tex1DLayeredLod, (__T * p, cudaTextureObject_t tex, float x, int layer, float level), tex, x, layer, level)
__ANYWARP_TEXP(tex2DLayeredLod, (__T * p, cudaTextureObject_t tex, float x, float y, int layer, float level), tex, x, y, layer, level)
__ANYWARP_TEXP(texCubemapLod, (__T * p, cudaTextureObject_t tex, float x, float y, float z, float level), tex, x, y, z, level)
__ANYWARP_TEXP(texCubemapLayeredLod, (__T * p, cudaTextureObject_t tex, float x, float y, float z, int layer, float level), tex, x, y, z, layer, level)
#undef __ANYWARP_TEXP
#endif
#endif
