#include "opencl.h"
#include "data.h"

static cl_kernel count, scan, scatter;
static cl_mem d_sorted;
static void run(void) {
    cl_launch1(count, GRID, 8);
    cl_launch1(scan, 256, 256);
    cl_launch1(scatter, GRID, 8);
    cl_finish();
}
static double checksum(void) {
    cl_read(sorted, d_sorted, N * sizeof(uint32_t));
    return weigh();
}
int main(void) {
    int all = GRID * DIGITS, each = CHUNK;
    make_data();
    cl_open("");
    count = cl_get("count");
    scan = cl_get("scan");
    scatter = cl_get("scatter");
    cl_mem d_keys = cl_buffer(keys, N * sizeof(uint32_t));
    d_sorted = cl_buffer(NULL, N * sizeof(uint32_t));
    cl_mem d_counts = cl_buffer(NULL, GRID * DIGITS * sizeof(uint32_t));
    cl_arg(count, 0, d_keys);
    cl_arg(count, 1, d_counts);
    cl_arg(count, 2, each);
    cl_arg(scan, 0, d_counts);
    cl_arg(scan, 1, all);
    cl_arg(scatter, 0, d_keys);
    cl_arg(scatter, 1, d_sorted);
    cl_arg(scatter, 2, d_counts);
    cl_arg(scatter, 3, each);
    return bench_drive(run, checksum);
}
