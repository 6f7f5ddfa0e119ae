// Plays a tape: every tensor is made once, over one arena, and each operator is called with them.
#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

#include "block-cache.h"
#include "capture.h"
#include "convert.h"

namespace sconce {
namespace {

void let_go_of_arena(void* context) { delete static_cast<std::shared_ptr<void>*>(context); }

std::shared_ptr<void> take_arena(size_t bytes, c10::Device device) {
  if (device.is_cpu()) return std::shared_ptr<void>(take_block(bytes), give_block);
  auto memory = std::make_shared<at::Tensor>(at::empty({static_cast<int64_t>(bytes)}, at::TensorOptions(at::kByte).device(device)));
  return std::shared_ptr<void>(memory, memory->data_ptr());
}

// The memory of a storage, held for somebody else.
c10::DataPtr memory_of(const c10::Storage& storage) {
  return c10::DataPtr(const_cast<void*>(storage.data()), new c10::Storage(storage), [](void* held) { delete static_cast<c10::Storage*>(held); }, storage.device());
}

// Bytes of a memory, as a tensor.
at::Tensor bytes_of(const c10::Storage& storage, size_t begin, size_t count) {
  return at::empty({0}, at::TensorOptions(at::kByte).device(storage.device())).set_(storage, static_cast<int64_t>(begin), {static_cast<int64_t>(count)}, {1});
}

// Keys and gradient mode of operators as they were, and at the end those of before.
class ModeGuard {
 public:
  ModeGuard() : keys_(c10::impl::tls_local_dispatch_key_set()), is_grad_enabled_(c10::GradMode::is_enabled()) {}
  ~ModeGuard() {
    c10::impl::_force_tls_local_dispatch_key_set(keys_);
    c10::GradMode::set_enabled(is_grad_enabled_);
  }
  ModeGuard(const ModeGuard&) = delete;
  ModeGuard& operator=(const ModeGuard&) = delete;

