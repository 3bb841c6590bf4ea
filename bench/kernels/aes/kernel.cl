#define ROUNDS 10
kernel void encrypt(global const uint4 *plain, global uint4 *cipher, global const uint *table, global const uint *sbox,
                    constant uint *keys) {
    local uint t[256], s[256];
    for (int i = get_local_id(0); i < 256; i += get_local_size(0)) t[i] = table[i], s[i] = sbox[i];
    barrier(CLK_LOCAL_MEM_FENCE);
    int id = get_global_id(0);
    uint4 in = plain[id];
    uint x[4] = {in.x ^ keys[0], in.y ^ keys[1], in.z ^ keys[2], in.w ^ keys[3]};
    uint y[4];
    for (int round = 1; round < ROUNDS; round++) {
        for (int i = 0; i < 4; i++)
            y[i] = t[x[i] & 255] ^ rotate(t[x[(i + 1) % 4] >> 8 & 255], 8u) ^
                   rotate(t[x[(i + 2) % 4] >> 16 & 255], 16u) ^ rotate(t[x[(i + 3) % 4] >> 24], 24u) ^
                   keys[4 * round + i];
        for (int i = 0; i < 4; i++) x[i] = y[i];
    }
    for (int i = 0; i < 4; i++)
        y[i] = (s[x[i] & 255] | s[x[(i + 1) % 4] >> 8 & 255] << 8 | s[x[(i + 2) % 4] >> 16 & 255] << 16 |
                s[x[(i + 3) % 4] >> 24] << 24) ^
               keys[4 * ROUNDS + i];
    cipher[id] = (uint4)(y[0], y[1], y[2], y[3]);
}
