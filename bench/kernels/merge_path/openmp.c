#include <omp.h>

#include "drive.h"
#include "data.h"

static int crossing(int diagonal) {
    int low = diagonal > N ? diagonal - N : 0, high = diagonal < N ? diagonal : N;
    while (low < high) {
        int middle = (low + high) / 2;
        if (a[middle] <= b[diagonal - 1 - middle])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
static void run(void) {
#pragma omp parallel
    {
        long me = omp_get_thread_num(), threads = omp_get_num_threads();
        int from = (int)(2l * N * me / threads), to = (int)(2l * N * (me + 1) / threads);
        int i = crossing(from), j = from - i;
        int k = from;
        while (k < to && i < N && j < N) merged[k++] = a[i] <= b[j] ? a[i++] : b[j++];
        while (k < to && i < N) merged[k++] = a[i++];
        while (k < to) merged[k++] = b[j++];
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
