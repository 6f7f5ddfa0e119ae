// Maximum pooling of pictures whose channels lie one after the other. libtorch's own kernel compares one element at a time behind a branch; this one gives the same
// elements and the same places, several at a time. Everything else goes on to libtorch's.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/max_pool2d_with_indices_backward_cpu_dispatch.h>
#include <ATen/ops/max_pool2d_with_indices_cpu_dispatch.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "max-pool-pairs.h"
#include "own-kernels.h"
#include "parallel-for.h"
#include "vector-versions.h"

namespace sconce {
namespace {

constexpr int64_t kBlock = 64;

struct Pooling {
  int64_t height, width, out_height, out_width;
  int64_t kernel_height, kernel_width, stride_height, stride_width, padding_height, padding_width;

  bool are_pairs() const {
    return kernel_height == 2 && kernel_width == 2 && stride_height == 2 && stride_width == 2 && padding_height == 0 && padding_width == 0 &&
           2 * out_height <= height && 2 * out_width <= width;
  }
  bool has_loops_of_pairs() const { return are_pairs() && height * width < (int64_t{1} << 31) && has_pool_pairs(); }
  // Planes that are worth a thread.
  int64_t grain() const { return std::max<int64_t>(1, 32768 / std::max<int64_t>(1, height * width)); }
};

// A value takes the place of the one before where it is larger, or not a number: so the first of equal ones stays.
template <typename T>
inline bool takes(T value, T before) {
  return (value > before) | (value != value);
}

// Windows of two by two that lie side by side, so many that a block takes them. `which` is the place in the window.
template <typename T>
inline void pool_pairs(const T* upper, const T* lower, T* values, int32_t* which, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    T best = upper[2 * i];
    int32_t place = 0;
    T next = upper[2 * i + 1];
    bool is_taken = takes(next, best);
    best = is_taken ? next : best;
    place = is_taken ? 1 : place;
    next = lower[2 * i];
    is_taken = takes(next, best);
    best = is_taken ? next : best;
    place = is_taken ? 2 : place;
    next = lower[2 * i + 1];
    is_taken = takes(next, best);
    values[i] = is_taken ? next : best;
    which[i] = is_taken ? 3 : place;
  }
}

SCONCE_VECTOR_VERSIONS void pool_pairs_float(const float* upper, const float* lower, float* values, int32_t* which, int64_t count) {
  pool_pairs(upper, lower, values, which, count);
}
SCONCE_VECTOR_VERSIONS void pool_pairs_double(const double* upper, const double* lower, double* values, int32_t* which, int64_t count) {
  pool_pairs(upper, lower, values, which, count);
}
void pool_block(const float* upper, const float* lower, float* values, int32_t* which, int64_t count) { pool_pairs_float(upper, lower, values, which, count); }
void pool_block(const double* upper, const double* lower, double* values, int32_t* which, int64_t count) { pool_pairs_double(upper, lower, values, which, count); }

template <typename T>
void pool_plane_of_pairs(const Pooling& p, const T* input, T* output, int64_t* indices) {
  std::array<int32_t, kBlock> which;
  for (int64_t y = 0; y < p.out_height; ++y) {
    const T* upper = input + 2 * y * p.width;
    for (int64_t begin = 0; begin < p.out_width; begin += kBlock) {
      int64_t count = std::min(kBlock, p.out_width - begin);
      pool_block(upper + 2 * begin, upper + p.width + 2 * begin, output + y * p.out_width + begin, which.data(), count);
      int64_t* places = indices + y * p.out_width + begin;
      int64_t first = 2 * y * p.width + 2 * begin;
      for (int64_t i = 0; i < count; ++i) places[i] = first + 2 * i + (which[i] & 1) + (which[i] >> 1) * p.width;
    }
  }
}

template <typename T>
void pool_plane(const Pooling& p, const T* input, T* output, int64_t* indices) {
  for (int64_t y = 0; y < p.out_height; ++y) {
    int64_t top = y * p.stride_height - p.padding_height;
    int64_t bottom = std::min(top + p.kernel_height, p.height);
    top = std::max<int64_t>(top, 0);
    for (int64_t x = 0; x < p.out_width; ++x) {
      int64_t left = x * p.stride_width - p.padding_width;
      int64_t right = std::min(left + p.kernel_width, p.width);
      left = std::max<int64_t>(left, 0);
      int64_t place = top * p.width + left;
      T best = input[place];
      for (int64_t row = top; row < bottom; ++row) {
        const T* values = input + row * p.width;
        for (int64_t column = left; column < right; ++column) {
          T next = values[column];
          bool is_taken = takes(next, best);
          best = is_taken ? next : best;
          place = is_taken ? row * p.width + column : place;
        }
      }
      output[y * p.out_width + x] = best;
      indices[y * p.out_width + x] = place;
    }
  }
}

template <typename T>
void pool_all(const Pooling& p, int64_t num_planes, const at::Tensor& input, at::Tensor& output, at::Tensor& indices) {
  const T* from = input.data_ptr<T>();
  T* to = output.data_ptr<T>();
  int64_t* places = indices.data_ptr<int64_t>();
  bool are_pairs = p.are_pairs();
  int64_t in_plane = p.height * p.width, out_plane = p.out_height * p.out_width;
  parallel_for(0, num_planes, p.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      if (are_pairs) pool_plane_of_pairs(p, from + plane * in_plane, to + plane * out_plane, places + plane * out_plane);
      else pool_plane(p, from + plane * in_plane, to + plane * out_plane, places + plane * out_plane);
    }
  });
}

