// The table of tensors, and the functions of the addon that make, read, own and free them.
#include "tensor.h"

#include <ATen/ops/empty.h>

#include <bitset>
#include <cmath>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "addon.h"
#include "capture-notes.h"
#include "convert.h"
#include "dtype.h"
#include "environment.h"
#include "errors.h"
#include "profiler.h"

namespace sconce {
namespace {

// Numbers of living environments. A number is given again only after all others were, so that a handle of a worker that ended stays foreign.
std::mutex environment_mutex;
std::bitset<(1u << kEnvironmentBits)> environment_numbers;
uint32_t next_environment = 1;

uint64_t take_environment_number() {
  std::lock_guard<std::mutex> lock(environment_mutex);
  for (size_t tries = 0; tries < environment_numbers.size(); ++tries) {
    uint32_t number = next_environment;
    next_environment = (next_environment + 1) % environment_numbers.size();
    if (number == 0 || environment_numbers[number]) continue;
    environment_numbers[number] = true;
    return number;
  }
  throw std::runtime_error("Cannot load Sconce in another worker: expected fewer than 1023 environments in one process");
}

}  // namespace

TensorTable::TensorTable() : environment_(take_environment_number()) {}

TensorTable::~TensorTable() {
  std::lock_guard<std::mutex> lock(environment_mutex);
  environment_numbers[environment_] = false;
}

double TensorTable::pack(uint32_t slot) const {
  return static_cast<double>((environment_ << (kSlotBits + kGenerationBits)) | (static_cast<uint64_t>(slot) << kGenerationBits) |
                             slots_[slot].generation);
}

bool TensorTable::unpack(double handle, uint32_t* slot, HandleFault* fault) const {
  auto fail = [&](HandleFault reason) {
    if (fault) *fault = reason;
    return false;
  };
  if (!(handle >= 1 && handle < 9007199254740992.0)) return fail(HandleFault::kNotAHandle);
  auto bits = static_cast<uint64_t>(handle);
  if (static_cast<double>(bits) != handle) return fail(HandleFault::kNotAHandle);
  if (bits >> (kSlotBits + kGenerationBits) != environment_) return fail(HandleFault::kForeign);
  auto index = static_cast<uint32_t>((bits >> kGenerationBits) & (kMaxSlots - 1));
  auto generation = static_cast<uint32_t>(bits & kMaxGeneration);
  if (index >= slots_.size()) return fail(HandleFault::kNotAHandle);
  if (slots_[index].generation != generation || !slots_[index].is_used) return fail(HandleFault::kFreed);
  *slot = index;
  return true;
}

double TensorTable::insert(at::Tensor tensor) {
  uint32_t index;
  if (!free_slots_.empty()) {
    index = free_slots_.back();
    free_slots_.pop_back();
  } else {
    if (slots_.size() >= kMaxSlots) {
      throw Refused(Refusal::kRange, "Cannot hold another tensor: expected fewer than 4194304 live tensors; free some with dispose() or scope()");
    }
    index = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
  }
  Slot& slot = slots_[index];
  slot.tensor = std::move(tensor);
  slot.is_used = true;
  slot.is_scoped = !scope_starts_.empty();
  ++live_;
  double handle = pack(index);
  if (slot.is_scoped) scoped_.push_back(handle);
  return handle;
}

const at::Tensor* TensorTable::find(double handle, HandleFault* fault) const {
  uint32_t slot;
  return unpack(handle, &slot, fault) ? &slots_[slot].tensor : nullptr;
}

void TensorTable::release(uint32_t index) {
  // The tensor goes last: its deleter may run code that reaches this table.
  Slot& slot = slots_[index];
  at::Tensor dying = std::move(slot.tensor);
  slot.is_used = false;
  slot.is_scoped = false;
  slot.is_owned = false;
  slot.is_parameter = false;
  returned_bytes_ += slot.reported_bytes;
  slot.reported_bytes = 0;
  --live_;
  if (slot.generation < kMaxGeneration) {
    ++slot.generation;
    free_slots_.push_back(index);
  }
}

bool TensorTable::free(double handle) {
  uint32_t slot;
  if (!unpack(handle, &slot, nullptr)) return false;
  release(slot);
  return true;
}

size_t TensorTable::begin_scope() {
  scope_starts_.push_back(scoped_.size());
  return scope_starts_.size() - 1;
}

void TensorTable::end_scope(size_t depth, const double* survivors, size_t count) {
  if (depth >= scope_starts_.size()) throw Refused(Refusal::kNative, "internal: no scope is open");
  uint32_t slot;
  for (size_t i = 0; i < count; ++i) {
    if (unpack(survivors[i], &slot, nullptr)) slots_[slot].is_scoped = false;
  }
  size_t start = scope_starts_[depth];
  // Newest first, as a stack: slots are then reused in the same order by the next step, and stay in the processor's cache.
  for (size_t i = scoped_.size(); i-- > start;) {
    if (unpack(scoped_[i], &slot, nullptr) && slots_[slot].is_scoped) release(slot);
  }
  scoped_.resize(start);
  scope_starts_.resize(depth);
  if (scope_starts_.empty()) return;
  for (size_t i = 0; i < count; ++i) adopt(survivors[i]);
}

bool TensorTable::keep(double handle) {
  uint32_t slot;
  if (!unpack(handle, &slot, nullptr)) return false;
  slots_[slot].is_scoped = false;
  return true;
}

bool TensorTable::adopt(double handle) {
  uint32_t slot;
  if (scope_starts_.empty() || !unpack(handle, &slot, nullptr)) return false;
  if (slots_[slot].is_scoped) return true;
  slots_[slot].is_scoped = true;
  scoped_.push_back(handle);
  return true;
}

bool TensorTable::take_owner(double handle) {
  uint32_t slot;
  if (!unpack(handle, &slot, nullptr) || slots_[slot].is_owned) return false;
  slots_[slot].is_owned = true;
  return true;
}

void TensorTable::note_reported(double handle, int64_t bytes) {
  uint32_t slot;
  if (unpack(handle, &slot, nullptr)) slots_[slot].reported_bytes += bytes;
}

void TensorTable::list(std::vector<double>* handles, std::vector<int64_t>* depths) const {
  std::vector<int64_t> depth_of(slots_.size(), -1);
  uint32_t slot;
  // A tensor that was kept and adopted again stands in several lists: the innermost holds it.
  for (size_t depth = 0; depth < scope_starts_.size(); ++depth) {
    size_t end = depth + 1 < scope_starts_.size() ? scope_starts_[depth + 1] : scoped_.size();
    for (size_t i = scope_starts_[depth]; i < end; ++i) {
      if (unpack(scoped_[i], &slot, nullptr) && slots_[slot].is_scoped) depth_of[slot] = static_cast<int64_t>(depth);
    }
  }
  for (uint32_t index = 0; index < slots_.size(); ++index) {
    if (!slots_[index].is_used) continue;
    handles->push_back(pack(index));
    depths->push_back(depth_of[index]);
  }
}

void TensorTable::mark_parameter(double handle) {
  uint32_t slot;
  if (unpack(handle, &slot, nullptr)) slots_[slot].is_parameter = true;
}

std::vector<double> TensorTable::parameters() const {
  std::vector<double> handles;
  for (uint32_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].is_used && slots_[index].is_parameter) handles.push_back(pack(index));
  }
  return handles;
}

