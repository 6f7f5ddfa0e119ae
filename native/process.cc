// What belongs to the process: libtorch's version and build, threads, and the counting of stop signals.
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>
#include <torch/version.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

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
  std::atomic<int32_t> count{0};
  std::atomic<int32_t> last{0};
};
static_assert(sizeof(StopSignals) == 2 * sizeof(int32_t) && std::atomic<int32_t>::is_always_lock_free, "JavaScript reads it as an Int32Array");
StopSignals stop_signals;

// Where SLURM signals a launcher and its ranks, the launcher passes on what the ranks have already: of a rank's signals its launcher's are counted apart.
std::atomic<int32_t> from_launcher{0}, from_others{0};
std::atomic<bool> is_launched{false};

// A handler that was there before, and how many watches have ours in its place.
struct Replaced {
  struct sigaction before = {};
  int num_watches = 0;
};
std::map<int, Replaced> replaced;

void on_stop_signal(int signal, siginfo_t* info, void*) {
  stop_signals.last.store(signal);
  stop_signals.count.fetch_add(1);
  std::atomic<int32_t>& source = is_launched.load() && info->si_pid == getppid() ? from_launcher : from_others;
  if (source.fetch_add(1) == 0) return;
  _exit(128 + signal);  // nothing else is safe in a handler
}

std::vector<int> read_signals(Call& call, napi_value value) {
  std::vector<int> signals;
  for (int64_t number : read_ints(call, value, "signals")) {
    if (number <= 0 || number >= NSIG) throw Refused(Refusal::kRange, "Cannot watch signals: expected a signal number, got " + std::to_string(number));
    signals.push_back(static_cast<int>(number));
  }
  return signals;
}

void unwatch(const std::vector<int>& signals) {
  for (int number : signals) {
    auto found = replaced.find(number);
    if (found == replaced.end() || --found->second.num_watches > 0) continue;
    sigaction(number, &found->second.before, nullptr);
    replaced.erase(found);
  }
}

// watchSignals([numbers]) -> Int32Array over [count, last signal], updated by the handler. The second signal ends the process at once. The count begins at
// zero unless something else is watching: two fits of one process are both stopped by one signal.
napi_value watch_signals(Call& call) {
  auto args = arguments<1>(call);
  if (call.self.is_worker) throw Refused(Refusal::kType, "Cannot watch signals in a worker: expected the main thread");
  std::vector<int> signals = read_signals(call, args[0]);
  if (replaced.empty()) {
    stop_signals.count.store(0);
    stop_signals.last.store(0);
    from_launcher.store(0);
    from_others.store(0);
    is_launched.store(std::getenv("TORCHELASTIC_RUN_ID") != nullptr);
  }
  std::vector<int> watched;
  for (int number : signals) {
    if (replaced.count(number) == 0) {
      struct sigaction action = {}, before = {};
      action.sa_sigaction = on_stop_signal;
      action.sa_flags = SA_RESTART | SA_SIGINFO;
      sigemptyset(&action.sa_mask);
      if (sigaction(number, &action, &before) != 0) {
        unwatch(watched);
        throw Refused(Refusal::kRange, "Cannot watch signal " + std::to_string(number) + ": the system does not let it be caught");
      }
      replaced[number].before = before;
    }
    replaced[number].num_watches += 1;
    watched.push_back(number);
  }
  napi_value buffer, array;
  check(call, napi_create_external_arraybuffer(call.env, &stop_signals, sizeof stop_signals, nullptr, nullptr, &buffer));
  check(call, napi_create_typedarray(call.env, napi_int32_array, 2, buffer, 0, &array));
  return array;
}

// unwatchSignals([numbers]): the handlers that were there before come back, unless another watch has them too.
napi_value unwatch_signals(Call& call) {
  auto args = arguments<1>(call);
  unwatch(read_signals(call, args[0]));
  return nullptr;
}

// threadCores() -> the cores that this thread may run on, and what it starts; none where the system does not tell.
napi_value thread_cores(Call& call) {
  napi_value cores;
  check(call, napi_create_array(call.env, &cores));
#ifdef __linux__
  // The kernel may know more cores than a cpu_set_t holds.
  for (size_t limit = 1024; limit <= 1 << 16; limit *= 2) {
    cpu_set_t* set = CPU_ALLOC(limit);
    if (!set) break;
    bool is_read = sched_getaffinity(0, CPU_ALLOC_SIZE(limit), set) == 0;
    uint32_t count = 0;
    for (size_t core = 0; is_read && core < limit; ++core)
      if (CPU_ISSET_S(core, CPU_ALLOC_SIZE(limit), set)) check(call, napi_set_element(call.env, cores, count++, make_number(call, static_cast<double>(core))));
    CPU_FREE(set);
    if (is_read) break;
  }
#endif
  return cores;
}

// setThreadCores([cores]): where this thread runs from now on, and what it starts.
napi_value set_thread_cores(Call& call) {
  auto args = arguments<1>(call);
  std::vector<int64_t> cores = read_ints(call, args[0], "cores");
#ifdef __linux__
  const size_t limit = 1 << 16;
  std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(limit), [](cpu_set_t* each) { CPU_FREE(each); });
  if (!set) throw std::bad_alloc();
  CPU_ZERO_S(CPU_ALLOC_SIZE(limit), set.get());
  for (int64_t core : cores) {
    if (core < 0 || core >= static_cast<int64_t>(limit)) throw Refused(Refusal::kRange, "Cannot choose cores: expected numbers of cores, got " + std::to_string(core));
    CPU_SET_S(static_cast<size_t>(core), CPU_ALLOC_SIZE(limit), set.get());
  }
  if (sched_setaffinity(0, CPU_ALLOC_SIZE(limit), set.get()) != 0) throw Refused(Refusal::kRange, std::string("Cannot choose cores: ") + std::strerror(errno));
#else
  throw Refused(Refusal::kRange, "Cannot choose cores: expected Linux, got a system that does not let a program choose");
#endif
  return nullptr;
}

// hasCuda() -> whether the libtorch in use is built with CUDA.
napi_value has_cuda(Call& call) { return make_bool(call, c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)); }

// numCudaDevices() -> how many GPUs it finds; 0 where it is built without CUDA.
napi_value num_cuda_devices(Call& call) {
  bool is_built = c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA);
  return make_number(call, is_built ? c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount() : 0);
}

// setCudaDevice(index): the GPU that "cuda" means in this thread.
napi_value set_cuda_device(Call& call) {
  auto args = arguments<1>(call);
  const auto index = static_cast<c10::DeviceIndex>(read_int(call, args[0], "index"));
  c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->setDevice(c10::Device(c10::DeviceType::CUDA, index));
  return nullptr;
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
  add("threadCores", guard<thread_cores>);
  add("setThreadCores", guard<set_thread_cores>);
  add("hasCuda", guard<has_cuda>);
  add("numCudaDevices", guard<num_cuda_devices>);
  add("setCudaDevice", guard<set_cuda_device>);
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
