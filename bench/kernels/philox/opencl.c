#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_sums;
static void run(void) {
    cl_launch1(kernel, THREADS, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(sums, d_sums, GRID * sizeof(float));
    return total();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("price");
    d_sums = cl_buffer(NULL, GRID * sizeof(float));
    cl_arg(kernel, 0, d_sums);
    return bench_drive(run, checksum);
}
