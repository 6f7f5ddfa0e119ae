// The table of guarded operators: what libtorch 2.13.0 was found to die of, to hang on, or to read beyond a tensor's memory for (test/stress/operators.mjs).
// Past 500 lines because it is a table: a guard a row, with its check.
#include "guards.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "addon.h"
#include "capture-notes.h"
#include "convert.h"
#include "errors.h"
#include "modes.h"

namespace sconce {

const at::IValue& GuardedCall::value(const char* name) const {
  static const at::IValue none;
  for (size_t i = 0; i < plan_.arguments.size() && i < stack_.size(); ++i) {
    if (plan_.arguments[i].name == name) return stack_[i];
  }
  return none;
}

at::Tensor GuardedCall::tensor(const char* name) const {
  const at::IValue& found = value(name);
  return found.isTensor() ? found.toTensor() : at::Tensor();
}

std::vector<at::Tensor> GuardedCall::tensors(const char* name) const {
  const at::IValue& found = value(name);
  return found.isTensorList() ? found.toTensorVector() : std::vector<at::Tensor>();
}

std::vector<int64_t> GuardedCall::integers(const char* name) const {
  const at::IValue& found = value(name);
  return found.isIntList() ? found.toIntVector() : std::vector<int64_t>();
}

int64_t GuardedCall::integer(const char* name, int64_t otherwise) const {
  const at::IValue& found = value(name);
  return found.isInt() ? found.toInt() : otherwise;
}

bool GuardedCall::flag(const char* name, bool otherwise) const {
  const at::IValue& found = value(name);
  return found.isBool() ? found.toBool() : otherwise;
}

void GuardedCall::replace(const char* name, at::Tensor tensor) const {
  for (size_t i = 0; i < plan_.arguments.size() && i < stack_.size(); ++i) {
    if (plan_.arguments[i].name == name) stack_[i] = std::move(tensor);
  }
}

void GuardedCall::replace_last(const char* name, int64_t value, int64_t count) const {
  std::vector<int64_t> values = integers(name);
  if (values.size() == 1) values.resize(static_cast<size_t>(count), values[0]);
  if (values.empty()) return;
  values.back() = value;
  for (size_t i = 0; i < plan_.arguments.size() && i < stack_.size(); ++i) {
    if (plan_.arguments[i].name == name) stack_[i] = values;
  }
}

void GuardedCall::refuse(const std::string& wanted, const std::string& got) const {
  throw Refused(Refusal::kRange, "Cannot run " + plan_.name + ": expected " + wanted + ", got " + got, plan_.name);
}

namespace {

std::string plural(int64_t count, const char* what) { return std::to_string(count) + " " + what + (count == 1 ? "" : "s"); }

bool is_plain(const at::Tensor& tensor) { return tensor.defined() && tensor.layout() == at::kStrided && tensor.device().is_cpu(); }

// Smallest and largest element of an integer tensor on the CPU. Elsewhere reading them would wait for the device, which checks them itself.
struct Range {
  int64_t low = 0;
  int64_t high = -1;  // below `low` where there is no element
};

Range range_of(const at::Tensor& tensor) {
  Range range;
  if (!is_plain(tensor) || tensor.numel() == 0 || !at::isIntegralType(tensor.scalar_type(), false)) return range;
  note_read_values(tensor);
  at::Tensor wide = tensor.detach().to(at::kLong).contiguous();
  const auto* first = wide.data_ptr<int64_t>();
  auto [low, high] = std::minmax_element(first, first + wide.numel());
  return {*low, *high};
}

// Every element must be in [low, high].
void require_range(const GuardedCall& call, const char* name, int64_t low, int64_t high) {
  Range range = range_of(call.tensor(name));
  if (range.high < range.low || (range.low >= low && range.high <= high)) return;
  call.refuse("elements of \"" + std::string(name) + "\" from " + std::to_string(low) + " to " + std::to_string(high),
              std::to_string(range.low < low ? range.low : range.high));
}

void require_integer(const GuardedCall& call, const char* name, int64_t low, int64_t high) {
  const at::IValue& found = call.value(name);
  if (!found.isInt() || (found.toInt() >= low && found.toInt() <= high)) return;
  call.refuse("\"" + std::string(name) + "\" from " + std::to_string(low) + " to " + std::to_string(high), std::to_string(found.toInt()));
}

void check_qparams(const GuardedCall& call) {
  at::Tensor input = call.tensor("input");
  int64_t count = call.integer("numel", 0);
  if (!is_plain(input) || input.scalar_type() != at::kFloat || !input.is_contiguous() || input.numel() < count || count < 0) {
    call.refuse("a contiguous float32 tensor of \"numel\" elements for \"input\"",
                (input.defined() ? describe_tensor(input) : "none") + " and " + std::to_string(count));
  }
  require_integer(call, "n_bins", 1, 1 << 16);
  require_integer(call, "bit_width", 1, 8);
  const at::IValue& ratio = call.value("ratio");
  if (ratio.isDouble() && !(ratio.toDouble() > 0 && ratio.toDouble() <= 1)) {
    call.refuse("\"ratio\" above 0 and up to 1", std::to_string(ratio.toDouble()));
  }
}

// The observer walks the running values beside the smallest and largest element of each row, or of all.
void check_observer(const GuardedCall& call) {
  at::Tensor self = call.tensor("self"), observer = call.tensor("observer_on");
  if (!is_plain(self) || self.numel() == 0 || !is_plain(observer) || observer.numel() != 1 || observer.item().toInt() == 0) return;
  bool is_per_row = call.flag("per_row_fake_quant", false);
  if (is_per_row && self.dim() < 2) return;
  int64_t count = is_per_row ? self.numel() / self.size(1) : 1;
  for (const char* name : {"running_min", "running_max"}) {
    at::Tensor tensor = call.tensor(name);
    if (!is_plain(tensor) || tensor.numel() != count || !tensor.is_contiguous()) {
      call.refuse("a contiguous tensor of " + plural(count, "element") + " for \"" + name + "\"", tensor.defined() ? describe_tensor(tensor) : "none");
    }
  }
}

// The kernels of backward read them as they would lie in contiguous memory. In training the running ones are written to, and not read again.
void copy_statistics(const GuardedCall& call) {
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    at::Tensor tensor = call.tensor(name);
    bool is_running = std::strncmp(name, "running", 7) == 0;
    if (!is_plain(tensor) || tensor.is_contiguous() || (is_running && call.flag("training", true))) continue;
    call.replace(name, tensor.contiguous());
  }
}

// Counted in 32 bits on the way.
void check_columns(const GuardedCall& call) {
  for (const char* name : {"output_size", "kernel_size", "dilation", "padding", "stride"}) {
    for (int64_t size : call.integers(name)) {
      if (size > INT32_MAX) call.refuse("elements of \"" + std::string(name) + "\" up to 2147483647", std::to_string(size));
    }
  }
}

// Channels are in the second dimension.
void check_batch_norm(const GuardedCall& call) {
  at::Tensor input = call.tensor("input");
  if (!input.defined()) return;
  if (input.dim() < 2) call.refuse("an \"input\" of two dimensions or more", describe_tensor(input));
  at::Tensor mean = call.tensor("running_mean"), variance = call.tensor("running_var");
  if (mean.defined() != variance.defined()) call.refuse("both of \"running_mean\" and \"running_var\" or neither", "one");
  if (!mean.defined() && !call.flag("training", true)) call.refuse("\"running_mean\" and \"running_var\" where \"training\" is false", "none");
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    at::Tensor tensor = call.tensor(name);
    if (tensor.defined() && tensor.numel() != input.size(1)) {
      call.refuse(plural(input.size(1), "element") + " for \"" + name + "\"", describe_tensor(tensor));
    }
  }
}