void TensorTable::drain() {
  while (!pending_.empty()) {
    double handle = pending_.back();
    pending_.pop_back();
    uint32_t slot;
    // A scope that adopted the tensor after its owner was made has the last word.
    if (unpack(handle, &slot, nullptr) && !slots_[slot].is_scoped) release(slot);
  }
}

void TensorTable::clear() {
  for (uint32_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].is_used) release(index);
  }
}

namespace {

// Smaller tensors weigh about as much as their JavaScript objects, which V8 counts by itself.
constexpr int64_t kReportedBytes = 1024;

// Runs inside the collection: it only notes the handle.
void release_owner(napi_env env, void* data, void* hint) {
  auto* self = static_cast<Environment*>(hint);
  if (!self->is_closed) {
    bool is_first = !self->tensors.has_pending();
    self->tensors.release_later(static_cast<double>(reinterpret_cast<uintptr_t>(data)));
    if (is_first) settle_soon(env, *self);
  }
  self->let_go();
}

// own(handle) -> an object whose collection frees the tensor. V8 is told of the tensor's bytes, so that it collects in time.
napi_value own(Call& call) {
  auto args = arguments<1>(call);
  double handle = read_double(call, args[0], "handle");
  const at::Tensor& tensor = find_tensor(call, handle, "own");
  // Of an expanded tensor no more than its memory counts.
  auto bytes = static_cast<int64_t>(tensor.has_storage() ? std::min<size_t>(tensor.nbytes(), tensor.storage().nbytes()) : 0);
  if (!call.self.tensors.take_owner(handle)) throw Refused(Refusal::kNative, "internal: the tensor has an owner already");
  napi_value owner = make_owner(call, reinterpret_cast<void*>(static_cast<uintptr_t>(handle)), release_owner, &call.self);
  ++call.self.holders;
  if (bytes >= kReportedBytes) {
    call.self.tensors.note_reported(handle, bytes);
    int64_t total;
    napi_adjust_external_memory(call.env, bytes, &total);
  }
  return owner;
}

// alias(handle) -> another handle on the same memory, detached from the graph.
napi_value alias(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, call.self.tensors.insert(find_tensor(call, read_double(call, args[0], "handle"), "alias").detach()));
}

