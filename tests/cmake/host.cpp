// No CUDA but the API.
#include <cuda_runtime.h>
int run();
int main() {
  int devices = 0;
  return cudaGetDeviceCount(&devices) != cudaSuccess || devices < 1 || run() != 7;
}