// Lists of an operator on lists go together, a tensor or number of each at a time.
void check_lists(const GuardedCall& call) {
  size_t count = call.tensors("self").size();
  for (const auto& argument : call.plan().arguments) {
    const at::IValue& found = call.value(argument.name.c_str());
    if (!found.isList()) continue;
    size_t other = found.toListRef().size();
    if (other != count) {
      call.refuse(plural(static_cast<int64_t>(count), "element") + " for \"" + argument.name + "\", as \"self\" has", std::to_string(other));
    }
  }
}

void check_dense_lists(const GuardedCall& call) {
  for (const auto& tensor : call.tensors("self")) {
    if (tensor.defined() && tensor.layout() != at::kStrided) call.refuse("dense tensors in \"self\"", "a sparse one");
  }
}

// One tensor for the whole list: its only element is read as that of a dense one.
void check_dense_other(const GuardedCall& call) {
  at::Tensor other = call.tensor("other");
  if (other.defined() && other.layout() != at::kStrided) call.refuse("a dense tensor for \"other\"", "a sparse one");
}

// Counted in 32 bits on the way, and gone through one by one.
void check_window(const GuardedCall& call) {
  for (int64_t size : call.integers("kernel_size")) {
    if (size > INT32_MAX) call.refuse("\"kernel_size\" up to 2147483647", std::to_string(size));
  }
}

void check_fractional_window(const GuardedCall& call) {
  // An output of size 0 is empty; only of 2.13 it is known that it writes nothing.
  constexpr int kLeast = TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 13) ? 0 : 1;
  for (const char* name : {"kernel_size", "output_size"}) {
    int least = std::strcmp(name, "output_size") == 0 ? kLeast : 1;
    for (int64_t size : call.integers(name)) {
      if (size >= least && size <= INT32_MAX) continue;
      call.refuse("\"" + std::string(name) + "\" from " + std::to_string(least) + " to 2147483647", std::to_string(size));
    }
  }
}

void check_ctc(const GuardedCall& call) {
  at::Tensor probabilities = call.tensor("log_probs");
  if (!probabilities.defined() || probabilities.dim() < 1) return;
  require_range(call, "targets", 0, std::max<int64_t>(probabilities.size(-1) - 1, 0));
}

// The kernels walk the tensors of one place together, element by element, and check neither their number nor their sizes.
void check_fused(const GuardedCall& call) {
  auto parameters = call.tensors("self");
  for (const char* name : {"grads", "exp_avgs", "exp_avg_sqs", "max_exp_avg_sqs", "momentum_buffer_list", "state_sums", "state_steps"}) {
    const at::IValue& found = call.value(name);
    if (!found.isTensorList()) continue;
    auto others = found.toTensorVector();
    bool is_optional = std::strcmp(name, "max_exp_avg_sqs") == 0 ? !call.flag("amsgrad", false) : std::strcmp(name, "momentum_buffer_list") == 0;
    if (others.empty() && is_optional) continue;
    if (others.size() != parameters.size()) {
      call.refuse(plural(static_cast<int64_t>(parameters.size()), "tensor") + " for \"" + name + "\"", std::to_string(others.size()));
    }
    for (size_t i = 0; i < others.size(); ++i) {
      if (std::strcmp(name, "state_steps") == 0) {
        if (!others[i].defined() || others[i].numel() != 1 || others[i].scalar_type() != at::kFloat) {
          call.refuse("float32 tensors of one element for \"state_steps\"", others[i].defined() ? describe_tensor(others[i]) : "none");
        }
        continue;
      }
      const auto& a = parameters[i];
      const auto& b = others[i];
      bool is_alike = b.defined() && a.layout() == at::kStrided && b.layout() == at::kStrided && a.sizes() == b.sizes() &&
                      a.scalar_type() == b.scalar_type() && a.device() == b.device() && a.is_non_overlapping_and_dense();
      for (int64_t dim = 0; is_alike && dim < a.dim(); ++dim) is_alike = a.size(dim) == 1 || a.stride(dim) == b.stride(dim);
      if (!is_alike) {
        call.refuse("dense tensors of one shape, dtype and layout at each place of the lists",
                    describe_tensor(a) + " in \"self\" and " + (b.defined() ? describe_tensor(b) : "none") + " in \"" + name + "\"");
      }
    }
  }
}

