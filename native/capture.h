// A captured step: the operators that one run of it reached below autograd, as data, and what plays them again.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <c10/core/Storage.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "capture-notes.h"
#include "environment.h"

namespace sconce {

// Memory that tensors of a step lie in.
struct StorageNote {
  enum class Origin : uint8_t { kMade, kExternal, kInput, kGradient };
  Origin origin;
  int made_by = -1;  // operation that made it, of kMade
  int input = -1;    // argument of the step, of kInput
  size_t bytes = 0;
  // Of kMade a weak reference: a strong one would keep the step's memory. It keeps the address from being given again.
  c10::weak_intrusive_ptr<c10::StorageImpl> weak;
  c10::Storage held;  // of kExternal
  int64_t base = 0;            // of kInput: the argument's own offset, in bytes
  bool is_alive = false;       // when the step had ended
  int leaf = -1;          // whose gradient before the step lies in it, of kGradient: whichever memory that is at a replay
  c10::Device device = c10::Device(c10::kCPU);
  bool is_known = false;  // of kExternal: a tensor that JavaScript held before the step lies in it
};

// One way to look at a memory. A tensor of the tape is one of these.
struct View {
  int storage;
  at::ScalarType dtype;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
  int64_t offset;
  bool operator==(const View& other) const {
    return storage == other.storage && dtype == other.dtype && offset == other.offset && sizes == other.sizes && strides == other.strides;
  }
};

// Of a number as a tensor, at most.
constexpr size_t kNumberBytes = 16;

constexpr int kNoView = -1;  // an undefined tensor, or None

struct TapeValue {
  enum class Kind : uint8_t { kConstant, kTensor, kTensors, kOptionalTensors };
  Kind kind = Kind::kConstant;
  at::IValue constant;
  std::vector<int> views;
};

// A number of an operation that is read anew at each replay: where it is.
struct Slot {
  int argument;
  int element;  // in a list, else -1
};

struct Operation {
  c10::OperatorHandle op;
  std::vector<TapeValue> arguments;
  std::vector<TapeValue> results;
  c10::impl::LocalDispatchKeySet keys;
  bool is_grad_enabled;
  bool is_random;
  std::vector<int> written;  // views
  std::vector<Slot> slots;
};

// The gradient of a leaf: none, one of the tape's views, or whatever there is: before the step, since it is forgotten unseen; after it, since it is left alone.
struct GradNote {
  enum class Kind : uint8_t { kNone, kView, kAny };
  Kind kind = Kind::kNone;
  int view = kNoView;
};

struct Leaf {
  at::Tensor tensor;
  int view;
  GradNote before;
  GradNote after;
};

// What a thread's operators depend on beside their arguments.
struct ModeNote {
  c10::DispatchKeySet included;
  c10::DispatchKeySet excluded;
  bool is_grad_enabled = true;
  at::ScalarType autocast_dtype = at::kFloat;
  at::ScalarType cuda_autocast_dtype = at::kHalf;
  uint32_t generator = 0;
  bool is_deterministic = false;
  bool operator==(const ModeNote& other) const;
};
ModeNote read_modes(const Environment& self);

struct Tape {
  std::vector<StorageNote> storages;
  std::vector<View> views;
  // Tensors from outside that no step can do without: one that is turned or reshaped in place has another look from then on.
  struct Look {
    c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl> tensor;
    int view;
  };
  std::vector<Look> looks;
  std::vector<at::Tensor> externals;  // by view, of external storages: a tensor to give to operators
  std::vector<Operation> operations;
  std::vector<Leaf> leaves;
  std::vector<int> inputs;   // views
  std::vector<int> outputs;  // views
  int pause = -1;            // operations before the place where it pauses and gives its outputs; -1: it gives them at its end
  ModeNote modes;
  c10::Device device = c10::Device(c10::kCPU);  // the GPU of its tensors, where one of them is on one
  std::string refusal;  // why it cannot be played; empty where it can

  const StorageNote& storage_of(int view) const { return storages[views[view].storage]; }
};

// Writes the operators of this thread down, from its construction until `finish`.
class Recorder {
 public:
  Recorder(Environment& self, const std::vector<at::Tensor>& inputs);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void play(const c10::OperatorHandle& op, c10::DispatchKeySet keys, torch::jit::Stack& stack);
  // The first reason counts.
  void refuse(const std::string& reason);
  // Values of this tensor decide what is done: it cannot be captured unless they are the same in every step.
  void note_read_values(const at::Tensor& tensor);
  // Backward begins here.
  void note_root(const at::Tensor& root);
  void note_read_grad(const at::Tensor& leaf);
  void note_cleared(const at::Tensor& leaf);
  // The next operation takes so many numbers that are read anew at each replay.
  void expect_slots(size_t count) { num_slots_ = count; }
  // JavaScript is asked whether the step goes on, with what it gives; nothing is written down until `go_on`.
  void pause(const std::vector<at::Tensor>& outputs);
  // known: memories of tensors that JavaScript has by now.
  void go_on(const std::unordered_set<const c10::StorageImpl*>& known);
  // Stops writing down; views of what the step gives, unless it gave them where it paused.
  void stop(const std::vector<at::Tensor>& outputs);
  size_t num_operations() const { return tape_->operations.size(); }
  // When everything that the step made and did not give is freed.
  std::unique_ptr<Tape> finish();

