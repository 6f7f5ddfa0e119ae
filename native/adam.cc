// The update of Adam and AdamW in float32. libtorch's takes eight numbers at a time, wherever the processor takes sixteen, and asks all threads to come for every tensor.
// Whether this one has its bits is tried before the first update.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <torch/library.h>

#include "avx512.h"
#include "own-kernels.h"

#if __has_include(<ATen/ops/_fused_adam_cpu_dispatch.h>) && defined(SCONCE_AVX512_TARGET)

#include <ATen/ops/_fused_adam_cpu_dispatch.h>
#include <ATen/ops/_fused_adamw_cpu_dispatch.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "parallel-for.h"

// Products are rounded where the source says so.
#define SCONCE_AVX512 __attribute__((target(SCONCE_AVX512_TARGET), optimize("O3", "fp-contract=off")))

namespace sconce {
namespace {

struct Numbers {
  double lr, beta1, beta2, weight_decay, eps;
  bool is_decoupled;  // AdamW's weight decay
  bool has_maximum;   // amsgrad
  bool maximizes;
};

// Of one tensor.
struct Update {
  float* param;
  const float* grad;
  float* mean;
  float* square;
  float* maximum;  // of `square`, of amsgrad
  float decay, decay_factor, mean_weight, square_factor, square_weight, step, root_factor, eps;
};

// One element, as the compiler has made libtorch's rest of a vector: which products are rounded is what the bits hang on.
inline void update_one(const Update& u, const Numbers& n, int64_t i) {
  float grad = n.maximizes ? -u.grad[i] : u.grad[i];
  float param = u.param[i];
  if (n.weight_decay != 0) {
    if (n.is_decoupled) param = param * u.decay_factor;
    else grad = std::fma(param, u.decay, grad);
  }
  const float mean = std::fma(u.mean_weight, grad - u.mean[i], u.mean[i]);
  const float weighted = u.square_weight * grad * grad;
  float square = std::fma(u.square[i], u.square_factor, weighted);
  u.mean[i] = mean;
  u.square[i] = square;
  if (n.has_maximum) square = u.maximum[i] = std::max(u.maximum[i], square);
  const float root = std::sqrt(square) / u.root_factor + u.eps;
  u.param[i] = param - u.step * mean / root;
}

// Sixteen elements at a time, or those of `mask`.
template <bool IsDecoupled, bool HasMaximum>
SCONCE_AVX512 inline void update_vector(const Update& u, bool has_decay, __m512 sign, int64_t i, __mmask16 mask) {
  __m512 grad = _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, u.grad + i), sign);
  __m512 param = _mm512_maskz_loadu_ps(mask, u.param + i);
  if (has_decay) {
    if (IsDecoupled) param = _mm512_mul_ps(param, _mm512_set1_ps(u.decay_factor));
    else grad = _mm512_fmadd_ps(param, _mm512_set1_ps(u.decay), grad);
  }
  __m512 mean = _mm512_maskz_loadu_ps(mask, u.mean + i);
  mean = _mm512_fmadd_ps(_mm512_set1_ps(u.mean_weight), _mm512_sub_ps(grad, mean), mean);
  __m512 kept = _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, u.square + i), _mm512_set1_ps(u.square_factor));
  __m512 square = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_set1_ps(u.square_weight), grad), grad, kept);
  _mm512_mask_storeu_ps(u.mean + i, mask, mean);
  _mm512_mask_storeu_ps(u.square + i, mask, square);
  if (HasMaximum) {
    __m512 before = _mm512_maskz_loadu_ps(mask, u.maximum + i);
    // A nan on either side stays one.
    __mmask16 is_nan = _mm512_cmp_ps_mask(before, square, _CMP_UNORD_Q);
    square = _mm512_mask_add_ps(_mm512_max_ps(before, square), is_nan, before, square);
    _mm512_mask_storeu_ps(u.maximum + i, mask, square);
  }
  __m512 root = _mm512_add_ps(_mm512_div_ps(_mm512_sqrt_ps(square), _mm512_set1_ps(u.root_factor)), _mm512_set1_ps(u.eps));
  param = _mm512_add_ps(param, _mm512_div_ps(_mm512_mul_ps(_mm512_set1_ps(-u.step), mean), root));
  _mm512_mask_storeu_ps(u.param + i, mask, param);
}

