// Nodes that libtorch has locked while their backward waits for JavaScript: another pass through one of them would wait forever.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "environment.h"

namespace sconce {

// The node that runs on this thread under a lock; null where none does, and on libtorch before 2.1, which does not tell.
const void* find_locked_node();

// In force while JavaScript runs that the backward of `node`, if any, waits for. On the JavaScript thread.
class NodeLock {
 public:
  NodeLock(Environment& self, const void* node);
  ~NodeLock();
  NodeLock(const NodeLock&) = delete;
  NodeLock& operator=(const NodeLock&) = delete;

 private:
  Environment& self_;
  const bool is_held_;
};

// Refuses an engine call that would run a locked node. `name` is "backward", which accumulates into leaves, or "grad", which does not.
void require_unlocked(Environment& self, const char* name, const std::vector<at::Tensor>& roots);

}  // namespace sconce
