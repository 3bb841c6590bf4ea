// cc: -std=c++17
// Calls on the device: deep and mutual recursion, tables of function pointers, virtual functions through several bases,
// templates, malloc and new, large arguments by value, variadic templates.
#include <new>

#include "testing.h"

__device__ __noinline__ long long ackermann(long long m, long long n) {
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}
__device__ bool is_odd(unsigned n);
__device__ __noinline__ bool is_even(unsigned n) { return n == 0 || is_odd(n - 1); }
__device__ __noinline__ bool is_odd(unsigned n) { return n != 0 && is_even(n - 1); }

__global__ void recursion(long long *out) {
    int t = threadIdx.x;
    out[t] = ackermann(t % 3, t % 7) * 2 + is_even(t);
}

static long long ackermann_host(long long m, long long n) {
    return m == 0 ? n + 1 : m == 1 ? n + 2 : 2 * n + 3;
}

struct Animal {
    __device__ virtual ~Animal() {}
    __device__ virtual int legs() const { return 4; }
    __device__ virtual int speak(int x) = 0;
};
struct Named {
    int id;
    __device__ explicit Named(int id) : id(id) {}
    __device__ virtual int name() const { return id; }
};
struct Dog : Animal, Named {
    __device__ Dog(int id) : Named(id * 10) {}
    __device__ int speak(int x) override { return x + id; }
    __device__ int name() const override { return -id; }
};
struct Bird final : Animal {
    int wings = 2;
    __device__ int legs() const override { return 2; }
    __device__ int speak(int x) override { return x * wings; }
};
struct Puppy : Dog {
    __device__ Puppy(int id) : Dog(id + 1) {}
    __device__ int legs() const override { return Dog::legs() + 100; }
};

__global__ void virtuals(int *out) {
    int t = threadIdx.x;
    Animal *animal;
    const Named *named = nullptr;
    if (t % 3 == 0) {
        Dog *dog = new Dog(t);
        animal = dog, named = dog;
    } else if (t % 3 == 1) {
        animal = new Bird;
    } else {
        Puppy *puppy = new Puppy(t);
        animal = puppy, named = puppy;
    }
    out[t] = animal->legs() * 1000000 + animal->speak(t) * 1000 + (named ? named->name() : 0);
    delete animal;
}

using Op = float (*)(float, float);
__device__ float op_add(float a, float b) { return a + b; }
__device__ float op_sub(float a, float b) { return a - b; }
__device__ float op_mul(float a, float b) { return a * b; }
__constant__ Op constant_ops[] = {op_add, op_sub, op_mul};
__device__ Op chosen = op_mul;

__global__ void pointers(float *out, Op from_host) {
    int t = threadIdx.x;
    Op local[2] = {constant_ops[(t + 1) % 3], chosen};
    out[t] = constant_ops[t % 3](t, 2) + 1000 * local[t & 1](t, 3) + from_host(1, t);
}

struct Big {
    int values[200];
};
__global__ void by_value(Big big, int *out, char a, double b, short c, Big second) {
    int t = threadIdx.x;
    out[t] = big.values[t] + int(a) * 2 + int(b * 4) + c + second.values[199 - t];
}

template <typename... T> __device__ auto sum(T... values) { return (values + ...); }
template <int N> struct Power {
    template <typename T> __device__ static T of(T x) {
        if constexpr (N == 0) return T(1);
        else return x * Power<N - 1>::of(x);
    }
};
template <typename T, int N> __global__ void templates(T *out) {
    T t = T(threadIdx.x);
    out[threadIdx.x] = sum(t, T(1), T(2), t * t) + Power<N>::of(t);
}

__global__ void heap(int **lists, int *sums) {
    int t = threadIdx.x;
    int *list = static_cast<int *>(malloc((t + 1) * sizeof(int)));
    for (int i = 0; i <= t; i++) list[i] = i * t;
    lists[t] = list;
    __syncthreads();
    int other = (t + 1) % blockDim.x, total = 0;
    for (int i = 0; i <= other; i++) total += lists[other][i];
    sums[t] = total;
    __syncthreads();
    free(list);
}

int main() {
    {
        Managed<long long> out(64);
        recursion<<<1, 64>>>(out);
        finish();
        for (int t = 0; t < 64; t++) expect(out[t], ackermann_host(t % 3, t % 7) * 2 + (t % 2 == 0), "recursion", t);
    }
    {
        Managed<int> out(96);
        virtuals<<<1, 96>>>(out);
        finish();
        for (int t = 0; t < 96; t++) {
            int want = t % 3 == 0 ? 4000000 + (t + t * 10) * 1000 - t * 10 : t % 3 == 1 ? 2000000 + 2 * t * 1000 : 104000000 + (t + (t + 1) * 10) * 1000 - (t + 1) * 10;
            expect(out[t], want, "virtual", t);
        }
    }
    {
        Managed<float> out(32);
        Op host_copy;
        CHECK(cudaMemcpyFromSymbol(&host_copy, chosen, sizeof host_copy));
        pointers<<<1, 32>>>(out, host_copy);
        finish();
        auto op = [](int k, float a, float b) { return k == 0 ? a + b : k == 1 ? a - b : a * b; };
        for (int t = 0; t < 32; t++) expect(out[t], op(t % 3, t, 2) + 1000 * op(t & 1 ? 2 : (t + 1) % 3, t, 3) + float(t), "pointer", t);
    }
    {
        Managed<int> out(200);
        Big a, b;
        for (int i = 0; i < 200; i++) a.values[i] = i * 3, b.values[i] = i * i;
        by_value<<<1, 200>>>(a, out, -3, 2.5, -1000, b);
        finish();
        for (int t = 0; t < 200; t++) expect(out[t], t * 3 - 6 + 10 - 1000 + (199 - t) * (199 - t), "by value", t);
    }
    {
        Managed<int> ints(16);
        Managed<double> doubles(16);
        templates<int, 3><<<1, 16>>>(ints);
        templates<double, 2><<<1, 16>>>(doubles);
        finish();
        for (int t = 0; t < 16; t++) {
            expect(ints[t], t + 3 + t * t + t * t * t, "template int", t);
            expect(doubles[t], t + 3.0 + t * t + t * t, "template double", t);
        }
    }
    {
        Managed<int *> lists(100);
        Managed<int> sums(100);
        for (int round = 0; round < 3; round++) heap<<<1, 100>>>(lists, sums);
        finish();
        for (int t = 0; t < 100; t++) {
            int other = (t + 1) % 100;
            expect(sums[t], other * other * (other + 1) / 2, "heap", t);
        }
    }
    return result();
}
