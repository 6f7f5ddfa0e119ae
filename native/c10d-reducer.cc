// c10d's Reducer: gradients that are summed over ranks bucket by bucket, while backward goes on.
#include <torch/csrc/distributed/c10d/logger.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <type_traits>

#include "addon.h"
#include "capture-notes.h"
#include "c10d.h"
#include "engine.h"

namespace sconce {
namespace {

// A reducer and what it writes its statistics to: it uses that without asking whether it is there.
struct LoggedReducer {
  LoggedReducer(std::vector<at::Tensor> parameters_, std::shared_ptr<c10d::Reducer> reducer_)
      : parameters(std::move(parameters_)), reducer(std::move(reducer_)), logger(std::make_shared<c10d::Logger>(reducer)) {
    reducer->set_logger(logger);
    logger->set_construction_data_and_log("", {}, -1, true, false, false);
  }
  explicit operator bool() const { return reducer != nullptr; }
  c10d::Reducer* operator->() const { return reducer.get(); }

  std::vector<at::Tensor> parameters;
  std::shared_ptr<c10d::Reducer> reducer;
  std::shared_ptr<c10d::Logger> logger;
  // When this rank's own part of a timed backward was through, in microseconds of the steady clock; 0: not yet.
  std::shared_ptr<std::atomic<int64_t>> computed = std::make_shared<std::atomic<int64_t>>(0);
  // A static graph is learnt in the first backward, whose gradients are summed at its end.
  bool is_learning = false;
};
using ReducerPtr = LoggedReducer;

const char* const kGroup = "a process group";
const char* const kReducer = "a reducer";
const char* const kAveraged = "gradients are averaged over ranks during backward";

// Gradients go out as bfloat16 and come back as they were.
class Bfloat16Hook final : public c10d::CppCommHookInterface<GroupPtr> {
 public:
  using CppCommHookInterface::CppCommHookInterface;

