// Captured steps for JavaScript: record, compare, play.
#include "capture.h"

#include "addon.h"
#include "convert.h"

namespace sconce {
namespace {

CaptureState& state_of(Call& call) {
  if (!call.self.captures) call.self.captures = std::make_shared<CaptureState>();
  return *call.self.captures;
}

template <typename Table>
auto& entry_of(Call& call, Table& table, napi_value value) {
  auto found = table.find(static_cast<uint32_t>(read_int(call, value, "number")));
  if (found == table.end()) throw Refused(Refusal::kDisposed, "Cannot use a captured step: expected a live one, got one that was disposed of");
  return *found->second;
}

// captureBegin(inputs) -> whether the operators of this thread are written down from now on: not where something else has to see them.
napi_value capture_begin(Call& call) {
  auto args = arguments<1>(call);
  CaptureState& state = state_of(call);
  if (state.recorder) throw Refused(Refusal::kType, "Cannot capture a step: expected no other that is being recorded, got one inside another");
  if (is_watched(call.self)) return make_bool(call, false);
  state.recorder = std::make_unique<Recorder>(call.self, find_tensors(call, args[0], "capture a step", "arguments"));
  return make_bool(call, true);
}

// capturePause(outputs): what the step gives; nothing is written down until `captureGoOn`.
napi_value capture_pause(Call& call) {
  auto args = arguments<1>(call);
  CaptureState& state = state_of(call);
  if (!state.recorder) throw Refused(Refusal::kType, "internal: no step is being recorded");
  state.recorder->pause(find_tensors(call, args[0], "capture a step", "results"));
  return nullptr;
}

napi_value capture_go_on(Call& call) {
  CaptureState& state = state_of(call);
  if (!state.recorder) throw Refused(Refusal::kType, "internal: no step is being recorded");
  state.recorder->go_on(known_storages(call.self.tensors));
  return nullptr;
}

// captureStop(outputs): what the step gives; nothing is written down any more.
napi_value capture_stop(Call& call) {
  auto args = arguments<1>(call);
  CaptureState& state = state_of(call);
  if (!state.recorder) throw Refused(Refusal::kType, "internal: no step is being recorded");
  state.recorder->stop(find_tensors(call, args[0], "capture a step", "results"));
  return nullptr;
}

// captureAbandon(): the step threw.
napi_value capture_abandon(Call& call) {
  state_of(call).recorder.reset();
  return nullptr;
}

// captureFinish(known) -> the tape's number, or [why the step cannot be captured, what it did otherwise before that than the recording of number `known`].
// When what the step made is freed.
napi_value capture_finish(Call& call) {
  auto args = arguments<1>(call);
  CaptureState& state = state_of(call);
  if (!state.recorder) throw Refused(Refusal::kType, "internal: no step is being recorded");
  auto tape = state.recorder->finish();
  state.recorder.reset();
  if (!tape->refusal.empty()) {
    napi_value pair;
    check(call, napi_create_array(call.env, &pair));
    check(call, napi_set_element(call.env, pair, 0, make_string(call, tape->refusal)));
    if (is_absent(call, args[0])) return pair;
    auto known = state.recordings.find(static_cast<uint32_t>(read_int(call, args[0], "known")));
    if (known == state.recordings.end()) return pair;
    std::string found = difference_so_far(known->second->tape(), *tape);
    if (!found.empty()) check(call, napi_set_element(call.env, pair, 1, make_string(call, found)));
    return pair;
  }
  uint32_t number = state.next++;
  state.tapes.emplace(number, std::move(tape));
  return make_number(call, number);
}

napi_value capture_refuse(Call& call) {
  auto args = arguments<1>(call);
  std::string reason = read_string(call, args[0], "reason");
  refuse_capture(reason.c_str());
  return nullptr;
}

// captureSlots(count) -> which operation comes next: it takes so many numbers that are read anew at each replay.
napi_value capture_slots(Call& call) {
  auto args = arguments<1>(call);
  CaptureState& state = state_of(call);
  if (!state.recorder) throw Refused(Refusal::kType, "internal: no step is being recorded");
  state.recorder->expect_slots(static_cast<size_t>(read_int(call, args[0], "count")));
  return make_number(call, static_cast<double>(state.recorder->num_operations()));
}

// captureDifference(first, second) -> what the second tape does otherwise than the first, a tape or a recording; or undefined.
napi_value capture_difference(Call& call) {
  auto args = arguments<2>(call);
  CaptureState& state = state_of(call);
  auto recorded = state.recordings.find(static_cast<uint32_t>(read_int(call, args[0], "first")));
  const Tape& first = recorded == state.recordings.end() ? entry_of(call, state.tapes, args[0]) : recorded->second->tape();
  std::string found = difference(first, entry_of(call, state.tapes, args[1]));
  return found.empty() ? nullptr : make_string(call, found);
}

enum Pass { kFoldViews = 1, kDropDead = 2, kHoistConstants = 4, kPlanMemory = 8, kUseOutForms = 16, kReuseInputs = 32, kCallDirectly = 64 };

// captureCompile(tape, passes): it becomes a recording of the same number.
napi_value capture_compile(Call& call) {
  auto args = arguments<2>(call);
  CaptureState& state = state_of(call);
  entry_of(call, state.tapes, args[0]);
  auto found = state.tapes.find(static_cast<uint32_t>(read_int(call, args[0], "number")));
  auto passes = read_int(call, args[1], "passes");
  PassOptions options;
  options.fold_views = passes & kFoldViews;
  options.drop_dead = passes & kDropDead;
  options.hoist_constants = passes & kHoistConstants;
  options.plan_memory = passes & kPlanMemory;
  options.use_out_forms = passes & kUseOutForms;
  options.reuse_inputs = passes & kReuseInputs;
  options.call_directly = passes & kCallDirectly;
  auto number = found->first;
  auto tape = std::move(found->second);
  state.tapes.erase(found);
  state.recordings.emplace(number, std::make_unique<Recording>(call.self, std::move(tape), options));
  return nullptr;
}

// captureUnfit(recording, inputs) -> why it cannot be replayed with these, or undefined.
napi_value capture_unfit(Call& call) {
  auto args = arguments<2>(call);
  std::string found =
      entry_of(call, state_of(call).recordings, args[0]).unfit(find_tensors(call, args[1], "replay a step", "arguments"));
  return found.empty() ? nullptr : make_string(call, found);
}

// captureReplay(recording, inputs) -> a handle for each result, undefined where it gave none; or null where it does not fit: `captureUnfit` says why.
napi_value capture_replay(Call& call) {
  auto args = arguments<2>(call);
  Recording& recording = entry_of(call, state_of(call).recordings, args[0]);
  auto inputs = find_tensors(call, args[1], "replay a step", "arguments");
  if (state_of(call).recorder || recording.is_paused() || !recording.unfit(inputs).empty()) {
    napi_value nothing;
    check(call, napi_get_null(call.env, &nothing));
    return nothing;
  }
  auto outputs = recording.replay(inputs);
  napi_value array;
  check(call, napi_create_array_with_length(call.env, outputs.size(), &array));
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].defined()) continue;
    check(call, napi_set_element(call.env, array, static_cast<uint32_t>(i), make_number(call, call.self.tensors.insert(std::move(outputs[i])))));
  }
  return array;
}

