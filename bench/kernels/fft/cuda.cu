#include "cuda.h"
#include "data.h"

/* A block transforms N points in shared memory, a butterfly a thread and stage. */
__global__ void fft(const float2 *in, float2 *out, const float2 *twiddles) {
    __shared__ float2 x[N];
    const float2 *from = in + (size_t)blockIdx.x * N;
    float2 *to = out + (size_t)blockIdx.x * N;
    unsigned t = threadIdx.x;
    x[__brev(t) >> (32 - LOG_N)] = from[t];
    x[__brev(t + N / 2) >> (32 - LOG_N)] = from[t + N / 2];
    __syncthreads();
    for (int stage = 0; stage < LOG_N; stage++) {
        int half = 1 << stage;
        int k = t & (half - 1);
        int i = ((t >> stage) << (stage + 1)) + k;
        float2 w = twiddles[k << (LOG_N - 1 - stage)];
        float2 a = x[i], b = x[i + half];
        float2 r = make_float2(b.x * w.x - b.y * w.y, b.x * w.y + b.y * w.x);
        x[i] = make_float2(a.x + r.x, a.y + r.y);
        x[i + half] = make_float2(a.x - r.x, a.y - r.y);
        __syncthreads();
    }
    to[t] = x[t];
    to[t + N / 2] = x[t + N / 2];
}

static float2 *d_in, *d_out, *d_twiddles;
static void run() {
    fft<<<BATCH, N / 2>>>(d_in, d_out, d_twiddles);
    finish();
}
static double checksum() {
    to_host((float2 *)out, d_out, (size_t)BATCH * N);
    return weigh();
}
int main() {
    make_data();
    d_in = device_copy((float2 *)in, (size_t)BATCH * N);
    d_out = device_array<float2>((size_t)BATCH * N);
    d_twiddles = device_copy((float2 *)twiddles, N / 2);
    return bench_drive(run, checksum);
}
