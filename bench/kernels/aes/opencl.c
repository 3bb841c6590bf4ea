#include "opencl.h"
#include "data.h"

static cl_kernel kernel;
static cl_mem d_cipher;
static void run(void) {
    cl_launch1(kernel, BLOCKS, BLOCK);
    cl_finish();
}
static double checksum(void) {
    cl_read(cipher, d_cipher, (size_t)BLOCKS * 16);
    return weigh();
}
int main(void) {
    make_data();
    cl_open("");
    kernel = cl_get("encrypt");
    cl_mem d_plain = cl_buffer(plain, (size_t)BLOCKS * 16);
    d_cipher = cl_buffer(NULL, (size_t)BLOCKS * 16);
    cl_mem d_table = cl_buffer(table, sizeof(table));
    cl_mem d_sbox = cl_buffer(sbox, sizeof(sbox));
    cl_mem d_keys = cl_buffer(round_keys, sizeof(round_keys));
    cl_arg(kernel, 0, d_plain);
    cl_arg(kernel, 1, d_cipher);
    cl_arg(kernel, 2, d_table);
    cl_arg(kernel, 3, d_sbox);
    cl_arg(kernel, 4, d_keys);
    return bench_drive(run, checksum);
}
