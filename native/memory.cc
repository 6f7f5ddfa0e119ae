// Host memory: an allocator that keeps large blocks for the next step and refuses what the machine has not left, and buffers shared with JavaScript.
#include <ATen/ops/from_blob.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/version.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "addon.h"
#include "convert.h"
#include "errors.h"

namespace sconce {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
// Smaller blocks are glibc's, which is told below to keep them. Larger ones it would map and unmap at every step, a page fault each 4 KiB.
constexpr size_t kLargeBytes = 16 * kMiB;
constexpr size_t kGranularityBytes = 2 * kMiB;
constexpr size_t kAlignment = 64;

uint64_t read_number(const char* path) {
  std::ifstream file(path);
  std::string word;
  if (!(file >> word) || word == "max") return UINT64_MAX;
  return std::strtoull(word.c_str(), nullptr, 10);
}

uint64_t meminfo_available() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  uint64_t kib = 0;
  std::string unit;
  while (file >> key >> kib >> unit) {
    if (key == "MemAvailable:") return kib * 1024;
  }
  return UINT64_MAX;
}

// The sum of these lines of a cgroup's memory.stat.
uint64_t read_stat(const char* path, std::initializer_list<const char*> names) {
  std::ifstream file(path);
  std::string name;
  uint64_t bytes = 0, sum = 0;
  while (file >> name >> bytes) {
    if (std::find(names.begin(), names.end(), name) != names.end()) sum += bytes;
  }
  return sum;
}

// What a cgroup (version 2, else 1) leaves. Its usage counts the page cache, which goes when memory is wanted: files that were read take nothing away.
uint64_t cgroup_available() {
  uint64_t limit = read_number("/sys/fs/cgroup/memory.max");
  uint64_t used = read_number("/sys/fs/cgroup/memory.current");
  uint64_t cached = read_stat("/sys/fs/cgroup/memory.stat", {"active_file", "inactive_file"});
  if (limit == UINT64_MAX) {
    limit = read_number("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    used = read_number("/sys/fs/cgroup/memory/memory.usage_in_bytes");
    cached = read_stat("/sys/fs/cgroup/memory/memory.stat", {"total_active_file", "total_inactive_file"});
  }
  if (limit == UINT64_MAX || used == UINT64_MAX) return UINT64_MAX;
  used -= std::min(used, cached);
  return limit > used ? limit - used : 0;
}

// What this process may still take.
uint64_t available_bytes() { return std::min(meminfo_available(), cgroup_available()); }

std::string in_gib(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f GiB", static_cast<double>(bytes) / (1024.0 * kMiB));
  return text;
}

class HostAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t size)
#if TORCH_VERSION_MAJOR < 2
      const override
#else
      override
#endif
  {
    void* data = size == 0 ? nullptr : size < kLargeBytes ? take_small(size) : take_large(size);
    // Small blocks need no look into the map of large ones when they go.
    return {data, data, size < kLargeBytes ? &std::free : &HostAllocator::give_back, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &HostAllocator::give_back; }
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  void copy_data(void* target, const void* source, std::size_t count) const override { default_copy_data(target, source, count); }
#endif

  void release_cache() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [size, data] : spare_) std::free(data);
    spare_.clear();
    spare_bytes_ = 0;
  }

  static HostAllocator& instance() {
    static auto* allocator = new HostAllocator;  // outlives every tensor
    return *allocator;
  }

 private:
  static void give_back(void* data) {
    if (data) instance().put(data);
  }

  static void* take_small(size_t size) {
    void* data = nullptr;
    if (posix_memalign(&data, kAlignment, size) != 0) refuse(size, available_bytes());
    return data;
  }

  void* take_large(size_t size) const {
    size_t rounded = (size + kGranularityBytes - 1) / kGranularityBytes * kGranularityBytes;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto found = spare_.lower_bound(rounded);
      if (found != spare_.end() && found->first <= rounded + rounded / 4) {
        void* data = found->second;
        spare_bytes_ -= found->first;
        large_.emplace(data, found->first);
        spare_.erase(found);
        return data;
      }
    }
    uint64_t left = available_bytes();
    if (rounded > left) {
      // What is kept for the next step counts as left.
      const_cast<HostAllocator*>(this)->release_cache();
      left = available_bytes();
      if (rounded > left) refuse(size, left);
    }
    void* data = nullptr;
    if (posix_memalign(&data, kAlignment, rounded) != 0) refuse(size, left);
    std::lock_guard<std::mutex> lock(mutex_);
    large_.emplace(data, rounded);
    return data;
  }

  void put(void* data) const {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto found = large_.find(data);
      if (found != large_.end()) {
        size_t size = found->second;
        large_.erase(found);
        if (spare_bytes_ + size <= kSpareLimitBytes) {
          spare_.emplace(size, data);
          spare_bytes_ += size;
          return;
        }
      }
    }
    std::free(data);
  }

  [[noreturn]] static void refuse(size_t size, uint64_t left) {
    throw Refused(Refusal::kOutOfMemory,
                  "expected " + in_gib(size) + " of memory to be left, got " + in_gib(left) + "; use a smaller batch or model, or free tensors");
  }

  static constexpr size_t kSpareLimitBytes = 2048 * kMiB;
  mutable std::mutex mutex_;
  mutable std::multimap<size_t, void*> spare_;
  mutable std::unordered_map<void*, size_t> large_;
  mutable size_t spare_bytes_ = 0;
};

std::once_flag allocator_installed;

// The whole process keeps what a step frees for the next step, instead of giving it back to the system and faulting it in again.
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
  auto args = arguments<2>(call);
  auto type = read_dtype(call, args[0]);
  auto sizes = read_ints(call, args[1], "shape");
  size_t bytes = byte_count(type, sizes, "make a host buffer");
  auto* block = new HostBlock;
  std::unique_ptr<HostBlock, void (*)(HostBlock*)> first(block, drop);
  block->memory = HostAllocator::instance().allocate(std::max<size_t>(bytes, 1));
  block->references.fetch_add(1);
  at::Tensor tensor = at::from_blob(
      block->memory.get(), sizes, [block](void*) { drop(block); }, at::TensorOptions().dtype(type));
  napi_value buffer, pair;
  block->references.fetch_add(1);
  napi_status made = napi_create_external_arraybuffer(
      call.env, block->memory.get(), bytes, [](napi_env, void*, void* hint) { drop(static_cast<HostBlock*>(hint)); }, block, &buffer);
  if (made != napi_ok) {
    drop(block);
    check(call, made);
  }
  check(call, napi_create_array_with_length(call.env, 2, &pair));
  check(call, napi_set_element(call.env, pair, 0, make_number(call, call.self.tensors.insert(std::move(tensor)))));
  check(call, napi_set_element(call.env, pair, 1, buffer));
  return pair;
}

napi_value empty_cache(Call&) {
  HostAllocator::instance().release_cache();
  return nullptr;
}

}  // namespace

void register_memory(Registrar& add) {
  std::call_once(allocator_installed, install_allocator);
  add("hostBuffer", guard<host_buffer>);
  add("emptyCache", guard<empty_cache>);
}

}  // namespace sconce
