// nvcuda::wmma: every shape, element type and layout against a product in plain loops.
#include <mma.h>
#include <cmath>
#include <cstring>
#include <vector>
#include "check.h"

using namespace nvcuda;

// Elements of A and B in memory by their wmma type; all values are small integers, so every sum is exact.
template <class T> struct Memory { typedef T type; };
template <> struct Memory<wmma::precision::tf32> { typedef float type; };

template <int M, int N, int K, class T, class TC, class TD, class LA, class LB>
__global__ void multiply(const typename Memory<T>::type *a, const typename Memory<T>::type *b, const TC *c, TD *d, int lda,
                         int ldb, bool row) {
  wmma::fragment<wmma::matrix_a, M, N, K, T, LA> fa;
  wmma::fragment<wmma::matrix_b, M, N, K, T, LB> fb;
  wmma::fragment<wmma::accumulator, M, N, K, TC> fc;
  wmma::fragment<wmma::accumulator, M, N, K, TD> fd;
  wmma::load_matrix_sync(fa, a, lda);
  wmma::load_matrix_sync(fb, b, ldb);
  wmma::load_matrix_sync(fc, c, row ? N : M, row ? wmma::mem_row_major : wmma::mem_col_major);
  wmma::fill_fragment(fd, TD(0.0f));
  wmma::mma_sync(fd, fa, fb, fc);
  // Accumulators of one shape have their elements in the same places.
  for (int i = 0; i < fc.num_elements; ++i) fd.x[i] = TD(float(fd.x[i]) + 2.0f * float(fc.x[i]));
  wmma::store_matrix_sync(d, fd, row ? N : M, row ? wmma::mem_row_major : wmma::mem_col_major);
}

static unsigned state = 12345;
static int small(int range) {
  state = state * 1664525u + 1013904223u;
  return int(state >> 16) % range;
}

template <class T> struct IsRow { static const bool value = false; };
template <> struct IsRow<wmma::row_major> { static const bool value = true; };

template <int M, int N, int K, class T, class TC, class TD, class LA, class LB>
void check(int low, bool row) {
  typedef typename Memory<T>::type E;
  const int pad = 16 / int(sizeof(E));
  const bool ra = IsRow<LA>::value, rb = IsRow<LB>::value;
  const int lda = (ra ? K : M) + pad, ldb = (rb ? N : K) + pad;
  std::vector<E> a(lda * (ra ? M : K)), b(ldb * (rb ? K : N));
  std::vector<TC> c(M * N);
  std::vector<TD> d(M * N);
  for (auto &v : a) v = E(float(small(8) + low));
  for (auto &v : b) v = E(float(small(8) + low));
  for (auto &v : c) v = TC(float(small(5)));
  E *da, *db;
  TC *dc;
  TD *dd;
  CUDA(cudaMalloc(&da, a.size() * sizeof(E)));
  CUDA(cudaMalloc(&db, b.size() * sizeof(E)));
  CUDA(cudaMalloc(&dc, c.size() * sizeof(TC)));
  CUDA(cudaMalloc(&dd, d.size() * sizeof(TD)));
  CUDA(cudaMemcpy(da, a.data(), a.size() * sizeof(E), cudaMemcpyHostToDevice));
  CUDA(cudaMemcpy(db, b.data(), b.size() * sizeof(E), cudaMemcpyHostToDevice));
  CUDA(cudaMemcpy(dc, c.data(), c.size() * sizeof(TC), cudaMemcpyHostToDevice));
  multiply<M, N, K, T, TC, TD, LA, LB><<<1, 32>>>(da, db, dc, dd, lda, ldb, row);
  CUDA(cudaMemcpy(d.data(), dd, d.size() * sizeof(TD), cudaMemcpyDeviceToHost));
  for (int i = 0; i < M; ++i)
    for (int j = 0; j < N; ++j) {
      float want = 3 * float(c[row ? i * N + j : j * M + i]);
      for (int k = 0; k < K; ++k)
        want += float(a[ra ? i * lda + k : k * lda + i]) * float(b[rb ? k * ldb + j : j * ldb + k]);
      float got = float(d[row ? i * N + j : j * M + i]);
      CHECK(got == want, "m%dn%dk%d (%d, %d): %g, not %g", M, N, K, i, j, got, want);
    }
  CUDA(cudaFree(da));
  CUDA(cudaFree(db));
  CUDA(cudaFree(dc));
  CUDA(cudaFree(dd));
}

