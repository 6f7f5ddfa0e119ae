// Writes a step down: a fallback below autograd sees every operator that reaches a kernel, those of backward and of optimizers too.
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/enum_tag.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/library.h>
#include <torch/version.h>

#include <algorithm>

#include "autograd-state.h"
#include "capture.h"
#include "convert.h"

namespace sconce {
namespace {

thread_local Recorder* current_recorder = nullptr;
thread_local int num_runs_again = 0;

constexpr auto kKey = c10::DispatchKey::Fake;

void record_operator(const c10::OperatorHandle& op, c10::DispatchKeySet keys, torch::jit::Stack* stack) {
  if (current_recorder) {
    current_recorder->play(op, keys, *stack);
    return;
  }
  c10::impl::ExcludeDispatchKeyGuard guard(kKey);
  op.redispatchBoxed(keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kKey), stack);
}

TORCH_LIBRARY_IMPL(_, Fake, library) { library.fallback(torch::CppFunction::makeFromBoxedFunction<&record_operator>()); }

bool is_tag(const c10::OperatorHandle& op, at::Tag tag) { return op.hasTag(tag); }

// Operators whose results have shapes that the values of their arguments decide.
bool has_shape_of_data(const c10::OperatorHandle& op, const torch::jit::Stack& stack, size_t begin) {
  if (!is_tag(op, at::Tag::dynamic_output_shape)) return false;
  if (op.operator_name().name != "aten::index") return true;
  // By numbers the shape is that of the numbers.
  for (const auto& index : stack[begin + 1].toListRef()) {
    if (!index.isTensor() || !index.toTensor().defined()) continue;
    auto type = index.toTensor().scalar_type();
    if (type == at::kBool || type == at::kByte) return true;
  }
  return false;
}

bool is_random(const c10::OperatorHandle& op) {
  if (is_tag(op, at::Tag::nondeterministic_seeded)) return true;
  const auto& arguments = op.schema().arguments();
  return std::any_of(arguments.begin(), arguments.end(), [](const auto& argument) {
    auto type = argument.type();
    if (type->kind() == c10::TypeKind::OptionalType) type = type->template castRaw<c10::OptionalType>()->getElementType();
    return type->kind() == c10::TypeKind::GeneratorType;
  });
}

std::string unfit_tensor(const at::Tensor& tensor) {
  if (tensor.layout() != at::kStrided) return "a tensor of layout " + std::string(tensor.is_sparse() ? "sparse" : "other than strided");
  if (tensor.is_cuda() && !cuda_runners().make) return "a tensor on " + tensor.device().str() + ", and there are no CUDA graphs: " + cuda_runners().missing;
  if (!tensor.device().is_cpu() && !tensor.is_cuda()) return "a tensor on " + tensor.device().str();
  if (tensor.is_quantized()) return "a quantized tensor";
  if (tensor.is_conj() || tensor.is_neg()) return "a tensor with a conjugate or negative view";
  if (!tensor.has_storage()) return "a tensor without memory of its own";
  return "";
}

// What a graph saved of a leaf through hooks (checkpoint) comes back as another tensor, whose gradients go to the leaf.
bool stands_for_leaf(const at::Tensor& tensor) {
  auto accumulator = torch::autograd::impl::try_get_grad_accumulator(tensor);
  auto* node = dynamic_cast<torch::autograd::AccumulateGrad*>(accumulator.get());
  return node && !node->variable.is_same(tensor);
}

// A tensor that gradients are added up in. A view of one that was made without a graph says that it is a leaf, too.
bool is_leaf(const at::Tensor& tensor) {
  return tensor.requires_grad() && tensor.is_leaf() && !tensor.is_view() && !stands_for_leaf(tensor);
}

// Where a tensor begins in the memory of an argument, or in its own, in elements.
int64_t offset_in(const StorageNote& note, const at::Tensor& tensor) {
  return tensor.storage_offset() - note.base / static_cast<int64_t>(tensor.element_size());
}

size_t extent_of(const View& view, size_t element_size) {
  int64_t last = 0;
  for (size_t i = 0; i < view.sizes.size(); ++i) {
    if (view.sizes[i] == 0) return 0;
    last += (view.sizes[i] - 1) * view.strides[i];
  }
  return static_cast<size_t>(view.offset + last + 1) * element_size;
}

}  // namespace

