// What goes with a thread that calls the engine to every thread that runs nodes for it. libtorch carries it, as its own thread-local debug information.
#pragma once

#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace sconce {

class JsThread;
class Checkpoint;

// Makes the hooks of a tensor that a node saves.
struct SavedHooksFactory {
  virtual ~SavedHooksFactory() = default;
  virtual std::unique_ptr<torch::autograd::SavedVariableHooks> make() = 0;
};

// One engine call.
struct Pass {
  uint64_t number;
  // Checkpoints that hold recomputed tensors for this pass. The JavaScript thread's alone.
  std::vector<std::weak_ptr<Checkpoint>> checkpoints;
};

struct ThreadContext : c10::DebugInfoBase {
  std::shared_ptr<JsThread> js;
  std::shared_ptr<SavedHooksFactory> saved_hooks;
  std::shared_ptr<Pass> pass;
  bool reads_stacks = false;
};

// The calling thread's, or null where nothing was entered.
const ThreadContext* current_context();

// Something that holds until it is left: a changed context, and what has to happen at the end.
class Entered {
 public:
  // A copy of the present context, to be changed and entered.
  static std::shared_ptr<ThreadContext> copy();
  explicit Entered(std::shared_ptr<ThreadContext> context, std::shared_ptr<void> at_end = nullptr);

 private:
  std::shared_ptr<void> at_end_;
  c10::DebugInfoGuard guard_;
};

}  // namespace sconce
