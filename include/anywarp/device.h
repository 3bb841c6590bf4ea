// SPDX-License-Identifier: MIT OR Apache-2.0
// Everything a kernel can call, in the order in which clang's own CUDA wrapper headers (Apache-2.0, in its resource
// directory) need it. Included by cuda_runtime.h when clang compiles CUDA, in the host and in the device pass.
#ifndef ANYWARP_DEVICE_H
#define ANYWARP_DEVICE_H

// clang's headers select by CUDA_VERSION, which programs get from cuda.h only.
#pragma push_macro("CUDA_VERSION")
#undef CUDA_VERSION
#define CUDA_VERSION 12080

#include <__clang_cuda_builtin_vars.h>

#include "libdevice_extern.h"
#include "libdevice_inline.h"
#define __CLANG_CUDA_LIBDEVICE_DECLARES_H__

#if defined(__ANYWARP_USE_FAST_MATH) && !defined(__CLANG_GPU_APPROX_TRANSCENDENTALS__)
#define __CLANG_GPU_APPROX_TRANSCENDENTALS__ 1
#endif

#ifndef __CUDA_PREC_DIV
#define __CUDA_PREC_DIV 1
#endif

// The vote functions without _sync exist in PTX for sm_6x and below; above, anywarp/warp.h defines them.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#define __all __anywarp_unused_all
#define __any __anywarp_unused_any
#define __ballot __anywarp_unused_ballot
#define __shfl __anywarp_unused_shfl
#define __shfl_up __anywarp_unused_shfl_up
#define __shfl_down __anywarp_unused_shfl_down
#define __shfl_xor __anywarp_unused_shfl_xor
#endif
#include <__clang_cuda_device_functions.h>
#include <__clang_cuda_math.h>
#include "address_spaces.h"

__device__ inline __cuda_builtin_threadIdx_t::operator dim3() const { return dim3(x, y, z); }
__device__ inline __cuda_builtin_threadIdx_t::operator uint3() const { return {x, y, z}; }
__device__ inline __cuda_builtin_blockIdx_t::operator dim3() const { return dim3(x, y, z); }
__device__ inline __cuda_builtin_blockIdx_t::operator uint3() const { return {x, y, z}; }
__device__ inline __cuda_builtin_blockDim_t::operator dim3() const { return dim3(x, y, z); }
__device__ inline __cuda_builtin_blockDim_t::operator uint3() const { return {x, y, z}; }
__device__ inline __cuda_builtin_gridDim_t::operator dim3() const { return dim3(x, y, z); }
__device__ inline __cuda_builtin_gridDim_t::operator uint3() const { return {x, y, z}; }

extern "C" {
// Device system calls (PTX Writer's Guide to Interoperability).
__device__ int vprintf(const char *format, const char *args);
__device__ int printf(const char *format, ...);
__device__ void __assertfail(const char *message, const char *file, unsigned int line, const char *function,
                             size_t char_size);
__device__ static inline void __assert_fail(const char *message, const char *file, unsigned int line,
                                            const char *function) {
  __assertfail(message, file, line, function, sizeof(char));
}
__device__ static inline void abort() { __builtin_trap(); }
// The vtables of abstract classes refer to these from below the language, so they must be emitted unasked.
__device__ __attribute__((weak, used)) void __cxa_pure_virtual() { __builtin_trap(); }
__device__ __attribute__((weak, used)) void __cxa_deleted_virtual() { __builtin_trap(); }
}

#include "device_misc.h"
#include "builtin_math.h"
#include <__clang_cuda_cmath.h>
#define cuuint32_t unsigned int
// clang 19 gives redux.sync its mask as the value and the value as mask: warp.h has the right ones.
#define __reduce_add_sync __anywarp_clang_reduce_add_sync
#define __reduce_min_sync __anywarp_clang_reduce_min_sync
#define __reduce_max_sync __anywarp_clang_reduce_max_sync
#define __reduce_and_sync __anywarp_clang_reduce_and_sync
#define __reduce_or_sync __anywarp_clang_reduce_or_sync
#define __reduce_xor_sync __anywarp_clang_reduce_xor_sync
#include <__clang_cuda_intrinsics.h>
#undef __reduce_add_sync
#undef __reduce_min_sync
#undef __reduce_max_sync
#undef __reduce_and_sync
#undef __reduce_or_sync
#undef __reduce_xor_sync
#undef cuuint32_t
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#undef __all
#undef __any
#undef __ballot
#undef __shfl
#undef __shfl_up
#undef __shfl_down
#undef __shfl_xor
#endif
#include <__clang_cuda_complex_builtins.h>

#include "atomics.h"
#include "warp.h"
#include "cache_hints.h"
#include "dpx.h"
#include "nv_atomic.h"
#include "surface.h"
#include "texture.h"

#pragma pop_macro("CUDA_VERSION")
#endif
