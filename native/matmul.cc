// Matrix products in float32. MKL calculates with AVX2 on processors of other makers; `multiply` does the same sums in the same order with AVX-512. Whether they are the
// same is tried for every shape, on numbers of its own, before a product of that shape is taken over.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm_cpu_dispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm_cpu_dispatch.h>
#include <torch/library.h>

#include <cmath>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "addon.h"
#include "call.h"
#include "convert.h"
#include "own-kernels.h"
#include "sgemm.h"

namespace sconce {
namespace {

struct Shape {
  int64_t m, n, k;
  bool is_a_by_columns, is_b_by_columns, has_bias;
  int num_threads;
  bool operator==(const Shape& other) const {
    return m == other.m && n == other.n && k == other.k && is_a_by_columns == other.is_a_by_columns && is_b_by_columns == other.is_b_by_columns &&
           has_bias == other.has_bias && num_threads == other.num_threads;
  }
};

struct ShapeHash {
  size_t operator()(const Shape& shape) const {
    uint64_t hash = static_cast<uint64_t>(shape.num_threads) * 8 + (shape.is_a_by_columns ? 4 : 0) + (shape.is_b_by_columns ? 2 : 0) + (shape.has_bias ? 1 : 0);
    for (int64_t size : {shape.m, shape.n, shape.k}) hash = (hash ^ static_cast<uint64_t>(size)) * 0x9e3779b97f4a7c15u;
    return static_cast<size_t>(hash ^ (hash >> 32));
  }
};

// Numbers for a trial, of either sign and with all their bits.
void fill(std::vector<float>& values, uint64_t seed) {
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  for (float& value : values) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    value = static_cast<float>(static_cast<int64_t>(state >> 24) - (int64_t{1} << 39)) * 0x1p-39f;
  }
}

bool is_equal_to_libtorchs(const Shape& shape) {
  const int64_t m = shape.m, n = shape.n, k = shape.k;
  std::vector<float> a(static_cast<size_t>(m * k)), b(static_cast<size_t>(k * n)), bias(static_cast<size_t>(n)), theirs(static_cast<size_t>(m * n)), ours(theirs.size());
  fill(a, 1);
  fill(b, 2);
  fill(bias, 3);
  auto matrix = [](std::vector<float>& values, int64_t rows, int64_t columns, bool is_by_columns) {
    at::Tensor stored = at::from_blob(values.data(), is_by_columns ? at::IntArrayRef({columns, rows}) : at::IntArrayRef({rows, columns}), at::kFloat);
    return is_by_columns ? stored.t() : stored;
  };
  at::Tensor left = matrix(a, m, k, shape.is_a_by_columns), right = matrix(b, k, n, shape.is_b_by_columns);
  // Sums of nothing but negative zeros.
  left.select(0, 0).zero_();
  at::Tensor result = matrix(theirs, m, n, false);
  if (shape.has_bias) at::cpu::addmm_outf(at::from_blob(bias.data(), {n}, at::kFloat), left, right, 1, 1, result);
  else at::cpu::mm_outf(left, right, result);
  multiply({m, n, k, a.data(), left.stride(0), left.stride(1), b.data(), right.stride(0), right.stride(1), ours.data(), n, shape.has_bias ? bias.data() : nullptr},
           shape.num_threads);
  return std::memcmp(ours.data(), theirs.data(), ours.size() * sizeof(float)) == 0;
}

// A shape is tried when it comes again and again: those of one step only would cost more than they gain.
constexpr int kUsesBeforeTrial = 2;
constexpr size_t kMostShapes = 4096;
constexpr double kLargestTrial = 0x1p33;   // products
constexpr double kLargestMemory = 0x1p27;  // numbers that a trial keeps

bool is_ours(const Shape& shape) {
  struct Verdict {
    int num_uses = 0;
    bool is_ours = false;
  };
  static std::mutex mutex;
  static std::unordered_map<Shape, Verdict, ShapeHash> verdicts;
  std::lock_guard<std::mutex> lock(mutex);
  auto found = verdicts.find(shape);
  if (found == verdicts.end()) {
    if (verdicts.size() >= kMostShapes) return false;
    found = verdicts.emplace(shape, Verdict{}).first;
  }
  Verdict& verdict = found->second;
  if (verdict.num_uses > kUsesBeforeTrial) return verdict.is_ours;
  if (++verdict.num_uses <= kUsesBeforeTrial) return false;
  try {
    verdict.is_ours = is_equal_to_libtorchs(shape);
  } catch (const std::exception&) {
    // There is no memory for a trial: libtorch multiplies.
  }
  return verdict.is_ours;
}

bool is_plain(const at::Tensor& tensor) { return tensor.scalar_type() == at::kFloat && tensor.device().is_cpu() && tensor.layout() == at::kStrided; }

bool is_matrix(const at::Tensor& tensor) {
  if (!is_plain(tensor) || tensor.dim() != 2) return false;
  int64_t row = tensor.stride(0), column = tensor.stride(1);
  return (column == 1 && row >= tensor.size(1)) || (row == 1 && column >= tensor.size(0));
}

bool is_by_columns(const at::Tensor& matrix) { return matrix.stride(1) != 1; }

// What is not taken over is libtorch's, what it would refuse too. Products with few rows or columns go other ways in MKL.
bool is_known(const at::Tensor& left, const at::Tensor& right) {
  return can_multiply() && is_matrix(left) && is_matrix(right) && left.size(1) == right.size(0) && left.size(0) >= 4 && right.size(1) >= 12 && left.size(1) >= 4;
}

bool takes(const at::Tensor& left, const at::Tensor& right, bool has_bias) {
  if (!is_known(left, right)) return false;
  int64_t m = left.size(0), n = right.size(1), k = left.size(1);
  const double rows = static_cast<double>(m), columns = static_cast<double>(n), terms = static_cast<double>(k);
  if (rows * columns * terms > kLargestTrial || rows * terms + terms * columns + 2 * rows * columns > kLargestMemory) return false;
  return is_ours({m, n, k, is_by_columns(left), is_by_columns(right), has_bias, at::get_num_threads()});
}

bool takes_bias(const at::Tensor& bias, const at::Tensor& right, const at::Scalar& beta, const at::Scalar& alpha) {
  return is_plain(bias) && bias.dim() == 1 && right.dim() == 2 && bias.size(0) == right.size(1) && bias.stride(0) == 1 && beta.equal(1) && alpha.equal(1);
}

bool is_place_for(const at::Tensor& out, const at::Tensor& left, const at::Tensor& right) {
  return is_plain(out) && out.dim() == 2 && out.size(0) == left.size(0) && out.size(1) == right.size(1) && out.is_contiguous() && !out.is_alias_of(left) &&
         !out.is_alias_of(right);
}

void calculate(const at::Tensor& left, const at::Tensor& right, const float* bias, at::Tensor& out) {
  multiply({left.size(0), right.size(1), left.size(1), left.data_ptr<float>(), left.stride(0), left.stride(1), right.data_ptr<float>(), right.stride(0),
            right.stride(1), out.data_ptr<float>(), right.size(1), bias},
           at::get_num_threads());
}

at::Tensor mm(const at::Tensor& left, const at::Tensor& right) {
  if (!takes(left, right, false)) return at::cpu::mm(left, right);
  at::Tensor out = at::empty({left.size(0), right.size(1)}, left.options());
  calculate(left, right, nullptr, out);
  return out;
}

at::Tensor& mm_out(const at::Tensor& left, const at::Tensor& right, at::Tensor& out) {
  if (!takes(left, right, false) || !is_place_for(out, left, right)) return at::cpu::mm_outf(left, right, out);
  calculate(left, right, nullptr, out);
  return out;
}

at::Tensor addmm(const at::Tensor& bias, const at::Tensor& left, const at::Tensor& right, const at::Scalar& beta, const at::Scalar& alpha) {
  if (!takes_bias(bias, right, beta, alpha) || !takes(left, right, true)) return at::cpu::addmm(bias, left, right, beta, alpha);
  at::Tensor out = at::empty({left.size(0), right.size(1)}, left.options());
  calculate(left, right, bias.data_ptr<float>(), out);
  return out;
}

at::Tensor& addmm_out(const at::Tensor& bias, const at::Tensor& left, const at::Tensor& right, const at::Scalar& beta, const at::Scalar& alpha, at::Tensor& out) {
  if (!takes_bias(bias, right, beta, alpha) || !takes(left, right, true) || !is_place_for(out, left, right) || out.is_alias_of(bias)) {
    return at::cpu::addmm_outf(bias, left, right, beta, alpha, out);
  }
  calculate(left, right, bias.data_ptr<float>(), out);
  return out;
}

// tryProduct([m, n, k], isLeftByColumns, isRightByColumns, hasBias) -> whether our product of that shape has libtorch's bits; undefined where it is not used at all.
napi_value try_product(Call& call) {
  auto args = arguments<4>(call);
  auto sizes = read_ints(call, args[0], "sizes");
  if (sizes.size() != 3 || sizes[0] < 4 || sizes[1] < 12 || sizes[2] < 4 || sizes[0] > 4096 || sizes[1] > 4096 || sizes[2] > 4096) {
    throw Refused(Refusal::kRange, "Cannot try a product: expected sizes from [4, 12, 4] to [4096, 4096, 4096], got " + describe_sizes(sizes));
  }
  Shape shape{sizes[0], sizes[1], sizes[2], read_bool(call, args[1], "isLeftByColumns"), read_bool(call, args[2], "isRightByColumns"), read_bool(call, args[3], "hasBias"),
              at::get_num_threads()};
  return can_multiply() ? make_bool(call, is_equal_to_libtorchs(shape)) : nullptr;
}

// tryAdam(isDecoupled, amsgrad, maximize, weightDecay) -> whether our update has libtorch's bits; undefined where it is not used at all.
napi_value try_update(Call& call) {
  auto args = arguments<4>(call);
  Verdict verdict = try_adam(read_bool(call, args[0], "isDecoupled"), read_bool(call, args[1], "amsgrad"), read_bool(call, args[2], "maximize"),
                             read_double(call, args[3], "weightDecay"));
  return verdict == Verdict::kNone ? nullptr : make_bool(call, verdict == Verdict::kSame);
}

}  // namespace

void register_trials(Registrar& add) {
  add("tryProduct", guard<try_product>);
  add("tryAdam", guard<try_update>);
}

void register_matmul(torch::Library& library) {
  library.impl("mm", TORCH_FN(mm));
  library.impl("mm.out", TORCH_FN(mm_out));
  library.impl("addmm", TORCH_FN(addmm));
  library.impl("addmm.out", TORCH_FN(addmm_out));
}

}  // namespace sconce
