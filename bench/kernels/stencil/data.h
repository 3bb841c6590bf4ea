#define N 4096
#define STEPS 10
static float *grid_a, *grid_b;
static void make_data(void) {
    grid_a = (float *)bench_alloc((size_t)N * N * sizeof(float));
    grid_b = (float *)bench_alloc((size_t)N * N * sizeof(float));
    for (int y = 0; y < N; y++)
        for (int x = 0; x < N; x++) grid_a[y * N + x] = grid_b[y * N + x] = (float)((x * 7 + y * 13) % 256);
}
/* Every run goes on from the last one: after the same number of runs all agree. */
static double sum_grid(void) {
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)N * N; i += 997) sum += grid_a[i];
    return sum;
}
