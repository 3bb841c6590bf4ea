#include "drive.h"
#include "data.h"

static int *frontier, *next;

static void run(void) {
    int size = 1;
    memset(levels, 0xff, NODES * sizeof(int));
    levels[0] = 0;
    frontier[0] = 0;
    for (int level = 1; size > 0; level++) {
        int next_size = 0;
#pragma omp parallel for schedule(dynamic, 256)
        for (int i = 0; i < size; i++) {
            int v = frontier[i];
            for (int e = starts[v]; e < starts[v + 1]; e++) {
                int to = edges[e], unseen = -1, place;
                if (__atomic_load_n(&levels[to], __ATOMIC_RELAXED) != -1) continue;
                if (!__atomic_compare_exchange_n(&levels[to], &unseen, level, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) continue;
#pragma omp atomic capture
                place = next_size++;
                next[place] = to;
            }
        }
        size = next_size;
        int *other = frontier;
        frontier = next;
        next = other;
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    frontier = (int *)bench_alloc(NODES * sizeof(int));
    next = (int *)bench_alloc(NODES * sizeof(int));
    return bench_drive(run, checksum);
}
