#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_x, d_y;
static void run(void) {
    cl_launch1(kernel, N, 256);
    cl_finish();
    runs++;
}
static double checksum(void) {
    cl_read(y, d_y, N * sizeof(float));
    return sum_of(y);
}
int main(void) {
    int n = N;
    float a = A;
    make_data();
    cl_open("");
    kernel = cl_get("saxpy");
    d_x = cl_buffer(x, N * sizeof(float));
    d_y = cl_buffer(y, N * sizeof(float));
    cl_arg(kernel, 0, n);
    cl_arg(kernel, 1, a);
    cl_arg(kernel, 2, d_x);
    cl_arg(kernel, 3, d_y);
    return bench_drive(run, checksum);
}
