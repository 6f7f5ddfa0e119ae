// The one choke point for operator calls: schema -> argument plan -> libtorch's dispatcher.
#include "call.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/List.h>
#include <torch/version.h>

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "addon.h"
#include "capture-notes.h"
#include "convert.h"
#include "dtype.h"
#include "environment.h"
#include "errors.h"
#include "guards.h"
#include "profiler.h"
#include "sparse-invariants.h"

namespace sconce {
namespace {

constexpr size_t kMaxArguments = 32;

[[noreturn]] void refuse_argument(Call& call, const Plan& plan, const PlannedArgument& argument, const char* wanted, napi_value got) {
  throw Refused(Refusal::kType,
                "Cannot run " + plan.name + ": expected " + wanted + " for \"" + argument.name + "\", got " + describe(call, got), plan.name);
}

// `type` is what libtorch passes, `real` what the schema says: dtypes are passed as integers.
ArgumentKind kind_of(const c10::TypePtr& type, const c10::TypePtr& real, const std::string& op) {
  switch (real->kind()) {
    case c10::TypeKind::ScalarTypeType: return ArgumentKind::kDType;
    case c10::TypeKind::LayoutType: return ArgumentKind::kLayout;
    case c10::TypeKind::MemoryFormatType: return ArgumentKind::kMemoryFormat;
    default: break;
  }
  switch (type->kind()) {
    case c10::TypeKind::TensorType: return ArgumentKind::kTensor;
    case c10::TypeKind::NumberType: return ArgumentKind::kScalar;
    case c10::TypeKind::IntType: return ArgumentKind::kInt;
    case c10::TypeKind::FloatType: return ArgumentKind::kFloat;
    case c10::TypeKind::BoolType: return ArgumentKind::kBool;
    case c10::TypeKind::StringType: return ArgumentKind::kString;
    case c10::TypeKind::DeviceObjType: return ArgumentKind::kDevice;
    case c10::TypeKind::GeneratorType: return ArgumentKind::kGenerator;
    case c10::TypeKind::ListType: {
      auto element = type->castRaw<c10::ListType>()->getElementType();
      switch (element->kind()) {
        case c10::TypeKind::TensorType: return ArgumentKind::kTensorList;
        case c10::TypeKind::IntType: return ArgumentKind::kIntList;
        case c10::TypeKind::FloatType: return ArgumentKind::kFloatList;
        case c10::TypeKind::BoolType: return ArgumentKind::kBoolList;
        case c10::TypeKind::NumberType: return ArgumentKind::kScalarList;
        case c10::TypeKind::OptionalType: return ArgumentKind::kOptionalTensorList;
        default: break;
      }
      break;
    }
    default: break;
  }
  throw Refused(Refusal::kNative, "Cannot run " + op + ": arguments of type " + type->str() + " are not supported", op);
}

SparsePart sparse_part(const std::string& qualified) {
  static const std::unordered_set<std::string> indices = {"indices", "_indices", "crow_indices", "col_indices", "ccol_indices", "row_indices"};
  std::string name = qualified.substr(0, qualified.find('.'));
  if (name.compare(0, 7, "sparse_") == 0 && name.find("_tensor") != std::string::npos) return SparsePart::kWhole;
  if (indices.count(name)) return SparsePart::kIndices;
  return name == "_values" ? SparsePart::kValues : SparsePart::kNone;
}

// Composed operators that read tensors where they lie.
std::vector<const char*> values_read_by(const std::string& qualified) {
  std::string name = qualified.substr(0, qualified.find('.'));
  if (name == "tensor_split") return {"tensor_indices_or_sections"};
  if (name == "_pad_packed_sequence") return {"batch_sizes"};
  if (name == "_pack_padded_sequence") return {"lengths"};
  if (name == "ctc_loss") return {"input_lengths", "target_lengths"};
  bool is_packed = qualified.size() > 5 && qualified.compare(qualified.size() - 5, 5, ".data") == 0;
  if (is_packed) return {"batch_sizes"};
  return {};
}

c10::TypePtr without_optional(const c10::TypePtr& type) {
  return type->kind() == c10::TypeKind::OptionalType ? type->castRaw<c10::OptionalType>()->getElementType() : type;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start <= text.size()) {
    size_t end = std::min(text.find(separator, start), text.size());
    if (end > start) parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// The signature is `name.overload(arg,arg,…)`: the argument names are those of the newest libtorch, and are matched by name with the loaded one.
std::unique_ptr<Plan> make_plan(const std::string& signature) {
  size_t open = signature.find('(');
  std::string qualified = signature.substr(0, open);
  size_t dot = qualified.find('.');
  std::string name = "aten::" + qualified.substr(0, dot);
  std::string overload = dot == std::string::npos ? "" : qualified.substr(dot + 1);
  auto op = c10::Dispatcher::singleton().findSchema({name, overload});
  if (!op) {
    throw Refused(Refusal::kNative,
                  "Cannot run " + qualified + ": expected an operator of libtorch, got none of that name in libtorch " TORCH_VERSION
                  "; libtorch 2.13.0 has it (SCONCE_LIBTORCH chooses another)",
                  qualified);
  }
  auto sources = split(signature.substr(open + 1, signature.size() - open - 2), ',');
  // libtorch's own mul_ of a number multiplies the number by the tensor, and so rounds it to a half precision first.
  bool wraps_number = qualified == "mul_.Scalar";
  auto target = wraps_number ? c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), "Tensor") : *op;
  auto plan = std::unique_ptr<Plan>(
      new Plan{target, qualified, {}, {}, false, false, -1, -1, sparse_part(qualified), wraps_number, {}, find_guards(qualified)});
  const auto& schema = op->schema();
  for (const auto& argument : schema.arguments()) {
    bool is_optional = argument.type()->kind() == c10::TypeKind::OptionalType;
    auto kind = kind_of(without_optional(argument.type()), without_optional(argument.real_type()), qualified);
    auto found = std::find(sources.begin(), sources.end(), argument.name());
    int source = found == sources.end() ? -1 : static_cast<int>(found - sources.begin());
    plan->arguments.push_back({argument.name(), kind, is_optional, argument.default_value().has_value(), static_cast<int>(argument.N().value_or(0)),
                               source, argument.default_value().value_or(at::IValue())});
    if (source < 0 && !argument.default_value() && !is_optional) {
      throw Refused(Refusal::kNative, "Cannot run " + qualified + ": libtorch " TORCH_VERSION " wants \"" + argument.name() + "\", which 2.13.0 has not",
                    qualified);
    }
  }
  for (size_t i = 0; i < sources.size(); ++i) {
    bool is_known = std::any_of(plan->arguments.begin(), plan->arguments.end(), [&](const auto& argument) { return argument.name == sources[i]; });
    if (!is_known) plan->unknown.emplace_back(static_cast<int>(i), sources[i]);
  }
  for (const char* name : values_read_by(qualified)) {
    for (size_t i = 0; i < plan->arguments.size(); ++i) {
      if (plan->arguments[i].name == name) plan->read_values.push_back(static_cast<int>(i));
    }
  }
  plan->is_random = op->hasTag(at::Tag::nondeterministic_seeded);
  for (size_t i = 0; i < plan->arguments.size(); ++i) {
    const auto& [name, kind, optional, has_default, repeat, source, fallback] = plan->arguments[i];
    plan->is_random |= kind == ArgumentKind::kGenerator;
    if (kind == ArgumentKind::kBool && (name == "train" || name == "training")) plan->train = static_cast<int>(i);
    if (kind == ArgumentKind::kFloat && (name == "p" || name == "dropout" || name == "dropout_p")) plan->probability = static_cast<int>(i);
  }
  if (schema.returns().size() == 1 && !schema.arguments().empty()) {
    const auto* result = schema.returns()[0].alias_info();
    const auto* first = schema.arguments()[0].alias_info();
    plan->returns_self = result && first && result->isWrite() && first->isWrite() && result->beforeSets() == first->beforeSets();
  }
  return plan;
}

Plan& find_plan(Environment& self, size_t index) {
  if (index >= self.signatures.size()) throw Refused(Refusal::kType, "Cannot run an operator: expected an index of the operator table");
  auto& plan = self.plans[index];
  if (!plan) plan = make_plan(self.signatures[index]);
  return *plan;
}

// JavaScript cannot tell 1.0 from 1: beside a floating tensor a number is a double, else an integral one is an int64.
at::Scalar read_scalar(Call& call, const Plan& plan, const PlannedArgument& argument, napi_value value, bool beside_floating) {
  double number = 0;
  if (napi_get_value_double(call.env, value, &number) == napi_ok) {
    bool is_integral = number == std::floor(number) && std::fabs(number) <= 9007199254740991.0 && !(number == 0 && std::signbit(number));
    return !beside_floating && is_integral ? at::Scalar(static_cast<int64_t>(number)) : at::Scalar(number);
  }
  bool flag = false;
  if (napi_get_value_bool(call.env, value, &flag) == napi_ok) return at::Scalar(flag);
  int64_t integer = 0;
  bool is_lossless = false;
  if (napi_get_value_bigint_int64(call.env, value, &integer, &is_lossless) != napi_ok || !is_lossless) {
    refuse_argument(call, plan, argument, "a number, a bigint of 64 bits or a boolean", value);
  }
  return at::Scalar(integer);
}

at::IValue read_list(Call& call, const Plan& plan, const PlannedArgument& argument, napi_value value, bool beside_floating) {
  const char* name = argument.name.c_str();
  bool is_array = false;
  check(call, napi_is_array(call.env, value, &is_array));
  switch (argument.kind) {
    case ArgumentKind::kIntList:
      if (is_array || !argument.repeat) return at::IValue(read_ints(call, value, name));
      return at::IValue(std::vector<int64_t>(argument.repeat, read_int(call, value, name)));
    case ArgumentKind::kFloatList:
      if (is_array || !argument.repeat) return at::IValue(read_doubles(call, value, name));
      return at::IValue(std::vector<double>(argument.repeat, read_double(call, value, name)));
    default: break;
  }
  if (!is_array) refuse_argument(call, plan, argument, "an array", value);
  uint32_t length = 0;
  check(call, napi_get_array_length(call.env, value, &length));
  c10::List<bool> flags;
  c10::List<at::Scalar> scalars;
  auto generic = c10::impl::GenericList(c10::NumberType::get());
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    check(call, napi_get_element(call.env, value, i, &element));
    if (argument.kind == ArgumentKind::kBoolList) {
      flags.push_back(read_bool(call, element, name));
    } else {
      generic.push_back(at::IValue(read_scalar(call, plan, argument, element, beside_floating)));
    }
  }
  if (argument.kind == ArgumentKind::kBoolList) return at::IValue(std::move(flags));
  return at::IValue(std::move(generic));
}

