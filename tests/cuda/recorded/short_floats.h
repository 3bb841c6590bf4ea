// The functions of a float of 16 bits, T, and its pair, T2. OF and BITS go from and to bits, LOW and HIGH take a pair apart,
// LOWS and HIGHS make one of halves, INF is infinity's bits. NaNs are shown as one.
#pragma once
#include "values.h"
__device__ u32 canon(u32 v) {
    u32 inf = INF;
    return (v & 0x7fff) > inf ? 0x7fff : v;
}
__global__ void k(const u32 *xs, u32 *o, int N) {
    int i = threadIdx.x + blockIdx.x * blockDim.x, n = 0;
    if (i >= N) return;
    u32 x = xs[i], y = xs[(i * 7 + 3) % N], z = xs[(i * 13 + 5) % N];
    T a = OF(x), b = OF(y), c = OF(z);
    T2 p(OF(x), OF(x >> 16)), q(OF(y), OF(y >> 16)),
        r(OF(z), OF(z >> 16));
    auto put = [&](u32 v, int nan) { o[n++ * N + i] = nan ? 0x7fff : v; };
    auto put2 = [&](T2 v) {
        o[n++ * N + i] = canon(BITS(LOW(v))) | canon(BITS(HIGH(v))) << 16;
    };
    put(BITS(__hadd(a, b)), __hisnan(__hadd(a, b)));
    put(BITS(__hsub(a, b)), __hisnan(__hsub(a, b)));
    put(BITS(__hmul(a, b)), __hisnan(__hmul(a, b)));
    put(BITS(__hdiv(a, b)), __hisnan(__hdiv(a, b)));
    put(BITS(__hadd_rn(a, b)), __hisnan(__hadd_rn(a, b)));
    put(BITS(__hsub_rn(a, b)), __hisnan(__hsub_rn(a, b)));
    put(BITS(__hmul_rn(a, b)), __hisnan(__hmul_rn(a, b)));
    put(BITS(__hadd_sat(a, b)), __hisnan(__hadd_sat(a, b)));
    put(BITS(__hsub_sat(a, b)), __hisnan(__hsub_sat(a, b)));
    put(BITS(__hmul_sat(a, b)), __hisnan(__hmul_sat(a, b)));
    put(BITS(__hmax(a, b)), __hisnan(__hmax(a, b)));
    put(BITS(__hmin(a, b)), __hisnan(__hmin(a, b)));
    put(BITS(__hmax_nan(a, b)), __hisnan(__hmax_nan(a, b)));
    put(BITS(__hmin_nan(a, b)), __hisnan(__hmin_nan(a, b)));
    put(BITS(__habs(a)), __hisnan(__habs(a)));
    put(BITS(__hneg(a)), __hisnan(__hneg(a)));
    put(BITS(hsqrt(a)), __hisnan(hsqrt(a)));
    put(BITS(hrsqrt(a)), __hisnan(hrsqrt(a)));
    put(BITS(hrcp(a)), __hisnan(hrcp(a)));
    put(BITS(hexp(a)), __hisnan(hexp(a)));
    put(BITS(hexp2(a)), __hisnan(hexp2(a)));
    put(BITS(hexp10(a)), __hisnan(hexp10(a)));
    put(BITS(hlog(a)), __hisnan(hlog(a)));
    put(BITS(hlog2(a)), __hisnan(hlog2(a)));
    put(BITS(hlog10(a)), __hisnan(hlog10(a)));
    put(BITS(hsin(a)), __hisnan(hsin(a)));
    put(BITS(hcos(a)), __hisnan(hcos(a)));
    put(BITS(hceil(a)), __hisnan(hceil(a)));
    put(BITS(hfloor(a)), __hisnan(hfloor(a)));
    put(BITS(htrunc(a)), __hisnan(htrunc(a)));
    put(BITS(hrint(a)), __hisnan(hrint(a)));
    put(BITS(__hfma(a, b, c)), __hisnan(__hfma(a, b, c)));
    put(BITS(__hfma_sat(a, b, c)), __hisnan(__hfma_sat(a, b, c)));
    put(BITS(__hfma_relu(a, b, c)), __hisnan(__hfma_relu(a, b, c)));
    put(__heq(a, b), 0);
    put(__hne(a, b), 0);
    put(__hle(a, b), 0);
    put(__hge(a, b), 0);
    put(__hlt(a, b), 0);
    put(__hgt(a, b), 0);
    put(__hequ(a, b), 0);
    put(__hneu(a, b), 0);
    put(__hleu(a, b), 0);
    put(__hgeu(a, b), 0);
    put(__hltu(a, b), 0);
    put(__hgtu(a, b), 0);
    put(__hisnan(a), 0);
    put(__hisinf(a), 0);
    put2(__hadd2(p, q));
    put2(__hsub2(p, q));
    put2(__hmul2(p, q));
    put2(__hadd2_sat(p, q));
    put2(__hsub2_sat(p, q));
    put2(__hmul2_sat(p, q));
    put2(__hmax2(p, q));
    put2(__hmin2(p, q));
    put2(__hmax2_nan(p, q));
    put2(__hmin2_nan(p, q));
    put2(__h2div(p, q));
    put2(__habs2(p));
    put2(__hneg2(p));
    put2(h2sqrt(p));
    put2(h2rsqrt(p));
    put2(h2rcp(p));
    put2(h2exp(p));
    put2(h2exp2(p));
    put2(h2exp10(p));
    put2(h2log(p));
    put2(h2log2(p));
    put2(h2log10(p));
    put2(h2sin(p));
    put2(h2cos(p));
    put2(h2ceil(p));
    put2(h2floor(p));
    put2(h2trunc(p));
    put2(h2rint(p));
    put2(__hfma2(p, q, r));
    put2(__hfma2_relu(p, q, r));
    put2(__hcmadd(p, q, r));
    put2(LOWS(p, q));
    put2(__lowhigh2highlow(p));
    put2(HIGHS(p));
    put2(__heq2(p, q));
    put2(__hne2(p, q));
    put2(__hle2(p, q));
    put2(__hge2(p, q));
    put2(__hlt2(p, q));
    put2(__hgt2(p, q));
    put2(__hequ2(p, q));
    put2(__hneu2(p, q));
    put2(__hleu2(p, q));
    put2(__hgeu2(p, q));
    put2(__hltu2(p, q));
    put2(__hgtu2(p, q));
    put(__heq2_mask(p, q), 0);
    put(__hne2_mask(p, q), 0);
    put(__hle2_mask(p, q), 0);
    put(__hge2_mask(p, q), 0);
    put(__hlt2_mask(p, q), 0);
    put(__hgt2_mask(p, q), 0);
    put(__hequ2_mask(p, q), 0);
    put(__hneu2_mask(p, q), 0);
    put(__hleu2_mask(p, q), 0);
    put(__hgeu2_mask(p, q), 0);
    put(__hltu2_mask(p, q), 0);
    put(__hgtu2_mask(p, q), 0);
    put(__hbeq2(p, q), 0);
    put(__hbne2(p, q), 0);
    put(__hble2(p, q), 0);
    put(__hbge2(p, q), 0);
    put(__hblt2(p, q), 0);
    put(__hbgt2(p, q), 0);
    put(__hbequ2(p, q), 0);
    put(__hbneu2(p, q), 0);
    put(__hbleu2(p, q), 0);
    put(__hbgeu2(p, q), 0);
    put(__hbltu2(p, q), 0);
    put(__hbgtu2(p, q), 0);
}
int main() {
    static const unsigned short e[] = {0,      0x8000, 1,      0x8001, 0x3ff,  0x400,  0x3c00, 0xbc00, 0x3c01,
                                       0x3bff, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00, 0x3f80, 0xbf80, 0x7f80,
                                       0xff80, 0x7fc0, 0x7f7f, 0x80,   0x7f,   0x4000, 0x4200, 0x4900, 0x3800,
                                       0x3555, 0x3e00, 0x4040, 0x3f00, 0x3eab, 0xc000, 0x5640};
    std::vector<u32> x;
    for (u32 i = 0; i < 400; i++)
        x.push_back(i < 68  ? e[i % 34] | (u32)e[(i * 5 + 2) % 34] << 16
                    : i % 2 ? mix(i)
                            : (mix(i) & 0x83ff83ff) | 0x3c003800);
    int N = x.size();
    static const char *names[] = {
        "__hadd",       "__hsub",      "__hmul",       "__hdiv",       "__hadd_rn",    "__hsub_rn",    "__hmul_rn",
        "__hadd_sat",   "__hsub_sat",  "__hmul_sat",   "__hmax",       "__hmin",       "__hmax_nan",   "__hmin_nan",
        "__habs",       "__hneg",      "hsqrt",        "hrsqrt",       "hrcp",         "hexp",         "hexp2",
        "hexp10",       "hlog",        "hlog2",        "hlog10",       "hsin",         "hcos",         "hceil",
        "hfloor",       "htrunc",      "hrint",        "__hfma",       "__hfma_sat",   "__hfma_relu",  "__heq",
        "__hne",        "__hle",       "__hge",        "__hlt",        "__hgt",        "__hequ",       "__hneu",
        "__hleu",       "__hgeu",      "__hltu",       "__hgtu",       "isnan",        "isinf",        "__hadd2",
        "__hsub2",      "__hmul2",     "__hadd2_sat",  "__hsub2_sat",  "__hmul2_sat",  "__hmax2",      "__hmin2",
        "__hmax2_nan",  "__hmin2_nan", "__h2div",      "__habs2",      "__hneg2",      "h2sqrt",       "h2rsqrt",
        "h2rcp",        "h2exp",       "h2exp2",       "h2exp10",      "h2log",        "h2log2",       "h2log10",
        "h2sin",        "h2cos",       "h2ceil",       "h2floor",      "h2trunc",      "h2rint",       "__hfma2",
        "__hfma2_relu", "__hcmadd",    "lowhigh",      "swap",         "high2",        "__heq2",       "__hne2",
        "__hle2",       "__hge2",      "__hlt2",       "__hgt2",       "__hequ2",      "__hneu2",      "__hleu2",
        "__hgeu2",      "__hltu2",     "__hgtu2",      "__heq2_mask",  "__hne2_mask",  "__hle2_mask",  "__hge2_mask",
        "__hlt2_mask",  "__hgt2_mask", "__hequ2_mask", "__hneu2_mask", "__hleu2_mask", "__hgeu2_mask", "__hltu2_mask",
        "__hgtu2_mask", "__hbeq2",     "__hbne2",      "__hble2",      "__hbge2",      "__hblt2",      "__hbgt2",
        "__hbequ2",     "__hbneu2",    "__hbleu2",     "__hbgeu2",     "__hbltu2",     "__hbgtu2"};
    int n = sizeof names / sizeof *names;
    Buf<u32> d(x), o((size_t)N * n);
    k<<<7, 64>>>(d, o, N);
    auto v = o.get();
    for (int j = 0; j < n; j++) show(names[j], &v[(size_t)j * N], N, 400);
}
