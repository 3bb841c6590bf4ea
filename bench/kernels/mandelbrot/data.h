#define SIZE 2048
#define LIMIT 256
static int *image;
static void make_data(void) {
    image = (int *)bench_alloc(SIZE * SIZE * sizeof(int));
    memset(image, 0, SIZE * SIZE * sizeof(int));
}
static double sum_image(void) {
    double sum = 0.0;
    for (int i = 0; i < SIZE * SIZE; i++) sum += image[i];
    return sum;
}
