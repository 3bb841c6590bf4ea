// Streams: order inside one, the default stream's rule, events across streams, host functions, queries, priorities.
#include <atomic>
#include <thread>
#include <vector>

#include "testing.h"

__global__ void append(int *log, int *length, int value, int work) {
    volatile int sink = 0;
    for (int i = 0; i < work; i++) sink = sink + i;
    log[atomicAdd(length, 1)] = value;
}

struct Log {
    Managed<int> values{4096}, length{1};
    void check(const std::vector<int> &want, const char *what) {
        CHECK(cudaDeviceSynchronize());
        expect(length[0], int(want.size()), what, -1);
        for (size_t i = 0; i < want.size(); i++) expect(values[i], want[i], what, long(i));
        length[0] = 0;
    }
};

static void in_order() {
    Log log;
    cudaStream_t s;
    CHECK(cudaStreamCreate(&s));
    std::vector<int> want;
    for (int i = 0; i < 300; i++) {
        append<<<1, 1, 0, s>>>(log.values, log.length, i, (300 - i) * 20);
        want.push_back(i);
    }
    log.check(want, "one stream");
    CHECK(cudaStreamDestroy(s));
}

// The legacy default stream waits for blocking streams and they for it; non-blocking streams do neither.
static void default_stream() {
    Log log;
    cudaStream_t a, b;
    CHECK(cudaStreamCreate(&a));
    CHECK(cudaStreamCreateWithFlags(&b, cudaStreamDefault));
    std::vector<int> want;
    for (int i = 0; i < 30; i += 3) {
        append<<<1, 1, 0, a>>>(log.values, log.length, i, 30000);
        append<<<1, 1>>>(log.values, log.length, i + 1, 10000);
        append<<<1, 1, 0, b>>>(log.values, log.length, i + 2, 100);
        append<<<1, 1>>>(log.values, log.length, -1, 0);
        for (int v : {i, i + 1, i + 2, -1}) want.push_back(v);
    }
    log.check(want, "default stream");
    CHECK(cudaStreamDestroy(a));
    CHECK(cudaStreamDestroy(b));
}

static void events_order_streams() {
    Log log;
    std::vector<cudaStream_t> streams(5);
    for (cudaStream_t &s : streams) CHECK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
    cudaEvent_t event;
    CHECK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    std::vector<int> want;
    for (int i = 0; i < 200; i++) {
        cudaStream_t s = streams[i * 7 % 5];
        CHECK(cudaStreamWaitEvent(s, event, 0)); // an event never recorded is no obstacle
        append<<<1, 1, 0, s>>>(log.values, log.length, i, i % 3 * 5000);
        CHECK(cudaEventRecord(event, s)); // later waits mean this record
        want.push_back(i);
    }
    log.check(want, "events");
    expect(int(cudaEventQuery(event)), int(cudaSuccess), "query");
    float ms;
    expect(int(cudaEventElapsedTime(&ms, event, event)), int(cudaErrorInvalidResourceHandle), "no timing");
    expect(int(cudaGetLastError()), int(cudaErrorInvalidResourceHandle), "the last error of it");
    CHECK(cudaEventDestroy(event));
    for (cudaStream_t s : streams) CHECK(cudaStreamDestroy(s));
}

struct Step {
    std::atomic<int> *next;
    int mine;
};
static std::atomic<int> out_of_order{0};
static void take_step(void *data) {
    Step *step = static_cast<Step *>(data);
    if (step->next->fetch_add(1) != step->mine) out_of_order++;
}
static void callback(cudaStream_t, cudaError_t status, void *data) {
    if (status != cudaSuccess) out_of_order++;
    take_step(data);
}

