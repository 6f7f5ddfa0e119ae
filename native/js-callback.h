// Calls from native code into JavaScript, from whatever thread libtorch runs on, and references to JavaScript values that any thread may drop.
#pragma once

#include <node_api.h>

#include <ATen/core/Tensor.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "environment.h"
#include "errors.h"

namespace sconce {

// The JavaScript thread of one environment, as other threads see it. It outlives the environment: nodes of a graph may die later.
class JsThread {
 public:
  explicit JsThread(Environment& self);

  // Runs `body` on the JavaScript thread, under the libtorch state of the calling thread (gradient mode, autocast, hooks), and returns when it is
  // done; what it throws is thrown here. From another thread this needs a `serve` in progress.
  void run(const std::function<void(Environment&)>& body);

  // Runs an engine call of the JavaScript thread on a helper thread, and serves callbacks until it ends. Inside a callback that another thread
  // waits for, that thread runs it: a thread of a device must run what is nested in its own nodes, or it would wait for itself.
  void run_aside(const std::function<void()>& job);

  bool is_here() const { return std::this_thread::get_id() == id_; }
  // Whether `run` would be answered: this is the JavaScript thread, or it serves others.
  bool is_reachable() const { return is_here() || num_serving_ > 0; }
  // Whether the callback in progress was asked for by another thread.
  bool is_serving_another() const { return asking_ != nullptr; }

  // Any thread: the reference is deleted by the next `drain`.
  void drop(napi_ref reference);
  bool has_dropped() const { return has_dropped_.load(std::memory_order_relaxed); }
  void drain();
  void close();

  // What libtorch said about the function that failed, for the error: written by the engine's threads.
  void note_failure(std::string report);
  std::string take_failure();

 private:
  struct Job;
  struct Request;
  void serve(Job& job);
  void answer(Request& request);

  Environment* self_;
  const std::thread::id id_;
  std::mutex mutex_;
  std::condition_variable changed_;  // wakes the JavaScript thread: a request came or a job ended
  std::deque<Request*> requests_;
  Request* asking_ = nullptr;  // the request in progress, the innermost one
  std::atomic<int> num_serving_{0};
  bool is_closed_ = false;
  std::vector<napi_ref> dropped_;
  std::atomic<bool> has_dropped_{false};
  std::string failure_;
};

// A strong reference to a JavaScript value. Made and read on its thread, dropped on any.
class JsReference {
 public:
  JsReference(Environment& self, napi_value value);
  ~JsReference();
  JsReference(const JsReference&) = delete;
  JsReference& operator=(const JsReference&) = delete;
  napi_value get(Environment& self) const;
  JsThread& thread() const { return *thread_; }
  const std::shared_ptr<JsThread>& shared_thread() const { return thread_; }
  // References alive in the process.
  static int64_t live();

 private:
  std::shared_ptr<JsThread> thread_;
  napi_ref reference_ = nullptr;
};

// What JavaScript threw, on its way through libtorch. Null where the thread is being terminated.
struct JsError : PassThrough {
  explicit JsError(std::shared_ptr<JsReference> thrown) : error(std::move(thrown)) {}
  const char* what() const noexcept override { return "a JavaScript callback threw"; }
  std::shared_ptr<JsReference> error;
};

// One call of a JavaScript function on its own thread: its values are let go at the end, and so is every tensor that was made in it.
class CallbackScope {
 public:
  CallbackScope(Environment& self, const char* name);
  ~CallbackScope();
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;

  // A Float64Array of handles for the callback; 0 for an undefined tensor.
  napi_value handles(const std::vector<at::Tensor>& tensors);
  // @throws JsError with what the function throws.
  napi_value invoke(const JsReference& function, std::initializer_list<napi_value> args);
  // The tensors of the Float64Array that the callback returned. `action` completes "Cannot ", `name` says what each is.
  std::vector<at::Tensor> tensors(napi_value result, const char* action, const char* name);

  Call call;

 private:
  napi_handle_scope scope_ = nullptr;
  size_t depth_ = 0;
};

}  // namespace sconce
