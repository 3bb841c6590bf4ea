#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_image;
static void run(void) {
    cl_launch2(kernel, SIZE, SIZE, 16, 16);
    cl_finish();
}
static double checksum(void) {
    cl_read(image, d_image, SIZE * SIZE * sizeof(int));
    return sum_image();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("mandelbrot");
    d_image = cl_buffer(NULL, SIZE * SIZE * sizeof(int));
    cl_arg(kernel, 0, d_image);
    return bench_drive(run, checksum);
}
