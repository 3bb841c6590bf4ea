#define BLOCKS 1
#define BLOCK 32
#define LAUNCHES 1000
