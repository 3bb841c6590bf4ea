// SPDX-License-Identifier: MIT OR Apache-2.0
// Generators of cuRAND's device API: XORWOW (Marsaglia, "Xorshift RNGs", 2003), Philox4x32-10 (Salmon et al., "Parallel
// random numbers: as easy as 1, 2, 3", 2011) and MRG32k3a (L'Ecuyer, 1999). Philox takes the seed as its key and the
// subsequence and offset as its counter. How XORWOW and MRG32k3a get their state from a seed is not published: it is ours,
// so their numbers differ from those of cuRAND. Subsequences lie 2^67 (XORWOW), 2^66 (Philox) and 2^76 outputs apart.
#ifndef ANYWARP_CURAND_STATES_H
#define ANYWARP_CURAND_STATES_H
#include "xorwow_jump.h"

#define __ANYWARP_CURAND static __device__ __inline__ __attribute__((always_inline, unused))

// The second normal number of a pair, kept for the next call.
struct __anywarp_curand_pair {
  int boxmuller_flag, boxmuller_flag_double;
  float boxmuller_extra;
  double boxmuller_extra_double;
};

struct curandStateXORWOW : __anywarp_curand_pair {
  unsigned int d, v[5];
};
struct curandStatePhilox4_32_10 : __anywarp_curand_pair {
  uint4 ctr, output;
  uint2 key;
  unsigned int __STATE;
};
struct curandStateMRG32k3a : __anywarp_curand_pair {
  unsigned int s1[3], s2[3];
};
typedef struct curandStateXORWOW curandStateXORWOW_t;
typedef struct curandStateXORWOW curandState_t;
typedef struct curandStateXORWOW curandState;
typedef struct curandStatePhilox4_32_10 curandStatePhilox4_32_10_t;
typedef struct curandStateMRG32k3a curandStateMRG32k3a_t;

namespace __anywarp_curand {
// The n-th output of splitmix64 from `seed`: spreads a seed over a state.
__ANYWARP_CURAND unsigned long long spread(unsigned long long seed, unsigned int n) {
  unsigned long long z = seed + (n + 1) * 0x9e3779b97f4a7c15ull;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return z ^ z >> 31;
}
__ANYWARP_CURAND void forget_pair(__anywarp_curand_pair *s) {
  s->boxmuller_flag = s->boxmuller_flag_double = 0;
  s->boxmuller_extra = 0;
  s->boxmuller_extra_double = 0;
}

// XORWOW
__ANYWARP_CURAND void xorwow_shift(unsigned int (&v)[5]) {
  unsigned int t = v[0] ^ v[0] >> 2;
  v[0] = v[1], v[1] = v[2], v[2] = v[3], v[3] = v[4];
  v[4] = (v[4] ^ v[4] << 4) ^ (t ^ t << 1);
}
// v times the polynomial, by Horner's rule; x stands for one shift.
static __device__ __attribute__((noinline, unused)) void xorwow_jump(unsigned int (&v)[5], const unsigned int *polynomial) {
  unsigned int r[5] = {0, 0, 0, 0, 0};
  for (int i = 159; i >= 0; --i) {
    xorwow_shift(r);
    unsigned int take = 0u - (polynomial[i / 32] >> i % 32 & 1);
    for (int k = 0; k < 5; ++k) r[k] ^= v[k] & take;
  }
  for (int k = 0; k < 5; ++k) v[k] = r[k];
}
__ANYWARP_CURAND void xorwow_skip(unsigned int (&v)[5], unsigned long long n, const unsigned int (*powers)[5]) {
  for (int k = 0; n != 0; ++k, n >>= 1)
    if (n & 1) xorwow_jump(v, powers[k]);
}

// Philox4x32-10
__ANYWARP_CURAND uint4 philox(uint4 c, uint2 k) {
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    unsigned int high0 = __umulhi(0xd2511f53u, c.x), low0 = 0xd2511f53u * c.x;
    unsigned int high1 = __umulhi(0xcd9e8d57u, c.z), low1 = 0xcd9e8d57u * c.z;
    c = make_uint4(high1 ^ c.y ^ k.x, low1, high0 ^ c.w ^ k.y, low0);
    k.x += 0x9e3779b9u, k.y += 0xbb67ae85u;
  }
  return c;
}
// The 128-bit counter plus n.
__ANYWARP_CURAND void philox_advance(uint4 &c, unsigned long long n) {
  unsigned long long low = (unsigned long long)c.y << 32 | c.x, sum = low + n;
  c.x = (unsigned int)sum, c.y = (unsigned int)(sum >> 32);
  if (sum < low && ++c.z == 0) ++c.w;
}

