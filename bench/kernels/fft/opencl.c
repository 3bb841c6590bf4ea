#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_out;
static void run(void) {
    cl_launch1(kernel, (size_t)BATCH * N / 2, N / 2);
    cl_finish();
}
static double checksum(void) {
    cl_read(out, d_out, (size_t)BATCH * N * 2 * sizeof(float));
    return weigh();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("fft");
    cl_mem d_in = cl_buffer(in, (size_t)BATCH * N * 2 * sizeof(float));
    d_out = cl_buffer(NULL, (size_t)BATCH * N * 2 * sizeof(float));
    cl_mem d_twiddles = cl_buffer(twiddles, N * sizeof(float));
    cl_arg(kernel, 0, d_in);
    cl_arg(kernel, 1, d_out);
    cl_arg(kernel, 2, d_twiddles);
    return bench_drive(run, checksum);
}
