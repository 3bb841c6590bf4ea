#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_out;
static void run(void) {
    cl_launch1(kernel, (size_t)ROWS * BLOCK, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(out, d_out, (size_t)ROWS * COLS * sizeof(float));
    return weigh();
}
int main(void) {
    int cols = COLS;
    make_data();
    cl_open("");
    kernel = cl_get("layer_norm");
    cl_mem d_in = cl_buffer(in, (size_t)ROWS * COLS * sizeof(float));
    d_out = cl_buffer(NULL, (size_t)ROWS * COLS * sizeof(float));
    cl_mem d_scales = cl_buffer(scales, COLS * sizeof(float));
    cl_mem d_shifts = cl_buffer(shifts, COLS * sizeof(float));
    cl_arg(kernel, 0, d_in);
    cl_arg(kernel, 1, d_out);
    cl_arg(kernel, 2, d_scales);
    cl_arg(kernel, 3, d_shifts);
    cl_arg(kernel, 4, cols);
    return bench_drive(run, checksum);
}
