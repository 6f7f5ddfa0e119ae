// Looks through a graph for nodes whose backward waits for JavaScript.
#include "node-locks.h"

#include <torch/csrc/autograd/edge.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/functions/tensor.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/version.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_set>

#include "autograd-state.h"
#include "custom-function.h"
#include "errors.h"

namespace sconce {

using torch::autograd::Node;

const void* find_locked_node() {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 1)
  auto node = torch::autograd::get_current_node();
  // Functions of TypeScript lock nothing.
  return node && !is_custom_function(*node) ? static_cast<const void*>(node.get()) : nullptr;
#else
  return nullptr;
#endif
}

NodeLock::NodeLock(Environment& self, const void* node) : self_(self), is_held_(node != nullptr) {
  if (is_held_) self.autograd->locked_nodes.push_back(node);
}

NodeLock::~NodeLock() {
  if (is_held_) self_.autograd->locked_nodes.pop_back();
}

void require_unlocked(Environment& self, const char* name, const std::vector<at::Tensor>& roots) {
  const auto& locked = self.autograd->locked_nodes;
  if (locked.empty()) return;
  bool accumulates = std::strcmp(name, "backward") == 0;
  auto is_locked = [&](Node* node) {
    if (std::find(locked.begin(), locked.end(), static_cast<const void*>(node)) == locked.end()) return false;
    return accumulates || !dynamic_cast<torch::autograd::AccumulateGrad*>(node);
  };
  std::unordered_set<Node*> seen;
  std::vector<Node*> waiting;
  auto visit = [&](Node* node) {
    if (node && seen.insert(node).second) waiting.push_back(node);
  };
  for (const auto& root : roots) {
    if (root.defined()) visit(torch::autograd::impl::gradient_edge(root).function.get());
  }
  while (!waiting.empty()) {
    Node* node = waiting.back();
    waiting.pop_back();
    // A change in place of a view runs another node inside its own.
    auto* slices = dynamic_cast<torch::autograd::CopySlices*>(node);
    if (is_locked(node) || (slices && slices->fn && is_locked(slices->fn.get()))) {
      std::string label = node->name();
      label = label.substr(label.rfind(':') + 1);  // "torch::autograd::AccumulateGrad"
      throw Refused(Refusal::kNative,
                    std::string("Cannot run ") + name + ": expected a graph without " + label +
                        ", whose own backward waits for the hook that makes this call, got one with it; detach what a hook differentiates",
                    name);
    }
    for (const auto& edge : node->next_edges()) visit(edge.function.get());
  }
}

}  // namespace sconce
