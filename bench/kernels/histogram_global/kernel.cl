kernel void histogram(global const uchar *data, int n, volatile global uint *bins) {
    for (int i = get_global_id(0); i < n; i += get_global_size(0)) atomic_add(&bins[data[i]], 1u);
}
