/* Sparse matrices, gathers and scatters, histograms, sorting: memory by what the data says. */
#include "corpus.h"

using corpus::random;
typedef unsigned char byte;

namespace reference {
void sparse(int rows, const int *starts, const int *columns, const float *values, const float *x, float *y);
void sparse(int rows, const int *starts, const int *columns, const double *values, const double *x, double *y);
void ellpack(int rows, int width, const int *columns, const float *values, const float *x, float *y);
void gather(const float *in, const int *index, float *out, int n);
void scatter(const float *in, const int *index, float *out, int n);
void scatter_add(const float *in, const int *index, float *out, int n, int places);
void histogram(const byte *in, unsigned *bins, size_t n);
void histogram(const int *in, int *bins, size_t n, int count);
void weighted_histogram(const float *x, const float *w, float *bins, int n, int count);
void sort(unsigned *keys, int n);
void sort(float *keys, int n);
void floyd(int *distances, int n);
void distances(const float *a, const float *b, float *out, int n, int d);
void square_roots(const float *in, float *out, size_t n);
} // namespace reference

const unsigned ALL = 0xffffffff;

template <typename T, typename I>
__global__ void thread_a_row(I rows, const int *starts, const int *columns, const T *values, const T *x, T *y) {
    I row = blockIdx.x * (I)blockDim.x + threadIdx.x;
    if (row < rows) {
        T sum = 0;
        int begin = starts[row], end = starts[row + 1];
        for (int j = begin; j < end; j++) sum += values[j] * x[columns[j]];
        y[row] = sum;
    }
}

/* LANES threads a row. */
template <int LANES>
__global__ void lanes_a_row(int rows, const int *__restrict__ starts, const int *__restrict__ columns,
                            const float *__restrict__ values, const float *__restrict__ x, float *__restrict__ y) {
    int thread = blockIdx.x * blockDim.x + threadIdx.x, lane = thread & (LANES - 1), row = thread / LANES;
    if (row < rows) {
        float sum = 0;
        for (int j = starts[row] + lane; j < starts[row + 1]; j += LANES) sum += values[j] * x[columns[j]];
        for (int o = LANES / 2; o > 0; o >>= 1) sum += __shfl_down_sync(ALL, sum, o, LANES);
        if (lane == 0) y[row] = sum;
    }
}

__global__ void padded(int rows, int width, const int *columns, const float *values, const float *x, float *y) {
    int row = blockDim.x * blockIdx.x + threadIdx.x;
    if (row < rows) {
        float sum = 0;
        for (int k = 0; k < width; k++) {
            int column = columns[rows * k + row];
            float value = values[rows * k + row];
            if (value != 0) sum += value * x[column];
        }
        y[row] = sum;
    }
}

__global__ void coordinates(int count, const int *rows, const int *columns, const float *values, const float *x,
                            float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) atomicAdd(&y[rows[i]], values[i] * x[columns[i]]);
}

__global__ void gather(const float *in, const int *index, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = in[index[i]];
}
__global__ void scatter(const float *in, const int *index, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[index[i]] = in[i];
}
__global__ void scatter_add(const float *in, const int *index, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(out + index[i], in[i]);
}

/* A table for each warp. */
__global__ void histogram_warps(const unsigned *in, unsigned n4, unsigned *out) {
    __shared__ unsigned tables[8 * 256];
    for (int i = threadIdx.x; i < 8 * 256; i += blockDim.x) tables[i] = 0;
    __syncthreads();
    unsigned *mine = tables + (threadIdx.x >> 5) * 256;
    for (unsigned p = blockIdx.x * blockDim.x + threadIdx.x; p < n4; p += blockDim.x * gridDim.x) {
        unsigned v = in[p];
        atomicAdd(mine + (v & 255), 1);
        atomicAdd(mine + ((v >> 8) & 255), 1);
        atomicAdd(mine + ((v >> 16) & 255), 1);
        atomicAdd(mine + (v >> 24), 1);
    }
    __syncthreads();
    for (int b = threadIdx.x; b < 256; b += blockDim.x) {
        unsigned sum = 0;
        for (int i = 0; i < 8; i++) sum += tables[b + i * 256];
        atomicAdd(out + b, sum);
    }
}

