#define FEATURES 16
#define CLUSTERS 32
kernel void assign(global const float *points, global const float *centres, global int *nearest, int n) {
    local float cache[CLUSTERS * FEATURES];
    for (int i = get_local_id(0); i < CLUSTERS * FEATURES; i += get_local_size(0)) cache[i] = centres[i];
    barrier(CLK_LOCAL_MEM_FENCE);
    int p = get_global_id(0);
    if (p >= n) return;
    float mine[FEATURES];
    for (int f = 0; f < FEATURES; f++) mine[f] = points[f * n + p];
    float least = FLT_MAX;
    int best = 0;
    for (int c = 0; c < CLUSTERS; c++) {
        float distance = 0.0f;
        for (int f = 0; f < FEATURES; f++) {
            float d = mine[f] - cache[c * FEATURES + f];
            distance += d * d;
        }
        if (distance < least) {
            least = distance;
            best = c;
        }
    }
    nearest[p] = best;
}
