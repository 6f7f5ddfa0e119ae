// Functions whose backward is written in TypeScript: a node of the graph that calls it.
#include "custom-function.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <atomic>
#include <type_traits>

#include "addon.h"
#include "autograd-state.h"
#include "convert.h"
#include "engine.h"
#include "js-callback.h"

namespace sconce {
namespace {

using torch::autograd::variable_list;
// Shared pointers in older libtorch, intrusive ones in newer.
using NodePtr = decltype(torch::autograd::Edge::function);

template <typename Pointer>
constexpr bool is_shared = std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>;

std::atomic<int64_t> live_nodes{0};

}  // namespace

struct FunctionNode final : torch::autograd::Node {
  FunctionNode(Environment& self, std::string label_, napi_value backward_) : label(std::move(label_)), backward(self, backward_) { ++live_nodes; }
  ~FunctionNode() override { --live_nodes; }

  std::string name() const override { return label + "Backward"; }

  variable_list apply(variable_list&& gradients) override {
    if (!is_complete) throw std::runtime_error("expected a " + label + " whose forward was recorded to its end, got one whose recording failed");
    at::OptionalDeviceGuard guard;
    is_partial = false;
    for (size_t i = 0; i < gradients.size(); ++i) {
      if (gradients[i].defined()) continue;
      is_partial = !materializes;
      if (materializes) gradients[i] = outputs[i].zeros(guard);
    }
    // Asked here: what the engine call is to compute is known on the engine's thread alone.
    std::vector<bool> needs(num_outputs());
    for (size_t i = 0; i < needs.size(); ++i) needs[i] = task_should_compute_output(i);
    variable_list results;
    backward.thread().run([&](Environment& self) { results = call_backward(self, gradients, needs); });
    return results;
  }

  void release_variables() override {
    saved.clear();
    was_released = true;
  }

  variable_list call_backward(Environment& self, const variable_list& gradients, const std::vector<bool>& needs) {
    auto action = "backward of " + label;
    CallbackScope scope(self, action.c_str());
    auto& running = self.autograd->running;
    uint64_t number = self.autograd->next_number++;
    running.emplace_back(number, this);
    struct Leave {
      decltype(running)& list;
      ~Leave() { list.pop_back(); }
    } leave{running};
    napi_value flags;
    check(scope.call, napi_create_array_with_length(self.env, needs.size(), &flags));
    for (size_t i = 0; i < needs.size(); ++i) check(scope.call, napi_set_element(self.env, flags, i, make_bool(scope.call, needs[i])));
    napi_value result = scope.invoke(backward, {scope.handles(gradients), make_number(scope.call, static_cast<double>(number)), flags});
    auto results = scope.tensors(result, action.c_str(), "gradient");
    for (size_t i = 0; i < results.size() && i < inputs.size(); ++i) check_gradient(i, results[i], needs[i]);
    return results;
  }

  // libtorch would sum, cast or refuse later, without a word about whose gradient it is.
  void check_gradient(size_t i, const at::Tensor& gradient, bool is_needed) const {
    const auto& input = inputs[i];
    auto refuse = [&](Refusal kind, const std::string& got) {
      throw Refused(kind, "Cannot run backward of " + label + ": expected " + input.text + " as the gradient of input " + std::to_string(i) + ", got " + got, label);
    };
    if (!gradient.defined()) {
      if (is_needed && !is_partial) refuse(Refusal::kType, "undefined; return zeros if it is zero");
      return;
    }
    if (!at::isFloatingType(gradient.scalar_type()) && !at::isComplexType(gradient.scalar_type())) refuse(Refusal::kDType, describe_tensor(gradient));
    if (at::isComplexType(gradient.scalar_type()) != at::isComplexType(input.dtype)) refuse(Refusal::kDType, describe_tensor(gradient));
    if (gradient.device() != input.device) refuse(Refusal::kType, describe_tensor(gradient));
    if (!at::is_expandable_to(input.sizes, gradient.sizes())) refuse(Refusal::kShape, describe_tensor(gradient));
  }