__global__ void histogram_weights(const float *x, const float *w, float *out, int n, int count) {
    extern __shared__ float bins[];
    for (int i = threadIdx.x; i < count; i += blockDim.x) bins[i] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        atomicAdd(&bins[(int)(x[i] * count)], w[i]);
    __syncthreads();
    for (int i = threadIdx.x; i < count; i += blockDim.x) atomicAdd(out + i, bins[i]);
}

__global__ void histogram_global(const int *in, int *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(&out[in[i]], 1);
}

__device__ static void order(unsigned &a, unsigned &b, bool up) {
    if ((a > b) == up) {
        unsigned t = a;
        a = b;
        b = t;
    }
}

/* Blocks of 1024 keys by 512 threads. */
__global__ void sort_shared(unsigned *keys) {
    __shared__ unsigned s[1024];
    keys += blockIdx.x * 1024 + threadIdx.x;
    s[threadIdx.x] = keys[0];
    s[threadIdx.x + 512] = keys[512];
    for (unsigned size = 2; size < 1024; size <<= 1) {
        bool down = (threadIdx.x & (size / 2)) != 0;
        for (unsigned stride = size / 2; stride > 0; stride >>= 1) {
            __syncthreads();
            unsigned p = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
            order(s[p], s[p + stride], !down);
        }
    }
    bool down = blockIdx.x & 1;
    for (unsigned stride = 512; stride > 0; stride >>= 1) {
        __syncthreads();
        unsigned p = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
        order(s[p], s[p + stride], !down);
    }
    __syncthreads();
    keys[0] = s[threadIdx.x];
    keys[512] = s[threadIdx.x + 512];
}

__global__ void merge_global(unsigned *keys, unsigned n, unsigned size, unsigned stride) {
    unsigned g = blockIdx.x * blockDim.x + threadIdx.x, c = g & (n / 2 - 1);
    bool up = !(c & (size / 2));
    unsigned p = 2 * g - (g & (stride - 1));
    unsigned a = keys[p], b = keys[p + stride];
    order(a, b, up);
    keys[p] = a;
    keys[p + stride] = b;
}

__global__ void merge_shared(unsigned *keys, unsigned n, unsigned size) {
    __shared__ unsigned s[1024];
    unsigned *mine = keys + blockIdx.x * 1024 + threadIdx.x;
    s[threadIdx.x] = mine[0];
    s[threadIdx.x + 512] = mine[512];
    unsigned c = (blockIdx.x * 512 + threadIdx.x) & (n / 2 - 1);
    bool up = !(c & (size / 2));
    for (unsigned stride = 512; stride > 0; stride >>= 1) {
        __syncthreads();
        unsigned p = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
        order(s[p], s[p + stride], up);
    }
    __syncthreads();
    mine[0] = s[threadIdx.x];
    mine[512] = s[threadIdx.x + 512];
}

/* The bitonic sort that everybody copies: a launch a step, half of the threads idle. */
__global__ void bitonic_step(float *keys, int j, int k) {
    unsigned i = threadIdx.x + blockDim.x * blockIdx.x, partner = i ^ j;
    if (partner > i) {
        if ((i & k) == 0) {
            if (keys[i] > keys[partner]) {
                float t = keys[i];
                keys[i] = keys[partner];
                keys[partner] = t;
            }
        }
        if ((i & k) != 0) {
            if (keys[i] < keys[partner]) {
                float t = keys[i];
                keys[i] = keys[partner];
                keys[partner] = t;
            }
        }
    }
}

__global__ void floyd_step(int *d, int n, int k) {
    int j = blockIdx.x * blockDim.x + threadIdx.x, i = blockIdx.y * blockDim.y + threadIdx.y;
    if (i < n && j < n) {
        int over = d[i * n + k] + d[k * n + j];
        if (over < d[i * n + j]) d[i * n + j] = over;
    }
}