// An LSTM's state is a pair, read without a look at its length.
void check_pair(const GuardedCall& call) {
  size_t count = call.tensors("hx").size();
  if (count != 2) call.refuse("2 tensors for \"hx\"", std::to_string(count));
}

// These sum up to the degree: one step each, for every element.
constexpr double kMaxDegree = 1 << 20;

void check_degree(const GuardedCall& call) {
  const at::IValue& found = call.value("n");
  double degree = 0;
  if (found.isTensor()) {
    at::Tensor degrees = found.toTensor();
    if (!is_plain(degrees) || degrees.numel() == 0 || degrees.is_complex()) return;
    degree = degrees.detach().max().item().toDouble();
  } else if (found.isScalar() && !found.toScalar().isComplex()) {
    degree = found.toScalar().toDouble();
  }
  if (degree > kMaxDegree) call.refuse("degrees \"n\" up to 1048576", std::to_string(degree));
}

// Sums of several of these overflow.
constexpr int64_t kMaxPadding = int64_t{1} << 31;

void check_padding(const GuardedCall& call) {
  for (const char* name : {"padding", "pad"}) {
    for (int64_t size : call.integers(name)) {
      if (size > kMaxPadding || size < -kMaxPadding) {
        call.refuse(std::string("elements of \"") + name + "\" from -2147483648 to 2147483648", std::to_string(size));
      }
    }
  }
}

// The kernels read the offsets as they would lie in a contiguous tensor.
void check_bags(const GuardedCall& call) {
  at::Tensor indices = call.tensor("indices"), offsets = call.tensor("offsets");
  if (!indices.defined() || !offsets.defined()) return;
  if (offsets.dim() != 1 || offsets.numel() == 0) call.refuse("\"offsets\" of one dimension and at least one element", describe_tensor(offsets));
  for (const char* name : {"indices", "offsets"}) {
    at::Tensor tensor = call.tensor(name);
    if (tensor.layout() != at::kStrided) call.refuse("a dense tensor for \"" + std::string(name) + "\"", "a sparse one");
    if (!tensor.is_contiguous()) call.replace(name, tensor.contiguous());
  }
  if (!is_plain(offsets) || !at::isIntegralType(offsets.scalar_type(), false)) return;
  note_read_values(offsets);
  at::Tensor wide = offsets.detach().to(at::kLong).contiguous();
  const auto* first = wide.data_ptr<int64_t>();
  bool is_rising = first[0] == 0 && std::is_sorted(first, first + wide.numel()) && first[wide.numel() - 1] <= indices.numel();
  if (!is_rising) call.refuse("\"offsets\" that begin at 0, do not fall and end at " + std::to_string(indices.numel()) + " or before", "others");
  // Indices behind the last offset would be of a bag that there is not.
  int64_t last = first[wide.numel() - 1];
  if (call.flag("include_last_offset", false) && last != indices.numel()) {
    call.refuse("a last element of \"offsets\" of " + std::to_string(indices.numel()) + ", the number of indices, with \"include_last_offset\"", std::to_string(last));
  }
}

void check_kernel(const GuardedCall& call) {
  at::Tensor weight = call.tensor("weight");
  auto kernel = call.integers("kernel_size");
  if (!weight.defined() || kernel.empty()) return;
  auto sizes = weight.sizes();
  bool is_same = sizes.size() == kernel.size() + 2 && std::equal(kernel.begin(), kernel.end(), sizes.begin() + 2);
  check_padding(call);
  for (const char* name : {"self", "input"}) {
    at::Tensor tensor = call.tensor(name);
    // Overlapping elements are taken for channels that come last.
    if (tensor.defined() && tensor.layout() == at::kStrided && !tensor.is_non_overlapping_and_dense()) call.replace(name, tensor.contiguous());
  }
  if (!is_same) call.refuse("a \"weight\" whose last sizes are \"kernel_size\" " + describe_sizes(kernel), describe_tensor(weight));
}

// Whether oneDNN has kernels for tensors of this dtype that multiply tiles (AMX).
bool has_tiles(at::ScalarType dtype) {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kBFloat16 = 1u << 22, kTiles = 1u << 24, kHalf = 1u << 21;
  bool is_there = __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kTiles) != 0 && (d & kBFloat16) != 0;
  if (!is_there || dtype == at::kBFloat16) return is_there && dtype == at::kBFloat16;
  return dtype == at::kHalf && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & kHalf) != 0;
#else
  return false;
#endif
}

// The dtype in which a convolution runs.
at::ScalarType computed_dtype(const at::Tensor& input) {
  AutocastState autocast;
  bool is_cast = autocast.is_enabled[0] && input.is_floating_point() && input.scalar_type() != at::kDouble;
  return is_cast ? autocast.dtypes[0] : input.scalar_type();
}

// A convolution with a stride in the last dimension, as its gradient sees it: `wide` is the side that the stride makes wider.
struct Widths {
  int64_t wide, narrow, kernel, stride, padding;
};

// oneDNN's kernel (jit_avx512_core_amx_bwd_data, as of 3.12) makes the wide side in blocks, from a copy of the narrow side with the stride's zeros in between.
// Where such a copy has no element, the count of zeros behind its last element is negative, and it writes on until it leaves its memory.
// Returns how many columns a copy has, where that happens; else 0.
int64_t outrun_copy(const Widths& widths) {
  auto [wide, narrow, kernel, stride, padding] = widths;
  int64_t padding_behind = (narrow - 1) * stride + kernel - wide - padding;
  if (wide < 1 || narrow < 1 || padding >= kernel || padding_behind >= kernel) return 0;  // it takes another kernel
  int64_t tile = std::min<int64_t>(16, wide), tiles = (wide + tile - 1) / tile;
  if (wide % tiles == 0) tile = wide / tiles;
  int64_t block = 2 * tile, columns = block + kernel - 1, end = (narrow - 1) * stride;
  if (stride <= columns) return 0;
  for (int64_t start = 0; start < wide; start += block) {
    int64_t first = start + padding - (kernel - 1);
    if (first > 0 && first < end && (stride - first % stride) % stride >= columns) return columns;
  }
  return 0;
}