static void host_functions() {
    cudaStream_t s;
    CHECK(cudaStreamCreate(&s));
    std::atomic<int> next{0};
    std::vector<Step> steps(40);
    Managed<int> log(128);
    for (int i = 0; i < 40; i++) {
        steps[i] = {&next, i};
        append<<<1, 1, 0, s>>>(log, log + 100, i, 1000);
        if (i % 2) CHECK(cudaLaunchHostFunc(s, take_step, &steps[i]));
        else CHECK(cudaStreamAddCallback(s, callback, &steps[i], 0));
    }
    CHECK(cudaStreamSynchronize(s));
    expect(next.load(), 40, "host functions");
    expect(out_of_order.load(), 0, "their order");
    CHECK(cudaStreamDestroy(s));
}

static std::atomic<bool> release_gate{false};
static void wait_at_gate(void *) {
    while (!release_gate) std::this_thread::yield();
}

// Asynchronous calls return before the work is done.
static void asynchronous() {
    cudaStream_t s;
    cudaEvent_t event;
    CHECK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
    CHECK(cudaEventCreate(&event));
    CHECK(cudaLaunchHostFunc(s, wait_at_gate, nullptr));
    int *pinned;
    CHECK(cudaMallocHost(&pinned, 4));
    *pinned = 0;
    Managed<int> source(1);
    source[0] = 42;
    CHECK(cudaMemcpyAsync(pinned, source.data, 4, cudaMemcpyDeviceToHost, s));
    CHECK(cudaEventRecord(event, s));
    expect(int(cudaStreamQuery(s)), int(cudaErrorNotReady), "stream not ready");
    expect(int(cudaEventQuery(event)), int(cudaErrorNotReady), "event not ready");
    cudaGetLastError(); // "not ready" may be the last error, as on CUDA
    expect(*pinned, 0, "not copied yet");
    release_gate = true;
    CHECK(cudaEventSynchronize(event));
    expect(*pinned, 42, "copied");
    expect(int(cudaStreamQuery(s)), int(cudaSuccess), "stream done");
    CHECK(cudaFreeHost(pinned));
    CHECK(cudaEventDestroy(event));
    CHECK(cudaStreamDestroy(s));
}

static void priorities_and_handles() {
    int least, greatest, priority;
    unsigned flags;
    CHECK(cudaDeviceGetStreamPriorityRange(&least, &greatest));
    cudaStream_t s;
    CHECK(cudaStreamCreateWithPriority(&s, cudaStreamNonBlocking, greatest));
    CHECK(cudaStreamGetPriority(s, &priority));
    CHECK(cudaStreamGetFlags(s, &flags));
    expect(priority, greatest, "priority");
    expect(flags, unsigned(cudaStreamNonBlocking), "flags");
    CHECK(cudaStreamDestroy(s));
    expect(int(cudaEventDestroy(nullptr)), int(cudaErrorInvalidResourceHandle), "null event");
}

static void threads() {
    std::vector<std::thread> workers;
    std::atomic<int> bad{0};
    for (int w = 0; w < 4; w++) {
        workers.emplace_back([w, &bad] {
            cudaStream_t s;
            if (cudaStreamCreate(&s) != cudaSuccess) bad++;
            int *d, host[64];
            if (cudaMalloc(&d, 2 * sizeof(int)) != cudaSuccess) bad++;
            for (int i = 0; i < 50; i++) {
                cudaMemsetAsync(d, 0, 8, s);
                append<<<1, 1, 0, s>>>(d + 1, d, w * 100 + i, 10);
                cudaMemcpyAsync(host, d, 8, cudaMemcpyDeviceToHost, s);
                if (cudaStreamSynchronize(s) != cudaSuccess || host[0] != 1 || host[1] != w * 100 + i) bad++;
            }
            cudaFree(d);
            cudaStreamDestroy(s);
        });
    }
    for (std::thread &worker : workers) worker.join();
    expect(bad.load(), 0, "threads");
}

int main() {
    in_order();
    default_stream();
    events_order_streams();
    host_functions();
    asynchronous();
    priorities_and_handles();
    threads();
    return result();
}