__global__ void pair_distances(const float *a, const float *b, float *out, int n, int d) {
    int j = blockIdx.x * blockDim.x + threadIdx.x, i = blockIdx.y * blockDim.y + threadIdx.y;
    if (i < n && j < n) {
        float sum = 0;
        for (int k = 0; k < d; k++) {
            float t = a[i * d + k] - b[j * d + k];
            sum += t * t;
        }
        out[i * n + j] = sqrtf(sum);
    }
}

/* Blocks that take rows from a counter until there are none. */
__global__ void persistent(const float *in, float *out, int rows, int columns, int *next) {
    __shared__ int taken;
    while (true) {
        if (threadIdx.x == 0) taken = atomicAdd(next, 1);
        __syncthreads();
        int row = taken;
        __syncthreads();
        if (row >= rows) break;
        for (int j = threadIdx.x; j < columns; j += blockDim.x) out[row * columns + j] = sqrtf(in[row * columns + j]);
    }
}

static int blocks(int n, int block) { return (n + block - 1) / block; }

/* Rows of a sparse matrix near its diagonal: so many elements each, or from 0 to twice as many. */
struct Sparse {
    int rows;
    corpus::Array<int> starts, columns;
    int count() const { return starts.host[rows]; }
};
const int A_ROW = 16;
static Sparse banded(bool regular) {
    int rows = corpus::size(1000, 1 << 20);
    uint32_t state = 1;
    auto starts = corpus::array<int>(rows + 1, [&](int *host) {
        host[0] = 0;
        for (int i = 0; i < rows; i++)
            host[i + 1] = host[i] + (regular ? A_ROW : (int)(2 * A_ROW * bench_random(&state)));
    });
    auto columns = corpus::array<int>(starts.host[rows], [&](int *host) {
        for (int i = 0; i < rows; i++)
            for (int j = starts.host[i]; j < starts.host[i + 1]; j++) {
                int column = i - 2048 + (int)(bench_random(&state) * 4096);
                host[j] = column < 0 ? 0 : column >= rows ? rows - 1 : column;
            }
    });
    return {rows, starts, columns};
}

/* `launch(rows, starts, columns, values, x, y)`. */
template <typename T, typename F> static corpus::Work sparse(bool regular, F launch) {
    Sparse m = banded(regular);
    auto values = random<T>(m.count()), x = random<T>(m.rows);
    auto y = corpus::result<T>(m.rows);
    return {[=] { launch(m.rows, m.starts, m.columns, values, x, y); },
            [=] { reference::sparse(m.rows, m.starts.host, m.columns.host, values.host, x.host, y.host); }};
}
#define SPARSE(T, REGULAR, ...)                                                                                        \
    sparse<T>(REGULAR, [](int rows, auto starts, auto columns, auto values, auto x, auto y) { __VA_ARGS__; })

