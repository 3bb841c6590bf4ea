#define BITS 4
#define DIGITS (1 << BITS)
#define SHIFT 8
/* OpenCL 1.2 has no votes: a work-item sorts a run of keys with counters of its own. */
kernel void count(global const uint *keys, global uint *counts, int run) {
    uint mine[DIGITS];
    int id = get_global_id(0);
    for (int d = 0; d < DIGITS; d++) mine[d] = 0;
    for (int i = 0; i < run; i++) mine[keys[id * run + i] >> SHIFT & (DIGITS - 1)]++;
    for (int d = 0; d < DIGITS; d++) counts[d * get_global_size(0) + id] = mine[d];
}
kernel void scan(global uint *counts, int n) {
    local uint sums[256];
    int t = get_local_id(0), size = get_local_size(0), each = n / size;
    uint sum = 0;
    for (int i = 0; i < each; i++) sum += counts[t * each + i];
    sums[t] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int step = 1; step < size; step *= 2) {
        uint other = t >= step ? sums[t - step] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        sums[t] += other;
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    uint before = t ? sums[t - 1] : 0;
    for (int i = 0; i < each; i++) {
        uint here = counts[t * each + i];
        counts[t * each + i] = before;
        before += here;
    }
}
kernel void scatter(global const uint *keys, global uint *sorted, global const uint *starts, int run) {
    uint next[DIGITS];
    int id = get_global_id(0);
    for (int d = 0; d < DIGITS; d++) next[d] = starts[d * get_global_size(0) + id];
    for (int i = 0; i < run; i++) {
        uint key = keys[id * run + i];
        sorted[next[key >> SHIFT & (DIGITS - 1)]++] = key;
    }
}
