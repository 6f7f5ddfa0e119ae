// Host memory: libtorch's CPU allocator over the block cache, its counters, and memory shared with JavaScript.
#include <ATen/ops/from_blob.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/version.h>
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 10)
#include <c10/core/CachingDeviceAllocator.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "addon.h"
#include "block-cache.h"
#include "capture-notes.h"
#include "convert.h"
#include "dtype.h"
#include "errors.h"
#include "file-memory.h"
#include "js-callback.h"

namespace sconce {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

class HostAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t size)
#if TORCH_VERSION_MAJOR < 2
      const override
#else
      override
#endif
  {
    return own(size == 0 ? nullptr : take_block(size));
  }
  static c10::DataPtr own(void* block) { return {block, block, &HostAllocator::give_back, c10::Device(c10::kCPU)}; }
  c10::DeleterFnPtr raw_deleter() const override { return &HostAllocator::give_back; }
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  void copy_data(void* target, const void* source, std::size_t count) const override { default_copy_data(target, source, count); }
#endif

  static HostAllocator& instance() {
    static auto* allocator = new HostAllocator;  // outlives every tensor
    return *allocator;
  }

 private:
  static void give_back(void* data) {
    if (data) give_block(data);
  }
};

std::once_flag allocator_installed;

// What tensors let go of is kept in block-cache.cc; glibc keeps what libraries beside them (oneDNN, MKL) take and free at every step, instead of
// giving it back to the system and faulting it in again.
void install_allocator() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);
  mallopt(M_TRIM_THRESHOLD, 1024 * kMiB);
  mallopt(M_TOP_PAD, 16 * kMiB);
#endif
  c10::SetCPUAllocator(&HostAllocator::instance(), 1);
}

// Memory that an ArrayBuffer and tensors share: whoever lets go last frees it.
struct HostBlock {
  std::atomic<int> references{1};
  c10::DataPtr memory;
};

void drop(HostBlock* block) {
  if (block->references.fetch_sub(1) == 1) delete block;
}

// hostBuffer(dtype, shape) -> [handle, ArrayBuffer]: a tensor and its memory, uninitialized.
napi_value host_buffer(Call& call) {
  refuse_capture("it makes a tensor of JavaScript's values; give it as an argument");
  auto args = arguments<2>(call);
  auto type = read_dtype(call, args[0]);
  auto sizes = read_ints(call, args[1], "shape");
  size_t bytes = byte_count(type, sizes, "make a host buffer");
  auto* block = new HostBlock;
  std::unique_ptr<HostBlock, void (*)(HostBlock*)> first(block, drop);
  // It is filled once, from a file mostly. A virtual machine has often given its free large pages back to the host, and their first touch is dear.
  block->memory = HostAllocator::own(take_block(std::max<size_t>(bytes, 1), Pages::kSmall));
  block->references.fetch_add(1);
  at::Tensor tensor = at::from_blob(
      block->memory.get(), sizes, [block](void*) { drop(block); }, at::TensorOptions().dtype(type));
  napi_value buffer, pair;
  block->references.fetch_add(1);
  napi_status made = napi_create_external_arraybuffer(
      call.env, block->memory.get(), bytes, [](napi_env, void*, void* hint) { drop(static_cast<HostBlock*>(hint)); }, block, &buffer);
  // Node lets go of what it is given where it makes no buffer, too.
  if (made != napi_ok) refuse_buffer(call, bytes);
  check(call, napi_create_array_with_length(call.env, 2, &pair));
  check(call, napi_set_element(call.env, pair, 0, make_number(call, call.self.tensors.insert(std::move(tensor)))));
  check(call, napi_set_element(call.env, pair, 1, buffer));
  return pair;
}

// The count of users that lies in the memory of a SharedArrayBuffer, if the caller has one there.
int32_t* read_users(Call& call, napi_value value, napi_value memory) {
  if (is_absent(call, value)) return nullptr;
  Bytes bytes = read_bytes(call, value);
  napi_value buffer;
  bool is_same = false;
  check(call, napi_get_typedarray_info(call.env, value, nullptr, nullptr, nullptr, &buffer, nullptr));
  check(call, napi_strict_equals(call.env, buffer, memory, &is_same));
  if (!is_same || bytes.size != sizeof(int32_t) || reinterpret_cast<uintptr_t>(bytes.data) % alignof(int32_t) != 0) {
    throw Refused(Refusal::kRange, "Cannot share memory: expected a count of 4 aligned bytes in the same memory, got another");
  }
  return static_cast<int32_t*>(const_cast<void*>(bytes.data));
}

