// Streams and events: work on two streams ordered by an event, copies overlapping kernels in chunks, a callback, and
// queries that do not wait.
// Usage: streams_events

#include <atomic>
#include <vector>

#include "common/check.h"

__global__ void fill(int *data, int n, int value) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) data[i] = value + i;
}

__global__ void twice(const int *in, int *out, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) out[i] = 2 * in[i];
}

static void CUDART_CB count(void *data) { static_cast<std::atomic<int> *>(data)->fetch_add(1); }

// The consumer on stream b must see what the producer on stream a wrote.
static bool ordered_by_event() {
    const int n = 1 << 20;
    int *d_in, *d_out;
    CUDA_CHECK(cudaMalloc(&d_in, n * sizeof(int)));
    CUDA_CHECK(cudaMalloc(&d_out, n * sizeof(int)));
    cudaStream_t a, b;
    cudaEvent_t produced;
    CUDA_CHECK(cudaStreamCreate(&a));
    CUDA_CHECK(cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking));
    CUDA_CHECK(cudaEventCreateWithFlags(&produced, cudaEventDisableTiming));

    std::vector<int> out(n);
    int wrong = 0;
    for (int round = 0; round < 5; round++) {
        fill<<<64, 256, 0, a>>>(d_in, n, round);
        CUDA_CHECK(cudaEventRecord(produced, a));
        CUDA_CHECK(cudaStreamWaitEvent(b, produced, 0));
        twice<<<64, 256, 0, b>>>(d_in, d_out, n);
        CUDA_CHECK(cudaMemcpyAsync(out.data(), d_out, n * sizeof(int), cudaMemcpyDeviceToHost, b));
        CUDA_CHECK(cudaStreamSynchronize(b));
        for (int i = 0; i < n; i++) wrong += out[i] != 2 * (round + i);
    }
    CUDA_CHECK(cudaEventDestroy(produced));
    CUDA_CHECK(cudaStreamDestroy(a));
    CUDA_CHECK(cudaStreamDestroy(b));
    CUDA_CHECK(cudaFree(d_in));
    CUDA_CHECK(cudaFree(d_out));
    printf("two streams ordered by an event: %d wrong\n", wrong);
    return wrong == 0;
}

// Chunks go up, through a kernel and down on four streams from pinned memory.
static bool chunks_on_streams() {
    const int streams = 4, chunk = 1 << 18, chunks = 16, n = chunk * chunks;
    int *h_in, *h_out, *d_in, *d_out;
    CUDA_CHECK(cudaMallocHost(&h_in, n * sizeof(int)));
    CUDA_CHECK(cudaHostAlloc(&h_out, n * sizeof(int), cudaHostAllocDefault));
    CUDA_CHECK(cudaMalloc(&d_in, n * sizeof(int)));
    CUDA_CHECK(cudaMalloc(&d_out, n * sizeof(int)));
    for (int i = 0; i < n; i++) h_in[i] = i * 3;

    cudaStream_t stream[streams];
    for (cudaStream_t &s : stream) CUDA_CHECK(cudaStreamCreate(&s));
    std::atomic<int> done{0};
    for (int c = 0; c < chunks; c++) {
        cudaStream_t s = stream[c % streams];
        size_t at = size_t(c) * chunk;
        CUDA_CHECK(cudaMemcpyAsync(d_in + at, h_in + at, chunk * sizeof(int), cudaMemcpyHostToDevice, s));
        twice<<<32, 256, 0, s>>>(d_in + at, d_out + at, chunk);
        CUDA_CHECK(cudaGetLastError());
        CUDA_CHECK(cudaMemcpyAsync(h_out + at, d_out + at, chunk * sizeof(int), cudaMemcpyDeviceToHost, s));
        CUDA_CHECK(cudaLaunchHostFunc(s, count, &done));
    }
    CUDA_CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += h_out[i] != 6 * i;
    bool idle = true;
    for (cudaStream_t s : stream) {
        idle &= cudaStreamQuery(s) == cudaSuccess;
        CUDA_CHECK(cudaStreamDestroy(s));
    }
    printf("%d chunks on %d streams: %d wrong, %d callbacks, idle afterwards: %s\n", chunks, streams, wrong, done.load(),
           idle ? "yes" : "no");
    CUDA_CHECK(cudaFreeHost(h_in));
    CUDA_CHECK(cudaFreeHost(h_out));
    CUDA_CHECK(cudaFree(d_in));
    CUDA_CHECK(cudaFree(d_out));
    return wrong == 0 && done == chunks && idle;
}

// An event is "not ready" or done, never an error, and time between events does not run backwards.
static bool events_tell_time() {
    const int n = 1 << 22;
    int *d;
    CUDA_CHECK(cudaMalloc(&d, n * sizeof(int)));
    cudaEvent_t first, second;
    CUDA_CHECK(cudaEventCreate(&first));
    CUDA_CHECK(cudaEventCreate(&second));
    CUDA_CHECK(cudaEventRecord(first));
    for (int i = 0; i < 10; i++) fill<<<128, 256>>>(d, n, i);
    CUDA_CHECK(cudaEventRecord(second));
    cudaError_t state = cudaEventQuery(second);
    bool ok = state == cudaSuccess || state == cudaErrorNotReady;
    CUDA_CHECK(cudaEventSynchronize(second));
    float ms = -1.0f;
    CUDA_CHECK(cudaEventElapsedTime(&ms, first, second));
    ok &= ms > 0.0f && cudaEventQuery(second) == cudaSuccess;
    printf("ten launches took %.3f ms between events\n", ms);
    CUDA_CHECK(cudaEventDestroy(first));
    CUDA_CHECK(cudaEventDestroy(second));
    CUDA_CHECK(cudaFree(d));
    return ok;
}

int main() {
    bool ordered = ordered_by_event();
    bool chunked = chunks_on_streams();
    bool timed = events_tell_time();
    return verdict(ordered && chunked && timed);
}