// libtorch indexes tables by its codes without a look at them.
int64_t read_code(Call& call, napi_value value, const PlannedArgument& argument, int64_t count) {
  int64_t code = read_int(call, value, argument.name.c_str());
  if (code >= 0 && code < count) return code;
  throw Refused(Refusal::kType, "expected a code below " + std::to_string(count) + " for \"" + argument.name + "\", got " + std::to_string(code));
}

// Whether the call draws random numbers from the default generator.
bool draws_from_default(const Plan& plan, const torch::jit::Stack& stack, bool has_generator) {
  if (!plan.is_random || has_generator) return false;
  if (plan.train >= 0 && stack[plan.train].isBool() && !stack[plan.train].toBool()) return false;
  return plan.probability < 0 || !stack[plan.probability].isDouble() || stack[plan.probability].toDouble() != 0;
}

void require_handles(Call& call, const Plan& plan, const PlannedArgument& argument, napi_value value) {
  bool is_typed = false;
  check(call, napi_is_typedarray(call.env, value, &is_typed));
  if (!is_typed) refuse_argument(call, plan, argument, "an array of tensors", value);
}

// Reads one argument and pushes it. `beside_floating` learns from every tensor that passes.
void push_argument(Call& call, const Plan& plan, const PlannedArgument& argument, napi_value value, torch::jit::Stack& stack, bool& beside_floating) {
  if (argument.kind == ArgumentKind::kTensor) {
    double handle = 0;
    if (value && napi_get_value_double(call.env, value, &handle) == napi_ok) {
      const at::Tensor& tensor = find_tensor(call, handle, plan.name.c_str(), argument.name.c_str());
      beside_floating |= tensor.is_floating_point() || tensor.is_complex();
      stack.emplace_back(tensor);
      return;
    }
  }
  if (is_absent(call, value)) {
    if (argument.has_default) {
      stack.push_back(argument.fallback);
    } else if (argument.is_optional) {
      stack.emplace_back();
    } else {
      refuse_argument(call, plan, argument, argument.kind == ArgumentKind::kTensor ? "a tensor" : "a value", value);
    }
    return;
  }
  switch (argument.kind) {
    case ArgumentKind::kTensor: refuse_argument(call, plan, argument, "a tensor", value);
    case ArgumentKind::kTensorList: {
      require_handles(call, plan, argument, value);
      auto tensors = find_tensors(call, value, plan.name.c_str(), argument.name.c_str());
      for (const auto& tensor : tensors) beside_floating |= tensor.is_floating_point() || tensor.is_complex();
      stack.emplace_back(std::move(tensors));
      return;
    }
    case ArgumentKind::kOptionalTensorList: {
      require_handles(call, plan, argument, value);
      c10::List<c10::optional<at::Tensor>> tensors;
      for (double handle : read_handles(call, value)) {
        if (handle == 0) {
          tensors.push_back(c10::nullopt);
        } else {
          tensors.push_back(find_tensor(call, handle, plan.name.c_str(), argument.name.c_str()));
        }
      }
      stack.emplace_back(std::move(tensors));
      return;
    }
    case ArgumentKind::kScalar: stack.emplace_back(read_scalar(call, plan, argument, value, beside_floating)); return;
    case ArgumentKind::kInt: stack.emplace_back(read_int(call, value, argument.name.c_str())); return;
    case ArgumentKind::kFloat: stack.emplace_back(read_double(call, value, argument.name.c_str())); return;
    case ArgumentKind::kBool: stack.emplace_back(read_bool(call, value, argument.name.c_str())); return;
    case ArgumentKind::kString: stack.emplace_back(read_string(call, value, argument.name.c_str())); return;
    case ArgumentKind::kDType: stack.emplace_back(static_cast<int64_t>(read_dtype(call, value))); return;
    case ArgumentKind::kLayout: {
      // Behind the sparse layouts, and between them, are those of other libraries, which creation functions do not survive.
      int64_t code = read_code(call, value, argument, static_cast<int64_t>(at::Layout::SparseBsc) + 1);
      if (code == static_cast<int64_t>(at::Layout::Mkldnn)) refuse_argument(call, plan, argument, "a dense or sparse layout", value);
      stack.emplace_back(code);
      return;
    }
    case ArgumentKind::kMemoryFormat: stack.emplace_back(read_code(call, value, argument, static_cast<int64_t>(at::MemoryFormat::NumOptions))); return;
    case ArgumentKind::kDevice: {
      at::Device device(at::kCPU);
      if (!decode_device(read_double(call, value, argument.name.c_str()), &device)) refuse_argument(call, plan, argument, "a device", value);
      stack.emplace_back(device);
      return;
    }
    case ArgumentKind::kGenerator: {
      int64_t index = read_int(call, value, argument.name.c_str());
      bool is_known = index >= 0 && index < static_cast<int64_t>(call.self.generators.size()) && call.self.generators[index].defined();
      if (!is_known || (index == 0 && call.self.is_worker)) refuse_argument(call, plan, argument, "a generator of this thread", value);
      stack.emplace_back(call.self.generators[index]);
      return;
    }
    default: stack.push_back(read_list(call, plan, argument, value, beside_floating)); return;
  }
}

