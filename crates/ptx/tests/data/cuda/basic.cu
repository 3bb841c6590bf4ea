// Our own kernels, compiled by clang to PTX test data; see tests/data/README.md.
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
typedef unsigned int u32;
typedef unsigned long long u64;
static inline __device__ int tid() { return __nvvm_read_ptx_sreg_tid_x() + __nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x(); }
__constant__ float table[16] = {1, 2, 3, 4.5f};
__device__ int counter = 7;
__device__ int *where = &counter;
struct Pair { int a; double b; char c[5]; };
__device__ Pair pairs[3] = {{1, 2.5, "abc"}, {2, 3.5, "x"}};
extern "C" __device__ int vprintf(const char *, void *);
extern "C" __device__ float __nv_sinf(float);

extern "C" __global__ void saxpy(float a, const float *__restrict__ x, float *y, int n) {
  int i = tid();
  if (i < n) y[i] = a * x[i] + y[i];
}
extern "C" __global__ void __launch_bounds__(256, 2) reduce(const float *x, float *out, int n) {
  __shared__ float s[256];
  int t = __nvvm_read_ptx_sreg_tid_x();
  float sum = 0;
  for (int i = t; i < n; i += 256) sum += x[i];
  s[t] = sum;
  __syncthreads();
  for (int k = 128; k; k >>= 1) { if (t < k) s[t] += s[t + k]; __syncthreads(); }
  if (!t) *out = s[0];
  sum += __nvvm_shfl_sync_down_f32(0xffffffffu, sum, 16, 31);
  if (__nvvm_vote_any_sync(0xffffffffu, sum > 3)) __nvvm_atom_add_gen_f(out, sum);
}
extern "C" __global__ void ints(u32 *p, u64 *q, short *h, unsigned char *b) {
  int i = tid();
  p[i] = p[i] / 3 + p[i + 1] % 5 + __builtin_popcount(p[i + 2]) + __builtin_clz(p[i + 3]);
  q[i] = q[i] / q[i + 1] + (q[i] >> 3) * (u64)p[i];
  h[i] = h[i] * h[i + 1] - (h[i] >> 2);
  b[i] = b[i] + b[i + 1] > 7 ? b[i + 2] : ~b[i];
  atomicAdd:
  __atomic_fetch_add(p, 3, __ATOMIC_RELAXED);
  __atomic_fetch_xor(q, 3, __ATOMIC_RELAXED);
}
extern "C" __global__ void doubles(double *d, float *f, _Float16 *h, int n) {
  int i = tid();
  d[i] = __builtin_sqrt(d[i]) / d[i + 1] + (double)f[i];
  f[i] = (float)d[i + 1] + (float)n + __builtin_fmaf(f[i], f[i + 1], 2.0f) + __nv_sinf(f[i + 2]);
  h[i] = h[i] * h[i + 1] + (_Float16)f[i];
  f[i + 1] = __builtin_floorf(f[i + 1]) + table[i & 15];
  f[i + 2] = (int)f[i + 2] + (u64)f[i + 3];
}
__device__ __attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__device__ __attribute__((noinline)) Pair make(int n) { Pair p = {n, n * 2.0, "hey"}; return p; }
typedef int (*Fn)(int);
__device__ Fn chosen = fib;
extern "C" __global__ void calls(int *p, Fn f) {
  int i = tid();
  Pair q = make(i);
  p[i] = fib(p[i]) + f(i) + chosen(3) + q.a + (int)q.b + q.c[1];
  int args[2] = {i, p[i]};
  vprintf("%d %d\n", args);
}
extern "C" __global__ void control(int *p, int n) {
  int i = tid();
  switch (p[i]) {
    case 0: p[i] = 5; break; case 1: p[i] = n * 3; break; case 2: p[i + 1] = 9; break;
    case 3: p[i] = p[n]; break; case 4: p[n] = 8; break; case 5: __nvvm_membar_gl(); break;
    default: __builtin_trap();
  }
  int local[32];
  for (int k = 0; k < 32; ++k) local[k] = p[k] ^ k;
  for (int k = 0; k < n; ++k) local[p[k] & 31] += local[k & 31];
  p[i] = local[n & 31];
}
struct alignas(16) F4 { float x, y, z, w; };
extern "C" __global__ void vectors(F4 *a, Pair by_value, F4 c) {
  int i = tid();
  F4 v = a[i];
  v.x += c.x; v.y *= c.y; v.z -= by_value.b; v.w = by_value.a;
  a[i] = v;
  asm volatile("{ .reg .pred p; .reg .b32 t; setp.ne.s32 p, %1, 0; @p mov.b32 t, 3; @!p mov.b32 t, 4; st.global.u32 [%0], t; }" ::"l"(a), "r"(i) : "memory");
}
