// libtorch's engine with what JavaScript needs of it: hooks for saved tensors, stacks for anomaly detection, and a thread to run on.
#include "engine.h"

#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>

#include <mutex>

#include "addon.h"
#include "capture-notes.h"
#include "autograd-state.h"
#include "checkpoint.h"
#include "convert.h"
#include "custom-function.h"
#include "errors.h"
#include "js-callback.h"
#include "node-locks.h"
#include "thread-context.h"

namespace sconce {
namespace {

using NodePtr = decltype(torch::autograd::Edge::function);

// Where a node was recorded, by the JavaScript stack, and the node in whose backward that was.
class StackMetadata final : public torch::autograd::AnomalyMetadata {
 public:
  void store_stack() override {
    auto* context = current_context();
    if (!context || !context->js) return;
    js_ = context->js;
    if (!context->reads_stacks || !js_->is_reachable()) return;
    js_->run([&](Environment& self) {
      if (!self.autograd->stack_reader) return;
      CallbackScope scope(self, "detectAnomaly");
      stack_ = read_string(scope.call, scope.invoke(*self.autograd->stack_reader, {}), "stack");
    });
  }
  void assign_parent(const NodePtr& parent) override { parent_ = parent; }
  void print_stack(const std::string& name) override {
    std::string report = where(name);
    NodePtr node = parent_;
    while (node) {
      auto* metadata = dynamic_cast<StackMetadata*>(node->metadata());
      if (!metadata) break;
      if (!js_) js_ = metadata->js_;
      report += "\nThat was inside the backward of " + node->name() + ". " + metadata->where(node->name());
      node = metadata->parent_;
    }
    if (js_) js_->note_failure(std::move(report));
  }

 private:
  std::string where(const std::string& name) const {
    if (stack_.empty()) return name + " was recorded where no JavaScript was running, or outside of detectAnomaly().";
    return name + " was recorded by the call\n" + stack_;
  }

  std::shared_ptr<JsThread> js_;
  std::string stack_;
  NodePtr parent_;
};

class Engine final : public torch::autograd::Engine {
 public:
  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override { return std::make_unique<StackMetadata>(); }
  std::unique_ptr<torch::autograd::SavedVariableHooks> get_default_saved_variable_hooks() override {
    auto* context = current_context();
    return context && context->saved_hooks ? context->saved_hooks->make() : nullptr;
  }
};

// One for the process; never destroyed, since threads of devices may use it until the end.
torch::autograd::Engine& engine() {
  static auto* instance = new Engine;
  return *instance;
}

std::once_flag engine_installed;

void install_engine() {
  torch::autograd::set_default_engine_stub(engine);
  // libtorch points here from now on: a worker that ends, alone in having loaded the addon, must not take the code with it.
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&engine_installed), &info)) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

// Whether libtorch runs nodes of this machine's devices on threads of its own.
bool has_device_threads() {
  static const bool answer = [] {
    for (int type = 0; type < static_cast<int>(at::COMPILE_TIME_MAX_DEVICE_TYPES); ++type) {
      auto device = static_cast<at::DeviceType>(type);
      if (device == at::kCPU || device == at::kMeta || device == at::kLazy || !c10::impl::hasDeviceGuardImpl(device)) continue;
      if (c10::impl::getDeviceGuardImpl(device)->deviceCount() > 0) return true;
    }
    return false;
  }();
  return answer;
}

// libtorch goes on in a thread of its own when engine calls are nested this deep or deeper (60); here is the end before.
constexpr int kMaxDepth = 32;

// Anomaly detection belongs to the process. Counted, since each thread may switch it on.
class AnomalySwitch {
 public:
  explicit AnomalySwitch(bool checks_nan) : checks_nan_(checks_nan) { change(1); }
  ~AnomalySwitch() { change(-1); }

 private:
  void change(int by) {
    static std::mutex mutex;
    static int num_on = 0, num_checking = 0;
    std::lock_guard<std::mutex> lock(mutex);
    num_on += by;
    num_checking += checks_nan_ ? by : 0;
    torch::autograd::AnomalyMode::set_enabled(num_on > 0, num_checking > 0);
  }
  bool checks_nan_;
};

// Adds what anomaly detection knows to the stack of an error that JavaScript threw: it stays the same object.
void add_to_stack(Environment& self, const JsReference& error, const std::string& report) {
  napi_env env = self.env;
  napi_value object = error.get(self), stack, text;
  bool is_error = false;
  if (napi_is_error(env, object, &is_error) != napi_ok || !is_error) return;
  Call call{env, nullptr, self, "detectAnomaly"};
  if (napi_get_named_property(env, object, "stack", &stack) != napi_ok) return;
  text = make_string(call, read_string(call, stack, "stack") + "\n" + report);
  check(call, napi_set_named_property(env, object, "stack", text));
}

}  // namespace

