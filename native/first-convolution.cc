// Convolutions of pictures with few channels, as the first of a network is. oneDNN's kernel takes half of its time to lay its result out as libtorch wants it; this one writes
// it there at once, with sums in oneDNN's order. Everything else goes on to libtorch's.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/convolution_compositeexplicitautograd_dispatch.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include "avx512.h"
#include "own-kernels.h"
#include "parallel-for.h"

#ifdef SCONCE_AVX512_TARGET

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#define SCONCE_AVX512 __attribute__((target(SCONCE_AVX512_TARGET)))
#define SCONCE_AVX512_INLINE static inline __attribute__((always_inline, target(SCONCE_AVX512_TARGET)))

namespace sconce {
namespace {

using MaybeTensor = c10::optional<at::Tensor>;

constexpr int64_t kLanes = 16;
constexpr int64_t kWide = 2 * kLanes;
// Channels of the result that are computed together.
constexpr int64_t kTogether = 8;

struct Convolution {
  int64_t num_pictures, channels, height, width;
  int64_t out_channels, kernel_height, kernel_width, padding_height, padding_width;

  int64_t out_height() const { return height + 2 * padding_height - kernel_height + 1; }
  int64_t out_width() const { return width + 2 * padding_width - kernel_width + 1; }
  int64_t taps() const { return kernel_height * kernel_width * channels; }
  // Of rows with what stands beside them, and room for a whole block behind.
  int64_t row() const { return out_width() + kWide + kernel_width; }
};

// [taps, out_channels], in the order of the sums: row, column, channel.
std::vector<float> pack_weights(const Convolution& c, const float* weights) {
  std::vector<float> packed(static_cast<size_t>(c.taps() * c.out_channels));
  auto next = packed.begin();
  for (int64_t y = 0; y < c.kernel_height; ++y) {
    for (int64_t x = 0; x < c.kernel_width; ++x) {
      for (int64_t channel = 0; channel < c.channels; ++channel) {
        for (int64_t out = 0; out < c.out_channels; ++out) *next++ = weights[((out * c.channels + channel) * c.kernel_height + y) * c.kernel_width + x];
      }
    }
  }
  return packed;
}

// Eight channels of one row of the result, 32 elements of it from `x` on.
SCONCE_AVX512 void convolve_block(const Convolution& c, const float* padded, const float* weights, const float* bias, int64_t y, int64_t x, float* out) {
  __m512 sums[kTogether][2];
  _Pragma("GCC unroll 8") for (int64_t i = 0; i < kTogether; ++i) sums[i][0] = sums[i][1] = _mm512_setzero_ps();
  const int64_t from_row = std::max<int64_t>(0, c.padding_height - y), to_row = std::min(c.kernel_height, c.height + c.padding_height - y);
  const int64_t plane = c.height * c.row();
  for (int64_t row = from_row; row < to_row; ++row) {
    for (int64_t column = 0; column < c.kernel_width; ++column) {
      // Elements beside the picture take no part, whatever the weight is.
      const int64_t first = std::max<int64_t>(0, c.padding_width - column - x), last = std::min(kWide, c.width + c.padding_width - column - x);
      const uint64_t mask = last <= first ? 0 : ((~uint64_t{0} >> (64 - (last - first))) << first);
      const __mmask16 left = static_cast<__mmask16>(mask), right = static_cast<__mmask16>(mask >> kLanes);
      const float* from = padded + (y + row - c.padding_height) * c.row() + x + column;
      const float* factors = weights + (row * c.kernel_width + column) * c.channels * c.out_channels;
      for (int64_t channel = 0; channel < c.channels; ++channel) {
        const __m512 one = _mm512_loadu_ps(from + channel * plane), two = _mm512_loadu_ps(from + channel * plane + kLanes);
        _Pragma("GCC unroll 8") for (int64_t i = 0; i < kTogether; ++i) {
          const __m512 factor = _mm512_set1_ps(factors[channel * c.out_channels + i]);
          sums[i][0] = _mm512_mask3_fmadd_ps(one, factor, sums[i][0], left);
          sums[i][1] = _mm512_mask3_fmadd_ps(two, factor, sums[i][1], right);
        }
      }
    }
  }
  const int64_t count = std::min(kWide, c.out_width() - x);
  const uint32_t mask = count == kWide ? ~uint32_t{0} : (uint32_t{1} << count) - 1;
  const int64_t out_plane = c.out_height() * c.out_width();
  _Pragma("GCC unroll 8") for (int64_t i = 0; i < kTogether; ++i) {
    if (bias) {
      sums[i][0] = _mm512_add_ps(sums[i][0], _mm512_set1_ps(bias[i]));
      sums[i][1] = _mm512_add_ps(sums[i][1], _mm512_set1_ps(bias[i]));
    }
    float* to = out + i * out_plane + y * c.out_width() + x;
    _mm512_mask_storeu_ps(to, static_cast<__mmask16>(mask), sums[i][0]);
    _mm512_mask_storeu_ps(to + kLanes, static_cast<__mmask16>(mask >> kLanes), sums[i][1]);
  }
}

void convolve_picture(const Convolution& c, const float* picture, const float* weights, const float* bias, float* padded, float* out) {
  for (int64_t row = 0; row < c.channels * c.height; ++row) std::copy_n(picture + row * c.width, c.width, padded + row * c.row() + c.padding_width);
  for (int64_t channel = 0; channel < c.out_channels; channel += kTogether) {
    for (int64_t y = 0; y < c.out_height(); ++y) {
      for (int64_t x = 0; x < c.out_width(); x += kWide) {
        convolve_block(c, padded, weights + channel, bias ? bias + channel : nullptr, y, x, out + channel * c.out_height() * c.out_width());
      }
    }
  }
}

void convolve(const Convolution& c, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& output) {
  const float* data = input.data_ptr<float>();
  const float* biases = bias.defined() ? bias.data_ptr<float>() : nullptr;
  float* out = output.data_ptr<float>();
  const std::vector<float> weights = pack_weights(c, weight.data_ptr<float>());
  parallel_for(0, c.num_pictures, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> padded(static_cast<size_t>(c.channels * c.height * c.row() + kWide));
    for (int64_t n = begin; n < end; ++n) {
      convolve_picture(c, data + n * c.channels * c.height * c.width, weights.data(), biases, padded.data(),
                       out + n * c.out_channels * c.out_height() * c.out_width());
    }
  });
}

bool are_dense(const at::Tensor& tensor, int64_t dims) {
  return tensor.defined() && tensor.device().is_cpu() && tensor.layout() == at::kStrided && tensor.scalar_type() == at::kFloat && tensor.dim() == dims &&
         tensor.numel() > 0 && tensor.is_contiguous();
}

bool read_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, at::IntArrayRef stride, at::IntArrayRef padding,
                      at::IntArrayRef dilation, bool transposed, int64_t groups, Convolution* c) {
  auto are_ones = [](at::IntArrayRef values) { return values.size() == 2 && values[0] == 1 && values[1] == 1; };
  if (transposed || groups != 1 || !are_ones(stride) || !are_ones(dilation) || padding.size() != 2) return false;
  if (!are_dense(input, 4) || !are_dense(weight, 4) || (bias.defined() && !are_dense(bias, 1))) return false;
  // One channel, or pictures of one element, are of both layouts: the result has the one that libtorch chooses.
  if (input.is_contiguous(at::MemoryFormat::ChannelsLast) || weight.is_contiguous(at::MemoryFormat::ChannelsLast)) return false;
  *c = {input.size(0), input.size(1), input.size(2), input.size(3), weight.size(0), weight.size(2), weight.size(3), padding[0], padding[1]};
  return c->channels <= 4 && weight.size(1) == c->channels && (!bias.defined() || bias.numel() == c->out_channels) && c->out_channels % kTogether == 0 &&
         c->kernel_height <= 7 && c->kernel_width <= 7 && c->padding_height >= 0 && c->padding_height < c->kernel_height && c->padding_width >= 0 &&
         c->padding_width < c->kernel_width && c->out_height() > 0 && c->out_width() >= 24;
}

