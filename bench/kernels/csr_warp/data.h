#include <stdint.h>
#define ROWS (1 << 17)
#define BLOCK 256
static int *starts, *columns;
static float *values, *x, *y;
static int nonzeros;
/* Rows of 16 to 111 entries in a band of 8192 columns around the diagonal. */
static void make_data(void) {
    uint32_t state = 1;
    starts = (int *)bench_alloc((ROWS + 1) * sizeof(int));
    x = (float *)bench_alloc(ROWS * sizeof(float));
    y = (float *)bench_alloc(ROWS * sizeof(float));
    starts[0] = 0;
    for (int r = 0; r < ROWS; r++) starts[r + 1] = starts[r] + 16 + (int)(bench_random(&state) * 96.0f);
    nonzeros = starts[ROWS];
    columns = (int *)bench_alloc(nonzeros * sizeof(int));
    values = (float *)bench_alloc(nonzeros * sizeof(float));
    for (int r = 0; r < ROWS; r++) {
        for (int i = starts[r]; i < starts[r + 1]; i++) {
            int column = r - 4096 + (int)(bench_random(&state) * 8192.0f);
            columns[i] = column < 0 ? 0 : column >= ROWS ? ROWS - 1 : column;
            values[i] = bench_random(&state);
        }
        x[r] = bench_random(&state), y[r] = 0.0f;
    }
}
static double sum_y(void) {
    double sum = 0.0;
    for (int r = 0; r < ROWS; r++) sum += y[r] * (double)(1 + r % 7);
    return sum;
}
