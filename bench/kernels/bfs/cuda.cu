#include <algorithm>

#include "cuda.h"
#include "data.h"

/* A thread a node of the frontier; who reaches a node first puts it into the next frontier. */
__global__ void expand(const int *starts, const int *edges, int *levels, const int *frontier, int size, int *next,
                       int *next_size, int level) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= size) return;
    int v = frontier[i];
    for (int e = starts[v]; e < starts[v + 1]; e++) {
        int to = edges[e];
        if (levels[to] == -1 && atomicCAS(&levels[to], -1, level) == -1) next[atomicAdd(next_size, 1)] = to;
    }
}

static int *d_starts, *d_edges, *d_levels, *d_frontier, *d_next, *d_size;
static void run() {
    const int source = 0, zero = 0;
    int size = 1;
    CHECK(cudaMemset(d_levels, 0xff, NODES * sizeof(int)));
    CHECK(cudaMemcpy(d_levels + source, &zero, sizeof(int), cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(d_frontier, &source, sizeof(int), cudaMemcpyHostToDevice));
    for (int level = 1; size > 0; level++) {
        CHECK(cudaMemcpy(d_size, &zero, sizeof(int), cudaMemcpyHostToDevice));
        expand<<<(size + BLOCK - 1) / BLOCK, BLOCK>>>(d_starts, d_edges, d_levels, d_frontier, size, d_next, d_size, level);
        CHECK(cudaMemcpy(&size, d_size, sizeof(int), cudaMemcpyDeviceToHost));
        std::swap(d_frontier, d_next);
    }
    finish();
}
static double checksum() {
    to_host(levels, d_levels, NODES);
    return weigh();
}
int main() {
    make_data();
    d_starts = device_copy(starts, NODES + 1);
    d_edges = device_copy(edges, starts[NODES]);
    d_levels = device_array<int>(NODES);
    d_frontier = device_array<int>(NODES);
    d_next = device_array<int>(NODES);
    d_size = device_array<int>(1);
    return bench_drive(run, checksum);
}
