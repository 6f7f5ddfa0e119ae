// What is done to a tape before it is played: views are folded, what nobody needs is dropped, what never changes is computed once, and every intermediate
// result gets a place in one arena.
#include <algorithm>
#include <map>
#include <set>

#include "capture.h"

namespace sconce {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kCudaAlignment = 512;  // as of libtorch's own allocator: kernels choose by it
constexpr int64_t kForever = INT64_MAX;

const std::string& bare_name(const Operation& operation) { return operation.op.operator_name().name; }

template <typename Visit>
void each_storage(const Tape& tape, const std::vector<TapeValue>& values, Visit visit) {
  for (const auto& value : values) {
    for (int view : value.views) {
      if (view != kNoView) visit(tape.views[view].storage);
    }
  }
}

bool makes_storage(const Tape& tape, const Operation& operation, int index) {
  bool makes = false;
  each_storage(tape, operation.results, [&](int storage) { makes |= tape.storages[storage].made_by == index; });
  return makes;
}

// Makes memory and leaves open what is in it.
bool is_empty(const Operation& operation) {
  static const std::set<std::string> names = {"aten::empty", "aten::empty_like", "aten::empty_strided", "aten::new_empty", "aten::new_empty_strided"};
  return names.count(bare_name(operation)) > 0 && operation.written.empty();
}

// Each element of the result is computed from the elements at its own place: the result may take an argument's memory.
bool is_pointwise(const Operation& operation) {
  static const std::set<std::string> names = {
      "aten::abs",     "aten::add",          "aten::clamp_min",        "aten::div",    "aten::elu",     "aten::elu_backward",    "aten::exp",
      "aten::gelu",    "aten::gelu_backward", "aten::hardtanh",        "aten::leaky_relu", "aten::leaky_relu_backward", "aten::log", "aten::mul",
      "aten::neg",     "aten::relu",         "aten::rsqrt",            "aten::sigmoid", "aten::sigmoid_backward", "aten::silu", "aten::silu_backward",
      "aten::softplus", "aten::softplus_backward", "aten::sqrt",       "aten::sub",    "aten::tanh",    "aten::tanh_backward",   "aten::threshold_backward"};
  return names.count(bare_name(operation)) > 0;
}

// Whether a tensor is all of its memory. An operator that leaves more of it has used its result for something larger on the way (losses that are averaged).
bool fills_storage(const Tape& tape, int index) {
  const View& view = tape.views[index];
  int64_t last = 0;
  for (size_t i = 0; i < view.sizes.size(); ++i) {
    if (view.sizes[i] == 0) return tape.storages[view.storage].bytes == 0;
    last += (view.sizes[i] - 1) * view.strides[i];
  }
  return static_cast<size_t>(view.offset + last + 1) * c10::elementSize(view.dtype) == tape.storages[view.storage].bytes;
}

// It gives what there is, looked at in another way.
bool is_view(const Tape& tape, int index) {
  const Operation& operation = tape.operations[index];
  return operation.written.empty() && !operation.results.empty() && !operation.is_random && !makes_storage(tape, operation, index) &&
         std::all_of(operation.results.begin(), operation.results.end(), [](const TapeValue& value) { return value.kind != TapeValue::Kind::kConstant; });
}

// Batch norm writes its running statistics without saying so in its schema.
bool has_hidden_effect(const Operation& operation) {
  return operation.is_random || operation.results.empty() || bare_name(operation).find("batch_norm") != std::string::npos;
}

// It throws for indices beyond the end. Backward may not look at them again.
bool looks_at_indices(const Operation& operation) {
  const auto& arguments = operation.op.schema().arguments();
  return std::any_of(arguments.begin(), arguments.end(), [](const auto& argument) {
    return argument.name() == "indices" || argument.name() == "index" || argument.name() == "target";
  });
}

// Losses that are reduced: the form for given memory puts what is not reduced yet into it, which has no room there.
bool resizes_on_the_way(const Operation& operation) {
  if (bare_name(operation).compare(0, 14, "aten::nll_loss") == 0) return false;
  const auto& arguments = operation.op.schema().arguments();
  return std::any_of(arguments.begin(), arguments.end(), [](const auto& argument) { return argument.name() == "reduction"; }) &&
         bare_name(operation).find("backward") == std::string::npos;
}

// Batch norm into given memory takes its input for one that lies as its result does.
bool mistakes_input(const Tape& tape, const Operation& operation) {
  if (bare_name(operation).find("batch_norm") == std::string::npos) return false;
  if (operation.arguments[0].views.empty() || operation.arguments[0].views[0] == kNoView) return true;
  const View &input = tape.views[operation.arguments[0].views[0]], &result = tape.views[operation.results[0].views[0]];
  return input.sizes != result.sizes || input.strides != result.strides;
}

std::multimap<std::string, c10::OperatorHandle> operators_with_outputs() {
  std::multimap<std::string, c10::OperatorHandle> found;
  auto& dispatcher = c10::Dispatcher::singleton();
  for (const auto& name : dispatcher.getAllOpNames()) {
    if (name.name.compare(0, 6, "aten::") != 0) continue;
    auto op = dispatcher.findSchema(name);
    if (!op || !op->hasKernelForDispatchKey(c10::DispatchKey::CPU)) continue;
    const auto& arguments = op->schema().arguments();
    if (!arguments.empty() && arguments.back().is_out()) found.emplace(name.name, *op);
  }
  return found;
}

// The form of an operator that writes its results into given tensors, where the CPU has a kernel of its own for it, and the device too.
std::optional<OutForm> out_form(const c10::OperatorHandle& op, c10::Device device) {
  static const auto* all = new std::multimap<std::string, c10::OperatorHandle>(operators_with_outputs());
  const auto& schema = op.schema();
  const auto& arguments = schema.arguments();
  size_t num_results = schema.returns().size();
  if (num_results == 0) return std::nullopt;
  // What libtorch's own function calls.
  if (op.operator_name().name == "aten::relu") return OutForm{c10::Dispatcher::singleton().findSchemaOrThrow("aten::clamp_min", "out"), {at::Scalar(0)}};
  for (const auto& result : schema.returns()) {
    if (result.type()->kind() != c10::TypeKind::TensorType || result.alias_info()) return std::nullopt;
  }
  auto range = all->equal_range(op.operator_name().name);
  for (auto candidate = range.first; candidate != range.second; ++candidate) {
    if (device.is_cuda() && !candidate->second.hasKernelForDispatchKey(c10::DispatchKey::CUDA)) continue;
    const auto& others = candidate->second.schema().arguments();
    if (others.size() != arguments.size() + num_results) continue;
    bool fits = true;
    for (size_t i = 0; i < arguments.size() && fits; ++i) fits = arguments[i].name() == others[i].name() && *arguments[i].type() == *others[i].type();
    for (size_t i = arguments.size(); i < others.size() && fits; ++i) fits = others[i].is_out() && others[i].type()->kind() == c10::TypeKind::TensorType;
    if (fits) return OutForm{candidate->second, {}};
  }
  return std::nullopt;
}

struct Passes {
  const Tape& tape;
  const PassOptions& options;
  Program program;
  std::vector<bool> is_written;   // storages that an operator writes to after they were made
  std::vector<bool> is_constant;  // storages whose operator is run once
  std::vector<bool> outlives;     // storages that are looked at after the step
  std::vector<int> kept;          // operations, in order