// `is_transposed` for a convolution that makes its output wider.
void check_tiles(const GuardedCall& call, bool is_transposed) {
  at::Tensor input = call.tensor("input"), weight = call.tensor("weight");
  if (!input.defined()) input = call.tensor("self");
  if (!input.defined() || !weight.defined() || !input.device().is_cpu() || input.dim() < 2 || weight.dim() < 3) return;
  if (!is_transposed && !(at::GradMode::is_enabled() && (input.requires_grad() || weight.requires_grad()))) return;
  at::ScalarType dtype = computed_dtype(input);
  if (!at::globalContext().userEnabledMkldnn() || !has_tiles(dtype)) return;
  int64_t groups = std::max<int64_t>(1, call.integer("groups", 1));
  // Channels of groups are not padded to a tile's 16.
  if (groups > 1 && ((weight.size(0) / (is_transposed ? 1 : groups)) % 16 != 0 || weight.size(1) % 16 != 0)) return;
  auto last = [&](const char* name, int64_t otherwise) {
    auto values = call.integers(name);
    return values.empty() ? otherwise : values.back();
  };
  int64_t size = input.size(-1), stride = last("stride", 1), padding = last("padding", 0), dilation = last("dilation", 1);
  int64_t added = last("output_padding", 0), taps = weight.size(-1);
  for (int64_t value : {size, stride, padding, dilation, added, taps}) {
    if (value < 0 || value > (1 << 30)) return;  // libtorch says what is wrong, or takes another kernel
  }
  if (stride == 0 || taps == 0 || size == 0) return;
  int64_t kernel = dilation * (taps - 1) + 1;
  Widths widths = is_transposed ? Widths{(size - 1) * stride - 2 * padding + kernel + added, size, kernel, stride, padding}
                                : Widths{size, (size + 2 * padding - kernel) / stride + 1, kernel, stride, padding};
  if (widths.wide > (int64_t{1} << 31) || (!is_transposed && size + 2 * padding < kernel)) return;
  if (widths.narrow == 1 && padding < kernel && stride > widths.wide + padding) {
    // It makes no step, but the gradient of the weight (oneDNN's jit_trans_iw_ic_t) reads where one would lead.
    call.replace_last("stride", widths.wide + padding, weight.dim() - 2);
    return;
  }
  if (!is_transposed && !input.requires_grad()) return;
  int64_t columns = outrun_copy(widths);
  if (columns == 0) return;
  call.refuse("a \"stride\" up to " + std::to_string(columns) + " in the last dimension of a " + (dtype == at::kHalf ? "float16" : "bfloat16") + " convolution on this processor",
              std::to_string(stride));
}

// oneDNN's kernels count in 32 bits.
void check_strides(const GuardedCall& call) {
  for (int64_t stride : call.integers("stride")) {
    if (stride > 16384) call.refuse("\"stride\" up to 16384", std::to_string(stride));
  }
}

bool wants_gradient(const GuardedCall& call) {
  if (!at::GradMode::is_enabled()) return false;
  for (const char* name : {"input", "self", "weight"}) {
    at::Tensor tensor = call.tensor(name);
    if (tensor.defined() && tensor.requires_grad()) return true;
  }
  return false;
}

void check_transposed_convolution(const GuardedCall& call) {
  check_strides(call);
  check_tiles(call, call.flag("transposed", true));  // conv_transpose* has no such argument
}

// The gradient of the input is a transposed one.
void check_convolution(const GuardedCall& call) {
  bool is_transposed = call.flag("transposed", false);
  if (is_transposed || wants_gradient(call)) check_strides(call);
  check_tiles(call, is_transposed);
}

