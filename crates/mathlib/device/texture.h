//! Texture fetches and surface addresses (CUDA C++ Programming Guide, "Texture Fetching"; PTX ISA 9.7.10, 9.7.11), behind
//! the `tex`, `tld4`, `suld` and `sust` instructions. Invariant: only texels inside the image are read.
#pragma once

namespace aw {

/// What a texture or surface object points to. The driver writes it; the layout is fixed.
struct Texture {
  u64 data;
  /// Bytes from line to line, and from slice (or layer) to slice.
  u64 pitch, slice;
  u32 width, height, depth;
  /// 0 u8, 1 u16, 2 u32, 3 s8, 4 s16, 5 s32, 6 f16, 7 f32.
  u32 format;
  u32 channels;
  /// 1: integers are read as fractions of their range; 2: coordinates are fractions of the size; 4: linear filter.
  u32 flags;
  /// By dimension: 0 wrap, 1 clamp, 2 mirror, 3 border.
  u32 address[3];
  /// Of a mipmapped image, the number of levels: see mipmap.h. Else 0.
  u32 levels;
  float border[4];
};

struct Texel { u32 c[4]; };

AW_IN float half_to_float(u32 h) {
  u32 sign = (h & 0x8000u) << 16, e = h >> 10 & 31, m = h & 1023;
  if (e == 31) return __builtin_bit_cast(float, sign | 0x7f800000u | m << 13);
  float magnitude = e ? __builtin_bit_cast(float, (e + 112) << 23 | m << 13) : (float)m * 0x1p-24f;
  return __builtin_bit_cast(float, sign | ubits(magnitude));
}

AW_IN u32 channel_bytes(const Texture* t) {
  u32 f = t->format;
  return f == 0 || f == 3 ? 1 : f == 1 || f == 4 || f == 6 ? 2 : 4;
}

/// One channel as the bits of what the fetch returns: a float, or an integer extended to 32 bits.
AW_IN u32 channel(const Texture* t, u64 at, u32 i) {
  u32 size = channel_bytes(t), raw;
  if (size == 1) raw = ((const unsigned char*)at)[i];
  else if (size == 2) raw = ((const unsigned short*)at)[i];
  else raw = ((const u32*)at)[i];
  bool has_sign = t->format == 3 || t->format == 4;
  u32 unused = 32 - 8 * size;
  u32 value = has_sign ? (u32)((i32)(raw << unused) >> unused) : raw;
  float most = size == 1 ? (has_sign ? 127.0f : 255.0f) : (has_sign ? 32767.0f : 65535.0f);
  float fraction = (has_sign ? (float)(i32)value : (float)value) / most;
  fraction = fraction < -1.0f ? -1.0f : fraction;
  if (t->format == 6) return ubits(half_to_float(raw));
  return (t->flags & 1) && t->format < 6 ? ubits(fraction) : value;
}

AW_IN bool is_float(const Texture* t) { return t->format >= 6 || (t->flags & 1); }

/// Missing channels read as zero, and the last as one.
AW_IN Texel texel(const Texture* t, i32 x, i32 y, i32 z, bool inside) {
  Texel r;
  u64 at = t->data + (u64)z * t->slice + (u64)y * t->pitch + (u64)x * (t->channels * channel_bytes(t));
  u32 one = is_float(t) ? 0x3f800000u : 1u;
  for (u32 i = 0; i < 4; i++) {
    if (!inside) r.c[i] = is_float(t) ? ubits(t->border[i]) : (u32)(i32)t->border[i];
    else r.c[i] = i < t->channels ? channel(t, at, i) : i == 3 ? one : 0;
  }
  return r;
}

/// An integral coordinate brought into the image by the address mode; -1 reads the border.
AW_IN i32 place(i32 i, u32 size, u32 mode) {
  i32 n = (i32)size;
  if (mode == 0) { i32 r = i % n; return r < 0 ? r + n : r; }
  if (mode == 2) { i32 r = i % (2 * n); r = r < 0 ? r + 2 * n : r; return r < n ? r : 2 * n - 1 - r; }
  if (mode == 3) return i < 0 || i >= n ? -1 : i;
  return i < 0 ? 0 : i >= n ? n - 1 : i;
}

/// Coordinate in texels. Wrap and mirror need fractions; other coordinates clamp instead (Programming Guide, table of
/// address modes).
AW_IN float scaled(const Texture* t, float x, u32 size) { return t->flags & 2 ? x * (float)size : x; }
AW_IN u32 mode(const Texture* t, u32 d) { u32 m = t->address[d]; return t->flags & 2 || m == 3 ? m : 1; }

/// A large or unordered coordinate as an integer that still is outside.
AW_IN i32 whole(float x) {
  x = __builtin_floorf(x);
  return x >= 1073741824.0f ? 1073741823 : x >= -1073741824.0f ? (i32)x : -1073741824;
}

AW_IN Texel at(const Texture* t, i32 x, i32 y, i32 z, i32 layer, u32 dims) {
  i32 px = place(x, t->width, mode(t, 0)), py = 0, pz = layer;
  if (dims > 1) py = place(y, t->height, mode(t, 1));
  if (dims > 2) pz = place(z, t->depth, mode(t, 2));
  bool inside = px >= 0 && py >= 0 && pz >= 0;
  return texel(t, inside ? px : 0, inside ? py : 0, inside ? pz : 0, inside);
}

/// Weights have 8 fractional bits (Programming Guide, "Linear Filtering").
AW_IN float weight(float fraction) { return __builtin_floorf(fraction * 256.0f + 0.5f) / 256.0f; }

AW_IN Texel sample(const Texture* t, float x, float y, float z, i32 layer, u32 dims) {
  x = scaled(t, x, t->width);
  y = dims > 1 ? scaled(t, y, t->height) : 0.0f;
  z = dims > 2 ? scaled(t, z, t->depth) : 0.0f;
  bool linear = (t->flags & 4) && is_float(t);
  float shift = linear ? 0.5f : 0.0f;
  x -= shift; y -= shift; z -= shift;
  i32 i = whole(x), j = whole(y), k = whole(z);
  float a = weight(x - __builtin_floorf(x)), b = weight(y - __builtin_floorf(y)), c = weight(z - __builtin_floorf(z));
  float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  Texel r;
  u32 corners = linear ? 1u << dims : 1;
#pragma clang loop unroll(disable)
  for (u32 corner = 0; corner < corners; corner++) {
    i32 dx = corner & 1, dy = corner >> 1 & 1, dz = corner >> 2;
    float w = (dx ? a : 1.0f - a) * (dims > 1 ? (dy ? b : 1.0f - b) : 1.0f) * (dims > 2 ? (dz ? c : 1.0f - c) : 1.0f);
    r = at(t, i + dx, j + dy, k + dz, layer, dims);
    for (u32 n = 0; n < 4; n++) sum[n] += w == 0.0f ? 0.0f : w * __builtin_bit_cast(float, r.c[n]);
  }
  for (u32 n = 0; n < 4; n++) r.c[n] = linear ? ubits(sum[n]) : r.c[n];
  return r;
}

AW_IN i32 clamp_layer(const Texture* t, i32 layer) {
  i32 last = t->depth ? (i32)t->depth - 1 : 0;
  return layer < 0 ? 0 : layer > last ? last : layer;
}

/// The face of a cube that a direction points to, and where on it (PTX ISA 5.3: faces +x -x +y -y +z -z).
AW_IN Texel cube(const Texture* t, float x, float y, float z, i32 first) {
  float ax = __builtin_fabsf(x), ay = __builtin_fabsf(y), az = __builtin_fabsf(z), s, v, m;
  i32 face;
  if (ax >= ay && ax >= az) { face = x < 0.0f; m = ax; s = x < 0.0f ? z : -z; v = -y; }
  else if (ay >= az) { face = 2 + (y < 0.0f); m = ay; s = x; v = y < 0.0f ? -z : z; }
  else { face = 4 + (z < 0.0f); m = az; s = z < 0.0f ? -x : x; v = -y; }
  s = (s / m + 1.0f) * 0.5f;
  v = (v / m + 1.0f) * 0.5f;
  // A direction has no unit: coordinates on the face are always fractions, and stay on it.
  Texture face_view = *t;
  face_view.flags |= 2;
  face_view.address[0] = face_view.address[1] = 1;
  return sample(&face_view, s, v, 0.0f, clamp_layer(t, first + face), 2);
}

AW_IN void give(u32* out, Texel r) { for (u32 i = 0; i < 4; i++) out[i] = r.c[i]; }
AW_IN const Texture* texture(u64 handle) { return (const Texture*)handle; }

}  // namespace aw

