// Replays a captured step on a GPU as CUDA graphs. Compiled where libtorch has CUDA and CUDA's headers are there. Untested: it has been compiled, and never
// run with a GPU. What it rests on (which operators are in a graph, which memory keeps its place) is in capture-cut.cc, which is tested.
#include <ATen/Functions.h>
#include <ATen/cuda/CUDAGraph.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/StreamGuard.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include <unordered_map>

#include "capture.h"
#include "errors.h"

namespace sconce {
namespace {

// Captures of one part, until it is called instead.
constexpr int kMostCaptures = 8;
// What other threads do (NCCL's watchdog, pinned memory of loaders) does not break a capture.
constexpr auto kMode = cudaStreamCaptureModeThreadLocal;

// One for each thread and GPU, since cuBLAS keeps memory for each stream that it has seen.
c10::Stream side_stream(c10::Device device) {
  thread_local std::unordered_map<int, c10::Stream> streams;
  auto found = streams.find(device.index());
  if (found == streams.end()) found = streams.emplace(device.index(), c10::cuda::getStreamFromPool(false, device.index()).unwrap()).first;
  return found->second;
}

class GraphRunner final : public Runner {
 public:
  GraphRunner(Recording& recording, const std::vector<Run>& runs, c10::Device device)
      : recording_(recording), device_(device), pool_(at::cuda::graph_pool_handle()) {
    for (const Run& run : runs) parts_.push_back({run});
  }

  // The first time operators are called, on the stream of captures: libraries make what they need, and forms that write into their place are tried. The second
  // time they are put into graphs.
  void run(size_t begin, size_t end) override {
    c10::DeviceGuard guard(device_);
    if (has_moved()) forget();
    for (Part& part : parts_) {
      if (part.run.begin < begin || part.run.end > end) continue;
      if (part.run.is_graph && part.is_warm && refusal_.empty() && !part.graph) capture(part);
      if (part.graph) {
        recording_.note_running(part.run.begin);
        part.graph->replay();
      } else if (part.run.is_graph && !part.is_warm) {
        warm_up(part);
      } else {
        recording_.call(part.run.begin, part.run.end);
      }
    }
  }

  std::string refusal() const override { return refusal_; }

 private:
  struct Part {
    Run run;
    bool is_warm = false;
    std::unique_ptr<at::cuda::CUDAGraph> graph = nullptr;
    std::vector<const void*> places = {};  // of the memory from outside, when it was captured
    int num_captures = 0;
  };

  bool has_moved() const {
    for (const Part& part : parts_) {
      for (size_t i = 0; part.graph && i < part.places.size(); ++i) {
        if (part.places[i] != recording_.place_of(part.run.outside[i])) return true;
      }
    }
    return false;
  }

  // All of them: where one leaves its results, others read them.
  void forget() {
    c10::cuda::device_synchronize();
    for (Part& part : parts_) part.graph.reset();
    pool_ = at::cuda::graph_pool_handle();  // one that no graph uses any more cannot be used again
  }

  void warm_up(Part& part) {
    c10::cuda::device_synchronize();
    {
      c10::StreamGuard guard(side_stream(device_));
      recording_.call(part.run.begin, part.run.end);
    }
    c10::cuda::device_synchronize();
    part.is_warm = true;
  }

  // Its operators go into a graph, and are not run.
  void capture(Part& part) {
    if (++part.num_captures > kMostCaptures) return give_up("memory from outside has another place from step to step");
    c10::cuda::device_synchronize();
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    std::string failure;
    bool has_begun = false, is_broken = false;
    c10::StreamGuard guard(side_stream(device_));
    try {
      graph->capture_begin(pool_, kMode);
      has_begun = true;
      try {
        recording_.call(part.run.begin, part.run.end);
      } catch (const std::exception& error) {
        failure = first_line(error);
      }
      graph->capture_end();
    } catch (const std::exception& error) {
      if (failure.empty()) failure = first_line(error);
      is_broken = true;
    }
    if (failure.empty()) {
      part.places.clear();
      for (int storage : part.run.outside) part.places.push_back(recording_.place_of(storage));
      part.graph = std::move(graph);
      return;
    }
    if (is_broken) clean_up(std::move(graph), has_begun);
    give_up(failure);
  }

  void give_up(const std::string& reason) {
    forget();
    refusal_ = reason;
  }

  // libtorch's `capture_end` leaves things open where the capture was broken off: by version the allocator, which would go on to look for it, and the generator,
  // which would refuse to draw; another capture that ends well puts that right.
  void clean_up(std::unique_ptr<at::cuda::CUDAGraph> broken, bool has_begun) {
    try {
      c10::cuda::CUDACachingAllocator::endAllocateToPool(device_.index(), pool_);
    } catch (const c10::Error&) {
      // It was closed.
    }
    if (has_begun) c10::cuda::CUDACachingAllocator::releasePool(device_.index(), pool_);
    broken.release();  // the allocator of pinned memory may still know it
    at::Tensor mark = at::empty({1}, at::TensorOptions(at::kByte).device(device_));
    at::cuda::CUDAGraph whole;
    whole.capture_begin(at::cuda::graph_pool_handle(), kMode);
    mark.zero_();
    whole.capture_end();
  }

  Recording& recording_;
  c10::Device device_;
  decltype(at::cuda::graph_pool_handle()) pool_;
  std::vector<Part> parts_;
  std::string refusal_;
};

std::unique_ptr<Runner> make_graph_runner(Recording& recording, const std::vector<Run>& runs, c10::Device device) {
  return std::make_unique<GraphRunner>(recording, runs, device);
}

// libtorch's `CUDAGraph` has other members from CUDA 12.4 on, and is allocated here: with headers of another CUDA it would be written past its end.
bool has_headers_of_libtorch() {
  constexpr long kFirstWithConditions = 12040;
  try {
    const long built = at::detail::getCUDAHooks().versionCUDART();
    return built / 1000 == CUDART_VERSION / 1000 && (built >= kFirstWithConditions) == (CUDART_VERSION >= kFirstWithConditions);
  } catch (const c10::Error&) {
    return false;  // a libtorch that does not say
  }
}

}  // namespace

void install_cuda_graphs() {
  if (has_headers_of_libtorch()) cuda_runners().make = make_graph_runner;
  else note_missing_cuda_graphs("the addon is compiled with headers of another CUDA than libtorch is built with; name the right ones with CUDA_HOME, then run: npx sconce setup --force");
}

}  // namespace sconce