CASE(sparse_rows_128_double, 1e-10) {
    return SPARSE(double, true,
                  (thread_a_row<double, int><<<blocks(rows, 128), 128>>>(rows, starts, columns, values, x, y)));
}
CASE(sparse_rows_512_size_t, 1e-4) {
    return SPARSE(float, true,
                  (thread_a_row<float, size_t><<<blocks(rows, 512), 512>>>(rows, starts, columns, values, x, y)));
}
CASE(sparse_rows_256_irregular, 1e-4) {
    return SPARSE(float, false,
                  (thread_a_row<float, int><<<blocks(rows, 256), 256>>>(rows, starts, columns, values, x, y)));
}
CASE(sparse_4_lanes, 1e-4) {
    return SPARSE(float, true, lanes_a_row<4><<<blocks(rows * 4, 256), 256>>>(rows, starts, columns, values, x, y));
}
CASE(sparse_16_lanes, 1e-4) {
    return SPARSE(float, false, lanes_a_row<16><<<blocks(rows * 16, 128), 128>>>(rows, starts, columns, values, x, y));
}
CASE(sparse_32_lanes, 1e-4) {
    return SPARSE(float, false, lanes_a_row<32><<<blocks(rows * 32, 256), 256>>>(rows, starts, columns, values, x, y));
}
CASE(sparse_padded, 1e-4) {
    Sparse m = banded(true);
    int n = m.rows;
    auto columns = corpus::array<int>(n * A_ROW, [&](int *host) {
        for (int r = 0; r < n; r++)
            for (int k = 0; k < A_ROW; k++) host[k * n + r] = m.columns.host[r * A_ROW + k];
    });
    auto values = random<float>(n * A_ROW), x = random<float>(n), y = corpus::result<float>(n);
    return {[=] { padded<<<blocks(n, 256), 256>>>(n, A_ROW, columns, values, x, y); },
            [=] { reference::ellpack(n, A_ROW, columns.host, values.host, x.host, y.host); }};
}
CASE(sparse_coordinates, 1e-4) {
    Sparse m = banded(false);
    auto rows = corpus::array<int>(m.count(), [&](int *host) {
        for (int r = 0; r < m.rows; r++)
            for (int j = m.starts.host[r]; j < m.starts.host[r + 1]; j++) host[j] = r;
    });
    auto values = random<float>(m.count()), x = random<float>(m.rows), y = corpus::result<float>(m.rows);
    int count = m.count();
    return {[=] {
                CHECK(cudaMemsetAsync(y, 0, m.rows * sizeof(float)));
                coordinates<<<blocks(count, 256), 256>>>(count, rows, m.columns, values, x, y);
            },
            [=] { reference::sparse(m.rows, m.starts.host, m.columns.host, values.host, x.host, y.host); }};
}

CASE(gather_256, 0) {
    int from = corpus::size(1 << 10, 1 << 20), n = corpus::size(5000, 1 << 24);
    auto in = random<float>(from), out = corpus::result<float>(n);
    auto index = random<int>(n, 0, from);
    return {[=] { gather<<<blocks(n, 256), 256>>>(in, index, out, n); },
            [=] { reference::gather(in.host, index.host, out.host, n); }};
}
CASE(scatter_256, 0) {
    int n = corpus::size(5000, 1 << 22);
    auto in = random<float>(n), out = corpus::result<float>(n);
    // Every place once.
    auto index = corpus::array<int>(n, [&](int *host) {
        uint32_t state = 7;
        for (int i = 0; i < n; i++) host[i] = i;
        for (int i = n - 1; i > 0; i--) {
            int j = (int)(bench_random(&state) * (i + 1)), t = host[i];
            host[i] = host[j];
            host[j] = t;
        }
    });
    return {[=] { scatter<<<blocks(n, 256), 256>>>(in, index, out, n); },
            [=] { reference::scatter(in.host, index.host, out.host, n); }};
}
CASE(scatter_add_256, 1e-3) {
    int n = corpus::size(9000, 1 << 24), places = corpus::size(100, 1 << 16);
    auto in = random<float>(n), out = corpus::result<float>(places);
    auto index = random<int>(n, 0, places);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0, places * sizeof(float)));
                scatter_add<<<blocks(n, 256), 256>>>(in, index, out, n);
            },
            [=] { reference::scatter_add(in.host, index.host, out.host, n, places); }};
}

