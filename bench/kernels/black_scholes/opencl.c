#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem buffers[5];
static void run(void) {
    cl_launch1(kernel, N, 128);
    cl_finish();
}
static double checksum(void) {
    cl_read(call, buffers[0], N * sizeof(float));
    cl_read(put, buffers[1], N * sizeof(float));
    return sum_prices();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    kernel = cl_get("black_scholes");
    float *host[] = {call, put, price, strike, years};
    for (cl_uint i = 0; i < 5; i++) {
        buffers[i] = cl_buffer(host[i], N * sizeof(float));
        cl_arg(kernel, i, buffers[i]);
    }
    cl_arg(kernel, 5, n);
    return bench_drive(run, checksum);
}
