// printf on the device, its output caught and compared: order inside a thread, formats, and one line a thread.
// Usage: device_printf

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "common/check.h"

__global__ void greet() {
    if (threadIdx.x == 0 || threadIdx.x == 33) printf("hello from block %d, thread %d\n", blockIdx.x, threadIdx.x);
}

__global__ void formats(const char *text, double value) {
    printf("integers %d %u %x %5d|%-5d|%05d\n", -7, 7u, 255u, 42, 42, 42);
    printf("floats %f %.3e %g\n", value, value, value);
    printf("long %lld %llu char %c percent %%\n", -1234567890123ll, 18446744073709551615ull, 'x');
    printf("string %s width %*d\n", text, 4, 9);
}

// What `body` prints to standard output, device output included.
template <typename F> static std::string captured(F body) {
    fflush(stdout);
    FILE *file = tmpfile();
    int saved = dup(1);
    dup2(fileno(file), 1);
    body();
    fflush(stdout);
    dup2(saved, 1);
    close(saved);
    std::string text(size_t(lseek(fileno(file), 0, SEEK_END)), '\0');
    ssize_t got = pread(fileno(file), &text[0], text.size(), 0);
    fclose(file);
    return got == ssize_t(text.size()) ? text : "";
}

int main() {
    bool ok = true;
    std::string hello = captured([] {
        greet<<<3, 64>>>();
        CUDA_CHECK(cudaDeviceSynchronize());
    });
    std::vector<std::string> lines, want;
    for (size_t at = 0, end; (end = hello.find('\n', at)) != std::string::npos; at = end + 1) lines.push_back(hello.substr(at, end - at));
    for (int b = 0; b < 3; b++)
        for (int t : {0, 33}) want.push_back("hello from block " + std::to_string(b) + ", thread " + std::to_string(t));
    std::sort(lines.begin(), lines.end()); // threads may print in any order
    ok &= lines == want;
    printf("%zu greetings, as wanted: %s\n", lines.size(), lines == want ? "yes" : "no");

    char *d_text;
    CUDA_CHECK(cudaMalloc(&d_text, 16));
    CUDA_CHECK(cudaMemcpy(d_text, "from the host", 14, cudaMemcpyHostToDevice));
    std::string got = captured([&] {
        formats<<<1, 1>>>(d_text, 1234.5678);
        CUDA_CHECK(cudaDeviceSynchronize());
    });
    const char *expected = "integers -7 7 ff    42|42   |00042\n"
                           "floats 1234.567800 1.235e+03 1234.57\n"
                           "long -1234567890123 18446744073709551615 char x percent %\n"
                           "string from the host width    9\n";
    ok &= got == expected;
    printf("%s", got.c_str());
    if (got != expected) printf("but wanted\n%s", expected);
    CUDA_CHECK(cudaFree(d_text));
    return verdict(ok);
}
