// Whether two tapes are of the same step.
#include <algorithm>
#include <cstring>
#include <sstream>

#include "capture.h"

namespace sconce {
namespace {

bool is_same_number(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

bool is_same_bytes(const at::Tensor& a, const at::Tensor& b) {
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() && a.is_contiguous() && b.is_contiguous() &&
         std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0;
}

bool is_same_constant(const at::IValue& a, const at::IValue& b) {
  if (a.tagKind() != b.tagKind()) return false;
  if (a.isTensor()) return is_same_bytes(a.toTensor(), b.toTensor());
  if (a.isDouble()) return is_same_number(a.toDouble(), b.toDouble());
  if (a.isInt()) return a.toInt() == b.toInt();
  if (a.isBool()) return a.toBool() == b.toBool();
  if (a.isGenerator()) return a.toGenerator() == b.toGenerator();
  if (a.isList()) {
    auto first = a.toListRef(), second = b.toListRef();
    if (first.size() != second.size()) return false;
    for (size_t i = 0; i < first.size(); ++i) {
      if (!is_same_constant(first[i], second[i])) return false;
    }
    return true;
  }
  std::ostringstream left, right;
  left << a;
  right << b;
  return left.str() == right.str();
}

bool is_slot(const Operation& operation, size_t argument) {
  return std::any_of(operation.slots.begin(), operation.slots.end(), [argument](const Slot& slot) { return slot.argument == static_cast<int>(argument); });
}

std::string difference_of_values(const std::vector<TapeValue>& first, const std::vector<TapeValue>& second, const Operation& operation, bool are_arguments) {
  std::string name = name_of(operation.op);
  for (size_t i = 0; i < first.size(); ++i) {
    if (first[i].kind != second[i].kind || first[i].views != second[i].views) return name + " is given other tensors";
    if (first[i].kind != TapeValue::Kind::kConstant || (are_arguments && is_slot(operation, i))) continue;
    if (is_same_constant(first[i].constant, second[i].constant)) continue;
    const auto& arguments = operation.op.schema().arguments();
    std::ostringstream text;
    text << name << " is given another \"" << (are_arguments && i < arguments.size() ? arguments[i].name() : "result") << "\" from step to step";
    return text.str();
  }
  return "";
}

}  // namespace

std::string difference_so_far(const Tape& first, const Tape& second) {
  if (!(first.modes == second.modes)) return "the modes of the thread change from step to step";
  for (size_t i = 0; i < std::min(first.operations.size(), second.operations.size()); ++i) {
    const Operation &a = first.operations[i], &b = second.operations[i];
    if (a.op.operator_name() != b.op.operator_name()) return name_of(b.op) + " is run where " + name_of(a.op) + " was, as operator " + std::to_string(i + 1);
    if (a.slots.size() != b.slots.size()) return "the numbers of " + name_of(a.op) + " are read anew in some steps alone";
    std::string found = difference_of_values(a.arguments, b.arguments, a, true);
    if (found.empty()) found = difference_of_values(a.results, b.results, a, false);
    if (!found.empty()) return found;
  }
  return "";
}

std::string difference(const Tape& first, const Tape& second) {
  std::string found = difference_so_far(first, second);
  if (!found.empty()) return found;
  if (first.operations.size() != second.operations.size()) {
    return std::to_string(second.operations.size()) + " operators are run where there were " + std::to_string(first.operations.size());
  }
  if (first.views != second.views) return "shapes change from step to step";
  if (first.pause != second.pause) return "it pauses at another operator";
  if (first.inputs != second.inputs || first.outputs != second.outputs) return "what it gives changes from step to step";
  if (first.storages.size() != second.storages.size()) return "memory is used otherwise from step to step";
  for (size_t i = 0; i < first.storages.size(); ++i) {
    const StorageNote &a = first.storages[i], &b = second.storages[i];
    if (a.origin != b.origin || a.made_by != b.made_by || a.input != b.input || a.leaf != b.leaf || a.is_alive != b.is_alive || a.device != b.device) return "memory is used otherwise from step to step";
    if (a.origin != StorageNote::Origin::kExternal || a.held.unsafeGetStorageImpl() == b.held.unsafeGetStorageImpl()) continue;
    bool are_numbers = !a.is_known && !b.is_known && a.bytes <= kNumberBytes && a.device.is_cpu() && b.device.is_cpu();
    if (are_numbers && a.bytes == b.bytes && std::memcmp(a.held.data(), b.held.data(), a.bytes) == 0) continue;
    return "a tensor that it takes from outside is another one from step to step; give it as an argument";
  }
  if (first.leaves.size() != second.leaves.size()) return "gradients go to other parameters from step to step";
  for (size_t i = 0; i < first.leaves.size(); ++i) {
    const Leaf &a = first.leaves[i], &b = second.leaves[i];
    if (!a.tensor.is_same(b.tensor)) return "gradients go to other parameters from step to step";
    if (a.before.kind != b.before.kind || a.before.view != b.before.view || a.after.kind != b.after.kind || a.after.view != b.after.view) {
      return "gradients are kept in some steps and forgotten in others";
    }
  }
  return "";
}

}  // namespace sconce
