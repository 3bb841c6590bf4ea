#define N (16 << 20)
#define BLOCK 256
#define PER_BLOCK 512
#define BLOCKS (N / PER_BLOCK)       /* 32768 */
#define BLOCKS2 (BLOCKS / PER_BLOCK) /* 64: fits one block */
static int *in, *out;
static void make_data(void) {
    in = (int *)bench_alloc(N * sizeof(int));
    out = (int *)bench_alloc(N * sizeof(int));
    for (int i = 0; i < N; i++) in[i] = (int)((unsigned)i * 2654435761u >> 27);
}
static double sum_out(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i += 31) sum += out[i];
    return sum;
}
