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
  kDevice,
  kGenerator,
};

struct PlannedArgument {
  std::string name;
  ArgumentKind kind;
  bool is_optional;  // None is a value
  bool has_default;
  int repeat;      // a single number stands for a list of this length; 0 where only a list will do
  int source;      // position among the JavaScript arguments, -1 where the caller's libtorch did not know this argument
  at::IValue fallback;
};

struct Plan {
  c10::OperatorHandle op;
  std::string name;
  std::vector<PlannedArgument> arguments;
  // Arguments that the caller knows and this libtorch lacks: they must be absent.
  std::vector<std::pair<int, std::string>> unknown;
  bool returns_self;  // in-place: the result is the first argument
  bool is_random;     // draws from a generator
};

}  // namespace sconce