 private:
  c10::impl::LocalDispatchKeySet keys_;
  bool is_grad_enabled_;
};

// Kernels alone: what was above them is in the tape.
c10::impl::LocalDispatchKeySet below_autograd(c10::impl::LocalDispatchKeySet keys) {
  keys.included_ = keys.included_.remove(c10::DispatchKey::Fake);
  keys.excluded_ = keys.excluded_ | c10::autograd_dispatch_keyset_with_ADInplaceOrView | c10::DispatchKeySet(c10::DispatchKey::Fake);
  return keys;
}

bool has_geometry(const at::Tensor& tensor, const View& view) {
  return tensor.scalar_type() == view.dtype && tensor.sizes() == view.sizes && tensor.strides() == view.strides;
}

// Another look at the memory of a tensor that begins at its own first element.
at::Tensor look_at(const at::Tensor& tensor, const View& view) {
  int64_t base = tensor.storage_offset() * static_cast<int64_t>(tensor.element_size());
  int64_t offset = view.offset + base / static_cast<int64_t>(c10::elementSize(view.dtype));
  if (view.dtype == tensor.scalar_type()) return tensor.as_strided(view.sizes, view.strides, offset);
  return at::empty({0}, tensor.options().dtype(view.dtype)).set_(tensor.storage(), offset, view.sizes, view.strides);
}

std::string describe_view(const View& view) { return std::string(c10::toString(view.dtype)) + " " + describe_sizes(view.sizes); }

}  // namespace

Recording::Recording(Environment& self, std::unique_ptr<Tape> tape, const PassOptions& options)
    : self_(self), tape_(std::move(tape)), program_(run_passes(*tape_, options)) {
  if (program_.arena_bytes > 0) arena_ = take_arena(program_.arena_bytes, tape_->device);
  storages_.resize(tape_->storages.size());
  tensors_.resize(tape_->views.size());
  storage_users_.resize(tape_->storages.size());
  for (size_t i = 0; i < tape_->storages.size(); ++i) {
    build_storage(static_cast<int>(i));
    if (tape_->storages[i].origin == StorageNote::Origin::kGradient) gradients_.push_back(static_cast<int>(i));
  }
  auto is_behind_pause = [&](int operation) { return tape_->pause >= 0 && operation >= tape_->pause; };
  for (size_t i = 0; i < tape_->operations.size(); ++i) {
    auto& changed = changed_[is_behind_pause(static_cast<int>(i))];
    for (int view : tape_->operations[i].written) {
      auto origin = tape_->storage_of(view).origin;
      bool is_outside = origin == StorageNote::Origin::kExternal || origin == StorageNote::Origin::kInput;
      if (is_outside && std::find(changed.begin(), changed.end(), view) == changed.end()) changed.push_back(view);
    }
  }
  instruction_of_.assign(tape_->operations.size(), -1);
  ModeGuard guard;
  for (int index : program_.hoisted) {
    const Operation& operation = tape_->operations[index];
    Instruction once{{index, RunMode::kInPlace, std::nullopt, {}}, operation.op, {}};
    build_instruction(once);
    c10::impl::_force_tls_local_dispatch_key_set(below_autograd(operation.keys));
    c10::GradMode::set_enabled(operation.is_grad_enabled);
    torch::jit::Stack stack = once.arguments;
    operation.op.callBoxed(stack);
    for (size_t i = 0; i < stack.size(); ++i) {
      // What is computed once keeps its own memory.
      if (!stack[i].isTensor() || operation.results[i].views[0] == kNoView) continue;
      const at::Tensor& made = stack[i].toTensor();
      int storage = tape_->views[operation.results[i].views[0]].storage;
      storages_[storage] = made.storage();
      for (size_t view = 0; view < tape_->views.size(); ++view) {
        if (tape_->views[view].storage == storage) {
          tensors_[view].unsafeGetTensorImpl()->set_storage_keep_dtype(made.storage());
        }
      }
    }
  }
  if (tape_->device.is_cuda()) make_runner();
  for (const Step& step : program_.steps) {
    Instruction instruction{step, step.out ? step.out->op : tape_->operations[step.operation].op, {}};
    if (options.call_directly) instruction.direct = find_direct_kernel(*tape_, tape_->operations[step.operation], step.mode);
    build_instruction(instruction);
    instruction_of_[step.operation] = static_cast<int>(instructions_.size());
    instructions_.push_back(std::move(instruction));
    if (!is_behind_pause(step.operation)) num_before_pause_ = instructions_.size();
  }
  count_leaf_users();
}

// Graphs know where memory lies: what is another one at each replay is copied to a place of its own.
void Recording::make_runner() {
  cut_ = cut_into_graphs(*tape_, program_);
  for (int view : tape_->inputs) {
    int storage = tape_->views[view].storage;
    if (!cut_.is_fixed[storage]) continue;
    at::Tensor memory = at::empty({static_cast<int64_t>(tape_->storages[storage].bytes)}, at::TensorOptions(at::kByte).device(tape_->device));
    storages_[storage].unsafeGetStorageImpl()->set_data_ptr_noswap(memory_of(memory.storage()));
  }
  for (Step& step : program_.steps) {
    auto& released = step.released;
    released.erase(std::remove_if(released.begin(), released.end(), [this](int storage) { return cut_.is_kept[storage]; }), released.end());
  }
  runner_ = cuda_runners().make(*this, cut_.runs, tape_->device);
}

void Recording::build_storage(int storage) {
  const StorageNote& note = tape_->storages[storage];
  switch (note.origin) {
    case StorageNote::Origin::kExternal: storages_[storage] = note.held; break;
    case StorageNote::Origin::kInput:
    case StorageNote::Origin::kGradient:
      storages_[storage] = c10::Storage(c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), note.bytes,
                                                                             c10::DataPtr(nullptr, note.device), nullptr, false));
      break;
    case StorageNote::Origin::kMade: {
      int64_t place = program_.place[storage];
      void* data = place < 0 || !arena_ ? nullptr : static_cast<char*>(arena_.get()) + place;
      c10::DataPtr memory = data ? c10::DataPtr(data, new std::shared_ptr<void>(arena_), let_go_of_arena, note.device)
                                 : c10::DataPtr(nullptr, note.device);
      storages_[storage] = c10::Storage(
          c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), note.bytes, std::move(memory), nullptr, false));
    }
  }
  for (size_t i = 0; i < tape_->views.size(); ++i) {
    const View& view = tape_->views[i];
    if (view.storage != storage) continue;
    if (note.origin == StorageNote::Origin::kExternal) {
      tensors_[i] = tape_->externals[i];
      continue;
    }
    auto key = note.device.is_cuda() ? c10::DispatchKey::CUDA : c10::DispatchKey::CPU;
    at::Tensor tensor =
        at::detail::make_tensor<c10::TensorImpl>(c10::Storage(storages_[storage]), c10::DispatchKeySet(key), c10::scalarTypeToTypeMeta(view.dtype));
    tensor.unsafeGetTensorImpl()->set_sizes_and_strides(view.sizes, view.strides, view.offset);
    tensors_[i] = std::move(tensor);
  }
  storage_users_[storage] = static_cast<size_t>(storages_[storage].use_count());
}

