#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_nearest;
static void run(void) {
    cl_launch1(kernel, POINTS, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(nearest, d_nearest, POINTS * sizeof(int));
    return weigh();
}
int main(void) {
    int n = POINTS;
    make_data();
    cl_open("");
    kernel = cl_get("assign");
    cl_mem d_points = cl_buffer(points, (size_t)POINTS * FEATURES * sizeof(float));
    cl_mem d_centres = cl_buffer(centres, CLUSTERS * FEATURES * sizeof(float));
    d_nearest = cl_buffer(NULL, POINTS * sizeof(int));
    cl_arg(kernel, 0, d_points);
    cl_arg(kernel, 1, d_centres);
    cl_arg(kernel, 2, d_nearest);
    cl_arg(kernel, 3, n);
    return bench_drive(run, checksum);
}
