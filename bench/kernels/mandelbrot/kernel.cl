#define SIZE 2048
#define LIMIT 256

kernel void mandelbrot(global int *image) {
    int px = get_global_id(0), py = get_global_id(1);
    float cx = -2.0f + px * (3.0f / SIZE), cy = -1.5f + py * (3.0f / SIZE);
    float x = 0.0f, y = 0.0f;
    int n = 0;
    while (n < LIMIT && x * x + y * y <= 4.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        n++;
    }
    image[py * SIZE + px] = n;
}
