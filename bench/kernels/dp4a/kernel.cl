#define TILE 16
kernel void gemm_int8(global const char4 *A, global const char4 *B, global int *C, int n, int words) {
    local char4 As[TILE][TILE], Bs[TILE][TILE + 1];
    int tx = get_local_id(0), ty = get_local_id(1);
    int row = get_global_id(1), col = get_global_id(0);
    int sum = 0;
    for (int start = 0; start < words; start += TILE) {
        As[ty][tx] = A[row * words + start + tx];
        Bs[tx][ty] = B[(get_group_id(0) * TILE + ty) * words + start + tx];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int k = 0; k < TILE; k++) {
            char4 l = As[ty][k], r = Bs[k][tx];
            sum += l.x * r.x + l.y * r.y + l.z * r.z + l.w * r.w;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    C[row * n + col] = sum;
}
