// Inputs that libtorch does not survive, refused before it sees them. The table is in guards.cc, and docs/guarded-operators.md lists it.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/stack.h>

#include <string>
#include <vector>

#include "call.h"

namespace sconce {

// The arguments of one call, by the names that the schema gives them.
class GuardedCall {
 public:
  GuardedCall(const Plan& plan, torch::jit::Stack& stack) : plan_(plan), stack_(stack) {}

  const Plan& plan() const { return plan_; }
  // None where the operator has no such argument, or it is absent.
  const at::IValue& value(const char* name) const;
  // Undefined where it is absent.
  at::Tensor tensor(const char* name) const;
  std::vector<at::Tensor> tensors(const char* name) const;
  std::vector<int64_t> integers(const char* name) const;
  int64_t integer(const char* name, int64_t otherwise) const;
  bool flag(const char* name, bool otherwise) const;

  // Puts another tensor in the place of one.
  void replace(const char* name, at::Tensor tensor) const;
  // Puts another integer in the place of the last of `count`, of which one may stand for all.
  void replace_last(const char* name, int64_t value, int64_t count) const;
  [[noreturn]] void refuse(const std::string& wanted, const std::string& got) const;

 private:
  const Plan& plan_;
  torch::jit::Stack& stack_;
};

// One line of the table. `operators` are names without overload, or with one, separated by spaces; a `*` at the end stands for any ending.
struct Guard {
  const char* operators;
  void (*check)(const GuardedCall& call);
  const char* input;    // what is refused
  const char* outcome;  // what libtorch would do
};

// The guards of an operator, as in "add.Tensor"; nothing for almost all.
std::vector<const Guard*> find_guards(const std::string& qualified);

}  // namespace sconce
