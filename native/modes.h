// What autocast is set to in a thread, to be carried to another thread or another time.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace sconce {

// The CPU's autocast and CUDA's, and whether weights that are cast are kept, as they are where this is made.
struct AutocastState {
  AutocastState();
  void apply() const;
  at::ScalarType dtypes[2];
  bool is_enabled[2];
  bool is_cache_enabled;
};

// Sets autocast for a while. Weights that are cast meanwhile are forgotten with the outermost.
class AutocastGuard {
 public:
  explicit AutocastGuard(const AutocastState& state);
  ~AutocastGuard();
  AutocastGuard(const AutocastGuard&) = delete;
  AutocastGuard& operator=(const AutocastGuard&) = delete;

 private:
  AutocastState before_;
};

}  // namespace sconce
