// Hooks of JavaScript on the gradients of tensors: they see, and may replace, a gradient when it is complete.
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/version.h>

#include <algorithm>

#include "addon.h"
#include "capture-notes.h"
#include "autograd-state.h"
#include "convert.h"
#include "engine.h"
#include "js-callback.h"

#define SCONCE_HAS_TENSOR_PRE_HOOKS (TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 1))

namespace sconce {

using HookList = std::vector<std::shared_ptr<HookEntry>>;

struct HookEntry {
  HookEntry(Environment& self, napi_value function_) : function(self, function_) {}
  JsReference function;
  bool is_removed = false;
  std::weak_ptr<HookList> list;
};

namespace {

using torch::autograd::variable_list;

// Runs the hooks that were there when the first began, in order. Each gets what the one before left.
at::Tensor run_hooks(const std::shared_ptr<HookList>& list, at::Tensor gradient) {
  if (list->empty()) return gradient;
  refuse_capture("a hook looks at a gradient");
  list->front()->function.thread().run([&](Environment& self) {
    HookList now = *list;
    for (const auto& entry : now) {
      if (entry->is_removed) continue;
      CallbackScope scope(self, "a tensor hook");
      napi_value result = scope.invoke(entry->function, {make_number(scope.call, self.tensors.insert(gradient))});
      if (is_absent(scope.call, result)) continue;
      at::Tensor replacement = find_tensor(scope.call, read_double(scope.call, result, "result"), "a tensor hook", "result");
      bool fits = replacement.sizes() == gradient.sizes() && replacement.scalar_type() == gradient.scalar_type() && replacement.device() == gradient.device();
      if (!fits) {
        throw Refused(replacement.sizes() == gradient.sizes() ? Refusal::kDType : Refusal::kShape,
                      "Cannot run a tensor hook: expected it to return " + describe_tensor(gradient) + " or undefined, got " + describe_tensor(replacement));
      }
      gradient = replacement;
    }
  });
  return gradient;
}

struct TensorHooks final : torch::autograd::FunctionPreHook {
  TensorHooks(std::shared_ptr<HookList> list_, size_t output_) : list(std::move(list_)), output(output_) {}
  variable_list operator()(const variable_list& gradients) override {
    variable_list results = gradients;
    // No gradient arrived by this output.
    if (results.at(output).defined()) results[output] = run_hooks(list, results[output]);
    return results;
  }
  std::shared_ptr<HookList> list;
  size_t output;
};

// The list of this tensor's hooks: for a leaf beside the tensor, else at the function that made it. A change in place gives a tensor another
// function, and with it a new list.
std::shared_ptr<HookList> list_of(const at::Tensor& tensor) {
  auto find = [&](auto& hooks, size_t output) -> std::shared_ptr<HookList> {
    for (auto& hook : hooks) {
      auto* ours = dynamic_cast<TensorHooks*>(hook.get());
      if (ours && ours->output == output) return ours->list;
    }
    return nullptr;
  };
  auto function = tensor.grad_fn();
  auto list = std::make_shared<HookList>();
  if (!function) {
    if (auto found = find(torch::autograd::impl::hooks(tensor), 0)) return found;
    torch::autograd::impl::add_hook(tensor, std::make_unique<TensorHooks>(list, 0));
    return list;
  }
  auto output = static_cast<size_t>(tensor.output_nr());
#if SCONCE_HAS_TENSOR_PRE_HOOKS
  if (auto found = find(function->tensor_pre_hooks(), output)) return found;
  function->add_tensor_pre_hook(std::make_unique<TensorHooks>(list, output));
#else
  auto& hooks = function->pre_hooks();
  if (auto found = find(hooks, output)) return found;
  // First: retainGrad() is a hook among these in old libtorch, and keeps what ours leave, as in newer.
  hooks.insert(hooks.begin(), std::make_unique<TensorHooks>(list, output));
#endif
  return list;
}

#if SCONCE_HAS_TENSOR_PRE_HOOKS
struct AccumulatedHooks final : torch::autograd::PostAccumulateGradHook {
  void operator()(const at::Tensor& tensor) override {
    if (list->empty()) return;
    list->front()->function.thread().run([&](Environment& self) {
      HookList now = *list;
      for (const auto& entry : now) {
        if (entry->is_removed) continue;
        CallbackScope scope(self, "a post-accumulate hook");
        scope.invoke(entry->function, {make_number(scope.call, self.tensors.insert(tensor))});
      }
    });
  }
  std::shared_ptr<HookList> list = std::make_shared<HookList>();
};
#endif

std::shared_ptr<HookList> accumulated_list_of(const at::Tensor& tensor) {
#if SCONCE_HAS_TENSOR_PRE_HOOKS
  if (auto* found = dynamic_cast<AccumulatedHooks*>(torch::autograd::impl::post_acc_grad_hooks(tensor).get())) return found->list;
  auto hooks = std::make_unique<AccumulatedHooks>();
  auto list = hooks->list;
  torch::autograd::impl::set_post_acc_grad_hooks(tensor, std::move(hooks));
  return list;
#else
  throw Refused(Refusal::kNative, "Cannot register a post-accumulate hook: expected libtorch 2.1 or newer, got " TORCH_VERSION
                                  "; 2.13.0 has it (SCONCE_LIBTORCH chooses another)");
#endif
}

// registerHook(handle, hook, afterAccumulation) -> its number, for removeHook
napi_value register_hook(Call& call) {
  auto args = arguments<3>(call);
  at::Tensor tensor = find_tensor(call, read_double(call, args[0], "handle"), "registerHook");
  require_function(call, args[1], "hook");
  bool is_after = read_bool(call, args[2], "afterAccumulation");
  if (!tensor.requires_grad()) {
    throw Refused(Refusal::kType, "Cannot register a hook: expected a tensor that requires a gradient, got " + describe_tensor(tensor) + ", which does not");
  }
  if (is_after && !tensor.is_leaf()) {
    throw Refused(Refusal::kType, "Cannot register a post-accumulate hook: expected a leaf, got a result of " + tensor.grad_fn()->name() +
                                      "; registerHook() takes any tensor");
  }
  auto list = is_after ? accumulated_list_of(tensor) : list_of(tensor);
  auto entry = std::make_shared<HookEntry>(call.self, args[1]);
  entry->list = list;
  list->push_back(entry);
  AutogradState& state = *call.self.autograd;
  if (state.hooks.size() >= state.hooks_swept_at) {
    for (auto hook = state.hooks.begin(); hook != state.hooks.end();) hook = hook->second.expired() ? state.hooks.erase(hook) : std::next(hook);
    state.hooks_swept_at = std::max<size_t>(64, 2 * state.hooks.size());
  }
  uint64_t number = state.next_number++;
  state.hooks.emplace(number, entry);
  return make_number(call, static_cast<double>(number));
}

// removeHook(number): the hook runs no more. Without effect where it, or its graph, is gone.
napi_value remove_hook(Call& call) {
  auto args = arguments<1>(call);
  double number = read_double(call, args[0], "number");
  if (!(number >= 1 && number < 9007199254740992.0)) return nullptr;
  auto& hooks = call.self.autograd->hooks;
  auto found = hooks.find(static_cast<uint64_t>(number));
  if (found == hooks.end()) return nullptr;
  if (auto entry = found->second.lock()) {
    entry->is_removed = true;
    if (auto list = entry->list.lock()) list->erase(std::remove(list->begin(), list->end(), entry), list->end());
  }
  hooks.erase(found);
  return nullptr;
}

}  // namespace

void register_hooks(Registrar& add) {
  add("registerHook", guard<register_hook>);
  add("removeHook", guard<remove_hook>);
}

}  // namespace sconce