// What libtorch's choice of a kernel, and so the order of its sums, depends on.
using Key = std::array<int64_t, 12>;

Key key_of(const Convolution& c, bool has_bias) {
  return {c.num_pictures, c.channels, c.height, c.width, c.out_channels, c.kernel_height, c.kernel_width, c.padding_height, c.padding_width, has_bias,
          at::get_num_threads(), at::globalContext().userEnabledMkldnn()};
}

at::Tensor numbers(at::IntArrayRef shape, uint32_t state) {
  at::Tensor made = at::empty(shape, at::kFloat);
  float* data = made.data_ptr<float>();
  for (int64_t i = 0; i < made.numel(); ++i) {
    state = state * 1664525u + 1013904223u;
    data[i] = static_cast<float>(state >> 8) * 0x1p-23f - 0.9f;
  }
  return made;
}

bool is_libtorchs(const Convolution& c, bool has_bias) {
  at::Tensor input = numbers({c.num_pictures, c.channels, c.height, c.width}, 1), weight = numbers({c.out_channels, c.channels, c.kernel_height, c.kernel_width}, 2);
  at::Tensor bias = has_bias ? numbers({c.out_channels}, 3) : at::Tensor();
  MaybeTensor maybe_bias = has_bias ? MaybeTensor(bias) : MaybeTensor();
  const std::array<int64_t, 2> ones = {1, 1}, padding = {c.padding_height, c.padding_width}, zeros = {0, 0};
  at::Tensor expected = at::compositeexplicitautograd::convolution(input, weight, maybe_bias, ones, padding, ones, false, zeros, 1);
  at::Tensor own = at::empty({c.num_pictures, c.out_channels, c.out_height(), c.out_width()}, at::kFloat);
  if (expected.sizes() != own.sizes() || !expected.is_contiguous()) return false;
  convolve(c, input, weight, bias, own);
  return std::memcmp(own.data_ptr(), expected.data_ptr(), own.nbytes()) == 0;
}

