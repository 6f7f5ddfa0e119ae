// Batch norm of pictures whose channels lie one after the other, in training. libtorch adds up one channel's elements after the other, so that each addition waits
// for the one before; this kernel adds up in vectors, and in libtorch's order only where the result could be rounded to another float. Everything else goes on to libtorch's.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/native_batch_norm_backward_cpu_dispatch.h>
#include <ATen/ops/native_batch_norm_cpu_dispatch.h>
#include <torch/library.h>
#include <torch/version.h>

#include "avx2.h"
#include "own-kernels.h"
#include "parallel-for.h"

#ifdef SCONCE_HAS_AVX2

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

namespace sconce {
namespace {

using MaybeTensor = c10::optional<at::Tensor>;
using ThreeTensors = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

constexpr int64_t kLanes = 8;
// With planes of up to so many elements a sum of floats in eight lanes is less than a hundredth away.
constexpr int64_t kMaxPlane = int64_t{1} << 20;
constexpr double kMostOfSize = 1.01;

struct Pictures {
  int64_t num_pictures, num_channels, plane;
  int64_t count() const { return num_pictures * plane; }
};

// In the order in which libtorch adds up what a vector holds.
SCONCE_AVX2_INLINE float sum_of(__m256 values) {
  values = _mm256_add_ps(values, _mm256_permute2f128_ps(values, values, 0x1));
  values = _mm256_add_ps(values, _mm256_shuffle_ps(values, values, 0x4E));
  values = _mm256_add_ps(values, _mm256_shuffle_ps(values, values, 0xB1));
  return _mm256_cvtss_f32(values);
}

SCONCE_AVX2_INLINE double sum_of(__m256d values) {
  const __m128d half = _mm_add_pd(_mm256_castpd256_pd128(values), _mm256_extractf128_pd(values, 1));
  return _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
}

struct Sum {
  double value = 0;
  // At least that of the terms without their signs.
  double size = 0;
};

// Adds four terms to each of two sums.
SCONCE_AVX2_INLINE void add_eight(__m256 terms, __m256d* sums) {
  sums[0] = _mm256_add_pd(sums[0], _mm256_cvtps_pd(_mm256_castps256_ps128(terms)));
  sums[1] = _mm256_add_pd(sums[1], _mm256_cvtps_pd(_mm256_extractf128_ps(terms, 1)));
}

SCONCE_AVX2_INLINE void add_values(__m256 values, __m256d* sums, __m256& size) {
  add_eight(values, sums);
  size = _mm256_add_ps(size, _mm256_andnot_ps(_mm256_set1_ps(-0.0f), values));
}

SCONCE_AVX2_INLINE __m256 square_of(__m256 values, __m256 mean) {
  const __m256 distance = _mm256_sub_ps(values, mean);
  return _mm256_mul_ps(distance, distance);
}

// Each channel's sum from `begin` to `end`.
SCONCE_AVX2 void add_channels(const Pictures& p, const float* data, Sum* totals, int64_t begin, int64_t end) {
  const __m256d zero = _mm256_setzero_pd();
  for (int64_t n = 0; n < p.num_pictures; ++n) {
    for (int64_t c = begin; c < end; ++c) {
      const float* plane = data + (n * p.num_channels + c) * p.plane;
      __m256d sums[4] = {zero, zero, zero, zero};
      __m256 sizes[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
      int64_t i = 0;
      for (; i + 2 * kLanes <= p.plane; i += 2 * kLanes) {
        add_values(_mm256_loadu_ps(plane + i), sums, sizes[0]);
        add_values(_mm256_loadu_ps(plane + i + kLanes), sums + 2, sizes[1]);
      }
      for (; i < p.plane; i += kLanes) add_values(_mm256_maskload_ps(plane + i, mask_of(p.plane - i)), sums, sizes[0]);
      totals[c].value += sum_of(_mm256_add_pd(_mm256_add_pd(sums[0], sums[1]), _mm256_add_pd(sums[2], sums[3])));
      totals[c].size += kMostOfSize * sum_of(_mm256_add_ps(sizes[0], sizes[1]));
    }
  }
}

// Each channel's sum of squared distances from its mean.
SCONCE_AVX2 void add_squares(const Pictures& p, const float* data, const float* means, Sum* totals, int64_t begin, int64_t end) {
  const __m256d zero = _mm256_setzero_pd();
  for (int64_t n = 0; n < p.num_pictures; ++n) {
    for (int64_t c = begin; c < end; ++c) {
      const float* plane = data + (n * p.num_channels + c) * p.plane;
      const __m256 mean = _mm256_set1_ps(means[c]);
      __m256d sums[4] = {zero, zero, zero, zero};
      int64_t i = 0;
      for (; i + 2 * kLanes <= p.plane; i += 2 * kLanes) {
        add_eight(square_of(_mm256_loadu_ps(plane + i), mean), sums);
        add_eight(square_of(_mm256_loadu_ps(plane + i + kLanes), mean), sums + 2);
      }
      for (; i < p.plane; i += kLanes) {
        const __m256i mask = mask_of(p.plane - i);
        add_eight(_mm256_and_ps(_mm256_castsi256_ps(mask), square_of(_mm256_maskload_ps(plane + i, mask), mean)), sums);
      }
      totals[c].value += sum_of(_mm256_add_pd(_mm256_add_pd(sums[0], sums[1]), _mm256_add_pd(sums[2], sums[3])));
      totals[c].size = totals[c].value;
    }
  }
}

// libtorch's order: one after the other.
template <typename Term>
double add_in_order(const Pictures& p, const float* data, int64_t channel, const Term& term) {
  double sum = 0;
  for (int64_t n = 0; n < p.num_pictures; ++n) {
    const float* plane = data + (n * p.num_channels + channel) * p.plane;
    for (int64_t i = 0; i < p.plane; ++i) sum += term(plane[i]);
  }
  return sum;
}

// What libtorch rounds a sum to, after dividing it by `divisor`. In whatever order `count` terms are added up, the sum is at most (count - 1) * 2^-53 times `size` away from
// the exact one; ours of fewer and longer steps is an eighth of that away, and 16 more for the ends. Dividing and rounding keep order: so where both ends of what the sum can be
// are rounded to the same float, libtorch's is that one too. Where not, `in_order()` gives the sum in libtorch's order.
template <typename InOrder>
float rounded(const Sum& sum, int64_t count, double divisor, const InOrder& in_order) {
  const double reach = (1.125 * static_cast<double>(count) + 64) * 0x1p-53 * sum.size;
  const float least = static_cast<float>((sum.value - reach) / divisor), most = static_cast<float>((sum.value + reach) / divisor);
  if (std::isfinite(reach) && std::memcmp(&least, &most, sizeof(float)) == 0) return least;
  return static_cast<float>(in_order() / divisor);
}

SCONCE_AVX2 void scale_planes(const Pictures& p, const float* data, const float* factors, const float* terms, float* out, int64_t begin, int64_t end) {
  for (int64_t plane = begin; plane < end; ++plane) {
    const float* from = data + plane * p.plane;
    float* to = out + plane * p.plane;
    const __m256 factor = _mm256_set1_ps(factors[plane % p.num_channels]), term = _mm256_set1_ps(terms[plane % p.num_channels]);
    int64_t i = 0;
    for (; i + kLanes <= p.plane; i += kLanes) _mm256_storeu_ps(to + i, _mm256_fmadd_ps(_mm256_loadu_ps(from + i), factor, term));
    if (i < p.plane) {
      const __m256i mask = mask_of(p.plane - i);
      _mm256_maskstore_ps(to + i, mask, _mm256_fmadd_ps(_mm256_maskload_ps(from + i, mask), factor, term));
    }
  }
}

// A product that is rounded by itself, whatever it is added to.
SCONCE_AVX2_INLINE __m256 rounded_product(__m256 one, __m256 other) {
  __m256 product = _mm256_mul_ps(one, other);
  __asm__("" : "+x"(product));
  return product;
}

// Of `kCount` planes that lie one after the other: the sum of the gradients, and of their products with the distances from the means.
template <int kCount>
SCONCE_AVX2_INLINE void add_gradients(const Pictures& p, const float* data, const float* gradients, const float* means, double* sums, double* products) {
  __m256 mean[kCount], sum[kCount], product[kCount];
  _Pragma("GCC unroll 8") for (int c = 0; c < kCount; ++c) {
    mean[c] = _mm256_set1_ps(means[c]);
    sum[c] = _mm256_loadu_ps(gradients + c * p.plane);
    product[c] = _mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(data + c * p.plane), mean[c]), sum[c]);
  }
  int64_t i = kLanes;
  for (; i + kLanes <= p.plane; i += kLanes) {
    _Pragma("GCC unroll 8") for (int c = 0; c < kCount; ++c) {
      const __m256 gradient = _mm256_loadu_ps(gradients + c * p.plane + i);
      sum[c] = _mm256_add_ps(sum[c], gradient);
      product[c] = _mm256_add_ps(product[c], rounded_product(_mm256_sub_ps(_mm256_loadu_ps(data + c * p.plane + i), mean[c]), gradient));
    }
  }
  if (i < p.plane) {
    const __m256i mask = mask_of(p.plane - i);
    _Pragma("GCC unroll 8") for (int c = 0; c < kCount; ++c) {
      const __m256 gradient = _mm256_maskload_ps(gradients + c * p.plane + i, mask);
      const __m256 distance = _mm256_sub_ps(_mm256_maskload_ps(data + c * p.plane + i, mask), mean[c]);
      sum[c] = _mm256_blendv_ps(sum[c], _mm256_add_ps(sum[c], gradient), _mm256_castsi256_ps(mask));
      product[c] = _mm256_blendv_ps(product[c], _mm256_fmadd_ps(distance, gradient, product[c]), _mm256_castsi256_ps(mask));
    }
  }
  _Pragma("GCC unroll 8") for (int c = 0; c < kCount; ++c) {
    sums[c] += sum_of(sum[c]);
    products[c] += sum_of(product[c]);
  }
}

SCONCE_AVX2 void add_all_gradients(const Pictures& p, const float* data, const float* gradients, const float* means, double* sums, double* products,
                                   int64_t begin, int64_t end) {
  for (int64_t n = 0; n < p.num_pictures; ++n) {
    for (int64_t c = begin; c < end;) {
      const int64_t offset = (n * p.num_channels + c) * p.plane;
      if (c + 4 <= end) {
        add_gradients<4>(p, data + offset, gradients + offset, means + c, sums + c, products + c);
        c += 4;
      } else {
        add_gradients<1>(p, data + offset, gradients + offset, means + c, sums + c, products + c);
        ++c;
      }
    }
  }
}

// What each channel's gradient is made with.
struct Slopes {
  float mean, factor, mean_gradient, invstd, weight;
};

SCONCE_AVX2_INLINE __m256 gradient_of(__m256 value, __m256 gradient, __m256 mean, __m256 factor, __m256 mean_gradient, __m256 invstd, __m256 weight) {
  const __m256 centred = _mm256_sub_ps(gradient, mean_gradient);
  return _mm256_mul_ps(_mm256_mul_ps(_mm256_fnmadd_ps(_mm256_sub_ps(value, mean), factor, centred), invstd), weight);
}

SCONCE_AVX2 void give_gradients(const Pictures& p, const float* data, const float* gradients, const Slopes* slopes, float* out, int64_t begin, int64_t end) {
  for (int64_t plane = begin; plane < end; ++plane) {
    const Slopes& slope = slopes[plane % p.num_channels];
    const __m256 mean = _mm256_set1_ps(slope.mean), factor = _mm256_set1_ps(slope.factor), mean_gradient = _mm256_set1_ps(slope.mean_gradient),
                 invstd = _mm256_set1_ps(slope.invstd), weight = _mm256_set1_ps(slope.weight);
    const float* from = data + plane * p.plane;
    const float* given = gradients + plane * p.plane;
    float* to = out + plane * p.plane;
    int64_t i = 0;
    for (; i + kLanes <= p.plane; i += kLanes) {
      _mm256_storeu_ps(to + i, gradient_of(_mm256_loadu_ps(from + i), _mm256_loadu_ps(given + i), mean, factor, mean_gradient, invstd, weight));
    }
    if (i < p.plane) {
      const __m256i mask = mask_of(p.plane - i);
      _mm256_maskstore_ps(to + i, mask,
                          gradient_of(_mm256_maskload_ps(from + i, mask), _mm256_maskload_ps(given + i, mask), mean, factor, mean_gradient, invstd, weight));
    }
  }
}

template <typename Function>
void for_planes(const Pictures& p, const Function& function) {
  parallel_for(0, p.num_pictures * p.num_channels, std::max<int64_t>(1, 8192 / p.plane), function);
}

const float* data_of(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

float* changed_data_of(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

at::Tensor or_none(const MaybeTensor& tensor) { return tensor.has_value() ? *tensor : at::Tensor(); }

struct Norm {
  at::Tensor weight, bias, running_mean, running_var;
  double momentum, eps;
};

void normalize(const Pictures& p, const at::Tensor& input, const Norm& norm, const at::Tensor& output, const at::Tensor& mean, const at::Tensor& invstd) {
  const float* data = data_of(input);
  const float *weight = data_of(norm.weight), *bias = data_of(norm.bias);
  float *running_mean = changed_data_of(norm.running_mean), *running_var = changed_data_of(norm.running_var);
  float *means = changed_data_of(mean), *invstds = changed_data_of(invstd);
  const int64_t count = p.count();
  const float momentum = static_cast<float>(norm.momentum);
  std::vector<float> factors(static_cast<size_t>(p.num_channels)), terms(factors.size());
  parallel_for(0, p.num_channels, kLanes, [&](int64_t begin, int64_t end) {
    std::vector<Sum> sums(static_cast<size_t>(end)), squares(sums.size());
    add_channels(p, data, sums.data(), begin, end);
    for (int64_t c = begin; c < end; ++c) {
      means[c] = rounded(sums[c], count, static_cast<double>(count), [&] { return add_in_order(p, data, c, [](float value) { return value; }); });
    }
    add_squares(p, data, means, squares.data(), begin, end);
    for (int64_t c = begin; c < end; ++c) {
      const float mean = means[c];
      const float total = rounded(squares[c], count, 1, [&] { return add_in_order(p, data, c, [&](float value) { return (value - mean) * (value - mean); }); });
      const double variance = total / static_cast<float>(count);
      invstds[c] = static_cast<float>(variance != 0 || norm.eps != 0 ? 1 / std::sqrt(variance + norm.eps) : 0.0);
      factors[c] = invstds[c] * (weight ? weight[c] : 1.0f);
      terms[c] = std::fma(-means[c], factors[c], bias ? bias[c] : 0.0f);
      if (running_mean) running_mean[c] = momentum * means[c] + (1 - momentum) * running_mean[c];
      if (running_var) {
        const double unbiased = total / static_cast<float>(count - 1);
        running_var[c] = static_cast<float>(momentum * unbiased + (1 - momentum) * running_var[c]);
      }
    }
  });
  float* out = output.data_ptr<float>();
  for_planes(p, [&](int64_t begin, int64_t end) { scale_planes(p, data, factors.data(), terms.data(), out, begin, end); });
}

struct Gradients {
  at::Tensor input, weight, bias;
};

void differentiate(const Pictures& p, const at::Tensor& grad_out, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& mean,
                   const at::Tensor& invstd, const Gradients& gradients) {
  const float *data = data_of(input), *given = data_of(grad_out), *weights = data_of(weight), *means = data_of(mean), *invstds = data_of(invstd);
  float *weight_gradients = changed_data_of(gradients.weight), *bias_gradients = changed_data_of(gradients.bias);
  const float count = static_cast<float>(p.count());
  std::vector<double> sums(static_cast<size_t>(p.num_channels)), products(sums.size());
  std::vector<Slopes> slopes(sums.size());
  parallel_for(0, p.num_channels, kLanes, [&](int64_t begin, int64_t end) {
    add_all_gradients(p, data, given, means, sums.data(), products.data(), begin, end);
    for (int64_t c = begin; c < end; ++c) {
      const float factor = static_cast<float>(products[c]) * invstds[c] * invstds[c] / count;
      slopes[c] = {means[c], factor, static_cast<float>(sums[c] / static_cast<double>(p.count())), invstds[c], weights ? weights[c] : 1.0f};
      if (weight_gradients) weight_gradients[c] = static_cast<float>(products[c] * invstds[c]);
      if (bias_gradients) bias_gradients[c] = static_cast<float>(sums[c]);
    }
  });
  if (!gradients.input.defined()) return;
  float* out = gradients.input.data_ptr<float>();
  for_planes(p, [&](int64_t begin, int64_t end) { give_gradients(p, data, given, slopes.data(), out, begin, end); });
}

bool are_pictures(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.layout() == at::kStrided && tensor.scalar_type() == at::kFloat && tensor.dim() >= 3 && tensor.numel() > 0 &&
         tensor.is_contiguous() && tensor.numel() / tensor.size(0) / tensor.size(1) >= kLanes &&
         tensor.numel() / tensor.size(0) / tensor.size(1) <= kMaxPlane &&
         // of one channel both layouts are the same: the result has the one that libtorch chooses
         !(tensor.dim() == 4 && tensor.is_contiguous(at::MemoryFormat::ChannelsLast)) &&
         !(tensor.dim() == 5 && tensor.is_contiguous(at::MemoryFormat::ChannelsLast3d));
}

bool has_shape(const at::Tensor& tensor, at::IntArrayRef shape) {
  return tensor.device().is_cpu() && tensor.layout() == at::kStrided && tensor.scalar_type() == at::kFloat && tensor.sizes() == shape && tensor.is_contiguous();
}

bool is_none_or_vector(const at::Tensor& tensor, int64_t size) { return !tensor.defined() || has_shape(tensor, {size}); }

Pictures pictures_of(const at::Tensor& input) { return {input.size(0), input.size(1), input.numel() / input.size(0) / input.size(1)}; }

bool takes_forward(const at::Tensor& input, const Norm& norm, bool training) {
  if (!training || !are_pictures(input)) return false;
  const int64_t size = input.size(1);
  return is_none_or_vector(norm.weight, size) && is_none_or_vector(norm.bias, size) && is_none_or_vector(norm.running_mean, size) &&
         is_none_or_vector(norm.running_var, size);
}

bool takes_backward(const at::Tensor& grad_out, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& mean, const at::Tensor& invstd, bool train) {
  if (!train || !are_pictures(input) || !has_shape(grad_out, input.sizes())) return false;
  const int64_t size = input.size(1);
  return is_none_or_vector(weight, size) && mean.defined() && has_shape(mean, {size}) && invstd.defined() && has_shape(invstd, {size});
}

bool are_same(const at::Tensor& one, const at::Tensor& other) {
  return one.nbytes() == other.nbytes() && std::memcmp(one.data_ptr(), other.data_ptr(), one.nbytes()) == 0;
}

// Whether libtorch, as it is here, computes what this kernel does. Its own kernels depend on its version and on the processor.
bool is_libtorchs() {
  if (!has_avx2()) return false;
  uint32_t state = 1;
  auto numbers = [&](at::IntArrayRef shape, float least) {
    at::Tensor made = at::empty(shape, at::kFloat);
    float* data = made.data_ptr<float>();
    for (int64_t i = 0; i < made.numel(); ++i) {
      state = state * 1664525u + 1013904223u;
      data[i] = least + static_cast<float>(state >> 8) * 0x1p-23f;
    }
    return made;
  };
  for (int64_t width : {7, 24}) {
    at::Tensor input = numbers({3, 5, 3, width}, -0.8f), grad_out = numbers({3, 5, 3, width}, -1.1f);
    Norm norm{numbers({5}, 0), numbers({5}, -1), numbers({5}, -1), numbers({5}, 0), 0.1, 1e-5};
    at::Tensor running_mean = norm.running_mean.clone(), running_var = norm.running_var.clone();
    auto [output, mean, invstd] = at::cpu::native_batch_norm(input, norm.weight, norm.bias, running_mean, running_var, true, norm.momentum, norm.eps);
    auto [grad, grad_weight, grad_bias] =
        at::cpu::native_batch_norm_backward(grad_out, input, norm.weight, running_mean, running_var, mean, invstd, true, norm.eps, {true, true, true});
    auto empty = [](at::IntArrayRef shape) { return at::empty(shape, at::kFloat); };
    at::Tensor own = empty(input.sizes()), own_mean = empty({5}), own_invstd = empty({5});
    Gradients own_gradients{empty(input.sizes()), empty({5}), empty({5})};
    const Pictures p = pictures_of(input);
    normalize(p, input, norm, own, own_mean, own_invstd);
    differentiate(p, grad_out, input, norm.weight, mean, invstd, own_gradients);
    if (!are_same(own, output) || !are_same(own_mean, mean) || !are_same(own_invstd, invstd) || !are_same(norm.running_mean, running_mean) ||
        !are_same(norm.running_var, running_var) || !are_same(own_gradients.input, grad) || !are_same(own_gradients.weight, grad_weight) ||
        !are_same(own_gradients.bias, grad_bias)) {
      return false;
    }
  }
  return true;
}

bool is_ours() {
  static const bool is_same = is_libtorchs();
  return is_same;
}

ThreeTensors batch_norm(const at::Tensor& input, const MaybeTensor& weight, const MaybeTensor& bias, const MaybeTensor& running_mean,
                        const MaybeTensor& running_var, bool training, double momentum, double eps) {
  Norm norm{or_none(weight), or_none(bias), or_none(running_mean), or_none(running_var), momentum, eps};
  if (!takes_forward(input, norm, training) || !is_ours()) {
    return at::cpu::native_batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps);
  }
  at::Tensor output = at::empty(input.sizes(), input.options());
  at::Tensor mean = at::empty({input.size(1)}, input.options()), invstd = at::empty({input.size(1)}, input.options());
  normalize(pictures_of(input), input, norm, output, mean, invstd);
  return {std::move(output), std::move(mean), std::move(invstd)};
}

// libtorch 1.13 has none that writes into tensors that are there.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR > 0)
#define SCONCE_HAS_BATCH_NORM_OUT
std::tuple<at::Tensor&, at::Tensor&, at::Tensor&> batch_norm_out(const at::Tensor& input, const MaybeTensor& weight, const MaybeTensor& bias,
                                                                 const MaybeTensor& running_mean, const MaybeTensor& running_var, bool training,
                                                                 double momentum, double eps, at::Tensor& output, at::Tensor& mean, at::Tensor& invstd) {
  Norm norm{or_none(weight), or_none(bias), or_none(running_mean), or_none(running_var), momentum, eps};
  bool is_known = takes_forward(input, norm, training) && has_shape(output, input.sizes()) && has_shape(mean, {input.size(1)}) &&
                  has_shape(invstd, {input.size(1)}) && !output.is_alias_of(input) && is_ours();
  if (is_known) normalize(pictures_of(input), input, norm, output, mean, invstd);
  else at::cpu::native_batch_norm_outf(input, weight, bias, running_mean, running_var, training, momentum, eps, output, mean, invstd);
  return {output, mean, invstd};
}
#endif

ThreeTensors batch_norm_backward(const at::Tensor& grad_out, const at::Tensor& input, const MaybeTensor& weight, const MaybeTensor& running_mean,
                                 const MaybeTensor& running_var, const MaybeTensor& mean, const MaybeTensor& invstd, bool train, double eps,
                                 std::array<bool, 3> mask) {
  if (!takes_backward(grad_out, input, or_none(weight), or_none(mean), or_none(invstd), train) || !is_ours()) {
    return at::cpu::native_batch_norm_backward(grad_out, input, weight, running_mean, running_var, mean, invstd, train, eps, mask);
  }
  Gradients gradients{mask[0] ? at::empty(input.sizes(), input.options()) : at::Tensor(), mask[1] ? at::empty({input.size(1)}, input.options()) : at::Tensor(),
                      mask[2] ? at::empty({input.size(1)}, input.options()) : at::Tensor()};
  differentiate(pictures_of(input), grad_out, input, or_none(weight), *mean, *invstd, gradients);
  return {std::move(gradients.input), std::move(gradients.weight), std::move(gradients.bias)};
}

}  // namespace

void register_batch_norm(torch::Library& library) {
  library.impl("native_batch_norm", TORCH_FN(batch_norm));
#ifdef SCONCE_HAS_BATCH_NORM_OUT
  library.impl("native_batch_norm.out", TORCH_FN(batch_norm_out));
#endif
  library.impl("native_batch_norm_backward", TORCH_FN(batch_norm_backward));
}

}  // namespace sconce

#else

namespace sconce {

void register_batch_norm(torch::Library&) {}

}  // namespace sconce

#endif
