// Gradients: backward, grad, and what a tensor knows of them.
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>

#include <algorithm>

#include "addon.h"
#include "capture-notes.h"
#include "convert.h"
#include "engine.h"
#include "errors.h"

namespace sconce {
namespace {

std::vector<at::Tensor> optional_tensors(Call& call, napi_value handles, const char* action, const char* name) {
  std::vector<at::Tensor> tensors;
  for (double handle : read_handles(call, handles)) tensors.push_back(handle == 0 ? at::Tensor() : find_tensor(call, handle, action, name));
  return tensors;
}

// backward(roots, gradients, retainGraph, createGraph, inputs): adds to `grad` of the leaves, or of `inputs` alone where given.
napi_value backward(Call& call) {
  auto args = arguments<5>(call);
  auto roots = find_tensors(call, args[0], "backward", "roots");
  auto gradients = optional_tensors(call, args[1], "backward", "gradient");
  for (const auto& root : roots) note_root(root);
  bool retain_graph = read_bool(call, args[2], "retainGraph");
  bool create_graph = read_bool(call, args[3], "createGraph");
  auto inputs = find_tensors(call, args[4], "backward", "inputs");
  run_engine(call.self, "backward", roots, [&] { torch::autograd::backward(roots, gradients, retain_graph, create_graph, inputs); });
  return nullptr;
}

// grad(outputs, inputs, gradients, retainGraph, createGraph, allowUnused) -> one handle an input; undefined where unused.
napi_value grad(Call& call) {
  auto args = arguments<6>(call);
  auto outputs = find_tensors(call, args[0], "grad", "outputs");
  auto inputs = find_tensors(call, args[1], "grad", "inputs");
  auto gradients = optional_tensors(call, args[2], "grad", "gradient");
  for (const auto& output : outputs) note_root(output);
  bool retain_graph = read_bool(call, args[3], "retainGraph");
  bool create_graph = read_bool(call, args[4], "createGraph");
  bool allow_unused = read_bool(call, args[5], "allowUnused");
  std::vector<at::Tensor> results;
  run_engine(call.self, "grad", outputs, [&] {
    results = torch::autograd::grad(outputs, inputs, gradients, c10::optional<bool>(retain_graph), create_graph, allow_unused);
  });
  napi_value array;
  check(call, napi_create_array_with_length(call.env, results.size(), &array));
  for (size_t i = 0; i < results.size(); ++i) {
    if (results[i].defined()) check(call, napi_set_element(call.env, array, i, make_number(call, call.self.tensors.insert(results[i]))));
  }
  return array;
}

// gradOf(handle) -> handle or undefined
napi_value grad_of(Call& call) {
  auto args = arguments<1>(call);
  at::Tensor tensor = find_tensor(call, read_double(call, args[0], "handle"), "grad");
  note_read_grad(tensor);
  at::Tensor gradient = tensor.grad();
  return gradient.defined() ? make_number(call, call.self.tensors.insert(std::move(gradient))) : nullptr;
}

// setGrad(handle, handle | undefined)
napi_value set_grad(Call& call) {
  auto args = arguments<2>(call);
  at::Tensor tensor = find_tensor(call, read_double(call, args[0], "handle"), "set grad");
  if (is_absent(call, args[1])) {
    note_cleared_grad(tensor);
    tensor.mutable_grad() = at::Tensor();
    return nullptr;
  }
  at::Tensor gradient = find_tensor(call, read_double(call, args[1], "gradient"), "set grad", "gradient");
  if (gradient.sizes() != tensor.sizes()) {
    throw Refused(Refusal::kShape, "Cannot set grad: expected shape " + describe_sizes(tensor.sizes()) + ", got " + describe_sizes(gradient.sizes()));
  }
  if (gradient.scalar_type() != tensor.scalar_type() || gradient.device() != tensor.device()) {
    throw Refused(Refusal::kDType, "Cannot set grad: expected " + describe_tensor(tensor) + ", got " + describe_tensor(gradient));
  }
  // A tensor that holds itself is never freed.
  if (gradient.is_same(tensor)) throw Refused(Refusal::kType, "Cannot set grad: expected another tensor, got the tensor itself");
  refuse_capture("it assigns a gradient");
  tensor.mutable_grad() = gradient;
  return nullptr;
}

// clearGrads(handles): what `zeroGrad` does with many parameters, in one call.
napi_value clear_grads(Call& call) {
  auto args = arguments<1>(call);
  for (auto& tensor : find_tensors(call, args[0], "clear gradients", "parameters")) {
    note_cleared_grad(tensor);
    tensor.mutable_grad() = at::Tensor();
  }
  return nullptr;
}

// gradsOf(handles) -> Float64Array of handles, 0 where there is none.
napi_value grads_of(Call& call) {
  auto args = arguments<1>(call);
  auto tensors = find_tensors(call, args[0], "grad", "parameters");
  napi_value buffer, array;
  void* data = nullptr;
  check(call, napi_create_arraybuffer(call.env, tensors.size() * sizeof(double), &data, &buffer));
  auto* handles = static_cast<double*>(data);
  for (size_t i = 0; i < tensors.size(); ++i) {
    note_read_grad(tensors[i]);
    at::Tensor gradient = tensors[i].grad();
    handles[i] = gradient.defined() ? call.self.tensors.insert(std::move(gradient)) : 0;
  }
  check(call, napi_create_typedarray(call.env, napi_float64_array, tensors.size(), buffer, 0, &array));
  return array;
}

// What an optimizer asks of its parameters and their gradients at every step, in one call: the sum of these.
enum Traits { kSomeComplex = 1, kSomeSparse = 2, kSeveralKinds = 4 };

// traitsOf(parameters, gradients) -> Traits: a parameter is complex, a gradient is not strided, the parameters are of several dtypes or devices.
napi_value traits_of(Call& call) {
  auto args = arguments<2>(call);
  auto parameters = find_tensors(call, args[0], "traitsOf", "parameters");
  int traits = 0;
  for (const auto& parameter : parameters) {
    if (parameter.is_complex()) traits |= kSomeComplex;
    if (parameter.scalar_type() != parameters[0].scalar_type() || parameter.device() != parameters[0].device()) traits |= kSeveralKinds;
  }
  for (const auto& gradient : find_tensors(call, args[1], "traitsOf", "gradients")) {
    if (gradient.layout() != at::kStrided) traits |= kSomeSparse;
  }
  return make_number(call, traits);
}

// Whether a kernel that walks memory from the first element to the last meets the same elements in both.
bool is_same_walk(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes() || a.layout() != at::kStrided || b.layout() != at::kStrided) return false;
  if (a.scalar_type() != b.scalar_type() || a.device() != b.device()) return false;
  for (int64_t dim = 0; dim < a.dim(); ++dim) {
    if (a.size(dim) != 1 && a.stride(dim) != b.stride(dim)) return false;
  }
  return true;
}

// haveOneLayout(lists): whether all tensors of the first list are dense, floating and of one dtype and device, and those at their place in the others have the
// same, their sizes and their strides. Fused optimizer kernels ask for that and do not check.
napi_value have_one_layout(Call& call) {
  auto args = arguments<5>(call);
  auto first = find_tensors(call, args[0], "haveOneLayout", "lists");
  bool is_one = std::all_of(first.begin(), first.end(), [&first](const auto& tensor) {
    return tensor.layout() == at::kStrided && tensor.is_non_overlapping_and_dense() && tensor.is_floating_point() &&
           tensor.scalar_type() == first[0].scalar_type() && tensor.device() == first[0].device();
  });
  for (size_t i = 1; i < args.size() && is_one; ++i) {
    if (is_absent(call, args[i])) continue;
    auto other = find_tensors(call, args[i], "haveOneLayout", "lists");
    is_one = other.size() == first.size() && std::equal(first.begin(), first.end(), other.begin(), is_same_walk);
  }
  return make_bool(call, is_one);
}

napi_value requires_grad(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, find_tensor(call, read_double(call, args[0], "handle"), "requiresGrad").requires_grad());
}