void Recording::build_instruction(Instruction& instruction) {
  const Operation& operation = tape_->operations[instruction.step.operation];
  // Numbers that were set since stay.
  torch::jit::Stack before = std::move(instruction.arguments);
  instruction.arguments.clear();
  auto tensor_of = [&](int view) { return view == kNoView ? at::Tensor() : tensors_[view]; };
  for (size_t i = 0; i < operation.arguments.size(); ++i) {
    const TapeValue& value = operation.arguments[i];
    switch (value.kind) {
      case TapeValue::Kind::kConstant: instruction.arguments.push_back(before.empty() ? value.constant : before[i]); break;
      case TapeValue::Kind::kTensor:
        if (value.views[0] == kNoView) instruction.arguments.emplace_back();
        else instruction.arguments.emplace_back(tensor_of(value.views[0]));
        break;
      case TapeValue::Kind::kTensors: {
        std::vector<at::Tensor> tensors;
        for (int view : value.views) tensors.push_back(tensor_of(view));
        instruction.arguments.emplace_back(std::move(tensors));
        break;
      }
      case TapeValue::Kind::kOptionalTensors: {
        c10::List<c10::optional<at::Tensor>> tensors;
        for (int view : value.views) {
          if (view == kNoView) tensors.push_back(c10::nullopt);
          else tensors.push_back(tensor_of(view));
        }
        instruction.arguments.emplace_back(std::move(tensors));
      }
    }
  }
  if (instruction.step.mode != RunMode::kIntoPlace) return;
  for (const at::IValue& constant : instruction.step.out->constants) instruction.arguments.push_back(constant);
  for (const TapeValue& result : operation.results) instruction.arguments.emplace_back(tensor_of(result.views[0]));
}

