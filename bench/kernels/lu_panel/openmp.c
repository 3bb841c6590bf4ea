#include "drive.h"
#include "data.h"

static void run(void) {
#pragma omp parallel for schedule(static)
    for (int p = 0; p < PANELS; p++) {
        float *a = factors + (size_t)p * ENTRIES;
        memcpy(a, panels + (size_t)p * ENTRIES, ENTRIES * sizeof(float));
        for (int c = 0; c < COLS; c++) {
            float *column = a + c * ROWS, largest = -1.0f;
            int pivot = c;
            for (int r = c; r < ROWS; r++)
                if (fabsf(column[r]) > largest) largest = fabsf(column[r]), pivot = r;
            pivots[p * COLS + c] = pivot;
            for (int k = 0; k < COLS; k++) {
                float swapped = a[k * ROWS + pivot];
                a[k * ROWS + pivot] = a[k * ROWS + c];
                a[k * ROWS + c] = swapped;
            }
            float head = column[c];
#pragma omp simd
            for (int r = c + 1; r < ROWS; r++) column[r] /= head;
            for (int k = c + 1; k < COLS; k++) {
                float *other = a + k * ROWS, factor = other[c];
#pragma omp simd
                for (int r = c + 1; r < ROWS; r++) other[r] -= column[r] * factor;
            }
        }
    }
}
static double checksum(void) { return weigh(); }
int main(void) {
    make_data();
    return bench_drive(run, checksum);
}
