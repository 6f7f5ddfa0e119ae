// What belongs to the process: libtorch's version and build, threads, and the counting of stop signals.
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <signal.h>
#include <unistd.h>
#include <torch/version.h>

#include <map>
#include <mutex>
#include <thread>

#include "addon.h"
#include "convert.h"
#include "errors.h"

namespace sconce {
namespace {

napi_value libtorch_version(Call& call) { return make_string(call, TORCH_VERSION); }

// showConfig() -> libtorch's own description of its build: BLAS, oneDNN, OpenMP, CPU capability.
napi_value show_config(Call& call) { return make_string(call, at::show_config()); }

napi_value num_threads(Call& call) { return make_number(call, at::get_num_threads()); }

napi_value set_num_threads(Call& call) {
  auto args = arguments<1>(call);
  int64_t count = read_int(call, args[0], "threads");
  if (count < 1 || count > 4096) throw Refused(Refusal::kRange, "Cannot set threads: expected 1 to 4096, got " + std::to_string(count));
  at::set_num_threads(static_cast<int>(count));
  return nullptr;
}

napi_value num_interop_threads(Call& call) { return make_number(call, at::get_num_interop_threads()); }

napi_value set_num_interop_threads(Call& call) {
  auto args = arguments<1>(call);
  int64_t count = read_int(call, args[0], "threads");
  if (count < 1 || count > 4096) throw Refused(Refusal::kRange, "Cannot set threads between operators: expected 1 to 4096, got " + std::to_string(count));
  at::set_num_interop_threads(static_cast<int>(count));
  return nullptr;
}

// Signals are counted natively: a JavaScript handler would wait for the operator in progress, and a second Ctrl-C must not.
struct StopSignals {
  volatile int32_t count = 0;
  volatile int32_t last = 0;
};
StopSignals stop_signals;
std::map<int, struct sigaction> replaced;

void on_stop_signal(int signal) {
  stop_signals.last = signal;
  stop_signals.count = stop_signals.count + 1;
  if (stop_signals.count < 2) return;
  _exit(128 + signal);  // nothing else is safe in a handler
}

// watchSignals([numbers]) -> Int32Array over [count, last signal], updated by the handler. The second signal ends the process at once.
napi_value watch_signals(Call& call) {
  auto args = arguments<1>(call);
  if (call.self.is_worker) throw Refused(Refusal::kType, "Cannot watch signals in a worker: expected the main thread");
  auto numbers = read_ints(call, args[0], "signals");
  stop_signals.count = 0;
  stop_signals.last = 0;
  for (int64_t number : numbers) {
    if (number <= 0 || number >= NSIG) throw Refused(Refusal::kRange, "Cannot watch signals: expected a signal number, got " + std::to_string(number));
    struct sigaction action = {}, before = {};
    action.sa_handler = on_stop_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    if (sigaction(static_cast<int>(number), &action, &before) != 0) {
      throw Refused(Refusal::kRange, "Cannot watch signal " + std::to_string(number) + ": the system does not let it be caught");
    }
    replaced.emplace(static_cast<int>(number), before);
  }
  napi_value buffer, array;
  check(call, napi_create_external_arraybuffer(call.env, const_cast<int32_t*>(&stop_signals.count), sizeof stop_signals, nullptr, nullptr, &buffer));
  check(call, napi_create_typedarray(call.env, napi_int32_array, 2, buffer, 0, &array));
  return array;
}

// unwatchSignals(): the handlers that were there before come back.
napi_value unwatch_signals(Call&) {
  for (auto& [number, before] : replaced) sigaction(number, &before, nullptr);
  replaced.clear();
  return nullptr;
}

// hasCuda() -> whether the libtorch in use is built with CUDA.
napi_value has_cuda(Call& call) { return make_bool(call, c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)); }

// numCudaDevices() -> how many GPUs it finds; 0 where it is built without CUDA.
napi_value num_cuda_devices(Call& call) {
  bool is_built = c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA);
  return make_number(call, is_built ? c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount() : 0);
}

napi_value set_error_factory(Call& call) {
  auto args = arguments<1>(call);
  napi_valuetype type = napi_undefined;
  if (args[0]) check(call, napi_typeof(call.env, args[0], &type));
  if (type != napi_function) throw Refused(Refusal::kType, "Cannot set the error factory: expected a function, got " + describe(call, args[0]));
  if (call.self.error_factory) napi_delete_reference(call.env, call.self.error_factory);
  check(call, napi_create_reference(call.env, args[0], 1, &call.self.error_factory));
  return nullptr;
}

// markWorker(): this environment is a worker thread: one libtorch thread, and no default generator.
napi_value mark_worker(Call& call) {
  call.self.is_worker = true;
  // OpenMP counts threads by the thread that asks, but libtorch also notes the last number set, for threads that have not asked yet: the main one, if
  // this worker is the first to load the addon. A thread of no other use puts the number back.
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  int before = at::get_num_threads();
  at::set_num_threads(1);
  std::thread([before] { at::set_num_threads(before); }).join();
  return nullptr;
}

}  // namespace

void register_process(Registrar& add) {
  add("libtorchVersion", guard<libtorch_version>);
  add("showConfig", guard<show_config>);
  add("hasCuda", guard<has_cuda>);
  add("numCudaDevices", guard<num_cuda_devices>);
  add("numThreads", guard<num_threads>);
  add("setNumThreads", guard<set_num_threads>);
  add("numInteropThreads", guard<num_interop_threads>);
  add("setNumInteropThreads", guard<set_num_interop_threads>);
  add("watchSignals", guard<watch_signals>);
  add("unwatchSignals", guard<unwatch_signals>);
  add("setErrorFactory", guard<set_error_factory>);
  add("markWorker", guard<mark_worker>);
}

}  // namespace sconce
