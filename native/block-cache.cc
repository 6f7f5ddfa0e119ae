// Blocks of host memory by size class: a cache a thread for the sizes of small steps, one of the process for large blocks, the system behind both.
#include "block-cache.h"

#ifdef __linux__
#include <malloc.h>
#include <sys/mman.h>
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "errors.h"

namespace sconce {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr size_t kHugePage = 2 * kMiB;
constexpr size_t kAlignment = 64;
// Larger blocks are shared by all threads: filling one takes so long that a lock does not matter.
constexpr size_t kThreadBlockBytes = kMiB;
// A full cache takes no more blocks. One that is half full and has not what is wanted gives everything back: it is full of sizes that come no more.
constexpr size_t kThreadLimitBytes = 64 * kMiB;
// So much is asked of the system between two looks at what the machine has left.
constexpr size_t kUncheckedBytes = 16 * kMiB;

// Classes: multiples of 64 up to 512, then eight to each doubling, so that at most an eighth of a block is unused.
constexpr int kLinearClasses = 8;
constexpr int kNumClasses = kLinearClasses + 8 * (62 - 9);

int class_of(size_t bytes) {
  if (bytes <= 512) return static_cast<int>((bytes - 1) / kAlignment);
  int log = 63 - __builtin_clzll(bytes - 1);
  return kLinearClasses + (log - 9) * 8 + static_cast<int>(((bytes - 1) >> (log - 3)) & 7);
}

size_t capacity_of(int size_class) {
  if (size_class < kLinearClasses) return (size_class + 1) * kAlignment;
  int log = (size_class - kLinearClasses) / 8 + 9;
  return (static_cast<size_t>((size_class - kLinearClasses) % 8) + 9) << (log - 3);
}

// In front of every block. Its own cache line also keeps blocks of a power of two from all falling into the same sets of the processor's cache.
struct alignas(kAlignment) Header {
  Header* next;  // while it is kept
  int size_class;
};
static_assert(alignof(Header) == kAlignment && sizeof(Header) == kAlignment);

std::atomic<uint64_t> in_use{0};
std::atomic<uint64_t> peak{0};
std::atomic<int64_t> cached{0};
std::atomic<uint64_t> allocations{0};
std::atomic<uint64_t> system_allocations{0};
std::atomic<uint64_t> unchecked{0};
std::atomic<uint32_t> release_epoch{0};

// Kept blocks, the last one given back first: it is still in the processor's cache.
struct Shelves {
  std::array<Header*, kNumClasses> tops{};
  size_t bytes = 0;

