// Conversions between integers and floats of every size, in every rounding, with what lies outside.
#include "values.h"
#include <cmath>
#include <cuda_fp16.h>
#include <cuda_bf16.h>
template <class T> __device__ u64 bits(T v) {
    u64 x = 0;
    if (v != v) return 0x7a7;
    memcpy(&x, &v, sizeof v);
    return x;
}
__global__ void k(const double *xs, const u64 *qs, u64 *o, int N) {
    int i = threadIdx.x + blockIdx.x * blockDim.x, n = 0;
    if (i >= N) return;
    double x = xs[i];
    float f = (float)x;
    u64 q = qs[i];
    __half h = __ushort_as_half(isnan(x)     ? 0x7e00
                                : q & 0x7fff ? (unsigned short)(q & 0x7fff) % 0x7c01 | (q & 0x8000)
                                             : 0);
    __nv_bfloat16 bb = __float2bfloat16(f);
    auto put = [&](u64 v) { o[n++ * N + i] = v; };
    put(bits(__float2int_rn(f)));
    put(bits(__float2int_rz(f)));
    put(bits(__float2int_ru(f)));
    put(bits(__float2int_rd(f)));
    put(bits(__float2uint_rn(f)));
    put(bits(__float2uint_rz(f)));
    put(bits(__float2uint_ru(f)));
    put(bits(__float2uint_rd(f)));
    put(bits(__float2ll_rn(f)));
    put(bits(__float2ll_rz(f)));
    put(bits(__float2ll_ru(f)));
    put(bits(__float2ll_rd(f)));
    put(bits(__float2ull_rn(f)));
    put(bits(__float2ull_rz(f)));
    put(bits(__float2ull_ru(f)));
    put(bits(__float2ull_rd(f)));
    put(bits(__double2int_rn(x)));
    put(bits(__double2int_rz(x)));
    put(bits(__double2int_ru(x)));
    put(bits(__double2int_rd(x)));
    put(bits(__double2uint_rn(x)));
    put(bits(__double2uint_rz(x)));
    put(bits(__double2uint_ru(x)));
    put(bits(__double2uint_rd(x)));
    put(bits(__double2ll_rn(x)));
    put(bits(__double2ll_rz(x)));
    put(bits(__double2ll_ru(x)));
    put(bits(__double2ll_rd(x)));
    put(bits(__double2ull_rn(x)));
    put(bits(__double2ull_rz(x)));
    put(bits(__double2ull_ru(x)));
    put(bits(__double2ull_rd(x)));
    put(bits(__double2float_rn(x)));
    put(bits(__double2float_rz(x)));
    put(bits(__double2float_ru(x)));
    put(bits(__double2float_rd(x)));
    put(bits(__int2float_rn((int)q)));
    put(bits(__int2float_rz((int)q)));
    put(bits(__int2float_ru((int)q)));
    put(bits(__int2float_rd((int)q)));
    put(bits(__uint2float_rn((u32)q)));
    put(bits(__uint2float_rz((u32)q)));
    put(bits(__uint2float_ru((u32)q)));
    put(bits(__uint2float_rd((u32)q)));
    put(bits(__ll2float_rn((long long)q)));
    put(bits(__ll2float_rz((long long)q)));
    put(bits(__ll2float_ru((long long)q)));
    put(bits(__ll2float_rd((long long)q)));
    put(bits(__ull2float_rn((u64)q)));
    put(bits(__ull2float_rz((u64)q)));
    put(bits(__ull2float_ru((u64)q)));
    put(bits(__ull2float_rd((u64)q)));
    put(bits(__ll2double_rn((long long)q)));
    put(bits(__ll2double_rz((long long)q)));
    put(bits(__ll2double_ru((long long)q)));
    put(bits(__ll2double_rd((long long)q)));
    put(bits(__ull2double_rn((u64)q)));
    put(bits(__ull2double_rz((u64)q)));
    put(bits(__ull2double_ru((u64)q)));
    put(bits(__ull2double_rd((u64)q)));
    put(bits(__int2double_rn((int)q)));
    put(bits(__uint2double_rn((u32)q)));
    put(bits((int)f));
    put(bits((u32)f));
    put(bits((long long)x));
    put(bits((u64)x));
    put(bits(__double2hiint(x)));
    put(bits(__double2loint(x)));
    put(bits(__hiloint2double((int)(q >> 32), (int)q)));
    put(bits(__float_as_int(f)));
    put(bits(__half_as_ushort(__float2half_rz(f))));
    put(bits(__half_as_ushort(__float2half_ru(f))));
    put(bits(__half_as_ushort(__float2half_rd(f))));
    put(bits(__half_as_ushort(__double2half(x))));
    put(bits(__bfloat16_as_ushort(__float2bfloat16_rn(f))));
    put(bits(__bfloat16_as_ushort(__float2bfloat16_rz(f))));
    put(bits(__bfloat16_as_ushort(__float2bfloat16_ru(f))));
    put(bits(__bfloat16_as_ushort(__float2bfloat16_rd(f))));
    put(bits(__half2int_rn(h)));
    put(bits(__half_as_ushort(__int2half_rn(q))));
    put(bits(__bfloat162int_rn(bb)));
    put(bits(__bfloat16_as_ushort(__int2bfloat16_rn(q))));
    put(bits(__half2int_rz(h)));
    put(bits(__half_as_ushort(__int2half_rz(q))));
    put(bits(__bfloat162int_rz(bb)));
    put(bits(__bfloat16_as_ushort(__int2bfloat16_rz(q))));
    put(bits(__half2int_ru(h)));
    put(bits(__half_as_ushort(__int2half_ru(q))));
    put(bits(__bfloat162int_ru(bb)));
    put(bits(__bfloat16_as_ushort(__int2bfloat16_ru(q))));
    put(bits(__half2int_rd(h)));
    put(bits(__half_as_ushort(__int2half_rd(q))));
    put(bits(__bfloat162int_rd(bb)));
    put(bits(__bfloat16_as_ushort(__int2bfloat16_rd(q))));
    put(bits(__half2uint_rn(h)));
    put(bits(__half_as_ushort(__uint2half_rn(q))));
    put(bits(__bfloat162uint_rn(bb)));
    put(bits(__bfloat16_as_ushort(__uint2bfloat16_rn(q))));
    put(bits(__half2uint_rz(h)));
    put(bits(__half_as_ushort(__uint2half_rz(q))));
    put(bits(__bfloat162uint_rz(bb)));
    put(bits(__bfloat16_as_ushort(__uint2bfloat16_rz(q))));
    put(bits(__half2uint_ru(h)));
    put(bits(__half_as_ushort(__uint2half_ru(q))));
    put(bits(__bfloat162uint_ru(bb)));
    put(bits(__bfloat16_as_ushort(__uint2bfloat16_ru(q))));
    put(bits(__half2uint_rd(h)));
    put(bits(__half_as_ushort(__uint2half_rd(q))));
    put(bits(__bfloat162uint_rd(bb)));
    put(bits(__bfloat16_as_ushort(__uint2bfloat16_rd(q))));
    put(bits(__half2short_rn(h)));
    put(bits(__half_as_ushort(__short2half_rn(q))));
    put(bits(__bfloat162short_rn(bb)));
    put(bits(__bfloat16_as_ushort(__short2bfloat16_rn(q))));
    put(bits(__half2short_rz(h)));
    put(bits(__half_as_ushort(__short2half_rz(q))));
    put(bits(__bfloat162short_rz(bb)));
    put(bits(__bfloat16_as_ushort(__short2bfloat16_rz(q))));
    put(bits(__half2short_ru(h)));
    put(bits(__half_as_ushort(__short2half_ru(q))));
    put(bits(__bfloat162short_ru(bb)));
    put(bits(__bfloat16_as_ushort(__short2bfloat16_ru(q))));
    put(bits(__half2short_rd(h)));
    put(bits(__half_as_ushort(__short2half_rd(q))));
    put(bits(__bfloat162short_rd(bb)));
    put(bits(__bfloat16_as_ushort(__short2bfloat16_rd(q))));
    put(bits(__half2ushort_rn(h)));
    put(bits(__half_as_ushort(__ushort2half_rn(q))));
    put(bits(__bfloat162ushort_rn(bb)));
    put(bits(__bfloat16_as_ushort(__ushort2bfloat16_rn(q))));
    put(bits(__half2ushort_rz(h)));
    put(bits(__half_as_ushort(__ushort2half_rz(q))));
    put(bits(__bfloat162ushort_rz(bb)));
    put(bits(__bfloat16_as_ushort(__ushort2bfloat16_rz(q))));
    put(bits(__half2ushort_ru(h)));
    put(bits(__half_as_ushort(__ushort2half_ru(q))));
    put(bits(__bfloat162ushort_ru(bb)));
    put(bits(__bfloat16_as_ushort(__ushort2bfloat16_ru(q))));
    put(bits(__half2ushort_rd(h)));
    put(bits(__half_as_ushort(__ushort2half_rd(q))));
    put(bits(__bfloat162ushort_rd(bb)));
    put(bits(__bfloat16_as_ushort(__ushort2bfloat16_rd(q))));
    put(bits(__half2ll_rn(h)));
    put(bits(__half_as_ushort(__ll2half_rn(q))));
    put(bits(__bfloat162ll_rn(bb)));
    put(bits(__bfloat16_as_ushort(__ll2bfloat16_rn(q))));
    put(bits(__half2ll_rz(h)));
    put(bits(__half_as_ushort(__ll2half_rz(q))));
    put(bits(__bfloat162ll_rz(bb)));
    put(bits(__bfloat16_as_ushort(__ll2bfloat16_rz(q))));
    put(bits(__half2ll_ru(h)));
    put(bits(__half_as_ushort(__ll2half_ru(q))));
    put(bits(__bfloat162ll_ru(bb)));
    put(bits(__bfloat16_as_ushort(__ll2bfloat16_ru(q))));
    put(bits(__half2ll_rd(h)));
    put(bits(__half_as_ushort(__ll2half_rd(q))));
    put(bits(__bfloat162ll_rd(bb)));
    put(bits(__bfloat16_as_ushort(__ll2bfloat16_rd(q))));
    put(bits(__half2ull_rn(h)));
    put(bits(__half_as_ushort(__ull2half_rn(q))));
    put(bits(__bfloat162ull_rn(bb)));
    put(bits(__bfloat16_as_ushort(__ull2bfloat16_rn(q))));
    put(bits(__half2ull_rz(h)));
    put(bits(__half_as_ushort(__ull2half_rz(q))));
    put(bits(__bfloat162ull_rz(bb)));
    put(bits(__bfloat16_as_ushort(__ull2bfloat16_rz(q))));
    put(bits(__half2ull_ru(h)));
    put(bits(__half_as_ushort(__ull2half_ru(q))));
    put(bits(__bfloat162ull_ru(bb)));
    put(bits(__bfloat16_as_ushort(__ull2bfloat16_ru(q))));
    put(bits(__half2ull_rd(h)));
    put(bits(__half_as_ushort(__ull2half_rd(q))));
    put(bits(__bfloat162ull_rd(bb)));
    put(bits(__bfloat16_as_ushort(__ull2bfloat16_rd(q))));
}
int main() {
    std::vector<double> x = {0.,
                             -0.,
                             1.,
                             -1.,
                             0.5,
                             -0.5,
                             2.,
                             3.,
                             -2.,
                             10.,
                             0.1,
                             1.5,
                             2.5,
                             -2.5,
                             3.14159274,
                             1.57079637,
                             0.785398185,
                             1e-10,
                             1e10,
                             1e30,
                             1e38,
                             1.7e308,
                             -1.7e308,
                             1e-38,
                             1e-45,
                             -1e-45,
                             1.17549435e-38,
                             88.,
                             89.,
                             -87.,
                             -104.,
                             127.,
                             128.,
                             -126.,
                             -150.,
                             16777216.,
                             8388607.5,
                             4194303.5,
                             0.99999994,
                             1.00000012,
                             INFINITY,
                             -INFINITY,
                             NAN,
                             35.,
                             36.,
                             -36.,
                             170.,
                             5.,
                             7.,
                             100.,
                             1000.,
                             105615.,
                             0.9,
                             -0.9,
                             4.,
                             2147483647.,
                             2147483648.,
                             -2147483648.,
                             -2147483649.,
                             4294967295.,
                             4294967296.,
                             9.3e18,
                             -9.3e18,
                             1.9e19,
                             65519.,
                             65520.,
                             65504.,
                             1e-8,
                             6e-8,
                             0.49999999999999994,
                             2147483647.5,
                             32767.5,
                             255.5,
                             -128.5,
                             -0.7};
    std::vector<u64> q;
    for (u32 i = 0; i < 300; i++) x.push_back(int(mix(i)) / 2147483648.0 * pow(10.0, i % 25 - 3));
    for (size_t i = 0; i < x.size(); i++)
        q.push_back(i % 3 == 0   ? (u64)mix(i) << 32 | mix(i + 7)
                    : i % 3 == 1 ? (u64)(long long)(int)mix(i)
                                 : ((u64)mix(i) << 32 | mix(i * 3)) >> (i % 60));
    static const char *names[] = {"__float2int_rn",
                                  "__float2int_rz",
                                  "__float2int_ru",
                                  "__float2int_rd",
                                  "__float2uint_rn",
                                  "__float2uint_rz",
                                  "__float2uint_ru",
                                  "__float2uint_rd",
                                  "__float2ll_rn",
                                  "__float2ll_rz",
                                  "__float2ll_ru",
                                  "__float2ll_rd",
                                  "__float2ull_rn",
                                  "__float2ull_rz",
                                  "__float2ull_ru",
                                  "__float2ull_rd",
                                  "__double2int_rn",
                                  "__double2int_rz",
                                  "__double2int_ru",
                                  "__double2int_rd",
                                  "__double2uint_rn",
                                  "__double2uint_rz",
                                  "__double2uint_ru",
                                  "__double2uint_rd",
                                  "__double2ll_rn",
                                  "__double2ll_rz",
                                  "__double2ll_ru",
                                  "__double2ll_rd",
                                  "__double2ull_rn",
                                  "__double2ull_rz",
                                  "__double2ull_ru",
                                  "__double2ull_rd",
                                  "__double2float_rn",
                                  "__double2float_rz",
                                  "__double2float_ru",
                                  "__double2float_rd",
                                  "__int2float_rn",
                                  "__int2float_rz",
                                  "__int2float_ru",
                                  "__int2float_rd",
                                  "__uint2float_rn",
                                  "__uint2float_rz",
                                  "__uint2float_ru",
                                  "__uint2float_rd",
                                  "__ll2float_rn",
                                  "__ll2float_rz",
                                  "__ll2float_ru",
                                  "__ll2float_rd",
                                  "__ull2float_rn",
                                  "__ull2float_rz",
                                  "__ull2float_ru",
                                  "__ull2float_rd",
                                  "__ll2double_rn",
                                  "__ll2double_rz",
                                  "__ll2double_ru",
                                  "__ll2double_rd",
                                  "__ull2double_rn",
                                  "__ull2double_rz",
                                  "__ull2double_ru",
                                  "__ull2double_rd",
                                  "__int2double_rn",
                                  "__uint2double_rn",
                                  "c_int",
                                  "c_uint",
                                  "c_ll",
                                  "c_ull",
                                  "hi",
                                  "lo",
                                  "hilo",
                                  "fint",
                                  "hrz",
                                  "hru",
                                  "hrd",
                                  "dh",
                                  "bfrn",
                                  "bfrz",
                                  "bfru",
                                  "bfrd",
                                  "h2intrn",
                                  "int2hrn",
                                  "b2intrn",
                                  "int2brn",
                                  "h2intrz",
                                  "int2hrz",
                                  "b2intrz",
                                  "int2brz",
                                  "h2intru",
                                  "int2hru",
                                  "b2intru",
                                  "int2bru",
                                  "h2intrd",
                                  "int2hrd",
                                  "b2intrd",
                                  "int2brd",
                                  "h2uintrn",
                                  "uint2hrn",
                                  "b2uintrn",
                                  "uint2brn",
                                  "h2uintrz",
                                  "uint2hrz",
                                  "b2uintrz",
                                  "uint2brz",
                                  "h2uintru",
                                  "uint2hru",
                                  "b2uintru",
                                  "uint2bru",
                                  "h2uintrd",
                                  "uint2hrd",
                                  "b2uintrd",
                                  "uint2brd",
                                  "h2shortrn",
                                  "short2hrn",
                                  "b2shortrn",
                                  "short2brn",
                                  "h2shortrz",
                                  "short2hrz",
                                  "b2shortrz",
                                  "short2brz",
                                  "h2shortru",
                                  "short2hru",
                                  "b2shortru",
                                  "short2bru",
                                  "h2shortrd",
                                  "short2hrd",
                                  "b2shortrd",
                                  "short2brd",
                                  "h2ushortrn",
                                  "ushort2hrn",
                                  "b2ushortrn",
                                  "ushort2brn",
                                  "h2ushortrz",
                                  "ushort2hrz",
                                  "b2ushortrz",
                                  "ushort2brz",
                                  "h2ushortru",
                                  "ushort2hru",
                                  "b2ushortru",
                                  "ushort2bru",
                                  "h2ushortrd",
                                  "ushort2hrd",
                                  "b2ushortrd",
                                  "ushort2brd",
                                  "h2llrn",
                                  "ll2hrn",
                                  "b2llrn",
                                  "ll2brn",
                                  "h2llrz",
                                  "ll2hrz",
                                  "b2llrz",
                                  "ll2brz",
                                  "h2llru",
                                  "ll2hru",
                                  "b2llru",
                                  "ll2bru",
                                  "h2llrd",
                                  "ll2hrd",
                                  "b2llrd",
                                  "ll2brd",
                                  "h2ullrn",
                                  "ull2hrn",
                                  "b2ullrn",
                                  "ull2brn",
                                  "h2ullrz",
                                  "ull2hrz",
                                  "b2ullrz",
                                  "ull2brz",
                                  "h2ullru",
                                  "ull2hru",
                                  "b2ullru",
                                  "ull2bru",
                                  "h2ullrd",
                                  "ull2hrd",
                                  "b2ullrd",
                                  "ull2brd"};
    int N = x.size(), n = sizeof names / sizeof *names;
    Buf<double> d(x);
    Buf<u64> dq(q), o((size_t)N * n);
    k<<<(N + 63) / 64, 64>>>(d, dq, o, N);
    auto v = o.get();
    for (int j = 0; j < n; j++) show(names[j], &v[(size_t)j * N], N, 400);
}
