#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_pos, d_acc;
static void run(void) {
    cl_launch1(kernel, N, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(forces, d_acc, 4 * N * sizeof(float));
    return sum_forces();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("nbody");
    d_pos = cl_buffer(bodies, 4 * N * sizeof(float));
    d_acc = cl_buffer(NULL, 4 * N * sizeof(float));
    cl_arg(kernel, 0, d_pos);
    cl_arg(kernel, 1, d_acc);
    cl_arg(kernel, 2, n);
    return bench_drive(run, checksum);
}