  c10::intrusive_ptr<c10::ivalue::Future> runHook(c10d::GradBucket& bucket) override {
    at::Tensor buffer = bucket.getBuffer();
    at::Tensor small = buffer.to(at::kBFloat16);
    small.div_(state_->getSize());
    std::vector<at::Tensor> tensors{small};
    return state_->allreduce(tensors)->getFuture()->then(
        [buffer](c10::ivalue::Future& done) {
          auto result = done.value();
          TORCH_INTERNAL_ASSERT(result.isTensorList());
          buffer.copy_(result.toTensorVector()[0]);
          return c10::IValue(buffer);
        },
        c10::TensorType::get());
  }
};

struct Buckets {
  std::vector<std::vector<size_t>> parameters;
  std::vector<size_t> limits;
  int64_t first_bytes, bytes;
};
struct Ways {
  bool find_unused, bucket_view;
};

// c10d's reducer takes other arguments in libtorch 2.13 than it did in 1.13 and still in 2.6.
template <typename Reducer>
std::shared_ptr<Reducer> make_c10d_reducer(std::vector<at::Tensor>& parameters, const Buckets& buckets, GroupPtr& group, Ways ways,
                                           std::unordered_map<size_t, std::string>& names) {
  std::vector<bool> sparse(parameters.size(), false);
  const auto& [indices, limits, first_bytes, bytes] = buckets;
  constexpr bool kTakesLimits = std::is_constructible_v<Reducer, decltype(parameters), decltype(indices), decltype(limits), GroupPtr&, std::vector<bool>&, int64_t,
                                                        bool, bool, decltype(names), int64_t>;
  if constexpr (kTakesLimits)
    return std::make_shared<Reducer>(parameters, indices, limits, group, sparse, bytes, ways.find_unused, ways.bucket_view, names, first_bytes);
  else
    return std::make_shared<Reducer>(parameters, indices, group, sparse, bytes, ways.find_unused, ways.bucket_view, names, first_bytes,
                                     /*skip_all_reduce_unused_params=*/false, /*use_python_reducer=*/false, std::vector<int64_t>{});
}

// makeReducer(group, parameters, names, limits, findUnused, bucketView) -> reducer. `limits` are the bytes of the first and of each other bucket.
napi_value make_reducer(Call& call) {
  auto args = arguments<6>(call);
  GroupPtr group = held<GroupPtr>(call, args[0], kGroup);
  std::vector<at::Tensor> parameters = find_tensors(call, args[1], "reduce gradients", "parameters");
  std::unordered_map<size_t, std::string> names;
  for (size_t i = 0; i < parameters.size(); ++i) {
    napi_value name;
    check(call, napi_get_element(call.env, args[2], static_cast<uint32_t>(i), &name));
    names[i] = read_string(call, name, "name");
  }
  auto limits = read_ints(call, args[3], "limits");
  bool find_unused = read_bool(call, args[4], "findUnused"), bucket_view = read_bool(call, args[5], "bucketView");
  std::vector<bool> sparse(parameters.size(), false);
  auto [buckets, bucket_limits] =
      c10d::compute_bucket_assignment_by_size(parameters, {static_cast<size_t>(limits.at(0)), static_cast<size_t>(limits.at(1))}, sparse);
  // Gradients come last layer first.
  std::reverse(buckets.begin(), buckets.end());
  std::reverse(bucket_limits.begin(), bucket_limits.end());
  auto made = make_c10d_reducer<c10d::Reducer>(parameters, {buckets, bucket_limits, limits[0], limits[1]}, group, {find_unused, bucket_view}, names);
  return hold(call, ReducerPtr(std::move(parameters), std::move(made)));
}

// letGoOfReducer(reducer): its hooks leave the parameters now.
napi_value let_go_of_reducer(Call& call) {
  auto args = arguments<1>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  reducer.logger.reset();
  reducer.reducer.reset();
  reducer.parameters.clear();
  return nullptr;
}

napi_value prepare_for_forward(Call& call) {
  refuse_capture(kAveraged);
  auto args = arguments<1>(call);
  require_sound_gloo();
  held<ReducerPtr>(call, args[0], kReducer)->prepare_for_forward();
  return nullptr;
}

// The first gradient that reaches an output has the engine sum all of them when it is through.
void sum_at_the_end(ReducerPtr& reducer, const std::vector<at::Tensor>& outputs) {
  auto is_queued = std::make_shared<std::atomic<bool>>(false);
  std::weak_ptr<c10d::Reducer> target = reducer.reducer;
  for (const auto& output : outputs) {
    if (!output.requires_grad()) continue;
    output.register_hook([is_queued, target](const at::Tensor&) {
      if (is_queued->exchange(true)) return;
      torch::autograd::Engine::get_default_engine().queue_callback([target] {
        if (auto live = target.lock()) live->delay_all_reduce();
      });
    });
    reducer.is_learning = false;
  }
}

int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// reducerTimeBackward(reducer, root): notes when this rank's own part of the next backward, which begins at root, is through. The engine calls back in the order in which it was
// asked to, and the reducer asks with the last gradient: what it waits for comes behind. To be called before reducerPrepareForBackward.
napi_value time_backward(Call& call) {
  auto args = arguments<2>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  const at::Tensor& root = find_tensor(call, read_double(call, args[1], "root"), "time backward");
  reducer.computed->store(0);
  if (!root.requires_grad()) return nullptr;
  root.register_hook([computed = reducer.computed](const at::Tensor&) {
    torch::autograd::Engine::get_default_engine().queue_callback([computed] { computed->store(microseconds_now()); });
  });
  return nullptr;
}

// reducerWaitedUs(reducer) -> microseconds since the own part of the timed backward was through; 0 where none was
napi_value waited_us(Call& call) {
  auto args = arguments<1>(call);
  int64_t computed = held<ReducerPtr>(call, args[0], kReducer).computed->load();
  return make_number(call, computed == 0 ? 0 : static_cast<double>(microseconds_now() - computed));
}

// reducerPrepareForBackward(reducer, outputs): from the next backward on, gradients are summed. With outputs: what they do not use counts as done.
napi_value prepare_for_backward(Call& call) {
  refuse_capture(kAveraged);
  auto args = arguments<2>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  auto outputs = find_tensors(call, args[1], "reduce gradients", "outputs");
  reducer->prepare_for_backward(outputs);
  if (reducer.is_learning) sum_at_the_end(reducer, outputs);
  return nullptr;
}

// reducerRebuildBuckets(reducer) -> whether the buckets now follow the order in which gradients came
napi_value rebuild_buckets(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, held<ReducerPtr>(call, args[0], kReducer)->rebuild_buckets());
}

napi_value set_static_graph(Call& call) {
  auto args = arguments<1>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  reducer->set_static_graph();
  reducer.is_learning = true;
  return nullptr;
}

// reducerCompress(reducer, group, dtype): 'float16' or 'bfloat16' on the way. Once, before the first backward.
napi_value compress(Call& call) {
  auto args = arguments<3>(call);
  ReducerPtr reducer = held<ReducerPtr>(call, args[0], kReducer);
  GroupPtr group = held<GroupPtr>(call, args[1], kGroup);
  if (read_string(call, args[2], "dtype") == "float16") reducer->register_builtin_comm_hook(c10d::BuiltinCommHookType::FP16_COMPRESS);
  else reducer->register_comm_hook(std::make_unique<Bfloat16Hook>(group));
  return nullptr;
}

// reducerBuckets(reducer) -> the bytes of each bucket, in the order in which they are summed
napi_value buckets(Call& call) {
  auto args = arguments<1>(call);
  std::vector<double> bytes;
  for (const auto& bucket : held<ReducerPtr>(call, args[0], kReducer)->get_grad_buckets()) bytes.push_back(static_cast<double>(bucket.getBuffer().nbytes()));
  return make_array(call, bytes.data(), bytes.size());
}

// reducerSetForwardWork(reducer, work): a sum over ranks of how many take part, by which the next gradients are divided. Without a work: by the number of ranks.
napi_value set_forward_work(Call& call) {
  auto args = arguments<2>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  napi_valuetype type;
  check(call, napi_typeof(call.env, args[1], &type));
  WorkPtr work = type == napi_undefined ? WorkPtr() : held<WorkPtr>(call, args[1], "a work");
  reducer->set_forward_pass_work_handle(work, /*use_static_world_size=*/!work);
  return nullptr;
}

// Protected in libtorch 1.13.
struct HookedReducer : c10d::Reducer {
  static void call_hook(c10d::Reducer& reducer, size_t parameter) { (reducer.*(&HookedReducer::autograd_hook))(parameter); }
};

// Says in a backward pass of its own that gradients have come: the reducer waits for its sums when such a pass ends.
struct GradientsCame final : torch::autograd::Node {
  GradientsCame(c10d::Reducer& reducer_, const std::vector<size_t>& parameters_) : reducer(reducer_), parameters(parameters_) {}
  torch::autograd::variable_list apply(torch::autograd::variable_list&&) override {
    for (size_t parameter : parameters) HookedReducer::call_hook(reducer, parameter);
    return {};
  }
  c10d::Reducer& reducer;
  const std::vector<size_t>& parameters;
};

// A graph of these parameters alone, which nobody runs: the reducer looks in it for those that are used.
struct Users final : torch::autograd::Node {
  explicit Users(torch::autograd::edge_list&& edges) : Node(std::move(edges)) {}
  torch::autograd::variable_list apply(torch::autograd::variable_list&&) override { return {}; }
};

using NodePtr = decltype(torch::autograd::Edge::function);

// The root of a graph of one node. Nodes are held by std::shared_ptr in libtorch 1.13.
template <typename Made, typename Pointer = NodePtr, typename... Args>
at::Tensor root_of(Args&&... args) {
  at::Tensor root = at::empty({0});
  if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>)
    torch::autograd::create_gradient_edge(root, std::make_shared<Made>(std::forward<Args>(args)...));
  else torch::autograd::create_gradient_edge(root, c10::make_intrusive<Made>(std::forward<Args>(args)...));
  return root;
}