  Header* take_exact(int size_class) {
    Header* header = tops[size_class];
    if (!header) return nullptr;
    tops[size_class] = header->next;
    bytes -= capacity_of(size_class);
    return header;
  }
  bool put(Header* header, size_t limit) {
    size_t capacity = capacity_of(header->size_class);
    if (bytes + capacity > limit) return false;
    header->next = tops[header->size_class];
    tops[header->size_class] = header;
    bytes += capacity;
    return true;
  }
  // A block of the class, or of one that is a little larger.
  Header* take(int size_class, int most_larger, size_t limit) {
    for (int larger = size_class; larger <= std::min(size_class + most_larger, kNumClasses - 1); ++larger) {
      if (Header* header = take_exact(larger)) return header;
    }
    if (bytes > limit / 2) release();
    return nullptr;
  }
  void release() {
    cached.fetch_sub(static_cast<int64_t>(bytes), std::memory_order_relaxed);
    for (Header*& top : tops) {
      while (top) {
        Header* next = top->next;
        std::free(top);
        top = next;
      }
    }
    bytes = 0;
  }
};

struct ThreadCache {
  Shelves shelves;
  uint32_t epoch = release_epoch.load(std::memory_order_relaxed);
  ~ThreadCache() { shelves.release(); }
};

struct SharedCache {
  std::mutex mutex;
  Shelves shelves;
  const size_t limit = available_bytes() / 4;
};

SharedCache& shared_cache() {
  static auto* cache = new SharedCache;  // outlives every tensor
  return *cache;
}

// Null while a thread ends, whose cache is gone before its last tensors are.
thread_local ThreadCache* thread_cache = nullptr;

struct ThreadCacheOwner {
  ThreadCache cache;
  ThreadCacheOwner() { thread_cache = &cache; }
  ~ThreadCacheOwner() {
    thread_cache = nullptr;
    has_ended = true;
  }
  static thread_local bool has_ended;
};
thread_local bool ThreadCacheOwner::has_ended = false;

ThreadCache* current_cache() {
  if (thread_cache) return thread_cache;
  if (ThreadCacheOwner::has_ended) return nullptr;
  static thread_local ThreadCacheOwner owner;
  return thread_cache = &owner.cache;
}

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

// What one cgroup leaves. Its usage counts the page cache, which goes when memory is wanted: files that were read take nothing away.
uint64_t left_in(const std::string& folder, bool is_v2) {
  uint64_t limit = read_number((folder + (is_v2 ? "/memory.max" : "/memory.limit_in_bytes")).c_str());
  uint64_t used = read_number((folder + (is_v2 ? "/memory.current" : "/memory.usage_in_bytes")).c_str());
  if (limit == UINT64_MAX || used == UINT64_MAX) return UINT64_MAX;
  std::string stat = folder + "/memory.stat";
  uint64_t files = is_v2 ? read_stat(stat.c_str(), {"active_file", "inactive_file"})
                         : read_stat(stat.c_str(), {"total_active_file", "total_inactive_file"});
  used -= std::min(used, files);
  return limit > used ? limit - used : 0;
}

struct CgroupFolder {
  std::string path;
  bool is_v2;
};

// The cgroups of this process that may have a limit: its own and all around it, up to the root. A container sees its own as the root, and may be told of a
// path that it cannot see.
std::vector<CgroupFolder> own_cgroups() {
  std::vector<CgroupFolder> found;
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    bool is_v2 = controllers == ",,";
    if (!is_v2 && controllers.find(",memory,") == std::string::npos) continue;
    std::string root = is_v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    std::string inside = line.substr(second + 1);
    while (inside.size() > 1) {
      found.push_back({root + inside, is_v2});
      inside.resize(inside.find_last_of('/'));
    }
    found.push_back({root, is_v2});
  }
  return found;
}

uint64_t cgroup_available() {
  static const std::vector<CgroupFolder> folders = own_cgroups();
  uint64_t left = UINT64_MAX;
  for (const CgroupFolder& folder : folders) left = std::min(left, left_in(folder.path, folder.is_v2));
  return left;
}

std::string in_gib(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f GiB", static_cast<double>(bytes) / (1024.0 * kMiB));
  return text;
}

[[noreturn]] void refuse(size_t bytes, uint64_t left) {
  throw Refused(Refusal::kOutOfMemory,
                "expected " + in_gib(bytes) + " of memory to be left, got " + in_gib(left) + "; use a smaller batch or model, or free tensors");
}

// The kernel would end the process where it finds no page for an address that it has given out. So the machine is asked before.
void require_left(size_t bytes, size_t wanted) {
  if (unchecked.fetch_add(bytes, std::memory_order_relaxed) + bytes < kUncheckedBytes) return;
  unchecked.store(0, std::memory_order_relaxed);
  if (bytes <= available_bytes()) return;
  release_cached_blocks();  // what is kept counts as left
  uint64_t left = available_bytes();
  if (bytes > left) refuse(wanted, left);
}

