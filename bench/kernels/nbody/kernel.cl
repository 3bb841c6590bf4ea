#define BLOCK 256
kernel void nbody(global const float4 *pos, global float4 *acc, int n) {
    local float4 tile[BLOCK];
    int i = get_global_id(0), t = get_local_id(0);
    float4 me = pos[i];
    float ax = 0, ay = 0, az = 0;
    for (int start = 0; start < n; start += BLOCK) {
        tile[t] = pos[start + t];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int k = 0; k < BLOCK; k++) {
            float4 other = tile[k];
            float dx = other.x - me.x, dy = other.y - me.y, dz = other.z - me.z;
            float inv = rsqrt(dx * dx + dy * dy + dz * dz + 1e-3f);
            float s = other.w * inv * inv * inv;
            ax += dx * s;
            ay += dy * s;
            az += dz * s;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    acc[i] = (float4)(ax, ay, az, 0);
}
