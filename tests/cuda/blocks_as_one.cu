// Kernels over images and volumes whose blocks have short rows: what each thread does must be done once, whichever blocks
// run as one, and at the end of a row of the grid, too.
#include "testing.h"

__global__ void volume(float *data, int n, int m, int d) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x < n && y < m && z < d) data[(size_t(z) * m + y) * n + x] += x + 2 * y + 3 * z;
}

// All of the grid's threads write.
__global__ void all(int *data, int width) {
    int y = threadIdx.y + blockIdx.y * blockDim.y;
    data[y * width + threadIdx.x + blockDim.x * blockIdx.x] += y + 1;
}

// Threads see which block they are in.
__global__ void places(int *data, int width) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    data[y * width + x] += 1000 * blockIdx.x + threadIdx.x;
}

__global__ void cross(const unsigned char *in, unsigned char *out, int w, int h) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || y < 1 || x >= w - 1 || y >= h - 1) return;
    int i = y * w + x;
    out[i] = (in[i - 1] + in[i + 1] + in[i - w] + in[i + w]) / 4;
}

static void check(dim3 block, int n, int m, int d) {
    dim3 grid((n + block.x - 1) / block.x, (m + block.y - 1) / block.y, (d + block.z - 1) / block.z);
    Managed<float> data(size_t(n) * m * d);
    for (size_t i = 0; i < data.count; i++) data[i] = 7;
    volume<<<grid, block>>>(data.data, n, m, d);
    finish();
    for (size_t i = 0; i < data.count; i++) {
        int x = i % n, y = i / n % m, z = i / n / m;
        expect(data[i], 7 + float(x + 2 * y + 3 * z), "volume", i);
    }
    int width = grid.x * block.x, height = grid.y * block.y;
    Managed<int> numbers(size_t(width) * height), seen(size_t(width) * height);
    for (size_t i = 0; i < numbers.count; i++) numbers[i] = seen[i] = 5;
    all<<<dim3(grid.x, grid.y), dim3(block.x, block.y)>>>(numbers.data, width);
    places<<<dim3(grid.x, grid.y), dim3(block.x, block.y)>>>(seen.data, width);
    finish();
    for (size_t i = 0; i < numbers.count; i++) {
        expect(numbers[i], 5 + int(i / width) + 1, "all", i);
        expect(seen[i], 5 + 1000 * int(i % width / block.x) + int(i % width % block.x), "places", i);
    }
    Managed<unsigned char> in(size_t(n) * m), out(size_t(n) * m);
    for (size_t i = 0; i < in.count; i++) in[i] = i * 37 % 251, out[i] = 99;
    cross<<<dim3(grid.x, grid.y), dim3(block.x, block.y)>>>(in.data, out.data, n, m);
    finish();
    for (size_t i = 0; i < in.count; i++) {
        int x = i % n, y = i / n;
        bool inner = x > 0 && y > 0 && x < n - 1 && y < m - 1;
        expect(int(out[i]), inner ? (in[i - 1] + in[i + 1] + in[i - n] + in[i + n]) / 4 : 99, "cross", i);
    }
}

int main() {
    for (int n : {256, 301, 1000, 40}) {
        check(dim3(16, 16), n, 33, 1);
        check(dim3(4, 4, 4), n, 9, 6);
        check(dim3(8, 8, 4), n, 9, 6);
        check(dim3(10, 10, 5), n, 21, 6);
        check(dim3(32, 8), n, 17, 2);
        check(dim3(5, 3), n, 7, 1);
        check(dim3(24, 2), n, 7, 1);
        check(dim3(1, 64), n, 70, 1);
    }
    return result();
}
