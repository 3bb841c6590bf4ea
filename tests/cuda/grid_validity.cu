// A grid is a group that can wait only if all its blocks were launched to be there at once.
#include "testing.h"
#include <cooperative_groups.h>

__global__ void look(int *out) {
    if (threadIdx.x == 0) out[blockIdx.x] = cooperative_groups::this_grid().is_valid() ? 1 : 2;
}

int main() {
    Managed<int> out(4);
    look<<<2, 32>>>(out.data);
    CHECK(cudaDeviceSynchronize());
    expect(out.data[0], 2, "plain", 0);
    expect(out.data[1], 2, "plain", 1);
    void *args[] = {&out.data};
    CHECK(cudaLaunchCooperativeKernel((void *)look, dim3(2), dim3(32), args, 0, 0));
    CHECK(cudaDeviceSynchronize());
    expect(out.data[0], 1, "cooperative", 0);
    expect(out.data[1], 1, "cooperative", 1);
    return result();
}
