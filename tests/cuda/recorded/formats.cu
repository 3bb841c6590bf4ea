// printf: the conversions that it has.
#include "values.h"
#include <cmath>
__global__ void k(double d, float f, const char *dev, int w) {
    printf("%d %i %u %x %X %o %c %s %%\n", -5, 7, 4000000000u, 255, 255, 8, 'z', "str");
    printf("%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%-8.3d|\n", 42, 42, 42, 42, 42, 7, 7, 7);
    printf("%ld %lu %lld %llu %lx %llX %hd %hu\n", -1L, 5UL, -9000000000LL, 18446744073709551615ULL, 255L,
           0xABCDEF0123ULL, (short)-3, (unsigned short)65535);
    printf("%f %.0f %.1f %10.2f|%-10.2f|%+.2f %010.3f %#.0f\n", d, d, d, d, d, d, d, 3.0);
    printf("%e %.2e %E %12.3e|%g %G %.3g %g %g %g\n", d, d, d, d, d, d, d, 1e-5, 1e6, 100000.0);
    printf("%a %.2a %A\n", d, d, 1.0);
    printf("%f %f %e %g %f %f\n", INFINITY, -INFINITY, INFINITY, NAN, 0.0, -0.0);
    printf("%f %g\n", f, f * f);
    printf("%*d|%-*d|\n", w, 1, w, 2);
    printf("%s|%10s|%-10s|%.2s|%s\n", "abc", "abc", "abc", "abc", dev);
    printf("%p %p\n", (void *)0x1234, (void *)0xdeadbeef00ull);
    printf("%#x %#o %#X %x\n", 255, 8, 255, 0);
    printf("%c%c%c|%5c|%-5c|\n", 'a', 'b', 10 + 'a', 'q', 'r');
    printf("no newline");
    printf("\n");
    printf("only text\n");
    int r = printf("%d\n", 1);
    printf("ret %d\n", r);
    r = printf("none");
    printf("\nret %d\n", r);
    r = printf("%d %d %s\n", 1, 2, "x");
    printf("ret %d\n", r);
    printf("bool %d char %d short %d\n", true, 'A', (short)-9);
    printf("%d %f %d %s %lld %c\n", 1, 2.5, 3, "four", 5LL, '6');
    printf("%20.10f|%-20.5e|\n", 3.14159265358979, 2.718281828);
    printf("%lf %le %lg\n", 1.5, 1.5, 1.5);
    printf("%.15g %.17g %.20f\n", 0.1, 0.1, 0.1);
    printf("");
    printf("tab\tquote\" back\\ \n");
    printf("%u %d\n", -1, 3000000000u);
    printf("%s\n", (const char *)nullptr);
    printf("%10.4s|\n", "abcdefgh");
    printf("%+5d %+5d\n", 3, -3);
    printf("%x %llx %lx\n", -1, -1LL, -1L);
    printf("%i %5.1f%%\n", 3, 99.5);
}
__global__ void many(int n) {
    for (int i = 0; i < n; i++) printf("%d:%d ", threadIdx.x, i);
}
__global__ void args32() {
    printf("%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d\n", 1, 2, 3,
           4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
           32);
}
int main() {
    size_t z;
    char *s;
    CK(cudaMallocManaged(&s, 16));
    strcpy(s, "managed");
    k<<<1, 1>>>(-1234.5678, 0.1f, s, 6);
    CK(cudaDeviceSynchronize());
    args32<<<1, 1>>>();
    many<<<1, 1>>>(3);
    CK(cudaDeviceSynchronize());
    printf("\n");
    CK(cudaDeviceGetLimit(&z, cudaLimitStackSize));
    printf("stack %zu\n", z);
    CK(cudaDeviceGetLimit(&z, cudaLimitMallocHeapSize));
    printf("heap %zu\n", z);
}