template <int M, int N, int K, class T, class TC, class TD>
void layouts(int low) {
  using wmma::col_major;
  using wmma::row_major;
  check<M, N, K, T, TC, TD, row_major, row_major>(low, true);
  check<M, N, K, T, TC, TD, row_major, col_major>(low, false);
  check<M, N, K, T, TC, TD, col_major, row_major>(low, false);
  check<M, N, K, T, TC, TD, col_major, col_major>(low, true);
}
template <class T, class TC, class TD>
void shapes(int low) {
  using wmma::col_major;
  using wmma::row_major;
  check<16, 16, 16, T, TC, TD, row_major, col_major>(low, true);
  check<32, 8, 16, T, TC, TD, row_major, row_major>(low, true);
  check<8, 32, 16, T, TC, TD, col_major, col_major>(low, false);
}

__global__ void small_types(const unsigned *a, const unsigned *b, int *d) {
  namespace precision = wmma::experimental::precision;
  wmma::fragment<wmma::accumulator, 8, 8, 32, int> sum, product;
  wmma::fragment<wmma::matrix_a, 8, 8, 32, precision::s4, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 8, 8, 32, precision::s4, wmma::col_major> fb;
  wmma::load_matrix_sync(fa, a, 32);
  wmma::load_matrix_sync(fb, b, 32);
  wmma::fill_fragment(sum, 1);
  wmma::mma_sync(product, fa, fb, sum);
  wmma::store_matrix_sync(d, product, 8, wmma::mem_row_major);
  wmma::fragment<wmma::accumulator, 8, 8, 128, int> bits;
  wmma::fragment<wmma::matrix_a, 8, 8, 128, precision::b1, wmma::row_major> ba;
  wmma::fragment<wmma::matrix_b, 8, 8, 128, precision::b1, wmma::col_major> bb;
  wmma::load_matrix_sync(ba, a, 128);
  wmma::load_matrix_sync(bb, b, 128);
  wmma::fill_fragment(bits, 0);
  wmma::bmma_sync(bits, ba, bb, bits, wmma::experimental::bmmaBitOpAND);
  wmma::store_matrix_sync(d + 64, bits, 8, wmma::mem_row_major);
}

void below_a_byte() {
  unsigned a[32], b[32];
  int d[128];
  for (int i = 0; i < 32; ++i) a[i] = small(32768) * 65537u, b[i] = small(32768) * 40503u;
  unsigned *da, *db;
  int *dd;
  CUDA(cudaMalloc(&da, sizeof a));
  CUDA(cudaMalloc(&db, sizeof b));
  CUDA(cudaMalloc(&dd, sizeof d));
  CUDA(cudaMemcpy(da, a, sizeof a, cudaMemcpyHostToDevice));
  CUDA(cudaMemcpy(db, b, sizeof b, cudaMemcpyHostToDevice));
  small_types<<<1, 32>>>(da, db, dd);
  CUDA(cudaMemcpy(d, dd, sizeof d, cudaMemcpyDeviceToHost));
  auto nibble = [](const unsigned *m, int i) { return int(m[i / 8] << (28 - i % 8 * 4)) >> 28; };
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 8; ++j) {
      int sum = 1, bits = 0;
      for (int k = 0; k < 32; ++k) sum += nibble(a, i * 32 + k) * nibble(b, j * 32 + k);
      for (int k = 0; k < 4; ++k) bits += __builtin_popcount(a[i * 4 + k] & b[j * 4 + k]);
      CHECK(d[i * 8 + j] == sum && d[64 + i * 8 + j] == bits, "(%d, %d): %d %d, not %d %d", i, j, d[i * 8 + j],
            d[64 + i * 8 + j], sum, bits);
    }
}

__global__ void round_to_tf32(float *v) { *v = wmma::__float_to_tf32(*v); }

int main() {
  layouts<16, 16, 16, __half, float, float>(-3);
  shapes<__half, __half, __half>(-3);
  check<32, 8, 16, __half, float, __half, wmma::row_major, wmma::col_major>(-3, false);
  check<8, 32, 16, __half, __half, float, wmma::row_major, wmma::row_major>(-3, true);
  shapes<signed char, int, int>(-4);
  shapes<unsigned char, int, int>(0);
  shapes<__nv_bfloat16, float, float>(-3);
  layouts<16, 16, 8, wmma::precision::tf32, float, float>(-3);
  check<8, 8, 4, double, double, double, wmma::row_major, wmma::col_major>(-3, true);
  check<8, 8, 4, double, double, double, wmma::col_major, wmma::row_major>(-3, false);
  below_a_byte();
  float *v, f = 1.0f + ldexpf(1, -11);
  CUDA(cudaMalloc(&v, 4));
  CUDA(cudaMemcpy(v, &f, 4, cudaMemcpyHostToDevice));
  round_to_tf32<<<1, 1>>>(v);
  CUDA(cudaMemcpy(&f, v, 4, cudaMemcpyDeviceToHost));
  CHECK(f == 1.0f + ldexpf(1, -10), "%a", f);
  return pass();
}
