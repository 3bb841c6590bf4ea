// A device function for other units.
__device__ int twice(int x) { return 2 * x; }
