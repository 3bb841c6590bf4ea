/* Many short launches: queued, waited for, replayed from a graph, in several streams. */
#include "corpus.h"

using corpus::random;

namespace reference {
void add_scaled(const float *y, float *x, int n, int times, float a);
}

__global__ void add_scaled(const float *y, float *x, int n, float a) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) x[i] += a * y[i];
}

const float A = 0.001f;

/* `launch(y, x, n, times)`. */
template <typename F> static corpus::Work repeated(int n, int times, F launch) {
    auto y = random<float>(n), x = corpus::checked(random<float>(n));
    return {[=] { launch(y, x, n, times); }, [=] { reference::add_scaled(y.host, x.host, n, times, A); }};
}

CASE(small_queued, 1e-4) {
    return repeated(4096, corpus::size(20, 1000), [](auto y, auto x, int n, int times) {
        for (int i = 0; i < times; i++) add_scaled<<<n / 256, 256>>>(y, x, n, A);
    });
}
CASE(small_waited_for, 1e-4) {
    return repeated(4096, corpus::size(20, 1000), [](auto y, auto x, int n, int times) {
        for (int i = 0; i < times; i++) {
            add_scaled<<<n / 256, 256>>>(y, x, n, A);
            CHECK(cudaDeviceSynchronize());
        }
    });
}
CASE(middling_queued, 1e-4) {
    return repeated(1 << 18, corpus::size(10, 200), [](auto y, auto x, int n, int times) {
        for (int i = 0; i < times; i++) add_scaled<<<n / 256, 256>>>(y, x, n, A);
    });
}

/* Ten launches a graph. */
CASE(small_replayed, 1e-4) {
    int n = 4096, times = corpus::size(20, 1000);
    auto y = random<float>(n), x = corpus::checked(random<float>(n));
    cudaStream_t stream = nullptr;
    cudaGraphExec_t graph = nullptr;
    if (corpus::uses_cuda()) {
        cudaGraph_t captured;
        CHECK(cudaStreamCreate(&stream));
        CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
        for (int i = 0; i < 10; i++) add_scaled<<<n / 256, 256, 0, stream>>>(y, x, n, A);
        CHECK(cudaStreamEndCapture(stream, &captured));
        CHECK(cudaGraphInstantiate(&graph, captured, 0));
    }
    return {[=] {
                for (int i = 0; i < times / 10; i++) CHECK(cudaGraphLaunch(graph, stream));
                CHECK(cudaStreamSynchronize(stream));
            },
            [=] { reference::add_scaled(y.host, x.host, n, times, A); }};
}

/* Quarters of an array, each in a stream of its own. */
CASE(four_streams, 1e-4) {
    int part = 1 << 16, times = corpus::size(10, 200);
    auto y = random<float>(4 * part), x = corpus::checked(random<float>(4 * part));
    std::vector<cudaStream_t> streams(4);
    if (corpus::uses_cuda())
        for (cudaStream_t &stream : streams) CHECK(cudaStreamCreate(&stream));
    return {[=] {
                for (int i = 0; i < 4 * times; i++) {
                    int k = i % 4;
                    add_scaled<<<part / 256, 256, 0, streams[k]>>>(y + k * part, x + k * part, part, A);
                }
            },
            [=] { reference::add_scaled(y.host, x.host, 4 * part, times, A); }};
}