AW_API void __aw_tex_1d(u32* out, u64 t, float x) { aw::give(out, aw::sample(aw::texture(t), x, 0, 0, 0, 1)); }
AW_API void __aw_tex_2d(u32* out, u64 t, float x, float y) { aw::give(out, aw::sample(aw::texture(t), x, y, 0, 0, 2)); }
AW_API void __aw_tex_3d(u32* out, u64 t, float x, float y, float z) {
  aw::give(out, aw::sample(aw::texture(t), x, y, z, 0, 3));
}
AW_API void __aw_tex_a1d(u32* out, u64 t, i32 layer, float x) {
  aw::give(out, aw::sample(aw::texture(t), x, 0, 0, aw::clamp_layer(aw::texture(t), layer), 1));
}
AW_API void __aw_tex_a2d(u32* out, u64 t, i32 layer, float x, float y) {
  aw::give(out, aw::sample(aw::texture(t), x, y, 0, aw::clamp_layer(aw::texture(t), layer), 2));
}
AW_API void __aw_tex_cube(u32* out, u64 t, float x, float y, float z) {
  aw::give(out, aw::cube(aw::texture(t), x, y, z, 0));
}
AW_API void __aw_tex_acube(u32* out, u64 t, i32 layer, float x, float y, float z) {
  aw::give(out, aw::cube(aw::texture(t), x, y, z, 6 * layer));
}

