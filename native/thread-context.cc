// What goes with a thread that calls the engine to every thread that runs nodes for it.
#include "thread-context.h"

#include <string_view>
#include <type_traits>

#include "autograd-state.h"
#include "js-callback.h"

namespace sconce {
namespace {

constexpr std::string_view kName = "SCONCE";

// Newer libtorch names kinds by pointers, older by a byte of which it uses the first few values.
template <typename Kind>
Kind make_kind() {
  if constexpr (std::is_enum_v<Kind>) {
    return static_cast<Kind>(100);
  } else {
    return Kind(&kName);
  }
}

c10::DebugInfoKind kind() { return make_kind<c10::DebugInfoKind>(); }

}  // namespace

const ThreadContext* current_context() { return static_cast<const ThreadContext*>(c10::ThreadLocalDebugInfo::get(kind())); }

std::shared_ptr<ThreadContext> Entered::copy() {
  auto* context = current_context();
  return context ? std::make_shared<ThreadContext>(*context) : std::make_shared<ThreadContext>();
}

Entered::Entered(std::shared_ptr<ThreadContext> context, std::shared_ptr<void> at_end) : at_end_(std::move(at_end)), guard_(kind(), std::move(context)) {}

AutogradState::AutogradState() = default;
AutogradState::~AutogradState() = default;

void AutogradState::close() {
  while (!entered.empty()) entered.pop_back();
  while (!inference_modes.empty()) inference_modes.pop_back();
  hooks.clear();
  stack_reader.reset();
}

}  // namespace sconce
