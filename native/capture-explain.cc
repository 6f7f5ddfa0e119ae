// What became of a recorded step, as JSON: every operator with what it is given and gives, which pass did what with it, and where its results lie.
#include <algorithm>
#include <sstream>

#include "capture.h"

namespace sconce {
namespace {

void write_text(std::ostream& out, const std::string& text) {
  out << '"';
  for (char letter : text) {
    if (letter == '"' || letter == '\\') out << '\\' << letter;
    else if (static_cast<unsigned char>(letter) < 0x20) out << ' ';
    else out << letter;
  }
  out << '"';
}

template <typename Numbers>
void write_numbers(std::ostream& out, const Numbers& numbers) {
  out << '[';
  for (size_t i = 0; i < numbers.size(); ++i) out << (i ? "," : "") << numbers[i];
  out << ']';
}

// As in `1`, `[0, 1]`, `Float`, `None`.
std::string text_of(const at::IValue& value, const c10::Argument& argument) {
  if (value.isNone()) return "None";
  auto type = argument.real_type();
  if (type->kind() == c10::TypeKind::OptionalType) type = type->castRaw<c10::OptionalType>()->getElementType();
  if (value.isInt() && type->kind() == c10::TypeKind::ScalarTypeType) return c10::toString(static_cast<at::ScalarType>(value.toInt()));
  std::ostringstream text;
  text.precision(17);
  if (value.isGenerator()) text << "generator";
  else if (!value.isTensor()) text << value;
  else if (!value.toTensor().defined()) text << "None";
  else text << at::IValue(value.toTensor().item());
  return text.str();
}

struct Writer {
  std::ostringstream out;
  const Tape& tape;
  const Program& program;

  void write_tensor(int view, const std::string& name, bool& is_first) {
    if (view == kNoView) return;
    if (!is_first) out << ',';
    is_first = false;
    static const char* const origins[] = {"step", "outside", "argument", "gradient"};
    const View& seen = tape.views[view];
    out << "{\"name\":";
    write_text(out, name);
    out << ",\"storage\":" << seen.storage << ",\"dtype\":\"" << c10::toString(seen.dtype) << "\",\"shape\":";
    write_numbers(out, seen.sizes);
    out << ",\"strides\":";
    write_numbers(out, seen.strides);
    out << ",\"offset\":" << seen.offset << ",\"origin\":\"" << origins[static_cast<int>(tape.storages[seen.storage].origin)] << '"';
    int64_t place = program.place[seen.storage];
    if (place >= 0) out << ",\"place\":" << place;
    out << '}';
  }

  void write_views(const std::vector<TapeValue>& values, const std::vector<c10::Argument>& names) {
    out << '[';
    bool is_first = true;
    for (size_t i = 0; i < values.size(); ++i) {
      for (int view : values[i].views) write_tensor(view, i < names.size() ? names[i].name() : "", is_first);
    }
    out << ']';
  }

  void write_values(const Operation& operation, const torch::jit::Stack* now) {
    const auto& arguments = operation.op.schema().arguments();
    out << '{';
    bool is_first = true;
    for (size_t i = 0; i < operation.arguments.size(); ++i) {
      if (operation.arguments[i].kind != TapeValue::Kind::kConstant) continue;
      if (!is_first) out << ',';
      is_first = false;
      write_text(out, arguments[i].name());
      out << ':';
      write_text(out, text_of(now ? (*now)[i] : operation.arguments[i].constant, arguments[i]));
    }
    out << '}';
  }
};

bool has(const std::vector<int>& list, int element) { return std::find(list.begin(), list.end(), element) != list.end(); }

}  // namespace

std::string Recording::explain() const {
  static const char* const fates[] = {"in place", "into its place", "own memory"};
  Writer writer{{}, *tape_, program_};
  auto& out = writer.out;
  std::vector<int> graph_of(tape_->operations.size(), -1);
  int num_graphs = 0;
  for (const Run& run : runner_ ? cut_.runs : cut_into_graphs(*tape_, program_).runs) {
    for (size_t i = run.begin; run.is_graph && i < run.end; ++i) graph_of[static_cast<size_t>(program_.steps[i].operation)] = num_graphs;
    num_graphs += run.is_graph;
  }
  out << "{\"device\":\"" << tape_->device.str() << '"';
  if (runner_ && !runner_->refusal().empty()) {
    out << ",\"graphRefusal\":";
    write_text(out, runner_->refusal());
  }
  out << ",\"arenaBytes\":" << program_.arena_bytes << ",\"madeBytes\":" << program_.made_bytes << ",\"numFolded\":" << program_.folded.size()
      << ",\"numDead\":" << program_.dead.size() << ",\"numHoisted\":" << program_.hoisted.size()
      << ",\"numOverwriting\":" << program_.overwriting.size() << ",\"numReplays\":" << num_replays_
      << ",\"replayNanoseconds\":" << (num_replays_ ? replay_nanoseconds_ / num_replays_ : 0);
  auto write_ends = [&](const char* name, const std::vector<int>& views) {
    out << ",\"" << name << "\":[";
    bool is_first = true;
    for (int view : views) writer.write_tensor(view, "", is_first);
    out << ']';
  };
  write_ends("arguments", tape_->inputs);
  write_ends("results", tape_->outputs);
  out << ",\"operations\":[";
  for (size_t i = 0; i < tape_->operations.size(); ++i) {
    const Operation& operation = tape_->operations[i];
    const auto& schema = operation.op.schema();
    const int index = static_cast<int>(i);
    const Instruction* instruction = instruction_of_[i] < 0 ? nullptr : &instructions_[static_cast<size_t>(instruction_of_[i])];
    if (i) out << ',';
    out << "{\"name\":";
    write_text(out, name_of(operation.op));
    out << ",\"arguments\":";
    writer.write_views(operation.arguments, schema.arguments());
    out << ",\"values\":";
    writer.write_values(operation, instruction ? &instruction->arguments : nullptr);
    out << ",\"results\":";
    writer.write_views(operation.results, schema.returns());
    size_t bytes = 0;
    for (const auto& result : operation.results) {
      for (int view : result.views) {
        if (view != kNoView && tape_->storage_of(view).made_by == index) bytes += tape_->storage_of(view).bytes;
      }
    }
    out << ",\"bytes\":" << bytes << ",\"numSlots\":" << operation.slots.size();
    if (graph_of[i] >= 0) out << ",\"graph\":" << graph_of[i];
    const char* fate = instruction                    ? fates[static_cast<int>(instruction->step.mode)]
                       : has(program_.folded, index)  ? "folded"
                       : has(program_.hoisted, index) ? "computed once"
                                                      : "dropped";
    out << ",\"fate\":\"" << fate << "\",\"isOverwriting\":" << (has(program_.overwriting, index) ? "true" : "false")
        << ",\"isDirect\":" << (instruction && instruction->direct.is_proven ? "true" : "false")
        << ",\"nanoseconds\":" << (instruction && num_replays_ ? instruction->nanoseconds / num_replays_ : 0) << '}';
  }
  out << "]}";
  return out.str();
}

}  // namespace sconce
