// What goes wrong on the device becomes a CUDA error, stays with the context, and leaves the host alive. Each fault
// happens in a process of its own.
#include <cassert>
#include <climits>
#include <sys/wait.h>
#include <unistd.h>

#include "testing.h"

__global__ void wild_store(int *p) { p[threadIdx.x] = 1; }
__global__ void null_load(int *out, const int *p) { *out = *p; }
__global__ void failing_assert(int x) { assert(x == 1); }
__global__ void trapping() { asm volatile("trap;"); }
__global__ void nothing() {}
__device__ __noinline__ int deeper(int n, volatile int *p) {
    int room[64];
    for (int i = 0; i < 64; i++) room[i] = p[i & 15] + n;
    int below = n < 0 ? 0 : deeper(n + 1, p);
    return below + room[n & 63];
}
__global__ void endless_recursion(int *p) { p[0] = deeper(1, p); }
// Division by zero is no fault on a device: the result is unspecified, the kernel goes on (Programming Guide).
__global__ void divide(long long *out, int a, int b, long long c, long long d) {
    out[0] = a / b, out[1] = a % b, out[2] = c / d, out[3] = c % d;
    out[4] = unsigned(a) / unsigned(b), out[5] = (unsigned long long)c % (unsigned long long)d;
    out[6] = 1234;
}

template <typename F> static void in_child(const char *name, F body) {
    fflush(stdout);
    fflush(stderr);
    pid_t pid = fork();
    if (pid == 0) {
        wrong_count = 0;
        body();
        _exit(wrong_count != 0);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s: child ended with status %#x\n", name, status);
        wrong_count++;
    }
}

// The launch is accepted; the fault comes at synchronisation and every call after it repeats it.
template <typename F> static void faults(const char *name, cudaError_t want, F launch) {
    in_child(name, [&] {
        int *d;
        CHECK(cudaMalloc(&d, 64));
        launch(d);
        expect(int(cudaDeviceSynchronize()), int(want), name);
        void *p;
        expect(int(cudaMalloc(&p, 16)), int(want), "sticky");
        nothing<<<1, 1>>>();
        expect(int(cudaGetLastError()), int(want), "launch after a fault");
    });
}

int main() {
    faults("wild store", cudaErrorIllegalAddress, [](int *) { wild_store<<<1, 32>>>(reinterpret_cast<int *>(0x123456780000)); });
    faults("null load", cudaErrorIllegalAddress, [](int *d) { null_load<<<1, 1>>>(d, nullptr); });
    faults("assert", cudaErrorAssert, [](int *) { failing_assert<<<1, 32>>>(0); });
    faults("trap", cudaErrorLaunchFailure, [](int *) { trapping<<<1, 1>>>(); });

    faults("endless recursion", cudaErrorHardwareStackError, [](int *d) { endless_recursion<<<1, 1>>>(d); });

    in_child("division by zero and the lowest number by -1", [] {
        long long *out;
        CHECK(cudaMallocManaged(&out, 64));
        divide<<<1, 1>>>(out, 7, 0, 7, 0);
        expect(int(cudaDeviceSynchronize()), int(cudaSuccess), "by zero");
        divide<<<2, 33>>>(out, INT_MIN, -1, LLONG_MIN, -1);
        expect(int(cudaDeviceSynchronize()), int(cudaSuccess), "lowest by -1");
        expect(out[6], 1234ll, "the kernel went on");
    });
    in_child("refused launches", [] {
        nothing<<<1, 2048>>>();
        expect(int(cudaGetLastError()), int(cudaErrorInvalidConfiguration), "block too large");
        nothing<<<0, 32>>>();
        expect(int(cudaGetLastError()), int(cudaErrorInvalidConfiguration), "empty grid");
        nothing<<<dim3(1, 70000), 32>>>();
        expect(int(cudaGetLastError()), int(cudaErrorInvalidConfiguration), "grid too high");
        nothing<<<1, 32, 1 << 20>>>();
        expect(int(cudaGetLastError()), int(cudaErrorInvalidValue), "too much shared memory");
        expect(int(cudaGetLastError()), int(cudaSuccess), "the error is cleared");
        nothing<<<1, 32>>>();
        expect(int(cudaDeviceSynchronize()), int(cudaSuccess), "goes on");
    });
    in_child("bad arguments", [] {
        int *d = nullptr, h[4];
        expect(int(cudaMemcpy(nullptr, h, 16, cudaMemcpyHostToDevice)), int(cudaErrorInvalidValue), "null destination");
        expect(int(cudaFree(h)), int(cudaErrorInvalidValue), "free of host memory");
        expect(int(cudaFree(nullptr)), int(cudaSuccess), "free of null");
        expect(int(cudaMalloc(reinterpret_cast<void **>(&d), size_t(1) << 60)), int(cudaErrorMemoryAllocation), "too much memory");
        expect(int(cudaSetDevice(1000)), int(cudaErrorInvalidDevice), "no such device");
        expect(int(cudaGetLastError()), int(cudaErrorInvalidDevice), "last error");
        expect(int(cudaMemcpy(h, h, 16, cudaMemcpyKind(77))), int(cudaErrorInvalidMemcpyDirection), "direction");
    });
    return result();
}
