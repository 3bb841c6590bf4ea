#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_merged;
static void run(void) {
    cl_launch1(kernel, THREADS, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(merged, d_merged, 2 * N * sizeof(int));
    return weigh();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("merge");
    cl_mem d_a = cl_buffer(a, N * sizeof(int));
    cl_mem d_b = cl_buffer(b, N * sizeof(int));
    d_merged = cl_buffer(NULL, 2 * N * sizeof(int));
    cl_arg(kernel, 0, d_a);
    cl_arg(kernel, 1, d_b);
    cl_arg(kernel, 2, d_merged);
    cl_arg(kernel, 3, n);
    return bench_drive(run, checksum);
}