// reducerAverage(reducer, searches): the gradients that there are, averaged as the backward pass would have done that made them, had it been prepared for; parameters without a gradient
// count as unused, which a reducer that searches for such takes. To be called behind reducerPrepareForForward.
napi_value average(Call& call) {
  refuse_capture(kAveraged);
  require_sound_gloo();
  auto args = arguments<2>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  std::vector<size_t> came;
  torch::autograd::edge_list edges;
  // The last layers' first, as they come.
  for (size_t i = reducer.parameters.size(); i-- > 0;) {
    if (!reducer.parameters[i].grad().defined()) continue;
    came.push_back(i);
    edges.push_back(torch::autograd::impl::gradient_edge(reducer.parameters[i]));
  }
  if (came.empty()) throw std::runtime_error("expected gradients, got none of any parameter");
  std::vector<at::Tensor> outputs;
  if (read_bool(call, args[1], "searches")) outputs.push_back(root_of<Users>(std::move(edges)));
  reducer->prepare_for_backward(outputs);
  at::Tensor root = root_of<GradientsCame>(*reducer.reducer, came);
  run_engine(call.self, "average", {}, [&] { torch::autograd::backward({root}, {at::empty({0})}); });
  return nullptr;
}

// A view of the part of a bucket that is a parameter's gradient, laid out as the reducer lays it out.
at::Tensor gradient_in(const at::Tensor& part, const at::Tensor& parameter) {
  return parameter.is_non_overlapping_and_dense() ? part.as_strided(parameter.sizes(), parameter.strides(), part.storage_offset()) : part;
}

void write_gradient(const at::Tensor& parameter, const at::Tensor& gradient) {
  at::NoGradGuard no_grad;
  at::Tensor& own = parameter.mutable_grad();
  if (own.defined()) own.copy_(gradient);
  else own = gradient.clone();
}