std::string name_of(const c10::OperatorHandle& op) {
  const auto& name = op.operator_name();
  std::string qualified = name.name.compare(0, 6, "aten::") == 0 ? name.name.substr(6) : name.name;
  return name.overload_name.empty() ? qualified : qualified + "." + name.overload_name;
}

bool ModeNote::operator==(const ModeNote& other) const {
  return included == other.included && excluded == other.excluded && is_grad_enabled == other.is_grad_enabled &&
         autocast_dtype == other.autocast_dtype && cuda_autocast_dtype == other.cuda_autocast_dtype && generator == other.generator && is_deterministic == other.is_deterministic;
}

ModeNote read_modes(const Environment& self) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  auto dtype = at::autocast::get_autocast_dtype(at::kCPU), cuda_dtype = at::autocast::get_autocast_dtype(at::kCUDA);
#else
  auto dtype = at::autocast::get_autocast_cpu_dtype(), cuda_dtype = at::autocast::get_autocast_gpu_dtype();
#endif
  auto keys = c10::impl::tls_local_dispatch_key_set();
  return {keys.included_, keys.excluded_, c10::GradMode::is_enabled(), dtype, cuda_dtype, self.current_generator, at::globalContext().deterministicAlgorithms()};
}

bool is_watched(const Environment& self) { return !self.autograd->entered.empty(); }

namespace {

template <typename Visit>
void each_tensor(const TensorTable& tensors, Visit visit) {
  std::vector<double> handles;
  std::vector<int64_t> depths;
  tensors.list(&handles, &depths);
  for (double handle : handles) {
    const at::Tensor* tensor = tensors.find(handle);
    if (tensor && tensor->defined()) visit(*tensor);
  }
}

}  // namespace

std::unordered_set<const c10::StorageImpl*> known_storages(const TensorTable& tensors) {
  std::unordered_set<const c10::StorageImpl*> known;
  each_tensor(tensors, [&](const at::Tensor& tensor) {
    if (tensor.has_storage()) known.insert(tensor.storage().unsafeGetStorageImpl());
  });
  return known;
}

bool is_stale(const Tape& tape, const std::unordered_set<const c10::StorageImpl*>& known) {
  return std::any_of(tape.storages.begin(), tape.storages.end(), [&](const StorageNote& storage) {
    return storage.origin == StorageNote::Origin::kExternal && storage.is_known && known.count(storage.held.unsafeGetStorageImpl()) == 0;
  });
}

Recorder::Recorder(Environment& self, const std::vector<at::Tensor>& inputs) : tape_(new Tape), outside_storages_(known_storages(self.tensors)) {
  tape_->modes = read_modes(self);
  each_tensor(self.tensors, [&](const at::Tensor& tensor) { outside_.insert(tensor.unsafeGetTensorImpl()); });
  for (size_t i = 0; i < inputs.size(); ++i) {
    const at::Tensor& input = inputs[i];
    std::string unfit = unfit_tensor(input);
    if (!unfit.empty()) {
      refuse("it is given " + unfit);
      continue;
    }
    if (input.requires_grad()) refuse("an argument requires a gradient");
    auto* storage = input.storage().unsafeGetStorageImpl();
    if (storages_.count(storage)) {
      refuse("two of its arguments share their memory");
      continue;
    }
    int index = static_cast<int>(tape_->storages.size());
    storages_[storage] = index;
    StorageNote note{StorageNote::Origin::kInput, -1, static_cast<int>(i), input.storage().nbytes(), input.storage().getWeakStorageImpl(), {}, 0, true};
    note.base = input.storage_offset() * static_cast<int64_t>(input.element_size());
    note_device(note, input);
    tape_->storages.push_back(std::move(note));
    views_of_.emplace_back();
    inputs_.push_back(input.unsafeGetTensorImpl());
    tape_->inputs.push_back(note_view(input, index));
  }
  take_key();
}