  explicit Passes(const Tape& tape_, const PassOptions& options_)
      : tape(tape_), options(options_), is_written(tape_.storages.size()), is_constant(tape_.storages.size()), outlives(tape_.storages.size()) {
    for (const auto& operation : tape.operations) {
      for (int view : operation.written) is_written[tape.views[view].storage] = true;
    }
    for (int view : tape.outputs) {
      if (view != kNoView) outlives[tape.views[view].storage] = true;
    }
    for (const auto& leaf : tape.leaves) {
      if (leaf.after.kind == GradNote::Kind::kView) outlives[tape.views[leaf.after.view].storage] = true;
    }
    for (size_t i = 0; i < tape.storages.size(); ++i) {
      if (tape.storages[i].origin != StorageNote::Origin::kMade) outlives[i] = true;
    }
  }

  void fold_views() {
    for (int i = 0; i < static_cast<int>(tape.operations.size()); ++i) {
      bool is_folded = options.fold_views && (is_view(tape, i) || (is_empty(tape.operations[i]) && is_on_device(tape.operations[i])));
      if (is_folded) program.folded.push_back(i);
      else kept.push_back(i);
    }
  }

  // In a step on a GPU, memory of the host's has no place in the arena.
  bool is_on_device(const Operation& operation) const {
    bool is = true;
    each_storage(tape, operation.results, [&](int storage) { is &= tape.storages[storage].device == tape.device; });
    return is;
  }

  void drop_dead() {
    if (!options.drop_dead) return;
    std::vector<bool> is_needed = outlives;
    std::vector<int> left;
    for (auto index = kept.rbegin(); index != kept.rend(); ++index) {
      const Operation& operation = tape.operations[*index];
      bool keeps = has_hidden_effect(operation) || looks_at_indices(operation);
      each_storage(tape, operation.results, [&](int storage) { keeps |= is_needed[storage]; });
      for (int view : operation.written) keeps |= is_needed[tape.views[view].storage];
      if (!keeps) {
        program.dead.push_back(*index);
        continue;
      }
      each_storage(tape, operation.arguments, [&](int storage) { is_needed[storage] = true; });
      each_storage(tape, operation.results, [&](int storage) { is_needed[storage] = true; });
      left.push_back(*index);
    }
    kept.assign(left.rbegin(), left.rend());
  }

