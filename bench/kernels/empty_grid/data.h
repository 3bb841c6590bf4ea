#define BLOCKS 16384
#define BLOCK 256
#define LAUNCHES 1