napi_value free_tensor(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, call.self.tensors.free(read_double(call, args[0], "handle")));
}

// beginScope() -> how many scopes were open, for endScope
napi_value begin_scope(Call& call) { return make_number(call, static_cast<double>(call.self.tensors.begin_scope())); }

// endScope(depth, survivors)
napi_value end_scope(Call& call) {
  auto args = arguments<2>(call);
  int64_t depth = read_int(call, args[0], "depth");
  auto survivors = read_handles(call, args[1]);
  if (depth < 0) throw Refused(Refusal::kRange, "expected a depth of at least 0, got " + std::to_string(depth));
  call.self.tensors.end_scope(static_cast<size_t>(depth), survivors.data(), survivors.size());
  return nullptr;
}

napi_value keep(Call& call) {
  auto args = arguments<1>(call);
  double handle = read_double(call, args[0], "handle");
  find_tensor(call, handle, "keep");
  call.self.tensors.keep(handle);
  return nullptr;
}

napi_value adopt(Call& call) {
  auto args = arguments<1>(call);
  double handle = read_double(call, args[0], "handle");
  find_tensor(call, handle, "adopt");
  return make_bool(call, call.self.tensors.adopt(handle));
}

napi_value is_live(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, call.self.tensors.find(read_double(call, args[0], "handle")) != nullptr);
}

napi_value live_tensors(Call& call) {
  call.self.tensors.drain();
  return make_number(call, static_cast<double>(call.self.tensors.live()));
}

napi_value make_handles(Call& call, const std::vector<double>& values) {
  napi_value buffer = make_array_buffer(call, values.data(), values.size() * sizeof(double));
  napi_value array;
  check(call, napi_create_typedarray(call.env, napi_float64_array, values.size(), buffer, 0, &array));
  return array;
}

// listTensors() -> Float64Array, for each live tensor: handle, depth of its scope (-1: none), address and bytes of its memory, those of its gradient.
// An address of 0: no memory that could be told (sparse, meta), or no gradient.
napi_value list_tensors(Call& call) {
  auto& table = call.self.tensors;
  table.drain();
  std::vector<double> handles, rows;
  std::vector<int64_t> depths;
  table.list(&handles, &depths);
  auto note_memory = [&](const at::Tensor& tensor) {
    bool is_known = tensor.defined() && tensor.has_storage() && !tensor.is_meta();
    rows.push_back(is_known ? static_cast<double>(reinterpret_cast<uintptr_t>(tensor.storage().unsafeGetStorageImpl())) : 0);
    rows.push_back(is_known ? static_cast<double>(tensor.storage().nbytes()) : 0);
  };
  for (size_t i = 0; i < handles.size(); ++i) {
    const at::Tensor& tensor = *table.find(handles[i]);
    rows.push_back(handles[i]);
    rows.push_back(static_cast<double>(depths[i]));
    note_memory(tensor);
    note_memory(tensor.is_leaf() ? tensor.grad() : at::Tensor());  // of others libtorch warns
  }
  return make_handles(call, rows);
}