// MRG32k3a
constexpr unsigned long long m1 = 4294967087u, m2 = 4294944443u;
struct matrix {
  unsigned int a[3][3];
};
// Loops stay loops: nine unrolled products at each call would take the compiler seconds.
__ANYWARP_CURAND matrix product(const matrix &x, const matrix &y, unsigned long long m) {
  matrix r;
#pragma nounroll
  for (int i = 0; i < 3; ++i)
#pragma nounroll
    for (int j = 0; j < 3; ++j) {
      unsigned long long sum = 0;
      for (int k = 0; k < 3; ++k) sum = (sum + (unsigned long long)x.a[i][k] * y.a[k][j] % m) % m;
      r.a[i][j] = (unsigned int)sum;
    }
  return r;
}
__ANYWARP_CURAND void apply(const matrix &x, unsigned int (&v)[3], unsigned long long m) {
  unsigned int r[3];
#pragma nounroll
  for (int i = 0; i < 3; ++i) {
    unsigned long long sum = 0;
    for (int k = 0; k < 3; ++k) sum = (sum + (unsigned long long)x.a[i][k] * v[k] % m) % m;
    r[i] = (unsigned int)sum;
  }
  for (int i = 0; i < 3; ++i) v[i] = r[i];
}
// v after n times the step x.
static __device__ __attribute__((noinline, unused)) void mrg_skip(unsigned int (&v)[3], matrix x, unsigned long long n,
                                                                 unsigned long long m) {
  for (; n != 0; n >>= 1) {
    if (n & 1) apply(x, v, m);
    x = product(x, x, m);
  }
}
__ANYWARP_CURAND matrix mrg_step1() { return {{{0, 1, 0}, {0, 0, 1}, {4294156359u, 1403580u, 0}}}; }
__ANYWARP_CURAND matrix mrg_step2() { return {{{0, 1, 0}, {0, 0, 1}, {4293573854u, 0, 527612u}}}; }
// The steps to the power 2^76.
__ANYWARP_CURAND matrix mrg_stride1() {
  return {{{82758667u, 1871391091u, 4127413238u}, {3672831523u, 69195019u, 1871391091u}, {3672091415u, 3528743235u, 69195019u}}};
}
__ANYWARP_CURAND matrix mrg_stride2() {
  return {{{1511326704u, 3759209742u, 1610795712u}, {4292754251u, 1511326704u, 3889917532u}, {3859662829u, 4292754251u, 3708466080u}}};
}
// The steps to the power 2^127.
__ANYWARP_CURAND matrix mrg_sequence1() {
  return {{{2427906178u, 3580155704u, 949770784u}, {226153695u, 1230515664u, 3580155704u}, {1988835001u, 986791581u, 1230515664u}}};
}
__ANYWARP_CURAND matrix mrg_sequence2() {
  return {{{1464411153u, 277697599u, 1610723613u}, {32183930u, 1464411153u, 1022607788u}, {2824425944u, 32183930u, 2093834863u}}};
}
// The next output, from 1 to m1.
__ANYWARP_CURAND unsigned int mrg_next(curandStateMRG32k3a *s) {
  unsigned int a = (unsigned int)((1403580ull * s->s1[1] % m1 + 4294156359ull * s->s1[0] % m1) % m1);
  unsigned int b = (unsigned int)((527612ull * s->s2[2] % m2 + 4293573854ull * s->s2[0] % m2) % m2);
  s->s1[0] = s->s1[1], s->s1[1] = s->s1[2], s->s1[2] = a;
  s->s2[0] = s->s2[1], s->s2[1] = s->s2[2], s->s2[2] = b;
  return a > b ? a - b : (unsigned int)(a + m1 - b);
}
}  // namespace __anywarp_curand

