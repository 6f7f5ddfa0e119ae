// Turns C++ exceptions into JavaScript errors.
#include "errors.h"

#include "checkpoint.h"
#include "js-callback.h"

#include <new>

namespace sconce {
namespace {

const char* kind_name(Refusal kind) {
  switch (kind) {
    case Refusal::kType: return "type";
    case Refusal::kRange: return "range";
    case Refusal::kShape: return "shape";
    case Refusal::kDType: return "dtype";
    case Refusal::kDisposed: return "disposed";
    case Refusal::kOutOfMemory: return "memory";
    case Refusal::kNative: return "native";
    case Refusal::kStop: return "stop";
  }
  return "native";
}

void raise(Environment& self, Refusal kind, const std::string& message, const std::string& operator_name) {
  napi_env env = self.env;
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (is_pending) return;
  napi_value factory = nullptr, undefined = nullptr, error = nullptr, args[3];
  napi_get_undefined(env, &undefined);
  if (self.error_factory) napi_get_reference_value(env, self.error_factory, &factory);
  bool is_made = factory && napi_create_string_utf8(env, kind_name(kind), NAPI_AUTO_LENGTH, &args[0]) == napi_ok &&
                 napi_create_string_utf8(env, message.c_str(), message.size(), &args[1]) == napi_ok &&
                 napi_create_string_utf8(env, operator_name.c_str(), operator_name.size(), &args[2]) == napi_ok &&
                 napi_call_function(env, undefined, factory, 3, args, &error) == napi_ok;
  if (is_made) {
    napi_throw(env, error);
    return;
  }
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) napi_throw_error(env, "ERR_SCONCE_NATIVE", message.c_str());
}

}  // namespace

namespace {

// The readers of single values know the argument and not what it is for.
std::string with_action(const Call& call, const std::string& message) {
  bool is_whole = message.compare(0, 7, "Cannot ") == 0 || message.compare(0, 9, "internal:") == 0;
  return is_whole ? message : std::string("Cannot call ") + call.name + ": " + message;
}

}  // namespace

void settle(Environment& self) {
  if (self.tensors.has_pending()) self.tensors.drain();
  if (!self.pending_generators.empty()) self.drain_generators();
  if (self.js->has_dropped()) self.js->drain();
  if (int64_t bytes = self.tensors.take_returned_bytes()) {
    int64_t total;
    napi_adjust_external_memory(self.env, -bytes, &total);
  }
}

// Not in node-api-headers 1.9, present in Node since 18.19; without it what was collected waits for the next native call.
extern "C" __attribute__((weak)) napi_status node_api_post_finalizer(napi_env env, napi_finalize finalize, void* data, void* hint);

namespace {

void settle_now(napi_env, void* data, void*) {
  auto* self = static_cast<Environment*>(data);
  if (!self->is_closed) settle(*self);
  self->let_go();
}

}  // namespace

void settle_soon(napi_env env, Environment& self) {
  if (node_api_post_finalizer && node_api_post_finalizer(env, settle_now, &self, nullptr) == napi_ok) ++self.holders;
}

napi_value make_owner(const Call& call, void* data, napi_finalize finalize, void* hint) {
  napi_value owner, thrown;
  if (napi_create_external(call.self.keeper, data, finalize, hint, &owner) == napi_ok) return owner;
  napi_get_and_clear_last_exception(call.self.keeper, &thrown);
  throw std::runtime_error("internal: Node-API made no owner");
}

void raise_current(const Call& call) {
  Environment& self = call.self;
  try {
    throw;
  } catch (const Pending&) {
  } catch (const JsError& error) {
    // Without a value the thread is being terminated, and nothing can be thrown.
    if (error.error) napi_throw(self.env, error.error->get(self));
  } catch (const StopRecomputation&) {
    raise(self, Refusal::kStop, "internal: a recomputation has all that it is for", "checkpoint");
  } catch (const Refused& error) {
    raise(self, error.kind, with_action(call, error.what()), error.operator_name);
  } catch (const std::bad_alloc&) {
    raise(self, Refusal::kOutOfMemory, with_action(call, "expected memory to be left, got none"), call.name);
  } catch (const std::exception& error) {
    raise(self, Refusal::kNative, std::string("Cannot call ") + call.name + ": " + first_line(error), call.name);
  } catch (...) {
    raise(self, Refusal::kNative, "internal: an unknown native exception", "");
  }
}

}  // namespace sconce
