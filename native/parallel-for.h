// A loop in libtorch's threads. `at::parallel_for` is that only in code compiled with OpenMP, which the addon is not: there it is a loop in one thread.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

extern "C" {
// Of the libgomp that libtorch brings; none where it has other threads.
void GOMP_parallel(void (*function)(void*), void* data, unsigned num_threads, unsigned flags) __attribute__((weak));
int omp_get_num_threads() __attribute__((weak));
int omp_get_thread_num() __attribute__((weak));
}

namespace sconce {

// Calls `function(begin, end)`, which throws nothing, with ranges of at least `grain` (but for the last), in parts as even as libtorch makes them.
template <typename Function>
void parallel_for(int64_t begin, int64_t end, int64_t grain, const Function& function) {
  if (begin >= end) return;
  struct Loop {
    int64_t begin, end, grain;
    const Function& function;
  } loop{begin, end, std::max<int64_t>(1, grain), function};
  if (end - begin <= loop.grain || !GOMP_parallel || !omp_get_num_threads || !omp_get_thread_num || at::get_num_threads() == 1 || at::in_parallel_region()) {
    function(begin, end);
    return;
  }
  auto run_part = [](void* data) {
    const Loop& all = *static_cast<Loop*>(data);
    const int64_t count = all.end - all.begin;
    const int64_t num_parts = std::min<int64_t>(omp_get_num_threads(), (count + all.grain - 1) / all.grain);
    const int64_t size = (count + num_parts - 1) / num_parts;
    const int64_t from = all.begin + omp_get_thread_num() * size;
    if (from < all.end) all.function(from, std::min(all.end, from + size));
  };
  // No count of threads: libgomp would make its threads anew for each other count.
  GOMP_parallel(run_part, &loop, 0, 0);
}

}  // namespace sconce