// reducerShadow(reducer, group, findsUnused, keepsGradients): takes part in the sums of a backward pass that other ranks run, with zeros. Gradients become
// the average of theirs where they are kept. Parameters that no rank used are left alone.
napi_value shadow(Call& call) {
  auto args = arguments<4>(call);
  auto& reducer = held<ReducerPtr>(call, args[0], kReducer);
  GroupPtr group = held<GroupPtr>(call, args[1], kGroup);
  bool finds_unused = read_bool(call, args[2], "findsUnused"), keeps = read_bool(call, args[3], "keepsGradients");
  std::vector<c10d::GradBucket> buckets = reducer->get_grad_buckets(/*return_zero_tensors=*/true);
  std::vector<c10::intrusive_ptr<c10::ivalue::Future>> sums;
  for (auto& bucket : buckets) sums.push_back(reducer->run_comm_hook(bucket));
  std::vector<at::Tensor> used;
  WorkPtr used_work;
  if (finds_unused) {
    used.push_back(at::zeros_like(reducer->get_local_used_map_on_device()));
    used_work = group->allreduce(used);
  }
  for (auto& sum : sums) {
    sum->wait();
    if (sum->hasError()) std::rethrow_exception(sum->exception_ptr());
  }
  if (used_work) used_work->wait();
  if (keeps) {
    std::unordered_map<c10::TensorImpl*, int64_t> places;
    for (size_t i = 0; i < reducer.parameters.size(); ++i) places[reducer.parameters[i].unsafeGetTensorImpl()] = static_cast<int64_t>(i);
    for (size_t b = 0; b < buckets.size(); ++b) {
      // c10d's own function for it is not to be had in libtorch 1.13.
      const at::IValue& result = sums[b]->constValue();
      at::Tensor summed = result.isTensor() ? result.toTensor() : result.toTensorVector().at(0);
      buckets[b].setBuffer(summed);
      auto parameters = buckets[b].getParameters();
      auto gradients = buckets[b].getGradients();
      for (size_t i = 0; i < parameters.size(); ++i) {
        bool is_used = !finds_unused || used[0][places.at(parameters[i].unsafeGetTensorImpl())].item<int64_t>() > 0;
        if (is_used) write_gradient(parameters[i], gradient_in(gradients[i], parameters[i]));
      }
    }
  }
  reducer->push_rebuilt_params_for_all_indices();
  return nullptr;
}

// verifyParameters(group, parameters): throws where a rank's differ in number, shape, dtype or strides from the first rank's.
napi_value verify_parameters(Call& call) {
  require_sound_gloo();
  auto args = arguments<2>(call);
  GroupPtr group = held<GroupPtr>(call, args[0], kGroup);
  c10d::verify_params_across_processes(group, find_tensors(call, args[1], "compare parameters", "parameters"), {});
  return nullptr;
}

// broadcastCoalesced(group, tensors, bytes, root): the root's values become everyone's, many tensors a message.
napi_value broadcast_coalesced(Call& call) {
  refuse_capture("ranks talk to each other in the step");
  require_sound_gloo();
  auto args = arguments<4>(call);
  GroupPtr group = held<GroupPtr>(call, args[0], kGroup);
  std::vector<at::Tensor> tensors = find_tensors(call, args[1], "broadcast", "tensors");
  for (auto& tensor : tensors) tensor = tensor.detach();
  c10d::broadcast_coalesced(group, tensors, static_cast<size_t>(read_int(call, args[2], "bytes")), static_cast<int>(read_int(call, args[3], "root")));
  return nullptr;
}

}  // namespace

void register_c10d_reducer(Registrar& add) {
  add("makeReducer", guard<make_reducer>);
  add("letGoOfReducer", guard<let_go_of_reducer>);
  add("reducerPrepareForForward", guard<prepare_for_forward>);
  add("reducerPrepareForBackward", guard<prepare_for_backward>);
  add("reducerTimeBackward", guard<time_backward>);
  add("reducerWaitedUs", guard<waited_us>);
  add("reducerRebuildBuckets", guard<rebuild_buckets>);
  add("reducerSetStaticGraph", guard<set_static_graph>);
  add("reducerCompress", guard<compress>);
  add("reducerBuckets", guard<buckets>);
  add("reducerSetForwardWork", guard<set_forward_work>);
  add("reducerAverage", guard<average>);
  add("reducerShadow", guard<shadow>);
  add("verifyParameters", guard<verify_parameters>);
  add("broadcastCoalesced", guard<broadcast_coalesced>);
}

}  // namespace sconce