// fromShared(dtype, shape, bytes, users?) -> a tensor over the memory of a SharedArrayBuffer, which it keeps alive. Such memory is never moved or made smaller.
// When nothing uses the tensor's memory any more, on whatever thread that is, the int32 at `users` goes down by one: whoever owns the memory may fill it anew.
napi_value from_shared(Call& call) {
  refuse_capture("it makes a tensor of JavaScript's values; give it as an argument");
  auto args = arguments<4>(call);
  auto type = read_dtype(call, args[0]);
  auto sizes = read_ints(call, args[1], "shape");
  Bytes bytes = read_bytes(call, args[2]);
  napi_value buffer;
  bool may_go = false;
  check(call, napi_get_typedarray_info(call.env, args[2], nullptr, nullptr, nullptr, &buffer, nullptr));
  check(call, napi_is_arraybuffer(call.env, buffer, &may_go));
  if (may_go) throw Refused(Refusal::kType, "Cannot share memory: expected a SharedArrayBuffer, got an ArrayBuffer");
  size_t wanted = byte_count(type, sizes, "share memory");
  if (wanted != bytes.size) {
    throw Refused(Refusal::kRange, "Cannot share memory: expected " + std::to_string(wanted) + " bytes for shape " + describe_sizes(sizes) + ", got " +
                                       std::to_string(bytes.size));
  }
  size_t alignment = c10::elementSize(type);
  if (size_t beyond = reinterpret_cast<uintptr_t>(bytes.data) % alignment; beyond != 0 && wanted != 0) {
    throw Refused(Refusal::kRange, std::string("Cannot share memory: expected bytes that begin at a multiple of ") + std::to_string(alignment) + " for " +
                                       find_dtype_name(static_cast<int64_t>(type)) + ", got a view that begins " + std::to_string(beyond) + " beyond one");
  }
  int32_t* users = read_users(call, args[3], buffer);
  // Any thread may let go of the tensor last; the reference then goes on this one.
  auto held = std::make_shared<JsReference>(call.self, buffer);
  auto let_go = [held, users](void*) {
    if (users) __atomic_fetch_sub(users, 1, __ATOMIC_SEQ_CST);
  };
  at::Tensor tensor = at::from_blob(const_cast<void*>(bytes.data), sizes, std::move(let_go), at::TensorOptions().dtype(type));
  return make_number(call, call.self.tensors.insert(std::move(tensor)));
}

// memoryCounters() -> [in use, peak, cached, allocations, allocations from the system, left on the machine], bytes and counts of the process
napi_value memory_counters(Call& call) {
  auto counters = host_memory_counters();
  double numbers[] = {static_cast<double>(counters.in_use),      static_cast<double>(counters.peak),
                      static_cast<double>(counters.cached),      static_cast<double>(counters.allocations),
                      static_cast<double>(counters.system_allocations), static_cast<double>(available_bytes())};
  return make_array(call, numbers, std::size(numbers));
}

// deviceMemory(index) -> [allocated, most allocated, reserved, free, all of it], bytes of a GPU; undefined where this libtorch cannot tell or has not used it.
napi_value device_memory(Call& call) {
  auto args = arguments<1>(call);
  int64_t index = read_int(call, args[0], "index");
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 10)
  auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(c10::DeviceType::CUDA));
  if (!allocator || !allocator->initialized()) return nullptr;
  auto device = static_cast<c10::DeviceIndex>(index);
  constexpr auto kAll = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  auto stats = allocator->getDeviceStats(device);
  auto [left, total] = allocator->getMemoryInfo(device);
  double numbers[] = {static_cast<double>(stats.allocated_bytes[kAll].current), static_cast<double>(stats.allocated_bytes[kAll].peak),
                      static_cast<double>(stats.reserved_bytes[kAll].current), static_cast<double>(left), static_cast<double>(total)};
  return make_array(call, numbers, std::size(numbers));
#else
  (void)index;
  return nullptr;
#endif
}

napi_value reset_peak(Call&) {
  reset_peak_memory();
  return nullptr;
}

napi_value empty_cache(Call&) {
  release_cached_blocks();
  return nullptr;
}

}  // namespace

void register_memory(Registrar& add) {
  std::call_once(allocator_installed, install_allocator);
  add("hostBuffer", guard<host_buffer>);
  add("fromShared", guard<from_shared>);
  add("emptyCache", guard<empty_cache>);
  add("memoryCounters", guard<memory_counters>);
  add("deviceMemory", guard<device_memory>);
  add("resetPeakMemory", guard<reset_peak>);
}

}  // namespace sconce
