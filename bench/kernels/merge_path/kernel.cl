#define EACH 32
int crossing(global const int *a, global const int *b, int n, int diagonal) {
    int low = max(0, diagonal - n), high = min(diagonal, n);
    while (low < high) {
        int middle = (low + high) / 2;
        if (a[middle] <= b[diagonal - 1 - middle])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
kernel void merge(global const int *a, global const int *b, global int *merged, int n) {
    int first = get_global_id(0) * EACH;
    int i = crossing(a, b, n, first), j = first - i;
    for (int k = 0; k < EACH; k++) {
        bool left = j >= n || (i < n && a[i] <= b[j]);
        merged[first + k] = left ? a[i++] : b[j++];
    }
}
