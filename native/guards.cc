// The table of guarded operators: what libtorch 2.13.0 was found to die of, to hang on, or to read beyond a tensor's memory for (test/stress/operators.mjs).
#include "guards.h"

#include <algorithm>
#include <cstring>

#include "addon.h"
#include "convert.h"
#include "errors.h"

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

constexpr const char* kOutside = "reads or writes outside a tensor's memory";
constexpr const char* kNull = "reads through a null pointer";
constexpr const char* kForever = "does not come to an end";

const Guard kGuards[] = {
    {"choose_qparams_optimized", check_qparams, "fewer than `numel` contiguous float32 elements; `n_bins` below 1", kOutside},
    {"native_batch_norm batch_norm_update_stats", check_batch_norm, "running statistics that are absent in evaluation, or not one for each channel", kNull},
    {"_foreach_*", check_lists, "lists of different lengths", kOutside},
    {"ctc_loss", check_ctc, "targets that are no class", kOutside},
    {"lstm_cell quantized_lstm_cell", check_pair, "a state that is not two tensors", kOutside},
    {"special_laguerre_polynomial_l special_legendre_polynomial_p", check_degree, "degrees above 1048576", kForever},
    {"_fused_*", check_fused, "lists of different lengths; tensors of different shapes, dtypes or strides", kOutside},
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
