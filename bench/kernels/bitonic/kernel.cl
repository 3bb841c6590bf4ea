kernel void compare_exchange(global int *keys, int j, int k) {
    int i = get_global_id(0);
    int partner = i ^ j;
    if (partner <= i) return;
    int a = keys[i], b = keys[partner];
    int up = (i & k) == 0;
    if ((a > b) == up) {
        keys[i] = b;
        keys[partner] = a;
    }
}
