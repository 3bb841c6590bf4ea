// Shuffles of all kinds, types and widths, in whole warps and under odd masks, compared with the programming guide's
// definition of the source lane.
#include "testing.h"

// CUDA C++ Programming Guide, Warp Shuffle Functions: the lane that `lane` reads from, or itself when out of range.
static int source(int kind, int lane, int arg, int width) {
    int base = lane / width * width, last = base + width - 1;
    switch (kind) {
    case 0: return base + (arg & (width - 1));
    case 1: return lane - arg >= base ? lane - arg : lane;
    case 2: return lane + arg <= last ? lane + arg : lane;
    default: {
        // xor may reach earlier groups but not later ones.
        int from = lane ^ arg;
        return from <= last ? from : lane;
    }
    }
}

template <typename T> __device__ T shuffle(int kind, unsigned mask, T v, int arg, int width) {
    switch (kind) {
    case 0: return __shfl_sync(mask, v, arg, width);
    case 1: return __shfl_up_sync(mask, v, arg, width);
    case 2: return __shfl_down_sync(mask, v, arg, width);
    default: return __shfl_xor_sync(mask, v, arg, width);
    }
}

template <typename T> __global__ void whole(T *out, int kind, int arg, int width) {
    int t = threadIdx.x;
    out[blockIdx.x * blockDim.x + t] = shuffle<T>(kind, 0xffffffffu, T(t * 3 + 1), arg, width);
}

// Lanes whose bit is set take part; the others do something else meanwhile.
__global__ void masked(int *out, unsigned mask, int kind, int arg) {
    int lane = threadIdx.x;
    if (mask >> lane & 1)
        out[lane] = shuffle<int>(kind, mask, lane + 100, arg, 32);
    else
        out[lane] = -lane;
}

template <typename T> static void check_type(const char *name) {
    const int threads = 96;
    Managed<T> out(threads);
    for (int kind = 0; kind < 4; kind++) {
        for (int width = 1; width <= 32; width *= 2) {
            for (int arg : {0, 1, 2, 5, 15, 16, 31}) {
                whole<T><<<1, threads>>>(out, kind, arg, width);
                finish();
                for (int t = 0; t < threads; t++)
                    expect(out[t], T((t / 32 * 32 + source(kind, t % 32, arg, width)) * 3 + 1), name, kind * 10000 + width * 100 + t);
            }
        }
    }
}

int main() {
    check_type<int>("int");
    check_type<unsigned>("unsigned");
    check_type<float>("float");
    check_type<long long>("long long");
    check_type<unsigned long long>("unsigned long long");
    check_type<double>("double");

    Managed<int> out(32);
    for (unsigned mask : {0x1u, 0x80000000u, 0x55555555u, 0xaaaaaaaau, 0x0000ffffu, 0xfffffffeu, 0x12345678u, 0x7fffffffu}) {
        for (int kind = 0; kind < 4; kind++) {
            for (int arg : {0, 1, 2, 3, 31}) {
                masked<<<1, 32>>>(out, mask, kind, arg);
                finish();
                for (int lane = 0; lane < 32; lane++) {
                    int from = source(kind, lane, arg, 32);
                    if (!(mask >> lane & 1)) expect(out[lane], -lane, "other lane", lane);
                    else if (mask >> from & 1) expect(out[lane], from + 100, "masked", kind * 100 + lane);
                    // Reading a lane that does not take part is undefined.
                }
            }
        }
    }
    return result();
}
