// Random number generators: libtorch's own, seeded, saved and restored as bytes.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include <cstring>
#include <mutex>

#include "addon.h"
#include "capture-notes.h"
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
  refuse_capture("it reads or sets the state of a generator");
  auto args = arguments<1>(call);
  refuse_in_worker(call);
  at::manual_seed(read_seed(call, args[0]));
  return nullptr;
}

// V8 is told of this much, so that it collects in time: the state is 2.5 KiB, and a half-full block of random words as large again.
constexpr int64_t kGeneratorBytes = 5120;

// Runs inside the collection: it only notes the index. An operator that was given it may be about to begin.
void release_generator(napi_env env, void* data, void* hint) {
  auto* self = static_cast<Environment*>(hint);
  if (!self->is_closed) {
    bool is_first = self->pending_generators.empty();
    self->pending_generators.push_back(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(data)));
    if (is_first) settle_soon(env, *self);
  }
  self->let_go();
}

// makeGenerator(seed) -> [index, an object whose collection frees the generator]
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
  napi_value pair, owner = make_owner(call, reinterpret_cast<void*>(static_cast<uintptr_t>(index)), release_generator, &self);
  ++self.holders;
  int64_t total;
  napi_adjust_external_memory(call.env, kGeneratorBytes, &total);
  check(call, napi_create_array_with_length(call.env, 2, &pair));
  check(call, napi_set_element(call.env, pair, 0, make_number(call, index)));
  check(call, napi_set_element(call.env, pair, 1, owner));
  return pair;
}

napi_value seed_generator(Call& call) {
  refuse_capture("it reads or sets the state of a generator");
  auto args = arguments<2>(call);
  auto& generator = find_generator(call, args[0], true);
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(read_seed(call, args[1]));
  return nullptr;
}

// reseedGenerator(generator) -> bigint: a seed that nobody can tell before.
napi_value reseed_generator(Call& call) {
  refuse_capture("it reads or sets the state of a generator");
  auto args = arguments<1>(call);
  auto& generator = find_generator(call, args[0], true);
  std::lock_guard<std::mutex> lock(generator.mutex());
  napi_value result;
  check(call, napi_create_bigint_uint64(call.env, generator.seed(), &result));
  return result;
}

napi_value initial_seed(Call& call) {
  auto args = arguments<1>(call);
  auto& generator = find_generator(call, args[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  napi_value result;
  check(call, napi_create_bigint_uint64(call.env, generator.current_seed(), &result));
  return result;
}

// useGenerator(generator) -> the one before: operators that are given none draw from it.
napi_value use_generator(Call& call) {
  auto args = arguments<1>(call);
  find_generator(call, args[0]);
  uint32_t before = call.self.current_generator;
  call.self.current_generator = static_cast<uint32_t>(read_int(call, args[0], "generator"));
  return make_number(call, before);
}

// generatorStateForCheckpoint(generator): the bytes of torch.get_rng_state(), for a part of a step that may run again. It is no part of a captured step, as nothing may be drawn there.
napi_value generator_state_for_checkpoint(Call& call) {
  auto args = arguments<1>(call);
  auto& generator = find_generator(call, args[0]);
  std::lock_guard<std::mutex> lock(generator.mutex());
  at::Tensor state = generator.get_state();
  return make_array_buffer(call, state.data_ptr(), state.nbytes());
}

// generatorState(generator) -> ArrayBuffer, the same bytes
napi_value generator_state(Call& call) {
  refuse_capture("it reads or sets the state of a generator");
  return generator_state_for_checkpoint(call);
}

napi_value set_generator_state(Call& call) {
  if (!is_run_again()) refuse_capture("it reads or sets the state of a generator");
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

void Environment::drain_generators() {
  int64_t total;
  napi_adjust_external_memory(env, -kGeneratorBytes * static_cast<int64_t>(pending_generators.size()), &total);
  for (uint32_t index : pending_generators) {
    generators[index] = at::Generator();
    free_generators.push_back(index);
  }
  pending_generators.clear();
}

void register_random(Registrar& add) {
  add.self.generators.push_back(at::detail::getDefaultCPUGenerator());
  add("manualSeed", guard<manual_seed>);
  add("makeGenerator", guard<make_generator>);
  add("seedGenerator", guard<seed_generator>);
  add("initialSeed", guard<initial_seed>);
  add("reseedGenerator", guard<reseed_generator>);
  add("useGenerator", guard<use_generator>);
  add("generatorState", guard<generator_state>);
  add("generatorStateForCheckpoint", guard<generator_state_for_checkpoint>);
  add("setGeneratorState", guard<set_generator_state>);
}

}  // namespace sconce
