#define ROWS 256
#define COLS 32
#define ENTRIES (ROWS * COLS)
kernel void factor(global const float *panels, global float *factors, global int *pivots) {
    local float a[COLS][ROWS];
    local float sizes[ROWS];
    local int rows[ROWS];
    int row = get_local_id(0);
    global const float *from = panels + (size_t)get_group_id(0) * ENTRIES;
    for (int c = 0; c < COLS; c++) a[c][row] = from[c * ROWS + row];
    for (int c = 0; c < COLS; c++) {
        sizes[row] = row >= c ? fabs(a[c][row]) : -1.0f;
        rows[row] = row;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int s = ROWS / 2; s > 0; s >>= 1) {
            if (row < s) {
                float other = sizes[row + s];
                if (other > sizes[row] || (other == sizes[row] && rows[row + s] < rows[row])) {
                    sizes[row] = other;
                    rows[row] = rows[row + s];
                }
            }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        int pivot = rows[0];
        if (row == 0) pivots[get_group_id(0) * COLS + c] = pivot;
        if (row < COLS) {
            float swapped = a[row][pivot];
            a[row][pivot] = a[row][c];
            a[row][c] = swapped;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        if (row > c) {
            float factor = a[c][row] / a[c][c];
            a[c][row] = factor;
            for (int k = c + 1; k < COLS; k++) a[k][row] -= factor * a[k][c];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    global float *to = factors + (size_t)get_group_id(0) * ENTRIES;
    for (int c = 0; c < COLS; c++) to[c * ROWS + row] = a[c][row];
}