void Recorder::take_key() {
  current_recorder = this;
  is_recording_ = true;
  c10::impl::tls_set_dispatch_key_included(kKey, true);
}

Recorder::~Recorder() { release_key(); }

void Recorder::release_key() {
  if (!is_recording_) return;
  is_recording_ = false;
  current_recorder = nullptr;
  c10::impl::tls_set_dispatch_key_included(kKey, false);
}

void Recorder::refuse(const std::string& reason) {
  if (tape_->refusal.empty()) tape_->refusal = reason;
}

int Recorder::note_view(const at::Tensor& tensor, int storage) {
  const StorageNote& note = tape_->storages[storage];
  View view{storage, tensor.scalar_type(), tensor.sizes().vec(), tensor.strides().vec(), offset_in(note, tensor)};
  for (int candidate : views_of_[storage]) {
    if (tape_->views[candidate] == view) return candidate;
  }
  if (view.offset < 0) refuse("it looks at elements in front of an argument");
  int index = static_cast<int>(tape_->views.size());
  views_of_[storage].push_back(index);
  tape_->views.push_back(std::move(view));
  at::Tensor external;
  if (note.origin == StorageNote::Origin::kExternal) {
    external = tensor;
    if (!is_leaf(tensor)) {  // what knows how it was computed would keep that
      auto* impl = tensor.unsafeGetTensorImpl();
      external = at::Tensor::wrap_tensor_impl(impl->shallow_copy_and_detach(impl->version_counter(), false));
    }
  }
  tape_->externals.push_back(std::move(external));
  return index;
}

void Recorder::note_device(StorageNote& note, const at::Tensor& tensor) {
  note.device = tensor.device();
  if (note.device.is_cpu()) return;
  if (tape_->device.is_cpu()) tape_->device = note.device;
  else if (tape_->device != note.device) refuse("it has tensors on " + tape_->device.str() + " and on " + note.device.str());
}

// made_by: the operation that gave this tensor, or -1 for an argument.
int Recorder::note(const at::Tensor& tensor, int made_by) {
  if (!tensor.defined()) return kNoView;
  std::string unfit = unfit_tensor(tensor);
  if (!unfit.empty()) {
    refuse("it has " + unfit);
    return kNoView;
  }
  auto* impl = tensor.storage().unsafeGetStorageImpl();
  auto found = storages_.find(impl);
  int storage;
  if (found != storages_.end()) {
    storage = found->second;
  } else {
    storage = static_cast<int>(tape_->storages.size());
    storages_[impl] = storage;
    bool is_made = made_by >= 0;
    tape_->storages.push_back({is_made ? StorageNote::Origin::kMade : StorageNote::Origin::kExternal, made_by, -1, tensor.storage().nbytes(),
                               tensor.storage().getWeakStorageImpl(), is_made ? c10::Storage() : tensor.storage(), 0, false});
    note_device(tape_->storages.back(), tensor);
    tape_->storages.back().is_known = !is_made && outside_storages_.count(impl) > 0;
    views_of_.emplace_back();
  }
  int view = note_view(tensor, storage);
  if (made_by < 0 && is_recording_ && tape_->storages[storage].origin == StorageNote::Origin::kInput &&
      std::find(inputs_.begin(), inputs_.end(), tensor.unsafeGetTensorImpl()) == inputs_.end()) {
    sharers_.emplace_back(tensor.getIntrusivePtr());
  }
  if (made_by < 0 && tape_->storages[storage].origin == StorageNote::Origin::kExternal) {
    if (looks_.insert(tensor.unsafeGetTensorImpl()).second) tape_->looks.push_back({decltype(Tape::Look::tensor)(tensor.getIntrusivePtr()), view});
    note_leaf(tensor, view);
    // Its backward goes on where no operator of the step has been.
    bool has_graph = tensor.requires_grad() && !is_leaf(tensor) && outside_.count(tensor.unsafeGetTensorImpl()) > 0;
    if (has_graph && c10::GradMode::is_enabled()) refuse("a tensor from outside takes part in a graph, or is a view that is trained");
  }
  return view;
}

