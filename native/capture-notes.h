// What other parts tell the step that is being captured on their thread, if one is.
#pragma once

#include <ATen/core/Tensor.h>

namespace sconce {

// The step cannot be captured. The first reason counts.
void refuse_capture(const char* reason);
// The gradient of a leaf is forgotten.
void note_cleared_grad(const at::Tensor& leaf);
// Somebody looks whether a leaf has a gradient, and at which.
void note_read_grad(const at::Tensor& leaf);

}  // namespace sconce