CASE(histogram_warps_256, 0) {
    size_t n = corpus::size(1 << 16, 1 << 26);
    auto in = random<byte>(n, 0, 256);
    auto out = corpus::result<unsigned>(256);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0, 256 * sizeof(unsigned)));
                histogram_warps<<<240, 256>>>((unsigned *)in.device, n / 4, out);
            },
            [=] { reference::histogram(in.host, out.host, n); }};
}
CASE(histogram_weights_512, 1e-3) {
    int n = corpus::size(70000, 1 << 24), count = 64;
    auto x = random<float>(n), w = random<float>(n), out = corpus::result<float>(count);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0, count * sizeof(float)));
                histogram_weights<<<128, 512, count * sizeof(float)>>>(x, w, out, n, count);
            },
            [=] { reference::weighted_histogram(x.host, w.host, out.host, n, count); }};
}
CASE(histogram_global_128, 0) {
    int n = corpus::size(70000, 1 << 23), count = corpus::size(3000, 1 << 20);
    auto in = random<int>(n, 0, count), out = corpus::result<int>(count);
    return {[=] {
                CHECK(cudaMemsetAsync(out, 0, count * sizeof(int)));
                histogram_global<<<blocks(n, 128), 128>>>(in, out, n);
            },
            [=] { reference::histogram(in.host, out.host, n, count); }};
}

/* Keys that are sorted where a copy of them lies; `launch(keys, n)`. */
template <typename T, typename F> static corpus::Work sorting(int n, F launch) {
    auto begun = random<T>(n, 0, 1e6), keys = corpus::result<T>(n);
    return {[=] {
                CHECK(cudaMemcpyAsync(keys, begun, n * sizeof(T), cudaMemcpyDeviceToDevice));
                launch(keys, n);
            },
            [=] {
                memcpy(keys.host, begun.host, n * sizeof(T));
                reference::sort(keys.host, n);
            }};
}
CASE(sort_shared_512, 0) {
    return sorting<unsigned>(corpus::size(1 << 13, 1 << 22), [](auto keys, unsigned n) {
        sort_shared<<<n / 1024, 512>>>(keys);
        for (unsigned size = 2048; size <= n; size <<= 1)
            for (unsigned stride = size / 2; stride > 0; stride >>= 1) {
                if (stride < 1024) {
                    merge_shared<<<n / 1024, 512>>>(keys, n, size);
                    break;
                }
                merge_global<<<n / 2 / 512, 512>>>(keys, n, size, stride);
            }
    });
}
CASE(sort_steps_512, 0) {
    return sorting<float>(corpus::size(1 << 11, 1 << 20), [](auto keys, int n) {
        for (int k = 2; k <= n; k <<= 1)
            for (int j = k >> 1; j > 0; j >>= 1) bitonic_step<<<n / 512, 512>>>(keys, j, k);
    });
}

CASE(floyd_16x16, 0) {
    int n = corpus::size(70, 512);
    auto begun = random<int>(n * n, 0, 1000), d = corpus::result<int>(n * n);
    return {[=] {
                CHECK(cudaMemcpyAsync(d, begun, n * n * sizeof(int), cudaMemcpyDeviceToDevice));
                dim3 grid(blocks(n, 16), blocks(n, 16));
                for (int k = 0; k < n; k++) floyd_step<<<grid, dim3(16, 16)>>>(d, n, k);
            },
            [=] {
                memcpy(d.host, begun.host, n * n * sizeof(int));
                reference::floyd(d.host, n);
            }};
}
CASE(distances_16x16, 1e-5) {
    int n = corpus::size(75, 2048), d = corpus::size(13, 32);
    auto a = random<float>(n * d), b = random<float>(n * d), out = corpus::result<float>(n * n);
    return {[=] { pair_distances<<<dim3(blocks(n, 16), blocks(n, 16)), dim3(16, 16)>>>(a, b, out, n, d); },
            [=] { reference::distances(a.host, b.host, out.host, n, d); }};
}
CASE(persistent_256, 1e-6) {
    int rows = corpus::size(50, 4096), columns = corpus::size(300, 4096);
    auto in = random<float>((size_t)rows * columns), out = corpus::result<float>((size_t)rows * columns);
    auto next = random<int>(1);
    return {[=] {
                CHECK(cudaMemsetAsync(next, 0, sizeof(int)));
                persistent<<<16, 256>>>(in, out, rows, columns, next);
            },
            [=] { reference::square_roots(in.host, out.host, (size_t)rows * columns); }};
}
