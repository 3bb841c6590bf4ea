/* What the runtime costs as things get many: for `./x bench --scaling`, which draws docs/performance.svg from it.
 *
 * Every line of output is `curve n cost`: n things were done, and one of them cost so many nanoseconds; for the curves
 * `memory` and `resident` it is bytes: what the process holds after a grid of n blocks, and what one of n blocks takes
 * while all of them wait for each other. A flat curve is linear growth. Nothing is drawn that is not printed here. */
#include "../common/cuda.h"

#include <atomic>
#include <cooperative_groups.h>
#include <cuda.h>
#include <string>
#include <thread>
#include <vector>

__global__ void little(int *out) {
    if (threadIdx.x == 0) out[blockIdx.x & 1023] = blockIdx.x;
}

__global__ void thread_work(float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = out[i] * 0.5f + 1.0f;
}

/* Barriers, shared memory and a local array that is indexed: all that a resident block needs memory for. */
__global__ void block_work(int *out) {
    __shared__ int tile[256];
    int own[32];
    for (int k = 0; k < 32; k++) own[k] = threadIdx.x * k;
    tile[threadIdx.x] = own[(threadIdx.x + blockIdx.x) & 31];
    __syncthreads();
    int sum = tile[threadIdx.x ^ 255];
    __syncthreads();
    tile[threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.x == 0) out[blockIdx.x & 1023] = tile[17];
}

/* The same block, which then waits for all others. */
__global__ void resident_block(int *out) {
    __shared__ int tile[256];
    int own[32];
    for (int k = 0; k < 32; k++) own[k] = threadIdx.x * k;
    tile[threadIdx.x] = own[(threadIdx.x + blockIdx.x) & 31];
    cooperative_groups::this_grid().sync();
    out[threadIdx.x] = tile[threadIdx.x ^ 255] + own[out[0] & 31];
}

/* Compute bound, with rows of very different cost. */
__host__ __device__ static int steps(int x, int y, int width) {
    float cx = x * 3.0f / width - 2.0f, cy = y * 3.0f / width - 1.5f, a = 0, b = 0;
    int k = 0;
    while (k < 400 && a * a + b * b < 4) {
        float t = a * a - b * b + cx;
        b = 2 * a * b + cy;
        a = t;
        k++;
    }
    return k;
}

__global__ void escape(int *out, int width) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
    out[y * width + x] = steps(x, y, width);
}

static void row(const char *curve, double n, double ns) { printf("%s %.0f %.3f\n", curve, n, ns); }

/* Processor time of this process: what one thread does costs the same on a busy machine. */
static double cpu_ms() {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/* The best of some runs: what others do on the machine only adds. Long ones run once. */
template <typename F> double best(double (*clock)(), F run) {
    double best = 1e300, begin = now_ms();
    for (int k = 0; k < 15 && (k < 1 || now_ms() - begin < 400); k++) {
        double start = clock();
        run();
        double ms = clock() - start;
        best = ms < best ? ms : best;
    }
    return best;
}
template <typename F> double best_ms(F run) { return best(now_ms, run); }
template <typename F> double best_cpu(F run) { return best(cpu_ms, run); }

/* Memory that the process holds (`VmRSS`), or has held at most (`VmHWM`). */
static size_t resident_bytes(const char *which = "VmRSS") {
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    size_t kb = 0, length = strlen(which);
    while (fgets(line, sizeof line, f)) {
        if (!strncmp(line, which, length)) sscanf(line + length, ": %zu", &kb);
    }
    fclose(f);
    return kb * 1024;
}

/* What was held at most is counted from here on. */
static void forget_peak() {
    FILE *f = fopen("/proc/self/clear_refs", "w");
    if (!f) return;
    fputs("5", f);
    fclose(f);
}

static void grids() {
    int *out = device_array<int>(1024);
    little<<<1, 64>>>(out);
    finish();
    for (long n = 1; n <= 4 << 20; n *= 4) {
        row("grid", n, best_ms([&] { little<<<n, 64>>>(out); finish(); }) * 1e6 / n);
    }
    block_work<<<1, 256>>>(out);
    finish();
    for (long n = 1; n <= 1 << 18; n *= 4) {
        row("grid_barriers", n, best_ms([&] { block_work<<<n, 256>>>(out); finish(); }) * 1e6 / n);
        row("memory", n, resident_bytes());
    }
    cudaFree(out);
}

static void resident() {
    int *out = device_array<int>(1024), fit = 0, processors = 0;
    void *args[] = {&out};
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&fit, resident_block, 256, 0));
    CHECK(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0));
    CHECK(cudaLaunchCooperativeKernel(resident_block, 1, 256, args));
    finish();
    for (int n = 4; n <= fit * processors; n *= 2) {
        size_t before = resident_bytes();
        forget_peak();
        CHECK(cudaLaunchCooperativeKernel(resident_block, n, 256, args));
        finish();
        size_t peak = resident_bytes("VmHWM");
        row("resident", n, peak > before ? double(peak - before) / n : 0);
    }
    cudaFree(out);
}