 private:
  int note(const at::Tensor& tensor, int made_by);
  int note_view(const at::Tensor& tensor, int storage);
  void note_device(StorageNote& note, const at::Tensor& tensor);
  TapeValue note_value(const at::IValue& value, int made_by);
  void note_leaf(const at::Tensor& tensor, int view);
  void settle_leaves();
  void refuse_unknown();
  void borrow_gradient(int storage, int leaf, int64_t offset);
  void refuse_unfilled();
  void take_slots(Operation& operation, const torch::jit::Stack& stack, size_t begin);
  void take_key();
  void release_key();

  std::unique_ptr<Tape> tape_;
  // What JavaScript held before the step.
  std::unordered_set<const c10::TensorImpl*> outside_;
  std::unordered_set<const c10::StorageImpl*> outside_storages_;
  std::unordered_map<const c10::StorageImpl*, int> storages_;
  std::vector<std::vector<int>> views_of_;
  std::unordered_set<const c10::TensorImpl*> looks_;
  std::vector<const c10::TensorImpl*> inputs_;
  // Tensors in the memory of arguments: those that are still there when the step has ended were there before it.
  std::vector<c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>> sharers_;
  // By leaf: its place among those of the tape, and the gradient that it came with, of which nothing is kept but what it was.
  struct FirstGrad {
    size_t place;
    std::optional<c10::weak_intrusive_ptr<c10::StorageImpl>> storage;
    const c10::StorageImpl* address = nullptr;
    View view{};
    bool is_gone = false;  // another took its place
    bool is_read = false;  // JavaScript has looked at it
  };
  std::unordered_map<const c10::TensorImpl*, FirstGrad> leaves_;
  size_t num_slots_ = 0;
  bool is_recording_ = false;
};

// As in `addmm` or `mul.Tensor`.
std::string name_of(const c10::OperatorHandle& op);

// What the second tape does otherwise than the first; empty where they are the same step.
std::string difference(const Tape& first, const Tape& second);
// The same of a step whose recording ended early, because it cannot be captured: up to there.
std::string difference_so_far(const Tape& first, const Tape& second);

// Gives the same whatever its arguments hold: their shapes alone count.
bool is_of_shape_alone(const Operation& operation);

// The memories that tensors of JavaScript lie in.
std::unordered_set<const c10::StorageImpl*> known_storages(const TensorTable& tensors);
// Whether a tape holds memory from outside that JavaScript has no tensor in any more: then no step can be the same again.
bool is_stale(const Tape& tape, const std::unordered_set<const c10::StorageImpl*>& known);

// Whether what was entered around the step (a search for anomalies, hooks on saved tensors) has to see it as it is written.
bool is_watched(const Environment& self);

// Which passes are done; all by default. For tests, and for the table of what each brings.
struct PassOptions {
  bool fold_views = true;
  bool drop_dead = true;
  bool hoist_constants = true;
  bool plan_memory = true;
  bool use_out_forms = true;
  bool reuse_inputs = true;
  bool call_directly = true;
};

// How an operation is run: it changes what there is; it writes its results into their places; or it takes memory for them itself, which is then theirs.
enum class RunMode : uint8_t { kInPlace, kIntoPlace, kOwnMemory };

// An operator that writes into given tensors, and the constants that it takes behind the arguments of the one that it stands for.
struct OutForm {
  c10::OperatorHandle op;
  std::vector<at::IValue> constants;
};

struct Step {
  int operation;  // of the tape
  RunMode mode;
  std::optional<OutForm> out;
  std::vector<int> released;  // storages with memory of their own that nobody looks at any more
};

// A kernel of a few float32 elements that is called without the dispatcher, and without libtorch's preparations. Views are the tape's.
struct DirectKernel {
  void (*run)(const float* first, const float* second, float* result, const DirectKernel& kernel) = nullptr;
  int first = kNoView, second = kNoView, result = kNoView;
  int64_t rows = 0, columns = 0;
  float number = 0;
  int num_trials = 0;
  bool is_proven = false;
  std::vector<float> first_values, second_values;  // of a trial: what libtorch's kernel may write over

