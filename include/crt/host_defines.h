// SPDX-License-Identifier: MIT OR Apache-2.0
// Execution and memory space specifiers and the few compiler attributes that CUDA code spells as macros
// (CUDA C++ Programming Guide, "C++ Language Extensions"). Valid in C, in C++, in the host and in the device pass.
#ifndef __HOST_DEFINES_H__
#define __HOST_DEFINES_H__

#ifndef __CUDACC_VER_MAJOR__
#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 8
#define __CUDACC_VER_BUILD__ 93
#endif
#ifndef __CUDA_API_VER_MAJOR__
#define __CUDA_API_VER_MAJOR__ 12
#define __CUDA_API_VER_MINOR__ 8
#endif

// clang knows __noinline__ as a keyword in CUDA mode, and libstdc++ uses it as an attribute name: it must not be a macro.
#ifndef __forceinline__
#define __forceinline__ __inline__ __attribute__((always_inline))
#endif
#define __no_return__ __attribute__((noreturn))
#ifndef __align__
#define __align__(n) __attribute__((aligned(n)))
#endif
#define __builtin_align__(n) __align__(n)
#define __device_builtin__
#define __device_builtin_texture_type__
#define __device_builtin_surface_type__
#define __cudart_builtin__
#define __nv_pure__ __attribute__((const))
#define CUDARTAPI
#define CUDARTAPI_CDECL
#define CUDART_CB
#define CUDA_CB
#define __annotate__(a) __attribute__((a))

#if defined(__CUDA__) && defined(__clang__)
#define __location__(a) __annotate__(a)
#define __host__ __location__(host)
#define __device__ __location__(device)
#define __global__ __location__(global)
#define __shared__ __location__(shared)
#define __constant__ __location__(constant)
// A managed variable is a device variable whose host shadow *is* its storage: the runtime binds the device symbol to
// the shadow's address. The section tells it which shadows; see anywarp/managed.h.
#define __managed__ __location__(device) __attribute__((section("anywarp_managed")))
#define __launch_bounds__(...) __annotate__(launch_bounds(__VA_ARGS__))
#define __maxnreg__(n)
// Parameters are read-only in the PTX that clang emits; the attribute only forbids writing to them.
#define __grid_constant__
#define __cluster_dims__(...) _Pragma("GCC error \"__cluster_dims__: thread block clusters are not supported\"")
#define __block_size__(...) _Pragma("GCC error \"__block_size__: thread block clusters are not supported\"")
#elif !defined(__CUDACC__)
#define __location__(a)
#define __host__
#define __device__
#define __global__
#define __shared__
#define __constant__
#define __managed__
#define __launch_bounds__(...)
#define __maxnreg__(n)
#define __grid_constant__
#define __cluster_dims__(...)
#endif

#ifndef __restrict__
#if defined(__cplusplus) && !defined(__GNUC__)
#define __restrict__
#endif
#endif

#if defined(__cplusplus)
#define __dv(v) = v
#else
#define __dv(v)
#endif

#endif
