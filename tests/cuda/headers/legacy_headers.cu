// Headers that programs include for their names: primitives of pipelines and barriers, tools extension, graphics.
#include <cuda_awbarrier.h>
#include <cuda_gl_interop.h>
#include <cuda_pipeline.h>
#include <cuda_profiler_api.h>
#include <nvToolsExtCudaRt.h>
#include <nvtx3/nvToolsExt.h>
#include <nvtx3/nvToolsExtCuda.h>
#include <nvtx3/nvtx3.hpp>
#include "check.h"

__global__ void copy(const int4 *in, int *out, int n) {
  __shared__ int4 tile[64];
  __shared__ nvcuda::experimental::awbarrier barrier;
  if (threadIdx.x == 0) init(&barrier, blockDim.x);
  __syncthreads();
  __pipeline_memcpy_async(&tile[threadIdx.x], &in[threadIdx.x], sizeof(int4));
  __pipeline_commit();
  __pipeline_wait_prior(0);
  barrier.arrive_and_wait();
  const int *words = (const int *)tile;
  out[threadIdx.x] = words[255 - threadIdx.x];
  auto token = barrier.arrive();
  barrier.wait(token);
  // The last four of eight bytes are zeroed; a copy of four.
  __pipeline_memcpy_async(&tile[threadIdx.x], &in[threadIdx.x], 8, 4);
  __pipeline_memcpy_async((int *)&tile[threadIdx.x] + 2, &in[threadIdx.x], 4);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  out[64 + threadIdx.x] = tile[threadIdx.x].y;
  out[128 + threadIdx.x] = tile[threadIdx.x].z;
}

int main() {
  nvtxRangePushA("work");
  nvtxRangePush("more");
  nvtxMark("here");
  nvtxEventAttributes_t event = {};
  event.version = NVTX_VERSION;
  event.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
  event.colorType = NVTX_COLOR_ARGB;
  event.color = 0xff00ff00;
  event.messageType = NVTX_MESSAGE_TYPE_ASCII;
  event.message.ascii = "event";
  nvtxRangePushEx(&event);
  nvtxNameCudaStreamA(nullptr, "default");
  nvtx3::scoped_range range("scope");
  CUDA(cudaProfilerStart());
  int *in, *out;
  CUDA(cudaMallocManaged(&in, 1024));
  CUDA(cudaMallocManaged(&out, 1024));
  for (int i = 0; i < 256; ++i) in[i] = i * 3;
  copy<<<1, 64>>>((const int4 *)in, out, 64);
  CUDA(cudaDeviceSynchronize());
  for (int i = 0; i < 64; ++i)
    CHECK(out[i] == 3 * (255 - i) && out[64 + i] == 0 && out[128 + i] == 12 * i, "%d: %d %d %d", i, out[i], out[64 + i],
          out[128 + i]);
  cudaGraphicsResource *resource = nullptr;
  CHECK(cudaGraphicsGLRegisterBuffer(&resource, 1, cudaGraphicsMapFlagsNone) == cudaErrorNotSupported, "OpenGL");
  cudaGetLastError();
  CUDA(cudaProfilerStop());
  nvtxRangePop();
  return pass();
}