  void call(const std::vector<at::Tensor>& tensors) const;
  void prepare_trial(const std::vector<at::Tensor>& tensors);
  // After libtorch's kernel has run.
  void end_trial(const std::vector<at::Tensor>& tensors);
};
// One without `run` where there is none.
DirectKernel find_direct_kernel(const Tape& tape, const Operation& operation, RunMode mode);

struct Instruction {
  Step step;
  c10::OperatorHandle op;
  torch::jit::Stack arguments;
  bool is_tried = false;  // of one that writes into its place: that it does so and no more
  int64_t nanoseconds = 0;
  DirectKernel direct;
};

// What the passes make of a tape: which operations are left, and where memory is.
struct Program {
  std::vector<Step> steps;
  std::vector<int> hoisted;    // operations that are run once
  std::vector<int64_t> place;  // of each storage in the arena; -1: none
  size_t arena_bytes = 0;
  size_t made_bytes = 0;  // of all intermediate results together
  std::vector<int> folded, dead;  // operations that are left out
  std::vector<int> overwriting;   // operations whose result takes an argument's place
};
Program run_passes(const Tape& tape, const PassOptions& options);

// Steps of a program one after the other, from `begin` to before `end`: in one CUDA graph, or called one by one.
struct Run {
  size_t begin;
  size_t end;
  bool is_graph;
  std::vector<int> outside;  // storages from outside whose place a graph knows
};

// A program cut into what a CUDA graph can replay as it is, and operators in which the host has a part. By storage: whether it keeps its place from replay to
// replay, so that what belongs there is copied to it; and whether several runs look at it, so that it is not let go of.
struct Cut {
  std::vector<Run> runs;
  std::vector<bool> is_fixed;
  std::vector<bool> is_kept;
};
Cut cut_into_graphs(const Tape& tape, const Program& program);

// Plays instructions of a recording in a better way than by a call for each, where their device has one.
class Runner {
 public:
  virtual ~Runner() = default;
  virtual void run(size_t begin, size_t end) = 0;
  // Why it calls them one by one after all; empty where it does not.
  virtual std::string refusal() const = 0;
};

class Recording;
// For recordings with tensors on a GPU. Where there is none they are refused, with the reason.
struct CudaRunners {
  std::unique_ptr<Runner> (*make)(Recording& recording, const std::vector<Run>& runs, c10::Device device) = nullptr;
  const char* missing = "libtorch is built for the CPU";
};
CudaRunners& cuda_runners();

class Recording {
 public:
  Recording(Environment& self, std::unique_ptr<Tape> tape, const PassOptions& options);

  // Why it cannot be replayed now; empty where it can. Nothing has been done then.
  std::string unfit(const std::vector<at::Tensor>& inputs) const;
  // -> what it gives. One that pauses has run up to there, and waits for `resume`.
  std::vector<at::Tensor> replay(const std::vector<at::Tensor>& inputs);
  bool is_paused() const { return is_paused_; }
  // Runs the rest, or forgets it. -> why it cannot be run any more; empty where it was.
  std::string resume(bool goes_on);
  void set_numbers(size_t operation, const std::vector<double>& numbers);
  // What the step was, and what is left of it (JSON).
  std::string explain() const;
  const Tape& tape() const { return *tape_; }
  // The operation that threw in the last replay.
  int failing() const { return failing_; }
  void time(bool is_timed) { is_timed_ = is_timed; }
  // Calls instructions one after the other.
  void call(size_t begin, size_t end);
  // An error from now on is this instruction's.
  void note_running(size_t instruction) { failing_ = instructions_[instruction].step.operation; }
  const void* place_of(int storage) const { return storages_[static_cast<size_t>(storage)].data(); }

 private:
  void build_storage(int storage);
  void build_instruction(Instruction& instruction);
  void run(Instruction& instruction);
  void take_results(const Instruction& instruction);
  void try_out(Instruction& instruction);
  void play(const std::vector<at::Tensor>& inputs, bool is_behind_pause);
  void settle_gradients();
  void bind(const std::vector<at::Tensor>& inputs);
  void unbind();
  void let_go_of(int storage);
  void part_with_held_gradients();
  void count_leaf_users();
  void make_runner();
  bool is_fixed(int storage) const { return runner_ && cut_.is_fixed[static_cast<size_t>(storage)]; }

  Environment& self_;
  std::unique_ptr<Tape> tape_;
  Program program_;
  std::shared_ptr<void> arena_;
  std::vector<c10::Storage> storages_;
  std::vector<at::Tensor> tensors_;  // by view
  // How often storages, and the tensors of gradients, are held by this recording itself.
  std::vector<size_t> storage_users_;
  std::vector<int> gradients_;  // storages of gradients of before
  std::vector<size_t> leaf_users_;
  std::vector<Instruction> instructions_;
  std::vector<int> instruction_of_;  // by operation
  Cut cut_;                          // on a GPU
  std::unique_ptr<Runner> runner_;   // on a GPU
  torch::jit::Stack stack_;
  bool is_timed_ = false;
  int failing_ = 0;         // operation that is run, or threw
  std::vector<int> changed_[2];  // views, of memory from outside and of arguments, that the step writes to; and behind its pause
  size_t num_before_pause_ = 0;  // instructions
  bool is_paused_ = false;
  std::vector<at::Tensor> paused_inputs_;
  int64_t num_replays_ = 0;  // that were timed
  int64_t replay_nanoseconds_ = 0;
};

struct CaptureState {
  std::unique_ptr<Recorder> recorder;
  std::unordered_map<uint32_t, std::unique_ptr<Tape>> tapes;
  std::unordered_map<uint32_t, std::unique_ptr<Recording>> recordings;
  uint32_t next = 1;
};

}  // namespace sconce
