// Kernels that a recording calls directly, without libtorch's way to its own: of a thousand elements that way takes longer than they do. Each has to give the bits of
// libtorch's a few times, beside it, before it is called alone.
#include <cstring>

#include "capture.h"

namespace sconce {
namespace {

constexpr int64_t kMostElements = 16384;  // libtorch uses one thread for so many
constexpr int kNumTrials = 3;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__)
#define SCONCE_DIRECT __attribute__((target_clones("avx2", "default"), optimize("O3", "fp-contract=off")))
#else
#define SCONCE_DIRECT
#endif

// A nan stays, and so does -0.
SCONCE_DIRECT void clamp_from_zero(const float* values, const float*, float* result, const DirectKernel& kernel) {
  for (int64_t i = 0; i < kernel.rows * kernel.columns; ++i) result[i] = values[i] < 0 ? 0 : values[i];
}

SCONCE_DIRECT void pass_above_zero(const float* grads, const float* values, float* result, const DirectKernel& kernel) {
  for (int64_t i = 0; i < kernel.rows * kernel.columns; ++i) result[i] = values[i] <= 0 ? 0 : grads[i];
}

SCONCE_DIRECT void add_number(const float* values, const float*, float* result, const DirectKernel& kernel) {
  for (int64_t i = 0; i < kernel.rows * kernel.columns; ++i) result[i] = values[i] + kernel.number;
}

// libtorch's sums of many rows: of `num_rows` rows that are `stride` apart, `width` numbers side by side. Sums of sixteen rows are added to sums of sums, and so on.
template <int Width>
inline __attribute__((always_inline)) void sum_rows(const float* rows, int64_t stride, int64_t num_rows, float* result) {
  constexpr int kLevels = 4;
  int log = 0;
  while ((int64_t{1} << log) < num_rows) ++log;
  const int power = std::max(4, log / kLevels);
  const int64_t step = int64_t{1} << power;
  float sums[kLevels][Width] = {};
  int64_t i = 0;
  while (i + step <= num_rows) {
    for (int64_t j = 0; j < step; ++j, ++i) {
      for (int k = 0; k < Width; ++k) sums[0][k] += rows[i * stride + k];
    }
    for (int level = 1; level < kLevels; ++level) {
      for (int k = 0; k < Width; ++k) {
        sums[level][k] += sums[level - 1][k];
        sums[level - 1][k] = 0;
      }
      if ((i & ((step - 1) << (level * power))) != 0) break;
    }
  }
  for (; i < num_rows; ++i) {
    for (int k = 0; k < Width; ++k) sums[0][k] += rows[i * stride + k];
  }
  for (int level = 1; level < kLevels; ++level) {
    for (int k = 0; k < Width; ++k) sums[0][k] += sums[level][k];
  }
  for (int k = 0; k < Width; ++k) result[k] = sums[0][k];
}

// Of fewer than 32 columns: four sums side by side, of every fourth row.
template <int Width>
inline __attribute__((always_inline)) void sum_every_fourth(const float* rows, int64_t stride, int64_t num_rows, float* result) {
  float parts[4][Width];
  for (int part = 0; part < 4; ++part) sum_rows<Width>(rows + part * stride, 4 * stride, num_rows / 4, parts[part]);
  for (int64_t i = num_rows / 4 * 4; i < num_rows; ++i) {
    for (int k = 0; k < Width; ++k) parts[0][k] += rows[i * stride + k];
  }
  for (int k = 0; k < Width; ++k) result[k] = ((parts[0][k] + parts[1][k]) + parts[2][k]) + parts[3][k];
}

SCONCE_DIRECT void sum_columns(const float* values, const float*, float* result, const DirectKernel& kernel) {
  int64_t j = 0;
  for (; j + 32 <= kernel.columns; j += 32) sum_rows<32>(values + j, kernel.columns, kernel.rows, result + j);
  for (; j + 8 <= kernel.columns; j += 8) sum_every_fourth<8>(values + j, kernel.columns, kernel.rows, result + j);
  for (; j < kernel.columns; ++j) sum_every_fourth<1>(values + j, kernel.columns, kernel.rows, result + j);
}

bool is_plain(const Tape& tape, const TapeValue& value) {
  if (value.kind != TapeValue::Kind::kTensor || value.views[0] == kNoView) return false;
  const View& view = tape.views[value.views[0]];
  int64_t stride = 1;
  for (size_t i = view.sizes.size(); i-- > 0;) {
    if (view.sizes[i] != 1 && view.strides[i] != stride) return false;
    stride *= view.sizes[i];
  }
  return view.dtype == at::kFloat && stride > 0 && stride <= kMostElements;
}

bool is_number(const TapeValue& value, double number) {
  return value.kind == TapeValue::Kind::kConstant && value.constant.isScalar() && value.constant.toScalar().equal(number);
}

}  // namespace