template <bool IsDecoupled, bool HasMaximum>
SCONCE_AVX512 void update_vectors(const Update& u, const Numbers& n, int64_t begin, int64_t end) {
  const bool has_decay = n.weight_decay != 0;
  const __m512 sign = _mm512_set1_ps(n.maximizes ? -1.0f : 1.0f);
  for (int64_t i = begin; i + 16 <= end; i += 16) update_vector<IsDecoupled, HasMaximum>(u, has_decay, sign, i, 0xffff);
  const int64_t left = (end - begin) % 16;
  if (left != 0) update_vector<IsDecoupled, HasMaximum>(u, has_decay, sign, end - left, static_cast<__mmask16>((1u << left) - 1));
}

void update_vectors(const Update& u, const Numbers& n, int64_t begin, int64_t end) {
  if (n.is_decoupled) {
    if (n.has_maximum) update_vectors<true, true>(u, n, begin, end);
    else update_vectors<true, false>(u, n, begin, end);
  } else {
    if (n.has_maximum) update_vectors<false, true>(u, n, begin, end);
    else update_vectors<false, false>(u, n, begin, end);
  }
}

// As libtorch does, eights as vectors and the rest one by one, which is calculated otherwise. Its threads begin at whole lines of 64 bytes, so that nothing depends on them.
void update_tensor(const Update& u, const Numbers& n, int64_t count) {
  constexpr int64_t kLine = 16;
  constexpr int64_t kLinesOfThread = 1024;  // at least
  const int64_t rest = count / 8 * 8;
  parallel_for(0, (rest + kLine - 1) / kLine, kLinesOfThread, [&](int64_t begin, int64_t end) { update_vectors(u, n, begin * kLine, std::min(end * kLine, rest)); });
  for (int64_t i = rest; i < count; ++i) update_one(u, n, i);
}

void update_all(at::TensorList params, at::TensorList grads, at::TensorList means, at::TensorList squares, at::TensorList maxima, at::TensorList steps, const Numbers& n) {
  for (size_t i = 0; i < params.size(); ++i) {
    const double step = *steps[i].data_ptr<float>();
    const double step_size = n.lr / (1 - std::pow(n.beta1, step));
    Update update{params[i].data_ptr<float>(),
                  grads[i].data_ptr<float>(),
                  means[i].data_ptr<float>(),
                  squares[i].data_ptr<float>(),
                  n.has_maximum ? maxima[i].data_ptr<float>() : nullptr,
                  static_cast<float>(n.weight_decay),
                  static_cast<float>(1 - n.lr * n.weight_decay),
                  static_cast<float>(1 - n.beta1),
                  static_cast<float>(n.beta2),
                  static_cast<float>(1 - n.beta2),
                  static_cast<float>(step_size),
                  static_cast<float>(std::sqrt(1 - std::pow(n.beta2, step))),
                  static_cast<float>(n.eps)};
    update_tensor(update, n, params[i].numel());
  }
}

void update_by_libtorch(at::TensorList params, at::TensorList grads, at::TensorList means, at::TensorList squares, at::TensorList maxima, at::TensorList steps,
                        const Numbers& n, const c10::optional<at::Tensor>& grad_scale, const c10::optional<at::Tensor>& found_inf) {
  if (n.is_decoupled) {
    at::cpu::_fused_adamw_(params, grads, means, squares, maxima, steps, n.lr, n.beta1, n.beta2, n.weight_decay, n.eps, n.has_maximum, n.maximizes, grad_scale, found_inf);
  } else {
    at::cpu::_fused_adam_(params, grads, means, squares, maxima, steps, n.lr, n.beta1, n.beta2, n.weight_decay, n.eps, n.has_maximum, n.maximizes, grad_scale, found_inf);
  }
}

