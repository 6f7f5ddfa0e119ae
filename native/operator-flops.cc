// The floating-point operations of matrix products, convolutions and attention, as torch.utils.flop_counter counts them.
#ifndef NDEBUG
#define NDEBUG  // libtorch is built with it, and sets what RecordFunction::inputs() would look at only without it
#endif
#include "operator-flops.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <cstring>

namespace sconce {
namespace {

using Inputs = c10::ArrayRef<const c10::IValue>;

// Sizes of an argument; empty for one that is no tensor.
at::IntArrayRef sizes_of(Inputs inputs, size_t place) {
  if (place >= inputs.size() || !inputs[place].isTensor()) return {};
  const at::Tensor& tensor = inputs[place].toTensor();
  return tensor.defined() && !tensor.is_nested() ? tensor.sizes() : at::IntArrayRef{};
}

double product(at::IntArrayRef sizes) {
  double result = 1;
  for (int64_t size : sizes) result *= static_cast<double>(size);
  return result;
}

// [.., m, k] by [.., k, n]
double matrix_product(at::IntArrayRef a, at::IntArrayRef b) {
  return a.size() < 2 || b.size() < 2 ? 0 : 2 * product(a) * static_cast<double>(b.back());
}

// `places` are those at which the filter is applied: of the output, or of the input where the convolution is transposed.
double filter_applied(double batch, double places, at::IntArrayRef weight) { return 2 * batch * places * product(weight); }

double convolution(Inputs inputs) {
  auto x = sizes_of(inputs, 0), weight = sizes_of(inputs, 1);
  if (x.size() < 3 || weight.size() != x.size() || inputs.size() < 7) return 0;
  double places = 1;
  bool is_transposed = inputs[6].toBool();
  auto stride = inputs[3].toIntVector(), padding = inputs[4].toIntVector(), dilation = inputs[5].toIntVector();
  for (size_t i = 0; i + 2 < x.size(); ++i) {
    auto at = [i](const std::vector<int64_t>& values) { return values.size() == 1 ? values[0] : values.at(i); };
    int64_t out = (x[i + 2] + 2 * at(padding) - at(dilation) * (weight[i + 2] - 1) - 1) / at(stride) + 1;
    places *= static_cast<double>(is_transposed ? x[i + 2] : out);
  }
  return filter_applied(static_cast<double>(x[0]), places, weight);
}

// One product for the gradient of the input, one for that of the weight.
double convolution_backward(Inputs inputs) {
  auto gradient = sizes_of(inputs, 0), x = sizes_of(inputs, 1), weight = sizes_of(inputs, 2);
  if (x.size() < 3 || gradient.size() != x.size() || inputs.size() < 11) return 0;
  auto spatial = (inputs[7].toBool() ? x : gradient).slice(2);
  auto mask = inputs[10].toBoolList();
  double one = filter_applied(static_cast<double>(x[0]), product(spatial), weight);
  return one * ((mask.get(0) ? 1 : 0) + (mask.get(1) ? 1 : 0));
}

// Query [B, H, L, E] by key [B, H, S, E], and the weights by value [B, H, S, Ev].
double attention(at::IntArrayRef query, at::IntArrayRef key, at::IntArrayRef value) {
  if (query.size() != 4 || key.size() != 4 || value.size() != 4) return 0;
  double weights = static_cast<double>(query[0] * query[1] * query[2]) * static_cast<double>(key[2]);
  return 2 * weights * static_cast<double>(query[3]) + 2 * weights * static_cast<double>(value[3]);
}

// The weights again, and two products for each of the two forward.
double attention_backward(at::IntArrayRef query, at::IntArrayRef key, at::IntArrayRef value) {
  if (query.size() != 4 || key.size() != 4 || value.size() != 4) return 0;
  double weights = static_cast<double>(query[0] * query[1] * query[2]) * static_cast<double>(key[2]);
  return 2 * weights * (3 * static_cast<double>(query[3]) + 2 * static_cast<double>(value[3]));
}

// Every weight once for each row of the input, [.., C].
double recurrent(at::IntArrayRef input, double num_weights) {
  return input.empty() || input.back() == 0 ? 0 : 2 * product(input) / static_cast<double>(input.back()) * num_weights;
}

double recurrent_layer(Inputs inputs) { return recurrent(sizes_of(inputs, 0), product(sizes_of(inputs, 1)) + product(sizes_of(inputs, 2))); }

double recurrent_layers(Inputs inputs) {
  double num_weights = 0;
  for (const at::Tensor& weight : inputs[1].toTensorVector()) num_weights += weight.dim() == 2 ? static_cast<double>(weight.numel()) : 0;
  return recurrent(sizes_of(inputs, 0), num_weights);
}

}  // namespace

double flops_of(const at::RecordFunction& function) {
  const char* name = function.name();
  if (function.scope() != at::RecordScope::FUNCTION || std::strncmp(name, "aten::", 6) != 0) return 0;
  name += 6;
  auto is = [name](const char* other) { return std::strcmp(name, other) == 0; };
  Inputs inputs = function.inputs();
  if (is("mm") || is("bmm")) return matrix_product(sizes_of(inputs, 0), sizes_of(inputs, 1));
  if (is("addmm") || is("baddbmm") || is("_addmm_activation")) return matrix_product(sizes_of(inputs, 1), sizes_of(inputs, 2));
  if (is("convolution")) return convolution(inputs);
  if (is("convolution_backward")) return convolution_backward(inputs);
  // Layers in one kernel; PyTorch's counter does not know them.
  if (is("mkldnn_rnn_layer")) return recurrent_layer(inputs);
  if (is("mkldnn_rnn_layer_backward")) return 2 * recurrent_layer(inputs);
  if (is("_cudnn_rnn")) return recurrent_layers(inputs);
  if (is("_cudnn_rnn_backward")) return 2 * recurrent_layers(inputs);
  // The fused kernels; the plain one is made of products that count themselves.
  if (std::strncmp(name, "_scaled_dot_product_", 20) != 0 || std::strncmp(name + 20, "attention", 9) == 0 || std::strstr(name, "_math")) return 0;
  if (std::strstr(name, "_backward")) return attention_backward(sizes_of(inputs, 1), sizes_of(inputs, 2), sizes_of(inputs, 3));
  if (std::strstr(name, "_attention")) return attention(sizes_of(inputs, 0), sizes_of(inputs, 1), sizes_of(inputs, 2));
  return 0;
}

}  // namespace sconce
