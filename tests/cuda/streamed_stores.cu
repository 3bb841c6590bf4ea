// Large results are written past the caches: every alignment, type and shape of a block; in place; in loops; read by
// the next kernel, which writes its own.
#include "testing.h"

#include <utility>
#include <vector>

template <typename T> __global__ void square(const T *in, T *out, size_t n) {
    size_t i = blockIdx.x * size_t(blockDim.x) + threadIdx.x;
    if (i < n) out[i] = in[i] * in[i];
}

// Rows that begin anywhere; the frame stays as it is.
__global__ void blur(const int *in, int *out, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) return;
    int at = y * width + x;
    out[at] = in[at - 1] + 2 * in[at] + in[at + 1] + in[at - width] + in[at + width];
}

__global__ void planes(const float *in, float *out, int plane, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int z = 0; z < count; z++) out[z * plane + i] = in[i] + z;
}

__global__ void quads(float4 *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = make_float4(i, i + 0.25f, i + 0.5f, i + 0.75f);
}

// The second store is to the first one's place.
__global__ void twice(const int *in, int *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = in[i];
    if (in[i] % 3 == 0) out[i] = -in[i];
}

template <typename T> void squares(size_t n, size_t shift) {
    Managed<T> in(n + shift), out(n + 2 * shift + 1);
    for (size_t i = 0; i < n; i++) in[i] = T(i % 11);
    for (int round = 0; round < 2; round++) {
        out[shift + n] = T(7);
        square<T><<<(n + 255) / 256, 256>>>(in, out + shift, n);
        finish();
        for (size_t i = 0; i < n; i++) expect(out[shift + i], T(i % 11 * (i % 11)), "square", long(i));
        expect(out[shift + n], T(7), "behind");
    }
}

void blurs(int width, int height, dim3 block) {
    Managed<int> a(size_t(width) * height), b(size_t(width) * height);
    std::vector<int> wanted(size_t(width) * height), before(size_t(width) * height);
    for (size_t i = 0; i < wanted.size(); i++) wanted[i] = a[i] = b[i] = int(i % 1009);
    dim3 grid((width + block.x - 1) / block.x, (height + block.y - 1) / block.y);
    int *from = a, *to = b;
    for (int step = 0; step < 3; step++) {
        blur<<<grid, block>>>(from, to, width, height);
        std::swap(from, to);
        before = wanted;
        for (int y = 1; y < height - 1; y++)
            for (int x = 1; x < width - 1; x++) {
                size_t at = size_t(y) * width + x;
                wanted[at] = before[at - 1] + 2 * before[at] + before[at + 1] + before[at - width] + before[at + width];
            }
    }
    finish();
    for (size_t i = 0; i < wanted.size(); i++) expect(from[i], wanted[i], "blur", long(i));
}

int main() {
    squares<float>(9 << 20, 0);
    squares<float>((9 << 20) + 5, 3);
    squares<double>((4 << 20) + 77, 0);
    squares<unsigned char>(34 << 20, 0);
    squares<short>((17 << 20) + 1, 1);
    blurs(3072, 3100, dim3(32, 8));
    blurs(3001, 3000, dim3(16, 16));
    blurs(4096, 2200, dim3(8, 8));

    const int plane = 1 << 18, count = 40;
    Managed<float> base(plane), stack(size_t(plane) * count);
    for (size_t i = 0; i < plane; i++) base[i] = i;
    for (int round = 0; round < 2; round++) planes<<<plane / 128, 128>>>(base, stack, plane, count);
    finish();
    for (size_t i = 0; i < size_t(plane) * count; i++) expect(stack[i], float(i % plane + i / plane), "plane", long(i));

    const size_t many = 1 << 22;
    Managed<float4> four(many);
    for (int round = 0; round < 2; round++) quads<<<many / 64, 64>>>(four);
    finish();
    for (size_t i = 0; i < many; i++) expect(four[i].w, i + 0.75f, "quad", long(i));

    const size_t words = 9 << 20;
    Managed<int> in(words), out(words);
    for (size_t i = 0; i < words; i++) in[i] = int(i);
    for (int round = 0; round < 2; round++) twice<<<words / 256, 256>>>(in, out);
    finish();
    for (size_t i = 0; i < words; i++) expect(out[i], int(i) * (i % 3 == 0 ? -1 : 1), "twice", long(i));
    twice<<<words / 256, 256>>>(in, in);
    finish();
    for (size_t i = 0; i < words; i++) expect(in[i], int(i) * (i % 3 == 0 ? -1 : 1), "in place", long(i));
    return result();
}
