// Calls from native code into JavaScript, from whatever thread libtorch runs on.
#include "js-callback.h"

#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>

#include <utility>

#include "convert.h"
#include "node-locks.h"
#include "environment.h"
#include "modes.h"

namespace sconce {

// An engine call that another thread than the JavaScript one runs.
struct JsThread::Job {
  const std::function<void()>& body;
  std::exception_ptr error;
  bool is_done = false;

  void run() {
    try {
      body();
    } catch (...) {
      error = std::current_exception();
    }
  }
};

// A callback that another thread waits for. It lives on that thread's stack.
struct JsThread::Request {
  const std::function<void(Environment&)>& body;
  at::ThreadLocalState state;
  std::condition_variable changed;  // wakes the thread that asked
  std::exception_ptr error;
  Job* job = nullptr;  // an engine call of the callback, which the thread that asked is to run
  bool is_done = false;
};

JsThread::JsThread(Environment& self) : self_(&self), id_(std::this_thread::get_id()) {}

void JsThread::run(const std::function<void(Environment&)>& body) {
  const void* node = find_locked_node();
  std::function<void(Environment&)> locked = [&](Environment& self) {
    NodeLock lock(self, node);
    body(self);
  };
  if (is_here()) {
    locked(*self_);
    return;
  }
  Request request{locked, at::ThreadLocalState(), {}, nullptr};
  std::unique_lock<std::mutex> lock(mutex_);
  // Nobody would ever answer.
  if (num_serving_ == 0) throw std::runtime_error("internal: a callback on a thread that the engine was not expected to use");
  requests_.push_back(&request);
  changed_.notify_one();
  while (!request.is_done) {
    request.changed.wait(lock, [&] { return request.is_done || request.job; });
    if (!request.job) continue;
    Job* job = std::exchange(request.job, nullptr);
    lock.unlock();
    job->run();
    lock.lock();
    job->is_done = true;
    changed_.notify_one();
  }
  lock.unlock();
  if (request.error) std::rethrow_exception(request.error);
}

void JsThread::answer(Request& request) {
  Request* outer = std::exchange(asking_, &request);
  try {
    at::ThreadLocalStateGuard guard(request.state);
    request.body(*self_);
  } catch (...) {
    request.error = std::current_exception();
  }
  asking_ = outer;
}

void JsThread::serve(Job& job) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return job.is_done || !requests_.empty(); });
    if (job.is_done) break;
    Request* request = requests_.front();
    requests_.pop_front();
    lock.unlock();
    answer(*request);
    lock.lock();
    request->is_done = true;
    request->changed.notify_one();
  }
}

void JsThread::run_aside(const std::function<void()>& body) {
  Job job{body, nullptr};
  // From before the other thread begins.
  ++num_serving_;
  struct Leave {
    std::atomic<int>& count;
    ~Leave() { --count; }
  } leave{num_serving_};
  if (Request* asking = asking_) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      asking->job = &job;
      asking->changed.notify_one();
    }
    serve(job);
  } else {
    at::ThreadLocalState state;
    AutocastState autocast;
    int num_threads = at::get_num_threads();
    std::thread helper([&] {
      // libtorch counts its threads by the thread that asks.
      int before = at::get_num_threads();
      if (before != num_threads) at::set_num_threads(num_threads);
      {
        at::ThreadLocalStateGuard guard(state);
        autocast.apply();
        job.run();
      }
      if (before != num_threads) at::set_num_threads(before);
      std::lock_guard<std::mutex> lock(mutex_);
      job.is_done = true;
      changed_.notify_one();
    });
    serve(job);
    helper.join();
  }
  if (job.error) std::rethrow_exception(job.error);
}

void JsThread::drop(napi_ref reference) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (is_closed_) return;  // the environment has freed its references
  dropped_.push_back(reference);
  has_dropped_.store(true, std::memory_order_relaxed);
}

void JsThread::drain() {
  std::vector<napi_ref> dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    dropped.swap(dropped_);
    has_dropped_.store(false, std::memory_order_relaxed);
  }
  for (napi_ref reference : dropped) napi_delete_reference(self_->env, reference);
}

void JsThread::close() {
  drain();
  std::lock_guard<std::mutex> lock(mutex_);
  is_closed_ = true;
}

void JsThread::note_failure(std::string report) {
  std::lock_guard<std::mutex> lock(mutex_);
  failure_ = std::move(report);
}

std::string JsThread::take_failure() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(failure_, {});
}

namespace {

std::atomic<int64_t> live_references{0};

}  // namespace

JsReference::JsReference(Environment& self, napi_value value) : thread_(self.js) {
  if (napi_create_reference(self.env, value, 1, &reference_) != napi_ok) throw std::runtime_error("internal: Node-API made no reference");
  ++live_references;
}

JsReference::~JsReference() {
  --live_references;
  thread_->drop(reference_);
}

napi_value JsReference::get(Environment& self) const {
  napi_value value = nullptr;
  if (napi_get_reference_value(self.env, reference_, &value) != napi_ok || !value) throw std::runtime_error("internal: a reference that is gone");
  return value;
}

int64_t JsReference::live() { return live_references.load(); }

CallbackScope::CallbackScope(Environment& self, const char* name) : call{self.env, nullptr, self, name} {
  check(call, napi_open_handle_scope(self.env, &scope_));
  depth_ = self.tensors.begin_scope();
}

CallbackScope::~CallbackScope() {
  call.self.tensors.end_scope(depth_, nullptr, 0);
  napi_close_handle_scope(call.env, scope_);
}

napi_value CallbackScope::handles(const std::vector<at::Tensor>& tensors) {
  napi_value buffer, array;
  void* data = nullptr;
  check(call, napi_create_arraybuffer(call.env, tensors.size() * sizeof(double), &data, &buffer));
  for (size_t i = 0; i < tensors.size(); ++i) {
    static_cast<double*>(data)[i] = tensors[i].defined() ? call.self.tensors.insert(tensors[i]) : 0;
  }
  check(call, napi_create_typedarray(call.env, napi_float64_array, tensors.size(), buffer, 0, &array));
  return array;
}

napi_value CallbackScope::invoke(const JsReference& function, std::initializer_list<napi_value> args) {
  napi_value undefined, result = nullptr;
  check(call, napi_get_undefined(call.env, &undefined));
  napi_status status = napi_call_function(call.env, undefined, function.get(call.self), args.size(), args.begin(), &result);
  if (status == napi_ok) return result;
  bool is_pending = false;
  napi_value thrown = nullptr;
  napi_is_exception_pending(call.env, &is_pending);
  if (!is_pending || napi_get_and_clear_last_exception(call.env, &thrown) != napi_ok || !thrown) throw JsError(nullptr);
  napi_ref probe = nullptr;
  // While the thread is being terminated there is nothing to refer to.
  if (napi_create_reference(call.env, thrown, 1, &probe) != napi_ok) throw JsError(nullptr);
  napi_delete_reference(call.env, probe);
  throw JsError(std::make_shared<JsReference>(call.self, thrown));
}

std::vector<at::Tensor> CallbackScope::tensors(napi_value result, const char* action, const char* name) {
  std::vector<at::Tensor> tensors;
  for (double handle : read_handles(call, result)) tensors.push_back(handle == 0 ? at::Tensor() : find_tensor(call, handle, action, name));
  return tensors;
}

}  // namespace sconce
