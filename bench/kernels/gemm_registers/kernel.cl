#define BM 64
#define BN 64
#define BK 16
#define TM 4
#define TN 4
kernel void gemm(global const float *A, global const float *B, global float *C, int n) {
    local float As[BK][BM], Bs[BK][BN];
    int t = get_local_id(0), threads = get_local_size(0);
    int row = t / (BN / TN) * TM, col = t % (BN / TN) * TN;
    A += get_group_id(1) * BM * n;
    B += get_group_id(0) * BN;
    C += get_group_id(1) * BM * n + get_group_id(0) * BN;
    float sums[TM][TN] = {{0.0f}};
    for (int start = 0; start < n; start += BK) {
        for (int i = t; i < BM * BK; i += threads) As[i % BK][i / BK] = A[i / BK * n + start + i % BK];
        for (int i = t; i < BK * BN; i += threads) Bs[i / BN][i % BN] = B[(start + i / BN) * n + i % BN];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int k = 0; k < BK; k++) {
            float left[TM], right[TN];
            for (int i = 0; i < TM; i++) left[i] = As[k][row + i];
            for (int j = 0; j < TN; j++) right[j] = Bs[k][col + j];
            for (int i = 0; i < TM; i++)
                for (int j = 0; j < TN; j++) sums[i][j] += left[i] * right[j];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (int i = 0; i < TM; i++)
        for (int j = 0; j < TN; j++) C[(row + i) * n + col + j] = sums[i][j];
}