std::string Recording::unfit(const std::vector<at::Tensor>& inputs) const {
  if (is_watched(self_)) return "something watches the step (anomaly detection, hooks on saved tensors)";
  if (!(read_modes(self_) == tape_->modes)) return "other modes of the thread (autocast, gradients, generator, determinism)";
  if (inputs.size() != tape_->inputs.size()) return std::to_string(inputs.size()) + " tensors where there were " + std::to_string(tape_->inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    const View& view = tape_->views[tape_->inputs[i]];
    if (inputs[i].device() != tape_->storages[view.storage].device || inputs[i].layout() != at::kStrided || !has_geometry(inputs[i], view)) {
      return "argument " + std::to_string(i + 1) + " is " + describe_tensor(inputs[i]) + " where it was " + describe_view(view);
    }
    if (inputs[i].requires_grad() || inputs[i].is_conj() || inputs[i].is_neg()) return "argument " + std::to_string(i + 1) + " takes part in a graph";
    size_t left = inputs[i].storage().nbytes() - static_cast<size_t>(inputs[i].storage_offset()) * inputs[i].element_size();
    if (left < tape_->storages[view.storage].bytes) {
      return "argument " + std::to_string(i + 1) + " has less memory behind it";
    }
    for (size_t j = 0; j < i; ++j) {
      if (inputs[i].storage().is_alias_of(inputs[j].storage())) return "two arguments share their memory";
    }
  }
  for (const auto& storage : tape_->storages) {
    if (storage.origin == StorageNote::Origin::kExternal && storage.held.nbytes() < storage.bytes) return "a tensor from outside has less memory";
  }
  for (const auto& look : tape_->looks) {
    // One that is gone keeps its shape, and its place in memory until this lets go of it.
    const c10::TensorImpl* tensor = look.tensor._unsafe_get_target();
    const View& view = tape_->views[look.view];
    if (tensor->sizes() != view.sizes || tensor->strides() != view.strides || tensor->storage_offset() != view.offset) {
      return "a tensor from outside has another shape";
    }
  }
  for (const auto& leaf : tape_->leaves) {
    const View& view = tape_->views[leaf.view];
    if (!leaf.tensor.requires_grad()) return "a parameter is frozen";
    if (leaf.tensor.storage().unsafeGetStorageImpl() != storages_[view.storage].unsafeGetStorageImpl() || !has_geometry(leaf.tensor, view)) {
      return "a parameter has other data";
    }
    if (leaf.before.kind == GradNote::Kind::kAny) continue;
    const at::Tensor& grad = leaf.tensor.grad();
    if (leaf.before.kind == GradNote::Kind::kNone) {
      if (grad.defined()) return "a parameter has a gradient where it had none";
      continue;
    }
    if (!grad.defined()) return "a parameter has no gradient where it had one";
    const View& before = tape_->views[leaf.before.view];
    if (tape_->storages[before.storage].origin == StorageNote::Origin::kGradient) {
      if (grad.device() != tape_->storages[before.storage].device || grad.layout() != at::kStrided || !has_geometry(grad, before) || grad.storage_offset() != 0) {
        return "a parameter has a gradient of another form";
      }
      // The last replay's own: it would be read while it is written.
      if (leaf.after.kind == GradNote::Kind::kView && grad.is_alias_of(tensors_[leaf.after.view])) return "a gradient lies where the step writes";
      continue;
    }
    if (grad.storage().unsafeGetStorageImpl() != storages_[before.storage].unsafeGetStorageImpl() || !has_geometry(grad, before) ||
        grad.storage_offset() != before.offset) {
      return "a parameter has another gradient";
    }
  }
  return "";
}

// Storages of arguments point at what is given, and after the step at nothing.
void Recording::bind(const std::vector<at::Tensor>& inputs) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    int storage = tape_->views[tape_->inputs[i]].storage;
    if (is_fixed(storage)) {
      size_t bytes = tape_->storages[storage].bytes, begin = static_cast<size_t>(inputs[i].storage_offset()) * inputs[i].element_size();
      if (bytes > 0) bytes_of(storages_[storage], 0, bytes).copy_(bytes_of(inputs[i].storage(), begin, bytes));
      continue;
    }
    void* data = const_cast<void*>(inputs[i].data_ptr());
    storages_[storage].unsafeGetStorageImpl()->set_data_ptr_noswap(c10::DataPtr(data, inputs[i].device()));
  }
  for (int storage : gradients_) {
    void* data = tape_->leaves[static_cast<size_t>(tape_->storages[storage].leaf)].tensor.grad().data_ptr();
    storages_[storage].unsafeGetStorageImpl()->set_data_ptr_noswap(c10::DataPtr(data, tape_->storages[storage].device));
  }
}

