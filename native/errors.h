// How an error leaves the addon: nothing C++ throws crosses the boundary, it becomes an error object that TypeScript's factory makes.
#pragma once

#include <node_api.h>

#include <exception>
#include <stdexcept>
#include <string>

#include "environment.h"

namespace sconce {

// Names that TypeScript maps to classes (src/binding/load.ts).
enum class Refusal { kType, kRange, kShape, kDType, kDisposed, kOutOfMemory, kNative, kStop };

// An input that the addon itself refuses, before libtorch sees it.
struct Refused : std::runtime_error {
  Refused(Refusal refusal, const std::string& message, std::string op = "")
      : std::runtime_error(message), kind(refusal), operator_name(std::move(op)) {}
  Refusal kind;
  std::string operator_name;
};

// Passes through libtorch and the addon as it is: nothing on the way rewords it.
struct PassThrough : std::exception {};

// A JavaScript exception is already pending; nothing is left to do but return.
struct Pending {};

// Throws the JavaScript error that fits the C++ exception in flight. Call inside a catch block.
void raise_current(const Call& call);

// Frees what was collected, and tells V8 of the bytes that are gone.
void settle(Environment& self);
// The same when the event loop turns: for a program that makes no further native call. May be called inside a collection.
void settle_soon(napi_env env, Environment& self);

// What libtorch says, without its backtrace: the first line, in this library's words where libtorch's name another library's functions.
std::string first_line(const std::exception& error);

// An object whose collection calls `finalize(env, data, hint)`, inside the collection. Nothing else of the addon may be finalized there: Node takes an
// error that is pending in the finalizer's own napi_env for one that the finalizer threw, and aborts; and errors of `call.env` are pending while
// Node throws them, which may collect. In the keeper nothing is ever thrown (decision 31).
napi_value make_owner(const Call& call, void* data, napi_finalize finalize, void* hint);

inline void check(const Call& call, napi_status status) {
  if (status == napi_ok) return;
  bool is_pending = false;
  napi_is_exception_pending(call.env, &is_pending);
  if (is_pending) throw Pending{};
  const napi_extended_error_info* details = nullptr;
  napi_get_last_error_info(call.env, &details);
  throw std::runtime_error(std::string("internal: Node-API failed: ") +
                           (details && details->error_message ? details->error_message : "unknown status"));
}

// Every function of the addon is entered through this.
template <napi_value (*body)(Call&)>
napi_value guard(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  auto* function = static_cast<Function*>(data);
  Call call{env, info, function->self, function->name};
  napi_value result = nullptr;
  try {
    result = body(call);
  } catch (...) {
    raise_current(call);
  }
  settle(call.self);
  return result;
}

}  // namespace sconce