// `wanted` is what the caller asked for, before it was rounded up: messages tell that.
Header* from_system(int size_class, size_t wanted, Pages pages) {
  size_t bytes = capacity_of(size_class) + sizeof(Header);
  require_left(bytes, wanted);
  bool is_huge = pages == Pages::kLarge && bytes >= 2 * kHugePage;
  void* data = nullptr;
  if (posix_memalign(&data, is_huge ? kHugePage : kAlignment, bytes) != 0) {
    release_cached_blocks();
    if (posix_memalign(&data, kAlignment, bytes) != 0) refuse(wanted, available_bytes());
  }
#ifdef __linux__
  // Large blocks in large pages, where the system lets a process ask: a five-hundredth of the page faults. Without them all works as well.
  if (is_huge) madvise(data, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  system_allocations.fetch_add(1, std::memory_order_relaxed);
  auto* header = static_cast<Header*>(data);
  header->size_class = size_class;
  return header;
}

// Of the large ones a block up to a quarter larger will do, so that batches whose sizes vary a little share their memory.
Header* from_shared(int size_class) {
  SharedCache& shared = shared_cache();
  std::lock_guard<std::mutex> lock(shared.mutex);
  return shared.shelves.take(size_class, 2, shared.limit);
}

Header* from_thread(int size_class) {
  ThreadCache* cache = current_cache();
  if (!cache) return nullptr;
  uint32_t epoch = release_epoch.load(std::memory_order_relaxed);
  if (cache->epoch != epoch) {
    cache->shelves.release();
    cache->epoch = epoch;
  }
  return cache->shelves.take(size_class, 0, kThreadLimitBytes);
}

void count_use(size_t bytes) {
  uint64_t now = in_use.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  uint64_t most = peak.load(std::memory_order_relaxed);
  while (now > most && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
  allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

uint64_t available_bytes() { return std::min(meminfo_available(), cgroup_available()); }

void* take_block(size_t bytes, Pages pages) {
  if (bytes > size_t{1} << 61) refuse(bytes, available_bytes());
  int size_class = class_of(bytes);
  Header* header = capacity_of(size_class) <= kThreadBlockBytes ? from_thread(size_class) : from_shared(size_class);
  if (header) {
    cached.fetch_sub(static_cast<int64_t>(capacity_of(header->size_class)), std::memory_order_relaxed);
  } else {
    header = from_system(size_class, bytes, pages);
  }
  count_use(capacity_of(header->size_class));
  return header + 1;
}

void give_block(void* data) {
  Header* header = static_cast<Header*>(data) - 1;
  size_t capacity = capacity_of(header->size_class);
  in_use.fetch_sub(capacity, std::memory_order_relaxed);
  cached.fetch_add(static_cast<int64_t>(capacity), std::memory_order_relaxed);
  if (capacity <= kThreadBlockBytes) {
    ThreadCache* cache = current_cache();
    if (cache && cache->shelves.put(header, kThreadLimitBytes)) return;
  } else {
    SharedCache& shared = shared_cache();
    std::lock_guard<std::mutex> lock(shared.mutex);
    if (shared.shelves.put(header, shared.limit)) return;
  }
  cached.fetch_sub(static_cast<int64_t>(capacity), std::memory_order_relaxed);
  std::free(header);
}

void release_cached_blocks() {
  release_epoch.fetch_add(1, std::memory_order_relaxed);
  if (ThreadCache* cache = current_cache()) {
    cache->shelves.release();
    cache->epoch = release_epoch.load(std::memory_order_relaxed);
  }
  {
    SharedCache& shared = shared_cache();
    std::lock_guard<std::mutex> lock(shared.mutex);
    shared.shelves.release();
  }
#ifdef __GLIBC__
  malloc_trim(0);  // blocks below the threshold of mmap lie in the C library's heap, which memory.cc tells to keep a lot
#endif
}

HostMemoryCounters host_memory_counters() {
  auto read = [](const auto& counter) { return static_cast<uint64_t>(counter.load(std::memory_order_relaxed)); };
  return {read(in_use), read(peak), read(cached), read(allocations), read(system_allocations)};
}

void reset_peak_memory() { peak.store(in_use.load(std::memory_order_relaxed), std::memory_order_relaxed); }

}  // namespace sconce
