// Distributed autograd's context, as c10d's reducer names it.
#pragma once

#include <torch/csrc/autograd/variable.h>

#include <functional>
#include <memory>

namespace torch::distributed::autograd {

class DistAutogradContext {
 public:
  using GradCallback = std::function<bool(torch::autograd::Variable&)>;
};
using ContextPtr = std::shared_ptr<DistAutogradContext>;

}  // namespace torch::distributed::autograd
