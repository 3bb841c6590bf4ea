#include <stdint.h>
#define NODES (1 << 19)
#define DEGREE 8 /* on average */
#define EDGES (NODES * DEGREE)
#define BLOCK 256
static int *starts, *edges, *levels;
/* Edges to random nodes, 1 to 15 from each node. */
static void make_data(void) {
    uint32_t state = 1;
    starts = (int *)bench_alloc((NODES + 1) * sizeof(int));
    levels = (int *)bench_alloc(NODES * sizeof(int));
    starts[0] = 0;
    for (int v = 0; v < NODES; v++) starts[v + 1] = starts[v] + 1 + (int)(bench_random(&state) * (2 * DEGREE - 1));
    edges = (int *)bench_alloc(starts[NODES] * sizeof(int));
    for (int e = 0; e < starts[NODES]; e++) edges[e] = (int)(bench_random(&state) * NODES);
}
static double weigh(void) {
    double sum = 0.0;
    for (int v = 0; v < NODES; v++) sum += (double)levels[v] * (1 + v % 7);
    return sum;
}
