// Conway's game of life on a torus, written as an animated GIF and checked against the host.
// Usage: life [file.gif [generations]]

#include <vector>

#include "common/check.h"
#include "common/gif.h"

constexpr int WIDTH = 256, HEIGHT = 192;
constexpr int BX = 32, BY = 8;

// A block keeps its cells and one row and column of neighbours in shared memory.
__global__ void step(const unsigned char *now, unsigned char *next) {
    __shared__ unsigned char cells[BY + 2][BX + 2];
    const int x0 = blockIdx.x * BX, y0 = blockIdx.y * BY;
    for (int i = threadIdx.y * BX + threadIdx.x; i < (BX + 2) * (BY + 2); i += BX * BY) {
        int cx = i % (BX + 2), cy = i / (BX + 2);
        int x = (x0 + cx - 1 + WIDTH) % WIDTH, y = (y0 + cy - 1 + HEIGHT) % HEIGHT;
        cells[cy][cx] = now[y * WIDTH + x];
    }
    __syncthreads();
    const int cx = threadIdx.x + 1, cy = threadIdx.y + 1;
    int alive = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (dx != 0 || dy != 0) alive += cells[cy + dy][cx + dx];
    next[(y0 + threadIdx.y) * WIDTH + x0 + threadIdx.x] = alive == 3 || (alive == 2 && cells[cy][cx]);
}

static void step_host(const std::vector<unsigned char> &now, std::vector<unsigned char> &next) {
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            int alive = -now[y * WIDTH + x];
            for (int dy = HEIGHT - 1; dy <= HEIGHT + 1; dy++)
                for (int dx = WIDTH - 1; dx <= WIDTH + 1; dx++) alive += now[(y + dy) % HEIGHT * WIDTH + (x + dx) % WIDTH];
            next[y * WIDTH + x] = alive == 3 || (alive == 2 && now[y * WIDTH + x]);
        }
    }
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : "life.gif";
    const int generations = argc > 2 ? atoi(argv[2]) : 120;
    const size_t size = WIDTH * HEIGHT;
    std::vector<unsigned char> cells(size), host(size), host_next(size);
    unsigned state = 2024;
    for (unsigned char &cell : cells) {
        state = state * 1664525u + 1013904223u;
        cell = (state >> 24) < 70;
    }
    host = cells;

    unsigned char *d_now, *d_next;
    CUDA_CHECK(cudaMalloc(&d_now, size));
    CUDA_CHECK(cudaMalloc(&d_next, size));
    CUDA_CHECK(cudaMemcpy(d_now, cells.data(), size, cudaMemcpyHostToDevice));

    GifWriter gif(path, WIDTH, HEIGHT, 6);
    if (!gif.good()) {
        perror(path);
        return 1;
    }
    int wrong = 0;
    const dim3 block(BX, BY), grid(WIDTH / BX, HEIGHT / BY);
    for (int generation = 0; generation < generations; generation++) {
        gif.frame(cells.data());
        step<<<grid, block>>>(d_now, d_next);
        CUDA_CHECK(cudaGetLastError());
        std::swap(d_now, d_next);
        CUDA_CHECK(cudaMemcpy(cells.data(), d_now, size, cudaMemcpyDeviceToHost));
        step_host(host, host_next);
        host.swap(host_next);
        wrong += cells != host;
    }
    size_t alive = 0;
    for (unsigned char cell : cells) alive += cell;
    bool written = gif.close();
    printf("%d generations of %d x %d cells written to %s, %zu alive at the end, %d generations wrong\n", generations, WIDTH,
           HEIGHT, path, alive, wrong);
    CUDA_CHECK(cudaFree(d_now));
    CUDA_CHECK(cudaFree(d_next));
    return verdict(wrong == 0 && written && alive > 0);
}