void Recording::unbind() {
  for (int input : tape_->inputs) {
    if (!is_fixed(tape_->views[input].storage)) let_go_of(tape_->views[input].storage);
  }
  for (int storage : gradients_) let_go_of(storage);
}

void Recording::let_go_of(int storage) {
  storages_[storage].unsafeGetStorageImpl()->set_data_ptr_noswap(c10::DataPtr(nullptr, tape_->storages[storage].device));
}

// A gradient of the last replay that somebody still holds keeps its values, in memory of its own.
void Recording::part_with_held_gradients() {
  for (const auto& leaf : tape_->leaves) {
    if (leaf.after.kind != GradNote::Kind::kView) continue;
    int storage = tape_->views[leaf.after.view].storage;
    if (tape_->storages[storage].origin != StorageNote::Origin::kMade) continue;
    const at::Tensor& own = tensors_[leaf.after.view];
    bool is_set = leaf.tensor.grad().defined() && leaf.tensor.grad().is_same(own);
    // The arguments of instructions hold the tensor too; how often was counted when they were made.
    if (static_cast<size_t>(storages_[storage].use_count()) <= storage_users_[storage] &&
        own.use_count() <= leaf_users_[leaf.after.view] + (is_set ? 1 : 0)) {
      continue;
    }
    c10::StorageImpl* impl = storages_[storage].unsafeGetStorageImpl();
    if (program_.place[storage] < 0 && !runner_) {  // memory of its own, which it keeps
      build_storage(storage);
      for (auto& instruction : instructions_) build_instruction(instruction);
      count_leaf_users();
      continue;
    }
    size_t bytes = tape_->storages[storage].bytes;
    if (runner_) {
      c10::DataPtr place = impl->set_data_ptr(memory_of(bytes_of(storages_[storage], 0, bytes).clone().storage()));
      build_storage(storage);
      storages_[storage].unsafeGetStorageImpl()->set_data_ptr_noswap(std::move(place));
    } else {
      void* block = take_block(std::max<size_t>(bytes, 1));
      std::memcpy(block, impl->data(), bytes);
      impl->set_data_ptr_noswap(c10::DataPtr(block, block, give_block, c10::Device(c10::kCPU)));
      build_storage(storage);
    }
    for (auto& instruction : instructions_) build_instruction(instruction);
    count_leaf_users();
  }
}

void Recording::count_leaf_users() {
  leaf_users_.assign(tape_->views.size(), 0);
  for (const auto& leaf : tape_->leaves) {
    if (leaf.after.kind != GradNote::Kind::kView) continue;
    bool is_set = leaf.tensor.grad().defined() && leaf.tensor.grad().is_same(tensors_[leaf.after.view]);
    leaf_users_[leaf.after.view] = static_cast<size_t>(tensors_[leaf.after.view].use_count()) - (is_set ? 1 : 0);
  }
}

