// Random number generators: libtorch's own, seeded, saved and restored as bytes.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include <cstring>
#include <mutex>

#include "addon.h"
#include "convert.h"
#include "dtype.h"
#include "errors.h"

namespace sconce {
namespace {

void refuse_in_worker(Call& call) {
  if (!call.self.is_worker) return;
  throw Refused(Refusal::kNative, "Cannot seed the default generator in a worker: it belongs to the process; make a Generator instead", call.name);
}

// Index 0 is the CPU's default generator. It belongs to the process: a worker may not change what the main thread draws next.
at::Generator& find_generator(Call& call, napi_value value, bool is_written = false) {
  int64_t index = read_int(call, value, "generator");
  auto& generators = call.self.generators;
  if (index < 0 || index >= static_cast<int64_t>(generators.size()) || !generators[index].defined()) {
    throw Refused(Refusal::kDisposed, "Cannot use a generator: expected a live one, got one that was freed");
  }
  if (is_written && index == 0) refuse_in_worker(call);
  return generators[index];
}

uint64_t read_seed(Call& call, napi_value value) { return static_cast<uint64_t>(read_int(call, value, "seed")); }

// manualSeed(seed): the default generators of every device, as torch.manual_seed.
napi_value manual_seed(Call& call) {
  auto args = arguments<1>(call);
  refuse_in_worker(call);
  at::manual_seed(read_seed(call, args[0]));
  return nullptr;
}

napi_value make_generator(Call& call) {
  auto args = arguments<1>(call);
  auto& self = call.self;
  auto generator = at::detail::createCPUGenerator(read_seed(call, args[0]));
  uint32_t index;
  if (self.free_generators.empty()) {
    index = static_cast<uint32_t>(self.generators.size());
    self.generators.push_back(std::move(generator));
  } else {
    index = self.free_generators.back();
    self.free_generators.pop_back();
    self.generators[index] = std::move(generator);
  }
  return make_number(call, index);
}

napi_value free_generator(Call& call) {
  auto args = arguments<1>(call);
  int64_t index = read_int(call, args[0], "generator");
  if (index > 0 && index < static_cast<int64_t>(call.self.generators.size()) && call.self.generators[index].defined()) {
    call.self.generators[index] = at::Generator();
    call.self.free_generators.push_back(static_cast<uint32_t>(index));
  }
  return nullptr;
}

napi_value seed_generator(Call& call) {
  auto args = arguments<2>(call);
  auto& generator = find_generator(call, args[0], true);
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(read_seed(call, args[1]));
  return nullptr;
}

napi_value initial_seed(Call& call) {
  auto args = arguments<1>(call);
  auto& generator = find_generator(call, args[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  napi_value result;
  check(call, napi_create_bigint_uint64(call.env, generator.current_seed(), &result));
  return result;
}

// generatorState(generator) -> ArrayBuffer, the same bytes as torch.get_rng_state()
napi_value generator_state(Call& call) {
  auto args = arguments<1>(call);
  auto& generator = find_generator(call, args[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  at::Tensor state = generator.get_state();
  return make_array_buffer(call, state.data_ptr(), state.nbytes());
}

napi_value set_generator_state(Call& call) {
  auto args = arguments<2>(call);
  auto& generator = find_generator(call, args[0], true);
  Bytes bytes = read_bytes(call, args[1]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  at::Tensor state = generator.get_state();
  if (state.nbytes() != bytes.size) {
    throw Refused(Refusal::kRange, "Cannot restore a generator: expected " + std::to_string(state.nbytes()) + " bytes, got " + std::to_string(bytes.size));
  }
  std::memcpy(state.data_ptr(), bytes.data, bytes.size);
  generator.set_state(state);
  return nullptr;
}

}  // namespace

void register_random(Registrar& add) {
  add.self.generators.push_back(at::detail::getDefaultCPUGenerator());
  add("manualSeed", guard<manual_seed>);
  add("makeGenerator", guard<make_generator>);
  add("freeGenerator", guard<free_generator>);
  add("seedGenerator", guard<seed_generator>);
  add("initialSeed", guard<initial_seed>);
  add("generatorState", guard<generator_state>);
  add("setGeneratorState", guard<set_generator_state>);
}

}  // namespace sconce