DirectKernel find_direct_kernel(const Tape& tape, const Operation& operation, RunMode mode) {
  DirectKernel kernel;
  if (!tape.device.is_cpu() || mode == RunMode::kOwnMemory || !operation.slots.empty() || operation.results.size() != 1) return kernel;
  const auto& given = operation.arguments;
  if (given.empty() || !is_plain(tape, given[0]) || !is_plain(tape, operation.results[0])) return kernel;
  const View& first = tape.views[given[0].views[0]];
  const View& result = tape.views[operation.results[0].views[0]];
  const std::string name = name_of(operation.op);
  int64_t count = 1;
  for (int64_t size : first.sizes) count *= size;
  kernel.first = given[0].views[0];
  kernel.result = operation.results[0].views[0];
  kernel.rows = 1;
  kernel.columns = count;
  if (name == "relu" && result.sizes == first.sizes) {
    kernel.run = clamp_from_zero;
  } else if (name == "threshold_backward" && is_plain(tape, given[1]) && tape.views[given[1].views[0]].sizes == first.sizes && result.sizes == first.sizes &&
             is_number(given[2], 0)) {
    kernel.second = given[1].views[0];
    kernel.run = pass_above_zero;
  } else if (name == "add_.Scalar" && given[1].kind == TapeValue::Kind::kConstant && given[1].constant.isScalar() && is_number(given[2], 1)) {
    const at::Scalar number = given[1].constant.toScalar();
    if (number.isComplex()) return kernel;
    kernel.number = number.toFloat();
    kernel.run = add_number;
  } else if (name == "sum.dim_IntList" && first.sizes.size() == 2 && first.sizes[1] >= 8 && given[1].constant.isIntList() && given[1].constant.toIntVector() == std::vector<int64_t>{0} &&
             given[3].constant.isNone()) {
    kernel.rows = first.sizes[0];
    kernel.columns = first.sizes[1];
    kernel.run = sum_columns;
  }
  return kernel;
}

void DirectKernel::call(const std::vector<at::Tensor>& tensors) const {
  auto data = [&](int view) { return view == kNoView ? nullptr : static_cast<float*>(tensors[static_cast<size_t>(view)].data_ptr()); };
  run(data(first), data(second), data(result), *this);
}

void DirectKernel::prepare_trial(const std::vector<at::Tensor>& tensors) {
  auto copy = [&](int view, std::vector<float>& to) {
    if (view == kNoView) return;
    const at::Tensor& from = tensors[static_cast<size_t>(view)];
    const float* values = static_cast<const float*>(from.data_ptr());
    to.assign(values, values + from.numel());
  };
  copy(first, first_values);
  copy(second, second_values);
}

void DirectKernel::end_trial(const std::vector<at::Tensor>& tensors) {
  const at::Tensor& theirs = tensors[static_cast<size_t>(result)];
  std::vector<float> ours(static_cast<size_t>(theirs.numel()));
  run(first_values.data(), second_values.data(), ours.data(), *this);
  if (std::memcmp(ours.data(), theirs.data_ptr(), ours.size() * sizeof(float)) != 0) run = nullptr;
  if (++num_trials < kNumTrials) return;
  is_proven = run != nullptr;
  first_values = {};
  second_values = {};
}

}  // namespace sconce
