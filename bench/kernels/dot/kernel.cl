kernel void dot_product(global const float *x, global const float *y, int n, global float *partial) {
    local float cache[256];
    const int t = get_local_id(0);
    float sum = 0.0f;
    for (int i = get_global_id(0); i < n; i += get_global_size(0)) sum += x[i] * y[i];
    cache[t] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_size = get_local_size(0) / 2; half_size > 0; half_size /= 2) {
        if (t < half_size) cache[t] += cache[t + half_size];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (t == 0) partial[get_group_id(0)] = cache[0];
}