napi_value enter(Call& call, std::unique_ptr<Entered> entered) {
  auto& list = call.self.autograd->entered;
  list.push_back(std::move(entered));
  return make_number(call, static_cast<double>(list.size() - 1));
}

std::string describe_roots(const std::vector<at::Tensor>& roots) {
  std::string text;
  for (const auto& root : roots) text += (text.empty() ? "" : ", ") + describe_tensor(root);
  return text;
}

void explained(const char* name, const std::vector<at::Tensor>& tensors, const std::function<void()>& job) {
  try {
    job();
  } catch (const Refused&) {
    throw;
  } catch (const PassThrough&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    std::string line = first_line(error), shown = describe_roots(tensors);
    // A line in this library's words says what it got.
    bool is_whole = shown.empty() || line.compare(0, 9, "expected ") == 0;
    std::string message = is_whole ? (shown.empty() ? "" : " of " + shown) + ": " + line : ": " + line + "; got " + shown;
    throw Refused(Refusal::kNative, std::string("Cannot run ") + name + message, name);
  }
}

void run_engine(Environment& self, const char* name, const std::vector<at::Tensor>& roots, const std::function<void()>& job) {
  AutogradState& state = *self.autograd;
  require_unlocked(self, name, roots);
  auto context = Entered::copy();
  auto pass = std::make_shared<Pass>(Pass{state.next_number++, {}});
  context->js = self.js;
  context->pass = pass;
  bool is_aside = self.js->is_serving_another() || state.is_always_aside || state.engine_depth >= kMaxDepth ||
                  (JsReference::live() > 0 && has_device_threads());
  auto run = [&] {
    Entered entered(context);
    job();
  };
  self.js->take_failure();
  try {
    explained(name, roots, [&] {
      if (is_aside) {
        self.js->run_aside(run);
        return;
      }
      ++state.engine_depth;
      try {
        run();
      } catch (...) {
        --state.engine_depth;
        throw;
      }
      --state.engine_depth;
    });
  } catch (const Refused& refused) {
    end_pass(*pass);
    std::string report = self.js->take_failure();
    if (report.empty()) throw;
    throw Refused(refused.kind, std::string(refused.what()) + "\n" + report, refused.operator_name);
  } catch (const JsError& thrown) {
    end_pass(*pass);
    std::string report = self.js->take_failure();
    if (!report.empty() && thrown.error) add_to_stack(self, *thrown.error, report);
    throw;
  } catch (...) {
    end_pass(*pass);
    throw;
  }
  end_pass(*pass);
}

namespace {

// beginAnomalyDetection(checkNan, readStack) -> its depth, for `leave`. readStack() -> the JavaScript stack as text.
napi_value begin_anomaly_detection(Call& call) {
  refuse_capture("anomalies are looked for");
  auto args = arguments<2>(call);
  bool checks_nan = read_bool(call, args[0], "checkNan");
  require_function(call, args[1], "readStack");
  call.self.autograd->stack_reader = std::make_unique<JsReference>(call.self, args[1]);
  auto context = Entered::copy();
  context->js = call.self.js;
  context->reads_stacks = true;
  return enter(call, std::make_unique<Entered>(std::move(context), std::make_shared<AnomalySwitch>(checks_nan)));
}

// leave(depth): what was begun when `depth` or more were in force ends: saved tensor hooks, checkpoints, anomaly detection. That is one, unless
// JavaScript ran out of stack before it could leave those inside.
napi_value leave(Call& call) {
  auto args = arguments<1>(call);
  double depth = read_double(call, args[0], "depth");
  auto& entered = call.self.autograd->entered;
  if (!(depth >= 0 && depth < static_cast<double>(entered.size()))) throw Refused(Refusal::kNative, "internal: nothing was entered");
  while (static_cast<double>(entered.size()) > depth) entered.pop_back();
  return nullptr;
}

// runEngineAside(always): with true no engine call runs on this thread, as with a GPU. For tests.
napi_value run_engine_aside(Call& call) {
  auto args = arguments<1>(call);
  bool before = call.self.autograd->is_always_aside;
  call.self.autograd->is_always_aside = read_bool(call, args[0], "always");
  return make_bool(call, before);
}

// autogradCounts() -> [functions, references]: custom functions in graphs, and JavaScript values that native code holds, in the whole process.
napi_value autograd_counts(Call& call) {
  settle(call.self);
  double counts[] = {static_cast<double>(live_function_nodes()), static_cast<double>(JsReference::live())};
  return make_array(call, counts, 2);
}

}  // namespace

void register_engine(Registrar& add) {
  std::call_once(engine_installed, install_engine);
  add("beginAnomalyDetection", guard<begin_anomaly_detection>);
  add("leave", guard<leave>);
  add("runEngineAside", guard<run_engine_aside>);
  add("autogradCounts", guard<autograd_counts>);
}

}  // namespace sconce
