#define BLOCK 256
/* OpenCL 1.2 has no shuffles: the tree in local memory takes their place. */
float block_sum(float value, local float *cache) {
    int t = get_local_id(0);
    cache[t] = value;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int s = BLOCK / 2; s > 0; s >>= 1) {
        if (t < s) cache[t] += cache[t + s];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    value = cache[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    return value;
}
kernel void layer_norm(global const float *in, global float *out, global const float *scales,
                       global const float *shifts, int cols) {
    local float cache[BLOCK];
    global const float *row = in + (size_t)get_group_id(0) * cols;
    global float *result = out + (size_t)get_group_id(0) * cols;
    float sum = 0.0f;
    for (int i = get_local_id(0); i < cols; i += BLOCK) sum += row[i];
    float mean = block_sum(sum, cache) / cols;
    float squares = 0.0f;
    for (int i = get_local_id(0); i < cols; i += BLOCK) {
        float d = row[i] - mean;
        squares += d * d;
    }
    float inverse = rsqrt(block_sum(squares, cache) / cols + 1e-5f);
    for (int i = get_local_id(0); i < cols; i += BLOCK) result[i] = (row[i] - mean) * inverse * scales[i] + shifts[i];
}