napi_value make_result(Call& call, const at::IValue& value);

template <typename List>
napi_value make_result_array(Call& call, const List& elements) {
  napi_value array;
  check(call, napi_create_array_with_length(call.env, elements.size(), &array));
  uint32_t index = 0;
  for (const auto& element : elements) {
    napi_value made = make_result(call, element);
    if (made) check(call, napi_set_element(call.env, array, index, made));
    ++index;
  }
  return array;
}

napi_value make_result(Call& call, const at::IValue& value) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined()) return nullptr;
    return make_number(call, call.self.tensors.insert(tensor));
  }
  if (value.isNone()) return nullptr;
  if (value.isBool()) return make_bool(call, value.toBool());
  if (value.isInt()) return make_scalar(call, value.toInt(), false);
  if (value.isDouble()) return make_number(call, value.toDouble());
  if (value.isScalar()) return make_scalar(call, value.toScalar(), false);
  if (value.isString()) return make_string(call, value.toStringRef());
  if (value.isTuple()) return make_result_array(call, value.toTuple()->elements().vec());
  if (value.isList()) return make_result_array(call, value.toListRef());
  throw Refused(Refusal::kNative, "internal: a result of type " + value.tagKind() + " is not supported");
}

std::string describe_arguments(const Plan& plan, const torch::jit::Stack& stack) {
  std::string text;
  for (size_t i = 0; i < stack.size() && i < plan.arguments.size(); ++i) {
    std::string shown;
    if (stack[i].isTensor()) {
      shown = describe_tensor(stack[i].toTensor());
    } else if (stack[i].isTensorList()) {
      for (const at::Tensor& tensor : stack[i].toTensorVector()) {
        if (shown.size() > 160) {
          shown += ", …";
          break;
        }
        shown += (shown.empty() ? "" : ", ") + describe_tensor(tensor);
      }
      shown = "[" + shown + "]";
    }
    if (!shown.empty()) text += (text.empty() ? "" : ", ") + plan.arguments[i].name + " " + shown;
  }
  return text;
}

