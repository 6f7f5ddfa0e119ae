// Hooks of JavaScript on the tensors that nodes save: what is kept in their place, and how they come back.
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include "addon.h"
#include "autograd-state.h"
#include "convert.h"
#include "engine.h"
#include "js-callback.h"

namespace sconce {
namespace {

struct HookPair {
  HookPair(Environment& self, napi_value pack_, napi_value unpack_) : pack(self, pack_), unpack(self, unpack_) {}
  JsReference pack;
  JsReference unpack;
};

class JsSavedHooks final : public torch::autograd::SavedVariableHooks {
 public:
  explicit JsSavedHooks(std::shared_ptr<HookPair> hooks) : hooks_(std::move(hooks)) {}

  // pack(handle) -> a handle, whose tensor is kept here so that it goes with the graph, or an object with anything in it.
  void call_pack_hook(const at::Tensor& tensor) override {
    hooks_->pack.thread().run([&](Environment& self) {
      CallbackScope scope(self, "savedTensorsHooks");
      // Detached, since the result of a node that it saves holds that node: kept as it is, neither would ever go.
      napi_value result = scope.invoke(hooks_->pack, {make_number(scope.call, self.tensors.insert(tensor.detach()))});
      double handle = 0;
      if (napi_get_value_double(self.env, result, &handle) == napi_ok) {
        packed_ = find_tensor(scope.call, handle, "the pack hook", "result");
      } else {
        value_ = std::make_unique<JsReference>(self, result);
      }
    });
  }

  at::Tensor call_unpack_hook() override {
    at::Tensor tensor;
    hooks_->unpack.thread().run([&](Environment& self) {
      CallbackScope scope(self, "savedTensorsHooks");
      napi_value packed = value_ ? value_->get(self) : make_number(scope.call, self.tensors.insert(packed_));
      napi_value result = scope.invoke(hooks_->unpack, {packed});
      tensor = find_tensor(scope.call, read_double(scope.call, result, "result"), "the unpack hook", "result");
    });
    return tensor;
  }

 private:
  std::shared_ptr<HookPair> hooks_;
  at::Tensor packed_;
  std::unique_ptr<JsReference> value_;
};

struct JsSavedHooksFactory final : SavedHooksFactory {
  explicit JsSavedHooksFactory(std::shared_ptr<HookPair> hooks_) : hooks(std::move(hooks_)) {}
  std::unique_ptr<torch::autograd::SavedVariableHooks> make() override { return std::make_unique<JsSavedHooks>(hooks); }
  std::shared_ptr<HookPair> hooks;
};

// beginSavedHooks(pack, unpack) -> their depth, for `leave`.
napi_value begin_saved_hooks(Call& call) {
  auto args = arguments<2>(call);
  require_function(call, args[0], "pack");
  require_function(call, args[1], "unpack");
  auto context = Entered::copy();
  context->saved_hooks = std::make_shared<JsSavedHooksFactory>(std::make_shared<HookPair>(call.self, args[0], args[1]));
  return enter(call, std::make_unique<Entered>(std::move(context)));
}

}  // namespace

void register_saved_hooks(Registrar& add) { add("beginSavedHooks", guard<begin_saved_hooks>); }

}  // namespace sconce
