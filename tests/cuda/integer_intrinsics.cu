// Integer intrinsics on edge values, compared with definitions written out on the host.
#include <cstdint>

#include "testing.h"

constexpr int OUTS = 40;

__device__ void device_row(uint32_t a, uint32_t b, uint32_t c, unsigned long long x, unsigned long long y, long long *o) {
    int k = 0;
    o[k++] = __clz(int(a));
    o[k++] = __ffs(int(a));
    o[k++] = __popc(a);
    o[k++] = __brev(a);
    o[k++] = __clzll((long long)x);
    o[k++] = __ffsll((long long)x);
    o[k++] = __popcll(x);
    o[k++] = (long long)__brevll(x);
    o[k++] = __byte_perm(a, b, c);
    o[k++] = __mulhi(int(a), int(b));
    o[k++] = __umulhi(a, b);
    o[k++] = __mul64hi((long long)x, (long long)y);
    o[k++] = (long long)__umul64hi(x, y);
    o[k++] = __mul24(int(a), int(b));
    o[k++] = __umul24(a, b);
    o[k++] = __hadd(int(a), int(b));
    o[k++] = __rhadd(int(a), int(b));
    o[k++] = __uhadd(a, b);
    o[k++] = __urhadd(a, b);
    o[k++] = __sad(int(a), int(b), c);
    o[k++] = __usad(a, b, c);
    o[k++] = __funnelshift_l(a, b, c);
    o[k++] = __funnelshift_r(a, b, c);
    o[k++] = __funnelshift_lc(a, b, c);
    o[k++] = __funnelshift_rc(a, b, c);
    o[k++] = __dp4a(int(a), int(b), int(c));
    o[k++] = __dp4a(a, b, c);
    o[k++] = int(a) / (int(b) | 1);
    o[k++] = int(a) % (int(b) | 1);
    o[k++] = a / (b | 1);
    o[k++] = a % (b | 1);
    o[k++] = (long long)x / ((long long)y | 1);
    o[k++] = (long long)x % ((long long)y | 1);
    o[k++] = (long long)(x / (y | 1));
    o[k++] = (long long)(x % (y | 1));
    o[k++] = a << (c & 31);
    o[k++] = int(a) >> (c & 31);
    o[k++] = (long long)(x >> (c & 63));
    o[k++] = min(int(a), int(b)) ^ max(a, b);
    o[k++] = abs(int(a >> 1) - int(b >> 1));
}

static int sat24(uint32_t v) { return int(v << 8) >> 8; }

static uint32_t perm(uint32_t a, uint32_t b, uint32_t s) {
    uint64_t both = uint64_t(b) << 32 | a;
    uint32_t r = 0;
    for (int i = 0; i < 4; i++) r |= uint32_t(both >> (s >> 4 * i & 7) * 8 & 255) << 8 * i;
    return r;
}