// Looked at once for each shape. A program with more shapes than this would do little else.
constexpr size_t kMaxShapes = 64;

bool is_ours(const Convolution& c, bool has_bias) {
  if (!has_avx512()) return false;
  static std::mutex mutex;
  static auto* known = new std::map<Key, bool>();
  const Key key = key_of(c, has_bias);
  {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = known->find(key);
    if (found != known->end() || known->size() >= kMaxShapes) return found != known->end() && found->second;
  }
  const bool is_same = is_libtorchs(c, has_bias);
  std::lock_guard<std::mutex> lock(mutex);
  return known->emplace(key, is_same).first->second;
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const MaybeTensor& bias, at::IntArrayRef stride, at::IntArrayRef padding,
                       at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding, int64_t groups) {
  Convolution c;
  const at::Tensor own_bias = bias.has_value() ? *bias : at::Tensor();
  if (!read_convolution(input, weight, own_bias, stride, padding, dilation, transposed, groups, &c) || !is_ours(c, own_bias.defined())) {
    return at::compositeexplicitautograd::convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
  }
  at::Tensor output = at::empty({c.num_pictures, c.out_channels, c.out_height(), c.out_width()}, input.options());
  convolve(c, input, weight, own_bias, output);
  return output;
}

}  // namespace

void register_first_convolution(torch::Library& library) { library.impl("convolution", TORCH_FN(convolution)); }

}  // namespace sconce

#else

namespace sconce {

void register_first_convolution(torch::Library&) {}

}  // namespace sconce

#endif
