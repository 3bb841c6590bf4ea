#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_original, d_keys;
static void run(void) {
    cl_check(clEnqueueCopyBuffer(queue, d_original, d_keys, 0, 0, N * sizeof(int), 0, NULL, NULL), "copy");
    for (int k = 2; k <= N; k *= 2) {
        for (int j = k / 2; j > 0; j /= 2) {
            cl_arg(kernel, 1, j);
            cl_arg(kernel, 2, k);
            cl_launch1(kernel, N, 256);
        }
    }
    cl_finish();
}
static double checksum(void) {
    cl_read(keys, d_keys, N * sizeof(int));
    return weigh();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("compare_exchange");
    d_original = cl_buffer(original, N * sizeof(int));
    d_keys = cl_buffer(NULL, N * sizeof(int));
    cl_arg(kernel, 0, d_keys);
    return bench_drive(run, checksum);
}
