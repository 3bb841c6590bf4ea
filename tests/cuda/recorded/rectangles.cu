// Copies and fills of rectangles and boxes, and arrays.
#include "values.h"
__global__ void fill(char *p, int n) {
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n) p[i] = mix(i);
}
int main() {
    Buf<char> a(4096), b(4096);
    fill<<<16, 256>>>(a, 4096);
    char h[4096] = {};
    CK(cudaMemcpy2D(b, 64, a, 48, 40, 20, cudaMemcpyDeviceToDevice));
    b.show("2d", 80);
    CK(cudaMemcpy2D(h, 33, a.d + 5, 70, 31, 11, cudaMemcpyDeviceToHost));
    show("2d host", h, 400, 40);
    CK(cudaMemset2D(b.d + 3, 50, 0xab, 20, 7));
    b.show("set2d", 80);
    cudaMemcpy3DParms m = {};
    m.srcPtr = make_cudaPitchedPtr(a, 32, 32, 8);
    m.dstPtr = make_cudaPitchedPtr(b, 48, 48, 6);
    m.srcPos = make_cudaPos(3, 1, 1);
    m.dstPos = make_cudaPos(5, 2, 0);
    m.extent = make_cudaExtent(17, 4, 3);
    m.kind = cudaMemcpyDeviceToDevice;
    CK(cudaMemcpy3D(&m));
    b.show("3d", 40);
    CK(cudaMemset3D(make_cudaPitchedPtr(b, 48, 48, 6), 0x11, make_cudaExtent(9, 3, 4)));
    b.show("set3d", 40);
    cudaArray_t ar;
    cudaChannelFormatDesc d = cudaCreateChannelDesc<float>();
    CK(cudaMallocArray(&ar, &d, 16, 8));
    CK(cudaMemcpy2DToArray(ar, 4, 1, a, 40, 24, 5, cudaMemcpyDeviceToDevice));
    CK(cudaMemcpy2DFromArray(h, 64, ar, 4, 1, 24, 5, cudaMemcpyDeviceToHost));
    show("array", h, 280, 40);
    cudaChannelFormatDesc d2;
    cudaExtent e;
    unsigned f;
    CK(cudaArrayGetInfo(&d2, &e, &f, ar));
    printf("%d %d %zu %zu %zu %u\n", d2.x, d2.f, e.width, e.height, e.depth, f);
    CK(cudaMemset(b, 0x5a, 100));
    CK(cudaMemsetAsync(b.d + 50, 3, 25));
    b.show("set", 110);
    CK(cudaMemcpyPeer(b, 0, a, 0, 30));
    b.show("peer", 40);
    CK(cudaMemcpy(b.d + 8, b.d, 100, cudaMemcpyDefault));
}
