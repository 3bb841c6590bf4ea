/* OpenCL 1.2 has no shuffles: a work-item a row. */
kernel void spmv(int rows, global const int *starts, global const int *columns, global const float *values,
                 global const float *x, global float *y) {
    int r = get_global_id(0);
    if (r >= rows) return;
    float sum = 0.0f;
    for (int i = starts[r]; i < starts[r + 1]; i++) sum += values[i] * x[columns[i]];
    y[r] = sum;
}
