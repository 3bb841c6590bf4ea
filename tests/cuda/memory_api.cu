// Copies and fills of every kind: pitched, symbols, peers of host and device, pointer attributes, pools, limits.
#include <vector>

#include "testing.h"

__constant__ int constant_value[4];
__device__ int device_value[4] = {1, 2, 3, 4};

__global__ void read_symbols(int *out) {
    int t = threadIdx.x;
    out[t] = constant_value[t] * 100 + device_value[t];
    device_value[t] += 10;
}

__global__ void add_pitched(char *base, size_t pitch, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
    if (x < width && y < height) reinterpret_cast<int *>(base + y * pitch)[x] += x + 1000 * y;
}

static void symbols() {
    int in[4] = {5, 6, 7, 8}, back[4];
    CHECK(cudaMemcpyToSymbol(constant_value, in, sizeof in));
    Managed<int> out(4);
    read_symbols<<<1, 4>>>(out);
    finish();
    for (int i = 0; i < 4; i++) expect(out[i], in[i] * 100 + i + 1, "symbol", i);
    CHECK(cudaMemcpyFromSymbol(back, device_value, 2 * sizeof(int), 2 * sizeof(int), cudaMemcpyDeviceToHost));
    expect(back[0], 13, "from symbol", 0);
    expect(back[1], 14, "from symbol", 1);
    void *address;
    size_t size;
    CHECK(cudaGetSymbolAddress(&address, device_value));
    CHECK(cudaGetSymbolSize(&size, device_value));
    expect(size, sizeof device_value, "symbol size");
    CHECK(cudaMemset(address, 0, size));
    CHECK(cudaMemcpyFromSymbol(back, device_value, sizeof back));
    for (int v : back) expect(v, 0, "set through its address");
}

static void pitched() {
    const int width = 37, height = 11;
    std::vector<int> host(width * height), back(width * height);
    for (size_t i = 0; i < host.size(); i++) host[i] = int(i) * 7;
    void *d;
    size_t pitch;
    CHECK(cudaMallocPitch(&d, &pitch, width * sizeof(int), height));
    expect(pitch >= width * sizeof(int) && pitch % 32 == 0, true, "pitch");
    CHECK(cudaMemset2D(d, pitch, 0xff, width * sizeof(int), height));
    CHECK(cudaMemcpy2D(d, pitch, host.data(), width * sizeof(int), width * sizeof(int), height, cudaMemcpyHostToDevice));
    add_pitched<<<dim3(2, height), 32>>>(static_cast<char *>(d), pitch, width, height);
    CHECK(cudaMemcpy2DAsync(back.data(), width * sizeof(int), d, pitch, width * sizeof(int), height, cudaMemcpyDeviceToHost, 0));
    CHECK(cudaDeviceSynchronize());
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) expect(back[y * width + x], host[y * width + x] + x + 1000 * y, "pitched", y * 100 + x);
    CHECK(cudaFree(d));
}

static void kinds() {
    const int n = 100003;
    std::vector<char> host(n), back(n);
    for (int i = 0; i < n; i++) host[i] = char(i * 31);
    char *a, *b;
    CHECK(cudaMalloc(&a, n));
    CHECK(cudaMalloc(&b, n));
    CHECK(cudaMemcpy(a, host.data(), n, cudaMemcpyDefault));
    CHECK(cudaMemcpy(b + 1, a, n - 1, cudaMemcpyDeviceToDevice));
    CHECK(cudaMemset(b, 99, 1));
    CHECK(cudaMemcpy(back.data(), b, n, cudaMemcpyDeviceToHost));
    expect(int(back[0]), 99, "set");
    for (int i = 1; i < n; i++) expect(int(back[i]), int(host[i - 1]), "device to device", i);
    CHECK(cudaMemcpy(back.data(), host.data(), n, cudaMemcpyHostToHost));
    expect(back == host, true, "host to host");

    cudaPointerAttributes attributes;
    CHECK(cudaPointerGetAttributes(&attributes, a + 5));
    expect(int(attributes.type), int(cudaMemoryTypeDevice), "device pointer");
    CHECK(cudaPointerGetAttributes(&attributes, host.data()));
    expect(int(attributes.type), int(cudaMemoryTypeUnregistered), "host pointer");
    void *pinned, *mapped;
    CHECK(cudaHostAlloc(&pinned, 64, cudaHostAllocMapped));
    CHECK(cudaPointerGetAttributes(&attributes, pinned));
    expect(int(attributes.type), int(cudaMemoryTypeHost), "pinned pointer");
    CHECK(cudaHostGetDevicePointer(&mapped, pinned, 0));
    CHECK(cudaMemset(mapped, 7, 64));
    expect(int(static_cast<char *>(pinned)[63]), 7, "mapped");
    CHECK(cudaFreeHost(pinned));
    CHECK(cudaHostRegister(host.data(), n, cudaHostRegisterDefault));
    CHECK(cudaPointerGetAttributes(&attributes, host.data()));
    expect(int(attributes.type), int(cudaMemoryTypeHost), "registered pointer");
    CHECK(cudaHostUnregister(host.data()));
    CHECK(cudaFree(a));
    CHECK(cudaFree(b));
}

static void accounting() {
    size_t free_before, free_during, free_after, total;
    void *d;
    CHECK(cudaMemGetInfo(&free_before, &total));
    CHECK(cudaMalloc(&d, 64 << 20));
    CHECK(cudaMemGetInfo(&free_during, &total));
    CHECK(cudaFree(d));
    CHECK(cudaMemGetInfo(&free_after, &total));
    expect(free_before <= total && free_during <= total, true, "free and total");
    expect(free_before - free_during >= (60u << 20), true, "allocation is seen");
    // Many allocations and frees of odd sizes, contents kept apart.
    std::vector<std::pair<unsigned char *, int>> held;
    for (int i = 0; i < 500; i++) {
        int size = (i * 7919) % 5000 + 1;
        unsigned char *p;
        CHECK(cudaMalloc(&p, size));
        expect(reinterpret_cast<size_t>(p) % 256, size_t(0), "alignment", i);
        CHECK(cudaMemset(p, i & 255, size));
        held.push_back({p, size});
        if (i % 3 == 2) {
            CHECK(cudaFree(held[i / 3].first));
            held[i / 3].first = nullptr;
        }
    }
    std::vector<unsigned char> back(5000);
    for (int i = 0; i < 500; i++) {
        if (!held[i].first) continue;
        CHECK(cudaMemcpy(back.data(), held[i].first, held[i].second, cudaMemcpyDeviceToHost));
        for (int k = 0; k < held[i].second; k++) expect(int(back[k]), i & 255, "contents", i * 10000 + k);
        CHECK(cudaFree(held[i].first));
    }
}

static void pools() {
    cudaStream_t s;
    CHECK(cudaStreamCreate(&s));
    int *p, host[4] = {};
    for (int i = 0; i < 20; i++) {
        CHECK(cudaMallocAsync(&p, 1024 * (i + 1), s));
        CHECK(cudaMemsetAsync(p, i, 16, s));
        CHECK(cudaMemcpyAsync(host, p, 16, cudaMemcpyDeviceToHost, s));
        CHECK(cudaFreeAsync(p, s));
        CHECK(cudaStreamSynchronize(s));
        expect(host[3], i * 0x01010101, "pool", i);
    }
    CHECK(cudaStreamDestroy(s));
}

int main() {
    symbols();
    pitched();
    kinds();
    accounting();
    pools();
    return result();
}