void Recorder::note_root(const at::Tensor& root) {
  if (outside_.count(root.unsafeGetTensorImpl()) == 0 || !root.requires_grad() || !tape_->refusal.empty()) return;
  if (is_leaf(root)) note(root, -1);
  else refuse("a tensor from outside takes part in a graph, or is a view that is trained");
}

void Recorder::note_read_values(const at::Tensor& tensor) {
  if (!tensor.defined() || !tensor.has_storage() || !tape_->refusal.empty()) return;
  auto found = storages_.find(tensor.storage().unsafeGetStorageImpl());
  int made_by = found == storages_.end() ? -1 : tape_->storages[found->second].made_by;
  if (made_by >= 0) {
    const Operation& maker = tape_->operations[static_cast<size_t>(made_by)];
    // Pivots of a factorization in the step itself are in order.
    if (is_of_shape_alone(maker) || name_of(maker.op).find("_factor") != std::string::npos) return;
  }
  refuse("what an operator does depends on values of a tensor");
}

void Recorder::note_leaf(const at::Tensor& tensor, int view) {
  if (!is_leaf(tensor) || leaves_.count(tensor.unsafeGetTensorImpl())) return;
  FirstGrad first{tape_->leaves.size(), {}, nullptr, {}, false};
  const at::Tensor& grad = tensor.grad();
  if (grad.defined()) {
    std::string unfit = unfit_tensor(grad);
    if (!unfit.empty()) {
      refuse("it has " + unfit);
      return;
    }
    first.storage = grad.storage().getWeakStorageImpl();
    first.address = grad.storage().unsafeGetStorageImpl();
    first.view = {-1, grad.scalar_type(), grad.sizes().vec(), grad.strides().vec(), grad.storage_offset()};
  }
  leaves_.emplace(tensor.unsafeGetTensorImpl(), std::move(first));
  tape_->leaves.push_back({tensor, view, {}, {}});
}

void Recorder::note_cleared(const at::Tensor& tensor) {
  if (!is_leaf(tensor) || !unfit_tensor(tensor).empty() || !tape_->refusal.empty()) return;
  note(tensor, -1);
  auto found = leaves_.find(tensor.unsafeGetTensorImpl());
  if (found == leaves_.end()) return;
  FirstGrad& first = found->second;
  const at::Tensor& grad = tensor.grad();
  // Unseen: it is what the leaf came with, and no operator was given it.
  bool is_first = grad.defined() ? grad.has_storage() && grad.storage().unsafeGetStorageImpl() == first.address : true;
  first.is_gone |= !is_first;
  if (!first.is_gone && !storages_.count(first.address)) tape_->leaves[first.place].before.kind = GradNote::Kind::kAny;
}

void Recorder::note_read_grad(const at::Tensor& tensor) {
  if (!is_leaf(tensor) || !unfit_tensor(tensor).empty() || !tape_->refusal.empty()) return;
  note(tensor, -1);
  auto found = leaves_.find(tensor.unsafeGetTensorImpl());
  if (found == leaves_.end()) return;
  found->second.is_read = true;
  if (tensor.grad().defined()) note(tensor.grad(), -1);
}

// A gradient that is there before the step is looked up at each replay, as an argument is: it lies in the memory of whatever made it.
void Recorder::borrow_gradient(int storage, int leaf, int64_t offset) {
  StorageNote& note = tape_->storages[storage];
  if (note.origin != StorageNote::Origin::kExternal || offset != 0) return;
  note.origin = StorageNote::Origin::kGradient;
  note.leaf = leaf;
  note.held = c10::Storage();
  for (int view : views_of_[storage]) tape_->externals[view] = at::Tensor();
}