static void blocks() {
    const int total = 1 << 20;
    float *data = device_array<float>(total);
    CHECK(cudaMemset(data, 0, total * sizeof(float)));
    for (int threads = 1; threads <= 1024; threads *= 2) {
        thread_work<<<1, threads>>>(data, total);
        finish();
        double ms = best_ms([&] { thread_work<<<total / threads, threads>>>(data, total); finish(); });
        row("block", threads, ms * 1e6 / total);
    }
    cudaFree(data);
}

static void launches() {
    int *out = device_array<int>(1024);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    little<<<1, 32>>>(out);
    finish();
    for (int n = 1; n <= 100000; n *= 10) {
        double ms = best_ms([&] {
            for (int k = 0; k < n; k++) little<<<1, 32>>>(out);
            finish();
        });
        row("launch_queued", n, ms * 1e6 / n);
        ms = best_ms([&] {
            for (int k = 0; k < n; k++) {
                little<<<1, 32>>>(out);
                finish();
            }
        });
        row("launch_sync", n, ms * 1e6 / n);
        cudaGraph_t graph;
        cudaGraphExec_t exec;
        CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
        for (int k = 0; k < n; k++) little<<<1, 32, 0, stream>>>(out);
        CHECK(cudaStreamEndCapture(stream, &graph));
        CHECK(cudaGraphInstantiate(&exec, graph, 0));
        ms = best_ms([&] { CHECK(cudaGraphLaunch(exec, stream)); finish(); });
        row("graph_node", n, ms * 1e6 / n);
        cudaGraphExecDestroy(exec);
        cudaGraphDestroy(graph);
    }
    cudaStreamDestroy(stream);
    cudaFree(out);
}

static void objects() {
    int *out = device_array<int>(1024);
    for (int n = 10; n <= 10000; n *= 10) {
        std::vector<cudaStream_t> streams(n);
        std::vector<cudaEvent_t> events(n);
        double ms = best_cpu([&] {
            for (auto &s : streams) CHECK(cudaStreamCreate(&s));
            for (auto &s : streams) little<<<1, 32, 0, s>>>(out);
            finish();
            for (auto &s : streams) cudaStreamDestroy(s);
        });
        row("stream", n, ms * 1e6 / n);
        for (auto &s : streams) CHECK(cudaStreamCreate(&s));
        for (auto &s : streams) little<<<1, 32, 0, s>>>(out);
        finish();
        ms = best_ms([&] {
            for (int k = 0; k < 100; k++) little<<<1, 32>>>(out);
            finish();
        });
        row("launch_beside_streams", n, ms * 1e6 / 100);
        for (auto &s : streams) cudaStreamDestroy(s);
        ms = best_cpu([&] {
            for (auto &e : events) CHECK(cudaEventCreate(&e));
            for (auto &e : events) CHECK(cudaEventRecord(e));
            finish();
            for (auto &e : events) cudaEventDestroy(e);
        });
        row("event", n, ms * 1e6 / n);
    }
    for (int n = 10; n <= 1000000; n *= 10) {
        std::vector<void *> blocks(n);
        double ms = best_cpu([&] {
            for (auto &p : blocks) CHECK(cudaMalloc(&p, 256));
            for (int k = 0; k < n; k += 2) cudaFree(blocks[k]);
            for (int k = 1; k < n; k += 2) cudaFree(blocks[k]);
        });
        row("malloc_free", n, ms * 1e6 / n);
    }
    for (long mb = 1; mb <= 4096; mb *= 4) {
        void *p;
        double ms = best_cpu([&] { CHECK(cudaMalloc(&p, mb << 20)); cudaFree(p); });
        row("malloc_mb", mb, ms * 1e6 / mb);
    }
    cudaFree(out);
}

