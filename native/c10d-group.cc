// Process groups and what their ranks do together: libtorch's c10d with Gloo.
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupWrapper.hpp>
#include <torch/version.h>

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <map>
#include <thread>

#include "addon.h"
#include "capture-notes.h"
#include "background.h"
#include "c10d.h"

namespace sconce {
namespace {

using Tensors = std::vector<at::Tensor>;

const char* const kGroup = "a process group";
const char* const kWork = "a work";

using GlooPtr = c10::intrusive_ptr<c10d::ProcessGroupGloo>;

// With `checks` every call is compared over other connections before it is made.
#if TORCH_VERSION_MAJOR >= 2
GroupPtr group_of(const StorePtr& store, int rank, int size, const GlooPtr& gloo, const GlooPtr& checks) {
  c10::intrusive_ptr<c10d::Backend> backend = gloo;
  if (checks) backend = c10::make_intrusive<c10d::ProcessGroupWrapper>(backend, checks);
  auto group = c10::make_intrusive<c10d::ProcessGroup>(store, rank, size);
  group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
  group->setBackend(at::kCPU, c10d::ProcessGroup::BackendType::GLOO, backend);
  return group;
}
#else
GroupPtr group_of(const StorePtr&, int, int, const GlooPtr& gloo, const GlooPtr& checks) {
  if (checks) return c10::make_intrusive<c10d::ProcessGroupWrapper>(gloo, checks);
  return gloo;
}
#endif

// Makes a device of Gloo's, whose thread moves the bytes of all connections, in a thread of low priority, which that one inherits. Gloo's thread does not sleep while
// another of its threads holds a connection's lock: on the core of that one it would spin until the kernel's slice is over, for milliseconds an all-reduce
// (decision 63).
template <typename Make>
auto with_patient_thread(Make make) {
  decltype(make()) device;
  std::exception_ptr failure;
  std::thread([&] {
    try {
#ifdef __linux__
      // On Linux a priority is a thread's own. Where it may not be changed, Gloo is slower, and works.
      const int kStepsBehind = 10;
      auto self = static_cast<id_t>(syscall(SYS_gettid));
      setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + kStepsBehind);
#endif
      device = make();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  return device;
}

// makeGroup(store, rank, size, timeout, interface, hostname, checks) -> a promise of a group, once all ranks are there. An interface (`eth0`) or a hostname
// says where this rank is reached; both empty: by the name of this machine.
napi_value make_group(Call& call) {
  auto args = arguments<7>(call);
  StorePtr store = held<StorePtr>(call, args[0], "a store");
  int rank = static_cast<int>(read_int(call, args[1], "rank")), size = static_cast<int>(read_int(call, args[2], "size"));
  auto timeout = read_timeout(call, args[3]);
  std::string interface = read_string(call, args[4], "interface"), hostname = read_string(call, args[5], "hostname");
  bool checks = read_bool(call, args[6], "checks");
  auto made = std::make_shared<GroupPtr>();
  watch_gloo();
  return run_in_background(
      call,
      [=] {
        using Gloo = c10d::ProcessGroupGloo;
        auto connect = [&](const StorePtr& place) {
          auto options = Gloo::Options::create();
          options->timeout = timeout;
          options->devices.push_back(with_patient_thread([&] {
            return !interface.empty()  ? Gloo::createDeviceForInterface(interface)
                   : !hostname.empty() ? Gloo::createDeviceForHostname(hostname)
                                       : Gloo::createDefaultDevice();
          }));
          return c10::make_intrusive<Gloo>(place, rank, size, options);
        };
        auto gloo = connect(store);
        *made = group_of(store, rank, size, gloo, checks ? connect(c10::make_intrusive<c10d::PrefixStore>("checks", store)) : GlooPtr());
      },
      [made](Call& inner) { return hold<GroupPtr>(inner, *made); });
}

// letGoOfGroup(group): its connections are closed once its work is done.
napi_value let_go_of_group(Call& call) {
  auto args = arguments<1>(call);
  GroupPtr& group = held<GroupPtr>(call, args[0], kGroup);
  give_away(std::make_shared<GroupPtr>(std::move(group)));
  return nullptr;
}

// What a collective was given. Which of it means something depends on the collective.
struct Given {
  Tensors outputs, inputs;
  int64_t root;
  c10d::ReduceOp op;
  std::chrono::milliseconds timeout;
  std::vector<int64_t> output_counts, input_counts;
  int tag() const { return static_cast<int>(input_counts.empty() ? 0 : input_counts[0]); }
};

template <typename Options>
Options options_of(const Given& given) {
  Options options;
  options.timeout = given.timeout;
  return options;
}
template <typename Options>
Options with_root(const Given& given) {
  auto options = options_of<Options>(given);
  options.rootRank = given.root;
  return options;
}
template <typename Options>
Options with_op(const Given& given) {
  auto options = options_of<Options>(given);
  options.reduceOp = given.op;
  return options;
}

// Its name changed.
template <typename... Args>
WorkPtr all_to_all(c10d::ProcessGroup& group, Args&&... args) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 13)
  return group.all_to_all_single(std::forward<Args>(args)...);
#else
  return group.alltoall_base(std::forward<Args>(args)...);
#endif
}

using Collective = WorkPtr (*)(c10d::ProcessGroup&, Given&);

// By the names of c10d. Lists of lists are one list where the group is in one process each.
const std::map<std::string, Collective>& collectives() {
  using Group = c10d::ProcessGroup;
  static const std::map<std::string, Collective> all = {
      {"broadcast", [](Group& group, Given& given) { return group.broadcast(given.outputs, with_root<c10d::BroadcastOptions>(given)); }},
      {"allreduce", [](Group& group, Given& given) { return group.allreduce(given.outputs, with_op<c10d::AllreduceOptions>(given)); }},
      {"allreduceCoalesced",
       [](Group& group, Given& given) { return group.allreduce_coalesced(given.outputs, with_op<c10d::AllreduceCoalescedOptions>(given)); }},
      {"reduce",
       [](Group& group, Given& given) {
         auto options = with_op<c10d::ReduceOptions>(given);
         options.rootRank = given.root;
         return group.reduce(given.outputs, options);
       }},
      {"allgather",
       [](Group& group, Given& given) {
         std::vector<Tensors> outputs{given.outputs};
         return group.allgather(outputs, given.inputs, options_of<c10d::AllgatherOptions>(given));
       }},
      {"gather",
       [](Group& group, Given& given) {
         std::vector<Tensors> outputs;
         if (!given.outputs.empty()) outputs.push_back(given.outputs);
         return group.gather(outputs, given.inputs, with_root<c10d::GatherOptions>(given));
       }},
      {"scatter",
       [](Group& group, Given& given) {
         std::vector<Tensors> inputs;
         if (!given.inputs.empty()) inputs.push_back(given.inputs);
         return group.scatter(given.outputs, inputs, with_root<c10d::ScatterOptions>(given));
       }},
      {"alltoallBase",
       [](Group& group, Given& given) {
         return all_to_all(group, given.outputs.at(0), given.inputs.at(0), given.output_counts, given.input_counts, options_of<c10d::AllToAllOptions>(given));
       }},
      {"send", [](Group& group, Given& given) { return group.send(given.inputs, static_cast<int>(given.root), given.tag()); }},
      {"recv", [](Group& group, Given& given) { return group.recv(given.outputs, static_cast<int>(given.root), given.tag()); }},
      {"recvAnysource", [](Group& group, Given& given) { return group.recvAnysource(given.outputs, given.tag()); }},
      {"barrier", [](Group& group, Given& given) { return group.barrier(options_of<c10d::BarrierOptions>(given)); }},
  };
  return all;
}

// The same memory outside of autograd: a collective writes into it, whatever a graph thinks of it.
Tensors read_tensors(Call& call, napi_value handles, const char* name) {
  Tensors tensors = find_tensors(call, handles, "communicate", name);
  for (auto& tensor : tensors) tensor = tensor.detach();
  return tensors;
}

// collective(group, name, outputs, inputs, root, op, timeout, outputCounts, inputCounts) -> a work. Counts are rows for each rank, or the tag.
napi_value collective(Call& call) {
  refuse_capture("ranks talk to each other in the step");
  auto args = arguments<9>(call);
  GroupPtr group = held<GroupPtr>(call, args[0], kGroup);
  require_sound_gloo();
  auto found = collectives().find(read_string(call, args[1], "name"));
  if (found == collectives().end()) throw Refused(Refusal::kNative, "internal: no such collective");
  Given given;
  given.outputs = read_tensors(call, args[2], "outputs");
  given.inputs = read_tensors(call, args[3], "inputs");
  given.root = read_int(call, args[4], "root");
  given.op = static_cast<c10d::ReduceOp::RedOpType>(read_int(call, args[5], "op"));
  given.timeout = read_timeout(call, args[6]);
  given.output_counts = read_ints(call, args[7], "outputCounts");
  given.input_counts = read_ints(call, args[8], "inputCounts");
  return hold<WorkPtr>(call, found->second(*group, given));
}

// workWait(work): waits in this thread.
napi_value work_wait(Call& call) {
  auto args = arguments<1>(call);
  WorkPtr work = held<WorkPtr>(call, args[0], kWork);
  wait_for(work);
  return nullptr;
}

// workDone(work) -> a promise, kept when it is done
napi_value work_done(Call& call) {
  auto args = arguments<1>(call);
  WorkPtr work = held<WorkPtr>(call, args[0], kWork);
  auto nothing = [](Call& inner) {
    napi_value value;
    check(inner, napi_get_undefined(inner.env, &value));
    return value;
  };
  return run_in_background(
      call,
      [work] {
        wait_for(work);
        // NCCL has the device wait and not the host.
        while (!work->isCompleted()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (auto failure = work->exception()) std::rethrow_exception(failure);
      },
      nothing);
}

napi_value work_is_completed(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, held<WorkPtr>(call, args[0], kWork)->isCompleted());
}

// workSource(work) -> the rank that a message came from
napi_value work_source(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, held<WorkPtr>(call, args[0], kWork)->sourceRank());
}

// monitoredBarrier(group, timeout, waitsForAll) -> a promise; where ranks are missing, the first rank's error names them.
napi_value monitored_barrier(Call& call) {
  auto args = arguments<3>(call);
  GroupPtr group = held<GroupPtr>(call, args[0], kGroup);
  require_sound_gloo();
  c10d::BarrierOptions options;
  options.timeout = read_timeout(call, args[1]);
  bool waits_for_all = read_bool(call, args[2], "waitsForAll");
  return run_in_background(
      call, [=] { group->monitoredBarrier(options, waits_for_all); },
      [](Call& inner) {
        napi_value value;
        check(inner, napi_get_undefined(inner.env, &value));
        return value;
      });
}

}  // namespace

void register_c10d_group(Registrar& add) {
  add("makeGroup", guard<make_group>);
  add("letGoOfGroup", guard<let_go_of_group>);
  add("collective", guard<collective>);
  add("workWait", guard<work_wait>);
  add("workDone", guard<work_done>);
  add("workIsCompleted", guard<work_is_completed>);
  add("workSource", guard<work_source>);
  add("monitoredBarrier", guard<monitored_barrier>);
}

}  // namespace sconce
