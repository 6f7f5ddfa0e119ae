// What one JavaScript environment (the main thread or a worker) owns natively: its tensors, scopes, operator plans and generators.
#pragma once

#include <node_api.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/stack.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "tensor.h"

namespace sconce {

struct Environment;
struct Plan;
struct AutogradState;
struct BackgroundPort;
struct CaptureState;
class JsThread;

// What a function that JavaScript sees knows of itself.
struct Function {
  Environment& self;
  const char* name;
};

struct Environment {
  explicit Environment(napi_env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  napi_env env;
  // Another instance of the addon in this thread, which is there to hold what is finalized in collections (make_owner in errors.h).
  napi_env keeper = nullptr;
  std::deque<Function> functions;  // a deque: Node-API holds pointers to its elements
  TensorTable tensors;

  // Operator signatures as TypeScript names them, and the plan of each that was called, made on first use. Plans of a table that another replaced
  // are kept: a call may be using one.
  std::vector<std::string> signatures;
  std::vector<std::unique_ptr<Plan>> plans;
  std::vector<std::unique_ptr<Plan>> replaced_plans;
  // Kept between calls, so that a call allocates no stack of its own. Taken out while a call runs, since a call may reenter.
  torch::jit::Stack stack;

  std::vector<at::Generator> generators;
  std::vector<uint32_t> free_generators;
  // Generators whose owner object was collected: freed at the end of a native call, as tensors are.
  std::vector<uint32_t> pending_generators;
  void drain_generators();
  // Where an operator is given no generator, it draws from this one; 0: from the default one.
  uint32_t current_generator = 0;

  // This thread for others: callbacks from wherever libtorch runs, and references that die there.
  std::shared_ptr<JsThread> js;
  std::unique_ptr<AutogradState> autograd;

  // Captured steps, once there are any (capture.cc).
  std::shared_ptr<CaptureState> captures;

  // The way back from the threads that make pictures, once there are any (image-batch.cc).
  std::shared_ptr<void> image_port;
  // The same for threads that do one job each (background.cc).
  std::shared_ptr<BackgroundPort> background_port;

  // What profiler.cc counts: JavaScript's memory once it has asked, and this until then.
  double uncounted[2] = {0, 0};
  double* counters = uncounted;
  // Called at the next read of a tensor's elements.
  napi_ref read_listener = nullptr;

  // Makes the error objects: (kind, message, operator) -> Error. Set by TypeScript, so that its classes are thrown.
  napi_ref error_factory = nullptr;
  bool is_worker = false;

  // Owner objects are finalized, and posted finalizers run, after the environment is closed: whoever lets go last deletes it. The first holder is
  // the environment's own thread.
  size_t holders = 1;
  bool is_closed = false;
  void let_go();
};

// One function that JavaScript sees. It may throw: `guard` in errors.h turns what is thrown into a JavaScript error.
struct Call {
  napi_env env;
  napi_callback_info info;
  Environment& self;
  const char* name;
};

}  // namespace sconce
