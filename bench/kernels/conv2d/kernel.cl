#define TILE 16
#define RADIUS 3
#define WIDTH (2 * RADIUS + 1)
kernel void conv2d(global const float *in, global float *out, int width, int height, constant float *weights) {
    local float tile[TILE + 2 * RADIUS][TILE + 2 * RADIUS];
    int tx = get_local_id(0), ty = get_local_id(1);
    int left = get_group_id(0) * TILE - RADIUS, top = get_group_id(1) * TILE - RADIUS;
    for (int y = ty; y < TILE + 2 * RADIUS; y += TILE) {
        for (int x = tx; x < TILE + 2 * RADIUS; x += TILE) {
            int gx = left + x, gy = top + y;
            bool inside = gx >= 0 && gx < width && gy >= 0 && gy < height;
            tile[y][x] = inside ? in[gy * width + gx] : 0.0f;
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    float sum = 0.0f;
    for (int dy = 0; dy < WIDTH; dy++)
        for (int dx = 0; dx < WIDTH; dx++) sum += weights[dy * WIDTH + dx] * tile[ty + dy][tx + dx];
    int x = get_global_id(0), y = get_global_id(1);
    if (x < width && y < height) out[y * width + x] = sum;
}