// What layers check in PyTorch's Python before they call these.
void check_recurrent(const GuardedCall& call) {
  const std::string& name = call.plan().name;
  bool is_lstm = name.compare(0, 4, "lstm") == 0;
  int64_t gates = is_lstm ? 4 : name.compare(0, 3, "gru") == 0 ? 3 : 1;
  auto hidden = is_lstm ? call.tensors("hx") : std::vector<at::Tensor>{call.tensor("hx")};
  if (is_lstm && hidden.size() != 2) call.refuse("2 tensors for \"hx\"", std::to_string(hidden.size()));
  bool is_packed = name.find(".data") != std::string::npos;
  at::Tensor input = call.tensor(is_packed ? "data" : "input");
  int64_t count = call.integer("num_layers", 0) * (call.flag("bidirectional", false) ? 2 : 1);
  for (const auto& state : hidden) {
    if (!state.defined() || state.dim() != 3 || state.size(0) != count || state.layout() != at::kStrided) {
      call.refuse("a state \"hx\" of three dimensions, [" + std::to_string(count) + ", batch, hidden size]",
                  state.defined() ? describe_tensor(state) : "none");
    }
  }
  if (!input.defined() || input.layout() != at::kStrided || input.dim() != (is_packed ? 2 : 3)) {
    call.refuse(std::string("an input of ") + (is_packed ? "two" : "three") + " dimensions", input.defined() ? describe_tensor(input) : "none");
  }
  int64_t batch = hidden[0].size(1), size = hidden[0].size(2);
  for (const auto& state : hidden) {
    if (state.size(1) != batch) call.refuse("states \"hx\" of one batch size", describe_tensor(state));
  }
  int64_t output = size;
  if (is_lstm && hidden[1].size(2) != size) size = hidden[1].size(2);  // a projection: the state is smaller than the cell
  if (is_packed) {
    at::Tensor batches = call.tensor("batch_sizes");
    if (!is_plain(batches) || batches.scalar_type() != at::kLong || batches.dim() != 1 || batches.numel() == 0) {
      call.refuse("an int64 tensor of one dimension on the CPU for \"batch_sizes\", of one element or more", batches.defined() ? describe_tensor(batches) : "none");
    }
    note_read_values(batches);
    at::Tensor flat = batches.contiguous();
    const auto* first = flat.data_ptr<int64_t>();
    int64_t sum = 0;
    bool is_falling = first[0] == batch;
    for (int64_t i = 0; i < flat.numel() && is_falling; ++i) {
      is_falling = first[i] > 0 && (i == 0 || first[i] <= first[i - 1]);
      sum += is_falling ? first[i] : 0;
    }
    if (!is_falling || sum != input.size(0)) {
      call.refuse("\"batch_sizes\" that begin at " + std::to_string(batch) + ", do not rise, and sum up to " + std::to_string(input.size(0)), "others");
    }
  } else if (input.size(call.flag("batch_first", false) ? 0 : 1) != batch) {
    call.refuse("an \"input\" of batch size " + std::to_string(batch) + ", as \"hx\"", describe_tensor(input));
  }
  auto parameters = call.tensors("params");
  bool is_projected = output != size;
  size_t each = (call.flag("has_biases", false) ? 4 : 2) + (is_projected ? 1 : 0);
  if (parameters.size() != each * static_cast<size_t>(std::max<int64_t>(count, 0))) {
    call.refuse(plural(static_cast<int64_t>(each) * count, "tensor") + " for \"params\"", std::to_string(parameters.size()));
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    size_t kind = i % each;
    bool is_first = i / each < (call.flag("bidirectional", false) ? 2u : 1u);
    int64_t inner = kind == 1 ? output : is_first ? input.size(-1) : output * (call.flag("bidirectional", false) ? 2 : 1);
    std::vector<int64_t> wanted;
    if (is_projected && kind == each - 1) {
      wanted = {output, size};
    } else if (kind < 2) {
      wanted = {gates * size, inner};
    } else {
      wanted = {gates * size};
    }
    if (!parameters[i].defined() || parameters[i].layout() != at::kStrided || parameters[i].sizes() != at::IntArrayRef(wanted)) {
      call.refuse("shape " + describe_sizes(wanted) + " for element " + std::to_string(i) + " of \"params\"",
                  parameters[i].defined() ? describe_tensor(parameters[i]) : "none");
    }
  }
}

// With `unsafe` libtorch looks at nothing; without, not at what backward reads again.
void check_segments(const GuardedCall& call) {
  at::Tensor data = call.tensor("data");
  int64_t axis = call.integer("axis", 0);
  if (!data.defined() || axis < 0 || axis >= data.dim()) return;
  Range lengths = range_of(call.tensor("lengths"));
  if (lengths.high >= lengths.low && lengths.low < 0) call.refuse("\"lengths\" that are not negative", std::to_string(lengths.low));
  at::Tensor tensor = call.tensor("lengths");
  if (is_plain(tensor) && tensor.dim() > 0 && at::isIntegralType(tensor.scalar_type(), false) && tensor.numel() > 0) {
    if (lengths.high > data.size(axis)) call.refuse("\"lengths\" that sum up to " + std::to_string(data.size(axis)), std::to_string(lengths.high));
    at::Tensor sums = tensor.detach().sum({-1}, false, at::kLong);
    Range sum = range_of(sums);
    if (sum.low != data.size(axis) || sum.high != data.size(axis)) {
      call.refuse("\"lengths\" that sum up to " + std::to_string(data.size(axis)), std::to_string(sum.high));
    }
  }
  require_range(call, "offsets", 0, data.size(axis));
  require_range(call, "indices", 0, std::max<int64_t>(data.size(axis) - 1, 0));
}

void check_pivots(const GuardedCall& call) {
  bool is_bunch_kaufman = call.plan().name.compare(0, 10, "linalg_ldl") == 0;
  at::Tensor factors, pivots;
  for (const char* name : {"LU_data", "LU", "LD"}) factors = factors.defined() ? factors : call.tensor(name);
  for (const char* name : {"LU_pivots", "pivots"}) pivots = pivots.defined() ? pivots : call.tensor(name);
  if (!factors.defined() || !pivots.defined() || factors.dim() < 2) return;
  int64_t rows = factors.size(-2), count = std::min(rows, factors.size(-1));
  bool is_one_each = pivots.dim() == factors.dim() - 1 && pivots.size(-1) == count &&
                     std::equal(factors.sizes().begin(), factors.sizes().end() - 2, pivots.sizes().begin());
  if (!is_one_each) call.refuse(plural(count, "pivot") + " for a matrix", describe_tensor(pivots));
  Range range = range_of(pivots);
  if (range.high < range.low) return;
  if (range.low < (is_bunch_kaufman ? -rows : 1) || range.high > rows) {
    call.refuse("pivots from 1 to " + std::to_string(rows), std::to_string(range.high > rows ? range.high : range.low));
  }
  if (!is_bunch_kaufman) return;
  if (pivots.eq(0).any().item<bool>()) call.refuse("pivots from 1 to " + std::to_string(rows), "0");
  // A negative one is half of a block of two rows, where the other half is looked for next to it.
  at::Tensor wide = pivots.detach().to(at::kLong).contiguous();
  const auto* first = wide.data_ptr<int64_t>();
  for (int64_t start = 0; start < wide.numel(); start += count) {
    for (int64_t i = 0; i < count; ++i) {
      if (first[start + i] > 0) continue;
      if (i + 1 == count || first[start + i + 1] != first[start + i]) call.refuse("negative pivots in equal pairs", std::to_string(first[start + i]) + " alone");
      ++i;
    }
  }
}