  void hoist_constants() {
    if (!options.hoist_constants) return;
    std::vector<int> left;
    for (int index : kept) {
      const Operation& operation = tape.operations[index];
      bool is_fixed = operation.written.empty() && operation.slots.empty() && !has_hidden_effect(operation) && makes_storage(tape, operation, index);
      if (!is_of_shape_alone(operation)) {
        bool has_arguments = false;
        each_storage(tape, operation.arguments, [&](int storage) {
          has_arguments = true;
          is_fixed &= is_constant[storage];
        });
        is_fixed &= has_arguments;
      }
      each_storage(tape, operation.results, [&](int storage) { is_fixed &= !is_written[storage] && !outlives[storage]; });
      if (!is_fixed) {
        left.push_back(index);
        continue;
      }
      each_storage(tape, operation.results, [&](int storage) { is_constant[storage] = true; });
      program.hoisted.push_back(index);
    }
    kept = std::move(left);
  }

  // How each operation that is left is run.
  void choose_modes() {
    for (int index : kept) {
      const Operation& operation = tape.operations[index];
      Step step{index, RunMode::kInPlace, std::nullopt, {}};
      if (makes_storage(tape, operation, index)) {
        bool are_all_made = std::all_of(operation.results.begin(), operation.results.end(), [&](const TapeValue& result) {
          return result.views.size() == 1 && result.views[0] != kNoView && tape.storage_of(result.views[0]).made_by == index &&
                 fills_storage(tape, result.views[0]);
        });
        bool can_be_placed = are_all_made && is_on_device(operation);
        if (can_be_placed && options.use_out_forms && operation.written.empty()) step.out = out_form(operation.op, tape.device);
        if (resizes_on_the_way(operation) || mistakes_input(tape, operation)) step.out = std::nullopt;
        step.mode = step.out ? RunMode::kIntoPlace : RunMode::kOwnMemory;
      }
      program.steps.push_back(std::move(step));
    }
  }

  // Whether a storage has a place in the arena: what makes it writes into it, or nothing does but what changes it.
  std::vector<bool> find_placed() const {
    std::vector<bool> placed(tape.storages.size());
    for (size_t i = 0; i < placed.size(); ++i) {
      const StorageNote& note = tape.storages[i];
      placed[i] = note.origin == StorageNote::Origin::kMade && note.device == tape.device && !is_constant[i];
    }
    for (const Step& step : program.steps) {
      if (step.mode != RunMode::kOwnMemory) continue;
      each_storage(tape, tape.operations[step.operation].results, [&](int storage) {
        if (tape.storages[storage].made_by == step.operation) placed[storage] = false;
      });
    }
    return placed;
  }

  struct Life {
    int storage;
    int64_t bytes;
    int64_t begin;
    int64_t end;  // the last instruction that looks at it
    int64_t place = -1;
  };

  std::vector<Life> lives() {
    std::vector<bool> is_placed = find_placed();
    std::map<int, Life> found, own;
    for (size_t position = 0; position < kept.size(); ++position) {
      const Operation& operation = tape.operations[kept[position]];
      auto touch = [&](int storage) {
        const StorageNote& note = tape.storages[storage];
        if (note.origin != StorageNote::Origin::kMade || is_constant[storage]) return;
        int64_t now = static_cast<int64_t>(position);
        int64_t alignment = tape.device.is_cuda() ? kCudaAlignment : kAlignment;
        int64_t bytes = (static_cast<int64_t>(note.bytes) + alignment - 1) / alignment * alignment;
        auto [entry, is_new] = (is_placed[storage] ? found : own).emplace(storage, Life{storage, bytes, now, now});
        entry->second.end = now;
        if (outlives[storage]) entry->second.end = kForever;
      };
      each_storage(tape, operation.arguments, touch);
      each_storage(tape, operation.results, touch);
    }
    for (auto& [storage, life] : own) {
      program.made_bytes += static_cast<size_t>(life.bytes);
      if (life.end != kForever) program.steps[static_cast<size_t>(life.end)].released.push_back(storage);
    }
    std::vector<Life> all;
    for (auto& [storage, life] : found) all.push_back(life);
    return all;
  }

