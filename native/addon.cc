// The addon's entry: one environment a thread, and everything that JavaScript sees of it.
#include "addon.h"

#include <c10/util/Logging.h>
#include <dlfcn.h>

#include <utility>

#include "autograd-state.h"
#include "call.h"
#include "capture-notes.h"
#include "convert.h"
#include "environment.h"
#include "errors.h"
#include "js-callback.h"
#include "own-kernels.h"
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
  self->captures.reset();
  self->tensors.clear();
  self->generators.clear();
  self->plans.clear();
  self->autograd->close();
  self->js->close();
  self->let_go();
}

// Whose keeper is being loaded in this thread.
thread_local Environment* keeper_of = nullptr;

napi_value property(const Call& call, napi_value object, const char* name) {
  napi_value value;
  check(call, napi_get_named_property(call.env, object, name, &value));
  return value;
}

// loadKeeper(): loads the addon once more in this thread, since Node makes a napi_env of its own each time. Not in `initialize`: Node holds a lock there.
napi_value load_keeper(Call& call) {
  Environment& self = call.self;
  if (self.keeper) return nullptr;
  Dl_info place{};
  if (!dladdr(reinterpret_cast<void*>(close_environment), &place)) throw std::runtime_error("internal: the addon does not find its own file");
  napi_value global, module, exports, path;
  check(call, napi_get_global(call.env, &global));
  check(call, napi_create_object(call.env, &module));
  check(call, napi_create_object(call.env, &exports));
  check(call, napi_set_named_property(call.env, module, "exports", exports));
  check(call, napi_create_string_utf8(call.env, place.dli_fname, NAPI_AUTO_LENGTH, &path));
  napi_value process = property(call, global, "process"), args[] = {module, path};
  keeper_of = &self;
  napi_status status = napi_call_function(call.env, process, property(call, process, "dlopen"), 2, args, nullptr);
  keeper_of = nullptr;
  check(call, status);
  if (!self.keeper) throw std::runtime_error("internal: the addon was not loaded a second time");
  // Behind the keeper's own hook, so that at the end the environment is closed before it.
  napi_remove_env_cleanup_hook(call.env, close_environment, &self);
  napi_add_env_cleanup_hook(call.env, close_environment, &self);
  return nullptr;
}

napi_value initialize(napi_env env, napi_value exports) {
  if (keeper_of) {
    std::exchange(keeper_of, nullptr)->keeper = env;
    return exports;
  }
  Environment* self = nullptr;
  try {
    // TORCH_CPP_LOG_LEVEL, which Python's torch reads when it is imported, and libtorch alone does not.
    [[maybe_unused]] static const bool has_log_level = (c10::initLogging(), true);
    self = new Environment(env);
    Registrar add{*self, exports};
    add("loadKeeper", guard<load_keeper>);
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
    register_capture(add);
    register_random(add);
    register_process(add);
    register_trials(add);
    register_profiler(add);
    register_float_math(add);
#ifndef SCONCE_WITHOUT_C10D
    register_c10d_store(add);
    register_c10d_group(add);
    register_c10d_reducer(add);
#endif
#ifdef SCONCE_WITH_NCCL
    register_c10d_nccl(add);
#endif
#if defined(SCONCE_WITH_CUDA_GRAPHS)
    [[maybe_unused]] static const bool has_graphs = (install_cuda_graphs(), true);
#elif defined(SCONCE_WITHOUT_CUDA_GRAPHS)
    [[maybe_unused]] static const bool has_reason = (note_missing_cuda_graphs(SCONCE_WITHOUT_CUDA_GRAPHS), true);
#endif
    install_own_kernels();
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
