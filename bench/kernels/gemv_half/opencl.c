#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_matrix, d_vector, d_y;
static void run(void) {
    cl_launch1(kernel, (size_t)N * BLOCK, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(y, d_y, N * sizeof(float));
    return weigh();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("gemv");
    d_matrix = cl_buffer(matrix, (size_t)N * N * 2);
    d_vector = cl_buffer(vector, N * 2);
    d_y = cl_buffer(NULL, N * sizeof(float));
    cl_arg(kernel, 0, d_matrix);
    cl_arg(kernel, 1, d_vector);
    cl_arg(kernel, 2, d_y);
    cl_arg(kernel, 3, n);
    return bench_drive(run, checksum);
}
