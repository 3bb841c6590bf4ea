// cc: -std=c++20 --expt-relaxed-constexpr
// Modern C++ in device code: concepts, constexpr functions, structured bindings, if constexpr, std:: math and traits.
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "testing.h"

template <typename T>
concept Number = std::integral<T> || std::floating_point<T>;

template <Number T> __host__ __device__ constexpr T square(T x) { return x * x; }

template <typename T> struct Pair {
    T first, second;
};

template <std::floating_point T> __global__ void math(T *out) {
    T x = T(threadIdx.x) * T(0.25) + T(0.5);
    auto [a, b] = Pair<T>{std::sqrt(x), std::abs(-x)};
    T c = std::sin(x) * std::sin(x) + std::cos(x) * std::cos(x);
    T d = std::exp(std::log(x));
    T e = std::floor(x) + std::ceil(x) + std::fmin(a, b) + std::fmax(a, b);
    T f = std::pow(x, T(2)) + std::isfinite(x) + std::isnan(x);
    if constexpr (sizeof(T) == 8) f += T(1000);
    out[threadIdx.x] = c + d + e + f;
}

__global__ void language(int *out) {
    constexpr std::array<int, 4> table = {3, 1, 4, 1};
    int t = threadIdx.x;
    auto fold = [&]<typename... T>(T... v) { return (0 + ... + v); };
    int biggest = std::numeric_limits<int>::max() / (t + 1);
    static_assert(std::is_same_v<decltype(square(2)), int>);
    int x = 1, y = t;
    std::swap(x, y);
    out[t] = table[t % 4] + fold(t, 2, 3) + biggest % 7 + square(x) + y;
    if (t == 3) [[unlikely]]
        out[t] = -1;
}

// new and delete, which <cmath> includes before the runtime's own headers.
struct Filter {
    __device__ virtual int at(int x) const = 0;
    __device__ virtual ~Filter() {}
};
struct Doubled : Filter {
    int *data;
    __device__ explicit Doubled(int n) : data(new int[n]) {
        for (int i = 0; i < n; i++) data[i] = i;
    }
    __device__ ~Doubled() override { delete[] data; }
    __device__ int at(int x) const override { return data[x] * 2; }
};
__global__ void owners(int *out) {
    Filter *filter = new Doubled(40);
    out[threadIdx.x] = filter->at(threadIdx.x);
    delete filter;
    std::free(malloc(16));
}

template <typename T> static void check_math(const char *name, double tolerance) {
    Managed<T> out(40);
    math<T><<<1, 40>>>(out);
    finish();
    for (int t = 0; t < 40; t++) {
        double x = t * 0.25 + 0.5, a = std::sqrt(x);
        double want = 1 + x + std::floor(x) + std::ceil(x) + a + x + x * x + 1 + (sizeof(T) == 8 ? 1000 : 0);
        expect(std::fabs(out[t] - want) <= tolerance * want, true, name, t);
    }
}

int main() {
    check_math<float>("float", 1e-6);
    check_math<double>("double", 1e-14);
    Managed<int> out(16);
    language<<<1, 16>>>(out);
    finish();
    const int table[] = {3, 1, 4, 1};
    for (int t = 0; t < 16; t++) {
        int want = t == 3 ? -1 : table[t % 4] + t + 5 + std::numeric_limits<int>::max() / (t + 1) % 7 + t * t + 1;
        expect(out[t], want, "language", t);
    }
    owners<<<1, 16>>>(out);
    finish();
    for (int t = 0; t < 16; t++) expect(out[t], 2 * t, "new", t);
    return result();
}
