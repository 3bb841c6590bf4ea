kernel void gemv(global const half *matrix, global const half *vector, global float *y, int n) {
    local float cache[128];
    int t = get_local_id(0);
    global const half *row = matrix + (size_t)get_group_id(0) * n;
    float sum = 0.0f;
    for (int i = t; i < n / 2; i += get_local_size(0)) {
        float2 a = vload_half2(i, row), b = vload_half2(i, vector);
        sum += a.x * b.x + a.y * b.y;
    }
    cache[t] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int s = 64; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (t == 0) y[get_group_id(0)] = cache[0];
}
