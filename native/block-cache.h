// Blocks of host memory that are kept when tensors let go of them, for the tensors of the next step.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sconce {

// Bytes of the whole process. What a block holds counts with what its size was rounded up to.
struct HostMemoryCounters {
  uint64_t in_use;
  uint64_t peak;         // the most that was in use since `reset_peak_memory`
  uint64_t cached;       // kept for later tensors
  uint64_t allocations;  // blocks handed out so far
  uint64_t system_allocations;  // those among them that the system had to be asked for
};

// A block of at least so many bytes, aligned to 64. Throws `Refused` where the machine has not that much left.
enum class Pages : uint8_t { kSmall, kLarge };
void* take_block(size_t bytes, Pages pages = Pages::kLarge);
// Takes back what `take_block` gave, on any thread.
void give_block(void* data);
// Gives all that is kept to the system: at once for the calling thread and what threads share, for other threads when they next allocate.
void release_cached_blocks();

HostMemoryCounters host_memory_counters();
void reset_peak_memory();
// What this process may still take from the machine or its cgroup; UINT64_MAX where neither says.
uint64_t available_bytes();

}  // namespace sconce
