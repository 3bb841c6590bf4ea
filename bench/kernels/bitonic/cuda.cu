#include "cuda.h"
#include "data.h"

__global__ void compare_exchange(int *keys, int j, int k) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int partner = i ^ j;
    if (partner <= i) return;
    int a = keys[i], b = keys[partner];
    bool up = (i & k) == 0;
    if ((a > b) == up) {
        keys[i] = b;
        keys[partner] = a;
    }
}

static int *d_original, *d_keys;
static void run() {
    CHECK(cudaMemcpyAsync(d_keys, d_original, N * sizeof(int), cudaMemcpyDeviceToDevice));
    for (int k = 2; k <= N; k *= 2)
        for (int j = k / 2; j > 0; j /= 2) compare_exchange<<<N / 256, 256>>>(d_keys, j, k);
    finish();
}
static double checksum() {
    to_host(keys, d_keys, N);
    return weigh();
}
int main() {
    make_data();
    d_original = device_copy(original, N);
    d_keys = device_array<int>(N);
    return bench_drive(run, checksum);
}
