// Texture and surface functions, once each and only compiled: the kernel is never launched.
#include <cstdio>

__global__ void images(float *f, float4 *f4, cudaTextureObject_t tex, cudaSurfaceObject_t surf) {
  f[0] += tex2D<float>(tex, 1.0f, 2.0f) + tex2D<float4>(tex, 1.0f, 2.0f).w + tex2D<uchar4>(tex, 1.0f, 2.0f).x;  // tex2D
  f[0] += tex1Dfetch<float>(tex, 3) + tex1Dfetch<float4>(tex, 3).w + tex1Dfetch<uchar4>(tex, 3).x;  // tex1Dfetch
  surf2Dwrite(f[1], surf, 0, 1); surf2Dwrite(f4[1], surf, 0, 1);  // surf2Dwrite
  f[0] += surf2Dread<float>(surf, 0, 1); surf2Dread(f, surf, 0, 1);  // surf2Dread
  f[0] += tex3D<float>(tex, 1.0f, 2.0f, 3.0f) + tex3D<float4>(tex, 1.0f, 2.0f, 3.0f).w + tex3D<uchar4>(tex, 1.0f, 2.0f, 3.0f).x;  // tex3D
  f[0] += tex1D<float>(tex, 1.0f) + tex1D<float4>(tex, 1.0f).w + tex1D<uchar4>(tex, 1.0f).x;  // tex1D
  f[0] += tex2DLayered<float>(tex, 1.0f, 2.0f, 3) + tex2DLayered<float4>(tex, 1.0f, 2.0f, 3).w + tex2DLayered<uchar4>(tex, 1.0f, 2.0f, 3).x;  // tex2DLayered
  f[0] += tex2DLod<float>(tex, 1.0f, 2.0f, 0.0f) + tex2DLod<float4>(tex, 1.0f, 2.0f, 0.0f).w + tex2DLod<uchar4>(tex, 1.0f, 2.0f, 0.0f).x;  // tex2DLod
  surf1Dwrite(f[1], surf, 0); surf1Dwrite(f4[1], surf, 0);  // surf1Dwrite
  surf2DLayeredwrite(f[1], surf, 0, 1, 2); surf2DLayeredwrite(f4[1], surf, 0, 1, 2);  // surf2DLayeredwrite
  surf3Dwrite(f[1], surf, 0, 1, 2); surf3Dwrite(f4[1], surf, 0, 1, 2);  // surf3Dwrite
  f[0] += tex2Dgather<float4>(tex, 1.0f, 2.0f, 1).y;  // tex2Dgather
  f[0] += texCubemap<float>(tex, 1.0f, 2.0f, 3.0f) + texCubemap<float4>(tex, 1.0f, 2.0f, 3.0f).w + texCubemap<uchar4>(tex, 1.0f, 2.0f, 3.0f).x;  // texCubemap
}

int main() { puts("PASS"); }
