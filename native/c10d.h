// What JavaScript holds of c10d: stores, process groups, works and reducers, each behind an object that keeps it alive.
#pragma once

#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>

#include <chrono>
#include <memory>
#include <string>

#include "convert.h"
#include "environment.h"
#include "errors.h"

namespace sconce {

using StorePtr = c10::intrusive_ptr<c10d::Store>;
using GroupPtr = c10::intrusive_ptr<c10d::ProcessGroup>;
using WorkPtr = c10::intrusive_ptr<c10d::Work>;

// What stands in the place of a thing: so that a group is not taken for a store.
template <typename T>
struct Held {
  explicit Held(T value_) : value(std::move(value_)) {}
  const char* kind = kind_of();
  T value;

  // The same address for every holder of this type.
  static const char* kind_of() {
    static const char mark = 0;
    return &mark;
  }
};

// An object for JavaScript. What it holds goes with the object or with `let_go`, on a thread of its own: that of a process group waits for its work.
void give_away(std::shared_ptr<void> value);

template <typename T>
napi_value hold(Call& call, T value) {
  auto held = std::make_unique<Held<T>>(std::move(value));
  auto finalize = [](napi_env, void* data, void*) {
    auto* ended = static_cast<Held<T>*>(data);
    give_away(std::make_shared<T>(std::move(ended->value)));
    delete ended;
  };
  napi_value object = make_owner(call, held.get(), finalize, nullptr);
  held.release();
  return object;
}

template <typename T>
T& held(Call& call, napi_value object, const char* what) {
  napi_valuetype type;
  check(call, napi_typeof(call.env, object, &type));
  void* data = nullptr;
  if (type == napi_external) check(call, napi_get_value_external(call.env, object, &data));
  auto* found = static_cast<Held<T>*>(data);
  if (!found || found->kind != Held<T>::kind_of()) throw Refused(Refusal::kType, std::string("expected ") + what + ", got " + describe(call, object), call.name);
  if (!found->value) throw Refused(Refusal::kDisposed, std::string("Cannot use ") + what + ": expected a live one, got one that was destroyed", call.name);
  return found->value;
}

// Waits for a work; throws what it failed with, or what Gloo did.
void wait_for(const WorkPtr& work);
// From now on Gloo's failures do not end the process. Again it does nothing.
void watch_gloo();
// Throws where Gloo has failed: whoever uses a connection of it now would wait for ever.
void require_sound_gloo();

// Milliseconds, as c10d's options take them: below 0 what the group says.
std::chrono::milliseconds read_timeout(Call& call, napi_value value);

}  // namespace sconce
