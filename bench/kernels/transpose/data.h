#define N 4096
#define TILE 32
#define ROWS 8
static float *in, *out;
static void make_data(void) {
    in = (float *)bench_alloc((size_t)N * N * sizeof(float));
    out = (float *)bench_alloc((size_t)N * N * sizeof(float));
    for (int i = 0; i < N * N; i++) in[i] = (float)(i % 8388607), out[i] = 0.0f;
}
static double weigh(void) {
    double sum = 0.0;
    for (int i = 0; i < N * N; i++) sum += (double)out[i] * (i % 13);
    return sum;
}
