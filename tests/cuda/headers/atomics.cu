// Every atomic function on every type, in device, block and system scope, on global and shared memory.
#include "check.h"

struct Cells {
  int add, sub, mn, mx, exch_seen, band, bor, bxor, cas;
  unsigned uadd, inc, dec, umn, umx;
  unsigned long long ulladd, ullmx, ulland, ullcas;
  long long llmn, llmx;
  float fadd;
  double dadd;
  unsigned short scas;
};

__global__ void hit(Cells *c) {
  int t = blockIdx.x * blockDim.x + threadIdx.x;
  atomicAdd(&c->add, t);
  atomicSub(&c->sub, 2);
  atomicMin(&c->mn, -t);
  atomicMax(&c->mx, t);
  atomicExch(&c->exch_seen, 9);
  atomicAnd(&c->band, ~(1 << (t & 7)));
  atomicOr_system(&c->bor, 1 << (t & 31));
  atomicXor(&c->bxor, 1 << (t & 31));
  atomicAdd_system(&c->uadd, 3u);
  atomicInc(&c->inc, 9u);
  atomicDec(&c->dec, 9u);
  atomicMin(&c->umn, 1000u - t);
  atomicMax_block(&c->umx, (unsigned)t);
  atomicAdd(&c->ulladd, 1ull << 33);
  atomicMax(&c->ullmx, (unsigned long long)t << 40);
  atomicAnd(&c->ulland, ~(1ull << (t & 63)));
  atomicMin(&c->llmn, -((long long)t << 40));
  atomicMax(&c->llmx, (long long)t << 40);
  atomicAdd(&c->fadd, 0.5f);
  atomicAdd(&c->dadd, 0.25);
  int seen = c->cas, want;
  do {
    want = seen;
    seen = atomicCAS(&c->cas, want, want + 1);
  } while (seen != want);
  unsigned long long old = c->ullcas, expect;
  do {
    expect = old;
    old = atomicCAS(&c->ullcas, expect, expect + 5);
  } while (old != expect);
  unsigned short s = c->scas, w;
  do {
    w = s;
    s = atomicCAS(&c->scas, w, (unsigned short)(w + 1));
  } while (s != w);
}

__global__ void in_shared(int *out) {
  __shared__ int sum;
  __shared__ unsigned long long wide;
  if (threadIdx.x == 0) sum = 0, wide = 0;
  __syncthreads();
  atomicAdd(&sum, (int)threadIdx.x);
  atomicAdd(&wide, 1ull);
  __syncthreads();
  if (threadIdx.x == 0) out[0] = sum, out[1] = (int)wide;
}

int main() {
  Cells *d, h = {};
  h.sub = 1000, h.band = 255, h.dec = 4, h.umn = 5000, h.ulland = ~0ull;
  CUDA(cudaMalloc(&d, sizeof h));
  CUDA(cudaMemcpy(d, &h, sizeof h, cudaMemcpyHostToDevice));
  const int n = 256;
  hit<<<4, n / 4>>>(d);
  CUDA(cudaMemcpy(&h, d, sizeof h, cudaMemcpyDeviceToHost));
  CHECK(h.add == n * (n - 1) / 2, "%d", h.add);
  CHECK(h.sub == 1000 - 2 * n, "%d", h.sub);
  CHECK(h.mn == 1 - n && h.mx == n - 1, "%d %d", h.mn, h.mx);
  CHECK(h.exch_seen == 9, "%d", h.exch_seen);
  CHECK(h.band == 0 && h.bor == -1 && h.bxor == 0, "%x %x %x", h.band, h.bor, h.bxor);
  CHECK(h.uadd == 3u * n, "%u", h.uadd);
  CHECK(h.inc == n % 10 && h.dec == (4 + 10 * n - n) % 10, "%u %u", h.inc, h.dec);
  CHECK(h.umn == 1000u - (n - 1) && h.umx == n - 1, "%u %u", h.umn, h.umx);
  CHECK(h.ulladd == (unsigned long long)n << 33 && h.ullmx == (unsigned long long)(n - 1) << 40, "%llx", h.ulladd);
  CHECK(h.ulland == 0, "%llx", h.ulland);
  CHECK(h.llmn == -((long long)(n - 1) << 40) && h.llmx == (long long)(n - 1) << 40, "%lld", h.llmn);
  CHECK(h.fadd == 0.5f * n && h.dadd == 0.25 * n, "%f %f", h.fadd, h.dadd);
  CHECK(h.cas == n && h.ullcas == 5ull * n && h.scas == n, "%d %llu %d", h.cas, h.ullcas, h.scas);
  int *o, r[2];
  CUDA(cudaMalloc(&o, sizeof r));
  in_shared<<<1, 96>>>(o);
  CUDA(cudaMemcpy(r, o, sizeof r, cudaMemcpyDeviceToHost));
  CHECK(r[0] == 95 * 96 / 2 && r[1] == 96, "%d %d", r[0], r[1]);
  return pass();
}
