#define RATE 0.02f
#define VOLATILITY 0.30f

inline float normal_cdf(float d) {
    const float a1 = 0.31938153f, a2 = -0.356563782f, a3 = 1.781477937f, a4 = -1.821255978f, a5 = 1.330274429f;
    float k = 1.0f / (1.0f + 0.2316419f * fabs(d));
    float tail = 0.39894228040f * exp(-0.5f * d * d) * (k * (a1 + k * (a2 + k * (a3 + k * (a4 + k * a5)))));
    return d > 0 ? 1.0f - tail : tail;
}

kernel void black_scholes(global float *call, global float *put, global const float *price, global const float *strike,
                          global const float *years, int n) {
    int i = get_global_id(0);
    if (i >= n) return;
    float s = price[i], x = strike[i], t = years[i];
    float root_t = sqrt(t);
    float d1 = (log(s / x) + (RATE + 0.5f * VOLATILITY * VOLATILITY) * t) / (VOLATILITY * root_t);
    float d2 = d1 - VOLATILITY * root_t;
    float n1 = normal_cdf(d1), n2 = normal_cdf(d2);
    float discount = exp(-RATE * t);
    call[i] = s * n1 - x * discount * n2;
    put[i] = x * discount * (1.0f - n2) - s * (1.0f - n1);
}
