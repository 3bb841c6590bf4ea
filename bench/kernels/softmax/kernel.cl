kernel void softmax(global const float *in, global float *out, int cols) {
    local float cache[256];
    global const float *row = in + (size_t)get_group_id(0) * cols;
    global float *result = out + (size_t)get_group_id(0) * cols;
    int t = get_local_id(0), block = get_local_size(0);

    float largest = -FLT_MAX;
    for (int i = t; i < cols; i += block) largest = fmax(largest, row[i]);
    cache[t] = largest;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int s = block / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] = fmax(cache[t], cache[t + s]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    largest = cache[0];
    barrier(CLK_LOCAL_MEM_FENCE);

    float sum = 0.0f;
    for (int i = t; i < cols; i += block) {
        float e = exp(row[i] - largest);
        result[i] = e;
        sum += e;
    }
    cache[t] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int s = block / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    float scale = 1.0f / cache[0];
    for (int i = t; i < cols; i += block) result[i] *= scale;
}