// What an operator gave in memory of its own: the tensors of the tape look at that memory from now on.
void Recording::take_results(const Instruction& instruction) {
  const Operation& operation = tape_->operations[instruction.step.operation];
  auto take = [&](const at::Tensor& result, int view) {
    if (view == kNoView || !result.defined() || tape_->storage_of(view).made_by != instruction.step.operation) return;
    const at::Tensor& own = tensors_[view];
    if (result.sizes() != own.sizes() || result.scalar_type() != own.scalar_type()) {
      throw Refused(Refusal::kNative, "internal: a replayed operator gave " + describe_tensor(result) + " where it gave " + describe_tensor(own));
    }
    c10::StorageImpl* target = storages_[tape_->views[view].storage].unsafeGetStorageImpl();
    if (is_fixed(tape_->views[view].storage) && target->data()) {
      own.copy_(result);
      return;
    }
    at::Tensor fitting = result;
    const StorageNote& note = tape_->storage_of(view);
    if (result.strides() != own.strides() || result.storage_offset() != own.storage_offset() || result.storage().nbytes() < note.bytes) {
      fitting = at::empty({static_cast<int64_t>(note.bytes)}, at::TensorOptions(at::kByte).device(note.device));
      at::Tensor laid_out = at::empty({0}, own.options()).set_(fitting.storage(), own.storage_offset(), own.sizes(), own.strides());
      laid_out.copy_(result);
    }
    c10::StorageImpl* memory = fitting.storage().unsafeGetStorageImpl();
    // Whoever else knows the result's own storage would find it empty: then both hold it.
    if (fitting.storage().use_count() == 1) {
      target->set_data_ptr_noswap(memory->set_data_ptr(c10::DataPtr(nullptr, note.device)));
    } else {
      target->set_data_ptr_noswap(memory_of(fitting.storage()));
    }
  };
  for (size_t i = 0; i < operation.results.size(); ++i) {
    const TapeValue& noted = operation.results[i];
    if (noted.kind == TapeValue::Kind::kTensor && stack_[i].isTensor()) {
      at::Tensor result = std::move(stack_[i]).toTensor();
      take(result, noted.views[0]);
    } else if (noted.kind == TapeValue::Kind::kTensors) {
      auto tensors = stack_[i].toTensorVector();
      stack_[i] = at::IValue();
      for (size_t j = 0; j < tensors.size() && j < noted.views.size(); ++j) take(tensors[j], noted.views[j]);
    }
  }
}

namespace {

// Run a second time it gives the same, and nothing else comes of it.
bool can_be_run_twice(const Operation& operation) {
  return !operation.is_random && operation.op.operator_name().name.find("batch_norm") == std::string::npos;
}

bool is_same_to_the_bit(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
  at::Tensor first = a.contiguous().cpu(), second = b.contiguous().cpu();
  return first.numel() == 0 || std::memcmp(first.data_ptr(), second.data_ptr(), first.nbytes()) == 0;
}

}  // namespace

// Some operators use the place of their result for something larger on the way, and the forms of some for given memory do not do what the operators do. It
// is seen the first time: what they give is held against what the operator gives.
void Recording::try_out(Instruction& instruction) {
  const Operation& operation = tape_->operations[instruction.step.operation];
  bool is_fit = true;
  bool is_compared = can_be_run_twice(operation);
  torch::jit::Stack wanted;
  if (is_compared) {
    wanted.assign(instruction.arguments.begin(), instruction.arguments.begin() + static_cast<std::ptrdiff_t>(operation.arguments.size()));
    operation.op.callBoxed(wanted);
  }
  try {
    stack_.assign(instruction.arguments.begin(), instruction.arguments.end());
    instruction.op.callBoxed(stack_);
  } catch (const std::exception&) {
    is_fit = false;
  }
  std::vector<int> storages;
  for (const TapeValue& result : operation.results) {
    const View& view = tape_->views[result.views[0]];
    const at::Tensor& own = tensors_[result.views[0]];
    const void* place = static_cast<const char*>(arena_.get()) + program_.place[view.storage];
    is_fit &= has_geometry(own, view) && own.storage().unsafeGetStorageImpl() == storages_[view.storage].unsafeGetStorageImpl() &&
              own.storage().nbytes() == tape_->storages[view.storage].bytes && (tape_->storages[view.storage].bytes == 0 || own.storage().data() == place);
    if (is_compared && is_fit) is_fit = is_same_to_the_bit(own, wanted[storages.size()].toTensor());
    storages.push_back(view.storage);
  }
  instruction.is_tried = true;
  if (is_fit) return;
  instruction.op = operation.op;
  instruction.step.mode = RunMode::kOwnMemory;
  instruction.direct = {};
  for (int storage : storages) build_storage(storage);
  for (auto& other : instructions_) build_instruction(other);
  count_leaf_users();
  if (!is_compared) {
    run(instruction);
    return;
  }
  // Its arguments may have been written over.
  stack_ = std::move(wanted);
  take_results(instruction);
}

