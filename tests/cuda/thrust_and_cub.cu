// Debian's Thrust and CUB (libthrust-dev, libcub-dev) compile and compute: scans and sorts whose blocks wait for earlier ones.
// cc: --extended-lambda
#include <cub/cub.cuh>
#include <thrust/device_vector.h>
#include <thrust/host_vector.h>
#include <thrust/reduce.h>
#include <thrust/scan.h>
#include <thrust/sort.h>
#include <thrust/transform.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "testing.h"

__global__ void block_sums(const int *in, int *out) {
    using Reduce = cub::BlockReduce<int, 128>;
    using Scan = cub::BlockScan<int, 128>;
    __shared__ union {
        typename Reduce::TempStorage reduce;
        typename Scan::TempStorage scan;
    } room;
    int v = in[blockIdx.x * 128 + threadIdx.x], before;
    int sum = Reduce(room.reduce).Sum(v);
    __syncthreads();
    Scan(room.scan).ExclusiveSum(v, before);
    if (threadIdx.x == 0) out[blockIdx.x * 2] = sum;
    if (threadIdx.x == 127) out[blockIdx.x * 2 + 1] = before;
}

int main() {
    constexpr int n = 20000;
    std::vector<int> host(n);
    for (int i = 0; i < n; i++) host[i] = int((i * 7919ll) % 10007) - 5000;

    thrust::device_vector<int> device(host.begin(), host.end()), scanned(n);
    expect(thrust::reduce(device.begin(), device.end()), std::accumulate(host.begin(), host.end(), 0), "thrust::reduce");
    thrust::exclusive_scan(device.begin(), device.end(), scanned.begin());
    expect(int(scanned[n - 1]), std::accumulate(host.begin(), host.end() - 1, 0), "thrust::exclusive_scan");
    thrust::transform(device.begin(), device.end(), scanned.begin(), [] __device__(int x) { return x * 3; });
    expect(int(scanned[77]), host[77] * 3, "thrust::transform");
    thrust::sort(device.begin(), device.end());
    std::vector<int> sorted = host, got(n);
    std::sort(sorted.begin(), sorted.end());
    thrust::copy(device.begin(), device.end(), got.begin());
    expect(int(got == sorted), 1, "thrust::sort");

    int *in, *out;
    CHECK(cudaMallocManaged(&in, n * sizeof(int)));
    CHECK(cudaMallocManaged(&out, n * sizeof(int)));
    std::copy(host.begin(), host.end(), in);
    void *room = nullptr;
    size_t bytes = 0;
    CHECK(cub::DeviceScan::InclusiveSum(nullptr, bytes, in, out, n));
    CHECK(cudaMalloc(&room, bytes));
    CHECK(cub::DeviceScan::InclusiveSum(room, bytes, in, out, n));
    CHECK(cudaDeviceSynchronize());
    expect(out[n - 1], std::accumulate(host.begin(), host.end(), 0), "cub::DeviceScan");
    block_sums<<<2, 128>>>(in, out);
    CHECK(cudaDeviceSynchronize());
    expect(out[2], std::accumulate(in + 128, in + 256, 0), "cub::BlockReduce");
    expect(out[3], std::accumulate(in + 128, in + 255, 0), "cub::BlockScan");
    return result();
}
