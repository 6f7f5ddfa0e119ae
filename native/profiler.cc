// Records every operator that libtorch runs, on whatever thread, between two calls; off, nothing of it is left in libtorch. And counts calls and reads.
#include "profiler.h"

#include <ATen/record_function.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>

#include "addon.h"
#include "capture-notes.h"
#include "convert.h"
#include "errors.h"
#include "operator-flops.h"

namespace sconce {
namespace {

using SteadyClock = std::chrono::steady_clock;

double to_us(SteadyClock::time_point time) { return std::chrono::duration<double, std::micro>(time.time_since_epoch()).count(); }

struct Record {
  uint32_t name;
  uint32_t thread;
  bool is_backward;  // a node of the graph, not an operator
  SteadyClock::time_point start, end;
  double flops;
};

// What is kept of an operator while it runs.
struct Running final : at::ObserverContext {
  SteadyClock::time_point start;
  uint64_t recording;
  double flops = 0;
};

// The operator of this thread whose flops are counted: what it runs inside is part of it, as itself in another dtype under autocast.
thread_local const Running* counted = nullptr;

// One for the process, since libtorch's operators are: whoever records hears the threads of workers too.
struct Recorder {
  std::mutex mutex;
  Environment* owner = nullptr;
  at::CallbackHandle handle = 0;
  size_t capacity = 0;
  uint64_t num_dropped = 0;
  std::map<std::string, uint32_t, std::less<>> names;
  std::vector<Record> records;
  // Counts the recordings: operators that begin in one and end after it belong to none. 0: nobody records.
  std::atomic<uint64_t> current{0};
  uint64_t last = 0;
  std::atomic<bool> counts_flops{false};
};

Recorder& recorder() {
  static auto* instance = new Recorder;  // threads of libtorch may end operators until the process does
  return *instance;
}

void count_flops(Running& running, const at::RecordFunction& function) {
  if (counted && counted->recording == running.recording) return;
  running.flops = flops_of(function);
  counted = running.flops > 0 ? &running : nullptr;
}

std::unique_ptr<at::ObserverContext> begin_operator(const at::RecordFunction& function) {
  Recorder& self = recorder();
  auto running = std::make_unique<Running>();
  running->recording = self.current.load(std::memory_order_relaxed);
  if (self.counts_flops.load(std::memory_order_relaxed)) count_flops(*running, function);
  running->start = SteadyClock::now();
  return running;
}

void end_operator(const at::RecordFunction& function, at::ObserverContext* context) {
  auto end = SteadyClock::now();
  Recorder& self = recorder();
  auto* running = static_cast<Running*>(context);
  if (counted == running) counted = nullptr;
  std::lock_guard<std::mutex> lock(self.mutex);
  if (!running || running->recording == 0 || running->recording != self.current.load()) return;
  if (self.records.size() >= self.capacity) {
    ++self.num_dropped;
    return;
  }
  std::string_view name = function.name();
  auto found = self.names.find(name);
  if (found == self.names.end()) found = self.names.emplace(std::string(name), static_cast<uint32_t>(self.names.size())).first;
  bool is_backward = function.scope() == at::RecordScope::BACKWARD_FUNCTION;
  self.records.push_back({found->second, static_cast<uint32_t>(function.threadId()), is_backward, running->start, end, running->flops});
}

// Takes libtorch's hook away, and what was recorded.
void end_recording(Recorder& self, std::vector<Record>* records, std::map<std::string, uint32_t, std::less<>>* names) {
  at::removeCallback(self.handle);
  std::lock_guard<std::mutex> lock(self.mutex);
  self.current.store(0);
  self.owner = nullptr;
  records->swap(self.records);
  names->swap(self.names);
}

// startRecording(capacity, countsFlops) -> [the clock in microseconds, this thread's number].
napi_value start_recording(Call& call) {
  auto args = arguments<2>(call);
  int64_t capacity = read_int(call, args[0], "capacity");
  bool counts_flops = read_bool(call, args[1], "countsFlops");
  if (capacity < 1) throw Refused(Refusal::kRange, "Cannot record operators: expected room for at least one, got " + std::to_string(capacity));
  Recorder& self = recorder();
  {
    std::lock_guard<std::mutex> lock(self.mutex);
    if (self.owner) throw Refused(Refusal::kNative, "Cannot record operators: expected one record at a time, got a second one; stop the first");
    self.owner = &call.self;
    self.capacity = static_cast<size_t>(capacity);
    self.num_dropped = 0;
    self.counts_flops.store(counts_flops);
    self.current.store(++self.last);
  }
  self.handle = at::addGlobalCallback(
      at::RecordFunctionCallback(begin_operator, end_operator)
          .needsInputs(counts_flops)
          .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION, at::RecordScope::USER_SCOPE}));
  double facts[] = {to_us(SteadyClock::now()), static_cast<double>(at::RecordFunction::currentThreadId())};
  return make_array(call, facts, 2);
}

