// libtorch's messages: cut to what matters, and in this library's words where they speak of another library's functions.
#include <c10/util/Exception.h>

#include <algorithm>
#include <string>

#include "errors.h"

namespace sconce {
namespace {

// A missing kernel is told in one line with the names of all backends; the first sentence is what matters.
std::string cut(const std::string& text) {
  size_t end = std::min(text.find('\n'), text.find(" This could be because"));
  return end == std::string::npos ? text : text.substr(0, end);
}

// What stands between two marks; empty where they do not stand there.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  size_t start = text.find(before);
  if (start == std::string::npos) return "";
  start += before.size();
  size_t end = text.find(after, start);
  return end == std::string::npos ? "" : text.substr(start, end - start);
}

// "… operation: [CPUFloatType [2]], which is output 0 of Exp, is at version 1; expected version 0 instead. Hint: …"
std::string changed_in_place(const std::string& text) {
  std::string shape = between(text, "operation: [", "]]");
  shape = shape.substr(std::min(shape.size(), shape.find('[') + 1));
  std::string output = between(text, "which is output ", ", is at version");
  std::string version = between(text, "is at version ", ";");
  std::string saved = between(text, "expected version ", " instead");
  return "expected the tensor" + (shape.empty() ? "" : " of shape [" + shape + "]") + (output.empty() ? "" : " that is output " + output) +
         " as it was when it was saved, got one that was changed in place since (version " + version + ", saved at " + saved +
         "); change a clone() of it, or find the call with detectAnomaly()";
}

std::string in_our_words(const std::string& text) {
  auto has = [&](const char* part) { return text.find(part) != std::string::npos; };
  if (has("Trying to backward through the graph a second time")) {
    return "expected a graph that is whole, got one that an earlier pass freed; give the earlier one { retainGraph: true }";
  }
  if (has("has been modified by an inplace operation")) return changed_in_place(text);
  if (has("grad can be implicitly created only for scalar outputs")) {
    return "expected one element or a gradient of the same shape; reduce it with sum() or mean(), or pass a gradient";
  }
  if (has("does not require grad and does not have a grad_fn")) {
    return "expected a result of tensors that require gradients, got one that was not recorded; set requiresGrad on a leaf, and compute outside of "
           "noGrad()";
  }
  if (has("appears to not have been used in the graph")) {
    return "expected outputs that depend on every input, got an input that they do not depend on; pass { allowUnused: true } to get undefined for it";
  }
  if (has("One of the differentiated Tensors does not require grad")) return "expected inputs that require gradients, got one that does not";
  if (has("pin_memory=True requires") || has("Pinned memory requires CUDA") || has("pin_memory' with arguments from") ||
      has("Cannot access accelerator device when none is available")) {
    return "expected a GPU for pinned memory, got none; leave pinMemory out";
  }
  std::string function = between(text, "Function '", "' returned nan values in its ");
  if (!function.empty()) return "expected gradients that are numbers, got NaN in output " + between(text, "returned nan values in its ", "th output") +
                                " of " + function;
  if (has("a leaf Variable that requires grad is being used in an in-place operation")) {
    return "expected a tensor that may change in place, got a leaf that requires gradients; change it inside noGrad(), or a clone() of it";
  }
  if (has("Inference tensors cannot be saved for backward")) {
    return "expected tensors that backward can save, got one made in inferenceMode(); use a clone() of it";
  }
  if (has("Inplace update to inference tensor outside InferenceMode")) {
    return "expected a tensor that may change here, got one made in inferenceMode(); change a clone() of it";
  }
  if (has("Setting requires_grad=True on inference tensor outside InferenceMode")) {
    return "expected a tensor made outside of inferenceMode(), got one made inside; use a clone() of it";
  }
  if (has("A saved tensor pack hook is modifying its input in place")) {
    return "expected a pack hook that leaves its tensor alone, got one that changed it in place; change a clone() of it";
  }
  return text;
}

}  // namespace

std::string first_line(const std::exception& error) {
  auto* known = dynamic_cast<const c10::Error*>(&error);
  return in_our_words(cut(known ? known->what_without_backtrace() : error.what()));
}

}  // namespace sconce
