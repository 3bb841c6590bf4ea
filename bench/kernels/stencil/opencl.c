#include "opencl.h"
#include "data.h"

static cl_kernel forth, back;
static cl_mem d_a, d_b;
static void run(void) {
    for (int step = 0; step < STEPS; step += 2) {
        cl_launch2(forth, N, N, 32, 8);
        cl_launch2(back, N, N, 32, 8);
    }
    cl_finish();
}
static double checksum(void) {
    cl_read(grid_a, d_a, (size_t)N * N * sizeof(float));
    return sum_grid();
}
int main(void) {
    int n = N;
    make_data();
    cl_open("");
    d_a = cl_buffer(grid_a, (size_t)N * N * sizeof(float));
    d_b = cl_buffer(grid_b, (size_t)N * N * sizeof(float));
    forth = cl_get("stencil");
    back = cl_get("stencil");
    cl_arg(forth, 0, d_a);
    cl_arg(forth, 1, d_b);
    cl_arg(forth, 2, n);
    cl_arg(back, 0, d_b);
    cl_arg(back, 1, d_a);
    cl_arg(back, 2, n);
    return bench_drive(run, checksum);
}
