#define WORDS 4
#define PRIME1 0x9e3779b185ebca87ul
#define PRIME2 0xc2b2ae3d27d4eb4ful
kernel void hash(global const ulong *records, global ulong *hashes, int n) {
    int r = get_global_id(0);
    if (r >= n) return;
    ulong h = PRIME1 ^ (WORDS * 8);
    for (int i = 0; i < WORDS; i++) {
        h ^= rotate(records[(size_t)r * WORDS + i] * PRIME2, 31ul) * PRIME1;
        h = rotate(h, 27ul) * PRIME1 + 0x52dce729u;
    }
    h ^= h >> 33;
    h *= PRIME2;
    h ^= h >> 29;
    h *= PRIME1;
    h ^= h >> 32;
    hashes[r] = h;
}
