#define TX 32
#define TY 8
#define CENTRE 0.4f
#define SIDE 0.1f
kernel void heat(global const float *in, global float *out, int n) {
    local float plane[TY + 2][TX + 2];
    int lx = get_local_id(0), ly = get_local_id(1);
    int x = get_global_id(0), y = get_global_id(1);
    int tx = lx + 1, ty = ly + 1;
    int at = y * n + x, step = n * n;
    bool inner = x > 0 && x < n - 1 && y > 0 && y < n - 1;
    float below = in[at], here = in[at + step];
    for (int z = 1; z < n - 1; z++) {
        int i = at + z * step;
        float above = in[i + step];
        plane[ty][tx] = here;
        if (lx == 0 && x > 0) plane[ty][0] = in[i - 1];
        if (lx == TX - 1 && x < n - 1) plane[ty][TX + 1] = in[i + 1];
        if (ly == 0 && y > 0) plane[0][tx] = in[i - n];
        if (ly == TY - 1 && y < n - 1) plane[TY + 1][tx] = in[i + n];
        barrier(CLK_LOCAL_MEM_FENCE);
        if (inner)
            out[i] = CENTRE * here + SIDE * (plane[ty][tx - 1] + plane[ty][tx + 1] + plane[ty - 1][tx] +
                                             plane[ty + 1][tx] + below + above);
        barrier(CLK_LOCAL_MEM_FENCE);
        below = here;
        here = above;
    }
}
