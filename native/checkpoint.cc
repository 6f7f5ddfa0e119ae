// Checkpoints: while the body runs, each tensor that a node saves becomes a numbered slot; the first slot that backward opens runs the body again.
#include "checkpoint.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <unordered_map>

#include "addon.h"
#include "capture-notes.h"
#include "autograd-state.h"
#include "convert.h"
#include "engine.h"
#include "js-callback.h"
#include "modes.h"

namespace sconce {
namespace {

// Held by the saved tensor that it stands for: when that is gone, nobody will open the slot.
struct Slot {
  size_t index;
};

// What must be the same when the body runs again.
struct Facts {
  explicit Facts(const at::Tensor& tensor) : dtype(tensor.scalar_type()), sizes(tensor.sizes().vec()), text(describe_tensor(tensor)) {}
  bool fits(const at::Tensor& tensor) const { return tensor.scalar_type() == dtype && tensor.sizes() == at::IntArrayRef(sizes); }
  at::ScalarType dtype;
  std::vector<int64_t> sizes;
  std::string text;
};

// One run of the body for one engine call: what it saved, by slot.
struct Recomputation {
  std::vector<at::Tensor> tensors;
  size_t num_wanted = 0;
  size_t num_saved = 0;
  std::string problem;
  bool is_over = false;
};

}  // namespace

class Checkpoint : public std::enable_shared_from_this<Checkpoint> {
 public:
  Checkpoint(Environment& self, napi_value body, bool checks) : body_(self, body), checks_(checks) {}

  // Called under the hooks that are in force around the checkpoint: in a checkpoint around this one, the inputs are slots of that.
  void save_input(const at::Tensor& tensor) { inputs_.emplace_back(tensor, false); }

  std::shared_ptr<Slot> add_slot(const at::Tensor& tensor) {
    auto slot = std::make_shared<Slot>(Slot{slots_.size()});
    slots_.push_back(slot);
    facts_.emplace_back(tensor);
    return slot;
  }

  at::Tensor open(const Slot& slot) {
    at::Tensor tensor;
    body_.thread().run([&](Environment& self) {
      auto* context = current_context();
      Pass* pass = context ? context->pass.get() : nullptr;
      uint64_t number = pass ? pass->number : 0;
      tensor = take(number, slot.index);
      if (tensor.defined()) return;
      if (pass) pass->checkpoints.push_back(weak_from_this());
      recompute(self, number);
      tensor = take(number, slot.index);
      if (!pass) forget(0);
    });
    if (!tensor.defined()) throw std::runtime_error("internal: a recomputation without the tensor that it was for");
    return tensor;
  }

  void forget(uint64_t pass) { recomputed_.erase(pass); }

  // A tensor that a recomputation saves. @throws StopRecomputation after the last that anybody wants.
  void save_again(Recomputation& run, const at::Tensor& tensor) {
    size_t index = run.num_saved++;
    if (index >= run.num_wanted) return;
    if (checks_ && run.problem.empty() && !facts_[index].fits(tensor)) {
      run.problem = "saved tensor " + std::to_string(index) + " to be " + facts_[index].text + " as before, got " + describe_tensor(tensor);
    }
    if (!slots_[index].expired()) run.tensors[index] = tensor.detach();
    if (run.num_saved == run.num_wanted) throw StopRecomputation();
  }

 private:
  // Each is handed out once for an engine call, so that it can go as soon as its node has run.
  at::Tensor take(uint64_t pass, size_t index) {
    auto found = recomputed_.find(pass);
    return found == recomputed_.end() ? at::Tensor() : std::exchange(found->second[index], at::Tensor());
  }

  void recompute(Environment& self, uint64_t pass);

  JsReference body_;
  const bool checks_;
  std::vector<torch::autograd::SavedVariable> inputs_;
  AutocastState autocast_;
  std::vector<std::weak_ptr<Slot>> slots_;
  std::vector<Facts> facts_;
  std::unordered_map<uint64_t, std::vector<at::Tensor>> recomputed_;
};

namespace {

// In the first run of the body: a slot instead of the tensor.
class SlotHooks final : public torch::autograd::SavedVariableHooks {
 public:
  explicit SlotHooks(std::shared_ptr<Checkpoint> checkpoint) : checkpoint_(std::move(checkpoint)) {}
  void call_pack_hook(const at::Tensor& tensor) override { slot_ = checkpoint_->add_slot(tensor); }
  at::Tensor call_unpack_hook() override { return checkpoint_->open(*slot_); }

