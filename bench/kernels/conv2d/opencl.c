#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_in, d_out, d_weights;
static void run(void) {
    cl_launch2(kernel, N, N, TILE, TILE);
    cl_finish();
}
static double checksum(void) {
    cl_read(out, d_out, (size_t)N * N * sizeof(float));
    return weigh();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("conv2d");
    d_in = cl_buffer(in, (size_t)N * N * sizeof(float));
    d_out = cl_buffer(NULL, (size_t)N * N * sizeof(float));
    d_weights = cl_buffer(filter, sizeof(filter));
    cl_arg(kernel, 0, d_in);
    cl_arg(kernel, 1, d_out);
    cl_arg(kernel, 2, n);
    cl_arg(kernel, 3, n);
    cl_arg(kernel, 4, d_weights);
    return bench_drive(run, checksum);
}