// What leaves came with, and what they have now.
void Recorder::settle_leaves() {
  // Gradients in one memory are parts of what ranks send: it stays, and is memory from outside as any.
  std::unordered_map<const c10::StorageImpl*, int> num_in;
  for (const auto& [impl, first] : leaves_) {
    if (first.address) ++num_in[first.address];
  }
  for (const auto& [impl, first] : leaves_) {
    Leaf& leaf = tape_->leaves[first.place];
    const at::Tensor& grad = leaf.tensor.grad();
    bool is_seen = first.address && storages_.count(first.address) > 0;
    if (leaf.before.kind == GradNote::Kind::kNone && is_seen) {
      View view = first.view;
      view.storage = storages_[first.address];
      view.offset -= tape_->storages[view.storage].base / static_cast<int64_t>(c10::elementSize(view.dtype));
      for (int candidate : views_of_[view.storage]) {
        if (tape_->views[candidate] == view) leaf.before = {GradNote::Kind::kView, candidate};
      }
      if (leaf.before.kind == GradNote::Kind::kNone) refuse("it looks at a gradient of before in another form");
      else if (num_in[first.address] == 1) borrow_gradient(view.storage, static_cast<int>(first.place), first.view.offset);
    }
    bool is_first = grad.defined() && grad.has_storage() && grad.storage().unsafeGetStorageImpl() == first.address;
    bool has_none = !grad.defined() && !first.address && !first.is_gone && !first.is_read;
    if (leaf.before.kind == GradNote::Kind::kNone && (is_first || has_none)) {
      leaf.before.kind = leaf.after.kind = GradNote::Kind::kAny;
      continue;
    }
    if (leaf.before.kind == GradNote::Kind::kNone && first.address) refuse("it takes a gradient for another without a look at it");
    if (!grad.defined()) continue;
    auto found = grad.has_storage() ? storages_.find(grad.storage().unsafeGetStorageImpl()) : storages_.end();
    if (found == storages_.end()) {
      refuse("a gradient was not computed by operators of the step");
      continue;
    }
    leaf.after = {GradNote::Kind::kView, note_view(grad, found->second)};
    bool is_borrowed = tape_->storages[found->second].origin == StorageNote::Origin::kGradient;
    if (is_borrowed && leaf.after.view != leaf.before.view) refuse("a gradient of before becomes that of another parameter, or another view of it");
  }
}

TapeValue Recorder::note_value(const at::IValue& value, int made_by) {
  TapeValue noted;
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (made_by < 0 && tensor.defined() && tensor.is_cpu() && tensor.unsafeGetTensorImpl()->is_wrapped_number()) {
      noted.constant = tensor;  // a number that libtorch made a tensor of
      return noted;
    }
    noted.kind = TapeValue::Kind::kTensor;
    noted.views.push_back(note(tensor, made_by));
  } else if (value.isTensorList()) {
    noted.kind = TapeValue::Kind::kTensors;
    for (const at::Tensor& tensor : value.toTensorVector()) noted.views.push_back(note(tensor, made_by));
  } else if (value.isList() && value.toList().elementType()->kind() == c10::TypeKind::OptionalType) {
    noted.kind = TapeValue::Kind::kOptionalTensors;
    for (const at::IValue& element : value.toListRef()) noted.views.push_back(element.isTensor() ? note(element.toTensor(), made_by) : kNoView);
  } else {
    noted.constant = value;
  }
  return noted;
}