  // The saved tensors, as they were saved. They are read on the JavaScript thread, while this node's backward runs.
  variable_list read_saved() {
    if (was_released) throw std::runtime_error(torch::autograd::ERR_BACKWARD_TWICE);
    variable_list tensors;
    for (auto& variable : saved) tensors.push_back(variable.unpack(pointer()));
    return tensors;
  }

  template <typename Pointer = NodePtr>
  Pointer pointer() {
    auto* base = static_cast<typename Pointer::element_type*>(this);
    if constexpr (is_shared<Pointer>) {
      return base->shared_from_this();
    } else {
      return Pointer::reclaim_copy(base);
    }
  }

  struct Input {
    explicit Input(const at::Tensor& tensor)
        : dtype(tensor.scalar_type()), device(tensor.device()), sizes(tensor.sizes().vec()), text(describe_tensor(tensor)) {}
    at::ScalarType dtype;
    at::Device device;
    std::vector<int64_t> sizes;
    std::string text;
  };

  const std::string label;
  const JsReference backward;
  std::vector<Input> inputs;
  std::vector<torch::autograd::VariableInfo> outputs;
  std::vector<torch::autograd::SavedVariable> saved;
  bool materializes = true;
  bool is_partial = false;  // some gradient of an output was undefined, and stayed so
  bool was_released = false;
  // libtorch hangs the node on the outputs before it refuses them, as on tensors marked dirty that are no outputs. Who kept those tensors has a node that
  // lacks what follows: the shapes of the outputs, and what was saved.
  bool is_complete = false;
};

int64_t live_function_nodes() { return live_nodes.load(); }

bool is_custom_function(const torch::autograd::Node& node) { return dynamic_cast<const FunctionNode*>(&node) != nullptr; }

namespace {

template <typename Pointer, typename Made = FunctionNode, typename... Args>
std::pair<Pointer, Made*> make_node(Args&&... args) {
  if constexpr (is_shared<Pointer>) {
    auto* made = new Made(std::forward<Args>(args)...);
    // Found where this is compiled: newer libtorch has no such function.
    return {Pointer(made, [](typename Pointer::element_type* node) { deleteNode(node); }), made};
  } else {
    auto made = c10::make_intrusive<Made>(std::forward<Args>(args)...);
    auto* bare = made.get();
    return {Pointer(std::move(made)), bare};
  }
}

variable_list refuse_forward_mode(variable_list, variable_list) {
  throw std::runtime_error("forward mode differentiation of a custom function is not there; use jvp(), which needs only backward");
}
at::Tensor view_as_self(at::Tensor tensor) { return tensor.view_as(tensor); }

// libtorch's own wiring of outputs; it took more arguments from version to version.
template <typename Wrap, typename... First>
auto wire(Wrap wrap, const First&... first) {
  std::unordered_set<at::TensorImpl*> none;
  if constexpr (std::is_invocable_v<Wrap, First..., torch::autograd::_jvp_fn_t>) {
    return wrap(first..., refuse_forward_mode);
  } else if constexpr (std::is_invocable_v<Wrap, First..., torch::autograd::_jvp_fn_t, decltype(none)>) {
    return wrap(first..., refuse_forward_mode, none);
  } else if constexpr (std::is_invocable_v<Wrap, First..., torch::autograd::_jvp_fn_t, decltype(none), decltype(&view_as_self)>) {
    return wrap(first..., refuse_forward_mode, none, view_as_self);
  } else {
    return wrap(first..., refuse_forward_mode, none, view_as_self, false);
  }
}

std::unordered_set<at::TensorImpl*> identities(const std::vector<at::Tensor>& tensors) {
  std::unordered_set<at::TensorImpl*> set;
  for (const auto& tensor : tensors) set.insert(tensor.unsafeGetTensorImpl());
  return set;
}

// recordFunction(name, inputs, outputs, dirty, nonDifferentiable, saved, materializes, backward) -> Float64Array with a handle for each output that is
// another tensor than before, else 0. backward(gradients, number, needs) gives a gradient for each input, all in Float64Arrays.
napi_value record_function(Call& call) {
  auto args = arguments<8>(call);
  std::string name = read_string(call, args[0], "name");
  std::string forward = "forward of " + name;
  auto inputs = find_tensors(call, args[1], forward.c_str(), "inputs");
  auto outputs = find_tensors(call, args[2], forward.c_str(), "outputs");
  auto dirty = find_tensors(call, args[3], forward.c_str(), "markDirty");
  auto non_differentiable = find_tensors(call, args[4], forward.c_str(), "markNonDifferentiable");
  std::vector<at::Tensor> saved;
  for (double handle : read_handles(call, args[5])) saved.push_back(handle == 0 ? at::Tensor() : find_tensor(call, handle, forward.c_str(), "saveForBackward"));
  bool materializes = read_bool(call, args[6], "materializes");
  require_function(call, args[7], "backward");
  bool is_recorded = c10::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(inputs);
  NodePtr pointer;
  std::vector<double> handles;
  explained(forward.c_str(), inputs, [&] {
    FunctionNode* node = nullptr;
    if (is_recorded) {
      std::tie(pointer, node) = make_node<NodePtr>(call.self, name, args[7]);
      node->set_next_edges(torch::autograd::collect_next_edges(inputs));
      node->materializes = materializes;
      for (const auto& input : inputs) node->inputs.emplace_back(input);
    }
    for (auto& tensor : dirty) tensor.unsafeGetTensorImpl()->bump_version();
    std::vector<c10::optional<at::Tensor>> raw(outputs.begin(), outputs.end());
    auto wired = wire(torch::autograd::_wrap_outputs, inputs, identities(non_differentiable), identities(dirty),
                      at::ArrayRef<c10::optional<at::Tensor>>(raw), pointer);
    for (size_t i = 0; i < wired.size(); ++i) {
      const at::Tensor& output = *wired[i];
      if (node) node->outputs.emplace_back(output);
      handles.push_back(output.is_same(outputs[i]) ? 0 : call.self.tensors.insert(output));
    }
    if (!node) return;
    for (const auto& tensor : saved) {
      bool is_output = tensor.defined() && tensor.grad_fn().get() == node;
      node->saved.emplace_back(tensor, is_output);
    }
    node->is_complete = true;
  });
  napi_value buffer, array;
  void* data = nullptr;
  check(call, napi_create_arraybuffer(call.env, handles.size() * sizeof(double), &data, &buffer));
  std::copy(handles.begin(), handles.end(), static_cast<double*>(data));
  check(call, napi_create_typedarray(call.env, napi_float64_array, handles.size(), buffer, 0, &array));
  return array;
}

// savedTensors(number) -> an array with a handle for each tensor that the function whose backward runs under this number saved.
napi_value saved_tensors(Call& call) {
  auto args = arguments<1>(call);
  double number = read_double(call, args[0], "number");
  FunctionNode* node = nullptr;
  for (auto& [running, function] : call.self.autograd->running) {
    if (static_cast<double>(running) == number) node = function;
  }
  if (!node) throw Refused(Refusal::kType, "Cannot read savedTensors: expected the backward that they were saved for to be running");
  std::vector<at::Tensor> tensors;
  explained(("backward of " + node->label).c_str(), {}, [&] { tensors = node->read_saved(); });
  napi_value array;
  check(call, napi_create_array_with_length(call.env, tensors.size(), &array));
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].defined()) check(call, napi_set_element(call.env, array, i, make_number(call, call.self.tensors.insert(tensors[i]))));
  }
  return array;
}

}  // namespace

void register_custom_function(Registrar& add) {
  add("recordFunction", guard<record_function>);
  add("savedTensors", guard<saved_tensors>);
}

}  // namespace sconce
