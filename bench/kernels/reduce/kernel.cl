kernel void reduce(global const float *in, global float *out, int n) {
    local float cache[256];
    uint t = get_local_id(0);
    uint i = get_group_id(0) * (get_local_size(0) * 2) + t;
    float sum = i < n ? in[i] : 0.0f;
    if (i + get_local_size(0) < n) sum += in[i + get_local_size(0)];
    cache[t] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint s = get_local_size(0) / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (t == 0) out[get_group_id(0)] = cache[0];
}
