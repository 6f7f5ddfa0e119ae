// What other parts tell the step that is being captured on their thread, if one is.
#pragma once

#include <ATen/core/Tensor.h>

namespace sconce {

// The step cannot be captured. The first reason counts.
void refuse_capture(const char* reason);
// While one lives, operators run that have run before in the step, from the random state of then: a replay has no other than its own.
class RunAgain {
 public:
  RunAgain();
  ~RunAgain();
  RunAgain(const RunAgain&) = delete;
  RunAgain& operator=(const RunAgain&) = delete;
};
bool is_run_again();
// The gradient of a leaf is forgotten.
void note_cleared_grad(const at::Tensor& leaf);
// Somebody looks whether a leaf has a gradient, and at which.
void note_read_grad(const at::Tensor& leaf);
// Values of this tensor decide what an operator does, or whether it may run, behind the dispatcher's back.
void note_read_values(const at::Tensor& tensor);
// Backward begins at this tensor.
void note_root(const at::Tensor& root);

// capture-cuda.cc, where it is compiled: steps on a GPU become CUDA graphs. Where it is not, why.
void install_cuda_graphs();
void note_missing_cuda_graphs(const char* reason);

}  // namespace sconce