namespace {

bool is_number(const c10::TypePtr& type) { return type->kind() == c10::TypeKind::NumberType || type->kind() == c10::TypeKind::FloatType; }

// Where an operation takes numbers that need not be whole, in the order of its arguments.
std::vector<Slot> numbers_of(const c10::FunctionSchema& schema, const torch::jit::Stack& stack, size_t begin) {
  std::vector<Slot> found;
  for (size_t i = begin; i < stack.size(); ++i) {
    const at::IValue& value = stack[i];
    int argument = static_cast<int>(i - begin);
    auto type = schema.arguments()[i - begin].type();
    if (type->kind() == c10::TypeKind::OptionalType) type = type->castRaw<c10::OptionalType>()->getElementType();
    bool is_wrapped = value.isTensor() && value.toTensor().defined() && value.toTensor().unsafeGetTensorImpl()->is_wrapped_number();
    if (is_wrapped || (is_number(type) && !value.isNone())) found.push_back({argument, -1});
    if (type->kind() != c10::TypeKind::ListType || !value.isList() || !is_number(type->castRaw<c10::ListType>()->getElementType())) continue;
    for (size_t element = 0; element < value.toListRef().size(); ++element) found.push_back({argument, static_cast<int>(element)});
  }
  return found;
}

}  // namespace

void Recorder::take_slots(Operation& operation, const torch::jit::Stack& stack, size_t begin) {
  if (num_slots_ == 0) return;
  operation.slots = numbers_of(operation.op.schema(), stack, begin);
  if (operation.slots.size() != num_slots_) {
    refuse(name_of(operation.op) + " has " + std::to_string(operation.slots.size()) + " numbers where " + std::to_string(num_slots_) + " are read anew");
    operation.slots.clear();
  }
  // The number is in the operators of backward, too, and there nobody says so.
  bool is_differentiated = c10::GradMode::is_enabled() && std::any_of(stack.begin() + static_cast<std::ptrdiff_t>(begin), stack.end(), [](const at::IValue& value) {
    if (value.isTensor()) return value.toTensor().defined() && value.toTensor().requires_grad();
    if (!value.isTensorList()) return false;
    auto tensors = value.toTensorVector();
    return std::any_of(tensors.begin(), tensors.end(), [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); });
  });
  if (is_differentiated) refuse("a number that is read anew goes into a gradient, by " + name_of(operation.op) + "; make a tensor of it by full([], number) and compute with that");
  num_slots_ = 0;
}

void Recorder::play(const c10::OperatorHandle& op, c10::DispatchKeySet keys, torch::jit::Stack& stack) {
  auto after = keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kKey);
  if (!tape_->refusal.empty()) {
    c10::impl::ExcludeDispatchKeyGuard guard(kKey);
    op.redispatchBoxed(after, &stack);
    return;
  }
  const auto& schema = op.schema();
  size_t begin = stack.size() - schema.arguments().size();
  Operation operation{op, {}, {}, c10::impl::tls_local_dispatch_key_set(), c10::GradMode::is_enabled(), is_random(op), {}, {}};
  if (operation.is_random && num_runs_again > 0) refuse(name_of(op) + " draws the same numbers again in backward (checkpoint)");
  if (is_tag(op, at::Tag::data_dependent_output)) {
    refuse(name_of(op) + " reads a value of a tensor in the step");
    c10::impl::ExcludeDispatchKeyGuard guard(kKey);
    op.redispatchBoxed(after, &stack);
    return;
  }
  if (has_shape_of_data(op, stack, begin)) refuse("the shape of what " + name_of(op) + " gives depends on values");
  // What is written to, as it is before: an operator that moves or reshapes it in place leaves another.
  std::vector<std::pair<at::Tensor, View>> written;
  for (size_t i = 0; i < schema.arguments().size(); ++i) {
    operation.arguments.push_back(note_value(stack[begin + i], -1));
    const auto* alias = schema.arguments()[i].alias_info();
    if (!alias || !alias->isWrite()) continue;
    for (int view : operation.arguments.back().views) {
      if (view == kNoView) continue;
      operation.written.push_back(view);
      const auto& kind = stack[begin + i];
      if (kind.isTensor()) written.emplace_back(kind.toTensor(), tape_->views[view]);
    }
  }
  take_slots(operation, stack, begin);
  {
    c10::impl::ExcludeDispatchKeyGuard guard(kKey);
    op.redispatchBoxed(after, &stack);
  }
  bool is_look = is_tag(op, at::Tag::inplace_view);
  if (is_look) operation.written.clear();
  for (const auto& [tensor, view] : written) {
    const StorageNote& note = tape_->storages[view.storage];
    // Another look at the same memory, of a tensor that the step has made: what uses it after that says so itself.
    bool is_own = note.origin == StorageNote::Origin::kMade && tensor.storage().nbytes() == note.bytes &&
                  storages_.count(tensor.storage().unsafeGetStorageImpl()) > 0;
    if (is_look && is_own) continue;
    if (tensor.sizes() != view.sizes || tensor.strides() != view.strides || offset_in(tape_->storages[view.storage], tensor) != view.offset) {
      refuse(name_of(op) + " changes the shape of its argument in place");
    }
  }
  int index = static_cast<int>(tape_->operations.size());
  size_t num_results = schema.returns().size();
  for (size_t i = stack.size() - num_results; i < stack.size(); ++i) operation.results.push_back(note_value(stack[i], index));
  // Played, it would change the look of the tensor that others are given.
  if (!is_look) tape_->operations.push_back(std::move(operation));
}

