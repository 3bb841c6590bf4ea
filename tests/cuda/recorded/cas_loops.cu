// Compare-and-swap loops for what has no atomic of its own, and a lock.
#include "values.h"
__device__ double amax(double *p, double v) {
    u64 *q = (u64 *)p, old = *q, as;
    do {
        as = old;
        if (__longlong_as_double(as) >= v) break;
        old = atomicCAS(q, as, __double_as_longlong(v));
    } while (as != old);
    return __longlong_as_double(old);
}
__device__ void amul(float *p, float v) {
    int *q = (int *)p, old = *q, as;
    do {
        as = old;
        old = atomicCAS(q, as, __float_as_int(v * __int_as_float(as)));
    } while (as != old);
}
__device__ unsigned char aadd8(unsigned char *p, unsigned char v) {
    u32 *b = (u32 *)((size_t)p & ~3ull);
    u32 sh = ((size_t)p & 3) * 8, old = *b, as;
    do {
        as = old;
        u32 n = (as & ~(0xffu << sh)) | (((as >> sh) + v) & 0xff) << sh;
        old = atomicCAS(b, as, n);
    } while (as != old);
    return old >> sh;
}
__global__ void k(double *d, float *f, unsigned char *c, unsigned short *us, u32 *cnt) {
    int t = threadIdx.x + blockIdx.x * blockDim.x;
    amax(d, mix(t) * 0.25);
    if (t % 16 == 0) amul(f, 2);
    aadd8(c + t % 5, t);
    unsigned short o = us[0], a;
    do {
        a = o;
        o = atomicCAS(us, a, (unsigned short)(a + 3));
    } while (a != o);
    __shared__ int lock;
    if (threadIdx.x == 0) lock = 0;
    __syncthreads();
    bool done = false;
    while (!done) {
        if (atomicCAS(&lock, 0, 1) == 0) {
            {
                volatile u32 *q = cnt + blockIdx.x;
                *q = *q + 1;
            };
            __threadfence_block();
            atomicExch(&lock, 0);
            done = true;
        }
    }
}
int main() {
    Buf<double> d(1);
    Buf<float> f(std::vector<float>{1.f});
    Buf<unsigned char> c(8);
    Buf<unsigned short> us(2);
    Buf<u32> n(4);
    k<<<4, 65>>>(d, f, c, us, n);
    d.show("d");
    f.show("f");
    c.show("c");
    us.show("us");
    auto v = n.get();
    show("n", v.data(), 4);
}
