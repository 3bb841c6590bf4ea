// Stencils as programs have them: blocks of three dimensions, columns of planes, few instructions behind a branch that
// asks for data, guards around every term of a sum, rims that are fetched by some threads if the grid goes on there.
#include "testing.h"

__global__ void seven(const float *in, float *out, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x > 0 && x < n - 1 && y > 0 && y < m - 1 && z > 0 && z < d - 1) {
        int i = (z * m + y) * n + x;
        out[i] = 6 * in[i] - (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + in[i - n * m] + in[i + n * m]);
    }
}

// Without a barrier: its blocks may stop behind a turn.
__global__ void marching(const float *in, float *out, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= n - 1 || y >= m - 1) return;
    int plane = n * m, i = y * n + x;
    float before = in[i], here = in[i + plane];
    for (int z = 1; z < d - 1; z++) {
        i += plane;
        float behind = in[i + plane];
        out[i] = 6 * here - (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + before + behind);
        before = here, here = behind;
    }
}

template <int X, int Y> __global__ void marching_tile(const float *in, float *out, int n, int m, int d) {
    __shared__ float tile[Y + 2][X + 2];
    int x = blockIdx.x * X + threadIdx.x, y = blockIdx.y * Y + threadIdx.y, tx = threadIdx.x + 1, ty = threadIdx.y + 1;
    int plane = n * m, at = y * n + x;
    bool inner = x > 0 && x < n - 1 && y > 0 && y < m - 1;
    float before = in[at], here = in[at + plane];
    for (int z = 1; z < d - 1; z++) {
        int i = at + z * plane;
        float behind = in[i + plane];
        tile[ty][tx] = here;
        if (threadIdx.x == 0 && x > 0) tile[ty][0] = in[i - 1];
        if (threadIdx.x == X - 1 && x < n - 1) tile[ty][X + 1] = in[i + 1];
        if (threadIdx.y == 0 && y > 0) tile[0][tx] = in[i - n];
        if (threadIdx.y == Y - 1 && y < m - 1) tile[Y + 1][tx] = in[i + n];
        __syncthreads();
        if (inner) {
            float around = tile[ty][tx - 1] + tile[ty][tx + 1] + tile[ty - 1][tx] + tile[ty + 1][tx];
            out[i] = 6 * here - (around + before + behind);
        }
        __syncthreads();
        before = here, here = behind;
    }
}

void volumes(int n, int m, int d) {
    Managed<float> in(n * m * d), out(n * m * d);
    for (int i = 0; i < n * m * d; i++) in[i] = float(i * 37ll % 1001);
    auto check = [&](auto launch, const char *what) {
        for (int i = 0; i < n * m * d; i++) out[i] = -1;
        launch();
        finish();
        for (int z = 0, i = 0; z < d; z++) {
            for (int y = 0; y < m; y++) {
                for (int x = 0; x < n; x++, i++) {
                    bool inner = x > 0 && x < n - 1 && y > 0 && y < m - 1 && z > 0 && z < d - 1;
                    float want = -1;
                    if (inner) {
                        want = 6 * in[i] - (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + in[i - n * m] + in[i + n * m]);
                    }
                    expect(out[i], want, what, i);
                }
            }
        }
    };
    auto up = [](int a, int b) { return (a + b - 1) / b; };
    for (dim3 b : {dim3(32, 8, 1), dim3(8, 8, 4), dim3(16, 4, 2), dim3(10, 6, 5), dim3(64, 2, 1)}) {
        dim3 g(up(n, b.x), up(m, b.y), up(d, b.z));
        check([&] { seven<<<g, b>>>(in.data, out.data, n, m, d); }, "seven points");
        check([&] { marching<<<dim3(g.x, g.y), dim3(b.x, b.y)>>>(in.data, out.data, n, m, d); }, "marching");
    }
    if (n % 32 == 0 && m % 16 == 0) {
        check([&] { marching_tile<32, 8><<<dim3(n / 32, m / 8), dim3(32, 8)>>>(in.data, out.data, n, m, d); }, "tile");
        check([&] { marching_tile<16, 16><<<dim3(n / 16, m / 16), dim3(16, 16)>>>(in.data, out.data, n, m, d); }, "tile");
    }
}

