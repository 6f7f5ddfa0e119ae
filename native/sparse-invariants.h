// Whether a sparse tensor's indices are what the kernels take them for.
#pragma once

#include <ATen/core/Tensor.h>

namespace sconce {

// libtorch 2.13 does not look at the indices that a sparse tensor is made of: a kernel then reads and writes wherever they say. Looks at them on the
// CPU, in one pass; elsewhere that would wait for the device. Call where errors are given the operator's name.
void require_sparse_invariants(const at::Tensor& made);

}  // namespace sconce