// markParameter(handle): `trainedParameters` looks for it.
napi_value mark_parameter(Call& call) {
  auto args = arguments<1>(call);
  double handle = read_double(call, args[0], "handle");
  find_tensor(call, handle, "mark a parameter");
  call.self.tensors.mark_parameter(handle);
  return nullptr;
}

// trainedParameters() -> Float64Array of the live parameters that have a gradient.
napi_value trained_parameters(Call& call) {
  auto& table = call.self.tensors;
  table.drain();
  std::vector<double> trained;
  for (double handle : table.parameters()) {
    if (table.find(handle)->grad().defined()) trained.push_back(handle);
  }
  return make_handles(call, trained);
}

napi_value shape(Call& call) {
  auto args = arguments<1>(call);
  return make_array(call, find_tensor(call, read_double(call, args[0], "handle"), "shape").sizes());
}

napi_value ndim(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, static_cast<double>(find_tensor(call, read_double(call, args[0], "handle"), "ndim").dim()));
}

napi_value numel(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, static_cast<double>(find_tensor(call, read_double(call, args[0], "handle"), "numel").numel()));
}

// size(handle, dim) -> undefined where there is no such dimension; negative ones count from the end.
napi_value size(Call& call) {
  auto args = arguments<2>(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "size");
  double dim = read_double(call, args[1], "dim");
  if (dim < 0) dim += static_cast<double>(tensor.dim());
  if (!(dim >= 0 && dim < static_cast<double>(tensor.dim())) || dim != std::floor(dim)) return nullptr;
  return make_number(call, static_cast<double>(tensor.size(static_cast<int64_t>(dim))));
}

void require_dense(const at::Tensor& tensor, const char* action) {
  if (tensor.layout() == at::kStrided) return;
  throw Refused(Refusal::kType, std::string(action) + ": expected a dense tensor, got a sparse one; take its toDense() first");
}

// Gradients that are known to be zero (of sgn, say) have a shape and no memory until they are copied.
at::Tensor with_memory(const at::Tensor& tensor) { return tensor._is_zerotensor() ? tensor.clone() : tensor; }

napi_value stride(Call& call) {
  auto args = arguments<1>(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "stride");
  require_dense(tensor, "Cannot read stride");
  return make_array(call, tensor.strides());
}

napi_value dtype(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, static_cast<double>(find_tensor(call, read_double(call, args[0], "handle"), "dtype").scalar_type()));
}

napi_value layout(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, static_cast<double>(find_tensor(call, read_double(call, args[0], "handle"), "layout").layout()));
}

napi_value device(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, encode_device(find_tensor(call, read_double(call, args[0], "handle"), "device").device()));
}

napi_value storage_offset(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, static_cast<double>(find_tensor(call, read_double(call, args[0], "handle"), "storageOffset").storage_offset()));
}

// Identity and size of the memory behind a tensor: [address, bytes]. Two tensors with one address share it.
napi_value storage(Call& call) {
  auto args = arguments<1>(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "storage");
  require_dense(tensor, "Cannot find a storage");
  const auto& memory = tensor.storage();
  double facts[] = {static_cast<double>(reinterpret_cast<uintptr_t>(memory.unsafeGetStorageImpl())), static_cast<double>(memory.nbytes())};
  return make_array(call, facts, 2);
}

