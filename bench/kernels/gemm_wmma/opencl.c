#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_c;
static void run(void) {
    cl_launch2(kernel, N, N, TILE, TILE);
    cl_finish();
}
static double checksum(void) {
    cl_read(c, d_c, N * N * sizeof(float));
    return weigh();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("gemm");
    cl_mem d_a = cl_buffer(a, N * N * 2);
    cl_mem d_b = cl_buffer(b, N * N * 2);
    d_c = cl_buffer(NULL, N * N * sizeof(float));
    cl_arg(kernel, 0, d_a);
    cl_arg(kernel, 1, d_b);
    cl_arg(kernel, 2, d_c);
    cl_arg(kernel, 3, n);
    return bench_drive(run, checksum);
}
