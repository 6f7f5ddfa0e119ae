// Waits for other ranks, also when Gloo's own thread fails: ranks that send more than another expects would end that other process.
#define USE_C10D_GLOO
#include <cxxabi.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <typeinfo>

#include "c10d.h"

namespace sconce {
namespace {

// One for the process: Gloo does not say whose connection it was.
struct Failure {
  std::mutex mutex;
  std::condition_variable changed;  // a wait has ended, or Gloo has failed
  std::string message;
};

// Never destroyed: threads of Gloo may end after everything else.
Failure& failure() {
  static auto* one = new Failure;
  return *one;
}

std::terminate_handler handler_before = nullptr;

// Gloo throws in the thread that reads its sockets, where nobody can catch. That thread stays here for good, with the locks of its connection; who waits is told.
void keep_from_ending() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type && std::strncmp(type->name(), "N4gloo", 6) == 0) {
    try {
      throw;
    } catch (const std::exception& error) {
      std::lock_guard<std::mutex> lock(failure().mutex);
      failure().message = error.what();
      failure().changed.notify_all();
    } catch (...) {
    }
    while (true) pause();
  }
  if (handler_before) handler_before();
  std::abort();
}

void tell_waiting() {
  std::lock_guard<std::mutex> lock(failure().mutex);
  failure().changed.notify_all();
}

template <typename IsDone>
void wait_until(IsDone is_done) {
  std::unique_lock<std::mutex> lock(failure().mutex);
  failure().changed.wait(lock, [&] { return is_done() || !failure().message.empty(); });
  if (!is_done()) throw std::runtime_error(failure().message);
}

// A message says nothing when it is through: another thread waits for it.
void wait_for_message(const WorkPtr& work) {
  struct State {
    std::exception_ptr error;
    bool is_done = false;
  };
  auto state = std::make_shared<State>();
  std::thread([state, work] {
    std::exception_ptr error;
    try {
      work->wait();
    } catch (...) {
      error = std::current_exception();
    }
    std::lock_guard<std::mutex> lock(failure().mutex);
    state->error = error;
    state->is_done = true;
    failure().changed.notify_all();
  }).detach();
  wait_until([&] { return state->is_done; });
  if (state->error) std::rethrow_exception(state->error);
}

}  // namespace

void watch_gloo() {
  static std::once_flag once;
  std::call_once(once, [] { handler_before = std::set_terminate(keep_from_ending); });
}

void require_sound_gloo() {
  std::lock_guard<std::mutex> lock(failure().mutex);
  if (!failure().message.empty()) throw std::runtime_error(failure().message);
}

void wait_for(const WorkPtr& work) {
  using Gloo = c10d::ProcessGroupGloo;
  if (dynamic_cast<Gloo::SendWork*>(work.get()) || dynamic_cast<Gloo::RecvWork*>(work.get())) return wait_for_message(work);
  if (!work->isCompleted() && dynamic_cast<Gloo::AsyncWork*>(work.get())) {
    auto future = work->getFuture();
    future->addCallback([](c10::ivalue::Future&) { tell_waiting(); });
    wait_until([&] { return future->completed(); });
  }
  work->wait();
}

}  // namespace sconce