static void host_row(uint32_t a, uint32_t b, uint32_t c, unsigned long long x, unsigned long long y, long long *o) {
    int k = 0;
    auto reverse = [](uint64_t v, int bits) {
        uint64_t r = 0;
        for (int i = 0; i < bits; i++) r |= (v >> i & 1) << (bits - 1 - i);
        return r;
    };
    o[k++] = a ? __builtin_clz(a) : 32;
    o[k++] = __builtin_ffs(int(a));
    o[k++] = __builtin_popcount(a);
    o[k++] = (long long)reverse(a, 32);
    o[k++] = x ? __builtin_clzll(x) : 64;
    o[k++] = __builtin_ffsll((long long)x);
    o[k++] = __builtin_popcountll(x);
    o[k++] = (long long)reverse(x, 64);
    o[k++] = perm(a, b, c);
    o[k++] = int(int64_t(int(a)) * int(b) >> 32);
    o[k++] = uint32_t(uint64_t(a) * b >> 32);
    o[k++] = (long long)((__int128)(long long)x * (long long)y >> 64);
    o[k++] = (long long)((unsigned __int128)x * y >> 64);
    o[k++] = int(uint32_t(sat24(a)) * uint32_t(sat24(b)));
    o[k++] = uint32_t((a & 0xffffff) * (b & 0xffffff));
    o[k++] = int((int64_t(int(a)) + int(b)) >> 1);
    o[k++] = int((int64_t(int(a)) + int(b) + 1) >> 1);
    o[k++] = uint32_t((uint64_t(a) + b) >> 1);
    o[k++] = uint32_t((uint64_t(a) + b + 1) >> 1);
    o[k++] = uint32_t((int(a) > int(b) ? a - b : b - a) + c);
    o[k++] = uint32_t((a > b ? a - b : b - a) + c);
    uint64_t pair = uint64_t(b) << 32 | a;
    int wrap = c & 31, clamp = c > 32 ? 32 : int(c);
    o[k++] = uint32_t(pair << wrap >> 32);
    o[k++] = uint32_t(pair >> wrap);
    o[k++] = clamp == 32 ? a : uint32_t(pair << clamp >> 32);
    o[k++] = clamp == 32 ? b : uint32_t(pair >> clamp);
    int dot = int(c);
    uint32_t udot = c;
    for (int i = 0; i < 4; i++) {
        dot = int(uint32_t(dot) + uint32_t(int8_t(a >> 8 * i) * int8_t(b >> 8 * i)));
        udot += uint8_t(a >> 8 * i) * uint8_t(b >> 8 * i);
    }
    o[k++] = dot;
    o[k++] = udot;
    int64_t ia = int(a), ib = int(b | 1);
    o[k++] = int(ia / ib);
    o[k++] = int(ia % ib);
    o[k++] = a / (b | 1);
    o[k++] = a % (b | 1);
    __int128 ix = (long long)x, iy = (long long)(y | 1);
    o[k++] = (long long)(ix / iy);
    o[k++] = (long long)(ix % iy);
    o[k++] = (long long)(x / (y | 1));
    o[k++] = (long long)(x % (y | 1));
    o[k++] = a << (c & 31);
    o[k++] = int(a) >> (c & 31);
    o[k++] = (long long)(x >> (c & 63));
    o[k++] = uint32_t(int(a) < int(b) ? a : b) ^ (a > b ? a : b);
    int d = int(a >> 1) - int(b >> 1);
    o[k++] = d < 0 ? -d : d;
}

__global__ void rows(const uint32_t *abc, const unsigned long long *xy, long long *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) device_row(abc[3 * i], abc[3 * i + 1], abc[3 * i + 2], xy[2 * i], xy[2 * i + 1], out + OUTS * i);
}

int main() {
    const uint32_t edges[] = {0, 1, 2, 31, 32, 33, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0x00ffffff, 0x12345678, 0xdeadbeef};
    const int e = sizeof edges / sizeof *edges, n = e * e * e;
    Managed<uint32_t> abc(3 * n);
    Managed<unsigned long long> xy(2 * n);
    Managed<long long> out(size_t(OUTS) * n);
    for (int i = 0; i < n; i++) {
        uint32_t a = edges[i % e], b = edges[i / e % e], c = edges[i / e / e];
        abc[3 * i] = a, abc[3 * i + 1] = b, abc[3 * i + 2] = c;
        xy[2 * i] = (unsigned long long)a << 32 | b;
        xy[2 * i + 1] = (unsigned long long)c << (a & 32) | (b >> 1);
    }
    rows<<<(n + 127) / 128, 128>>>(abc, xy, out, n);
    finish();
    for (int i = 0; i < n; i++) {
        long long want[OUTS];
        host_row(abc[3 * i], abc[3 * i + 1], abc[3 * i + 2], xy[2 * i], xy[2 * i + 1], want);
        for (int k = 0; k < OUTS; k++) {
            if (out[size_t(OUTS) * i + k] == want[k] || wrong_count++ >= 20) continue;
            fprintf(stderr, "function %d of %#x %#x %#x: got %#llx, want %#llx\n", k, abc[3 * i], abc[3 * i + 1], abc[3 * i + 2],
                    out[size_t(OUTS) * i + k], want[k]);
        }
    }
    return result();
}
