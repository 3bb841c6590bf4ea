#include <stdint.h>
#define ROWS (1 << 20)
#define PER_ROW 16
#define NONZEROS (ROWS * PER_ROW)
static int *starts, *columns;
static float *values, *x, *y;
static void make_data(void) {
    uint32_t state = 1;
    starts = (int *)bench_alloc((ROWS + 1) * sizeof(int));
    columns = (int *)bench_alloc(NONZEROS * sizeof(int));
    values = (float *)bench_alloc(NONZEROS * sizeof(float));
    x = (float *)bench_alloc(ROWS * sizeof(float));
    y = (float *)bench_alloc(ROWS * sizeof(float));
    for (int r = 0; r <= ROWS; r++) starts[r] = r * PER_ROW;
    for (int i = 0; i < NONZEROS; i++) {
        /* A band of 4096 columns around the diagonal. */
        int column = i / PER_ROW - 2048 + (int)(bench_random(&state) * 4096.0f);
        columns[i] = column < 0 ? 0 : column >= ROWS ? ROWS - 1 : column;
        values[i] = bench_random(&state);
    }
    for (int r = 0; r < ROWS; r++) x[r] = bench_random(&state), y[r] = 0.0f;
}
static double sum_y(void) {
    double sum = 0.0;
    for (int r = 0; r < ROWS; r++) sum += y[r];
    return sum;
}
