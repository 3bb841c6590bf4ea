#include "drive.h"
#include "data.h"

static void run(void) {
    memcpy(keys, original, N * sizeof(int));
    for (int k = 2; k <= N; k *= 2) {
        for (int j = k / 2; j > 0; j /= 2) {
#pragma omp parallel for schedule(static)
            for (int i = 0; i < N; i++) {
                int partner = i ^ j;
                if (partner <= i) continue;
                int a = keys[i], b = keys[partner], up = (i & k) == 0;
                if ((a > b) == up) keys[i] = b, keys[partner] = a;
            }
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