// Backward of the bilinear kernel takes a NaN for a place, and adds to it. Padding with zeros looks at places first.
void check_grid(const GuardedCall& call) {
  at::Tensor input = call.tensor("input"), grid = call.tensor("grid");
  bool is_recorded = c10::GradMode::is_enabled() && input.defined() && grid.defined() && (input.requires_grad() || grid.requires_grad());
  if (!is_recorded || call.integer("interpolation_mode", 0) != 0 || call.integer("padding_mode", 0) == 0) return;
  if (!is_plain(grid) || grid.numel() == 0) return;
  if (!at::isfinite(grid.detach()).all().item<bool>()) call.refuse("a \"grid\" of finite elements, where a gradient is wanted", "NaN or infinity");
}

// The kernels walk the values by the number of keys.
void check_attention(const GuardedCall& call) {
  at::Tensor key = call.tensor("key"), value = call.tensor("value");
  if (!key.defined() || !value.defined() || key.dim() < 2 || value.dim() < 2 || key.size(-2) == value.size(-2)) return;
  call.refuse("as many values as keys", describe_tensor(value) + " for " + describe_tensor(key));
}

// libtorch adds them up in 64 bits.
void check_repeats(const GuardedCall& call) {
  at::Tensor repeats = call.tensor("repeats");
  Range range = range_of(repeats);
  if (range.high < range.low) return;
  int64_t most = (int64_t{1} << 53) / repeats.numel();
  require_range(call, "repeats", 0, most);
}

// With antialias the kernels place windows by the scale, and look for them in the input.
void check_scales(const GuardedCall& call) {
  at::Tensor self = call.tensor("self");
  auto sizes = call.integers("output_size");
  if (!self.defined() || self.dim() != 4 || sizes.size() != 2) return;
  const char* names[] = {"scales_h", "scales_w"};
  for (int i = 0; i < 2; ++i) {
    const at::IValue& scale = call.value(names[i]);
    if (!scale.isDouble() || !(scale.toDouble() > 0)) continue;
    // Where the window of the last place begins; the kernel counts in floats.
    double step = 1 / scale.toDouble(), reach = call.plan().name.find("bicubic") == std::string::npos ? 1 : 2;
    double begin = (static_cast<double>(sizes[i]) - 0.5) * step - reach * std::max(1.0, step) + 0.5;
    if (begin > static_cast<double>(self.size(2 + i)) - 0.25) {
      call.refuse("an \"output_size\" of the input's times \"" + std::string(names[i]) + "\"", std::to_string(sizes[i]) + " and " + std::to_string(scale.toDouble()));
    }
  }
}

// The place of the last element, in wider numbers than libtorch's.
void check_extent(const GuardedCall& call) {
  auto size = call.integers("size"), stride = call.integers("stride");
  __int128 last = call.integer("storage_offset", 0);
  for (size_t i = 0; i < std::min(size.size(), stride.size()); ++i) {
    if (size[i] > 0) last += static_cast<__int128>(size[i] - 1) * stride[i];
  }
  if (last > (int64_t{1} << 53)) call.refuse("a last element before 2^53", "one beyond");
}

// The kernel walks the dimension in steps of one element where the stride is 0.
void copy_expanded(const GuardedCall& call) {
  at::Tensor self = call.tensor("self");
  if (!is_plain(self)) return;
  for (int64_t dim = 0; dim < self.dim(); ++dim) {
    if (self.stride(dim) == 0 && self.size(dim) > 1) {
      call.replace("self", self.clone(at::MemoryFormat::Contiguous));
      return;
    }
  }
}

// Backward of the kernel for channels that come last writes the input's gradient, wanted or not. All kernels take weight and bias for contiguous.
void settle_group_norm(const GuardedCall& call) {
  require_integer(call, "group", 1, INT64_MAX);
  at::Tensor input = call.tensor("input"), weight = call.tensor("weight"), bias = call.tensor("bias");
  if (is_plain(weight) && !weight.is_contiguous()) call.replace("weight", weight.contiguous());
  if (is_plain(bias) && !bias.is_contiguous()) call.replace("bias", bias.contiguous());
  bool is_wanted = (weight.defined() && weight.requires_grad()) || (bias.defined() && bias.requires_grad());
  if (!is_plain(input) || input.requires_grad() || input.is_contiguous() || !is_wanted) return;
  call.replace("input", input.contiguous());
}

void check_finite(const GuardedCall& call) {
  at::Tensor self = call.tensor("self");
  if (!is_plain(self) || self.numel() == 0) return;
  if (!at::isfinite(self.detach()).all().item<bool>()) call.refuse("a \"self\" of finite elements", "NaN or infinity");
}

void check_noise(const GuardedCall& call) {
  at::Tensor self = call.tensor("self"), noise = call.tensor("noise");
  if (!self.defined() || !noise.defined()) return;
  if (noise.sizes() != self.sizes() || noise.scalar_type() != self.scalar_type() || noise.layout() != at::kStrided || !noise.is_contiguous()) {
    call.refuse("a contiguous \"noise\" of the shape and dtype of \"self\"", describe_tensor(noise) + (noise.sizes() == self.sizes() ? " of another order" : ""));
  }
}

void check_trials(const GuardedCall& call) {
  for (const char* name : {"count", "prob"}) {
    at::Tensor tensor = call.tensor(name);
    if (!is_plain(tensor) || tensor.numel() == 0) continue;
    if (!at::isfinite(tensor.detach()).all().item<bool>()) call.refuse(std::string("finite elements of \"") + name + "\"", "NaN or infinity");
  }
}

void check_power(const GuardedCall& call) { require_integer(call, "n", -INT64_MAX, INT64_MAX); }

void check_rows(const GuardedCall& call) {
  at::Tensor self = call.tensor("self");
  if (self.defined() && self.dim() == 2 && self.size(0) == 0 && self.requires_grad()) call.refuse("a \"self\" of one row or more", describe_tensor(self));
}

