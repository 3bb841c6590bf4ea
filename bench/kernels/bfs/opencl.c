#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_levels, d_frontier, d_next, d_size;
static void put(cl_mem buffer, size_t offset, int value) {
    cl_check(clEnqueueWriteBuffer(queue, buffer, CL_TRUE, offset, sizeof(int), &value, 0, NULL, NULL), "write");
}
static void run(void) {
    const int unseen = -1, source = 0;
    int size = 1;
    cl_check(clEnqueueFillBuffer(queue, d_levels, &unseen, sizeof(int), 0, NODES * sizeof(int), 0, NULL, NULL), "fill");
    put(d_levels, source * sizeof(int), 0);
    put(d_frontier, 0, source);
    for (int level = 1; size > 0; level++) {
        put(d_size, 0, 0);
        cl_arg(kernel, 3, d_frontier);
        cl_arg(kernel, 4, size);
        cl_arg(kernel, 5, d_next);
        cl_arg(kernel, 7, level);
        cl_launch1(kernel, (size_t)(size + BLOCK - 1) / BLOCK * BLOCK, BLOCK);
        cl_read(&size, d_size, sizeof(int));
        cl_mem other = d_frontier;
        d_frontier = d_next;
        d_next = other;
    }
    cl_finish();
}
static double checksum(void) {
    cl_read(levels, d_levels, NODES * sizeof(int));
    return weigh();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("expand");
    cl_mem d_starts = cl_buffer(starts, (NODES + 1) * sizeof(int));
    cl_mem d_edges = cl_buffer(edges, starts[NODES] * sizeof(int));
    d_levels = cl_buffer(NULL, NODES * sizeof(int));
    d_frontier = cl_buffer(NULL, NODES * sizeof(int));
    d_next = cl_buffer(NULL, NODES * sizeof(int));
    d_size = cl_buffer(NULL, sizeof(int));
    cl_arg(kernel, 0, d_starts);
    cl_arg(kernel, 1, d_edges);
    cl_arg(kernel, 2, d_levels);
    cl_arg(kernel, 6, d_size);
    return bench_drive(run, checksum);
}
