#include <stdint.h>
#define N (4 << 20)
#define RATE 0.02f
#define VOLATILITY 0.30f
static float *price, *strike, *years, *call, *put;
static void make_data(void) {
    uint32_t state = 1;
    float **all[] = {&price, &strike, &years, &call, &put};
    for (int i = 0; i < 5; i++) *all[i] = (float *)bench_alloc(N * sizeof(float));
    for (int i = 0; i < N; i++) {
        price[i] = 5.0f + 25.0f * bench_random(&state);
        strike[i] = 1.0f + 99.0f * bench_random(&state);
        years[i] = 0.25f + 9.75f * bench_random(&state);
        call[i] = put[i] = 0.0f;
    }
}
static double sum_prices(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i++) sum += call[i] + 2.0 * put[i];
    return sum;
}