void pool_all_pairs(const Pooling& p, int64_t num_planes, const at::Tensor& input, at::Tensor& output, at::Tensor& indices) {
  const float* from = input.data_ptr<float>();
  float* to = output.data_ptr<float>();
  int64_t* places = indices.data_ptr<int64_t>();
  int64_t in_plane = p.height * p.width, out_plane = p.out_height * p.out_width;
  parallel_for(0, num_planes, p.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) pool_plane_pairs(from + plane * in_plane, p.height, p.width, to + plane * out_plane, places + plane * out_plane);
  });
}

// False where the places are not those of a pooling.
bool spread_all_pairs(const Pooling& p, const at::Tensor& grad_output, const at::Tensor& indices, at::Tensor& grad_input) {
  const float* from = grad_output.data_ptr<float>();
  float* to = grad_input.data_ptr<float>();
  const int64_t* places = indices.data_ptr<int64_t>();
  int64_t in_plane = p.height * p.width, out_plane = p.out_height * p.out_width;
  std::atomic<bool> are_places{true};
  parallel_for(0, grad_input.size(0) * grad_input.size(1), p.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      if (!spread_plane_pairs(from + plane * out_plane, places + plane * out_plane, p.height, p.width, to + plane * in_plane)) are_places = false;
    }
  });
  return are_places;
}

int64_t both(at::IntArrayRef values, size_t i) { return values[values.size() == 1 ? 0 : i]; }

bool is_one_or_two(at::IntArrayRef values) { return values.size() == 1 || values.size() == 2; }

int64_t pooled_size(int64_t size, int64_t kernel, int64_t stride, int64_t padding) { return (size + 2 * padding - kernel) / stride + 1; }

// What this kernel is for. Whatever is not is libtorch's, what it would refuse too.
bool read_pooling(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool ceil_mode,
                  Pooling* p) {
  bool is_known = input.device().is_cpu() && input.layout() == at::kStrided && input.dim() == 4 && input.is_contiguous() && input.numel() > 0 &&
                  (input.scalar_type() == at::kFloat || input.scalar_type() == at::kDouble) && !ceil_mode &&
                  // of one channel or one element both layouts are the same: the result has the one that libtorch chooses
                  !input.is_contiguous(at::MemoryFormat::ChannelsLast);
  if (!is_known || !is_one_or_two(kernel) || !is_one_or_two(padding) || !(stride.empty() || is_one_or_two(stride))) return false;
  if (!std::all_of(dilation.begin(), dilation.end(), [](int64_t each) { return each == 1; })) return false;
  *p = {input.size(2), input.size(3), 0, 0, both(kernel, 0), both(kernel, 1), stride.empty() ? both(kernel, 0) : both(stride, 0),
        stride.empty() ? both(kernel, 1) : both(stride, 1), both(padding, 0), both(padding, 1)};
  bool is_valid = p->kernel_height > 0 && p->kernel_width > 0 && p->stride_height > 0 && p->stride_width > 0 && p->padding_height >= 0 &&
                  p->padding_width >= 0 && 2 * p->padding_height <= p->kernel_height && 2 * p->padding_width <= p->kernel_width;
  if (!is_valid || p->kernel_height > p->height + 2 * p->padding_height || p->kernel_width > p->width + 2 * p->padding_width) return false;
  p->out_height = pooled_size(p->height, p->kernel_height, p->stride_height, p->padding_height);
  p->out_width = pooled_size(p->width, p->kernel_width, p->stride_width, p->padding_width);
  return p->out_height > 0 && p->out_width > 0;
}

void pool(const Pooling& p, const at::Tensor& input, at::Tensor& output, at::Tensor& indices) {
  int64_t num_planes = input.size(0) * input.size(1);
  if (input.scalar_type() == at::kFloat && p.has_loops_of_pairs()) pool_all_pairs(p, num_planes, input, output, indices);
  else if (input.scalar_type() == at::kFloat) pool_all<float>(p, num_planes, input, output, indices);
  else pool_all<double>(p, num_planes, input, output, indices);
}

