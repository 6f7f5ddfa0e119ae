// What autograd keeps for one JavaScript environment.
#pragma once

#include <c10/core/InferenceMode.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "thread-context.h"

namespace sconce {

struct FunctionNode;
struct HookEntry;
class JsReference;

struct AutogradState {
  // Engine calls in progress on this thread itself, one inside a callback of the other.
  int engine_depth = 0;
  // Engine calls never run on this thread, as with a GPU: for tests.
  bool is_always_aside = false;
  // Nodes whose backward waits for JavaScript under a lock (node-locks.h).
  std::vector<const void*> locked_nodes;
  // Custom functions whose backward runs, each with a number that is never given again.
  std::vector<std::pair<uint64_t, FunctionNode*>> running;
  // Tensor hooks by number, for their removal.
  std::unordered_map<uint64_t, std::weak_ptr<HookEntry>> hooks;
  size_t hooks_swept_at = 64;
  uint64_t next_number = 1;
  std::vector<std::unique_ptr<c10::InferenceMode>> inference_modes;
  // What JavaScript entered and has not left: saved tensor hooks, checkpoints, anomaly detection.
  std::vector<std::unique_ptr<Entered>> entered;
  // Gives the JavaScript stack as text, for anomaly detection.
  std::unique_ptr<JsReference> stack_reader;

  AutogradState();
  ~AutogradState();
  void close();
};

}  // namespace sconce
