// Calls libtorch's own checks of sparse tensors, in this library's words.
#include "sparse-invariants.h"

#include <ATen/ops/_validate_sparse_compressed_tensor_args.h>
#include <ATen/ops/_validate_sparse_coo_tensor_args.h>
#include <ATen/ops/ccol_indices.h>
#include <ATen/ops/col_indices.h>
#include <ATen/ops/crow_indices.h>
#include <ATen/ops/row_indices.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include "errors.h"

namespace sconce {
namespace {

void validate(const at::Tensor& tensor) {
  at::Layout layout = tensor.layout();
  if (layout == at::kSparse) {
#if TORCH_VERSION_MAJOR >= 2
    at::_validate_sparse_coo_tensor_args(tensor._indices(), tensor._values(), tensor.sizes(), tensor.is_coalesced());
#else
    at::_validate_sparse_coo_tensor_args(tensor._indices(), tensor._values(), tensor.sizes());
#endif
  } else if (layout == at::kSparseCsr || layout == at::kSparseBsr) {
    at::_validate_sparse_compressed_tensor_args(tensor.crow_indices(), tensor.col_indices(), tensor.values(), tensor.sizes(), layout);
  } else if (layout == at::kSparseCsc || layout == at::kSparseBsc) {
    at::_validate_sparse_compressed_tensor_args(tensor.ccol_indices(), tensor.row_indices(), tensor.values(), tensor.sizes(), layout);
  }
}

}  // namespace

void require_sparse_invariants(const at::Tensor& made) {
  if (!made.defined() || !made.device().is_cpu()) return;
  c10::NoGradGuard no_grad;
  try {
    validate(made);
  } catch (const c10::Error& error) {
    throw Refused(Refusal::kRange, "expected indices that fit the sparse tensor, got others: " + first_line(error));
  }
}

}  // namespace sconce