void Recorder::pause(const std::vector<at::Tensor>& outputs) {
  release_key();
  if (tape_->pause >= 0) refuse("it pauses twice");
  if (num_slots_ != 0) refuse("numbers were to be read anew for an operator that did not come");
  tape_->pause = static_cast<int>(tape_->operations.size());
  for (const at::Tensor& output : outputs) tape_->outputs.push_back(note(output, -1));
}

void Recorder::go_on(const std::unordered_set<const c10::StorageImpl*>& known) {
  outside_storages_.insert(known.begin(), known.end());
  take_key();
}

void Recorder::stop(const std::vector<at::Tensor>& outputs) {
  release_key();
  if (num_slots_ != 0) refuse("numbers were to be read anew for an operator that did not come");
  if (tape_->pause >= 0 && !outputs.empty()) refuse("it gives tensors at its end beside those where it pauses");
  for (const at::Tensor& output : outputs) tape_->outputs.push_back(note(output, -1));
  settle_leaves();
  refuse_unknown();
}

// Casts of weights that autocast keeps around steps: when it ends they are gone, and made anew in the next one.
void Recorder::refuse_unknown() {
  auto is_on = [](c10::DispatchKey key) { return !c10::impl::tls_is_dispatch_key_excluded(key); };
  bool keeps_casts = at::autocast::is_autocast_cache_enabled() && (is_on(c10::DispatchKey::AutocastCPU) || is_on(c10::DispatchKey::AutocastCUDA));
  if (!keeps_casts) return;
  std::unordered_set<const c10::StorageImpl*> gradients;
  for (const auto& [impl, first] : leaves_) gradients.insert(first.address);
  for (const StorageNote& storage : tape_->storages) {
    if (storage.origin != StorageNote::Origin::kExternal || storage.is_known || storage.bytes <= kNumberBytes) continue;
    if (gradients.count(storage.held.unsafeGetStorageImpl()) > 0) continue;
    refuse("it takes a weight that autocast has cast before; use autocast inside of the step, or with cacheEnabled false");
  }
}