// skipahead(n): past n outputs. skipahead_sequence(n): past n subsequences; MRG32k3a calls those so, and its sequences lie 2^127 apart.
__ANYWARP_CURAND void skipahead(unsigned long long n, curandStateXORWOW *s) {
  __anywarp_curand::xorwow_skip(s->v, n, __anywarp_curand::xorwow_outputs);
  s->d += 362437u * (unsigned int)n;
}
__ANYWARP_CURAND void skipahead_sequence(unsigned long long n, curandStateXORWOW *s) {
  __anywarp_curand::xorwow_skip(s->v, n, __anywarp_curand::xorwow_subsequences);
}
__ANYWARP_CURAND void skipahead(unsigned long long n, curandStatePhilox4_32_10 *s) {
  unsigned long long in_block = s->__STATE + (n & 3);
  __anywarp_curand::philox_advance(s->ctr, (n >> 2) + (in_block >> 2));
  s->__STATE = in_block & 3;
  s->output = __anywarp_curand::philox(s->ctr, s->key);
}
__ANYWARP_CURAND void skipahead_sequence(unsigned long long n, curandStatePhilox4_32_10 *s) {
  unsigned long long high = ((unsigned long long)s->ctr.w << 32 | s->ctr.z) + n;
  s->ctr.z = (unsigned int)high, s->ctr.w = (unsigned int)(high >> 32);
  s->output = __anywarp_curand::philox(s->ctr, s->key);
}
__ANYWARP_CURAND void skipahead(unsigned long long n, curandStateMRG32k3a *s) {
  __anywarp_curand::mrg_skip(s->s1, __anywarp_curand::mrg_step1(), n, __anywarp_curand::m1);
  __anywarp_curand::mrg_skip(s->s2, __anywarp_curand::mrg_step2(), n, __anywarp_curand::m2);
}
__ANYWARP_CURAND void skipahead_subsequence(unsigned long long n, curandStateMRG32k3a *s) {
  __anywarp_curand::mrg_skip(s->s1, __anywarp_curand::mrg_stride1(), n, __anywarp_curand::m1);
  __anywarp_curand::mrg_skip(s->s2, __anywarp_curand::mrg_stride2(), n, __anywarp_curand::m2);
}
__ANYWARP_CURAND void skipahead_sequence(unsigned long long n, curandStateMRG32k3a *s) {
  __anywarp_curand::mrg_skip(s->s1, __anywarp_curand::mrg_sequence1(), n, __anywarp_curand::m1);
  __anywarp_curand::mrg_skip(s->s2, __anywarp_curand::mrg_sequence2(), n, __anywarp_curand::m2);
}

__ANYWARP_CURAND void curand_init(unsigned long long seed, unsigned long long subsequence, unsigned long long offset,
                                  curandStateXORWOW *s) {
  for (int i = 0; i < 5; ++i) s->v[i] = (unsigned int)__anywarp_curand::spread(seed, i);
  s->v[4] |= s->v[0] == 0;  // The shifted words must not all be zero.
  s->d = (unsigned int)__anywarp_curand::spread(seed, 5);
  __anywarp_curand::forget_pair(s);
  skipahead_sequence(subsequence, s);
  skipahead(offset, s);
}
__ANYWARP_CURAND void curand_init(unsigned long long seed, unsigned long long subsequence, unsigned long long offset,
                                  curandStatePhilox4_32_10 *s) {
  s->key = make_uint2((unsigned int)seed, (unsigned int)(seed >> 32));
  s->ctr = make_uint4(0, 0, (unsigned int)subsequence, (unsigned int)(subsequence >> 32));
  s->__STATE = 0;
  __anywarp_curand::forget_pair(s);
  skipahead(offset, s);
}
__ANYWARP_CURAND void curand_init(unsigned long long seed, unsigned long long subsequence, unsigned long long offset,
                                  curandStateMRG32k3a *s) {
  for (int i = 0; i < 3; ++i) {
    s->s1[i] = 1 + (unsigned int)(__anywarp_curand::spread(seed, i) % (__anywarp_curand::m1 - 1));
    s->s2[i] = 1 + (unsigned int)(__anywarp_curand::spread(seed, 3 + i) % (__anywarp_curand::m2 - 1));
  }
  __anywarp_curand::forget_pair(s);
  skipahead_subsequence(subsequence, s);
  skipahead(offset, s);
}

__ANYWARP_CURAND unsigned int curand(curandStateXORWOW *s) {
  __anywarp_curand::xorwow_shift(s->v);
  s->d += 362437u;
  return s->v[4] + s->d;
}
__ANYWARP_CURAND unsigned int curand(curandStatePhilox4_32_10 *s) {
  const unsigned int at = s->__STATE;
  unsigned int r = at == 0 ? s->output.x : at == 1 ? s->output.y : at == 2 ? s->output.z : s->output.w;
  s->__STATE = (at + 1) & 3;
  if (s->__STATE == 0) {
    __anywarp_curand::philox_advance(s->ctr, 1);
    s->output = __anywarp_curand::philox(s->ctr, s->key);
  }
  return r;
}
// The next four outputs, wherever in a block the state stands.
__ANYWARP_CURAND uint4 curand4(curandStatePhilox4_32_10 *s) {
  const uint4 a = s->output;
  __anywarp_curand::philox_advance(s->ctr, 1);
  const uint4 b = s->output = __anywarp_curand::philox(s->ctr, s->key);
  switch (s->__STATE) {
    case 0: return a;
    case 1: return make_uint4(a.y, a.z, a.w, b.x);
    case 2: return make_uint4(a.z, a.w, b.x, b.y);
    default: return make_uint4(a.w, b.x, b.y, b.z);
  }
}
// Scaled to all of 32 bits.
__ANYWARP_CURAND unsigned int curand(curandStateMRG32k3a *s) {
  return (unsigned int)((unsigned long long)(__anywarp_curand::mrg_next(s) - 1) * 0x100000000ull / __anywarp_curand::m1);
}
#endif