// fromBytes(dtype, shape, bytes): a new tensor on the CPU with a copy of the bytes.
napi_value from_bytes(Call& call) {
  auto args = arguments<3>(call);
  auto type = read_dtype(call, args[0]);
  auto sizes = read_ints(call, args[1], "shape");
  auto bytes = read_bytes(call, args[2]);
  size_t wanted = byte_count(type, sizes, "make a tensor from bytes");
  if (wanted != bytes.size) {
    throw Refused(Refusal::kRange, "Cannot make a tensor from bytes: expected " + std::to_string(wanted) + " bytes for shape " +
                                       describe_sizes(sizes) + ", got " + std::to_string(bytes.size));
  }
  refuse_capture("it makes a tensor of JavaScript's values; give it as an argument");
  at::Tensor tensor = at::empty(sizes, at::TensorOptions().dtype(type));
  if (bytes.size) std::memcpy(tensor.data_ptr(), bytes.data, bytes.size);
  return make_number(call, call.self.tensors.insert(std::move(tensor)));
}

// readBytes(handle) -> an ArrayBuffer with a copy of the tensor's elements in row-major order.
napi_value read_tensor_bytes(Call& call) {
  auto args = arguments<1>(call);
  note_read(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "read");
  require_dense(tensor, "Cannot read elements");
  // A conjugated or negated view says so in a flag and leaves the bytes alone.
  at::Tensor flat = with_memory(tensor.detach()).cpu().resolve_conj().resolve_neg().contiguous();
  return make_array_buffer(call, flat.numel() ? flat.data_ptr() : nullptr, flat.nbytes());
}

// readStorage(handle) -> an ArrayBuffer with a copy of all memory behind the tensor.
napi_value read_storage_bytes(Call& call) {
  auto args = arguments<1>(call);
  note_read(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "read");
  require_dense(tensor, "Cannot read a storage");
  if (!tensor.device().is_cpu()) throw Refused(Refusal::kType, "Cannot read a storage: expected a tensor on the CPU");
  const at::Tensor held = with_memory(tensor.detach());
  const auto& memory = held.storage();
  return make_array_buffer(call, memory.nbytes() ? memory.data() : nullptr, memory.nbytes());
}

// item(handle, asBigInt): the only element.
napi_value item(Call& call) {
  auto args = arguments<2>(call);
  note_read(call);
  const at::Tensor& tensor = find_tensor(call, read_double(call, args[0], "handle"), "item");
  bool as_bigint = read_bool(call, args[1], "asBigInt");
  if (tensor.numel() != 1) {
    throw Refused(Refusal::kShape, "Cannot read item: expected a tensor of one element, got shape " + describe_sizes(tensor.sizes()) +
                                       "; use toArray()");
  }
  if (as_bigint && !at::isIntegralType(tensor.scalar_type(), true)) {
    throw Refused(Refusal::kDType, "Cannot read item as a bigint: expected an integer tensor, got " + describe_tensor(tensor));
  }
  return make_scalar(call, tensor.item(), as_bigint);
}

}  // namespace

void register_tensor(Registrar& add) {
  add("own", guard<own>);
  add("alias", guard<alias>);
  add("free", guard<free_tensor>);
  add("beginScope", guard<begin_scope>);
  add("endScope", guard<end_scope>);
  add("keep", guard<keep>);
  add("adopt", guard<adopt>);
  add("isLive", guard<is_live>);
  add("liveTensors", guard<live_tensors>);
  add("listTensors", guard<list_tensors>);
  add("markParameter", guard<mark_parameter>);
  add("trainedParameters", guard<trained_parameters>);
  add("shape", guard<shape>);
  add("ndim", guard<ndim>);
  add("numel", guard<numel>);
  add("size", guard<size>);
  add("stride", guard<stride>);
  add("dtype", guard<dtype>);
  add("layout", guard<layout>);
  add("device", guard<device>);
  add("storageOffset", guard<storage_offset>);
  add("storage", guard<storage>);
  add("fromBytes", guard<from_bytes>);
  add("readBytes", guard<read_tensor_bytes>);
  add("readStorage", guard<read_storage_bytes>);
  add("item", guard<item>);
}

}  // namespace sconce
