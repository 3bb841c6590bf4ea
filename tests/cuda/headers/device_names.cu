// Every device function that public CUDA programs are known to call, once each, on plain types. The kernel is only
// compiled, for the functions' presence: `guard` is never set.
#include <cassert>
#include <cstdio>
#include <cuComplex.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

__global__ void names(int guard, int *i, unsigned int *u, long long *l, unsigned long long *ul, float *f, double *d,
                      unsigned short *us, __half *h, __half2 *h2, __nv_bfloat16 *bf, __nv_bfloat162 *bf2, float4 *f4,
                      bool *b) {
  __shared__ int sh[32];
  if (!guard) return;
  __syncthreads();  // __syncthreads
  atomicAdd(i, 1), atomicAdd(u, 1u), atomicAdd(ul, 1ull), atomicAdd(f, 1.0f), atomicAdd(d, 1.0), atomicAdd(h, h[1]), atomicAdd(h2, h2[1]), atomicAdd(bf, bf[1]), atomicAdd(bf2, bf2[1]);  // atomicAdd
  f[0] += sqrtf(f[1]);  // sqrtf
  i[0] += max(i[1], i[2]), u[0] += max(u[1], u[2]), f[0] += max(f[1], f[2]), d[0] += max(d[1], d[2]);  // max
  i[0] += min(i[1], i[2]), u[0] += min(u[1], u[2]), f[0] += min(f[1], f[2]), d[0] += min(d[1], d[2]);  // min
  d[0] += sqrt(d[1]), f[0] += sqrt(f[1]);  // sqrt
  f[0] += expf(f[1]);  // expf
  d[0] += exp(d[1]), f[0] += exp(f[1]);  // exp
  d[0] += make_float4(1, 2, 3, 4).y;  // make_float4
  d[0] += fabs(d[1]), f[0] += fabs(f[1]);  // fabs
  i[0] += abs(i[1]), f[0] += abs(f[1]), d[0] += abs(d[1]), l[0] += abs(l[1]);  // abs
  f[0] += fmaxf(f[1], f[2]);  // fmaxf
  f[0] += cosf(f[1]);  // cosf
  f[0] += sinf(f[1]);  // sinf
  i[0] = __shfl_down_sync(~0u, i[1], 1); u[0] = __shfl_down_sync(~0u, u[1], 1); l[0] = __shfl_down_sync(~0u, l[1], 1); ul[0] = __shfl_down_sync(~0u, ul[1], 1); f[0] = __shfl_down_sync(~0u, f[1], 1); d[0] = __shfl_down_sync(~0u, d[1], 1); h[0] = __shfl_down_sync(~0u, h[1], 1); h2[0] = __shfl_down_sync(~0u, h2[1], 1); bf[0] = __shfl_down_sync(~0u, bf[1], 1); bf2[0] = __shfl_down_sync(~0u, bf2[1], 1);  // __shfl_down_sync
  d[0] += pow(d[1], d[2]), f[0] += pow(f[1], f[2]);  // pow
  f[0] += fabsf(f[1]);  // fabsf
  f[0] += logf(f[1]);  // logf
  atomicCAS(i, 1, 2), atomicCAS(u, 1u, 2u), atomicCAS(ul, 1ull, 2ull), atomicCAS(us, (unsigned short)1, (unsigned short)2);  // atomicCAS
  printf("%d %f\n", i[1], f[1]);  // printf
  i[0] = __shfl_sync(~0u, i[1], 1); u[0] = __shfl_sync(~0u, u[1], 1); l[0] = __shfl_sync(~0u, l[1], 1); ul[0] = __shfl_sync(~0u, ul[1], 1); f[0] = __shfl_sync(~0u, f[1], 1); d[0] = __shfl_sync(~0u, d[1], 1); h[0] = __shfl_sync(~0u, h[1], 1); h2[0] = __shfl_sync(~0u, h2[1], 1); bf[0] = __shfl_sync(~0u, bf[1], 1); bf2[0] = __shfl_sync(~0u, bf2[1], 1);  // __shfl_sync
  f[0] += powf(f[1], f[2]);  // powf
  i[0] = __shfl_xor_sync(~0u, i[1], 1); u[0] = __shfl_xor_sync(~0u, u[1], 1); l[0] = __shfl_xor_sync(~0u, l[1], 1); ul[0] = __shfl_xor_sync(~0u, ul[1], 1); f[0] = __shfl_xor_sync(~0u, f[1], 1); d[0] = __shfl_xor_sync(~0u, d[1], 1); h[0] = __shfl_xor_sync(~0u, h[1], 1); h2[0] = __shfl_xor_sync(~0u, h2[1], 1); bf[0] = __shfl_xor_sync(~0u, bf[1], 1); bf2[0] = __shfl_xor_sync(~0u, bf2[1], 1);  // __shfl_xor_sync
  f[0] += __expf(f[1]);  // __expf
  f[0] += floorf(f[1]);  // floorf
  f[0] += fminf(f[1], f[2]);  // fminf
  d[0] += log(d[1]), f[0] += log(f[1]);  // log
  f[0] += rsqrtf(f[1]);  // rsqrtf
  atomicMax(i, 1), atomicMax(u, 1u), atomicMax(ul, 1ull), atomicMax(l, 1ll);  // atomicMax
  d[0] += cos(d[1]), f[0] += cos(f[1]);  // cos
  assert(i[1] >= 0);  // assert
  d[0] += sin(d[1]), f[0] += sin(f[1]);  // sin
  f[0] += __half2float(h[1]);  // __half2float
  __syncwarp();  // __syncwarp
  u[0] += __ballot_sync(~0u, i[1]);  // __ballot_sync
  i[0] += __mul24(i[1], i[2]);  // __mul24
  u[0] += __popc(u[1]);  // __popc
  f[0] += __saturatef(f[1]);  // __saturatef
  d[0] += make_float2(1, 2).y;  // make_float2
  d[0] += make_uchar4(1, 2, 3, 4).y;  // make_uchar4
  i[0] = __shfl_up_sync(~0u, i[1], 1); u[0] = __shfl_up_sync(~0u, u[1], 1); l[0] = __shfl_up_sync(~0u, l[1], 1); ul[0] = __shfl_up_sync(~0u, ul[1], 1); f[0] = __shfl_up_sync(~0u, f[1], 1); d[0] = __shfl_up_sync(~0u, d[1], 1); h[0] = __shfl_up_sync(~0u, h[1], 1); h2[0] = __shfl_up_sync(~0u, h2[1], 1); bf[0] = __shfl_up_sync(~0u, bf[1], 1); bf2[0] = __shfl_up_sync(~0u, bf2[1], 1);  // __shfl_up_sync
  h[0] = __float2half(f[1]);  // __float2half
  d[0] += make_float3(1, 2, 3).y;  // make_float3
  __threadfence();  // __threadfence
  atomicExch(i, 1), atomicExch(u, 1u), atomicExch(ul, 1ull), atomicExch(f, 1.0f);  // atomicExch
  atomicMin(i, 1), atomicMin(u, 1u), atomicMin(ul, 1ull), atomicMin(l, 1ll);  // atomicMin
  h2[0] = __hadd2(h2[1], h2[2]);  // __hadd2
  u[0] += __umul24(u[1], u[2]);  // __umul24
  d[0] += floor(d[1]), f[0] += floor(f[1]);  // floor
  f[0] += __fdividef(f[1], f[2]);  // __fdividef
  i[0] = __ldg(i + 1); u[0] = __ldg(u + 1); l[0] = __ldg(l + 1); ul[0] = __ldg(ul + 1); f[0] = __ldg(f + 1); d[0] = __ldg(d + 1); us[0] = __ldg(us + 1); h[0] = __ldg(h + 1); h2[0] = __ldg(h2 + 1); bf[0] = __ldg(bf + 1); bf2[0] = __ldg(bf2 + 1); f4[0] = __ldg(f4 + 1);  // __ldg
  d[0] += __longlong_as_double(l[1]);  // __longlong_as_double
  u[0] += __ffs(u[1]);  // __ffs
  f[0] += ceilf(f[1]);  // ceilf
  d[0] += fmax(d[1], d[2]), f[0] += fmax(f[1], f[2]);  // fmax
  u[0] += __any_sync(~0u, i[1]);  // __any_sync
  i[0] += __nv_atomic_load_n(i + 1, __NV_ATOMIC_ACQUIRE, __NV_THREAD_SCOPE_DEVICE);  // __nv_atomic_load_n
  atomicAnd(i, 1), atomicAnd(u, 1u), atomicAnd(ul, 1ull);  // atomicAnd
  atomicSub(i, 1), atomicSub(u, 1u);  // atomicSub
  h2[0] = __float2half2_rn(f[1]);  // __float2half2_rn
  h2[0] = __hfma2(h2[1], h2[2], h2[3]), bf2[0] = __hfma2(bf2[1], bf2[2], bf2[3]);  // __hfma2
  f[0] += __logf(f[1]);  // __logf
  f[0] += tanhf(f[1]);  // tanhf
  f[0] += __bfloat162float(bf[1]);  // __bfloat162float
  atomicAdd_system(i, 1), atomicAdd_system(u, 1u), atomicAdd_system(ul, 1ull);  // atomicAdd_system
  atomicOr(i, 1), atomicOr(u, 1u), atomicOr(ul, 1ull);  // atomicOr
  l[0] += __double_as_longlong(d[1]);  // __double_as_longlong
  f[0] += __int_as_float(i[1]);  // __int_as_float
  u[0] += __clz(u[1]);  // __clz
  d[0] += atan(d[1]), f[0] += atan(f[1]);  // atan
  f[0] += atan2f(f[1], f[2]);  // atan2f
  d[0] += ceil(d[1]), f[0] += ceil(f[1]);  // ceil
  i[0] += isinf(f[1]) + isinf(d[1]);  // isinf
  l[0] += clock();  // clock
  u[0] += __all_sync(~0u, i[1]);  // __all_sync
  atomicInc(u, 7u);  // atomicInc
  u[0] += __float_as_uint(f[1]);  // __float_as_uint
  f[0] += __uint_as_float(u[1]);  // __uint_as_float
  i[0] += __float_as_int(f[1]);  // __float_as_int
  bf[0] = __float2bfloat16(f[1]);  // __float2bfloat16
  h2[0] = __hmul2(h2[1], h2[2]);  // __hmul2
  __sincosf(f[1], f + 2, f + 3);  // __sincosf
  d[0] += make_double4(1, 2, 3, 4).y;  // make_double4
  u[0] += __activemask();  // __activemask
  atomicXor(i, 1), atomicXor(u, 1u), atomicXor(ul, 1ull);  // atomicXor
  h2[0] = __float22half2_rn(make_float2(f[1], f[2]));  // __float22half2_rn
  h[0] = __float2half_rn(f[1]);  // __float2half_rn
  h[0] = __hadd(h[1], h[2]), i[0] = __hadd(i[1], i[2]);  // __hadd
  f[0] += __half22float2(h2[1]).y;  // __half22float2
  h[0] = __hmul(h[1], h[2]);  // __hmul
  ul[0] += __clzll(ul[1]);  // __clzll
  d[0] += acos(d[1]), f[0] += acos(f[1]);  // acos
  f[0] += acosf(f[1]);  // acosf
  d[0] += fmin(d[1], d[2]), f[0] += fmin(f[1], f[2]);  // fmin
  d[0] += fmod(d[1], d[2]), f[0] += fmod(f[1], f[2]);  // fmod
  d[0] += log10(d[1]), f[0] += log10(f[1]);  // log10
  f[0] += log2f(f[1]);  // log2f
  d[0] += rsqrt(d[1]), f[0] += rsqrt(f[1]);  // rsqrt
  i[0] += signbit(f[1]) + signbit(d[1]);  // signbit
  sincosf(f[1], f + 2, f + 3);  // sincosf
  d[0] += make_int2(1, 2).y;  // make_int2
  d[0] += make_int4(1, 2, 3, 4).y;  // make_int4
  memcpy(i, u, 16);  // memcpy
  f[0] += coshf(f[1]);  // coshf
  h2[0] = __halves2half2(h[1], h[2]);  // __halves2half2
  bf[0] = __ushort_as_bfloat16(us[1]);  // __ushort_as_bfloat16
  h[0] = __ushort_as_half(us[1]);  // __ushort_as_half
  i[0] += __atomic_load_n(i + 1, __ATOMIC_RELAXED);  // __atomic_load_n
  atomicAnd_system(i, 1), atomicAnd_system(u, 1u), atomicAnd_system(ul, 1ull);  // atomicAnd_system
  atomicCAS_system(i, 1, 2), atomicCAS_system(u, 1u, 2u), atomicCAS_system(ul, 1ull, 2ull), atomicCAS_system(us, (unsigned short)1, (unsigned short)2);  // atomicCAS_system
  atomicDec(u, 7u);  // atomicDec
  atomicExch_system(i, 1), atomicExch_system(u, 1u), atomicExch_system(ul, 1ull), atomicExch_system(f, 1.0f);  // atomicExch_system
  atomicMax_system(i, 1), atomicMax_system(u, 1u), atomicMax_system(ul, 1ull), atomicMax_system(l, 1ll);  // atomicMax_system
  atomicMin_system(i, 1), atomicMin_system(u, 1u), atomicMin_system(ul, 1ull), atomicMin_system(l, 1ll);  // atomicMin_system
  atomicOr_system(i, 1), atomicOr_system(u, 1u), atomicOr_system(ul, 1ull);  // atomicOr_system
  atomicXor_system(i, 1), atomicXor_system(u, 1u), atomicXor_system(ul, 1ull);  // atomicXor_system
  i[0] += __float2int_rd(f[1]);  // __float2int_rd
  if (i[1] == 77) __builtin_unreachable();  // __builtin_unreachable
  free(*(void **)ul);  // free
  *(void **)ul = malloc(16);  // malloc
  memset(i, 0, 16);  // memset
  f[0] += __bfloat1622float2(bf2[1]).x;  // __bfloat1622float2
  bf2[0] = __float22bfloat162_rn(make_float2(f[1], f[2]));  // __float22bfloat162_rn
  bf2[0] = __float2bfloat162_rn(f[1]);  // __float2bfloat162_rn
  f[0] += __high2float(h2[1]);  // __high2float
  h2[0] = __hsub2(h2[1], h2[2]);  // __hsub2
  f[0] += __low2float(h2[1]);  // __low2float
  u[0] += __byte_perm(u[1], u[2], u[3]);  // __byte_perm
  d[0] += atan2(d[1], d[2]), f[0] += atan2(f[1], f[2]);  // atan2
  f[0] += exp2f(f[1]);  // exp2f
  f[0] += hypotf(f[1], f[2]);  // hypotf
  i[0] += isnan(f[1]) + isnan(d[1]);  // isnan
  f[0] += log10f(f[1]);  // log10f
  f[0] += nanf("");  // nanf
  d[0] += nearbyint(d[1]), f[0] += nearbyint(f[1]);  // nearbyint
  f[0] += rintf(f[1]);  // rintf
  f[0] += roundf(f[1]);  // roundf
  f[0] += sinhf(f[1]);  // sinhf
  f[0] += __frsqrt_rn(f[1]);  // __frsqrt_rn
  f[0] += __log2f(f[1]);  // __log2f
  f[0] += __powf(f[1], f[2]);  // __powf
  u[0] += __vmaxs4(u[1], u[2]);  // __vmaxs4
  l[0] += clock64();  // clock64
  d[0] += make_double2(1, 2).y;  // make_double2
  d[0] += make_double3(1, 2, 3).y;  // make_double3
  d[0] += make_int3(1, 2, 3).y;  // make_int3
  d[0] += make_uchar3(1, 2, 3).y;  // make_uchar3
  d[0] += make_uint2(1, 2).y;  // make_uint2
  d[0] += make_uint3(1, 2, 3).y;  // make_uint3
  u[0] += __ballot(i[1]);  // __ballot
  u[0] += __match_any_sync(~0u, i[1]) + __match_any_sync(~0u, l[1]) + __match_any_sync(~0u, f[1]) + __match_all_sync(~0u, d[1], i);  // __match_any_sync
  i[0] = __shfl(i[1], 1); u[0] = __shfl(u[1], 1); l[0] = __shfl(l[1], 1); ul[0] = __shfl(ul[1], 1); f[0] = __shfl(f[1], 1); d[0] = __shfl(d[1], 1);  // __shfl
  i[0] = __shfl_down(i[1], 1); u[0] = __shfl_down(u[1], 1); l[0] = __shfl_down(l[1], 1); ul[0] = __shfl_down(ul[1], 1); f[0] = __shfl_down(f[1], 1); d[0] = __shfl_down(d[1], 1);  // __shfl_down
  d[0] += fma(d[1], d[2], d[3]);  // fma
  bf[0] = __float2bfloat16_rn(f[1]);  // __float2bfloat16_rn
  i[0] = __ldcs(i + 1); u[0] = __ldcs(u + 1); l[0] = __ldcs(l + 1); ul[0] = __ldcs(ul + 1); f[0] = __ldcs(f + 1); d[0] = __ldcs(d + 1); us[0] = __ldcs(us + 1); h[0] = __ldcs(h + 1); h2[0] = __ldcs(h2 + 1); bf[0] = __ldcs(bf + 1); bf2[0] = __ldcs(bf2 + 1); f4[0] = __ldcs(f4 + 1);  // __ldcs
  __stcs(i, i[1]); __stcs(u, u[1]); __stcs(l, l[1]); __stcs(ul, ul[1]); __stcs(f, f[1]); __stcs(d, d[1]); __stcs(us, us[1]); __stcs(h, h[1]); __stcs(h2, h2[1]); __stcs(bf, bf[1]); __stcs(bf2, bf2[1]); __stcs(f4, f4[1]);  // __stcs
  __threadfence_system();  // __threadfence_system
  atomicDec_system(u, 7u);  // atomicDec_system
  atomicInc_system(u, 7u);  // atomicInc_system
  i[0] += __double2hiint(d[1]);  // __double2hiint
  i[0] += __double2int_rd(d[1]);  // __double2int_rd
  i[0] += __double2int_rn(d[1]);  // __double2int_rn
  i[0] += __double2int_ru(d[1]);  // __double2int_ru
  i[0] += __double2int_rz(d[1]);  // __double2int_rz
  l[0] += __double2ll_rd(d[1]);  // __double2ll_rd
  l[0] += __double2ll_rn(d[1]);  // __double2ll_rn
  l[0] += __double2ll_ru(d[1]);  // __double2ll_ru
  l[0] += __double2ll_rz(d[1]);  // __double2ll_rz
  i[0] += __double2loint(d[1]);  // __double2loint
  u[0] += __double2uint_rd(d[1]);  // __double2uint_rd
  u[0] += __double2uint_rn(d[1]);  // __double2uint_rn
  u[0] += __double2uint_ru(d[1]);  // __double2uint_ru
  u[0] += __double2uint_rz(d[1]);  // __double2uint_rz
  ul[0] += __double2ull_rd(d[1]);  // __double2ull_rd
  ul[0] += __double2ull_rn(d[1]);  // __double2ull_rn
  ul[0] += __double2ull_ru(d[1]);  // __double2ull_ru
  ul[0] += __double2ull_rz(d[1]);  // __double2ull_rz
  i[0] += __float2int_rn(f[1]);  // __float2int_rn
  i[0] += __float2int_ru(f[1]);  // __float2int_ru
  i[0] += __float2int_rz(f[1]);  // __float2int_rz
  l[0] += __float2ll_rd(f[1]);  // __float2ll_rd
  l[0] += __float2ll_rn(f[1]);  // __float2ll_rn
  l[0] += __float2ll_ru(f[1]);  // __float2ll_ru
  l[0] += __float2ll_rz(f[1]);  // __float2ll_rz
  u[0] += __float2uint_rd(f[1]);  // __float2uint_rd
  u[0] += __float2uint_rn(f[1]);  // __float2uint_rn
  u[0] += __float2uint_ru(f[1]);  // __float2uint_ru
  u[0] += __float2uint_rz(f[1]);  // __float2uint_rz
  ul[0] += __float2ull_rd(f[1]);  // __float2ull_rd
  ul[0] += __float2ull_rn(f[1]);  // __float2ull_rn
  ul[0] += __float2ull_ru(f[1]);  // __float2ull_ru
  ul[0] += __float2ull_rz(f[1]);  // __float2ull_rz
  d[0] += __hiloint2double(i[1], i[2]);  // __hiloint2double
  d[0] += __int2double_rn(i[1]);  // __int2double_rn
  f[0] += __int2float_rd(i[1]);  // __int2float_rd
  f[0] += __int2float_rn(i[1]);  // __int2float_rn
  f[0] += __int2float_ru(i[1]);  // __int2float_ru
  f[0] += __int2float_rz(i[1]);  // __int2float_rz
  d[0] += __ll2double_rd(l[1]);  // __ll2double_rd
  d[0] += __ll2double_rn(l[1]);  // __ll2double_rn
  d[0] += __ll2double_ru(l[1]);  // __ll2double_ru
  d[0] += __ll2double_rz(l[1]);  // __ll2double_rz
  f[0] += __ll2float_rd(l[1]);  // __ll2float_rd
  f[0] += __ll2float_rn(l[1]);  // __ll2float_rn
  f[0] += __ll2float_ru(l[1]);  // __ll2float_ru
  f[0] += __ll2float_rz(l[1]);  // __ll2float_rz
  d[0] += __uint2double_rn(u[1]);  // __uint2double_rn
  f[0] += __uint2float_rd(u[1]);  // __uint2float_rd
  f[0] += __uint2float_rn(u[1]);  // __uint2float_rn
  f[0] += __uint2float_ru(u[1]);  // __uint2float_ru
  f[0] += __uint2float_rz(u[1]);  // __uint2float_rz
  d[0] += __ull2double_rd(ul[1]);  // __ull2double_rd
  d[0] += __ull2double_rn(ul[1]);  // __ull2double_rn
  d[0] += __ull2double_ru(ul[1]);  // __ull2double_ru
  d[0] += __ull2double_rz(ul[1]);  // __ull2double_rz
  f[0] += __ull2float_rd(ul[1]);  // __ull2float_rd
  f[0] += __ull2float_rn(ul[1]);  // __ull2float_rn
  f[0] += __ull2float_ru(ul[1]);  // __ull2float_ru
  f[0] += __ull2float_rz(ul[1]);  // __ull2float_rz
  d[0] += cuCabs(make_cuDoubleComplex(d[1], d[2]));  // cuCabs
  d[0] += cuCabsf(make_cuFloatComplex(f[1], f[2]));  // cuCabsf
  d[0] += cuCadd(make_cuDoubleComplex(d[1], d[2]), make_cuDoubleComplex(d[1], d[2])).x;  // cuCadd
  d[0] += cuCaddf(make_cuFloatComplex(f[1], f[2]), make_cuFloatComplex(f[1], f[2])).x;  // cuCaddf
  d[0] += cuCdiv(make_cuDoubleComplex(d[1], d[2]), make_cuDoubleComplex(d[1], d[2])).x;  // cuCdiv
  d[0] += cuCdivf(make_cuFloatComplex(f[1], f[2]), make_cuFloatComplex(f[1], f[2])).x;  // cuCdivf
  d[0] += cuCimag(make_cuDoubleComplex(d[1], d[2]));  // cuCimag
  d[0] += cuCimagf(make_cuFloatComplex(f[1], f[2]));  // cuCimagf
  d[0] += cuCmul(make_cuDoubleComplex(d[1], d[2]), make_cuDoubleComplex(d[1], d[2])).x;  // cuCmul
  d[0] += cuCmulf(make_cuFloatComplex(f[1], f[2]), make_cuFloatComplex(f[1], f[2])).x;  // cuCmulf
  d[0] += cuConj(make_cuDoubleComplex(d[1], d[2])).y;  // cuConj
  d[0] += cuConjf(make_cuFloatComplex(f[1], f[2])).y;  // cuConjf
  d[0] += cuCreal(make_cuDoubleComplex(d[1], d[2]));  // cuCreal
  d[0] += cuCrealf(make_cuFloatComplex(f[1], f[2]));  // cuCrealf
  d[0] += cuCsub(make_cuDoubleComplex(d[1], d[2]), make_cuDoubleComplex(d[1], d[2])).x;  // cuCsub
  d[0] += cuCsubf(make_cuFloatComplex(f[1], f[2]), make_cuFloatComplex(f[1], f[2])).x;  // cuCsubf
  d[0] += make_cuDoubleComplex(1, 2).x;  // make_cuDoubleComplex
  d[0] += make_cuFloatComplex(1, 2).x;  // make_cuFloatComplex
  bf2[0] = __bfloat162bfloat162(bf[1]);  // __bfloat162bfloat162
  i[0] += __bfloat162int_rn(bf[1]);  // __bfloat162int_rn
  h[0] = __habs(h[1]);  // __habs
  i[0] += __half2int_rn(h[1]);  // __half2int_rn
  us[0] = __half_as_ushort(h[1]);  // __half_as_ushort
  h[0] = __hdiv(h[1], h[2]);  // __hdiv
  h2[0] = __hgt2(h2[1], h2[2]);  // __hgt2
  h[0] = __high2half(h2[1]);  // __high2half
  h[0] = __hmax(h[1], h[2]);  // __hmax
  h[0] = __hneg(h[1]);  // __hneg
  h[0] = __hsub(h[1], h[2]);  // __hsub
  h[0] = __int2half_rn(i[1]);  // __int2half_rn
  h[0] = __low2half(h2[1]);  // __low2half
  h2[0] = h2exp2(h2[1]);  // h2exp2
  h2[0] = h2tanh_approx(h2[1]);  // h2tanh_approx
  h[0] = hexp(h[1]);  // hexp
  h[0] = hexp2(h[1]);  // hexp2
  h[0] = hfloor(h[1]);  // hfloor
  h[0] = hlog2(h[1]);  // hlog2
  h[0] = htanh_approx(h[1]);  // htanh_approx
  h2[0] = make_half2(h[1], h[2]);  // make_half2
  u[0] += __brev(u[1]);  // __brev
  ul[0] += __brevll(ul[1]);  // __brevll
  i[0] += __dp4a(i[1], i[2], i[3]), u[0] += __dp4a(u[1], u[2], u[3]);  // __dp4a
  ul[0] += __popcll(ul[1]);  // __popcll
  ul[0] += __umul64hi(ul[1], ul[2]);  // __umul64hi
  d[0] += asin(d[1]), f[0] += asin(f[1]);  // asin
  f[0] += atanf(f[1]);  // atanf
  d[0] += cbrt(d[1]), f[0] += cbrt(f[1]);  // cbrt
  f[0] += cbrtf(f[1]);  // cbrtf
  d[0] += erf(d[1]), f[0] += erf(f[1]);  // erf
  d[0] += erfc(d[1]), f[0] += erfc(f[1]);  // erfc
  d[0] += exp10(d[1]);  // exp10
  f[0] += exp10f(f[1]);  // exp10f
  d[0] += exp2(d[1]), f[0] += exp2(f[1]);  // exp2
  f[0] += expm1f(f[1]);  // expm1f
  f[0] += fdividef(f[1], f[2]);  // fdividef
  d[0] += fmaf(d[1], d[2], d[3]);  // fmaf
  f[0] += fmodf(f[1], f[2]);  // fmodf
  d[0] += frexp(d[1], i), f[0] += frexp(f[1], i);  // frexp
  f[0] += frexpf(f[1], i);  // frexpf
  d[0] += hypot(d[1], d[2]), f[0] += hypot(f[1], f[2]);  // hypot
  i[0] += isfinite(f[1]) + isfinite(d[1]);  // isfinite
  f[0] += ldexpf(f[1], i[1]);  // ldexpf
  d[0] += log2(d[1]), f[0] += log2(f[1]);  // log2
  l[0] += lrintf(f[1]);  // lrintf
  l[0] += lroundf(f[1]);  // lroundf
  d[0] += rint(d[1]), f[0] += rint(f[1]);  // rint
  f[0] += sinpif(f[1]);  // sinpif
  d[0] += tan(d[1]), f[0] += tan(f[1]);  // tan
  f[0] += tanf(f[1]);  // tanf
  d[0] += tanh(d[1]), f[0] += tanh(f[1]);  // tanh
  d[0] += trunc(d[1]), f[0] += trunc(f[1]);  // trunc
  f[0] += truncf(f[1]);  // truncf
  f[0] += __cosf(f[1]);  // __cosf
  d[0] += __dadd_rd(d[1], d[2]);  // __dadd_rd
  d[0] += __dadd_ru(d[1], d[2]);  // __dadd_ru
  d[0] += __ddiv_rd(d[1], d[2]);  // __ddiv_rd
  d[0] += __ddiv_ru(d[1], d[2]);  // __ddiv_ru
  d[0] += __dmul_rd(d[1], d[2]);  // __dmul_rd
  d[0] += __dmul_ru(d[1], d[2]);  // __dmul_ru
  d[0] += __drcp_rn(d[1]);  // __drcp_rn
  d[0] += __dsqrt_rd(d[1]);  // __dsqrt_rd
  d[0] += __dsqrt_ru(d[1]);  // __dsqrt_ru
  f[0] += __fadd_rd(f[1], f[2]);  // __fadd_rd
  f[0] += __fadd_ru(f[1], f[2]);  // __fadd_ru
  f[0] += __fdiv_rd(f[1], f[2]);  // __fdiv_rd
  f[0] += __fdiv_rn(f[1], f[2]);  // __fdiv_rn
  f[0] += __fdiv_ru(f[1], f[2]);  // __fdiv_ru
  f[0] += __fmul_rd(f[1], f[2]);  // __fmul_rd
  f[0] += __fmul_rn(f[1], f[2]);  // __fmul_rn
  f[0] += __fmul_ru(f[1], f[2]);  // __fmul_ru
  f[0] += __frcp_rn(f[1]);  // __frcp_rn
  f[0] += __fsqrt_rd(f[1]);  // __fsqrt_rd
  f[0] += __fsqrt_rn(f[1]);  // __fsqrt_rn
  f[0] += __fsqrt_ru(f[1]);  // __fsqrt_ru
  f[0] += __sinf(f[1]);  // __sinf
  ul[0] += __cvta_generic_to_shared(sh);  // __cvta_generic_to_shared
  u[0] += __vabs2(u[1]);  // __vabs2
  u[0] += __vabs4(u[1]);  // __vabs4
  u[0] += __vabsdiffs2(u[1], u[2]);  // __vabsdiffs2
  u[0] += __vabsdiffs4(u[1], u[2]);  // __vabsdiffs4
  u[0] += __vabsdiffu2(u[1], u[2]);  // __vabsdiffu2
  u[0] += __vabsdiffu4(u[1], u[2]);  // __vabsdiffu4
  u[0] += __vabsss2(u[1]);  // __vabsss2
  u[0] += __vabsss4(u[1]);  // __vabsss4
  u[0] += __vadd2(u[1], u[2]);  // __vadd2
  u[0] += __vadd4(u[1], u[2]);  // __vadd4
  u[0] += __vaddss2(u[1], u[2]);  // __vaddss2
  u[0] += __vaddss4(u[1], u[2]);  // __vaddss4
  u[0] += __vaddus2(u[1], u[2]);  // __vaddus2
  u[0] += __vaddus4(u[1], u[2]);  // __vaddus4
  u[0] += __vavgs2(u[1], u[2]);  // __vavgs2
  u[0] += __vavgs4(u[1], u[2]);  // __vavgs4
  u[0] += __vavgu2(u[1], u[2]);  // __vavgu2
  u[0] += __vavgu4(u[1], u[2]);  // __vavgu4
  u[0] += __vcmpeq2(u[1], u[2]);  // __vcmpeq2
  u[0] += __vcmpeq4(u[1], u[2]);  // __vcmpeq4
  u[0] += __vcmpges2(u[1], u[2]);  // __vcmpges2
  u[0] += __vcmpges4(u[1], u[2]);  // __vcmpges4
  u[0] += __vcmpgeu2(u[1], u[2]);  // __vcmpgeu2
  u[0] += __vcmpgeu4(u[1], u[2]);  // __vcmpgeu4
  u[0] += __vcmpgts2(u[1], u[2]);  // __vcmpgts2
  u[0] += __vcmpgts4(u[1], u[2]);  // __vcmpgts4
  u[0] += __vcmpgtu2(u[1], u[2]);  // __vcmpgtu2
  u[0] += __vcmpgtu4(u[1], u[2]);  // __vcmpgtu4
  u[0] += __vcmples2(u[1], u[2]);  // __vcmples2
  u[0] += __vcmples4(u[1], u[2]);  // __vcmples4
  u[0] += __vcmpleu2(u[1], u[2]);  // __vcmpleu2
  u[0] += __vcmpleu4(u[1], u[2]);  // __vcmpleu4
  u[0] += __vcmplts2(u[1], u[2]);  // __vcmplts2
  u[0] += __vcmplts4(u[1], u[2]);  // __vcmplts4
  u[0] += __vcmpltu2(u[1], u[2]);  // __vcmpltu2
  u[0] += __vcmpltu4(u[1], u[2]);  // __vcmpltu4
  u[0] += __vcmpne2(u[1], u[2]);  // __vcmpne2
  u[0] += __vcmpne4(u[1], u[2]);  // __vcmpne4
  u[0] += __vhaddu2(u[1], u[2]);  // __vhaddu2
  u[0] += __vhaddu4(u[1], u[2]);  // __vhaddu4
  u[0] += __viaddmax_s16x2(u[1], u[2], u[3]);  // __viaddmax_s16x2
  u[0] += __viaddmax_s16x2_relu(u[1], u[2], u[3]);  // __viaddmax_s16x2_relu
  u[0] += __viaddmax_s32(u[1], u[2], u[3]);  // __viaddmax_s32
  u[0] += __viaddmax_s32_relu(u[1], u[2], u[3]);  // __viaddmax_s32_relu
  u[0] += __viaddmax_u16x2(u[1], u[2], u[3]);  // __viaddmax_u16x2
  u[0] += __viaddmax_u32(u[1], u[2], u[3]);  // __viaddmax_u32
  u[0] += __viaddmin_s16x2(u[1], u[2], u[3]);  // __viaddmin_s16x2
  u[0] += __viaddmin_s16x2_relu(u[1], u[2], u[3]);  // __viaddmin_s16x2_relu
  u[0] += __viaddmin_s32(u[1], u[2], u[3]);  // __viaddmin_s32
  u[0] += __viaddmin_s32_relu(u[1], u[2], u[3]);  // __viaddmin_s32_relu
  u[0] += __viaddmin_u16x2(u[1], u[2], u[3]);  // __viaddmin_u16x2
  u[0] += __viaddmin_u32(u[1], u[2], u[3]);  // __viaddmin_u32
  u[0] += __vibmax_s16x2(u[1], u[2], b, b + 1);  // __vibmax_s16x2
  i[0] += __vibmax_s32(i[1], i[2], b);  // __vibmax_s32
  u[0] += __vibmax_u16x2(u[1], u[2], b, b + 1);  // __vibmax_u16x2
  u[0] += __vibmax_u32(u[1], u[2], b);  // __vibmax_u32
  u[0] += __vibmin_s16x2(u[1], u[2], b, b + 1);  // __vibmin_s16x2
  i[0] += __vibmin_s32(i[1], i[2], b);  // __vibmin_s32
  u[0] += __vibmin_u16x2(u[1], u[2], b, b + 1);  // __vibmin_u16x2
  u[0] += __vibmin_u32(u[1], u[2], b);  // __vibmin_u32
  u[0] += __vimax3_s16x2(u[1], u[2], u[3]);  // __vimax3_s16x2
  u[0] += __vimax3_s16x2_relu(u[1], u[2], u[3]);  // __vimax3_s16x2_relu
  u[0] += __vimax3_s32(u[1], u[2], u[3]);  // __vimax3_s32
  u[0] += __vimax3_s32_relu(u[1], u[2], u[3]);  // __vimax3_s32_relu
  u[0] += __vimax3_u16x2(u[1], u[2], u[3]);  // __vimax3_u16x2
  u[0] += __vimax3_u32(u[1], u[2], u[3]);  // __vimax3_u32
  u[0] += __vimax_s16x2_relu(u[1], u[2]);  // __vimax_s16x2_relu
  u[0] += __vimax_s32_relu(u[1], u[2]);  // __vimax_s32_relu
  u[0] += __vimin3_s16x2(u[1], u[2], u[3]);  // __vimin3_s16x2
  u[0] += __vimin3_s16x2_relu(u[1], u[2], u[3]);  // __vimin3_s16x2_relu
  u[0] += __vimin3_s32(u[1], u[2], u[3]);  // __vimin3_s32
  u[0] += __vimin3_s32_relu(u[1], u[2], u[3]);  // __vimin3_s32_relu
  u[0] += __vimin3_u16x2(u[1], u[2], u[3]);  // __vimin3_u16x2
  u[0] += __vimin3_u32(u[1], u[2], u[3]);  // __vimin3_u32
  u[0] += __vimin_s16x2_relu(u[1], u[2]);  // __vimin_s16x2_relu
  u[0] += __vimin_s32_relu(u[1], u[2]);  // __vimin_s32_relu
  u[0] += __vmaxs2(u[1], u[2]);  // __vmaxs2
  u[0] += __vmaxu2(u[1], u[2]);  // __vmaxu2
  u[0] += __vmaxu4(u[1], u[2]);  // __vmaxu4
  u[0] += __vmins2(u[1], u[2]);  // __vmins2
  u[0] += __vmins4(u[1], u[2]);  // __vmins4
  u[0] += __vminu2(u[1], u[2]);  // __vminu2
  u[0] += __vminu4(u[1], u[2]);  // __vminu4
  u[0] += __vneg2(u[1]);  // __vneg2
  u[0] += __vneg4(u[1]);  // __vneg4
  u[0] += __vnegss2(u[1]);  // __vnegss2
  u[0] += __vnegss4(u[1]);  // __vnegss4
  u[0] += __vsads2(u[1], u[2]);  // __vsads2
  u[0] += __vsads4(u[1], u[2]);  // __vsads4
  u[0] += __vsadu2(u[1], u[2]);  // __vsadu2
  u[0] += __vsadu4(u[1], u[2]);  // __vsadu4
  u[0] += __vseteq2(u[1], u[2]);  // __vseteq2
  u[0] += __vseteq4(u[1], u[2]);  // __vseteq4
  u[0] += __vsetges2(u[1], u[2]);  // __vsetges2
  u[0] += __vsetges4(u[1], u[2]);  // __vsetges4
  u[0] += __vsetgeu2(u[1], u[2]);  // __vsetgeu2
  u[0] += __vsetgeu4(u[1], u[2]);  // __vsetgeu4
  u[0] += __vsetgts2(u[1], u[2]);  // __vsetgts2
  u[0] += __vsetgts4(u[1], u[2]);  // __vsetgts4
  u[0] += __vsetgtu2(u[1], u[2]);  // __vsetgtu2
  u[0] += __vsetgtu4(u[1], u[2]);  // __vsetgtu4
  u[0] += __vsetles2(u[1], u[2]);  // __vsetles2
  u[0] += __vsetles4(u[1], u[2]);  // __vsetles4
  u[0] += __vsetleu2(u[1], u[2]);  // __vsetleu2
  u[0] += __vsetleu4(u[1], u[2]);  // __vsetleu4
  u[0] += __vsetlts2(u[1], u[2]);  // __vsetlts2
  u[0] += __vsetlts4(u[1], u[2]);  // __vsetlts4
  u[0] += __vsetltu2(u[1], u[2]);  // __vsetltu2
  u[0] += __vsetltu4(u[1], u[2]);  // __vsetltu4
  u[0] += __vsetne2(u[1], u[2]);  // __vsetne2
  u[0] += __vsetne4(u[1], u[2]);  // __vsetne4
  u[0] += __vsub2(u[1], u[2]);  // __vsub2
  u[0] += __vsub4(u[1], u[2]);  // __vsub4
  u[0] += __vsubss2(u[1], u[2]);  // __vsubss2
  u[0] += __vsubss4(u[1], u[2]);  // __vsubss4
  u[0] += __vsubus2(u[1], u[2]);  // __vsubus2
  u[0] += __vsubus4(u[1], u[2]);  // __vsubus4
  i[0] += __syncthreads_and(i[1]);  // __syncthreads_and
  i[0] += __syncthreads_count(i[1]);  // __syncthreads_count
  __threadfence_block();  // __threadfence_block
  d[0] += make_uchar2(1, 2).y;  // make_uchar2
  d[0] += make_uint4(1, 2, 3, 4).y;  // make_uint4
  d[0] += make_ulong4(1, 2, 3, 4).y;  // make_ulong4
  u[0] += __reduce_add_sync(~0u, u[1]);  // __reduce_add_sync
  i[0] = __shfl_xor(i[1], 1); u[0] = __shfl_xor(u[1], 1); l[0] = __shfl_xor(l[1], 1); ul[0] = __shfl_xor(ul[1], 1); f[0] = __shfl_xor(f[1], 1); d[0] = __shfl_xor(d[1], 1);  // __shfl_xor
  __stcg(i, i[1]); __stcg(u, u[1]); __stcg(l, l[1]); __stcg(ul, ul[1]); __stcg(f, f[1]); __stcg(d, d[1]); __stcg(us, us[1]); __stcg(h, h[1]); __stcg(h2, h2[1]); __stcg(bf, bf[1]); __stcg(bf2, bf2[1]); __stcg(f4, f4[1]);  // __stcg
  f[0] += *(float *)__builtin_assume_aligned(f + 4, 16);  // __builtin_assume_aligned
  if (i[1] == 78) __trap();  // __trap
  bf2[0] = __halves2bfloat162(bf[1], bf[2]);  // __halves2bfloat162
  i[0] = __ldcg(i + 1); u[0] = __ldcg(u + 1); l[0] = __ldcg(l + 1); ul[0] = __ldcg(ul + 1); f[0] = __ldcg(f + 1); d[0] = __ldcg(d + 1); us[0] = __ldcg(us + 1); h[0] = __ldcg(h + 1); h2[0] = __ldcg(h2 + 1); bf[0] = __ldcg(bf + 1); bf2[0] = __ldcg(bf2 + 1); f4[0] = __ldcg(f4 + 1);  // __ldcg
}

int main() {
  names<<<1, 32>>>(0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                   nullptr, nullptr);
  if (cudaGetLastError() != cudaSuccess || cudaDeviceSynchronize() != cudaSuccess) return 1;
  puts("PASS");
}