 private:
  std::shared_ptr<Checkpoint> checkpoint_;
  std::shared_ptr<Slot> slot_;
};

struct SlotHooksFactory final : SavedHooksFactory {
  explicit SlotHooksFactory(std::shared_ptr<Checkpoint> checkpoint_) : checkpoint(std::move(checkpoint_)) {}
  std::unique_ptr<torch::autograd::SavedVariableHooks> make() override { return std::make_unique<SlotHooks>(checkpoint); }
  std::shared_ptr<Checkpoint> checkpoint;
};

// When the body runs again: the tensor goes to the checkpoint, and stays with its node too, for a backward inside the body.
class AgainHooks final : public torch::autograd::SavedVariableHooks {
 public:
  AgainHooks(std::weak_ptr<Checkpoint> checkpoint, std::shared_ptr<Recomputation> run) : checkpoint_(std::move(checkpoint)), run_(std::move(run)) {}
  void call_pack_hook(const at::Tensor& tensor) override {
    tensor_ = tensor;
    auto checkpoint = checkpoint_.lock();
    if (checkpoint && !run_->is_over) checkpoint->save_again(*run_, tensor);
  }
  at::Tensor call_unpack_hook() override { return tensor_; }

 private:
  std::weak_ptr<Checkpoint> checkpoint_;
  std::shared_ptr<Recomputation> run_;
  at::Tensor tensor_;
};

struct AgainHooksFactory final : SavedHooksFactory {
  AgainHooksFactory(std::weak_ptr<Checkpoint> checkpoint_, std::shared_ptr<Recomputation> run_)
      : checkpoint(std::move(checkpoint_)), run(std::move(run_)) {}
  std::unique_ptr<torch::autograd::SavedVariableHooks> make() override { return std::make_unique<AgainHooks>(checkpoint, run); }
  std::weak_ptr<Checkpoint> checkpoint;
  std::shared_ptr<Recomputation> run;
};

}  // namespace

void Checkpoint::recompute(Environment& self, uint64_t pass) {
  auto run = std::make_shared<Recomputation>();
  run->tensors.resize(slots_.size());
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].expired()) run->num_wanted = i + 1;
  }
  {
    CallbackScope scope(self, "checkpoint");
    std::vector<at::Tensor> inputs;
    for (auto& input : inputs_) inputs.push_back(input.unpack());
    napi_value handles = scope.handles(inputs);
    c10::AutoGradMode recording(true);
    AutocastGuard autocast(autocast_);
    RunAgain again;
    auto context = Entered::copy();
    context->saved_hooks = std::make_shared<AgainHooksFactory>(weak_from_this(), run);
    Entered entered(std::move(context));
    try {
      scope.invoke(body_, {handles});
    } catch (...) {
      run->is_over = true;
      throw;
    }
  }
  run->is_over = true;
  if (run->problem.empty() && run->num_saved < run->num_wanted) {
    run->problem = std::to_string(run->num_wanted) + " or more saved tensors as before, got " + std::to_string(run->num_saved);
  }
  if (!run->problem.empty()) {
    throw Refused(Refusal::kNative,
                  "Cannot recompute a checkpoint: expected " + run->problem + "; its body must do the same operations each time that it runs", "checkpoint");
  }
  auto& kept = recomputed_[pass];
  kept.resize(slots_.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    if (run->tensors[i].defined()) kept[i] = std::move(run->tensors[i]);
  }
}

void end_pass(Pass& pass) {
  for (auto& weak : pass.checkpoints) {
    if (auto checkpoint = weak.lock()) checkpoint->forget(pass.number);
  }
  pass.checkpoints.clear();
}

namespace {

// beginCheckpoint(inputs, body, checks) -> its depth: until it is left, tensors that nodes save are dropped; body(inputs) computes them again.
napi_value begin_checkpoint(Call& call) {
  auto args = arguments<3>(call);
  auto inputs = find_tensors(call, args[0], "checkpoint", "inputs");
  require_function(call, args[1], "body");
  auto checkpoint = std::make_shared<Checkpoint>(call.self, args[1], read_bool(call, args[2], "checks"));
  explained("checkpoint", inputs, [&] {
    for (const auto& input : inputs) checkpoint->save_input(input);
  });
  auto context = Entered::copy();
  context->saved_hooks = std::make_shared<SlotHooksFactory>(std::move(checkpoint));
  return enter(call, std::make_unique<Entered>(std::move(context)));
}

}  // namespace

void register_checkpoint(Registrar& add) { add("beginCheckpoint", guard<begin_checkpoint>); }

}  // namespace sconce