// captureResume(recording, goesOn): the rest of a replay that has paused. -> why it cannot be run any more, or undefined.
napi_value capture_resume(Call& call) {
  auto args = arguments<2>(call);
  std::string found = entry_of(call, state_of(call).recordings, args[0]).resume(read_bool(call, args[1], "goesOn"));
  return found.empty() ? nullptr : make_string(call, found);
}

// captureNumbers(recording, operation, numbers)
napi_value capture_numbers(Call& call) {
  auto args = arguments<3>(call);
  Recording& recording = entry_of(call, state_of(call).recordings, args[0]);
  recording.set_numbers(static_cast<size_t>(read_int(call, args[1], "operation")), read_doubles(call, args[2], "numbers"));
  return nullptr;
}

// captureExplain(recording) -> JSON
napi_value capture_explain(Call& call) {
  auto args = arguments<1>(call);
  return make_string(call, entry_of(call, state_of(call).recordings, args[0]).explain());
}

// captureTime(recording, isTimed): whether each operator of a replay is timed.
napi_value capture_time(Call& call) {
  auto args = arguments<2>(call);
  entry_of(call, state_of(call).recordings, args[0]).time(read_bool(call, args[1], "isTimed"));
  return nullptr;
}

// captureOperations() -> how many operators of the step have been recorded.
napi_value capture_operations(Call& call) {
  CaptureState& state = state_of(call);
  if (!state.recorder) throw Refused(Refusal::kType, "internal: no step is being recorded");
  return make_number(call, static_cast<double>(state.recorder->num_operations()));
}