std::tuple<at::Tensor, at::Tensor> max_pool2d(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding,
                                              at::IntArrayRef dilation, bool ceil_mode) {
  Pooling p;
  if (!read_pooling(input, kernel, stride, padding, dilation, ceil_mode, &p)) {
    return at::cpu::max_pool2d_with_indices(input, kernel, stride, padding, dilation, ceil_mode);
  }
  std::array<int64_t, 4> sizes = {input.size(0), input.size(1), p.out_height, p.out_width};
  at::Tensor output = at::empty(sizes, input.options());
  at::Tensor indices = at::empty(sizes, input.options().dtype(at::kLong));
  pool(p, input, output, indices);
  return {std::move(output), std::move(indices)};
}

bool fits(const at::Tensor& tensor, at::ScalarType type, at::IntArrayRef sizes) {
  return tensor.device().is_cpu() && tensor.layout() == at::kStrided && tensor.scalar_type() == type && tensor.sizes() == sizes && tensor.is_contiguous();
}

std::tuple<at::Tensor&, at::Tensor&> max_pool2d_out(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding,
                                                    at::IntArrayRef dilation, bool ceil_mode, at::Tensor& output, at::Tensor& indices) {
  Pooling p;
  bool is_known = read_pooling(input, kernel, stride, padding, dilation, ceil_mode, &p);
  if (is_known) {
    std::array<int64_t, 4> sizes = {input.size(0), input.size(1), p.out_height, p.out_width};
    is_known = fits(output, input.scalar_type(), sizes) && fits(indices, at::kLong, sizes) && !output.is_alias_of(input) && !indices.is_alias_of(input) &&
               !output.is_alias_of(indices);
  }
  if (is_known) pool(p, input, output, indices);
  else at::cpu::max_pool2d_with_indices_outf(input, kernel, stride, padding, dilation, ceil_mode, output, indices);
  return {output, indices};
}

bool takes_backward(const at::Tensor& grad_output, const at::Tensor& input, const at::Tensor& indices, Pooling* p, at::IntArrayRef kernel,
                    at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool ceil_mode) {
  if (input.scalar_type() != at::kFloat || !read_pooling(input, kernel, stride, padding, dilation, ceil_mode, p) || !p->has_loops_of_pairs()) return false;
  std::array<int64_t, 4> sizes = {input.size(0), input.size(1), p->out_height, p->out_width};
  return fits(grad_output, at::kFloat, sizes) && fits(indices, at::kLong, sizes);
}

at::Tensor max_pool2d_backward(const at::Tensor& grad_output, const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride,
                               at::IntArrayRef padding, at::IntArrayRef dilation, bool ceil_mode, const at::Tensor& indices) {
  Pooling p;
  if (takes_backward(grad_output, input, indices, &p, kernel, stride, padding, dilation, ceil_mode)) {
    at::Tensor grad_input = at::empty(input.sizes(), input.options());
    if (spread_all_pairs(p, grad_output, indices, grad_input)) return grad_input;
  }
  return at::cpu::max_pool2d_with_indices_backward(grad_output, input, kernel, stride, padding, dilation, ceil_mode, indices);
}

at::Tensor& max_pool2d_backward_out(const at::Tensor& grad_output, const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride,
                                    at::IntArrayRef padding, at::IntArrayRef dilation, bool ceil_mode, const at::Tensor& indices, at::Tensor& grad_input) {
  Pooling p;
  bool is_known = takes_backward(grad_output, input, indices, &p, kernel, stride, padding, dilation, ceil_mode) &&
                  fits(grad_input, at::kFloat, input.sizes()) && !grad_input.is_alias_of(grad_output) && !grad_input.is_alias_of(indices);
  if (is_known && spread_all_pairs(p, grad_output, indices, grad_input)) return grad_input;
  return at::cpu::max_pool2d_with_indices_backward_outf(grad_output, input, kernel, stride, padding, dilation, ceil_mode, indices, grad_input);
}

}  // namespace

void register_max_pool(torch::Library& library) {
  library.impl("max_pool2d_with_indices", TORCH_FN(max_pool2d));
  library.impl("max_pool2d_with_indices.out", TORCH_FN(max_pool2d_out));
  library.impl("max_pool2d_with_indices_backward", TORCH_FN(max_pool2d_backward));
  library.impl("max_pool2d_with_indices_backward.grad_input", TORCH_FN(max_pool2d_backward_out));
}

}  // namespace sconce
