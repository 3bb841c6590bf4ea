#include "opencl.h"
#include "data.h"

static cl_kernel scan[3], add[2];
static cl_mem d_out;
static void run(void) {
    cl_launch1(scan[0], (size_t)BLOCKS * BLOCK, BLOCK);
    cl_launch1(scan[1], BLOCKS2 * BLOCK, BLOCK);
    cl_launch1(scan[2], BLOCK, BLOCK);
    cl_launch1(add[0], BLOCKS2 * BLOCK, BLOCK);
    cl_launch1(add[1], (size_t)BLOCKS * BLOCK, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(out, d_out, N * sizeof(int));
    return sum_out();
}
static void set_scan(cl_kernel *kernel, cl_mem from, cl_mem to, cl_mem sums, int n) {
    *kernel = cl_get("scan_blocks");
    cl_arg(*kernel, 0, from);
    cl_arg(*kernel, 1, to);
    cl_arg(*kernel, 2, sums);
    cl_arg(*kernel, 3, n);
}
static void set_add(cl_kernel *kernel, cl_mem to, cl_mem offsets) {
    *kernel = cl_get("add_offsets");
    cl_arg(*kernel, 0, to);
    cl_arg(*kernel, 1, offsets);
}
int main(void) {
    make_data();
    cl_open("");
    cl_mem d_in = cl_buffer(in, N * sizeof(int)), d_sums = cl_buffer(NULL, BLOCKS * sizeof(int));
    cl_mem d_sums2 = cl_buffer(NULL, BLOCKS2 * sizeof(int)), d_total = cl_buffer(NULL, sizeof(int));
    d_out = cl_buffer(NULL, N * sizeof(int));
    set_scan(&scan[0], d_in, d_out, d_sums, N);
    set_scan(&scan[1], d_sums, d_sums, d_sums2, BLOCKS);
    set_scan(&scan[2], d_sums2, d_sums2, d_total, BLOCKS2);
    set_add(&add[0], d_sums, d_sums2);
    set_add(&add[1], d_out, d_sums);
    return bench_drive(run, checksum);
}