// Of a few numbers made for it, after some updates, by the threads that there are.
bool is_equal_to_libtorchs(const Numbers& n) {
  const size_t kCount = static_cast<size_t>(at::get_num_threads()) * 48 + 16 + 8 + 5;
  std::vector<std::vector<float>> values[2];
  for (auto& side : values) {
    uint32_t state = 12345;
    for (int which = 0; which < 5; ++which) {
      side.emplace_back(kCount);
      for (float& value : side.back()) {
        state = state * 1664525u + 1013904223u;
        value = static_cast<float>(static_cast<int32_t>(state)) * 0x1p-31f;
        if (which >= 3) value = std::abs(value) * 1e-2f;
      }
    }
    side.push_back({3});
  }
  auto tensor = [](std::vector<float>& numbers) { return at::from_blob(numbers.data(), {static_cast<int64_t>(numbers.size())}, at::kFloat); };
  for (int side = 0; side < 2; ++side) {
    std::vector<at::Tensor> params{tensor(values[side][0])}, grads{tensor(values[side][1])}, means{tensor(values[side][2])}, squares{tensor(values[side][3])}, maxima,
        steps{tensor(values[side][5]).select(0, 0)};
    if (n.has_maximum) maxima.push_back(tensor(values[side][4]));
    for (int round = 0; round < 3; ++round) {
      if (side == 0) update_all(params, grads, means, squares, maxima, steps, n);
      else update_by_libtorch(params, grads, means, squares, maxima, steps, n, {}, {});
      values[side][5][0] += 1;
    }
  }
  for (int which = 0; which < 5; ++which) {
    if (std::memcmp(values[0][which].data(), values[1][which].data(), kCount * sizeof(float)) != 0) return false;
  }
  return true;
}

bool is_ours(const Numbers& n) {
  static std::mutex mutex;
  static std::map<int, int> verdicts;  // by form and number of threads: 1 and -1
  std::lock_guard<std::mutex> lock(mutex);
  int& verdict = verdicts[at::get_num_threads() * 16 + (n.is_decoupled ? 8 : 0) + (n.has_maximum ? 4 : 0) + (n.maximizes ? 2 : 0) + (n.weight_decay != 0 ? 1 : 0)];
  if (verdict == 0) verdict = is_equal_to_libtorchs(n) ? 1 : -1;
  return verdict > 0;
}

bool takes(at::TensorList params, std::initializer_list<at::TensorList> others, at::TensorList steps, const Numbers& n) {
  // Above a half libtorch weighs the mean from the other side.
  if (!has_avx512() || !(static_cast<float>(1 - n.beta1) < 0.5f) || params.empty() || steps.size() != params.size()) return false;
  auto is_plain = [](const at::Tensor& tensor) {
    return tensor.defined() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided && tensor.device().is_cpu() && tensor.is_contiguous();
  };
  for (size_t i = 0; i < params.size(); ++i) {
    if (!is_plain(params[i]) || !is_plain(steps[i]) || steps[i].numel() != 1) return false;
    for (at::TensorList list : others) {
      if (list.size() != params.size() || !is_plain(list[i]) || list[i].sizes() != params[i].sizes()) return false;
    }
  }
  return is_ours(n);
}

template <bool IsDecoupled>
void adam(at::TensorList params, at::TensorList grads, at::TensorList means, at::TensorList squares, at::TensorList maxima, at::TensorList steps, double lr, double beta1,
          double beta2, double weight_decay, double eps, bool amsgrad, bool maximize, const c10::optional<at::Tensor>& grad_scale,
          const c10::optional<at::Tensor>& found_inf) {
  const Numbers n{lr, beta1, beta2, weight_decay, eps, IsDecoupled, amsgrad, maximize};
  const bool is_scaled = grad_scale.has_value() || found_inf.has_value();
  bool is_taken = !is_scaled && (amsgrad ? takes(params, {grads, means, squares, maxima}, steps, n) : takes(params, {grads, means, squares}, steps, n));
  if (is_taken) update_all(params, grads, means, squares, maxima, steps, n);
  else update_by_libtorch(params, grads, means, squares, maxima, steps, n, grad_scale, found_inf);
}

}  // namespace

Verdict try_adam(bool is_decoupled, bool amsgrad, bool maximize, double weight_decay) {
  if (!has_avx512()) return Verdict::kNone;
  return is_equal_to_libtorchs({1e-3, 0.9, 0.999, weight_decay, 1e-8, is_decoupled, amsgrad, maximize}) ? Verdict::kSame : Verdict::kOther;
}

void register_adam(torch::Library& library) {
  library.impl("_fused_adam_", TORCH_FN(adam<false>));
  library.impl("_fused_adamw_", TORCH_FN(adam<true>));
}

}  // namespace sconce

#else

namespace sconce {

Verdict try_adam(bool, bool, bool, double) { return Verdict::kNone; }
void register_adam(torch::Library&) {}

}  // namespace sconce

#endif