napi_value set_requires_grad(Call& call) {
  auto args = arguments<2>(call);
  at::Tensor tensor = find_tensor(call, read_double(call, args[0], "handle"), "requiresGrad");
  bool value = read_bool(call, args[1], "requiresGrad");
  // libtorch would set the flag and go on with the graph.
  if (!value && !tensor.is_leaf()) {
    throw Refused(Refusal::kType, "Cannot set requiresGrad: expected a leaf, got a result of " + tensor.grad_fn()->name() + "; take its detach()");
  }
  explained("requiresGrad", {tensor}, [&] { tensor.set_requires_grad(value); });
  return nullptr;
}

napi_value is_leaf(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, find_tensor(call, read_double(call, args[0], "handle"), "isLeaf").is_leaf());
}

// retainsGrad(handle): whether retainGrad() was called on a tensor that is no leaf.
napi_value retains_grad(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, find_tensor(call, read_double(call, args[0], "handle"), "retainsGrad").retains_grad());
}

// gradFnName(handle) -> "AddBackward0" or undefined
napi_value grad_fn_name(Call& call) {
  auto args = arguments<1>(call);
  auto function = find_tensor(call, read_double(call, args[0], "handle"), "gradFn").grad_fn();
  return function ? make_string(call, function->name()) : nullptr;
}

// setData(handle, other): the tensor takes the other's memory, shape and dtype and keeps its identity for autograd and optimizers.
napi_value set_data(Call& call) {
  refuse_capture("it assigns the data of a tensor");
  auto args = arguments<2>(call);
  at::Tensor tensor = find_tensor(call, read_double(call, args[0], "handle"), "setData");
  at::Tensor other = find_tensor(call, read_double(call, args[1], "data"), "setData", "data");
  explained("setData", {tensor, other}, [&] {
    tensor.set_data(other.detach());
    tensor.unsafeGetTensorImpl()->bump_version();  // backward through the old values is an error
  });
  return nullptr;
}

}  // namespace

void register_autograd(Registrar& add) {
  add("backward", guard<backward>);
  add("grad", guard<grad>);
  add("gradOf", guard<grad_of>);
  add("setGrad", guard<set_grad>);
  add("gradsOf", guard<grads_of>);
  add("clearGrads", guard<clear_grads>);
  add("traitsOf", guard<traits_of>);
  add("haveOneLayout", guard<have_one_layout>);
  add("requiresGrad", guard<requires_grad>);
  add("setRequiresGrad", guard<set_requires_grad>);
  add("isLeaf", guard<is_leaf>);
  add("retainsGrad", guard<retains_grad>);
  add("gradFnName", guard<grad_fn_name>);
  add("setData", guard<set_data>);
}

}  // namespace sconce
