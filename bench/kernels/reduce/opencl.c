#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_x, d_partial;
static void run(void) {
    cl_launch1(kernel, (size_t)GRID * BLOCK, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(partial, d_partial, GRID * sizeof(float));
    return sum_partial();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("reduce");
    d_x = cl_buffer(x, N * sizeof(float));
    d_partial = cl_buffer(NULL, GRID * sizeof(float));
    cl_arg(kernel, 0, d_x);
    cl_arg(kernel, 1, d_partial);
    cl_arg(kernel, 2, n);
    return bench_drive(run, checksum);
}