void Recording::run(Instruction& instruction) {
  if (instruction.step.mode == RunMode::kIntoPlace && !instruction.is_tried) {
    try_out(instruction);
    return;
  }
  if (instruction.direct.is_proven) {
    instruction.direct.call(tensors_);
  } else {
    const bool is_trial = instruction.direct.run != nullptr;
    if (is_trial) instruction.direct.prepare_trial(tensors_);
    stack_.assign(instruction.arguments.begin(), instruction.arguments.end());
    instruction.op.callBoxed(stack_);
    if (is_trial) instruction.direct.end_trial(tensors_);
    if (instruction.step.mode == RunMode::kOwnMemory) take_results(instruction);
  }
  for (int storage : instruction.step.released) let_go_of(storage);
}

void Recording::call(size_t begin, size_t end) {
  ModeGuard guard;
  const c10::impl::LocalDispatchKeySet* keys = nullptr;
  for (size_t i = begin; i < end; ++i) {
    Instruction& instruction = instructions_[i];
    const Operation& operation = tape_->operations[instruction.step.operation];
    if (!keys || !(keys->included_ == operation.keys.included_ && keys->excluded_ == operation.keys.excluded_)) {
      keys = &operation.keys;
      c10::impl::_force_tls_local_dispatch_key_set(below_autograd(operation.keys));
    }
    c10::GradMode::set_enabled(operation.is_grad_enabled);
    failing_ = instruction.step.operation;
    if (!is_timed_) {
      run(instruction);
      continue;
    }
    auto began = std::chrono::steady_clock::now();
    run(instruction);
    instruction.nanoseconds += std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began).count();
  }
}

std::vector<at::Tensor> Recording::replay(const std::vector<at::Tensor>& inputs) {
  part_with_held_gradients();
  // Gradients of before are in memory that the step writes to.
  for (const auto& leaf : tape_->leaves) {
    bool is_forgotten = leaf.before.kind == GradNote::Kind::kAny && leaf.after.kind != GradNote::Kind::kAny;
    if (is_forgotten) leaf.tensor.mutable_grad() = at::Tensor();
  }
  std::vector<at::Tensor> given_gradients(gradients_.empty() ? 0 : tape_->outputs.size());
  for (size_t i = 0; i < given_gradients.size(); ++i) {
    int index = tape_->outputs[i];
    if (index == kNoView || tape_->storage_of(index).origin != StorageNote::Origin::kGradient) continue;
    const View& view = tape_->views[index];
    given_gradients[i] = tape_->leaves[static_cast<size_t>(tape_->storage_of(index).leaf)].tensor.grad();
    given_gradients[i] = look_at(given_gradients[i], view);
  }
  play(inputs, false);
  if (tape_->pause < 0) settle_gradients();
  std::vector<at::Tensor> outputs;
  for (int index : tape_->outputs) {
    if (index == kNoView) {
      outputs.emplace_back();
      continue;
    }
    const View& view = tape_->views[index];
    const StorageNote& note = tape_->storages[view.storage];
    if (note.origin == StorageNote::Origin::kExternal) {
      outputs.push_back(tensors_[index].detach());
    } else if (note.origin == StorageNote::Origin::kGradient) {
      outputs.push_back(std::move(given_gradients[outputs.size()]));
    } else if (note.origin == StorageNote::Origin::kInput) {
      const at::Tensor& input = inputs[static_cast<size_t>(note.input)];
      outputs.push_back(look_at(input, view));
    } else {
      outputs.push_back(tensors_[index].clone());
    }
  }
  if (tape_->pause >= 0) {
    is_paused_ = true;
    paused_inputs_ = inputs;
  }
  return outputs;
}

