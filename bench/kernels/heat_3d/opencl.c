#include "opencl.h"
#include "data.h"

static cl_kernel forth, back;
static cl_mem d_a, d_b;
static void run(void) {
    for (int s = 0; s < STEPS; s += 2) {
        cl_launch2(forth, N, N, TX, TY);
        cl_launch2(back, N, N, TX, TY);
    }
    cl_finish();
}
static double checksum(void) {
    size_t bytes = (size_t)N * N * N * sizeof(float);
    float *last = (float *)bench_alloc(bytes);
    cl_read(last, d_a, bytes);
    double sum = weigh(last);
    free(last);
    cl_check(clEnqueueWriteBuffer(queue, d_a, CL_TRUE, 0, bytes, first, 0, NULL, NULL), "write");
    return sum;
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    forth = cl_get("heat");
    back = cl_get("heat");
    d_a = cl_buffer(first, (size_t)N * N * N * sizeof(float));
    d_b = cl_buffer(first, (size_t)N * N * N * sizeof(float));
    cl_arg(forth, 0, d_a);
    cl_arg(forth, 1, d_b);
    cl_arg(forth, 2, n);
    cl_arg(back, 0, d_b);
    cl_arg(back, 1, d_a);
    cl_arg(back, 2, n);
    return bench_drive(run, checksum);
}
