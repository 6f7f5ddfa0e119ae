// The modes of the calling thread: gradient, inference, autocast.
#include "modes.h"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include "addon.h"
#include "autograd-state.h"
#include "convert.h"
#include "dtype.h"
#include "errors.h"

namespace sconce {
namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool autocast_enabled(at::DeviceType type) { return at::autocast::is_autocast_enabled(type); }
void set_autocast(at::DeviceType type, bool enabled) { at::autocast::set_autocast_enabled(type, enabled); }
at::ScalarType autocast_dtype(at::DeviceType type) { return at::autocast::get_autocast_dtype(type); }
void set_autocast_type(at::DeviceType type, at::ScalarType dtype) { at::autocast::set_autocast_dtype(type, dtype); }
#else
bool autocast_enabled(at::DeviceType type) { return type == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled(); }
void set_autocast(at::DeviceType type, bool enabled) {
  type == at::kCPU ? at::autocast::set_cpu_enabled(enabled) : at::autocast::set_enabled(enabled);
}
at::ScalarType autocast_dtype(at::DeviceType type) {
  return type == at::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
void set_autocast_type(at::DeviceType type, at::ScalarType dtype) {
  type == at::kCPU ? at::autocast::set_autocast_cpu_dtype(dtype) : at::autocast::set_autocast_gpu_dtype(dtype);
}
#endif

constexpr at::DeviceType kAutocastDevices[] = {at::kCPU, at::kCUDA};

}  // namespace

AutocastState::AutocastState() {
  for (size_t i = 0; i < 2; ++i) {
    dtypes[i] = autocast_dtype(kAutocastDevices[i]);
    is_enabled[i] = autocast_enabled(kAutocastDevices[i]);
  }
  is_cache_enabled = at::autocast::is_autocast_cache_enabled();
}

void AutocastState::apply() const {
  for (size_t i = 0; i < 2; ++i) {
    set_autocast_type(kAutocastDevices[i], dtypes[i]);
    set_autocast(kAutocastDevices[i], is_enabled[i]);
  }
  at::autocast::set_autocast_cache_enabled(is_cache_enabled);
}

AutocastGuard::AutocastGuard(const AutocastState& state) {
  state.apply();
  at::autocast::increment_nesting();
}

AutocastGuard::~AutocastGuard() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  before_.apply();
}

namespace {

// setGradMode(enabled) -> what it was
napi_value set_grad_mode(Call& call) {
  auto args = arguments<1>(call);
  bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(read_bool(call, args[0], "enabled"));
  return make_bool(call, before);
}

napi_value is_grad_enabled(Call& call) { return make_bool(call, c10::GradMode::is_enabled()); }

// beginInferenceMode(enabled) -> its depth, for endInferenceMode
napi_value begin_inference_mode(Call& call) {
  auto args = arguments<1>(call);
  call.self.autograd->inference_modes.push_back(std::make_unique<c10::InferenceMode>(read_bool(call, args[0], "enabled")));
  return make_number(call, static_cast<double>(call.self.autograd->inference_modes.size() - 1));
}

napi_value end_inference_mode(Call& call) {
  auto args = arguments<1>(call);
  double depth = read_double(call, args[0], "depth");
  auto& modes = call.self.autograd->inference_modes;
  if (!(depth >= 0 && depth < static_cast<double>(modes.size()))) throw Refused(Refusal::kNative, "internal: no inference mode is on");
  while (static_cast<double>(modes.size()) > depth) modes.pop_back();
  return nullptr;
}

napi_value is_inference_mode(Call& call) { return make_bool(call, c10::InferenceMode::is_enabled()); }

// isInference(handle): whether the tensor was made in inference mode.
napi_value is_inference(Call& call) {
  auto args = arguments<1>(call);
  return make_bool(call, find_tensor(call, read_double(call, args[0], "handle"), "isInference").is_inference());
}

at::DeviceType read_autocast_device(Call& call, napi_value value) {
  at::Device device(at::kCPU);
  if (!decode_device(read_double(call, value, "device"), &device) || !(device.is_cpu() || device.is_cuda())) {
    throw Refused(Refusal::kType, "Cannot use autocast: expected device \"cpu\" or \"cuda\"");
  }
  return device.type();
}

napi_value make_autocast_state(Call& call, at::DeviceType device) {
  double state[] = {static_cast<double>(autocast_dtype(device)), autocast_enabled(device) ? 1.0 : 0.0,
                    at::autocast::is_autocast_cache_enabled() ? 1.0 : 0.0};
  return make_array(call, state, 3);
}

// autocastState(device) -> [dtype, enabled, cacheEnabled]
napi_value autocast_state(Call& call) {
  auto args = arguments<1>(call);
  return make_autocast_state(call, read_autocast_device(call, args[0]));
}

// enterAutocast(device, dtype, enabled, cacheEnabled) -> [dtype, enabled, cacheEnabled] as they were, for leaveAutocast
napi_value enter_autocast(Call& call) {
  auto args = arguments<4>(call);
  auto device = read_autocast_device(call, args[0]);
  auto dtype = read_dtype(call, args[1]);
  bool enabled = read_bool(call, args[2], "enabled");
  bool cache_enabled = read_bool(call, args[3], "cacheEnabled");
  auto before = make_autocast_state(call, device);
  set_autocast_type(device, dtype);
  set_autocast(device, enabled);
  at::autocast::set_autocast_cache_enabled(cache_enabled);
  at::autocast::increment_nesting();
  return before;
}

// leaveAutocast(device, dtype, enabled, cacheEnabled): the weights cast inside the outermost autocast are forgotten.
napi_value leave_autocast(Call& call) {
  auto args = arguments<4>(call);
  auto device = read_autocast_device(call, args[0]);
  auto dtype = read_dtype(call, args[1]);
  bool enabled = read_bool(call, args[2], "enabled");
  bool cache_enabled = read_bool(call, args[3], "cacheEnabled");
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set_autocast(device, enabled);
  set_autocast_type(device, dtype);
  at::autocast::set_autocast_cache_enabled(cache_enabled);
  return nullptr;
}

}  // namespace

void register_modes(Registrar& add) {
  add("setGradMode", guard<set_grad_mode>);
  add("isGradEnabled", guard<is_grad_enabled>);
  add("beginInferenceMode", guard<begin_inference_mode>);
  add("endInferenceMode", guard<end_inference_mode>);
  add("isInferenceMode", guard<is_inference_mode>);
  add("isInference", guard<is_inference>);
  add("autocastState", guard<autocast_state>);
  add("enterAutocast", guard<enter_autocast>);
  add("leaveAutocast", guard<leave_autocast>);
}

}  // namespace sconce