// stopRecording() -> [names, Float64Array of six columns: place of the name, thread, 1 for a node of a graph, start and duration in microseconds, flops;
// how many operators there was no room for].
napi_value stop_recording(Call& call) {
  Recorder& self = recorder();
  if (self.owner != &call.self) throw Refused(Refusal::kNative, "Cannot stop recording operators: expected a record that this thread has begun, got none");
  std::vector<Record> records;
  std::map<std::string, uint32_t, std::less<>> names;
  end_recording(self, &records, &names);
  std::vector<double> columns;
  columns.reserve(records.size() * 6);
  for (const auto& record : records) {
    double start = to_us(record.start);
    columns.insert(columns.end(), {static_cast<double>(record.name), static_cast<double>(record.thread), record.is_backward ? 1.0 : 0.0, start,
                                   to_us(record.end) - start, record.flops});
  }
  napi_value list, buffer, array, result;
  check(call, napi_create_array_with_length(call.env, names.size(), &list));
  for (const auto& [name, place] : names) check(call, napi_set_element(call.env, list, place, make_string(call, name)));
  buffer = make_array_buffer(call, columns.data(), columns.size() * sizeof(double));
  check(call, napi_create_typedarray(call.env, napi_float64_array, columns.size(), buffer, 0, &array));
  check(call, napi_create_array_with_length(call.env, 3, &result));
  check(call, napi_set_element(call.env, result, 0, list));
  check(call, napi_set_element(call.env, result, 1, array));
  check(call, napi_set_element(call.env, result, 2, make_number(call, static_cast<double>(self.num_dropped))));
  return result;
}

// countCalls(memory): from now on operators that JavaScript calls and reads of tensors' elements are counted in this Float64Array.
napi_value count_calls(Call& call) {
  auto args = arguments<1>(call);
  napi_typedarray_type type;
  size_t length;
  void* data;
  bool is_typed = false;
  check(call, napi_is_typedarray(call.env, args[0], &is_typed));
  if (is_typed) check(call, napi_get_typedarray_info(call.env, args[0], &type, &length, &data, nullptr, nullptr));
  if (!is_typed || type != napi_float64_array || length < kNumCounters)
    throw Refused(Refusal::kType, "Cannot count calls: expected a Float64Array of " + std::to_string(kNumCounters) + " elements");
  napi_ref reference;
  check(call, napi_create_reference(call.env, args[0], 1, &reference));  // for as long as the environment lives, as the counters are
  call.self.counters = static_cast<double*>(data);
  return nullptr;
}

// watchReads(listener): it is called once, at the next read of a tensor's elements; undefined for none.
napi_value watch_reads(Call& call) {
  auto args = arguments<1>(call);
  if (call.self.read_listener) napi_delete_reference(call.env, call.self.read_listener);
  call.self.read_listener = nullptr;
  if (is_absent(call, args[0])) return nullptr;
  require_function(call, args[0], "listener");
  check(call, napi_create_reference(call.env, args[0], 1, &call.self.read_listener));
  return nullptr;
}

}  // namespace

void note_read(Call& call) {
  refuse_capture("it reads values of a tensor");
  Environment& self = call.self;
  self.counters[kReads] += 1;
  if (!self.read_listener) return;
  napi_value listener, receiver, result;
  check(call, napi_get_reference_value(call.env, self.read_listener, &listener));
  napi_delete_reference(call.env, self.read_listener);
  self.read_listener = nullptr;
  check(call, napi_get_undefined(call.env, &receiver));
  check(call, napi_call_function(call.env, receiver, listener, 0, nullptr, &result));
}

void close_profiler(Environment& self) {
  Recorder& all = recorder();
  if (all.owner != &self) return;
  std::vector<Record> records;
  std::map<std::string, uint32_t, std::less<>> names;
  end_recording(all, &records, &names);
}

void register_profiler(Registrar& add) {
  add("startRecording", guard<start_recording>);
  add("stopRecording", guard<stop_recording>);
  add("countCalls", guard<count_calls>);
  add("watchReads", guard<watch_reads>);
}

}  // namespace sconce
