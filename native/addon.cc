// The addon's entry: one environment a thread, and everything that JavaScript sees of it.
#include "addon.h"

#include "autograd-state.h"
#include "call.h"
#include "convert.h"
#include "environment.h"
#include "errors.h"
#include "js-callback.h"
#include "profiler.h"

namespace sconce {

Environment::Environment(napi_env env_) : env(env_), js(std::make_shared<JsThread>(*this)), autograd(new AutogradState) {}
Environment::~Environment() = default;

void Environment::let_go() {
  if (--holders == 0 && is_closed) delete this;
}

void Registrar::operator()(const char* name, napi_callback callback) {
  napi_value function;
  Call call{self.env, nullptr, self, name};
  self.functions.push_back({self, name});
  check(call, napi_create_function(self.env, name, NAPI_AUTO_LENGTH, callback, &self.functions.back(), &function));
  check(call, napi_set_named_property(self.env, exports, name, function));
}

namespace {

// Runs when the thread's environment ends: live tensors go, whatever JavaScript still holds.
void close_environment(void* data) {
  auto* self = static_cast<Environment*>(data);
  self->is_closed = true;
  close_profiler(*self);
  self->tensors.clear();
  self->generators.clear();
  self->plans.clear();
  self->autograd->close();
  self->js->close();
  self->let_go();
}

napi_value initialize(napi_env env, napi_value exports) {
  Environment* self = nullptr;
  try {
    self = new Environment(env);
    Registrar add{*self, exports};
    register_file_memory(add);
    register_background_file(add);
    register_images(add);
    register_memory(add);
    register_tensor(add);
    register_call(add);
    register_guards(add);
    register_modes(add);
    register_engine(add);
    register_autograd(add);
    register_custom_function(add);
    register_hooks(add);
    register_saved_hooks(add);
    register_checkpoint(add);
    register_random(add);
    register_process(add);
    register_profiler(add);
    register_float_math(add);
    register_c10d_store(add);
    register_c10d_group(add);
    register_c10d_reducer(add);
    napi_add_env_cleanup_hook(env, close_environment, self);
  } catch (const std::exception& error) {
    napi_throw_error(env, "ERR_SCONCE_NATIVE", error.what());
  } catch (const Pending&) {
  }
  return exports;
}

}  // namespace
}  // namespace sconce

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  return sconce::initialize(env, exports);
}

extern "C" __attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1() { return NAPI_VERSION; }
