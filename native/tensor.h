// The table of tensors: a handle is slot, generation and environment number packed in one double, checked at every use.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sconce {

// 53 bits: environment (10) | slot (22) | generation (21). A slot whose generations are used up is retired, so a handle never comes back.
constexpr int kGenerationBits = 21;
constexpr int kSlotBits = 22;
constexpr int kEnvironmentBits = 10;
constexpr uint32_t kMaxGeneration = (1u << kGenerationBits) - 1;
constexpr uint32_t kMaxSlots = 1u << kSlotBits;

enum class HandleFault { kNone, kNotAHandle, kForeign, kFreed };

class TensorTable {
 public:
  TensorTable();
  ~TensorTable();

  // Takes the tensor over. Inside a scope it is freed with the scope, else it lives until `free`.
  double insert(at::Tensor tensor);
  // The tensor, or null with the reason in `fault`.
  const at::Tensor* find(double handle, HandleFault* fault = nullptr) const;
  // Frees; a handle that is free already is left alone. Returns whether something was freed.
  bool free(double handle);

  // Returns how many scopes were open before.
  size_t begin_scope();
  // Ends every scope that was begun when `depth` or more were open: one, unless JavaScript ran out of stack before it could end those inside. Frees
  // what they hold except `survivors`, which go to the scope around, or to none.
  void end_scope(size_t depth, const double* survivors, size_t count);
  // Takes a tensor out of its scope: `free` alone ends it.
  bool keep(double handle);
  // Puts a tensor that no scope holds into the innermost scope.
  bool adopt(double handle);

  size_t live() const { return live_; }
  // For every live tensor: its handle, and how many scopes are around the one that holds it, -1 where none does.
  void list(std::vector<double>* handles, std::vector<int64_t>* depths) const;

  // Parameters are looked for among all that are alive.
  void mark_parameter(double handle);
  std::vector<double> parameters() const;

  // Marks that an owner object frees this tensor. False where one does already: two would free it twice, the first while it is in use.
  bool take_owner(double handle);
  // Handles whose owner object was collected. Freed at the end of a native call and not in the collection itself: TypeScript may have read a
  // handle out of a tensor object that the collector then takes before the native call that uses the handle begins.
  void release_later(double handle) { pending_.push_back(handle); }
  bool has_pending() const { return !pending_.empty(); }
  void drain();
  // Notes bytes that were reported to V8 for this tensor; `take_returned_bytes` gives back what freed tensors had reported.
  void note_reported(double handle, int64_t bytes);
  int64_t take_returned_bytes() {
    int64_t bytes = returned_bytes_;
    returned_bytes_ = 0;
    return bytes;
  }
  void clear();

 private:
  struct Slot {
    at::Tensor tensor;
    uint32_t generation = 1;
    bool is_scoped = false;
    bool is_used = false;
    bool is_owned = false;
    bool is_parameter = false;
    int64_t reported_bytes = 0;
  };
  double pack(uint32_t slot) const;
  bool unpack(double handle, uint32_t* slot, HandleFault* fault) const;
  void release(uint32_t slot);

  uint64_t environment_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_slots_;
  std::vector<double> scoped_;
  std::vector<size_t> scope_starts_;
  std::vector<double> pending_;
  size_t live_ = 0;
  int64_t returned_bytes_ = 0;
};

}  // namespace sconce
