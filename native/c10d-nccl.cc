// NCCL beside Gloo in a process group, for tensors on GPUs. Compiled where libtorch has CUDA and the headers of CUDA and NCCL are there. Untested: it has been compiled
// and linked, and never run with a GPU.
#define USE_C10D_GLOO
#define USE_C10D_NCCL
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/cuda/nccl.h>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupWrapper.hpp>

#include <future>
#include <thread>

#include "addon.h"
#include "background.h"
#include "c10d.h"

namespace sconce {
namespace {

using Nccl = c10d::ProcessGroupNCCL;
using NcclPtr = c10::intrusive_ptr<Nccl>;

const char* const kNccl = "a group of NCCL";

// What c10d's options hold of NCCL has another size in another version: with other headers they would be written past their end.
bool has_headers_of_libtorch() {
  const uint64_t built = torch::cuda::nccl::version();
  return built >> 32 == NCCL_MAJOR && (built >> 16 & 0xffff) == NCCL_MINOR;
}

std::string dotted(uint64_t major, uint64_t minor, uint64_t patch) { return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch); }

// ncclVersions() -> [that which libtorch is built with, that of the headers here]
napi_value nccl_versions(Call& call) {
  const uint64_t built = torch::cuda::nccl::version();
  const std::string versions[] = {dotted(built >> 32, built >> 16 & 0xffff, built & 0xffff), dotted(NCCL_MAJOR, NCCL_MINOR, NCCL_PATCH)};
  napi_value pair;
  check(call, napi_create_array_with_length(call.env, 2, &pair));
  for (uint32_t i = 0; i < 2; ++i) check(call, napi_set_element(call.env, pair, i, make_string(call, versions[i])));
  return pair;
}

// addNccl(group, store, checks, name, ranks, device, timeout) -> a promise of NCCL's part of the group, once all ranks are connected. `ranks` are those of the group in the
// default one. With `checks`, a group of its own, every call is compared over that one's Gloo before it is made.
napi_value add_nccl(Call& call) {
  auto args = arguments<7>(call);
  GroupPtr group = held<GroupPtr>(call, args[0], "a process group");
  StorePtr store = held<StorePtr>(call, args[1], "a store");
  napi_valuetype type;
  check(call, napi_typeof(call.env, args[2], &type));
  GroupPtr checks = type == napi_undefined ? GroupPtr() : held<GroupPtr>(call, args[2], "a process group");
  if (!has_headers_of_libtorch()) throw Refused(Refusal::kNative, "expected the headers of the NCCL that libtorch is built with, got those of another version");
  auto options = Nccl::Options::create();
  options->group_name = read_string(call, args[3], "name");
  for (int64_t rank : read_ints(call, args[4], "ranks")) options->global_ranks_in_group.push_back(static_cast<uint64_t>(rank));
  const c10::Device device(c10::kCUDA, static_cast<c10::DeviceIndex>(read_int(call, args[5], "device")));
  options->timeout = read_timeout(call, args[6]);
  auto made = std::make_shared<NcclPtr>();
  return run_in_background(
      call,
      [=] {
        c10::impl::VirtualGuardImpl(c10::kCUDA).setDevice(device);  // a thread's own
        auto nccl = c10::make_intrusive<Nccl>(store, group->getRank(), group->getSize(), options);
        nccl->setSequenceNumberForGroup();
        c10::intrusive_ptr<c10d::Backend> backend = nccl;
        if (checks) backend = c10::make_intrusive<c10d::ProcessGroupWrapper>(backend, checks->getBackend(c10::kCPU));
        group->setBoundDeviceId(device);
        group->setBackend(c10::kCUDA, c10d::ProcessGroup::BackendType::NCCL, backend);
        try {
          // Now, while all ranks are waited for anyway: a GPU that two ranks have, or no way between two, would show in the first backward pass else.
          nccl->eagerConnectSingleDevice(device);
        } catch (...) {
          nccl->abort();
          throw;
        }
        *made = nccl;
      },
      [made](Call& inner) { return hold<NcclPtr>(inner, *made); });
}

// Giving up is at times waiting for a rank that is gone. So long it may take; what is not through by then goes on beside the rest.
const std::chrono::seconds kAbortTime(5);

void abort_in_time(NcclPtr nccl) {
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> is_done = done->get_future();
  std::thread([nccl = std::move(nccl), done]() mutable {
    try {
      nccl->abort();
    } catch (const std::exception&) {
      // It is given up either way.
    }
    nccl.reset();
    done->set_value();
  }).detach();
  is_done.wait_for(kAbortTime);
}

// closeNccl(nccl, aborts): waits for what is under way on all ranks, or gives it up where a rank is gone.
napi_value close_nccl(Call& call) {
  auto args = arguments<2>(call);
  NcclPtr ended = std::move(held<NcclPtr>(call, args[0], kNccl));
  if (read_bool(call, args[1], "aborts")) abort_in_time(std::move(ended));
  else ended->shutdown();
  return nullptr;
}

}  // namespace

void register_c10d_nccl(Registrar& add) {
  add("ncclVersions", guard<nccl_versions>);
  add("addNccl", guard<add_nccl>);
  add("closeNccl", guard<close_nccl>);
}

}  // namespace sconce
