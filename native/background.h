// Work beside the JavaScript thread whose end settles a promise.
#pragma once

#include <node_api.h>

#include <exception>
#include <functional>
#include <memory>

#include "environment.h"

namespace sconce {

struct BackgroundPort;

class BackgroundJob : public std::enable_shared_from_this<BackgroundJob> {
 public:
  virtual ~BackgroundJob() = default;
  // On a thread of its own; what it throws rejects the promise.
  virtual void run() = 0;
  // On the JavaScript thread: what the promise resolves to.
  virtual napi_value result(Call& call) = 0;

  // From any thread, once: the promise is settled when the JavaScript thread comes to it.
  void finish(std::exception_ptr error = nullptr) noexcept;

 private:
  friend napi_value promise_of(Call& call, const std::shared_ptr<BackgroundJob>& job);
  friend void deliver_job(napi_env env, napi_value, void*, void* data);

  std::shared_ptr<BackgroundPort> port_;
  napi_deferred deferred_ = nullptr;
  std::exception_ptr error_;
  const char* name_ = nullptr;
};

// The promise that `finish` settles: for work that something else does. Until then the process stays alive.
napi_value promise_of(Call& call, const std::shared_ptr<BackgroundJob>& job);

// Runs the job on a thread of its own, and not one of a pool: it may wait. Throws std::system_error where none can be started.
napi_value run_in_background(Call& call, std::shared_ptr<BackgroundJob> job);

// The same for two functions.
template <typename Run, typename Result>
napi_value run_in_background(Call& call, Run run, Result result) {
  struct Pair final : BackgroundJob {
    Pair(Run run_, Result result_) : body(std::move(run_)), reader(std::move(result_)) {}
    void run() override { body(); }
    napi_value result(Call& inner) override { return reader(inner); }
    Run body;
    Result reader;
  };
  return run_in_background(call, std::make_shared<Pair>(std::move(run), std::move(result)));
}

}  // namespace sconce
