#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_hashes;
static void run(void) {
    cl_launch1(kernel, RECORDS, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(hashes, d_hashes, RECORDS * sizeof(uint64_t));
    return weigh();
}
int main(void) {
    int n = RECORDS;
    make_data();
    cl_open("");
    kernel = cl_get("hash");
    cl_mem d_records = cl_buffer(records, (size_t)RECORDS * WORDS * sizeof(uint64_t));
    d_hashes = cl_buffer(NULL, RECORDS * sizeof(uint64_t));
    cl_arg(kernel, 0, d_records);
    cl_arg(kernel, 1, d_hashes);
    cl_arg(kernel, 2, n);
    return bench_drive(run, checksum);
}