/// Integral coordinates are texels: neither filtered nor scaled, and zero outside of linear memory.
AW_API void __aw_texel(u32* out, u64 t, i32 x, i32 y, i32 z) {
  const aw::Texture* image = aw::texture(t);
  bool inside = (u32)x < image->width && (u32)y < (image->height ? image->height : 1) && (u32)z < (image->depth ? image->depth : 1);
  aw::Texel r = aw::texel(image, inside ? x : 0, inside ? y : 0, inside ? z : 0, true);
  for (u32 i = 0; i < 4; i++) out[i] = inside ? r.c[i] : 0;
}

/// The four texels that a linear filter would mix, one channel of each, in the order of tld4: (0,1) (1,1) (1,0) (0,0).
AW_API void __aw_tld4(u32* out, u64 t, i32 layer, float x, float y, u32 channel) {
  const aw::Texture* image = aw::texture(t);
  layer = aw::clamp_layer(image, layer);
  i32 i = aw::whole(aw::scaled(image, x, image->width) - 0.5f), j = aw::whole(aw::scaled(image, y, image->height) - 0.5f);
#pragma clang loop unroll(disable)
  for (u32 n = 0; n < 4; n++) {
    aw::Texel v = aw::at(image, i + (n == 1 || n == 2), j + (n < 2), 0, layer, 2);
    out[n] = channel == 0 ? v.c[0] : channel == 1 ? v.c[1] : channel == 2 ? v.c[2] : v.c[3];
  }
}

/// Address of `size` bytes at byte `x` of line `y` of slice `z` of a surface; 16, where nothing ever
/// is, when they lie outside. Mode 1 clamps.
AW_API u64 __aw_surface(u64 t, i32 x, i32 y, i32 z, u32 size, u32 mode) {
  const aw::Texture* image = aw::texture(t);
  i32 bytes = (i32)(image->width * image->channels * aw::channel_bytes(image));
  i32 lines = image->height ? (i32)image->height : 1, slices = image->depth ? (i32)image->depth : 1;
  if (mode == 1) {
    i32 last = bytes - (i32)size;
    x = x < 0 ? 0 : x > last ? last : x;
    y = y < 0 ? 0 : y >= lines ? lines - 1 : y;
    z = z < 0 ? 0 : z >= slices ? slices - 1 : z;
  }
  bool inside = x >= 0 && x + (i32)size <= bytes && (u32)y < (u32)lines && (u32)z < (u32)slices;
  return inside ? image->data + (u64)z * image->slice + (u64)y * image->pitch + (u64)x : 16;
}