void run(const Plan& plan, torch::jit::Stack& stack) {
  try {
    if (plan.wraps_number) {
      auto number = c10::scalar_to_tensor(stack[1].toScalar());
      number.unsafeGetTensorImpl()->set_wrapped_number(true);
      stack[1] = std::move(number);
    }
    plan.op.callBoxed(stack);
  } catch (const Refused&) {
    throw;
  } catch (const PassThrough&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Refused(Refusal::kOutOfMemory, "expected memory to be left, got none", plan.name);
  } catch (const std::exception& error) {
    throw Refused(Refusal::kNative, first_line(error), plan.name);
  }
}

// call(operatorIndex, ...arguments)
napi_value call_operator(Call& call) {
  napi_value values[kMaxArguments + 1];
  size_t count = kMaxArguments + 1;
  check(call, napi_get_cb_info(call.env, call.info, &count, values, nullptr, nullptr));
  double index = -1;
  if (count == 0 || napi_get_value_double(call.env, values[0], &index) != napi_ok || !(index >= 0 && index < 1e6)) {
    throw Refused(Refusal::kType, "Cannot run an operator: expected an index of the operator table");
  }
  const Plan& plan = find_plan(call.self, static_cast<size_t>(index));
  call.self.counters[kOperators] += 1;
  size_t given = std::min(count, kMaxArguments + 1) - 1;
  for (const auto& [position, name] : plan.unknown) {
    if (static_cast<size_t>(position) < given && !is_absent(call, values[position + 1])) {
      throw Refused(Refusal::kNative, "Cannot run " + plan.name + ": \"" + name + "\" is not known to libtorch " TORCH_VERSION "; 2.13.0 has it", plan.name);
    }
  }
  torch::jit::Stack stack = std::move(call.self.stack);
  stack.clear();
  bool beside_floating = false;
  bool has_generator = false;
  try {
    for (const auto& argument : plan.arguments) {
      bool is_given = argument.source >= 0 && static_cast<size_t>(argument.source) < given;
      push_argument(call, plan, argument, is_given ? values[argument.source + 1] : nullptr, stack, beside_floating);
      if (argument.kind != ArgumentKind::kGenerator) continue;
      if (stack.back().isNone() && call.self.current_generator > 0) stack.back() = at::IValue(call.self.generators[call.self.current_generator]);
      has_generator |= !stack.back().isNone();
    }
  } catch (const Refused& refused) {
    // The readers of single values know the argument, not the operator.
    std::string message = refused.what();
    if (message.compare(0, 7, "Cannot ") != 0) throw Refused(refused.kind, "Cannot run " + plan.name + ": " + message, plan.name);
    throw;
  }
  if ((call.self.is_worker || call.self.current_generator > 0) && draws_from_default(plan, stack, has_generator)) {
    bool takes_one = std::any_of(plan.arguments.begin(), plan.arguments.end(), [](const auto& each) { return each.kind == ArgumentKind::kGenerator; });
    std::string place = call.self.is_worker ? " in a worker" : " inside withGenerator()";
    throw Refused(Refusal::kNative,
                  "Cannot run " + plan.name + place +
                      (takes_one ? ": expected a generator, got none; libtorch's default one belongs to the process, so pass { generator } or draw inside "
                                   "withGenerator(), seeded by (seed, epoch, index)"
                                 : ": expected an operator that takes a generator, got one that draws from libtorch's default one, which belongs to the process"),
                  plan.name);
  }
  for (int argument : plan.read_values) {
    const at::IValue& value = stack[static_cast<size_t>(argument)];
    if (value.isTensor()) note_read_values(value.toTensor());
  }
  for (const Guard* guard : plan.guards) guard->check({plan, stack});
  try {
    run(plan, stack);
    if (plan.sparse == SparsePart::kWhole) require_sparse_invariants(stack[0].toTensor());
    if (plan.sparse == SparsePart::kIndices) stack[0] = stack[0].toTensor().clone();
    if (plan.sparse == SparsePart::kValues) stack[0] = stack[0].toTensor().detach();
  } catch (const Refused& refused) {
    // libtorch has consumed the stack or part of it: the arguments are read again for the message.
    torch::jit::Stack again;
    bool ignored = false;
    for (const auto& argument : plan.arguments) {
      bool is_given = argument.source >= 0 && static_cast<size_t>(argument.source) < given;
      push_argument(call, plan, argument, is_given ? values[argument.source + 1] : nullptr, again, ignored);
    }
    std::string tensors = describe_arguments(plan, again);
    throw Refused(refused.kind, "Cannot run " + plan.name + ": " + refused.what() + (tensors.empty() ? "" : "; got " + tensors), plan.name);
  }
  napi_value result = nullptr;
  if (!plan.returns_self) {
    if (stack.size() == 1) {
      result = make_result(call, stack[0]);
    } else if (stack.size() > 1) {
      result = make_result_array(call, stack);
    }
  }
  stack.clear();
  call.self.stack = std::move(stack);
  return result;
}