// captureFailing(recording) -> which operator threw in its last replay.
napi_value capture_failing(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, static_cast<double>(entry_of(call, state_of(call).recordings, args[0]).failing()));
}

// captureFree(number): a tape or a recording.
napi_value capture_free(Call& call) {
  auto args = arguments<1>(call);
  auto number = static_cast<uint32_t>(read_int(call, args[0], "number"));
  CaptureState& state = state_of(call);
  state.tapes.erase(number);
  state.recordings.erase(number);
  return nullptr;
}

// captureStale(numbers) -> which of these tapes and recordings hold tensors that JavaScript has let go of.
napi_value capture_stale(Call& call) {
  auto args = arguments<1>(call);
  CaptureState& state = state_of(call);
  auto known = known_storages(call.self.tensors);
  std::vector<double> stale;
  for (double number : read_doubles(call, args[0], "numbers")) {
    auto key = static_cast<uint32_t>(number);
    auto tape = state.tapes.find(key);
    auto recording = state.recordings.find(key);
    const Tape* found = tape != state.tapes.end() ? tape->second.get() : recording != state.recordings.end() ? &recording->second->tape() : nullptr;
    if (found && is_stale(*found, known)) stale.push_back(number);
  }
  return make_array(call, stale.data(), stale.size());
}

// captureCounts() -> [tapes, recordings] that are alive in this thread.
napi_value capture_counts(Call& call) {
  CaptureState& state = state_of(call);
  double counts[] = {static_cast<double>(state.tapes.size()), static_cast<double>(state.recordings.size())};
  return make_array(call, counts, 2);
}

}  // namespace

void register_capture(Registrar& add) {
  add("captureBegin", guard<capture_begin>);
  add("capturePause", guard<capture_pause>);
  add("captureGoOn", guard<capture_go_on>);
  add("captureStop", guard<capture_stop>);
  add("captureAbandon", guard<capture_abandon>);
  add("captureFinish", guard<capture_finish>);
  add("captureRefuse", guard<capture_refuse>);
  add("captureSlots", guard<capture_slots>);
  add("captureDifference", guard<capture_difference>);
  add("captureCompile", guard<capture_compile>);
  add("captureUnfit", guard<capture_unfit>);
  add("captureReplay", guard<capture_replay>);
  add("captureResume", guard<capture_resume>);
  add("captureNumbers", guard<capture_numbers>);
  add("captureExplain", guard<capture_explain>);
  add("captureTime", guard<capture_time>);
  add("captureOperations", guard<capture_operations>);
  add("captureFailing", guard<capture_failing>);
  add("captureFree", guard<capture_free>);
  add("captureStale", guard<capture_stale>);
  add("captureCounts", guard<capture_counts>);
}

}  // namespace sconce
