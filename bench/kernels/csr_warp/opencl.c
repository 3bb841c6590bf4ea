#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_y;
static void run(void) {
    cl_launch1(kernel, ROWS, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(y, d_y, ROWS * sizeof(float));
    return sum_y();
}
int main(void) {
    int rows = ROWS;
    make_data();
    cl_open("");
    kernel = cl_get("spmv");
    cl_mem d_starts = cl_buffer(starts, (ROWS + 1) * sizeof(int));
    cl_mem d_columns = cl_buffer(columns, nonzeros * sizeof(int));
    cl_mem d_values = cl_buffer(values, nonzeros * sizeof(float));
    cl_mem d_x = cl_buffer(x, ROWS * sizeof(float));
    d_y = cl_buffer(NULL, ROWS * sizeof(float));
    cl_arg(kernel, 0, rows);
    cl_arg(kernel, 1, d_starts);
    cl_arg(kernel, 2, d_columns);
    cl_arg(kernel, 3, d_values);
    cl_arg(kernel, 4, d_x);
    cl_arg(kernel, 5, d_y);
    return bench_drive(run, checksum);
}
