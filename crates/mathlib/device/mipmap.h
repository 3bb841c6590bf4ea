//! Texture fetches at a level of detail, given or from gradients (CUDA C++ Programming Guide, "Texture Functions"; PTX ISA
//! 9.7.10.3). Invariant: a texture of one level is read at level 0, whatever the level of detail.
#pragma once
#include "texture.h"

namespace aw {

/// Behind the descriptors of a texture with several levels, which lie one after the other.
struct Levels { float bias, least, most; u32 linear; };

AW_IN u32 level_count(const Texture* t) { return t->levels > 1 ? t->levels : 1; }
AW_IN u32 clamp_level(const Texture* t, i32 level) {
  i32 last = (i32)level_count(t) - 1;
  return level < 0 ? 0 : level > last ? (u32)last : (u32)level;
}

/// `fetch(level's descriptor)` at a level of detail: of the nearest level, or of two, mixed.
template <class Fetch> AW_IN Texel at_level(const Texture* t, float lod, Fetch fetch) {
  if (t->levels < 2) return fetch(t);
  const Levels* levels = (const Levels*)(t + t->levels);
  lod += levels->bias;
  lod = lod < levels->most ? lod : levels->most;
  lod = lod > levels->least ? lod : levels->least;
  bool mixed = levels->linear && is_float(t);
  i32 first = whole(mixed ? lod : lod + 0.5f);
  Texel r = fetch(t + clamp_level(t, first));
  float w = weight(lod - __builtin_floorf(lod));
  if (mixed && w > 0.0f) {
    Texel next = fetch(t + clamp_level(t, first + 1));
    for (u32 i = 0; i < 4; i++)
      r.c[i] = ubits((1.0f - w) * __builtin_bit_cast(float, r.c[i]) + w * __builtin_bit_cast(float, next.c[i]));
  }
  return r;
}

AW_IN Texel sample_level(const Texture* t, float x, float y, float z, i32 layer, u32 dims, float lod) {
  return at_level(t, lod, [=](const Texture* level) { return sample(level, x, y, z, layer, dims); });
}

/// The level at which the longer of two steps is one texel.
AW_IN float level_of(const Texture* t, float ax, float ay, float az, float bx, float by, float bz, u32 dims) {
  if (t->levels < 2) return 0.0f;
  ax = scaled(t, ax, t->width); bx = scaled(t, bx, t->width);
  ay = dims > 1 ? scaled(t, ay, t->height) : 0.0f; by = dims > 1 ? scaled(t, by, t->height) : 0.0f;
  az = dims > 2 ? scaled(t, az, t->depth) : 0.0f; bz = dims > 2 ? scaled(t, bz, t->depth) : 0.0f;
  float a = ax * ax + ay * ay + az * az, b = bx * bx + by * by + bz * bz;
  return 0.5f * log2(a > b ? a : b);
}

}  // namespace aw

AW_API void __aw_tex_1d_level(u32* out, u64 t, float x, float lod) {
  aw::give(out, aw::sample_level(aw::texture(t), x, 0, 0, 0, 1, lod));
}
AW_API void __aw_tex_2d_level(u32* out, u64 t, float x, float y, float lod) {
  aw::give(out, aw::sample_level(aw::texture(t), x, y, 0, 0, 2, lod));
}
AW_API void __aw_tex_3d_level(u32* out, u64 t, float x, float y, float z, float lod) {
  aw::give(out, aw::sample_level(aw::texture(t), x, y, z, 0, 3, lod));
}
AW_API void __aw_tex_a1d_level(u32* out, u64 t, i32 layer, float x, float lod) {
  aw::give(out, aw::sample_level(aw::texture(t), x, 0, 0, aw::clamp_layer(aw::texture(t), layer), 1, lod));
}
AW_API void __aw_tex_a2d_level(u32* out, u64 t, i32 layer, float x, float y, float lod) {
  aw::give(out, aw::sample_level(aw::texture(t), x, y, 0, aw::clamp_layer(aw::texture(t), layer), 2, lod));
}
AW_API void __aw_tex_cube_level(u32* out, u64 t, float x, float y, float z, float lod) {
  aw::give(out, aw::at_level(aw::texture(t), lod, [=](const aw::Texture* level) { return aw::cube(level, x, y, z, 0); }));
}
AW_API void __aw_tex_acube_level(u32* out, u64 t, i32 layer, float x, float y, float z, float lod) {
  aw::give(out, aw::at_level(aw::texture(t), lod, [=](const aw::Texture* level) { return aw::cube(level, x, y, z, 6 * layer); }));
}
AW_API void __aw_tex_1d_grad(u32* out, u64 t, float x, float a, float b) {
  float lod = aw::level_of(aw::texture(t), a, 0, 0, b, 0, 0, 1);
  aw::give(out, aw::sample_level(aw::texture(t), x, 0, 0, 0, 1, lod));
}
AW_API void __aw_tex_2d_grad(u32* out, u64 t, float x, float y, float ax, float ay, float bx, float by) {
  float lod = aw::level_of(aw::texture(t), ax, ay, 0, bx, by, 0, 2);
  aw::give(out, aw::sample_level(aw::texture(t), x, y, 0, 0, 2, lod));
}
AW_API void __aw_tex_3d_grad(u32* out, u64 t, float x, float y, float z, float ax, float ay, float az, float bx, float by,
                             float bz) {
  float lod = aw::level_of(aw::texture(t), ax, ay, az, bx, by, bz, 3);
  aw::give(out, aw::sample_level(aw::texture(t), x, y, z, 0, 3, lod));
}
AW_API void __aw_tex_a1d_grad(u32* out, u64 t, i32 layer, float x, float a, float b) {
  float lod = aw::level_of(aw::texture(t), a, 0, 0, b, 0, 0, 1);
  aw::give(out, aw::sample_level(aw::texture(t), x, 0, 0, aw::clamp_layer(aw::texture(t), layer), 1, lod));
}
AW_API void __aw_tex_a2d_grad(u32* out, u64 t, i32 layer, float x, float y, float ax, float ay, float bx, float by) {
  float lod = aw::level_of(aw::texture(t), ax, ay, 0, bx, by, 0, 2);
  aw::give(out, aw::sample_level(aw::texture(t), x, y, 0, aw::clamp_layer(aw::texture(t), layer), 2, lod));
}

/// The handle of one level, for fetches by texel and for sizes.
AW_API void __aw_texel_level(u32* out, u64 t, i32 x, i32 y, i32 z, i32 lod) {
  __aw_texel(out, (u64)(aw::texture(t) + aw::clamp_level(aw::texture(t), lod)), x, y, z);
}
