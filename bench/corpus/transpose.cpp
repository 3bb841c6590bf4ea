/* What the kernels of transpose.cu compute. */
#include <stddef.h>

typedef unsigned char byte;

namespace reference {

template <typename T> static void turn(const T *__restrict in, T *__restrict out, int w, int h) {
    const int TILE = 32;
#pragma omp parallel for collapse(2) schedule(static)
    for (int left = 0; left < w; left += TILE)
        for (int top = 0; top < h; top += TILE) {
            int right = left + TILE < w ? left + TILE : w, bottom = top + TILE < h ? top + TILE : h;
            for (int x = left; x < right; x++)
                for (int y = top; y < bottom; y++) out[(size_t)x * h + y] = in[(size_t)y * w + x];
        }
}
void transpose(const float *in, float *out, int w, int h) { turn(in, out, w, h); }
void transpose(const double *in, double *out, int w, int h) { turn(in, out, w, h); }
void transpose(const byte *in, byte *out, int w, int h) { turn(in, out, w, h); }

void channels_last(const float *__restrict in, float *__restrict out, int batch, int channels, int pixels) {
    for (int image = 0; image < batch; image++)
        turn(in + (size_t)image * channels * pixels, out + (size_t)image * channels * pixels, pixels, channels);
}

void reverse(const float *__restrict in, float *__restrict out, int n) {
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++) out[i] = in[n - 1 - i];
}

} // namespace reference
