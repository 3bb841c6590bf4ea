#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for collapse(2) schedule(static)
    for (int by = 0; by < N; by += TILE) {
        for (int bx = 0; bx < N; bx += TILE) {
            for (int y = by; y < by + TILE; y++)
                for (int x = bx; x < bx + TILE; x++) out[x * N + y] = in[y * N + x];
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
