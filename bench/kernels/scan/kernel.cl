#define PER_BLOCK 512
#define BLOCK 256

kernel void scan_blocks(global const int *in, global int *out, global int *sums, int n) {
    local int temp[PER_BLOCK];
    int t = get_local_id(0), base = get_group_id(0) * PER_BLOCK;
    temp[2 * t] = base + 2 * t < n ? in[base + 2 * t] : 0;
    temp[2 * t + 1] = base + 2 * t + 1 < n ? in[base + 2 * t + 1] : 0;
    int offset = 1;
    for (int d = PER_BLOCK >> 1; d > 0; d >>= 1) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < d) temp[offset * (2 * t + 2) - 1] += temp[offset * (2 * t + 1) - 1];
        offset *= 2;
    }
    if (t == 0) {
        sums[get_group_id(0)] = temp[PER_BLOCK - 1];
        temp[PER_BLOCK - 1] = 0;
    }
    for (int d = 1; d < PER_BLOCK; d *= 2) {
        offset >>= 1;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < d) {
            int left = offset * (2 * t + 1) - 1, right = offset * (2 * t + 2) - 1, v = temp[left];
            temp[left] = temp[right];
            temp[right] += v;
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (base + 2 * t < n) out[base + 2 * t] = temp[2 * t];
    if (base + 2 * t + 1 < n) out[base + 2 * t + 1] = temp[2 * t + 1];
}

kernel void add_offsets(global int *out, global const int *offsets) {
    int i = get_group_id(0) * PER_BLOCK + get_local_id(0);
    out[i] += offsets[get_group_id(0)];
    out[i + BLOCK] += offsets[get_group_id(0)];
}