  // A pointwise operator whose argument nobody looks at any more writes its result over it. -> of each such result the storage whose place it has.
  std::map<int, int> share_places(std::vector<Life>& all) {
    std::map<int, size_t> at;
    for (size_t i = 0; i < all.size(); ++i) at[all[i].storage] = i;
    std::map<int, int> shared;
    auto first_of = [&](int storage) {
      auto found = shared.find(storage);
      return found == shared.end() ? storage : found->second;
    };
    for (size_t position = 0; position < kept.size(); ++position) {
      const Operation& operation = tape.operations[kept[position]];
      if (!is_pointwise(operation) || !operation.written.empty() || operation.results.size() != 1 || operation.results[0].views.size() != 1) continue;
      if (program.steps[position].mode != RunMode::kIntoPlace) continue;
      int result = operation.results[0].views[0];
      if (result == kNoView || !at.count(tape.views[result].storage)) continue;
      Life& own = all[at[tape.views[result].storage]];
      if (own.begin != static_cast<int64_t>(position) || own.bytes == 0 || tape.storages[own.storage].made_by != kept[position]) continue;
      for (const auto& argument : operation.arguments) {
        if (argument.kind != TapeValue::Kind::kTensor || argument.views[0] == kNoView) continue;
        const View &a = tape.views[argument.views[0]], &b = tape.views[result];
        int storage = first_of(a.storage);
        if (!at.count(storage) || a.dtype != b.dtype || a.sizes != b.sizes || a.strides != b.strides || a.offset != b.offset) continue;
        Life& other = all[at[storage]];
        // Two looks at one memory: elements would be overwritten that are still to be read at another place.
        bool is_only_look = true;
        for (const auto& each : operation.arguments) {
          for (int view : each.views) is_only_look &= view == kNoView || view == argument.views[0] || first_of(tape.views[view].storage) != storage;
        }
        if (!is_only_look) continue;
        if (tape.storages[a.storage].bytes != tape.storages[own.storage].bytes || other.end != own.begin) continue;
        other.end = own.end;
        shared[own.storage] = storage;
        own.bytes = -1;
        program.overwriting.push_back(kept[position]);
        break;
      }
    }
    all.erase(std::remove_if(all.begin(), all.end(), [](const Life& life) { return life.bytes < 0; }), all.end());
    return shared;
  }

  // The largest first, each at the lowest place that is free for as long as it lives, in the smallest gap that takes it.
  void plan_memory() {
    program.place.assign(tape.storages.size(), -1);
    std::vector<Life> waiting = lives();
    std::map<int, int> shared;
    if (options.plan_memory && options.reuse_inputs) shared = share_places(waiting);
    for (const Life& life : waiting) program.made_bytes += static_cast<size_t>(life.bytes);
    if (!options.plan_memory) {
      int64_t next = 0;
      for (Life& life : waiting) {
        program.place[life.storage] = next;
        next += life.bytes;
      }
      program.arena_bytes = static_cast<size_t>(next);
      return;
    }
    std::stable_sort(waiting.begin(), waiting.end(), [](const Life& a, const Life& b) { return a.bytes > b.bytes; });
    std::vector<Life> placed;  // by place
    for (Life& life : waiting) {
      int64_t best = -1, best_gap = INT64_MAX, free_from = 0;
      for (const Life& other : placed) {
        if (other.end < life.begin || life.end < other.begin) continue;
        int64_t gap = other.place - free_from;
        if (gap >= life.bytes && gap < best_gap) {
          best = free_from;
          best_gap = gap;
        }
        free_from = std::max(free_from, other.place + other.bytes);
      }
      life.place = best >= 0 ? best : free_from;
      program.place[life.storage] = life.place;
      program.arena_bytes = std::max(program.arena_bytes, static_cast<size_t>(life.place + life.bytes));
      placed.insert(std::upper_bound(placed.begin(), placed.end(), life, [](const Life& a, const Life& b) { return a.place < b.place; }), life);
    }
    for (const auto& [storage, other] : shared) program.place[storage] = program.place[other];
  }
};

}  // namespace

bool is_of_shape_alone(const Operation& operation) {
  static const std::set<std::string> names = {"aten::ones_like", "aten::zeros_like", "aten::full_like", "aten::new_zeros", "aten::new_ones",
                                              "aten::new_full", "aten::ones",       "aten::zeros",     "aten::full",      "aten::arange",
                                              "aten::scalar_tensor"};
  return names.count(bare_name(operation)) > 0;
}

Program run_passes(const Tape& tape, const PassOptions& options) {
  Passes passes(tape, options);
  passes.fold_views();
  passes.hoist_constants();
  passes.drop_dead();
  passes.choose_modes();
  passes.plan_memory();
  return std::move(passes.program);
}

}  // namespace sconce
