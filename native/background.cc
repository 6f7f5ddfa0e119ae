// The way back from threads that work beside the JavaScript thread.
#include "background.h"

#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>

#include "convert.h"
#include "errors.h"

namespace sconce {

// The way to one JavaScript thread. It may close while jobs run.
struct BackgroundPort {
  Environment* self;
  napi_threadsafe_function function = nullptr;
  size_t num_pending = 0;  // the JavaScript thread's alone
  std::mutex mutex;
  bool is_closed = false;
};

void BackgroundJob::finish(std::exception_ptr error) noexcept {
  std::lock_guard<std::mutex> lock(port_->mutex);
  if (port_->is_closed) return;
  error_ = std::move(error);
  auto* held = new std::shared_ptr<BackgroundJob>(shared_from_this());
  if (napi_call_threadsafe_function(port_->function, held, napi_tsfn_nonblocking) != napi_ok) delete held;
}

// On the JavaScript thread: settles the promise.
void deliver_job(napi_env env, napi_value, void*, void* data) {
  std::unique_ptr<std::shared_ptr<BackgroundJob>> held(static_cast<std::shared_ptr<BackgroundJob>*>(data));
  if (!env) return;  // the environment is closing
  BackgroundJob& done = **held;
  if (--done.port_->num_pending == 0) napi_unref_threadsafe_function(env, done.port_->function);
  Call call{env, nullptr, *done.port_->self, done.name_};
  try {
    if (done.error_) std::rethrow_exception(done.error_);
    napi_resolve_deferred(env, done.deferred_, done.result(call));
    return;
  } catch (...) {
    raise_current(call);
  }
  napi_value error;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_reject_deferred(env, done.deferred_, error);
}

namespace {

void close_port(void* data) {
  std::unique_ptr<std::shared_ptr<BackgroundPort>> held(static_cast<std::shared_ptr<BackgroundPort>*>(data));
  BackgroundPort& port = **held;
  std::lock_guard<std::mutex> lock(port.mutex);
  port.is_closed = true;
  napi_release_threadsafe_function(port.function, napi_tsfn_abort);
}

std::shared_ptr<BackgroundPort> port_of(Call& call) {
  if (call.self.background_port) return call.self.background_port;
  auto port = std::make_shared<BackgroundPort>();
  port->self = &call.self;
  napi_value name = make_string(call, "sconce background");
  check(call, napi_create_threadsafe_function(call.env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, deliver_job, &port->function));
  check(call, napi_unref_threadsafe_function(call.env, port->function));
  // Behind the function's own hook, so that it runs before it.
  check(call, napi_add_env_cleanup_hook(call.env, close_port, new std::shared_ptr<BackgroundPort>(port)));
  call.self.background_port = port;
  return port;
}

}  // namespace

napi_value promise_of(Call& call, const std::shared_ptr<BackgroundJob>& job) {
  job->port_ = port_of(call);
  job->name_ = call.name;
  napi_value promise;
  check(call, napi_create_promise(call.env, &job->deferred_, &promise));
  if (job->port_->num_pending++ == 0) napi_ref_threadsafe_function(call.env, job->port_->function);
  return promise;
}

napi_value run_in_background(Call& call, std::shared_ptr<BackgroundJob> job) {
  port_of(call);
  // Held back until the promise is made: a thread that cannot be started leaves none behind.
  auto gate = std::make_shared<std::mutex>();
  std::unique_lock<std::mutex> closed(*gate);
  // Signals are the main thread's: one that this thread took would interrupt its calls.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([job, gate] {
      { std::lock_guard<std::mutex> open(*gate); }
      std::exception_ptr error;
      try {
        job->run();
      } catch (...) {
        error = std::current_exception();
      }
      job->finish(std::move(error));
    }).detach();
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return promise_of(call, job);
}

}  // namespace sconce
