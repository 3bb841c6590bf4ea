#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_x, d_y, d_partial;
static float partial[GRID];
static void run(void) {
    cl_launch1(kernel, GRID * BLOCK, BLOCK);
    cl_finish();
}
static double checksum(void) {
    double sum = 0.0;
    cl_read(partial, d_partial, sizeof partial);
    for (int i = 0; i < GRID; i++) sum += partial[i];
    return sum;
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("dot_product");
    d_x = cl_buffer(x, N * sizeof(float));
    d_y = cl_buffer(y, N * sizeof(float));
    d_partial = cl_buffer(NULL, sizeof partial);
    cl_arg(kernel, 0, d_x);
    cl_arg(kernel, 1, d_y);
    cl_arg(kernel, 2, n);
    cl_arg(kernel, 3, d_partial);
    return bench_drive(run, checksum);
}
