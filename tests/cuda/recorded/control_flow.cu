// goto, switches that fall through, breaks out of nests, early returns, short circuits.
#include "values.h"
__global__ void k(u32 *o) {
    int t = threadIdx.x;
    u32 a = mix(t + 1), s = 0;
    int i = 0;
top:
    s += i;
    if (i++ > 20) goto end;
    if (a & 1) goto odd;
    a = a / 2 + i;
    if (a % 7 == 2) goto mid;
    s ^= 1;
    goto top;
odd:
    a = a * 3 + 1;
    s += 5;
    if (a % 5 == 1) goto top;
    if (s > 4000) goto end;
mid:
    s = s * 3 + 2;
    if ((s & 3) == 0) goto odd;
    if ((s & 15) == 3) goto end;
    goto top;
end:
    o[t] = s;
    o[256 + t] = i;
}
__global__ void sw(u32 *o) {
    int t = threadIdx.x;
    u32 s = 0;
    for (int r = 0; r < 12; r++) switch (mix(t * 31 + r) % 9) {
        case 0: s += 1;
        case 1: s *= 3; break;
        case 2:
            s ^= 0x55;
            if (s & 4) break;
        case 3: s += r; continue;
        case 4: {
            for (int j = 0; j < int(s & 3); j++) {
                if (j == 2) break;
                s += j + 7;
            }
        }
        default: s = s << 1 | s >> 31;
        case 7:
            if (t % 2) continue;
            s -= 9;
            break;
        case 8:
            if (r > 5) goto out;
            s += 100;
        }
out:
    o[t] = s;
}
__device__ int f(int x) {
    for (int i = 0; i < 50; i++) {
        if (x % 11 == 3) return i * 2;
        if (x > 1000 && i > 5) return -x;
        for (int j = 0; j < i; j++) {
            if ((x ^ j) % 13 == 5) return j;
            if (j > 6) break;
            x += j;
        }
        x = x * 5 % 2003 + 1;
    }
    return x;
}
__global__ void er(int *o) {
    int t = blockIdx.x * blockDim.x + threadIdx.x;
    o[t] = f(t);
}
__global__ void sc(u32 *o) {
    int t = threadIdx.x;
    int c = 0;
    auto e = [&](int k, bool r) {
        c = c * 3 + k;
        return r;
    };
    bool b = (e(1, t & 1) && e(2, t & 2)) || (e(3, t & 4) && !(e(1, t & 8) || e(2, t & 16)))
                 ? e(3, true)
                 : e(1, t % 5 == 0) && e(2, true);
    o[t] = c * 2 + b;
    int x = t % 7 ? (t % 5 ? c++ : ++c) : (c += 5, c--);
    o[256 + t] = x + 1000 * c;
}
__global__ void nest(u32 *o) {
    int t = threadIdx.x;
    u32 s = 0;
    for (int i = 0; i < 8; i++) {
        if (mix(t + i) % 5 == 0) continue;
        for (int j = 0; j < 6; j++) {
            if (mix(t * 7 + i * 3 + j) % 9 == 0) break;
            if ((j ^ t) & 1) continue;
            int w = mix(i + j + t) % 5;
            while (w--) {
                s += w;
                if (s % 17 == 3) goto next;
                do { s += 2; } while (s % 4 == 1);
            }
        }
        s ^= i;
    next:;
        if (s > 300) break;
    }
    o[t] = s;
}
__global__ void fall(u32 *o) {
    int t = threadIdx.x, n = t % 13, s = 0, c = (n + 3) / 4;
    if (n) switch (n % 4) {
        case 0: do { s += 1;
            case 3: s += 10;
            case 2: s += 100;
            case 1: s += 1000;
            } while (--c > 0);
        }
    o[t] = s;
}
int main() {
    Buf<u32> o(512);
    k<<<1, 200>>>(o);
    o.show("goto", 32);
    sw<<<1, 256>>>(o);
    o.show("switch", 32);
    Buf<int> q(1000);
    er<<<10, 100>>>(q);
    q.show("early", 32);
    sc<<<1, 97>>>(o);
    o.show("short", 32);
    nest<<<1, 256>>>(o);
    o.show("nest", 32);
    fall<<<1, 77>>>(o);
    o.show("duff", 32);
}