// The kernel divides by the sizes of `v`, and takes for granted that `g` has one element for each of its slices.
void check_weight_norm(const GuardedCall& call) {
  at::Tensor v = call.tensor("v"), g = call.tensor("g");
  if (!is_plain(v) || !is_plain(g)) return;
  if (v.numel() == 0 || v.dim() == 0) call.refuse("a \"v\" with elements and dimensions", describe_tensor(v));
  if (g.numel() == 0 || g.dim() > v.dim()) call.refuse("a \"g\" of one element for each slice of \"v\"", describe_tensor(g));
  bool has_extent = false;
  for (int64_t i = 0; i < g.dim(); ++i) {
    int64_t extent = v.size(v.dim() - g.dim() + i);
    if (g.size(i) != 1 && (has_extent || g.size(i) != extent)) call.refuse("a \"g\" of one element for each slice of \"v\"", describe_tensor(g));
    has_extent |= g.size(i) != 1;
  }
  // Along the first and the last dimension a kernel reads that many lengths, whatever the shape of `g`.
  int64_t dim = call.integer("dim", 0);
  bool is_fused = dim == 0 || dim == v.dim() - 1;
  if (is_fused && g.numel() != v.size(dim)) call.refuse("a \"g\" of " + plural(v.size(dim), "element") + ", one for each slice of \"v\"", describe_tensor(g));
}

// Whether some element may be reached by two sets of indices: the next dimension steps into what the ones below it span.
bool may_overlap(const at::Tensor& tensor) {
  std::vector<std::pair<int64_t, int64_t>> steps;
  for (int64_t i = 0; i < tensor.dim(); ++i) {
    if (tensor.size(i) > 1) steps.emplace_back(tensor.stride(i), tensor.size(i));
  }
  std::sort(steps.begin(), steps.end());
  int64_t extent = 1;
  for (auto [stride, size] : steps) {
    if (stride < extent) return true;
    extent += stride * (size - 1);
  }
  return false;
}

// With the lowest integer the divisor comes out as -1, and the quotient is one too high for the processor. In overlapping memory it would come of what
// the operator itself has written.
void check_multiples(const GuardedCall& call) {
  for (const char* name : {"self", "other"}) {
    at::Tensor tensor = call.tensor(name);
    if (!is_plain(tensor)) continue;
    int64_t lowest = tensor.scalar_type() == at::kLong ? INT64_MIN : INT32_MIN;
    if (tensor.scalar_type() == at::kLong || tensor.scalar_type() == at::kInt) require_range(call, name, lowest + 1, INT64_MAX);
  }
  at::Tensor self = call.tensor("self");
  if (call.plan().name == "lcm_" && is_plain(self) && may_overlap(self)) call.refuse("a \"self\" whose elements lie apart", describe_tensor(self));
}

// The sparse tensor would share them with whoever writes to them later.
void copy_indices(const GuardedCall& call) {
  for (const char* name : {"indices", "compressed_indices", "plain_indices", "crow_indices", "ccol_indices", "col_indices", "row_indices"}) {
    at::Tensor tensor = call.tensor(name);
    if (tensor.defined()) call.replace(name, tensor.clone());
  }
}

void check_compressed(const GuardedCall& call) {
  for (const char* name : {"compressed_indices", "plain_indices", "crow_indices", "ccol_indices", "col_indices", "row_indices", "values"}) {
    at::Tensor tensor = call.tensor(name);
    if (tensor.defined() && tensor.dim() == 0) call.refuse("a tensor of one dimension or more for \"" + std::string(name) + "\"", describe_tensor(tensor));
  }
  copy_indices(call);
}

// A dimension each.
void check_choice(const GuardedCall& call) { require_integer(call, "r", 0, 64); }

// libtorch writes the new sizes before it finds that the memory cannot grow, and leaves them there. Backward reads what it saved by the sizes of then: a
// change of size counts as a change of values, which backward refuses.
void check_resize(const GuardedCall& call) {
  at::Tensor self = call.tensor("self");
  if (!self.defined()) return;
  if (is_plain(self)) {
    at::Tensor like = call.tensor("the_template");
    auto sizes = like.defined() ? like.sizes().vec() : call.integers("size");
    size_t offset = static_cast<size_t>(self.storage_offset()) * self.element_size();
    size_t wanted = byte_count(self.scalar_type(), sizes, ("run " + call.plan().name).c_str());
    if (wanted > 0 && wanted + offset > self.storage().nbytes()) {
      if (!self.storage().resizable()) call.refuse("a tensor whose memory can grow", "one over memory that JavaScript has too");
      at::empty({static_cast<int64_t>(wanted + offset)}, at::kByte);  // refused here where there is no such memory
    }
  }
  if (!self.is_inference()) self.unsafeGetTensorImpl()->bump_version();
}

constexpr const char* kOutside = "reads or writes outside a tensor's memory";
constexpr const char* kNull = "reads through a null pointer";
constexpr const char* kForever = "does not come to an end";
constexpr const char* kZero = "divides by zero, or reads outside a tensor's memory";
constexpr const char* kLowest = "divides the lowest integer by -1";
constexpr const char* kKernel = "dies in a kernel of oneDNN or MKL";

