// An operator's schema turned once into a plan: how each argument is read, from which position, with which default.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include <string>
#include <vector>

namespace sconce {

enum class ArgumentKind : uint8_t {
  kTensor,
  kTensorList,
  kOptionalTensorList,
  kScalar,
  kScalarList,
  kInt,
  kIntList,
  kFloat,
  kFloatList,
  kBool,
  kBoolList,
  kString,
  kDType,
  kLayout,
  kMemoryFormat,
  kDevice,
  kGenerator,
};

struct PlannedArgument {
  std::string name;
  ArgumentKind kind;
  bool is_optional;  // None is a value
  bool has_default;
  int repeat;      // where the schema fixes a list's length, a single number stands for it; else 0, and only a list will do
  int source;      // position among the JavaScript arguments, -1 where the caller's libtorch did not know this argument
  at::IValue fallback;
};

struct Guard;

// What an operator gives of a sparse tensor. libtorch's kernels trust the indices, so one that is made is looked at, indices are given as a copy, which
// nobody's writes reach, and values with a shape of their own.
enum class SparsePart : uint8_t { kNone, kWhole, kIndices, kValues };

struct Plan {
  c10::OperatorHandle op;
  std::string name;
  std::vector<PlannedArgument> arguments;
  // Arguments that the caller knows and this libtorch lacks: they must be absent.
  std::vector<std::pair<int, std::string>> unknown;
  bool returns_self;  // in-place: the result is the first argument
  // Draws from a generator, unless the flag at `train` is false or the probability at `probability` is 0 (positions among `arguments`, -1: there is none).
  bool is_random;
  int train;
  int probability;
  SparsePart sparse;
  // The number goes in as the tensor that Python makes of it: `op` is the overload for tensors.
  bool wraps_number;
  // Arguments whose values decide which operators are run, read behind the dispatcher's back (positions among `arguments`).
  std::vector<int> read_values;
  // What is looked at before libtorch is called; empty for almost all operators (guards.h).
  std::vector<const Guard*> guards;
};

}  // namespace sconce
