// Control flow that does not nest: goto into the middle, switch with fall-through, loops left in several places, early
// return, short circuits. The same function runs on the host and on the device.
#include "testing.h"

__host__ __device__ int tangle(int seed) {
    unsigned s = seed * 2654435761u + 12345u;
    int steps = 0, sum = 0, depth = 0;
    if (s & 1) goto middle;
top:
    if (++steps > 200) return sum * 31 + 7;
    s = s * 1664525u + 1013904223u;
    switch (s >> 28) {
    case 0: sum += 1; // falls through
    case 1: sum += 10; goto middle;
    case 2: goto bottom;
    case 3:
    case 4: sum ^= 0x55; break;
    case 5:
        for (int i = 0; i < int(s >> 8 & 7); i++) {
            if ((s >> i & 3) == 3) goto top;
            if ((sum + i) % 11 == 0) continue;
            sum += i;
        }
        // falls through
    case 6: depth++; goto top;
    default: sum += 3;
    }
middle:
    while (true) {
        s ^= s << 13;
        s ^= s >> 17;
        s ^= s << 5;
        if ((s & 15) == 0) goto bottom;
        if ((s & 7) == 1) goto top;
        sum += s & 3;
        if (++steps > 150) break;
        if (depth > 3 && (s & 31) > 20) return sum - depth;
    }
bottom:
    if (steps < 100 && (s & 64)) {
        depth--;
        goto middle;
    }
    do {
        sum = sum * 3 + (s & 1);
        s >>= 1;
        if (sum > 100000) goto out;
    } while (s && depth++ < 20);
    if (steps < 50) goto top;
out:
    return sum + steps * 1000 + depth;
}

__host__ __device__ int nested(int seed) {
    int found = -1;
    for (int a = 0; a < 8 && found < 0; a++) {
        for (int b = 0; b < 8; b++) {
            if ((a * b + seed) % 13 == 0) continue;
            for (int c = 0; c < 8; c++) {
                if ((a + b * c + seed) % 17 == 5) {
                    if (c & 1) break;
                    found = a * 64 + b * 8 + c;
                    goto done;
                }
                if (((a ^ b ^ c) + seed) % 29 == 28 && (b > 2 || (c > 3 && a < 5))) return -seed;
            }
        }
    }
done:
    return found;
}

__host__ __device__ unsigned collatz(unsigned n) {
    unsigned steps = 0;
    while (n != 1 && steps < 1000) n = n & 1 ? 3 * n + 1 : n / 2, steps++;
    return steps;
}

__global__ void run(int *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    out[3 * i] = tangle(i);
    out[3 * i + 1] = nested(i);
    out[3 * i + 2] = collatz(i + 1);
}

int main() {
    const int n = 5000;
    Managed<int> out(3 * n);
    for (int block : {32, 1, 77, 256, 1024}) {
        memset(out.data, 0xff, 3 * n * sizeof(int));
        run<<<(n + block - 1) / block, block>>>(out, n);
        finish();
        for (int i = 0; i < n; i++) {
            expect(out[3 * i], tangle(i), "tangle", i);
            expect(out[3 * i + 1], nested(i), "nested", i);
            expect(out[3 * i + 2], int(collatz(i + 1)), "collatz", i);
        }
    }
    return result();
}