const Guard kGuards[] = {
    {"choose_qparams_optimized", check_qparams, "fewer than `numel` contiguous float32 elements; `n_bins` below 1; `ratio` outside (0, 1]", kOutside},
    {"fused_moving_avg_obs_fake_quant", check_observer, "running values that are not one element, or one a row, while it observes", kOutside},
    {"native_batch_norm batch_norm_update_stats", check_batch_norm, "running statistics that are absent in evaluation, or not one for each channel", kNull},
    {"batch_norm native_batch_norm", copy_statistics, "nothing: weights, and in evaluation statistics, that are not contiguous are copied first", kOutside},
    {"col2im im2col", check_columns, "sizes of more than 2147483647", kOutside},
    {"_foreach_*", check_lists, "lists of different lengths", kOutside},
    {"_foreach_copy", check_dense_lists, "sparse tensors", kNull},
    {"_foreach_mul.Tensor _foreach_mul_.Tensor _foreach_div.Tensor _foreach_div_.Tensor _foreach_add.Tensor _foreach_add_.Tensor", check_dense_other, "a sparse tensor for the whole list", kNull},
    {"max_pool1d max_pool1d_with_indices", check_window, "a window of more than 2147483647", kForever},
    {"fractional_max_pool*", check_fractional_window, "windows below 1, outputs below 0, and both above 2147483647", kForever},
    {"ctc_loss", check_ctc, "targets that are no class", kOutside},
    {"lstm_cell quantized_lstm_cell", check_pair, "a state that is not two tensors", kOutside},
    {"lstm gru rnn_tanh rnn_relu", check_recurrent, "states, parameters or batch sizes that do not fit the input", kKernel},
    {"special_chebyshev_* special_shifted_* special_hermite_* special_laguerre_* special_legendre_*", check_degree, "degrees above 1048576", kForever},
    {"_fused_*", check_fused, "lists of different lengths; tensors of different shapes, dtypes or strides", kOutside},
    {"replication_pad* reflection_pad* constant_pad_nd pad", check_padding, "more than 2^31 of padding", kOutside},
    {"embedding_bag _embedding_bag", check_bags, "offsets that are none, do not rise inside the indices, or do not end with them where the last is included", kOutside},
    {"slow_conv3d thnn_conv2d slow_conv_* conv_depthwise3d", check_kernel, "a `kernel_size` that the weight has not; padding of more than 2^31", kOutside},
    {"conv_transpose* convolution", check_transposed_convolution, "strides above 16384; in bfloat16, and in float16, on processors with AMX: a stride in the last dimension beyond what a block of the kernel reaches, of 20 to 32 elements and the weight", kKernel},
    {"conv1d conv2d conv3d _convolution mkldnn_convolution", check_convolution, "the same strides, where a gradient is wanted, and of the input for those of the last dimension", kKernel},
    {"segment_reduce", check_segments, "lengths, offsets or indices outside the data, with `unsafe` too", kOutside},
    {"lu_unpack lu_solve linalg_lu_solve linalg_ldl_solve", check_pivots, "pivots that are not one a row, or no row; negative ones that are no pairs", kOutside},
    {"scaled_dot_product_attention", check_attention, "another number of values than of keys", kOutside},
    {"grid_sampler grid_sampler_2d", check_grid, "NaN or infinity, where a gradient is wanted and the padding is not zeros", kOutside},
    {"repeat_interleave.self_Tensor", check_repeats, "repeats that sum up to more than 2^53", kOutside},
    {"_upsample_bilinear2d_aa _upsample_bicubic2d_aa", check_scales, "an output larger than its scale makes it", kOutside},
    {"as_strided*", check_extent, "a last element beyond 2^53", kOutside},
    {"median nanmedian", copy_expanded, "nothing: an expanded tensor is copied first", kOutside},
    {"group_norm native_group_norm", settle_group_norm, "groups below 1; an expanded weight or bias, and an input with channels last that wants no gradient, are copied first", kNull},
    {"pdist", check_rows, "no row, where a gradient is wanted", kOutside},
    {"sparse_compressed_tensor sparse_csr_tensor sparse_csc_tensor sparse_bsr_tensor sparse_bsc_tensor", check_compressed, "indices or values without a dimension; indices outside the sizes", kOutside},
    {"sparse_coo_tensor", copy_indices, "indices outside the sizes", kOutside},
    {"_weight_norm", check_weight_norm, "a weight without elements; lengths that are not one for each slice of it", kZero},
    {"lcm lcm_", check_multiples, "the lowest int64 or int32; in place, elements that share memory", kLowest},
    {"combinations", check_choice, "more than 64 of the elements", kForever},
    {"linalg_eigvals", check_finite, "NaN or infinity", kKernel},
    {"rrelu_with_noise rrelu_with_noise_", check_noise, "noise that is not contiguous or of another shape", kOutside},
    {"binomial", check_trials, "NaN or infinity", kForever},
    {"matrix_power linalg_matrix_power", check_power, "the exponent -2^63", kForever},
    {"resize_ resize_as_", check_resize, "memory that cannot grow; backward through the tensor as it was", kOutside},
};

// Whether one of the space-separated patterns names the operator.
bool names(const char* patterns, const std::string& qualified) {
  std::string name = qualified.substr(0, qualified.find('.'));
  for (const char* start = patterns; *start;) {
    const char* end = std::strchr(start, ' ');
    std::string pattern = end ? std::string(start, end) : std::string(start);
    bool is_prefix = pattern.back() == '*';
    if (is_prefix ? name.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0 : pattern == name || pattern == qualified) return true;
    if (!end) break;
    start = end + 1;
  }
  return false;
}

// guardedOperators() -> [[operators, input, outcome], …]: the table, for the page that lists it.
napi_value guarded_operators(Call& call) {
  napi_value rows;
  check(call, napi_create_array(call.env, &rows));
  uint32_t index = 0;
  for (const Guard& guard : kGuards) {
    napi_value row;
    check(call, napi_create_array(call.env, &row));
    check(call, napi_set_element(call.env, row, 0, make_string(call, guard.operators)));
    check(call, napi_set_element(call.env, row, 1, make_string(call, guard.input)));
    check(call, napi_set_element(call.env, row, 2, make_string(call, guard.outcome)));
    check(call, napi_set_element(call.env, rows, index++, row));
  }
  return rows;
}

}  // namespace

std::vector<const Guard*> find_guards(const std::string& qualified) {
  std::vector<const Guard*> found;
  for (const Guard& guard : kGuards) {
    if (names(guard.operators, qualified)) found.push_back(&guard);
  }
  return found;
}

void register_guards(Registrar& add) { add("guardedOperators", guard<guarded_operators>); }

}  // namespace sconce
