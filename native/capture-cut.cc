// Cuts a captured step into what a CUDA graph can replay as it is, and operators that the host calls between graphs.
#include <algorithm>

#include "capture.h"

namespace sconce {
namespace {

// A graph of one operator is no cheaper than a call.
constexpr size_t kShortestGraph = 2;

template <typename Visit>
void each_storage(const Tape& tape, const Operation& operation, Visit visit) {
  for (const auto* values : {&operation.arguments, &operation.results}) {
    for (const auto& value : *values) {
      for (int view : value.views) {
        if (view != kNoView) visit(tape.views[view].storage);
      }
    }
  }
}

struct Cutter {
  const Tape& tape;
  const Program& program;
  std::vector<bool> is_written = {};  // storages

  const Operation& operation_at(size_t step) const { return tape.operations[static_cast<size_t>(program.steps[step].operation)]; }

  // Whether its memory is wherever it is given, at each replay: a gradient of before, or an argument that the step writes to.
  bool is_bound_anew(int storage) const {
    auto origin = tape.storages[storage].origin;
    return origin == StorageNote::Origin::kGradient || (origin == StorageNote::Origin::kInput && is_written[storage]);
  }

  // A graph has its numbers and the place of its memory from when it was captured, and nothing of the host's in it.
  bool is_called(const Operation& operation) const {
    bool is = !operation.slots.empty();
    each_storage(tape, operation, [&](int storage) { is |= tape.storages[storage].device != tape.device || is_bound_anew(storage); });
    return is;
  }

  void find_runs(size_t from, size_t to, std::vector<Run>& runs) const {
    auto add = [&](size_t begin, size_t end, bool is_graph) {
      if (begin == end) return;
      if (!is_graph && begin > from && !runs.back().is_graph) runs.back().end = end;
      else runs.push_back({begin, end, is_graph, {}});
    };
    size_t begin = from;
    for (size_t i = from; i < to; ++i) {
      if (!is_called(operation_at(i))) continue;
      add(begin, i, i - begin >= kShortestGraph);
      add(i, i + 1, false);
      begin = i + 1;
    }
    add(begin, to, to - begin >= kShortestGraph);
  }

  // Those before a pause, and those behind it.
  std::vector<Run> find_runs() const {
    size_t count = program.steps.size(), pause = 0;
    while (pause < count && program.steps[pause].operation < tape.pause) ++pause;
    std::vector<Run> runs;
    find_runs(0, pause, runs);
    find_runs(pause, count, runs);
    return runs;
  }

  Cut cut() {
    is_written.assign(tape.storages.size(), false);
    for (const auto& operation : tape.operations) {
      for (int view : operation.written) is_written[tape.views[view].storage] = true;
    }
    Cut found{find_runs(), std::vector<bool>(tape.storages.size()), std::vector<bool>(tape.storages.size())};
    for (size_t i = 0; i < tape.storages.size(); ++i) {
      const StorageNote& note = tape.storages[i];
      found.is_fixed[i] = note.origin == StorageNote::Origin::kInput && note.device == tape.device && !is_bound_anew(static_cast<int>(i));
    }
    std::vector<const Run*> seen_by(tape.storages.size());
    for (Run& run : found.runs) {
      for (size_t i = run.begin; i < run.end; ++i) {
        each_storage(tape, operation_at(i), [&](int storage) {
          const StorageNote& note = tape.storages[storage];
          if (note.device != tape.device) return;
          found.is_kept[storage] = found.is_kept[storage] || (seen_by[storage] && seen_by[storage] != &run);
          seen_by[storage] = &run;
          if (run.is_graph && note.origin == StorageNote::Origin::kExternal) run.outside.push_back(storage);
          if (!run.is_graph && note.origin == StorageNote::Origin::kMade && note.made_by == program.steps[i].operation) found.is_fixed[storage] = true;
        });
      }
      std::sort(run.outside.begin(), run.outside.end());
      run.outside.erase(std::unique(run.outside.begin(), run.outside.end()), run.outside.end());
    }
    return found;
  }
};

}  // namespace

Cut cut_into_graphs(const Tape& tape, const Program& program) { return Cutter{tape, program}.cut(); }

CudaRunners& cuda_runners() {
  static auto* const all = new CudaRunners;
  return *all;
}

void note_missing_cuda_graphs(const char* reason) { cuda_runners().missing = reason; }

}  // namespace sconce
