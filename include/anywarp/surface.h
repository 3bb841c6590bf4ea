// SPDX-License-Identifier: MIT OR Apache-2.0
// Surface reads and writes through surface objects (Programming Guide, "Surface Functions"): PTX suld.b and sust.b. The x
// coordinate is in bytes.
#ifndef ANYWARP_SURFACE_H
#define ANYWARP_SURFACE_H

namespace __anywarp {
// An element as the words that suld and sust move: N of B bits.
template <int Bytes>
struct SurfaceWords;
template <>
struct SurfaceWords<1> {
  unsigned short w[1];
};
template <>
struct SurfaceWords<2> {
  unsigned short w[1];
};
template <>
struct SurfaceWords<4> {
  unsigned int w[1];
};
template <>
struct SurfaceWords<8> {
  unsigned int w[2];
};
template <>
struct SurfaceWords<16> {
  unsigned int w[4];
};
}  // namespace __anywarp

#define __ANYWARP_D static __inline__ __device__ __attribute__((always_inline, unused))
namespace __anywarp {
__ANYWARP_D void suld_1D_trap(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b8.trap %0, [%1, {%2}];" : "=h"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_trap(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b8.trap [%0, {%1}], %2;" ::"l"(s), "r"(x), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_clamp(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b8.clamp %0, [%1, {%2}];" : "=h"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_clamp(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b8.clamp [%0, {%1}], %2;" ::"l"(s), "r"(x), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_zero(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b8.zero %0, [%1, {%2}];" : "=h"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_zero(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b8.zero [%0, {%1}], %2;" ::"l"(s), "r"(x), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_trap(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b16.trap %0, [%1, {%2}];" : "=h"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_trap(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b16.trap [%0, {%1}], %2;" ::"l"(s), "r"(x), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_clamp(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b16.clamp %0, [%1, {%2}];" : "=h"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_clamp(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b16.clamp [%0, {%1}], %2;" ::"l"(s), "r"(x), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_zero(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b16.zero %0, [%1, {%2}];" : "=h"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_zero(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b16.zero [%0, {%1}], %2;" ::"l"(s), "r"(x), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_trap(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b32.trap %0, [%1, {%2}];" : "=r"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_trap(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b32.trap [%0, {%1}], %2;" ::"l"(s), "r"(x), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_clamp(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b32.clamp %0, [%1, {%2}];" : "=r"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_clamp(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b32.clamp [%0, {%1}], %2;" ::"l"(s), "r"(x), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_zero(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.b32.zero %0, [%1, {%2}];" : "=r"(w.w[0]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_zero(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.b32.zero [%0, {%1}], %2;" ::"l"(s), "r"(x), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1D_trap(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.v2.b32.trap {%0, %1}, [%2, {%3}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_trap(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.v2.b32.trap [%0, {%1}], {%2, %3};" ::"l"(s), "r"(x), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_1D_clamp(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.v2.b32.clamp {%0, %1}, [%2, {%3}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_clamp(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.v2.b32.clamp [%0, {%1}], {%2, %3};" ::"l"(s), "r"(x), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_1D_zero(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.v2.b32.zero {%0, %1}, [%2, {%3}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_zero(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.v2.b32.zero [%0, {%1}], {%2, %3};" ::"l"(s), "r"(x), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_1D_trap(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.v4.b32.trap {%0, %1, %2, %3}, [%4, {%5}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_trap(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.v4.b32.trap [%0, {%1}], {%2, %3, %4, %5};" ::"l"(s), "r"(x), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_1D_clamp(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.v4.b32.clamp {%0, %1, %2, %3}, [%4, {%5}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_clamp(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.v4.b32.clamp [%0, {%1}], {%2, %3, %4, %5};" ::"l"(s), "r"(x), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_1D_zero(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("suld.b.1d.v4.b32.zero {%0, %1, %2, %3}, [%4, {%5}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x) : "memory");
}
__ANYWARP_D void sust_1D_zero(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x) {
  asm volatile("sust.b.1d.v4.b32.zero [%0, {%1}], {%2, %3, %4, %5};" ::"l"(s), "r"(x), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_2D_trap(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b8.trap %0, [%1, {%2, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_trap(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b8.trap [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_clamp(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b8.clamp %0, [%1, {%2, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_clamp(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b8.clamp [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_zero(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b8.zero %0, [%1, {%2, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_zero(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b8.zero [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_trap(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b16.trap %0, [%1, {%2, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_trap(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b16.trap [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_clamp(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b16.clamp %0, [%1, {%2, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_clamp(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b16.clamp [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_zero(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b16.zero %0, [%1, {%2, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_zero(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b16.zero [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_trap(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b32.trap %0, [%1, {%2, %3}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_trap(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b32.trap [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_clamp(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b32.clamp %0, [%1, {%2, %3}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_clamp(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b32.clamp [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_zero(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.b32.zero %0, [%1, {%2, %3}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_zero(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.b32.zero [%0, {%1, %2}], %3;" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2D_trap(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.v2.b32.trap {%0, %1}, [%2, {%3, %4}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_trap(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.v2.b32.trap [%0, {%1, %2}], {%3, %4};" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_2D_clamp(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.v2.b32.clamp {%0, %1}, [%2, {%3, %4}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_clamp(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.v2.b32.clamp [%0, {%1, %2}], {%3, %4};" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_2D_zero(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.v2.b32.zero {%0, %1}, [%2, {%3, %4}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_zero(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.v2.b32.zero [%0, {%1, %2}], {%3, %4};" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_2D_trap(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.v4.b32.trap {%0, %1, %2, %3}, [%4, {%5, %6}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_trap(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.v4.b32.trap [%0, {%1, %2}], {%3, %4, %5, %6};" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_2D_clamp(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.v4.b32.clamp {%0, %1, %2, %3}, [%4, {%5, %6}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_clamp(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.v4.b32.clamp [%0, {%1, %2}], {%3, %4, %5, %6};" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_2D_zero(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("suld.b.2d.v4.b32.zero {%0, %1, %2, %3}, [%4, {%5, %6}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y) : "memory");
}
__ANYWARP_D void sust_2D_zero(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y) {
  asm volatile("sust.b.2d.v4.b32.zero [%0, {%1, %2}], {%3, %4, %5, %6};" ::"l"(s), "r"(x), "r"(y), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_3D_trap(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b8.trap %0, [%1, {%2, %3, %4, %4}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_trap(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b8.trap [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_clamp(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b8.clamp %0, [%1, {%2, %3, %4, %4}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_clamp(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b8.clamp [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_zero(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b8.zero %0, [%1, {%2, %3, %4, %4}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_zero(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b8.zero [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_trap(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b16.trap %0, [%1, {%2, %3, %4, %4}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_trap(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b16.trap [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_clamp(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b16.clamp %0, [%1, {%2, %3, %4, %4}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_clamp(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b16.clamp [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_zero(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b16.zero %0, [%1, {%2, %3, %4, %4}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_zero(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b16.zero [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_trap(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b32.trap %0, [%1, {%2, %3, %4, %4}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_trap(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b32.trap [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_clamp(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b32.clamp %0, [%1, {%2, %3, %4, %4}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_clamp(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b32.clamp [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_zero(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.b32.zero %0, [%1, {%2, %3, %4, %4}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_zero(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.b32.zero [%0, {%1, %2, %3, %3}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_3D_trap(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.v2.b32.trap {%0, %1}, [%2, {%3, %4, %5, %5}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_trap(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.v2.b32.trap [%0, {%1, %2, %3, %3}], {%4, %5};" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_3D_clamp(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.v2.b32.clamp {%0, %1}, [%2, {%3, %4, %5, %5}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_clamp(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.v2.b32.clamp [%0, {%1, %2, %3, %3}], {%4, %5};" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_3D_zero(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.v2.b32.zero {%0, %1}, [%2, {%3, %4, %5, %5}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_zero(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.v2.b32.zero [%0, {%1, %2, %3, %3}], {%4, %5};" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_3D_trap(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.v4.b32.trap {%0, %1, %2, %3}, [%4, {%5, %6, %7, %7}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_trap(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.v4.b32.trap [%0, {%1, %2, %3, %3}], {%4, %5, %6, %7};" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_3D_clamp(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.v4.b32.clamp {%0, %1, %2, %3}, [%4, {%5, %6, %7, %7}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_clamp(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.v4.b32.clamp [%0, {%1, %2, %3, %3}], {%4, %5, %6, %7};" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_3D_zero(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("suld.b.3d.v4.b32.zero {%0, %1, %2, %3}, [%4, {%5, %6, %7, %7}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y), "r"(z) : "memory");
}
__ANYWARP_D void sust_3D_zero(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int z) {
  asm volatile("sust.b.3d.v4.b32.zero [%0, {%1, %2, %3, %3}], {%4, %5, %6, %7};" ::"l"(s), "r"(x), "r"(y), "r"(z), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_1DLayered_trap(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b8.trap %0, [%1, {%3, %2}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_trap(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b8.trap [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_clamp(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b8.clamp %0, [%1, {%3, %2}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_clamp(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b8.clamp [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_zero(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b8.zero %0, [%1, {%3, %2}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_zero(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b8.zero [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_trap(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b16.trap %0, [%1, {%3, %2}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_trap(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b16.trap [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_clamp(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b16.clamp %0, [%1, {%3, %2}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_clamp(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b16.clamp [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_zero(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b16.zero %0, [%1, {%3, %2}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_zero(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b16.zero [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_trap(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b32.trap %0, [%1, {%3, %2}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_trap(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b32.trap [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_clamp(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b32.clamp %0, [%1, {%3, %2}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_clamp(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b32.clamp [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_zero(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.b32.zero %0, [%1, {%3, %2}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_zero(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.b32.zero [%0, {%2, %1}], %3;" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_1DLayered_trap(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.v2.b32.trap {%0, %1}, [%2, {%4, %3}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_trap(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.v2.b32.trap [%0, {%2, %1}], {%3, %4};" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_1DLayered_clamp(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.v2.b32.clamp {%0, %1}, [%2, {%4, %3}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_clamp(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.v2.b32.clamp [%0, {%2, %1}], {%3, %4};" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_1DLayered_zero(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.v2.b32.zero {%0, %1}, [%2, {%4, %3}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_zero(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.v2.b32.zero [%0, {%2, %1}], {%3, %4};" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_1DLayered_trap(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.v4.b32.trap {%0, %1, %2, %3}, [%4, {%6, %5}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_trap(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.v4.b32.trap [%0, {%2, %1}], {%3, %4, %5, %6};" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_1DLayered_clamp(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.v4.b32.clamp {%0, %1, %2, %3}, [%4, {%6, %5}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_clamp(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.v4.b32.clamp [%0, {%2, %1}], {%3, %4, %5, %6};" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_1DLayered_zero(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("suld.b.a1d.v4.b32.zero {%0, %1, %2, %3}, [%4, {%6, %5}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(layer) : "memory");
}
__ANYWARP_D void sust_1DLayered_zero(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int layer) {
  asm volatile("sust.b.a1d.v4.b32.zero [%0, {%2, %1}], {%3, %4, %5, %6};" ::"l"(s), "r"(x), "r"(layer), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_2DLayered_trap(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b8.trap %0, [%1, {%4, %2, %3, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_trap(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b8.trap [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_clamp(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b8.clamp %0, [%1, {%4, %2, %3, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_clamp(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b8.clamp [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_zero(SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b8.zero %0, [%1, {%4, %2, %3, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_zero(const SurfaceWords<1> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b8.zero [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_trap(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b16.trap %0, [%1, {%4, %2, %3, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_trap(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b16.trap [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_clamp(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b16.clamp %0, [%1, {%4, %2, %3, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_clamp(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b16.clamp [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_zero(SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b16.zero %0, [%1, {%4, %2, %3, %3}];" : "=h"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_zero(const SurfaceWords<2> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b16.zero [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "h"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_trap(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b32.trap %0, [%1, {%4, %2, %3, %3}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_trap(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b32.trap [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_clamp(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b32.clamp %0, [%1, {%4, %2, %3, %3}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_clamp(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b32.clamp [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_zero(SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.b32.zero %0, [%1, {%4, %2, %3, %3}];" : "=r"(w.w[0]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_zero(const SurfaceWords<4> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.b32.zero [%0, {%3, %1, %2, %2}], %4;" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]) : "memory");
}
__ANYWARP_D void suld_2DLayered_trap(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.v2.b32.trap {%0, %1}, [%2, {%5, %3, %4, %4}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_trap(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.v2.b32.trap [%0, {%3, %1, %2, %2}], {%4, %5};" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_2DLayered_clamp(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.v2.b32.clamp {%0, %1}, [%2, {%5, %3, %4, %4}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_clamp(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.v2.b32.clamp [%0, {%3, %1, %2, %2}], {%4, %5};" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_2DLayered_zero(SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.v2.b32.zero {%0, %1}, [%2, {%5, %3, %4, %4}];" : "=r"(w.w[0]), "=r"(w.w[1]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_zero(const SurfaceWords<8> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.v2.b32.zero [%0, {%3, %1, %2, %2}], {%4, %5};" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]), "r"(w.w[1]) : "memory");
}
__ANYWARP_D void suld_2DLayered_trap(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.v4.b32.trap {%0, %1, %2, %3}, [%4, {%7, %5, %6, %6}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_trap(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.v4.b32.trap [%0, {%3, %1, %2, %2}], {%4, %5, %6, %7};" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_2DLayered_clamp(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.v4.b32.clamp {%0, %1, %2, %3}, [%4, {%7, %5, %6, %6}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_clamp(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.v4.b32.clamp [%0, {%3, %1, %2, %2}], {%4, %5, %6, %7};" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
__ANYWARP_D void suld_2DLayered_zero(SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("suld.b.a2d.v4.b32.zero {%0, %1, %2, %3}, [%4, {%7, %5, %6, %6}];" : "=r"(w.w[0]), "=r"(w.w[1]), "=r"(w.w[2]), "=r"(w.w[3]) : "l"(s), "r"(x), "r"(y), "r"(layer) : "memory");
}
__ANYWARP_D void sust_2DLayered_zero(const SurfaceWords<16> &w, cudaSurfaceObject_t s, int x, int y, int layer) {
  asm volatile("sust.b.a2d.v4.b32.zero [%0, {%3, %1, %2, %2}], {%4, %5, %6, %7};" ::"l"(s), "r"(x), "r"(y), "r"(layer), "r"(w.w[0]), "r"(w.w[1]), "r"(w.w[2]), "r"(w.w[3]) : "memory");
}
}  // namespace __anywarp

template <class __T>
__ANYWARP_D __T surf1Dread(cudaSurfaceObject_t s, int x, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w;
  if (mode == cudaBoundaryModeTrap) __anywarp::suld_1D_trap(w, s, x);
  else if (mode == cudaBoundaryModeClamp) __anywarp::suld_1D_clamp(w, s, x);
  else __anywarp::suld_1D_zero(w, s, x);
  __T v;
  __builtin_memcpy(&v, &w, sizeof(__T));
  return v;
}
template <class __T>
__ANYWARP_D void surf1Dread(__T *p, cudaSurfaceObject_t s, int x, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  *p = surf1Dread<__T>(s, x, mode);
}
template <class __T>
__ANYWARP_D void surf1Dwrite(__T v, cudaSurfaceObject_t s, int x, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w = {};
  __builtin_memcpy(&w, &v, sizeof(__T));
  if (mode == cudaBoundaryModeTrap) __anywarp::sust_1D_trap(w, s, x);
  else if (mode == cudaBoundaryModeClamp) __anywarp::sust_1D_clamp(w, s, x);
  else __anywarp::sust_1D_zero(w, s, x);
}
template <class __T>
__ANYWARP_D __T surf2Dread(cudaSurfaceObject_t s, int x, int y, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w;
  if (mode == cudaBoundaryModeTrap) __anywarp::suld_2D_trap(w, s, x, y);
  else if (mode == cudaBoundaryModeClamp) __anywarp::suld_2D_clamp(w, s, x, y);
  else __anywarp::suld_2D_zero(w, s, x, y);
  __T v;
  __builtin_memcpy(&v, &w, sizeof(__T));
  return v;
}
template <class __T>
__ANYWARP_D void surf2Dread(__T *p, cudaSurfaceObject_t s, int x, int y, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  *p = surf2Dread<__T>(s, x, y, mode);
}
template <class __T>
__ANYWARP_D void surf2Dwrite(__T v, cudaSurfaceObject_t s, int x, int y, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w = {};
  __builtin_memcpy(&w, &v, sizeof(__T));
  if (mode == cudaBoundaryModeTrap) __anywarp::sust_2D_trap(w, s, x, y);
  else if (mode == cudaBoundaryModeClamp) __anywarp::sust_2D_clamp(w, s, x, y);
  else __anywarp::sust_2D_zero(w, s, x, y);
}
template <class __T>
__ANYWARP_D __T surf3Dread(cudaSurfaceObject_t s, int x, int y, int z, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w;
  if (mode == cudaBoundaryModeTrap) __anywarp::suld_3D_trap(w, s, x, y, z);
  else if (mode == cudaBoundaryModeClamp) __anywarp::suld_3D_clamp(w, s, x, y, z);
  else __anywarp::suld_3D_zero(w, s, x, y, z);
  __T v;
  __builtin_memcpy(&v, &w, sizeof(__T));
  return v;
}
template <class __T>
__ANYWARP_D void surf3Dread(__T *p, cudaSurfaceObject_t s, int x, int y, int z, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  *p = surf3Dread<__T>(s, x, y, z, mode);
}
template <class __T>
__ANYWARP_D void surf3Dwrite(__T v, cudaSurfaceObject_t s, int x, int y, int z, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w = {};
  __builtin_memcpy(&w, &v, sizeof(__T));
  if (mode == cudaBoundaryModeTrap) __anywarp::sust_3D_trap(w, s, x, y, z);
  else if (mode == cudaBoundaryModeClamp) __anywarp::sust_3D_clamp(w, s, x, y, z);
  else __anywarp::sust_3D_zero(w, s, x, y, z);
}
template <class __T>
__ANYWARP_D __T surf1DLayeredread(cudaSurfaceObject_t s, int x, int layer, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w;
  if (mode == cudaBoundaryModeTrap) __anywarp::suld_1DLayered_trap(w, s, x, layer);
  else if (mode == cudaBoundaryModeClamp) __anywarp::suld_1DLayered_clamp(w, s, x, layer);
  else __anywarp::suld_1DLayered_zero(w, s, x, layer);
  __T v;
  __builtin_memcpy(&v, &w, sizeof(__T));
  return v;
}
template <class __T>
__ANYWARP_D void surf1DLayeredread(__T *p, cudaSurfaceObject_t s, int x, int layer, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  *p = surf1DLayeredread<__T>(s, x, layer, mode);
}
template <class __T>
__ANYWARP_D void surf1DLayeredwrite(__T v, cudaSurfaceObject_t s, int x, int layer, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w = {};
  __builtin_memcpy(&w, &v, sizeof(__T));
  if (mode == cudaBoundaryModeTrap) __anywarp::sust_1DLayered_trap(w, s, x, layer);
  else if (mode == cudaBoundaryModeClamp) __anywarp::sust_1DLayered_clamp(w, s, x, layer);
  else __anywarp::sust_1DLayered_zero(w, s, x, layer);
}
template <class __T>
__ANYWARP_D __T surf2DLayeredread(cudaSurfaceObject_t s, int x, int y, int layer, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w;
  if (mode == cudaBoundaryModeTrap) __anywarp::suld_2DLayered_trap(w, s, x, y, layer);
  else if (mode == cudaBoundaryModeClamp) __anywarp::suld_2DLayered_clamp(w, s, x, y, layer);
  else __anywarp::suld_2DLayered_zero(w, s, x, y, layer);
  __T v;
  __builtin_memcpy(&v, &w, sizeof(__T));
  return v;
}
template <class __T>
__ANYWARP_D void surf2DLayeredread(__T *p, cudaSurfaceObject_t s, int x, int y, int layer, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  *p = surf2DLayeredread<__T>(s, x, y, layer, mode);
}
template <class __T>
__ANYWARP_D void surf2DLayeredwrite(__T v, cudaSurfaceObject_t s, int x, int y, int layer, cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {
  __anywarp::SurfaceWords<sizeof(__T)> w = {};
  __builtin_memcpy(&w, &v, sizeof(__T));
  if (mode == cudaBoundaryModeTrap) __anywarp::sust_2DLayered_trap(w, s, x, y, layer);
  else if (mode == cudaBoundaryModeClamp) __anywarp::sust_2DLayered_clamp(w, s, x, y, layer);
  else __anywarp::sust_2DLayered_zero(w, s, x, y, layer);
}
#undef __ANYWARP_D
#endif
