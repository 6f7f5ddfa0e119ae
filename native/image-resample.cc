// The two passes of a resize over pixels of three bytes, written so that the compiler makes vector code of them.
#include "image-resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "vector-versions.h"

namespace sconce {
namespace {

constexpr int kWeightBits = 22;
constexpr int32_t kHalf = 1 << (kWeightBits - 1);
constexpr double kPi = 3.14159265358979323846;

double sinc(double x) { return x == 0 ? 1 : std::sin(x * kPi) / (x * kPi); }

double weigh(Filter filter, double x) {
  const double d = std::fabs(x);
  switch (filter) {
    case Filter::kBilinear: return d < 1 ? 1 - d : 0;
    case Filter::kBicubic: {
      constexpr double a = -0.5;
      if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
    case Filter::kLanczos: return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
  }
  return 0;
}

double support_of(Filter filter) { return filter == Filter::kBilinear ? 1 : filter == Filter::kBicubic ? 2 : 3; }

// What each pixel of a row or column of the result is made of: `count` pixels of the source from `first` on, and their weights.
struct Taps {
  struct Run {
    int32_t first, count;
  };
  std::vector<Run> runs;
  std::vector<int32_t> weights;  // `stride` for each pixel
  size_t stride = 0;

  const int32_t* of(size_t pixel) const { return weights.data() + pixel * stride; }
};

// For the pixels [begin, end) of `size` that cover [from, to) of a source of `limit` pixels.
void plan(Filter filter, double from, double to, int64_t limit, int64_t size, int64_t begin, int64_t end, Taps& taps) {
  const double scale = (to - from) / static_cast<double>(size);
  const double width = std::max(scale, 1.0);
  const double support = support_of(filter) * width;
  const double narrow = 1 / width;
  taps.stride = static_cast<size_t>(std::ceil(support)) * 2 + 1;
  taps.runs.resize(static_cast<size_t>(end - begin));
  taps.weights.assign(taps.stride * taps.runs.size(), 0);
  std::vector<double> exact(taps.stride);
  for (int64_t pixel = begin; pixel < end; ++pixel) {
    const double centre = from + (static_cast<double>(pixel) + 0.5) * scale;
    const auto first = std::max<int64_t>(static_cast<int64_t>(centre - support + 0.5), 0);
    const auto last = std::min<int64_t>(static_cast<int64_t>(centre + support + 0.5), limit);
    const auto count = static_cast<size_t>(std::max<int64_t>(last - first, 0));
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
      exact[i] = weigh(filter, (static_cast<double>(i) + static_cast<double>(first) - centre + 0.5) * narrow);
      sum += exact[i];
    }
    int32_t* weights = taps.weights.data() + taps.stride * static_cast<size_t>(pixel - begin);
    for (size_t i = 0; i < count; ++i) {
      const double weight = (sum != 0 ? exact[i] / sum : exact[i]) * (1 << kWeightBits);
      weights[i] = static_cast<int32_t>(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    taps.runs[static_cast<size_t>(pixel - begin)] = {static_cast<int32_t>(first), static_cast<int32_t>(count)};
  }
}

typedef uint8_t Bytes4 __attribute__((vector_size(4)));
typedef int32_t Words4 __attribute__((vector_size(16)));

// Each pixel is read and written as four bytes: the fourth is the next pixel's, which is written after it, or slack of the buffer.
SCONCE_VECTOR_VERSIONS void pass_along_row(const uint8_t* in, uint8_t* out, const Taps& taps) {
  const size_t count = taps.runs.size();
  const int32_t* weights = taps.weights.data();
  for (size_t pixel = 0; pixel < count; ++pixel, weights += taps.stride, out += 3) {
    const Taps::Run run = taps.runs[pixel];
    const uint8_t* from = in + static_cast<ptrdiff_t>(run.first) * 3;
    Words4 sum = {kHalf, kHalf, kHalf, kHalf};
    for (int32_t i = 0; i < run.count; ++i, from += 3) {
      Bytes4 bytes;
      std::memcpy(&bytes, from, 4);
      sum += __builtin_convertvector(bytes, Words4) * weights[i];
    }
    sum >>= kWeightBits;
    sum = sum < 0 ? Words4{} : sum;
    const Words4 most = {255, 255, 255, 255};
    sum = sum > most ? most : sum;
    const Bytes4 bytes = __builtin_convertvector(sum, Bytes4);
    std::memcpy(out, &bytes, 4);
  }
}

constexpr size_t kBlock = 64;

SCONCE_VECTOR_VERSIONS void pass_down_columns(const uint8_t* in, size_t stride, uint8_t* out, const int32_t* weights, int32_t count) {
  for (size_t start = 0; start < stride; start += kBlock) {
    int32_t sums[kBlock];
    for (size_t i = 0; i < kBlock; ++i) sums[i] = kHalf;
    const uint8_t* from = in + start;
    for (int32_t tap = 0; tap < count; ++tap, from += stride) {
      const int32_t weight = weights[tap];
      for (size_t i = 0; i < kBlock; ++i) sums[i] += from[i] * weight;  // behind the row's end: the next row, or slack
    }
    uint8_t rounded[kBlock];
    for (size_t i = 0; i < kBlock; ++i) rounded[i] = static_cast<uint8_t>(std::min(std::max(sums[i] >> kWeightBits, 0), 255));
    std::memcpy(out + start, rounded, std::min(kBlock, stride - start));
  }
}

}  // namespace

Pixels resample(const Pixels& source, const Box& box, int64_t width, int64_t height, const Window& window, Filter filter, ImageBuffer& rows,
                ImageBuffer& target) {
  const bool is_wide = static_cast<double>(width) != source.width || box.left != 0 || box.right != source.width;
  const bool is_tall = static_cast<double>(height) != source.height || box.top != 0 || box.bottom != source.height;
  static thread_local Taps across, down;
  plan(filter, box.top, box.bottom, source.height, height, window.top, window.bottom, down);
  // The rows of the source that the window needs.
  int64_t first_row = window.top, end_row = window.bottom;
  if (is_tall) {
    first_row = source.height;
    end_row = 0;
    for (const auto& run : down.runs) {
      first_row = std::min<int64_t>(first_row, run.first);
      end_row = std::max<int64_t>(end_row, run.first + run.count);
    }
  }
  const int64_t out_width = window.width();
  const size_t source_stride = static_cast<size_t>(source.width) * 3, stride = static_cast<size_t>(out_width) * 3;
  Pixels wide{rows.reserve(stride * static_cast<size_t>(end_row - first_row)), out_width, end_row - first_row};
  if (is_wide) plan(filter, box.left, box.right, source.width, width, window.left, window.right, across);
  for (int64_t y = first_row; y < end_row; ++y) {
    const uint8_t* in = source.data + static_cast<size_t>(y) * source_stride;
    uint8_t* out = wide.data + static_cast<size_t>(y - first_row) * stride;
    if (is_wide) pass_along_row(in, out, across);
    else std::memcpy(out, in + window.left * 3, stride);
  }
  if (!is_tall) return wide;
  Pixels result{target.reserve(stride * static_cast<size_t>(window.height())), out_width, window.height()};
  for (int64_t y = 0; y < result.height; ++y) {
    const auto run = down.runs[static_cast<size_t>(y)];
    pass_down_columns(wide.data + static_cast<size_t>(run.first - first_row) * stride, stride, result.data + static_cast<size_t>(y) * stride,
                      down.of(static_cast<size_t>(y)), run.count);
  }
  return result;
}

}  // namespace sconce