// Nothing but data decides, with a load behind the branch.
__global__ void life(const unsigned char *in, unsigned char *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    int l = (x + w - 1) % w, r = (x + 1) % w, u = (y + h - 1) % h, d = (y + 1) % h;
    int s = in[u * w + l] + in[u * w + x] + in[u * w + r] + in[y * w + l] + in[y * w + r] + in[d * w + l] + in[d * w + x] +
            in[d * w + r];
    out[y * w + x] = s == 3 || (s == 2 && in[y * w + x]);
}

// A guard for every term.
__global__ void row_sums(const float *in, float *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= w || y >= h) return;
    float sum = 0;
    for (int j = -5; j <= 5; j++) {
        int at = x + j;
        if (at >= 0 && at < w) sum += (6 + j) * in[y * w + at];
    }
    out[y * w + x] = sum;
}

// The lanes part by data in a loop, store different things and meet.
__global__ void parted(const int *in, int *out, int *odd, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, sum = 0;
    for (int k = 0; k < 5; k++) {
        int v = in[(i + 7 * k) % n];
        if (v % 3 == 0) {
            odd[k * n + i] = v + k;
            sum += v;
        } else if (v % 5 > 2) {
            sum -= in[(v + i) % n];
        }
    }
    if (i < n) out[i] = sum;
}

void images(int w, int h) {
    Managed<unsigned char> cells(w * h), next(w * h);
    Managed<float> in(w * h), out(w * h);
    for (int i = 0; i < w * h; i++) cells[i] = i * 7919u % 13 < 5, in[i] = float(i * 37 % 101);
    for (dim3 b : {dim3(32, 8), dim3(16, 16), dim3(8, 4), dim3(5, 9)}) {
        dim3 g((w + b.x - 1) / b.x, (h + b.y - 1) / b.y);
        life<<<g, b>>>(cells.data, next.data, w, h);
        row_sums<<<g, b>>>(in.data, out.data, w, h);
        finish();
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int s = 0;
                for (int j = -1; j <= 1; j++) {
                    for (int i = -1; i <= 1; i++) s += (i || j) && cells[(y + j + h) % h * w + (x + i + w) % w];
                }
                expect(int(next[y * w + x]), int(s == 3 || (s == 2 && cells[y * w + x])), "life", y * w + x);
                float sum = 0;
                for (int j = -5; j <= 5; j++) sum += x + j >= 0 && x + j < w ? (6 + j) * in[y * w + x + j] : 0;
                expect(out[y * w + x], sum, "guarded sum", y * w + x);
            }
        }
    }
}

void parts(int n) {
    Managed<int> in(n), out(n), odd(5 * n);
    for (int i = 0; i < n; i++) in[i] = int(i * 7919u % 1009u);
    for (int i = 0; i < 5 * n; i++) odd[i] = -1;
    parted<<<n / 128, 128>>>(in.data, out.data, odd.data, n);
    finish();
    for (int i = 0; i < n; i++) {
        int sum = 0;
        for (int k = 0; k < 5; k++) {
            int v = in[(i + 7 * k) % n];
            if (v % 3 == 0) sum += v;
            else if (v % 5 > 2) sum -= in[(v + i) % n];
            expect(odd[k * n + i], v % 3 == 0 ? v + k : -1, "stored by some", k * n + i);
        }
        expect(out[i], sum, "parted", i);
    }
}

int main() {
    volumes(64, 32, 12);
    volumes(61, 37, 7);
    // Large enough for columns of blocks to go side by side.
    volumes(128, 128, 160);
    images(96, 40);
    images(61, 33);
    images(300, 70);
    parts(1024);
    return result();
}
