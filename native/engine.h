// Engine calls: which thread runs them, and what their errors say.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "environment.h"
#include "thread-context.h"

namespace sconce {

std::string describe_roots(const std::vector<at::Tensor>& roots);

// Runs `job`, which calls libtorch's engine, where its callbacks into JavaScript can be served. Errors name `name` and the roots.
void run_engine(Environment& self, const char* name, const std::vector<at::Tensor>& roots, const std::function<void()>& job);

// Puts something in force until JavaScript leaves it; gives its depth, for `leave`.
napi_value enter(Call& call, std::unique_ptr<Entered> entered);

// Runs something of libtorch; its errors name `name` and the tensors.
void explained(const char* name, const std::vector<at::Tensor>& tensors, const std::function<void()>& job);

}  // namespace sconce
