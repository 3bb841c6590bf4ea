#define DIM 64
#define ROWS 64
#define TILE 32
kernel void attention(global const float *q, global const float *k, global const float *v, global float *o,
                      int length) {
    local float keys[TILE][DIM], values[TILE][DIM];
    size_t head = (size_t)get_group_id(1) * length * DIM;
    int t = get_local_id(0), row = get_group_id(0) * ROWS + t;
    float query[DIM], sums[DIM], largest = -FLT_MAX, total = 0.0f;
    for (int d = 0; d < DIM; d++) {
        query[d] = q[head + row * DIM + d] * 0.125f;
        sums[d] = 0.0f;
    }
    for (int start = 0; start < length; start += TILE) {
        for (int i = t; i < TILE * DIM; i += ROWS) {
            keys[i / DIM][i % DIM] = k[head + start * DIM + i];
            values[i / DIM][i % DIM] = v[head + start * DIM + i];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        float scores[TILE], tile_largest = largest;
        for (int j = 0; j < TILE; j++) {
            float score = 0.0f;
            for (int d = 0; d < DIM; d++) score += query[d] * keys[j][d];
            scores[j] = score;
            tile_largest = fmax(tile_largest, score);
        }
        float correction = exp(largest - tile_largest);
        largest = tile_largest;
        total *= correction;
        for (int d = 0; d < DIM; d++) sums[d] *= correction;
        for (int j = 0; j < TILE; j++) {
            float p = exp(scores[j] - largest);
            total += p;
            for (int d = 0; d < DIM; d++) sums[d] += p * values[j][d];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (int d = 0; d < DIM; d++) o[head + row * DIM + d] = sums[d] / total;
}
