// cuRAND's device API: known Philox outputs, skipping ahead against stepping, moments of every distribution.
#include <curand_kernel.h>
#include <cmath>
#include "check.h"

// Known answers of Philox4x32-10 (the Random123 distribution's kat_vectors).
__global__ void known(unsigned *out) {
  curandStatePhilox4_32_10_t s;
  curand_init(0, 0, 0, &s);
  for (int i = 0; i < 4; ++i) out[i] = curand(&s);
  curand_init(0xffffffffffffffffull, 0xffffffffffffffffull, 0xfffffffffffffffcull, &s);
  s.ctr = make_uint4(~0u, ~0u, ~0u, ~0u);
  skipahead(0, &s);
  uint4 v = curand4(&s);
  out[4] = v.x, out[5] = v.y, out[6] = v.z, out[7] = v.w;
}

// What curand_init counts: subsequences, which only MRG32k3a tells from sequences.
template <class State>
__device__ void subsequences(unsigned long long n, State *s) { skipahead_sequence(n, s); }
__device__ void subsequences(unsigned long long n, curandStateMRG32k3a *s) { skipahead_subsequence(n, s); }

template <class State>
__global__ void skips(int *bad) {
  State a, b, c;
  curand_init(1234, 5, 0, &a);
  curand_init(1234, 5, 1000 + threadIdx.x, &b);
  for (unsigned i = 0; i < 1000 + threadIdx.x; ++i) curand(&a);
  int wrong = 0;
  for (int i = 0; i < 9; ++i) wrong |= curand(&a) != curand(&b);
  // Subsequences: 3 and then 4 are 7; they commute with offsets.
  curand_init(99, 3, 17, &a);
  subsequences(4ull, &a);
  curand_init(99, 7, 0, &b);
  skipahead(17ull, &b);
  curand_init(99, 0, 17, &c);
  wrong |= (curand(&a) != curand(&b)) << 1 | (curand(&a) == curand(&c)) << 2;
  if (wrong) atomicOr(bad, wrong);
}

struct Sums {
  double uniform, uniform2, uniform_double, normal, normal2, normal4, normal_double, log_normal, poisson, many, low, high;
};

template <class State>
__global__ void moments(Sums *out, int n) {
  int id = blockIdx.x * blockDim.x + threadIdx.x;
  State s;
  curand_init(2024, id, 0, &s);
  Sums t = {};
  t.low = 1;
  for (int i = 0; i < n; ++i) {
    double u = curand_uniform(&s), d = curand_uniform_double(&s), x = curand_normal(&s);
    t.low = fmin(t.low, fmin(u, d)), t.high = fmax(t.high, fmax(u, d));
    t.uniform += u, t.uniform2 += u * u, t.uniform_double += d;
    t.normal += x, t.normal2 += x * x, t.normal4 += x * x * x * x;
    t.normal_double += curand_normal_double(&s);
    t.log_normal += curand_log_normal(&s, 0.0f, 0.25f);
    t.poisson += curand_poisson(&s, 4.5);
    t.many += curand_poisson(&s, 120.0);
  }
  out[id] = t;
}

template <class State>
void check(const char *name, int *bad) {
  skips<State><<<1, 32>>>(bad);
  CUDA(cudaDeviceSynchronize());
  CHECK(*bad == 0, "%s: %x", name, *bad);
  const int threads = 256, n = 200;
  Sums *sums, t = {};
  CUDA(cudaMallocManaged(&sums, threads * sizeof *sums));
  moments<State><<<threads / 64, 64>>>(sums, n);
  CUDA(cudaDeviceSynchronize());
  t.low = 1;
  for (int i = 0; i < threads; ++i) {
    const double *from = &sums[i].uniform;
    for (int k = 0; k < 10; ++k) (&t.uniform)[k] += from[k] / (threads * n);
    t.low = fmin(t.low, sums[i].low), t.high = fmax(t.high, sums[i].high);
  }
  // Five standard deviations of means of 51200 numbers.
  const double e = 5 / std::sqrt(double(threads * n));
  auto near = [&](const char *what, double got, double want, double deviation) {
    CHECK(std::fabs(got - want) < e * deviation, "%s %s: %g, not %g", name, what, got, want);
  };
  CHECK(t.low > 0 && t.high <= 1 && t.low < 1e-3 && t.high > 0.999, "%s: %g to %g", name, t.low, t.high);
  near("uniform", t.uniform, 0.5, 0.289);
  near("uniform squared", t.uniform2, 1 / 3.0, 0.298);
  near("uniform double", t.uniform_double, 0.5, 0.289);
  near("normal", t.normal, 0, 1);
  near("normal squared", t.normal2, 1, 1.414);
  near("normal to the fourth", t.normal4, 3, 9.8);
  near("normal double", t.normal_double, 0, 1);
  near("log normal", t.log_normal, std::exp(0.03125), 0.27);
  near("poisson 4.5", t.poisson, 4.5, 2.12);
  near("poisson 120", t.many, 120, 10.95);
  CUDA(cudaFree(sums));
}

__global__ void fours(int *bad) {
  curandStatePhilox4_32_10_t a, b;
  curand_init(7, threadIdx.x, threadIdx.x, &a);
  b = a;
  uint4 x = curand4(&a);
  int wrong = x.x != curand(&b) || x.y != curand(&b) || x.z != curand(&b) || x.w != curand(&b) || curand(&a) != curand(&b);
  float4 u = curand_uniform4(&a), n = curand_normal4(&a);
  wrong |= (u.x != curand_uniform(&b) || u.y != curand_uniform(&b)) << 1;
  curand(&b), curand(&b);
  wrong |= (n.x != curand_normal(&b) || n.y != curand_normal(&b) || n.z != curand_normal(&b)) << 2;
  double2 d = curand_uniform2_double(&a);
  wrong |= !(d.x > 0 && d.y <= 1) << 3;
  if (wrong) atomicOr(bad, wrong);
}

int main() {
  unsigned *out;
  int *bad;
  CUDA(cudaMallocManaged(&out, 32));
  CUDA(cudaMallocManaged(&bad, 4));
  *bad = 0;
  known<<<1, 1>>>(out);
  CUDA(cudaDeviceSynchronize());
  const unsigned want[8] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  for (int i = 0; i < 8; ++i) CHECK(out[i] == want[i], "%d: %08x", i, out[i]);
  fours<<<1, 32>>>(bad);
  CUDA(cudaDeviceSynchronize());
  CHECK(*bad == 0, "four at a time: %x", *bad);
  check<curandState>("XORWOW", bad);
  check<curandStatePhilox4_32_10_t>("Philox", bad);
  check<curandStateMRG32k3a>("MRG32k3a", bad);
  return pass();
}
