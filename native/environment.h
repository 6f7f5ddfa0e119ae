// What one JavaScript environment (the main thread or a worker) owns natively: its tensors, scopes, operator plans and generators.
#pragma once

#include <node_api.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/stack.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "tensor.h"

namespace sconce {

struct Plan;

struct Environment {
  explicit Environment(napi_env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  napi_env env;
  TensorTable tensors;

  // Operator signatures as TypeScript names them, and the plan of each that was called, made on first use.
  std::vector<std::string> signatures;
  std::vector<std::unique_ptr<Plan>> plans;
  // Kept between calls, so that a call allocates no stack of its own. Taken out while a call runs, since a call may reenter.
  torch::jit::Stack stack;

  std::vector<at::Generator> generators;
  std::vector<uint32_t> free_generators;

  // Makes the error objects: (kind, message, operator) -> Error. Set by TypeScript, so that its classes are thrown.
  napi_ref error_factory = nullptr;
  bool is_worker = false;

  // Owner objects may be finalized after the environment is torn down: the last of them deletes the environment.
  size_t live_owners = 0;
  bool is_closed = false;
};

// One function that JavaScript sees. It may throw: `guard` in errors.h turns what is thrown into a JavaScript error.
struct Call {
  napi_env env;
  napi_callback_info info;
  Environment& self;
};

}  // namespace sconce
