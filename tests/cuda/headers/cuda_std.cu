// cuda::std and the smaller cuda:: headers, in kernels.
#include <cuda/cmath>
#include <cuda/functional>
#include <cuda/std/algorithm>
#include <cuda/std/array>
#include <cuda/std/bit>
#include <cuda/std/cassert>
#include <cuda/std/chrono>
#include <cuda/std/climits>
#include <cuda/std/cmath>
#include <cuda/std/complex>
#include <cuda/std/concepts>
#include <cuda/std/cstddef>
#include <cuda/std/cstdint>
#include <cuda/std/functional>
#include <cuda/std/limits>
#include <cuda/std/numeric>
#include <cuda/std/optional>
#include <cuda/std/ratio>
#include <cuda/std/span>
#include <cuda/std/tuple>
#include <cuda/std/type_traits>
#include <cuda/std/utility>
#include <cuda/std/variant>
#include <nv/target>
#include <vector>
#include "check.h"

template <class T>
__host__ __device__ T sum(cuda::std::span<const T> s) {
  T total = 0;
  for (const T &v : s) total += v;
  return total;
}

__host__ __device__ int where() {
  NV_IF_ELSE_TARGET(NV_IS_DEVICE, (return 1;), (return 0;))
}
__host__ __device__ int dispatch() {
  int r = 0;
  NV_IF_TARGET(NV_IS_HOST, (r = 3;))
  NV_DISPATCH_TARGET(NV_PROVIDES_SM_120, (r = 12;), NV_PROVIDES_SM_60, (r = 6;), NV_IS_HOST, (r += 1;))
  return r;
}

__host__ __device__ int names() {
  namespace std_ = cuda::std;
  int bad = 0;
  std_::array<int, 4> a{{4, 3, 2, 1}};
  std_::array b{1, 2, 3};
  a[0] = 9;
  bad |= (a.size() != 4 || a.front() != 9 || a.back() != 1 || b.size() != 3 || std_::get<1>(b) != 2) << 0;
  b.fill(5);
  int total = 0;
  for (int v : b) total += v;
  bad |= (total != 15) << 1;
  int x = 1, y = 2;
  std_::swap(x, y);
  bad |= (x != 2 || std_::exchange(x, 7) != 2 || x != 7) << 2;
  std_::tuple<int, float, char> t(1, 2.5f, 'c');
  bad |= (std_::get<1>(t) != 2.5f || std_::tuple_size<decltype(t)>::value != 3) << 3;
  std_::pair<int, double> p = std_::make_pair(3, 4.0);
  auto [first, second] = p;
  bad |= (first != 3 || second != 4) << 4;
  std_::optional<int> none, some(5);
  bad |= (none.has_value() || !some || *some != 5 || none.value_or(8) != 8) << 5;
  bad |= (std_::popcount(0xf0u) != 4 || std_::countl_zero(1u) != 31 || std_::bit_ceil(5u) != 8 ||
          std_::rotl(std_::uint8_t(0x81), 1) != 3 || std_::countr_zero(8ull) != 3) << 6;
  bad |= (std_::bit_cast<unsigned>(1.0f) != 0x3f800000u) << 7;
  bad |= (std_::min(3, 4) != 3 || std_::max(3.0, 4.0) != 4 || std_::clamp(9, 0, 5) != 5) << 8;
  bad |= (std_::numeric_limits<short>::max() != 32767 || std_::is_same_v<int, std_::remove_cvref_t<const int &>> != true) << 9;
  bad |= (std_::identity{}(4) != 4 || std_::plus<int>()(1, 2) != 3 || cuda::minimum<>()(3, 2.5) != 2.5) << 10;
  bad |= (std_::gcd(12, 18) != 6 || cuda::ceil_div(10, 4) != 3 || cuda::round_up(10, 4) != 12) << 11;
  bad |= (std_::sqrt(4.0f) != 2.0f || std_::abs(-3) != 3 || !std_::isnan(NAN)) << 12;
  std_::complex<float> z(3, 4);
  z = z * z;
  bad |= (z.real() != -7 || z.imag() != 24) << 13;
  bad |= (sum<int>(a) != 15 || sum<int>({a.data() + 1, 2}) != 5) << 14;
  bad |= (cuda::proclaim_return_type<int>([](int v) { return v * 2; })(4) != 8) << 15;
  bad |= (std_::chrono::duration_cast<std_::chrono::microseconds>(std_::chrono::milliseconds(3)).count() != 3000) << 16;
  return bad;
}

__global__ void on_device(int *bad) { *bad = names() | (where() != 1) << 20 | (dispatch() != 6) << 21; }

int main() {
  CHECK(names() == 0 && where() == 0 && dispatch() == 4, "%x %d %d", names(), where(), dispatch());
  std::vector<int> v{1, 2, 3};
  CHECK(sum<int>(v) == 6, "a span of a vector");
  int *d, bad;
  CUDA(cudaMalloc(&d, 4));
  on_device<<<1, 1>>>(d);
  CUDA(cudaMemcpy(&bad, d, 4, cudaMemcpyDeviceToHost));
  CHECK(bad == 0, "%x", bad);
  return pass();
}
