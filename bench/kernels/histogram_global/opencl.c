#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_data, d_bins;
static void run(void) {
    cl_zero(d_bins, sizeof bins);
    cl_launch1(kernel, GRID * BLOCK, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(bins, d_bins, sizeof bins);
    return weigh();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("histogram");
    d_data = cl_buffer(data, N);
    d_bins = cl_buffer(NULL, sizeof bins);
    cl_arg(kernel, 0, d_data);
    cl_arg(kernel, 1, n);
    cl_arg(kernel, 2, d_bins);
    return bench_drive(run, checksum);
}
