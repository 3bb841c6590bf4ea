#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_o;
static void run(void) {
    cl_launch2(kernel, LENGTH, HEADS, ROWS, 1);
    cl_finish();
}
static double checksum(void) {
    cl_read(o, d_o, TOTAL * sizeof(float));
    return weigh();
}
int main(void) {
    int length = LENGTH;
    make_data();
    cl_open("");
    kernel = cl_get("attention");
    cl_mem d_q = cl_buffer(q, TOTAL * sizeof(float));
    cl_mem d_k = cl_buffer(k, TOTAL * sizeof(float));
    cl_mem d_v = cl_buffer(v, TOTAL * sizeof(float));
    d_o = cl_buffer(NULL, TOTAL * sizeof(float));
    cl_arg(kernel, 0, d_q);
    cl_arg(kernel, 1, d_k);
    cl_arg(kernel, 2, d_v);
    cl_arg(kernel, 3, d_o);
    cl_arg(kernel, 4, length);
    return bench_drive(run, checksum);
}