std::string Recording::resume(bool goes_on) {
  if (!is_paused_) throw Refused(Refusal::kType, "internal: no replay is paused");
  is_paused_ = false;
  std::vector<at::Tensor> inputs = std::move(paused_inputs_);
  paused_inputs_.clear();
  if (!goes_on) return "";
  std::string found = unfit(inputs);
  if (!found.empty()) return found;
  play(inputs, true);
  settle_gradients();
  return "";
}

// The operators before the pause of a step that has one, or those behind it.
void Recording::play(const std::vector<at::Tensor>& inputs, bool is_behind_pause) {
  auto began = std::chrono::steady_clock::now();
  size_t from = is_behind_pause ? num_before_pause_ : 0, end = tape_->pause < 0 || is_behind_pause ? instructions_.size() : num_before_pause_;
  bind(inputs);
  struct AtEnd {
    Recording& self;
    ~AtEnd() {
      self.unbind();
      self.stack_.clear();
    }
  } at_end{*this};
  if (runner_) runner_->run(from, end);
  else call(from, end);
  // A graph from outside that needs what was there before says so in its backward.
  for (int view : changed_[is_behind_pause]) {
    const StorageNote& note = tape_->storage_of(view);
    const at::Tensor& changed = note.origin == StorageNote::Origin::kInput ? inputs[static_cast<size_t>(note.input)] : tensors_[view];
    if (!changed.is_inference()) changed.unsafeGetTensorImpl()->bump_version();
  }
  if (!is_timed_) return;
  num_replays_ += end == instructions_.size();
  replay_nanoseconds_ += std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began).count();
}

void Recording::settle_gradients() {
  for (const auto& leaf : tape_->leaves) {
    if (leaf.after.kind == GradNote::Kind::kAny) continue;
    if (leaf.after.kind == GradNote::Kind::kView && tape_->storage_of(leaf.after.view).origin == StorageNote::Origin::kGradient) continue;
    at::Tensor grad = leaf.after.kind == GradNote::Kind::kView ? tensors_[leaf.after.view] : at::Tensor();
    if (!leaf.tensor.grad().is_same(grad)) leaf.tensor.mutable_grad() = std::move(grad);
  }
}

void Recording::set_numbers(size_t operation, const std::vector<double>& numbers) {
  if (operation >= instruction_of_.size()) throw Refused(Refusal::kRange, "internal: no operation of that number");
  if (instruction_of_[operation] < 0) return;  // dropped: nobody needs it
  Instruction& instruction = instructions_[static_cast<size_t>(instruction_of_[operation])];
  const auto& slots = tape_->operations[operation].slots;
  if (slots.size() != numbers.size()) throw Refused(Refusal::kRange, "internal: another count of numbers than the operation takes");
  for (size_t i = 0; i < slots.size(); ++i) {
    at::IValue& value = instruction.arguments[static_cast<size_t>(slots[i].argument)];
    if (value.isTensor()) {
      // A whole number that libtorch made a tensor of, and now is none.
      if (!value.toTensor().is_floating_point() && numbers[i] != std::floor(numbers[i])) {
        at::Tensor number = at::scalar_tensor(numbers[i], at::kDouble);
        number.unsafeGetTensorImpl()->set_wrapped_number(true);
        value = number;
      } else {
        value.toTensor().fill_(numbers[i]);
      }
    } else if (value.isDoubleList()) {
      value.toDoubleList().set(static_cast<size_t>(slots[i].element), numbers[i]);
    } else if (value.isList()) {
      value.toList().set(static_cast<size_t>(slots[i].element), at::IValue(at::Scalar(numbers[i])));
    } else if (value.isDouble()) {
      value = numbers[i];
    } else {
      value = at::IValue(at::Scalar(numbers[i]));
    }
  }
}

}  // namespace sconce
