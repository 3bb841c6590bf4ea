// Prices of European options by the Black-Scholes formula, compared with double precision on the host.
// Usage: black_scholes [options]

#include <cmath>
#include <vector>

#include "common/check.h"

constexpr float RATE = 0.02f;
constexpr float VOLATILITY = 0.30f;

// The cumulative normal distribution, Abramowitz and Stegun 26.2.17.
__device__ inline float normal_cdf(float d) {
    const float a1 = 0.31938153f, a2 = -0.356563782f, a3 = 1.781477937f, a4 = -1.821255978f, a5 = 1.330274429f;
    float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
    float tail = 0.39894228f * expf(-0.5f * d * d) * (k * (a1 + k * (a2 + k * (a3 + k * (a4 + k * a5)))));
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

static double normal_cdf_host(double d) { return 0.5 * erfc(-d / sqrt(2.0)); }

int main(int argc, char **argv) {
    const int n = argc > 1 ? atoi(argv[1]) : 1000000;
    std::vector<float> price(n), strike(n), years(n), call(n), put(n);
    unsigned state = 7;
    auto uniform = [&](float low, float high) {
        state = state * 1664525u + 1013904223u;
        return low + (high - low) * ((state >> 8) * (1.0f / (1 << 24)));
    };
    for (int i = 0; i < n; i++) {
        price[i] = uniform(5, 30);
        strike[i] = uniform(1, 100);
        years[i] = uniform(0.25f, 10);
    }

    const size_t bytes = n * sizeof(float);
    float *d[5];
    for (float *&p : d) CUDA_CHECK(cudaMalloc(&p, bytes));
    CUDA_CHECK(cudaMemcpy(d[2], price.data(), bytes, cudaMemcpyHostToDevice));
    CUDA_CHECK(cudaMemcpy(d[3], strike.data(), bytes, cudaMemcpyHostToDevice));
    CUDA_CHECK(cudaMemcpy(d[4], years.data(), bytes, cudaMemcpyHostToDevice));

    black_scholes<<<(n + 127) / 128, 128>>>(d[0], d[1], d[2], d[3], d[4], n);
    CUDA_CHECK(cudaGetLastError());
    Timer timer;
    timer.start();
    black_scholes<<<(n + 127) / 128, 128>>>(d[0], d[1], d[2], d[3], d[4], n);
    float ms = timer.stop();
    CUDA_CHECK(cudaMemcpy(call.data(), d[0], bytes, cudaMemcpyDeviceToHost));
    CUDA_CHECK(cudaMemcpy(put.data(), d[1], bytes, cudaMemcpyDeviceToHost));

    double worst = 0.0;
    for (int i = 0; i < n; i += 3) {
        double s = price[i], x = strike[i], t = years[i];
        double d1 = (log(s / x) + (RATE + 0.5 * VOLATILITY * VOLATILITY) * t) / (VOLATILITY * sqrt(t));
        double d2 = d1 - VOLATILITY * sqrt(t);
        double discount = exp(-RATE * t);
        worst = fmax(worst, fabs(call[i] - (s * normal_cdf_host(d1) - x * discount * normal_cdf_host(d2))));
        worst = fmax(worst, fabs(put[i] - (x * discount * normal_cdf_host(-d2) - s * normal_cdf_host(-d1))));
    }
    printf("%d options in %.3f ms (%.0f million/s), largest error %.2e\n", n, ms, n / ms * 1e-3, worst);
    for (float *p : d) CUDA_CHECK(cudaFree(p));
    return verdict(worst < 1e-4);
}
