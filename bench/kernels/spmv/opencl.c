#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem buffers[5];
static void run(void) {
    cl_launch1(kernel, ROWS, 256);
    cl_finish();
}
static double checksum(void) {
    cl_read(y, buffers[4], ROWS * sizeof(float));
    return sum_y();
}
int main(void) {
    int rows = ROWS;
    make_data();
    cl_open("");
    kernel = cl_get("spmv");
    cl_arg(kernel, 0, rows);
    const void *host[] = {starts, columns, values, x, y};
    const size_t bytes[] = {(ROWS + 1) * sizeof(int), NONZEROS * sizeof(int), NONZEROS * sizeof(float), ROWS * sizeof(float), ROWS * sizeof(float)};
    for (cl_uint i = 0; i < 5; i++) {
        buffers[i] = cl_buffer(host[i], bytes[i]);
        cl_arg(kernel, i + 1, buffers[i]);
    }
    return bench_drive(run, checksum);
}
