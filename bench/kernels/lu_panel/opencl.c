#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_factors, d_pivots;
static void run(void) {
    cl_launch1(kernel, PANELS * ROWS, ROWS);
    cl_finish();
}
static double checksum(void) {
    cl_read(factors, d_factors, (size_t)PANELS * ENTRIES * sizeof(float));
    cl_read(pivots, d_pivots, PANELS * COLS * sizeof(int));
    return weigh();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("factor");
    cl_mem d_panels = cl_buffer(panels, (size_t)PANELS * ENTRIES * sizeof(float));
    d_factors = cl_buffer(NULL, (size_t)PANELS * ENTRIES * sizeof(float));
    d_pivots = cl_buffer(NULL, PANELS * COLS * sizeof(int));
    cl_arg(kernel, 0, d_panels);
    cl_arg(kernel, 1, d_factors);
    cl_arg(kernel, 2, d_pivots);
    return bench_drive(run, checksum);
}