// defineOperators(signatures): the table that `call` indexes.
napi_value define_operators(Call& call) {
  auto args = arguments<1>(call);
  bool is_array = false;
  check(call, napi_is_array(call.env, args[0], &is_array));
  if (!is_array) throw Refused(Refusal::kType, "Cannot define operators: expected an array of signatures");
  uint32_t length = 0;
  check(call, napi_get_array_length(call.env, args[0], &length));
  std::vector<std::string> signatures(length);
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    check(call, napi_get_element(call.env, args[0], i, &element));
    signatures[i] = read_string(call, element, "signature");
    if (signatures[i].find('(') == std::string::npos || signatures[i].back() != ')') {
      throw Refused(Refusal::kType, "Cannot define operators: expected name.overload(arg,…), got \"" + signatures[i] + "\"");
    }
  }
  call.self.signatures = std::move(signatures);
  for (auto& plan : call.self.plans) {
    if (plan) call.self.replaced_plans.push_back(std::move(plan));
  }
  call.self.plans.clear();
  call.self.plans.resize(length);
  return nullptr;
}

// hasOperator(name) -> whether this libtorch has it, as in "scaled_dot_product_attention" or "add.Tensor".
napi_value has_operator(Call& call) {
  auto args = arguments<1>(call);
  std::string qualified = read_string(call, args[0], "name");
  size_t dot = qualified.find('.');
  auto found = c10::Dispatcher::singleton().findSchema({"aten::" + qualified.substr(0, dot), dot == std::string::npos ? "" : qualified.substr(dot + 1)});
  return make_bool(call, static_cast<bool>(found));
}

}  // namespace

void register_call(Registrar& add) {
  add("call", guard<call_operator>);
  add("defineOperators", guard<define_operators>);
  add("hasOperator", guard<has_operator>);
}

}  // namespace sconce