static void copies() {
    size_t most = 256 << 20;
    char *a = device_array<char>(most), *b = device_array<char>(most), *host = (char *)bench_alloc(most);
    memset(host, 1, most);
    CHECK(cudaMemset(a, 1, most));
    CHECK(cudaMemset(b, 1, most));
    finish();
    for (size_t n = 4096; n <= most; n *= 4) {
        row("copy_device", n, best_ms([&] { cudaMemcpy(a, b, n, cudaMemcpyDeviceToDevice); finish(); }) * 1e6 / n);
        row("copy_to_device", n, best_ms([&] { cudaMemcpy(a, host, n, cudaMemcpyHostToDevice); }) * 1e6 / n);
        row("fill", n, best_ms([&] { cudaMemset(a, 7, n); finish(); }) * 1e6 / n);
    }
    cudaFree(a);
    cudaFree(b);
    free(host);
}

/* A module of n kernels of 100 instructions that differ. */
static std::string module_text(int n) {
    std::string text = ".version 7.8\n.target sm_80\n.address_size 64\n";
    for (int k = 0; k < n; k++) {
        text += ".visible .entry k" + std::to_string(k) + "(.param .u64 p) {\n.reg .b32 %r<60>;\n.reg .b64 %d<4>;\n"
                "ld.param.u64 %d1, [p];\ncvta.to.global.u64 %d2, %d1;\nmov.u32 %r1, %tid.x;\n"
                "mul.wide.u32 %d3, %r1, 4;\nadd.s64 %d2, %d2, %d3;\nld.global.u32 %r2, [%d2];\n";
        for (int i = 0; i < 45; i++) {
            std::string from = "%r" + std::to_string(i + 2), to = "%r" + std::to_string(i + 3);
            text += "mad.lo.s32 " + to + ", " + from + ", " + std::to_string(2 * k + 3) + ", %r1;\n";
            text += "xor.b32 " + to + ", " + to + ", " + std::to_string(i) + ";\n";
        }
        text += "st.global.u32 [%d2], %r47;\nret;\n}\n";
    }
    return text;
}

static void modules() {
    int *out = device_array<int>(1024);
    for (int n = 1; n <= 1000; n *= 10) {
        std::string text = module_text(n);
        CUmodule module;
        double ms = best_cpu([&] {
            if (cuModuleLoadData(&module, text.c_str()) != CUDA_SUCCESS) exit(1);
            cuModuleUnload(module);
        });
        row("module_byte", text.size(), ms * 1e6 / text.size());
        row("kernel_loaded", n, ms * 1e6 / n);
        if (n > 100) break;
        cuModuleLoadData(&module, text.c_str());
        double start = cpu_ms();
        for (int k = 0; k < n; k++) {
            CUfunction f;
            cuModuleGetFunction(&f, module, ("k" + std::to_string(k)).c_str());
            void *args[] = {&out};
            cuLaunchKernel(f, 1, 1, 1, 64, 1, 1, 0, 0, args, 0);
        }
        finish();
        row("kernel_compiled", n, (cpu_ms() - start) * 1e6 / n);
        cuModuleUnload(module);
    }
    cudaFree(out);
}

static void workers(int count) {
    const int width = 1024;
    int *out = device_array<int>(width * width);
    double ms = best_ms([&] { escape<<<dim3(width / 128, width), 128>>>(out, width); finish(); });
    row("escape", count, ms * 1e6);
    cudaFree(out);
    /* What the machine's processors give a program of plain threads. */
    std::vector<int> counted(width * width);
    ms = best_ms([&] {
        std::atomic<int> next(0);
        auto work = [&] {
            for (int y; (y = next++) < width;) {
                for (int x = 0; x < width; x++) counted[y * width + x] = steps(x, y, width);
            }
        };
        std::vector<std::thread> threads;
        for (int k = 1; k < count; k++) threads.emplace_back(work);
        work();
        for (auto &thread : threads) thread.join();
    });
    row("threads", count, ms * 1e6);
}

int main(int argc, char **argv) {
    CHECK(cudaFree(0));
    if (argc > 1) {
        if (!strcmp(argv[1], "resident")) resident();
        else workers(atoi(argv[1]));
        return 0;
    }
    modules();
    grids();
    blocks();
    launches();
    objects();
    copies();
    return 0;
}
