//! SIMD within a word: `__nv_v<op><lanes>`, two 16-bit or four 8-bit lanes (CUDA Math API, "SIMD Intrinsics").
//! Invariant: a lane never carries into its neighbour; the lane loops are unrolled.
#pragma once
#include "core.h"

namespace aw {

/// One lane, sign- or zero-extended.
template <i32 W> AW_IN i32 lane_s(i32 a, i32 i) { return (i32)((u32)a << (32 - W * (i + 1))) >> (32 - W); }
template <i32 W> AW_IN i32 lane_u(i32 a, i32 i) { return (i32)((u32)a >> (W * i) & ((1u << W) - 1)); }
/// Puts the low bits of f(lane of a, lane of b) together.
template <i32 W, class F> AW_IN i32 each_s(i32 a, i32 b, F f) {
  u32 r = 0;
#pragma unroll
  for (i32 i = 0; i < 32 / W; i++) r |= ((u32)f(lane_s<W>(a, i), lane_s<W>(b, i)) & ((1u << W) - 1)) << (W * i);
  return (i32)r;
}
template <i32 W, class F> AW_IN i32 each_u(i32 a, i32 b, F f) {
  u32 r = 0;
#pragma unroll
  for (i32 i = 0; i < 32 / W; i++) r |= ((u32)f(lane_u<W>(a, i), lane_u<W>(b, i)) & ((1u << W) - 1)) << (W * i);
  return (i32)r;
}
template <i32 W> AW_IN i32 sat_s(i32 x) {
  i32 hi = (1 << (W - 1)) - 1;
  return x > hi ? hi : x < -hi - 1 ? -hi - 1 : x;
}
template <i32 W> AW_IN i32 sat_u(i32 x) {
  i32 hi = (1 << W) - 1;
  return x > hi ? hi : x < 0 ? 0 : x;
}
AW_IN i32 abs32(i32 x) { return x < 0 ? -x : x; }
/// Rounds half up in magnitude, as the PTX `vavrg` does for signed lanes.
AW_IN i32 average_s(i32 a, i32 b) {
  i32 s = a + b;
  return (s + (s >= 0 ? 1 : 0)) >> 1;
}
template <i32 W, bool SIGNED> AW_IN i32 sum_abs_diff(i32 a, i32 b) {
  i32 sum = 0;
#pragma unroll
  for (i32 i = 0; i < 32 / W; i++)
    sum += SIGNED ? abs32(lane_s<W>(a, i) - lane_s<W>(b, i)) : abs32(lane_u<W>(a, i) - lane_u<W>(b, i));
  return sum;
}

}  // namespace aw

#define AW_V2(name, each, expr)                                                                                    \
  AW_API i32 __nv_##name##2(i32 a, i32 b) { return aw::each<16>(a, b, [](i32 x, i32 y) { constexpr i32 W = 16; (void)W; return expr; }); } \
  AW_API i32 __nv_##name##4(i32 a, i32 b) { return aw::each<8>(a, b, [](i32 x, i32 y) { constexpr i32 W = 8; (void)W; return expr; }); }
#define AW_V1(name, expr)                                                                                          \
  AW_API i32 __nv_##name##2(i32 a) { return aw::each_s<16>(a, a, [](i32 x, i32) { constexpr i32 W = 16; (void)W; return expr; }); } \
  AW_API i32 __nv_##name##4(i32 a) { return aw::each_s<8>(a, a, [](i32 x, i32) { constexpr i32 W = 8; (void)W; return expr; }); }

AW_V1(vabs, aw::abs32(x))
AW_V1(vabsss, aw::sat_s<W>(aw::abs32(x)))
AW_V1(vneg, -x)
AW_V1(vnegss, aw::sat_s<W>(-x))
AW_V2(vabsdiffs, each_s, aw::abs32(x - y))
AW_V2(vabsdiffu, each_u, aw::abs32(x - y))
AW_V2(vadd, each_u, x + y)
AW_V2(vaddss, each_s, aw::sat_s<W>(x + y))
AW_V2(vaddus, each_u, aw::sat_u<W>(x + y))
AW_V2(vsub, each_u, x - y)
AW_V2(vsubss, each_s, aw::sat_s<W>(x - y))
AW_V2(vsubus, each_u, aw::sat_u<W>(x - y))
AW_V2(vavgs, each_s, aw::average_s(x, y))
AW_V2(vavgu, each_u, (x + y + 1) >> 1)
AW_V2(vhaddu, each_u, (x + y) >> 1)
AW_V2(vmaxs, each_s, x > y ? x : y)
AW_V2(vmaxu, each_u, x > y ? x : y)
AW_V2(vmins, each_s, x < y ? x : y)
AW_V2(vminu, each_u, x < y ? x : y)
AW_V2(vcmpeq, each_u, x == y ? -1 : 0)
AW_V2(vcmpne, each_u, x != y ? -1 : 0)
AW_V2(vcmpges, each_s, x >= y ? -1 : 0)
AW_V2(vcmpgeu, each_u, x >= y ? -1 : 0)
AW_V2(vcmpgts, each_s, x > y ? -1 : 0)
AW_V2(vcmpgtu, each_u, x > y ? -1 : 0)
AW_V2(vcmples, each_s, x <= y ? -1 : 0)
AW_V2(vcmpleu, each_u, x <= y ? -1 : 0)
AW_V2(vcmplts, each_s, x < y ? -1 : 0)
AW_V2(vcmpltu, each_u, x < y ? -1 : 0)
AW_V2(vseteq, each_u, x == y)
AW_V2(vsetne, each_u, x != y)
AW_V2(vsetges, each_s, x >= y)
AW_V2(vsetgeu, each_u, x >= y)
AW_V2(vsetgts, each_s, x > y)
AW_V2(vsetgtu, each_u, x > y)
AW_V2(vsetles, each_s, x <= y)
AW_V2(vsetleu, each_u, x <= y)
AW_V2(vsetlts, each_s, x < y)
AW_V2(vsetltu, each_u, x < y)

AW_API i32 __nv_vsads2(i32 a, i32 b) { return aw::sum_abs_diff<16, true>(a, b); }
AW_API i32 __nv_vsads4(i32 a, i32 b) { return aw::sum_abs_diff<8, true>(a, b); }
AW_API i32 __nv_vsadu2(i32 a, i32 b) { return aw::sum_abs_diff<16, false>(a, b); }
AW_API i32 __nv_vsadu4(i32 a, i32 b) { return aw::sum_abs_diff<8, false>(a, b); }
