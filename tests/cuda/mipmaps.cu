// Mipmapped arrays: levels by level of detail and by gradients, nearest and mixed, and clamped by the texture's limits.
#include "testing.h"

constexpr int Size = 16, Levels = 5;

__global__ void levels(cudaTextureObject_t texture, float *out, const float *lods, int n) {
    int i = threadIdx.x;
    if (i >= n) return;
    out[i] = tex2DLod<float>(texture, 0.5f, 0.5f, lods[i]);
    // A step of 2^lod texels.
    float step = exp2f(lods[i]) / Size;
    out[n + i] = tex2DGrad<float>(texture, 0.5f, 0.5f, make_float2(step, 0.0f), make_float2(0.0f, step / 2));
    out[2 * n + i] = tex2D<float>(texture, 0.5f, 0.5f);
}

int main() {
    cudaMipmappedArray_t mipmap;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocMipmappedArray(&mipmap, &format, make_cudaExtent(Size, Size, 0), Levels));
    for (int level = 0; level < Levels; ++level) {
        cudaArray_t array;
        CHECK(cudaGetMipmappedArrayLevel(&array, mipmap, level));
        float host[Size * Size];
        for (float &v : host) v = 10.0f * float(level);
        int size = Size >> level;
        CHECK(cudaMemcpy2DToArray(array, 0, 0, host, size * 4, size * 4, size, cudaMemcpyHostToDevice));
    }
    const int n = 8;
    Managed<float> lods(n), out(3 * n);
    const float wanted[n] = {0.0f, 0.25f, 0.75f, 1.0f, 2.5f, 4.0f, 6.0f, -1.0f};
    for (int i = 0; i < n; ++i) lods[i] = wanted[i];
    for (int linear = 0; linear < 2; ++linear)
        for (float most : {4.0f, 1.5f}) {
            cudaResourceDesc resource = {};
            resource.resType = cudaResourceTypeMipmappedArray;
            resource.res.mipmap.mipmap = mipmap;
            cudaTextureDesc desc = {};
            desc.normalizedCoords = 1;
            desc.filterMode = cudaFilterModeLinear;
            desc.mipmapFilterMode = linear ? cudaFilterModeLinear : cudaFilterModePoint;
            desc.maxMipmapLevelClamp = most;
            cudaTextureObject_t texture;
            CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));
            levels<<<1, 32>>>(texture, out, lods, n);
            finish();
            for (int i = 0; i < n; ++i) {
                float lod = fminf(fmaxf(wanted[i], 0.0f), most);
                float value = 10.0f * (linear ? lod : floorf(lod + 0.5f));
                expect(out[i], value, "level", i);
                if (fabsf(out[n + i] - value) > 0.05f) expect(out[n + i], value, "gradient", i);
                expect(out[2 * n + i], 0.0f, "plain", i);
            }
            CHECK(cudaDestroyTextureObject(texture));
        }
    // Two levels from the second on, by a view.
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeMipmappedArray;
    resource.res.mipmap.mipmap = mipmap;
    cudaTextureDesc desc = {};
    desc.normalizedCoords = 1;
    desc.maxMipmapLevelClamp = 9.0f;
    cudaResourceViewDesc view = {};
    view.format = cudaResViewFormatFloat1;
    view.width = view.height = Size;
    view.firstMipmapLevel = 1;
    view.lastMipmapLevel = 2;
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, &view));
    levels<<<1, 32>>>(texture, out, lods, n);
    finish();
    expect(out[0], 10.0f, "view's first level");
    expect(out[6], 20.0f, "view's last level");
    cudaGetLastError();
    CHECK(cudaFreeMipmappedArray(mipmap));
    return result();
}
