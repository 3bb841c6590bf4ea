#define N 1024
#define LOG_N 10
uint reversed(uint v) {
    uint r = 0;
    for (int i = 0; i < LOG_N; i++) r |= ((v >> i) & 1) << (LOG_N - 1 - i);
    return r;
}
kernel void fft(global const float2 *in, global float2 *out, global const float2 *twiddles) {
    local float2 x[N];
    global const float2 *from = in + (size_t)get_group_id(0) * N;
    global float2 *to = out + (size_t)get_group_id(0) * N;
    uint t = get_local_id(0);
    x[reversed(t)] = from[t];
    x[reversed(t + N / 2)] = from[t + N / 2];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int stage = 0; stage < LOG_N; stage++) {
        int half_ = 1 << stage;
        int k = t & (half_ - 1);
        int i = ((t >> stage) << (stage + 1)) + k;
        float2 w = twiddles[k << (LOG_N - 1 - stage)];
        float2 a = x[i], b = x[i + half_];
        float2 r = (float2)(b.x * w.x - b.y * w.y, b.x * w.y + b.y * w.x);
        x[i] = a + r;
        x[i + half_] = a - r;
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    to[t] = x[t];
    to[t + N / 2] = x[t + N / 2];
}