std::unique_ptr<Tape> Recorder::finish() {
  std::vector<bool> is_given(tape_->storages.size());
  for (int view : tape_->outputs) {
    if (view != kNoView) is_given[tape_->views[view].storage] = true;
  }
  for (const auto& leaf : tape_->leaves) {
    if (leaf.after.kind == GradNote::Kind::kView) is_given[tape_->views[leaf.after.view].storage] = true;
  }
  for (size_t i = 0; i < tape_->storages.size(); ++i) {
    StorageNote& storage = tape_->storages[i];
    if (storage.origin != StorageNote::Origin::kMade) continue;
    storage.is_alive = storage.weak.use_count() > 0;
    if (storage.is_alive && !is_given[i]) {
      refuse("a tensor that " + name_of(tape_->operations[storage.made_by].op) + " makes in the step is kept beyond it");
    }
    storage.weak.reset();
  }
  for (auto& storage : tape_->storages) storage.weak.reset();
  refuse_unfilled();
  if (std::any_of(sharers_.begin(), sharers_.end(), [](const auto& sharer) { return sharer.use_count() > 0; })) {
    refuse("an argument shares its memory with a tensor from outside, or a part of it is kept beyond the step");
  }
  sharers_.clear();
  // Of an argument, what the step sees of its memory.
  for (auto& storage : tape_->storages) {
    if (storage.origin == StorageNote::Origin::kInput) storage.bytes = 0;
  }
  for (const View& view : tape_->views) {
    StorageNote& storage = tape_->storages[view.storage];
    if (storage.origin == StorageNote::Origin::kInput) storage.bytes = std::max(storage.bytes, extent_of(view, c10::elementSize(view.dtype)));
  }
  return std::move(tape_);
}

namespace {

// It gives another look at what there is, or asks for a shape alone.
bool is_look_alone(const Tape& tape, const Operation& operation) {
  if (operation.op.operator_name().name.find("_like") != std::string::npos || operation.op.operator_name().name.find("aten::new_") == 0) return true;
  if (operation.results.size() != 1 || !operation.written.empty()) return false;
  std::vector<int> given;
  for (const auto& argument : operation.arguments) {
    for (int view : argument.views) given.push_back(view == kNoView ? -1 : tape.views[view].storage);
  }
  return std::all_of(operation.results[0].views.begin(), operation.results[0].views.end(), [&](int view) {
    return view != kNoView && std::find(given.begin(), given.end(), tape.views[view].storage) != given.end();
  });
}

}  // namespace

// What native code fills behind the operators' back is not in the tape: memory that is looked at before an operator has written to it.
void Recorder::refuse_unfilled() {
  std::vector<bool> is_open(tape_->storages.size());
  auto look = [&](int view) {
    if (view == kNoView || !is_open[tape_->views[view].storage]) return;
    refuse("it looks at memory that no operator has written to");
  };
  for (size_t i = 0; i < tape_->operations.size(); ++i) {
    const Operation& operation = tape_->operations[i];
    for (int view : operation.written) is_open[tape_->views[view].storage] = false;
    if (!is_look_alone(*tape_, operation)) {
      for (const auto& argument : operation.arguments) {
        for (int view : argument.views) look(view);
      }
    }
    if (operation.op.operator_name().name.find("empty") == std::string::npos) continue;
    for (const auto& result : operation.results) {
      for (int view : result.views) {
        if (view != kNoView && tape_->storage_of(view).made_by == static_cast<int>(i) && tape_->storage_of(view).bytes > 0) {
          is_open[tape_->views[view].storage] = true;
        }
      }
    }
  }
  for (int view : tape_->outputs) look(view);
}

void refuse_capture(const char* reason) {
  if (current_recorder) current_recorder->refuse(reason);
}

RunAgain::RunAgain() { ++num_runs_again; }
RunAgain::~RunAgain() { --num_runs_again; }
bool is_run_again() { return num_runs_again > 0; }

void note_cleared_grad(const at::Tensor& leaf) {
  if (current_recorder) current_recorder->note_cleared(leaf);
}

void note_read_grad(const at::Tensor& leaf) {
  if (current_recorder) current_recorder->note_read_grad(leaf);
}

void note_read_values(const at::Tensor& tensor) {
  if (current_recorder) current_recorder->note_read_values(tensor);
}

void note_root(const at::Tensor& root) {
  if (current_recorder) current_recorder->note_root(root);
}

}  // namespace sconce
