kernel void expand(global const int *starts, global const int *edges, global int *levels, global const int *frontier,
                   int size, global int *next, global int *next_size, int level) {
    int i = get_global_id(0);
    if (i >= size) return;
    int v = frontier[i];
    for (int e = starts[v]; e < starts[v + 1]; e++) {
        int to = edges[e];
        if (levels[to] == -1 && atomic_cmpxchg(&levels[to], -1, level) == -1) next[atomic_inc(next_size)] = to;
    }
}
