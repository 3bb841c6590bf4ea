/* The corpus: kernels as CUDA programmers write them, a file for each family, each with a plain loop in OpenMP beside it
 * (NAME.cpp) that says what it computes. A program holds a family: it checks each kernel, element by element, or runs one
 * side of one kernel for the benchmark. Include this file once in a program: it has `main`.
 *
 * Invariant: both sides of a case begin with the same bytes in all arrays, and what lies behind a result stays as it was. */
#pragma once

#include "cuda.h"

#include <functional>
#include <vector>

namespace corpus {

/* Which sides of a case this process runs. */
enum class Sides { Cuda, Reference, Both };
static Sides sides = Sides::Both;
static bool uses_cuda() { return sides != Sides::Reference; }

/* Sizes of a check are small; those of a measurement are not. */
static bool checks = true;
static int size(int checked, int measured) { return checks ? checked : measured; }

/* An array on both sides. Kernels take it as their pointer. */
template <typename T> struct Array {
    T *host, *device;
    size_t count;
    operator T *() const { return device; }
};

/* Elements behind each array that nobody may touch. */
const size_t MARGIN = 64;

/* How a result compares, and its weighted sum. */
struct Comparison {
    size_t wrong = 0, count = 0, first = 0, written = 0;
    double got = 0, expected = 0;
};
struct Result {
    std::function<Comparison(double)> compare;
    std::function<double()> weigh;
};
static std::vector<Result> results;
static uint32_t seed;

/* An array whose elements `fill(host)` writes. */
template <typename T, typename F> Array<T> array(size_t count, F fill) {
    Array<T> a = {(T *)bench_alloc((count + MARGIN) * sizeof(T)), nullptr, count};
    memset((void *)(a.host + count), 0x5a, MARGIN * sizeof(T));
    fill(a.host);
    if (uses_cuda()) a.device = device_copy(a.host, count + MARGIN);
    return a;
}

/* Numbers between `low` and `high`, others in each array of a case. */
template <typename T> Array<T> random(size_t count, double low = 0, double high = 1) {
    uint32_t state = ++seed;
    return array<T>(count, [&](T *host) {
        for (size_t i = 0; i < count; i++) host[i] = T(low + (high - low) * bench_random(&state));
    });
}

/* The weight of an element in a checksum. */
static double weight(size_t i) { return 1 + i % 7; }

/* Says that an array is (also) a result. */
template <typename T> Array<T> checked(Array<T> a) {
    size_t count = a.count, bytes = (count + MARGIN) * sizeof(T);
    T *begun = (T *)bench_alloc(bytes);
    memcpy((void *)begun, a.host, bytes);
    auto compare = [=](double tolerance) {
        std::vector<T> got(count + MARGIN);
        to_host(got.data(), a.device, count + MARGIN);
        Comparison c;
        double mean = 0;
        for (size_t i = 0; i < count; i++) mean += fabs((double)a.host[i]) / count;
        for (size_t i = 0; i < count + MARGIN; i++) {
            double x = (double)got[i], y = (double)a.host[i];
            bool same = !memcmp(&got[i], &a.host[i], sizeof(T)) || fabs(x - y) <= tolerance * fmax(fabs(y), mean);
            c.written += memcmp(&begun[i], &a.host[i], sizeof(T)) != 0;
            c.count++;
            // What lies behind the array counts as much as all of it.
            if (!same && !c.wrong) c.first = i, c.got = x, c.expected = y;
            if (!same) c.wrong += i < count ? 1 : count;
        }
        return c;
    };
    auto weigh = [=] {
        std::vector<T> last(a.host, a.host + count);
        if (uses_cuda()) to_host(last.data(), a.device, count);
        double sum = 0;
        for (size_t i = 0; i < count; i++) sum += weight(i) * (double)last[i];
        return sum;
    };
    results.push_back({compare, weigh});
    return a;
}

/* An array that both sides write. What they leave as it was is compared, too. */
template <typename T> Array<T> result(size_t count) { return checked(random<T>(count, 0, 100)); }

/* Fills a `__constant__` variable. */
template <typename T> void constant(T &symbol, const T &value) {
    if (uses_cuda()) CHECK(cudaMemcpyToSymbol(symbol, &value, sizeof(T)));
}

/* What the two sides of a case do in one repetition. */
struct Work {
    std::function<void()> cuda, reference;
};

/* Work whose warps exchange through memory without a barrier, as warps could once: gangs of less than a warp cannot run
 * it, and do not know. */
static Work warp_synchronous(Work work) {
    const char *gang = getenv("ANYWARP_GANG");
    return gang && atoi(gang) < 32 ? Work() : work;
}

struct Case {
    const char *name;
    /* The largest difference of two elements, relative to the element or to the mean of all if that is larger, and the
     * share of the elements that may differ by more: a point of a fractal that lies on its edge. */
    double tolerance, strays;
    Work (*make)();
};

static std::vector<Case> &cases() {
    static std::vector<Case> all;
    return all;
}

struct Register {
    Register(const char *name, Work (*make)(), double tolerance, double strays = 0) {
        cases().push_back({name, tolerance, strays, make});
    }
};

/* CASE(name, tolerance[, strays]) { ...; return {[=] { launch }, [=] { call the reference }}; }
 * Must begin a line: the tests find the names there. */
#define CASE(name, ...)                                                                                                \
    static corpus::Work make_##name();                                                                                 \
    static corpus::Register register_##name(#name, make_##name, __VA_ARGS__);                                          \
    static corpus::Work make_##name()

/* Both sides run once, and every element is compared. Prints `NAME ok`, `NAME refused` or what is wrong. */
static bool check(const Case &test) {
    results.clear();
    seed = 0;
    Work work = test.make();
    if (work.cuda) work.cuda();
    // Warp operations, in a gang that was asked for and has no whole warps.
    if (!work.cuda || cudaPeekAtLastError() == cudaErrorNotSupported) {
        printf("%s refused\n", test.name);
        CHECK(cudaDeviceReset());
        return true;
    }
    finish();
    work.reference();
    bool right = !results.empty();
    for (size_t r = 0; r < results.size(); r++) {
        Comparison c = results[r].compare(test.tolerance);
        if (!c.written) printf("%s: the reference writes nothing\n", test.name);
        if (c.wrong > test.strays * c.count)
            printf("%s: %zu of %zu wrong in result %zu, first [%zu] is %.9g instead of %.9g\n", test.name, c.wrong,
                   c.count, r, c.first, c.got, c.expected);
        right &= c.written && c.wrong <= test.strays * c.count;
    }
    if (right) printf("%s ok\n", test.name);
    fflush(stdout);
    CHECK(cudaDeviceReset());
    return right;
}

static Work measured;

/* One side of a case, for the benchmark. */
static int drive(const Case &test) {
    measured = test.make();
    auto run = +[] {
        uses_cuda() ? measured.cuda() : measured.reference();
        if (uses_cuda()) finish();
    };
    auto checksum = +[] {
        double sum = 0;
        for (const Result &r : results) sum += r.weigh();
        return sum;
    };
    return bench_drive(run, checksum);
}

} // namespace corpus

/* `PROGRAM` lists the cases with their tolerances, `PROGRAM check [NAME..]` checks all or some, `PROGRAM cuda|reference
 * NAME` runs one side of one. */
int main(int argc, char **argv) {
    using namespace corpus;
    if (argc == 1) {
        for (const Case &test : cases()) printf("%s %g\n", test.name, fmax(test.tolerance, test.strays));
        return 0;
    }
    if (!strcmp(argv[1], "check")) {
        bool right = true;
        for (const Case &test : cases()) {
            bool wanted = argc == 2;
            for (int i = 2; i < argc; i++) wanted |= !strcmp(argv[i], test.name);
            if (wanted) right &= check(test);
        }
        return !right;
    }
    checks = false;
    sides = !strcmp(argv[1], "cuda") ? Sides::Cuda : Sides::Reference;
    for (const Case &test : cases())
        if (argc == 3 && !strcmp(argv[2], test.name)) return drive(test);
    fprintf(stderr, "no such case\n");
    return 2;
}
