#include "cuda.h"
#include "data.h"

/* A block walks along z: the plane with its halo lies in shared memory, the planes above and below in registers. */
__global__ void heat(const float *in, float *out, int n) {
    __shared__ float plane[TY + 2][TX + 2];
    int x = blockIdx.x * TX + threadIdx.x, y = blockIdx.y * TY + threadIdx.y;
    int tx = threadIdx.x + 1, ty = threadIdx.y + 1;
    int at = y * n + x, step = n * n;
    bool inner = x > 0 && x < n - 1 && y > 0 && y < n - 1;
    float below = in[at], here = in[at + step];
    for (int z = 1; z < n - 1; z++) {
        int i = at + z * step;
        float above = in[i + step];
        plane[ty][tx] = here;
        if (threadIdx.x == 0 && x > 0) plane[ty][0] = in[i - 1];
        if (threadIdx.x == TX - 1 && x < n - 1) plane[ty][TX + 1] = in[i + 1];
        if (threadIdx.y == 0 && y > 0) plane[0][tx] = in[i - n];
        if (threadIdx.y == TY - 1 && y < n - 1) plane[TY + 1][tx] = in[i + n];
        __syncthreads();
        if (inner)
            out[i] = CENTRE * here + SIDE * (plane[ty][tx - 1] + plane[ty][tx + 1] + plane[ty - 1][tx] +
                                             plane[ty + 1][tx] + below + above);
        __syncthreads();
        below = here;
        here = above;
    }
}

static float *d_a, *d_b;
static void run() {
    for (int s = 0; s < STEPS; s += 2) {
        heat<<<dim3(N / TX, N / TY), dim3(TX, TY)>>>(d_a, d_b, N);
        heat<<<dim3(N / TX, N / TY), dim3(TX, TY)>>>(d_b, d_a, N);
    }
    finish();
}
static double checksum() {
    size_t bytes = (size_t)N * N * N * sizeof(float);
    float *last = (float *)bench_alloc(bytes);
    to_host(last, d_a, (size_t)N * N * N);
    double sum = weigh(last);
    free(last);
    CHECK(cudaMemcpy(d_a, first, bytes, cudaMemcpyHostToDevice));
    return sum;
}
int main() {
    make_data();
    d_a = device_copy(first, (size_t)N * N * N);
    d_b = device_copy(first, (size_t)N * N * N);
    return bench_drive(run, checksum);
}
