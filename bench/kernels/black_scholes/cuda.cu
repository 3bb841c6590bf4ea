#include "cuda.h"
#include "data.h"

__device__ inline float normal_cdf(float d) {
    const float a1 = 0.31938153f, a2 = -0.356563782f, a3 = 1.781477937f, a4 = -1.821255978f, a5 = 1.330274429f;
    float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
    float tail = 0.39894228040f * expf(-0.5f * d * d) * (k * (a1 + k * (a2 + k * (a3 + k * (a4 + k * a5)))));
    return d > 0 ? 1.0f - tail : tail;
}

__global__ void black_scholes(float *call, float *put, const float *price, const float *strike, const float *years, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float s = price[i], x = strike[i], t = years[i];
    float root_t = sqrtf(t);
    float d1 = (logf(s / x) + (RATE + 0.5f * VOLATILITY * VOLATILITY) * t) / (VOLATILITY * root_t);
    float d2 = d1 - VOLATILITY * root_t;
    float n1 = normal_cdf(d1), n2 = normal_cdf(d2);
    float discount = expf(-RATE * t);
    call[i] = s * n1 - x * discount * n2;
    put[i] = x * discount * (1.0f - n2) - s * (1.0f - n1);
}

static float *d_price, *d_strike, *d_years, *d_call, *d_put;
static void run() {
    black_scholes<<<(N + 127) / 128, 128>>>(d_call, d_put, d_price, d_strike, d_years, N);
    finish();
}
static double checksum() {
    to_host(call, d_call, N);
    to_host(put, d_put, N);
    return sum_prices();
}
int main() {
    make_data();
    d_price = device_copy(price, N);
    d_strike = device_copy(strike, N);
    d_years = device_copy(years, N);
    d_call = device_array<float>(N);
    d_put = device_array<float>(N);
    return bench_drive(run, checksum);
}
